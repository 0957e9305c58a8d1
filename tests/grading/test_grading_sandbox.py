"""What the real sandbox refuses its processes, as root and as an ordinary user."""

import json
import subprocess
import sys

import pytest

from coursekit.grading import sandbox
from sandboxed import ROOT, as_ordinary_user, needs_sandbox, no_ordinary_user

pytestmark = needs_sandbox
PROBE = """
import ctypes, json, os, platform, socket, subprocess, sys, threading
if os.geteuid() == 0:
    os.setgroups([]); os.setresgid(1879048193, 1879048193, 1879048193); os.setresuid(1879048193, 1879048193, 1879048193)
libc, said = ctypes.CDLL(None, use_errno=True), {}
for name, numbers, arguments in json.loads(sys.argv[1]):
    call = numbers[0 if platform.machine() == "x86_64" else 1]
    ctypes.set_errno(0)
    result = libc.syscall(call, *map(ctypes.c_ulong, arguments))
    if result == 0 and name.startswith("clone"):
        os._exit(0)
    said[name] = ctypes.get_errno() if result < 0 else 0
thread = threading.Thread(target=said.update, args=({"thread": 0},))
thread.start(); thread.join()
said["process"] = subprocess.run(["/bin/true"]).returncode
said["pair"] = len(socket.socketpair()) - 2
print(json.dumps(said))
"""
START = """
import subprocess, sys
from coursekit.grading import sandbox
from coursekit.grading.limits import Limits
import os
with sandbox._filter() as (number, words):
    command = [*sandbox._bubblewrap(os.geteuid() == 0), *words, *sandbox._file_system(Limits(), ())]
    command += [sys.executable, "-I", *sys.argv[1:]]
    sys.exit(subprocess.run(command, env={}, pass_fds=number).returncode)
"""


def probed(ordinary):
    """Return {call: error number} of what the sandbox's processes are told, 0 for what works."""
    calls = [(name, numbers, [0] * 6) for name, numbers in sandbox.seccomp._CALLS.items()]
    for family in (2, 16, 40):
        calls.append((f"socket {family}", (41, 198), [family, 1, 0, 0, 0, 0]))
    for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
        calls.append((f"clone {flag:#x}", (56, 220), [flag | 17, 0, 0, 0, 0, 0]))
    calls.append(("clone3", (435, 435), [0] * 6))
    command = [sys.executable, "-c", START, "-c", PROBE, json.dumps(calls)]
    command = as_ordinary_user(command) if ordinary else command
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("ordinary", [False, True])
def test_the_sandbox_forbids_namespaces_mounts_and_sockets_of_other_families(ordinary):
    if ordinary and no_ordinary_user():
        pytest.skip(no_ordinary_user())
    said = probed(ordinary)
    assert [said.pop(name) for name in ("thread", "process", "pair", "clone3")] == [0, 0, 0, 38]
    assert {name: number for name, number in said.items() if number != 1} == {}
