"""Workers that are forked from a prepared process: as shut in as any other, and none knows of another."""

import json
import os
import socket
import subprocess
import sys

import pytest

import equipment
import project
from coursekit.grading import cgroups, preparing, sandbox
from coursekit.grading.limits import Limits
from coursekit.grading.sandbox import Sandbox
from coursekit.grading.session import Session
from sandboxed import needs_sandbox, watching

pytestmark = [
    needs_sandbox,
    pytest.mark.skipif(
        os.geteuid() != 0 or not cgroups.said().startswith("control groups"),
        reason="workers are prepared as root and with control groups alone",
    ),
]
LOOK = """
import os, resource, signal, socket, sys
status = dict(line.rstrip().split(":", 1) for line in open("/proc/self/status"))
kept = ("Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp", "NSpid")
mounts = [line.split() for line in open("/proc/self/mountinfo")]
seen = {
    "status": {name: status[name].split() for name in kept},
    "one user": len({*os.getresuid(), *os.getresgid()}) == 1 and os.getuid() >= 0x70000000,
    "mounts": sorted((words[3], words[4], words[5]) for words in mounts),
    "root": sorted(os.listdir("/")), "here": os.getcwd(), "files": sorted(os.listdir("/tmp")),
    "environment": dict(os.environ), "umask": os.umask(0o22), "interfaces": open("/proc/net/dev").read().count(":"),
    "open": sorted(os.readlink(one).split(":")[0] for one in map("/proc/self/fd/{}".format, range(99)) if os.path.islink(one)),
    "processes": len([name for name in os.listdir("/proc") if name.isdigit()]),
    "limits": {name: resource.getrlimit(getattr(resource, name)) for name in dir(resource) if name[:7] == "RLIMIT_"},
    "signals": [str(signal.getsignal(n)) for n in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM)],
    "path": sys.path[:], "words": sys.argv,
    "groups": sorted(open("/proc/self/cgroup")), "host": socket.gethostname(),
    "main": sys.modules["__main__"].__dict__ is globals(), "flags": list(sys.flags),
}
del seen["status"]["NSpid"][1:]
"""


def asked(source, *names, imports=()):
    with Session(Sandbox((), None, imports), [[0, source]], Limits()) as session:
        found = [session.get(name) for name in names]
        assert session.errors == []
    return found


def unprepared(*_):
    raise preparing.NotPrepared


def test_a_prepared_worker_sees_and_may_do_what_another_does(tmp_path, monkeypatch):
    preparing.close()
    with Session(Sandbox((), tmp_path), [[0, ""]], Limits()) as session:  # recordings, which the next one has not
        session.start()
    forked = asked(LOOK, "seen")[0]
    monkeypatch.setattr(preparing, "worker", unprepared)
    alone = asked(LOOK, "seen")[0]
    assert forked["one user"] and {*forked["status"].pop("CapBnd"), *forked["status"].pop("CapInh")} == {"0" * 16}
    for seen in (forked, alone):  # what keeps the sandbox open is one process more; bubblewrap notes the folder
        for name in ("NSpid", "CapBnd", "CapInh"):
            seen["status"].pop(name, None)
        seen.pop("processes"), seen["environment"].pop("PWD", None)
        seen["groups"] = [line for line in seen["groups"] if not line.startswith("0::")]
    assert forked == alone


def test_nothing_of_one_submission_reaches_the_next():
    leave = """
import builtins, json, os, sys
import numpy as np
builtins.left = np.left = json.left = sys.left = os.environ["left"] = "here"
np.array = lambda *_: 0
for place in ("/tmp/left", "/dev/shm/left"):
    open(place, "w").write("here")
drawn = float(np.random.rand())
"""
    look = """
import builtins, json, os, sys
import numpy as np
left = [hasattr(one, "left") for one in (builtins, np, json, sys)] + ["left" in os.environ]
left += [os.path.exists(place) for place in ("/tmp/left", "/dev/shm/left")] + [np.array([1]).shape != (1,)]
drawn = float(np.random.rand())
"""
    (before,), (left, after) = asked(leave, "drawn"), asked(look, "left", "drawn")
    assert left == [False] * 8 and before != after


def test_modules_are_imported_once_for_all_and_only_where_named():
    there = "import sys\nthere = 'wave' in sys.modules"
    assert [asked(there, "there", imports=imports)[0] for imports in (("wave",), ("wave",), ())] == [True, True, False]


@pytest.mark.parametrize(
    "fault", ["import threading\nthreading.Thread(target=__import__('time').sleep, args=(99,)).start()", "1 / 0"]
)
def test_what_starts_a_thread_or_fails_is_not_prepared_and_graded_all_the_same(fault, tmp_path, monkeypatch):
    (tmp_path / "hinders.py").write_text(fault)
    packages = sandbox._packages()
    monkeypatch.setattr(sandbox, "_packages", lambda: [*packages, str(tmp_path)])
    assert asked("import sys\nthere = 'hinders' in sys.modules", "there", imports=("hinders",)) == [False]


def test_a_sandbox_that_is_none_is_not_entered():
    trial = f"import prepared, os\nprepared._enter({os.getpid()})"
    done = subprocess.run(
        [sys.executable, "-c", trial], cwd=project.ROOT / "coursekit" / "grading", capture_output=True, text=True
    )
    assert "the sandbox has no ipc namespace of its own" in done.stderr


def test_no_process_is_left():
    with watching() as left:
        asked("x = 1\nimport os\nos.fork()", "x")
        preparing.close()
    assert left == set()


@equipment.needs("bubblewrap")
@pytest.mark.parametrize(
    "settings", sorted((project.ROOT / "assignments").glob("*/grading.json")), ids=lambda p: p.parent.name
)
def test_what_an_assignment_wants_prepared_starts_no_thread(settings):
    names = json.loads(settings.read_text(encoding="utf-8")).get("imports", [])
    lines = [f"import {name}" for name in ["os", *names]]
    count = "\n".join([*lines, "print(len(os.listdir('/proc/self/task')))"])
    environment = sandbox._environment("/tmp")
    done = subprocess.run([sys.executable, "-c", count], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "1\n"


def test_the_course_that_grades_is_imported_not_another_that_is_installed(tmp_path):
    (tmp_path / "coursekit").mkdir()
    for name in ("__init__", "only_here"):
        (tmp_path / "coursekit" / f"{name}.py").write_text("")
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        script = os.path.join(os.path.dirname(preparing.__file__), "prepared.py")
        process = subprocess.Popen(
            [sys.executable, "-I", "-B", script], stdin=theirs, stderr=subprocess.PIPE, text=True
        )
        theirs.close()
        path = [*sandbox._packages()[:-1], str(tmp_path)]
        ours.send(json.dumps({"imports": ["coursekit.only_here"], "path": path}).encode())
        answer = ours.recv(1 << 12)
        process.kill()
        assert answer, process.communicate()[1]
        process.communicate()
