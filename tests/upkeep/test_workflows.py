"""What GitHub runs exists here: every workflow is read, and each `make` in it is a target with the flags it takes."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

import project

WORKFLOWS = sorted((project.ROOT / ".github" / "workflows").glob("*.yml"))
MAKEFILE = (project.ROOT / "Makefile").read_text(encoding="utf-8")


def steps(workflow):
    """Return the steps of all jobs of a workflow."""
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_checks_out_the_course_and_calls_what_is_there(path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(workflow) >= {"name", True, "jobs", "permissions"}  # YAML 1.1 reads `on` as true
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())
    assert all("uses" in step or "run" in step for step in steps(workflow))
    assert steps(workflow)[0]["uses"].startswith("actions/checkout@")
    commands = "\n".join(step.get("run", "") for step in steps(workflow))
    called = re.findall(r"\bmake ([a-z-]+)", commands)
    assert called or ".ci/run" in commands
    assert [name for name in called if not re.search(rf"(?m)^{name}:", MAKEFILE)] == []
    assert [flag for flag in re.findall(r"\b([A-Z_]+)=", commands) if f"$({flag})" not in MAKEFILE] == []


def test_tests_run_on_every_change_with_colabs_python_and_the_oldest():
    workflow = yaml.safe_load((project.ROOT / ".github/workflows/tests.yml").read_text(encoding="utf-8"))
    assert {"push", "pull_request"} <= set(workflow[True])
    (colab,) = re.findall(r"(?m)^python==(.*)$", (project.ROOT / "tools/colab.txt").read_text(encoding="utf-8"))
    assert (
        colab in str(steps(workflow)) and project.PYTHONS[0] in workflow["jobs"]["test"]["strategy"]["matrix"]["python"]
    )
    assert ".ci/run" in [step.get("run") for step in steps(workflow)]


def test_a_release_carries_what_students_slides_and_site_are_made_into():
    workflow = yaml.safe_load((project.ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))
    commands = "\n".join(step.get("run", "") for step in steps(workflow))
    made = set(re.findall(r"zip -qr? (?:\.\./)*(\w+\.zip)", commands))
    assert made == {"students.zip", "slides.zip", "site.zip"}
    assert all(name in commands.partition("gh release create")[2] for name in made)
    assert commands.index("make slides") < commands.index("make site")  # the decks come along


def test_every_set_of_versions_is_tried_every_week():
    import matrix

    workflow = yaml.safe_load((project.ROOT / ".github/workflows/weekly.yml").read_text(encoding="utf-8"))
    tried = workflow["jobs"]["versions"]["strategy"]["matrix"]
    assert tuple(tried["set"]) == matrix.SETS and tuple(tried["python"]) == project.PYTHONS
    assert "schedule" in workflow[True]


MAKE = """echo "$@" >> made
case "$1" in
  .venv/installed) ;;
  test) echo "==== 7 passed, 2 skipped in 3.0s ====" ;;
  test-online) echo "==== %s in 4.0s ===="; exit %d ;;
  test-bare) echo "===== without make: 3 passed, 1 skipped in 1.0s =====" ;;
esac"""


def ci(folder, online, status, cuts):
    """Run .ci/run where `make` only says what pytest would, and the network can be cut or not. Return what it did."""
    programs = dict.fromkeys(["chromium", "node", "npm", "bwrap", "setpriv", "ip", "git", "sudo"], "")
    cut = 'while [ "$1" != sh ] && [ "$1" != true ]; do shift; done; "$@"' if cuts else "exit 1"
    programs |= {"make": MAKE % (online, status), "unshare": cut, "sudo": "exit 1", "ip": '[ "$1" != route ]'}
    for name, script in {**programs, "../.venv/bin/python": ""}.items():
        path = Path(os.path.normpath(folder / "bin" / name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
    (folder / ".ci").mkdir()
    shutil.copy(project.ROOT / ".ci" / "run", folder / ".ci")
    variables = project.environment(PATH=f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return subprocess.run([folder / ".ci" / "run"], cwd=folder, env=variables, capture_output=True, text=True)


needs_bash = pytest.mark.skipif(os.name != "posix", reason="Windows has no bash")


@needs_bash
@pytest.mark.parametrize("cuts", [True, False], ids=["network cut", "not permitted"])
def test_ci_runs_the_suite_once_then_what_needs_a_network_then_what_asks_for_tools(tmp_path, cuts):
    done = ci(tmp_path, "5 passed", 0, cuts)
    assert (tmp_path / "made").read_text().splitlines() == [
        "--version",
        ".venv/installed",
        "test",
        "test-online",
        "test-bare",
    ]
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "15 passed, 0 failed"), done.stdout + done.stderr
    assert ("NOT CHECKED: that the tests pass with the network cut" in done.stdout) is not cuts


@needs_bash
def test_a_part_of_ci_that_fails_is_named_and_does_not_stop_the_next(tmp_path):
    done = ci(tmp_path, "2 failed, 1 error, 4 passed", 1, True)
    assert (tmp_path / "made").read_text().splitlines()[-1] == "test-bare"
    assert done.stdout.splitlines()[-2:] == ["Not passed: make test-online", "14 passed, 3 failed"]
    assert done.returncode == 1


@needs_bash
def test_a_part_of_ci_that_stops_before_it_counts_is_one_failure(tmp_path):
    done = ci(tmp_path, "nothing", 2, True)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "10 passed, 1 failed")
