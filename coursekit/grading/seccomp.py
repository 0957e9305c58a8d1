"""A filter of system calls for the sandbox: what could hold memory that belongs to no process, or widen
rights.

The kernel limits the memory of a process, and bubblewrap that of the sandbox's files, but neither counts
files without a name (memfd_create) or segments that outlive their process (shmget). The calls below fail with
"not permitted".
The program is in the language of `man 2 seccomp`: 8 bytes an instruction (code, jump if true, if false,
operand).
"""

import errno
import platform
import struct

_MACHINES = {  # the numbers of AUDIT_ARCH_… and of the calls, from linux/audit.h and the tables of the kernel
    "x86_64": (
        0xC000003E,
        {
            "shmget": 29,
            "msgget": 68,
            "semget": 64,
            "ptrace": 101,
            "mount": 165,
            "unshare": 272,
            "setns": 308,
            "add_key": 248,
            "request_key": 249,
            "keyctl": 250,
            "perf_event_open": 298,
            "bpf": 321,
            "memfd_create": 319,
            "userfaultfd": 323,
            "mq_open": 240,
            "memfd_secret": 447,
            "io_uring_setup": 425,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "shmget": 194,
            "msgget": 186,
            "semget": 190,
            "ptrace": 117,
            "mount": 40,
            "unshare": 97,
            "setns": 268,
            "add_key": 217,
            "request_key": 218,
            "keyctl": 219,
            "perf_event_open": 241,
            "bpf": 280,
            "memfd_create": 279,
            "userfaultfd": 282,
            "mq_open": 180,
            "memfd_secret": 447,
            "io_uring_setup": 425,
        },
    ),
}
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000 | errno.EPERM
_OTHER_TABLE = 0x40000000  # calls of x32 have this bit, and would go by other numbers


def program(machine=None):
    """Return the filter in bytes for bubblewrap's --seccomp, or b"" for a machine whose calls we do not know.

    >>> len(program("x86_64")) == 8 * (4 + 17 + 2), program("sparc")
    (True, b'')
    """
    machine = platform.machine() if machine is None else machine
    if machine not in _MACHINES:
        return b""
    architecture, calls = _MACHINES[machine]
    forbidden = sorted(calls.values())
    steps = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 0, len(forbidden) + 3, architecture),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, len(forbidden) + 1, 0, _OTHER_TABLE),
    ]
    steps += [(_EQUAL, len(forbidden) - position, 0, call) for position, call in enumerate(forbidden)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _FAIL)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
