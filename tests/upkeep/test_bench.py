"""`make bench` writes what was measured into README.md, and of a script that fails it names the name and nothing else."""

import pytest

import bench
import project

ROW = ("a layer", "the plain loop", "0.10 times")


@pytest.fixture
def readme(monkeypatch, tmp_path):
    """A README of its own with a table of old rows, and an idle machine."""
    path = tmp_path / "README.md"
    old = {name: [(*ROW, "2020-01-01, an old machine")] for name in bench.SCRIPTS}
    path.write_text(bench.write(f"before\n{bench.START}{bench.END}after\n", old), encoding="utf-8")
    monkeypatch.setattr(bench, "README", path)
    monkeypatch.setattr(bench.os, "getloadavg", lambda: (0.0, 0.0, 0.0))
    return path


def rows(path):
    return bench.read(path.read_text(encoding="utf-8"))


def test_every_benchmark_has_its_row_in_readme():
    table = rows(project.ROOT / "README.md")
    assert list(table) == [*bench.SCRIPTS, bench.SUITE] and {"convolution", "grading", "site"} < set(table)


def test_new_rows_take_the_place_of_old_ones_with_date_and_machine(readme, monkeypatch):
    monkeypatch.setattr(bench, "measure", lambda name: [["a layer", "SciPy", "0.02 times"], list(ROW)])
    assert bench.main(["--scripts", "import"]) == 0
    first, second = rows(readme)["import"]
    assert first == ("a layer", "SciPy", "0.02 times", bench.here()) and second[:3] == ROW
    assert rows(readme)["grading"] == [(*ROW, "2020-01-01, an old machine")]
    assert readme.read_text(encoding="utf-8").startswith("before\n") and "after\n" in readme.read_text(encoding="utf-8")


def test_a_script_that_fails_is_named_and_leaves_its_old_rows(readme, monkeypatch, tmp_path, capsys):
    (tmp_path / "bench_import.py").write_text("def main():\n    raise RuntimeError('planted')\n")
    (tmp_path / "bench_grading.py").write_text(f"def main():\n    return [{ROW}]\n")
    monkeypatch.setattr(bench, "BENCHMARKS", tmp_path)
    before = rows(readme)
    assert bench.main(["--scripts", "import", "grading"]) == 1
    assert "old rows stay: import\n" in capsys.readouterr().out
    after = rows(readme)
    assert after["import"] == before["import"] and after["grading"] == [(*ROW, bench.here())]


def test_on_a_busy_machine_nothing_is_measured_or_nothing_written(readme, monkeypatch):
    monkeypatch.setattr(bench.os, "getloadavg", lambda: (99.0, 0.0, 0.0))
    measured = []
    monkeypatch.setattr(bench, "measure", lambda name: measured.append(name) or [ROW])
    before = readme.read_text(encoding="utf-8")
    with pytest.raises(SystemExit, match=r"The machine is busy \(load 99.0"):
        bench.main(["--scripts", "import"])
    assert measured == []
    assert bench.main(["--scripts", "import", "--busy"]) == 0
    assert measured == ["import"] and readme.read_text(encoding="utf-8") == before


def test_the_parts_of_the_suite_come_from_what_it_printed(readme, tmp_path):
    log = tmp_path / "log"
    log.write_text("=== seconds by part, 90 in all ===\n     60 notebooks\n     30 tests/plots\n")
    assert bench.main(["--suite", str(log), "--scripts"]) == 0
    assert [row[:3] for row in rows(readme)[bench.SUITE]][0] == ("notebooks", "all tests", "60 of 90 s")
    log.write_text("no report")
    with pytest.raises(SystemExit, match="must name a file that holds"):
        bench.main(["--suite", str(log), "--scripts"])
