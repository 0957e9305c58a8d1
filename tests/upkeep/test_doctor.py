"""The doctor: each fault is made, really where that is possible, and told in plain words with what helps."""

import ast
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import types
import venv

import pytest

import equipment
import project
from coursekit import datafiles, doctor, studyfiles
from coursekit.doctor import bounds, files, jupyter, machine, packages, tools

FOLDER = project.ROOT / "coursekit" / "doctor"
QUICK = [one for one in doctor.EXAMINATIONS if one is not packages.tensorflow]


def is_problem(finding, *words):
    """Whether a finding is a problem that holds these words, and says what helps."""
    return (
        finding.state == "problem"
        and len(finding.remedy) > 10
        and all(word in f"{finding.says} {finding.remedy}" for word in words)
    )


def package(folder, name, version, source=None):
    """Make an installed package in `folder`, as pip leaves it; with `source`, its module as well."""
    about = folder / f"{name}-{version}.dist-info"
    about.mkdir(parents=True)
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (about / "METADATA").write_text(text, encoding="utf-8")
    if source is not None:
        (folder / f"{name}.py").write_text(source, encoding="utf-8")


def started(*arguments, python=sys.executable):
    """Run a Python with `arguments` in the folder of the project, and return what it did."""
    return subprocess.run(
        [python, *map(str, arguments)],
        cwd=project.ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=project.environment(),
    )


# ---------------------------------------------------------------- the whole


def test_every_examination_gives_one_finding_with_a_name_of_its_own():
    findings = doctor.examine(QUICK)
    names = [finding.name for finding in findings]
    assert len(findings) == len(QUICK) == len(set(names))
    for finding in findings:
        assert finding.state in ("good", "warning", "problem")
        assert finding.says.endswith(".") and bool(finding.remedy) == (finding.state != "good")


def test_this_computer_on_which_the_tests_run_is_sound():
    assert [finding for finding in doctor.examine(QUICK) if finding.state == "problem"] == []


def test_an_examination_that_fails_is_a_warning_and_the_others_go_on():
    def broken():
        raise OSError("the disk is on fire")

    first, second = doctor.examine([broken, machine.python])
    assert first.state == "warning" and "OSError: the disk is on fire" in first.says
    assert second.name == "Python"


def test_a_very_old_python_is_told_and_nothing_else_is_tried(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 7, 16))
    (only,) = doctor.examine()
    assert is_problem(only, "3.10 to 3.13", "3.7.16", "too old")


def test_the_summary_is_the_same_on_all_sound_machines():
    def findings(*states):
        return [doctor.Finding(f"thing {n}", state, f"{state} {n}.", "Do this.") for n, state in enumerate(states)]

    assert doctor.summary(findings("good", "warning")) == doctor.summary(findings("warning", "good"))
    bad = doctor.summary(findings("good", "problem", "warning"))
    assert "thing 1: problem 1." in bad and "Do this." in bad
    assert "thing 2" not in bad and "No problem" not in bad


# ---------------------------------------------------------------- before anything is installed


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.name)
def test_it_is_written_for_an_old_python_and_its_standard_library(path):
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 7))
    tops = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert tops <= {*sys.stdlib_module_names, "coursekit"}


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The Python of an environment without a single package, not even pip."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, with_pip=False, symlinks=os.name == "posix")
    return folder / ("bin/python" if os.name == "posix" else "Scripts/python.exe")


@pytest.mark.parametrize("how", [("-m", "coursekit.doctor"), ("coursekit/doctor",)])
def test_in_a_clone_it_runs_before_installation_and_says_how_to_install(bare, how):
    done = started(*how, python=bare)
    assert done.returncode == 1 and done.stderr == ""
    for line in (
        "good     Python: ",
        "good     data: ",
        "PROBLEM  packages: Not installed: ",
        "numpy",
        "make lab",
        "PROBLEM  TensorFlow: TensorFlow is not installed",
        "Problems: 2. Begin with the first.",
    ):
        assert line in done.stdout, line


@pytest.mark.skipif(os.name != "posix", reason="programs are scripts here")
def test_where_all_is_there_the_status_is_0(tmp_path):
    """TensorFlow's start is left to a program that does nothing, since it takes long."""
    sound = tmp_path / "python"
    sound.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    sound.chmod(0o755)
    script = (
        "import runpy, sys; from coursekit import doctor\n"
        "doctor.packages.tensorflow.__defaults__, sys.argv[1:] = (sys.argv[1],), []\n"
        "runpy.run_module('coursekit.doctor', run_name='__main__')"
    )
    done = started("-c", script, sound)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("\nNo problem: the lectures run here.\n")


def test_an_unknown_argument_is_refused():
    done = started("-m", "coursekit.doctor", "--fix")
    assert done.returncode == 1 and "takes no arguments. Received: --fix" in done.stderr


# ---------------------------------------------------------------- the computer


@pytest.mark.parametrize(("version", "word"), [((3, 9, 18), "too old"), ((3, 14, 0), "too new"), ((3, 8), "too old")])
def test_a_python_that_tensorflow_has_no_wheel_for(version, word):
    said = ".".join(map(str, version))
    found = machine.python(version)
    assert is_problem(found, word, said, "3.10 to 3.13", "make lab PYTHON=python3.12", "Colab")


@pytest.mark.parametrize("version", [(3, 10, 0), (3, 13, 9)])
def test_a_supported_python_is_good(version):
    assert machine.python(version).state == "good"


@pytest.mark.parametrize(
    ("computer", "words"),
    [
        (dict(system="Darwin", machine="x86_64", bits=64, translated=False), ("Mac with an Intel", "Colab")),
        (dict(system="Darwin", machine="x86_64", bits=64, translated=True), ("translated", "arm64")),
        (dict(system="Windows", machine="AMD64", bits=32), ("32 bits", "Python of 64 bits")),
        (dict(system="Linux", machine="i686", bits=32, libc="glibc"), ("32 bits", "Colab")),
        (dict(system="Linux", machine="x86_64", bits=64, libc=""), ("C library", "Debian")),
        (dict(system="Windows", machine="ARM64", bits=64), ("Windows on arm64", "Colab")),
        (dict(system="Linux", machine="riscv64", bits=64, libc="glibc"), ("Linux on riscv64",)),
        (dict(system="FreeBSD", machine="amd64", bits=64), ("FreeBSD",)),
    ],
)
def test_a_computer_that_tensorflow_is_not_made_for(computer, words):
    assert is_problem(machine.platform(**computer), "not made for this computer", *words)


@pytest.mark.parametrize(
    "computer",
    [
        dict(system="Linux", machine="x86_64", bits=64, libc="glibc"),
        dict(system="Linux", machine="aarch64", bits=64, libc="glibc"),
        dict(system="Darwin", machine="arm64", bits=64),
        dict(system="Windows", machine="AMD64", bits=64),
    ],
)
def test_a_computer_that_tensorflow_is_made_for(computer):
    assert machine.platform(**computer).state == "good"


def test_memory_is_a_problem_then_a_warning_then_good():
    assert is_problem(machine.memory(0.4e9), "Only 0.4 GB", "die without a word", "Shut Down All Kernels")
    assert machine.memory(2.5e9).state == "warning" and "2.5 GB" in machine.memory(2.5e9).says
    assert machine.memory(6e9).state == "good"


def test_the_limit_of_a_container_counts_and_its_cache_does_not(monkeypatch):
    texts = {
        "/proc/meminfo": "MemTotal: 9000000 kB\nMemAvailable:    8000000 kB\n",
        "/sys/fs/cgroup/memory.max": "3000000000\n",
        "/sys/fs/cgroup/memory.current": "2900000000\n",
        "/sys/fs/cgroup/memory.stat": "anon 5\ninactive_file 400000000\n",
    }
    monkeypatch.setattr(machine, "_text", lambda path: texts.get(path, ""))
    assert is_problem(machine.memory(), "Only 0.5 GB")
    texts["/sys/fs/cgroup/memory.max"] = "max\n"
    assert machine.memory().says == "8.2 GB of memory are free."


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")
def test_what_is_said_of_the_memory_is_what_the_machine_has():
    assert 1e8 < machine._available_memory() < os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def test_a_disk_needs_room_to_install_and_less_to_work():
    assert is_problem(machine.disk(free=3e9, installed=False), "3.0 GB", "4.0 GB", "to install")
    assert machine.disk(free=3e9, installed=True).state == "good"
    assert is_problem(machine.disk(free=5e7, installed=True), "0.1 GB free", "to save", "Make room")


@equipment.needs("unshare")
def test_a_disk_that_is_really_small(tmp_path, monkeypatch):
    """A file system of 8 MB in memory, where this machine lets us make one."""
    script = (
        "import os, sys; os.chdir(sys.argv[1]); sys.path.insert(0, sys.argv[2])\n"
        "from coursekit.doctor import machine; print(machine.disk(installed=True))"
    )
    inside = f'mount -t tmpfs -o size=8m none "{tmp_path}" && exec "$0" -c "$1" "{tmp_path}" "{project.ROOT}"'
    command = [equipment.program("unshare"), "--map-root-user", "--mount", "sh", "-c", inside, sys.executable, script]
    done = subprocess.run(command, capture_output=True, text=True)
    if "unshare" in done.stderr or "mount" in done.stderr:
        pytest.skip("file systems cannot be mounted here")
    assert "state='problem'" in done.stdout and "0.0 GB free" in done.stdout, done.stderr


# ---------------------------------------------------------------- files


@pytest.fixture
def ordinary_user():
    """Root writes everywhere; for a while be somebody who does not."""
    if not hasattr(os, "geteuid"):
        pytest.skip("folders of Windows are closed in another way")
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    yield
    os.seteuid(0)


def test_a_folder_that_nobody_may_write_in(tmp_path, request):
    closed = tmp_path / "course"
    closed.mkdir()
    closed.chmod(0o555)
    for parent in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        parent.chmod(0o755)
    assert files.folder(tmp_path).state == "good" and list(closed.parent.iterdir()) == [closed]
    request.getfixturevalue("ordinary_user")
    assert is_problem(files.folder(closed), str(closed), "Permission denied", "folder of your own")


def test_a_folder_that_is_gone(tmp_path):
    assert is_problem(files.folder(tmp_path / "away"), "No such file")


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of data/ that the doctor takes for the course's own."""
    folder = tmp_path / "data"
    shutil.copytree(datafiles.path(), folder)
    monkeypatch.setattr(datafiles, "_folder", lambda name: folder)
    return folder


def test_every_picture_and_array_of_the_course_is_among_the_checksums(copied):
    known = set(datafiles.checksums())
    there = {path.relative_to(copied).as_posix() for path in copied.rglob("*") if path.suffix in (".png", ".npz")}
    assert known == there and files.data().state == "good"


@pytest.mark.parametrize("name", ["images/cat.png", "brain_generator.npz", "digits/test.npz"])
def test_one_changed_byte_in_the_data_is_seen(copied, name):
    content = bytearray((copied / name).read_bytes())
    content[100] ^= 1
    (copied / name).write_bytes(content)
    assert is_problem(files.data(), name.split("/")[-1], "damaged", "git checkout -- data")


def test_a_study_that_breaks_off_is_seen(copied):
    (copied / "depth_study.json").write_bytes((copied / "depth_study.json").read_bytes()[:500])
    assert is_problem(files.data(), "'depth_study.json' is damaged", "git checkout -- data")
    with pytest.raises(ValueError, match="'depth_study.json' is damaged: it is not JSON. To repair it, run git"):
        studyfiles.read("depth_study.json")


@pytest.mark.parametrize("name", ["images/cat.png", "brain_generator.npz", "checksums.json"])
def test_a_missing_file_of_the_data_is_seen(copied, name):
    (copied / name).unlink()
    assert is_problem(files.data(), name.split("/")[-1])


def test_in_a_browser_it_says_what_runs_there_and_examines_nothing(monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    (found,) = doctor.examine()
    assert is_problem(found, "in a browser", "no TensorFlow", "NumPy alone", "Colab")


# ---------------------------------------------------------------- packages


def test_requirements_are_those_of_the_project_file():
    listed = project.pyproject()["project"]["dependencies"]
    assert {f"{name}{stated}" for name, stated in bounds.requirements().items()} == {
        line.partition(";")[0] for line in listed
    }
    assert bounds.pythons() == ((3, 10), (3, 14))


def test_without_a_clone_they_are_those_of_the_installed_package(tmp_path, monkeypatch):
    package(tmp_path, "coursekit", "2026.11")
    with open(tmp_path / "coursekit-2026.11.dist-info" / "METADATA", "a", encoding="utf-8") as file:
        file.write(
            "Requires-Python: >=3.10\nRequires-Dist: numpy>=1.26\n"
            'Requires-Dist: tensorflow>=2.18; python_version < "3.14"\n'
            "Requires-Dist: tqdm (>=4.60,<5)\n"
            'Requires-Dist: jupyterlab>=4.2; extra == "lab"\n'
        )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(bounds, "is_clone", lambda: False)
    assert bounds.requirements() == {"numpy": ">=1.26", "tensorflow": ">=2.18", "tqdm": ">=4.60,<5"}
    assert bounds.pythons() == ((3, 10), (3, 14)) and "where it came" in bounds.install()


def test_packages_outside_their_bounds_and_missing_ones_are_named(tmp_path, monkeypatch):
    package(tmp_path, "numpy", "1.21.6")
    package(tmp_path, "tensorflow", "2.9.0")
    monkeypatch.setattr(
        bounds,
        "requirements",
        lambda: {"numpy": ">=1.26", "tensorflow": ">=2.18", "unheard-of-package": "", "pytest": ">=3"},
    )
    monkeypatch.syspath_prepend(tmp_path)
    found = packages.installed()
    assert is_problem(
        found,
        "Not installed: unheard-of-package",
        "numpy is 1.21.6 and must be >=1.26",
        "tensorflow is 2.9.0 and must be >=2.18",
        "make lab",
    )
    assert "pytest" not in found.says


@pytest.mark.parametrize(
    ("stated", "version", "kept"),
    [
        (">=1.26", "1.26.0", True),
        (">=1.26", "1.26", True),
        (">=1.26.1", "1.26", False),
        ("<3.14", "3.14.0rc1", False),
        ("~=3.0", "3.9", True),
        ("~=3.0", "4.0", False),
        ("~=3.0.1", "3.1", False),
        ("!=2.0", "2.0.0", False),
        ("==2.1", "2.1.0", True),
        ("<=2", "2.0.1", False),
        (">2", "2.1+cpu", True),
        ("", "0", True),
        (">=2.18,<2.21", "2.21.0", False),
        (">=2.9", "2.18", True),
    ],
)
def test_bounds_are_compared_as_numbers_not_as_text(stated, version, kept):
    assert bounds.admits(stated, version) is kept


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("raise ImportError('DLL load failed while importing _pywrap')", ("library of Windows", "Visual C++")),
        ("raise ImportError('numpy.core.multiarray failed to import')", ("does not fit the NumPy", "multiarray")),
        ("raise AttributeError('_ARRAY_API not found')", ("does not fit the NumPy",)),
        ("raise ImportError('libcudart.so.12: cannot open')", ("cannot be imported", "libcudart.so.12", "anew")),
        ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", ("AVX", "Colab")),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", ("want of memory",)),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", ("crashed", "signal 11")),
        ("Variable = 3", ("cannot be imported", "TypeError")),
    ],
)
def test_a_tensorflow_that_cannot_be_imported_is_told_why(tmp_path, monkeypatch, source, words):
    if "signal" in source and os.name != "posix":
        pytest.skip("signals are those of Unix")
    if "signal" in source:  # it shall leave no core behind
        source = f"import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n{source}"
    (tmp_path / "tensorflow.py").write_text(source, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert is_problem(packages.tensorflow(sys.executable), *words)


def test_a_tensorflow_that_never_starts_is_given_up(tmp_path, monkeypatch):
    (tmp_path / "tensorflow.py").write_text("import time; time.sleep(60)", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(packages, "SECONDS", 1)
    assert is_problem(packages.tensorflow(sys.executable), "did not start within 1 seconds", "virus scanner")


def test_a_tensorflow_that_starts_is_good_and_one_that_runs_is_not_started_again(tmp_path, monkeypatch):
    (tmp_path / "tensorflow.py").write_text("Variable, __version__ = float, '2.20.0'", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert packages.tensorflow(sys.executable).state == "good"
    monkeypatch.setitem(sys.modules, "tensorflow", types.SimpleNamespace(Variable=float))
    monkeypatch.setattr(subprocess, "run", None)
    assert packages.tensorflow().says == "TensorFlow is running."


def test_a_kernel_older_than_an_upgrade_is_seen(tmp_path):
    """Really: a process imports a package, which is then replaced on the disk."""
    package(tmp_path, "tqdm", "4.60.1", "__version__ = '4.60.1'")
    script = (
        "import sys, pathlib; folder = pathlib.Path(sys.argv[1]); sys.path.insert(0, str(folder))\n"
        "import tqdm; from coursekit.doctor import packages; print(packages.stale().state)\n"
        "(folder / 'tqdm.py').write_text(\"__version__ = '4.67.1'\")\n"
        "new = folder / 'tqdm-4.67.1.dist-info'; (folder / 'tqdm-4.60.1.dist-info').rename(new)\n"
        "about = new / 'METADATA'\n"
        "about.write_text(about.read_text().replace('4.60.1', '4.67.1'))\n"
        "import importlib; importlib.invalidate_caches()\n"
        "print(packages.stale().state, packages.stale().says, packages.stale().remedy)"
    )
    done = started("-c", script, tmp_path)
    before, after = done.stdout.splitlines()
    assert before == "good", done.stderr
    assert after.startswith("problem") and "tqdm 4.60.1 runs, 4.67.1 is installed" in after
    assert "Restart the kernel" in after


def test_an_older_coursekit_in_the_kernel_and_a_removed_package_are_seen():
    old = {"coursekit": types.SimpleNamespace(__version__="2019.01")}
    assert is_problem(packages.stale(old), "coursekit 2019.01 runs", "Restart the kernel")
    assert packages.stale({}).state == "good"
    assert packages.stale({"numpy": types.SimpleNamespace()}).state == "good"  # half imported


def test_a_kernel_of_another_environment_is_a_warning_that_names_both(tmp_path, monkeypatch):
    monkeypatch.setattr(bounds, "ROOT", str(tmp_path))
    monkeypatch.setattr(bounds, "is_clone", lambda: True)
    assert packages.environment(tmp_path / "conda").state == "good"  # `make lab` was never used
    (tmp_path / ".venv").mkdir()
    found = packages.environment(tmp_path / "conda")
    assert found.state == "warning" and ".venv" in found.says and "conda" in found.says
    assert "as the kernel" in found.remedy
    assert packages.environment(tmp_path / ".venv").state == "good"


# ---------------------------------------------------------------- JupyterLab


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """A folder with JupyterLab's extensions, and the versions that are installed."""
    for name in jupyter.NEEDED:
        tmp_path.joinpath("labextensions", *name.split("/")).mkdir(parents=True)
    versions = {"jupyterlab": "4.4.1", "ipywidgets": "8.1.7", "jupyterlab_widgets": "3.0.15"}
    monkeypatch.setattr(bounds, "version_of", versions.get)
    return types.SimpleNamespace(folder=tmp_path, versions=versions)


def test_a_complete_jupyterlab_shows_explorers(lab):
    assert jupyter.widgets([lab.folder]).state == "good"


@pytest.mark.parametrize("name", jupyter.NEEDED)
def test_a_missing_extension_is_named(lab, name):
    shutil.rmtree(lab.folder.joinpath("labextensions", *name.split("/")))
    found = jupyter.widgets([lab.folder])
    assert is_problem(found, "lacks the extension", name, jupyter.NEEDED[name], "reload")


@pytest.mark.parametrize("name", jupyter.NEEDED)
@pytest.mark.parametrize("as_list", [True, False])
def test_a_blocked_extension_is_named(lab, name, as_list):
    (lab.folder / "labconfig").mkdir()
    settings = {"disabledExtensions": [name] if as_list else {f"{name}:plugin": True}}
    file = lab.folder / "labconfig" / "page_config.json"
    file.write_text(json.dumps(settings), encoding="utf-8")
    assert is_problem(jupyter.widgets([lab.folder]), "switched off", f"jupyter labextension enable {name}")
    file.write_text('{"disabledExtensions": {"other": true}}', encoding="utf-8")
    assert jupyter.widgets([lab.folder]).state == "good"


@pytest.mark.parametrize(
    ("here", "there", "good"),
    [("8.1.7", "1.1.11", False), ("7.7.1", "3.0.16", False), ("7.7.1", "1.1.11", True), ("8.0.0", "3.0.0", True)],
)
def test_widgets_of_two_generations_do_not_belong_together(lab, here, there, good):
    lab.versions.update(ipywidgets=here, jupyterlab_widgets=there)
    found = jupyter.widgets([lab.folder])
    assert found.state == "good" if good else is_problem(found, here, there, "do not belong together")


def test_without_jupyterlab_as_on_colab_its_extensions_do_not_matter(lab):
    lab.versions.update(jupyterlab=None, ipywidgets="7.7.1")
    assert jupyter.widgets([]).state == "good"


def test_the_folders_of_the_reader_and_of_the_environment_are_looked_into(monkeypatch, tmp_path):
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    folders = jupyter.jupyter_folders()
    assert folders[0] == str(tmp_path) and str(tmp_path / "config") in folders
    assert os.path.join(sys.prefix, "share", "jupyter") in folders


def test_a_port_in_use_is_a_warning_with_its_remedy(monkeypatch):
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        number = server.getsockname()[1]
        server.listen()
        found = jupyter.port(number)
        assert found.state == "warning" and f"Port {number} is in use" in found.says
        assert "jupyter server list" in found.remedy and "LAB_FLAGS=--port=" in found.remedy
        monkeypatch.setitem(sys.modules, "ipykernel", types.ModuleType("ipykernel"))
        assert jupyter.port(number).state == "good"  # a notebook is open: its server has the port
    monkeypatch.delitem(sys.modules, "ipykernel")
    assert jupyter.port(number).state == "good"


def test_a_computer_that_may_not_talk_to_itself():
    def refused(*_):
        raise OSError("Network is unreachable")

    assert is_problem(jupyter.loopback(refused), "127.0.0.1", "Network is unreachable", "firewall")
    assert jupyter.loopback().state == "good"


# ---------------------------------------------------------------- Keras as another project left it


@pytest.mark.parametrize(
    ("settings", "variable", "said"),
    [
        ('{"image_data_format": "channels_first"}', None, "image_data_format channels_first"),
        ('{"backend": "jax", "floatx": "float16"}', None, "backend jax, floatx float16"),
        ('{"backend": "jax"}', "torch", "backend torch"),
        (None, "torch", "backend torch"),
    ],
)
def test_another_project_s_keras_settings_are_a_warning(tmp_path, monkeypatch, settings, variable, said):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    if settings:
        (tmp_path / "keras.json").write_text(settings, encoding="utf-8")
    if variable:
        monkeypatch.setenv("KERAS_BACKEND", variable)
    found = packages.keras_settings()
    assert found.state == "warning" and f"asks for {said}. The course" in found.says and "Delete" in found.remedy


@pytest.mark.parametrize("settings", ['["x"]', '{"floatx": null}', '{"image_data_format": "last"}', None])
def test_a_keras_json_with_which_keras_does_not_start_is_the_problem_and_not_tensorflow(
    tmp_path, monkeypatch, settings
):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    if settings:
        (tmp_path / "keras.json").write_text(settings, encoding="utf-8")
    else:
        (tmp_path / "keras.json").mkdir()
    found = packages.keras_settings()
    assert found.state == "problem" and found.remedy == f"Delete {tmp_path / 'keras.json'}."


def test_tensorflow_is_tried_without_a_keras_json(monkeypatch):
    seen = {}
    monkeypatch.setattr(packages.subprocess, "run", lambda *_, env, **__: seen.update(env) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        packages.tensorflow("python")
    assert seen["KERAS_HOME"] == packages.os.devnull


@pytest.mark.parametrize("settings", [None, "{}", "not json", '{"backend": "tensorflow", "epsilon": 1e-7}'])
def test_usual_keras_settings_are_good(tmp_path, monkeypatch, settings):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    if settings:
        (tmp_path / "keras.json").write_text(settings, encoding="utf-8")
    assert packages.keras_settings().state == "good"


# ---------------------------------------------------------------- lecturers' tools


@pytest.mark.parametrize(
    ("examination", "whom"),
    [
        (tools.chromium, "only those who change explorers"),
        (tools.bubblewrap, "only lecturers who grade"),
        (tools.node, "only lecturers who build slides"),
    ],
)
def test_a_missing_tool_is_a_warning_that_says_whom_it_concerns(tmp_path, monkeypatch, examination, whom):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    found = examination()
    assert found.state == "warning" and whom in found.says and "Install the package" in found.remedy


@pytest.mark.skipif(os.name != "posix", reason="programs are scripts here")
def test_tools_are_found_and_a_bubblewrap_that_may_do_nothing_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    for name in ("chromium", "node", "npm", "bwrap"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    assert {found.state for found in (tools.chromium(), tools.bubblewrap(), tools.node())} == {"good"}
    (tmp_path / "bwrap").write_text(
        "#!/bin/sh\necho 'No permissions to create new namespace' >&2; exit 1\n", encoding="utf-8"
    )
    found = tools.bubblewrap()
    assert found.state == "warning" and "No permissions" in found.says and "user namespaces" in found.remedy


def test_a_chromium_that_is_named_and_not_there_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "chrome"))
    assert tools.chromium().state == "warning"


# ---------------------------------------------------------------- the lecture


def test_lecture_00_runs_the_doctor_first_and_shows_what_any_sound_machine_shows():
    path = project.ROOT / "notebooks" / "00_start_here.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert "doctor.examine()" in "".join(code[1]["source"])
    shown = "".join(text for output in code[1]["outputs"] for text in output["text"])
    assert shown.startswith(f"{len(doctor.EXAMINATIONS)} things examined: ")
    named = re.search(r"examined: (.*)\.\nNo problem", shown, re.DOTALL).group(1)
    names = [finding.name for finding in doctor.examine(QUICK)]
    assert [name for name in re.split(r",\s", named) if name != "TensorFlow"] == names
