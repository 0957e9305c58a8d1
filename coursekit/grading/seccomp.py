"""A filter of system calls for the sandbox: what could hold memory that belongs to no process, or widen
rights.

The kernel limits the memory of a process, and bubblewrap that of the sandbox's files, but neither counts
files without a name (memfd_create), segments that outlive their process (shmget) or file systems in namespaces
of its own (clone, fsmount). Such calls fail with "not permitted"; clone3, whose flags a filter cannot read,
does not exist, and the C library then takes clone.
The program is in the language of `man 2 seccomp`: 8 bytes an instruction (code, jump if true, if false,
operand).
"""

import errno
import platform
import struct

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # AUDIT_ARCH_… of linux/audit.h
_CALLS = {  # name: numbers in the order of _ARCHITECTURES, from the tables of the kernel
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "perf_event_open": (298, 241),
    "bpf": (321, 280),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "fanotify_init": (300, 262),
    "open_by_handle_at": (304, 265),
    "unshare": (272, 97),
    "setns": (308, 268),
    "chroot": (161, 51),
    "pivot_root": (155, 41),
    "mount": (165, 40),
    "umount2": (166, 39),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
}
_PROGRAMS = {"execve": (59, 221), "execveat": (322, 281)}
_BY_ARGUMENT = {"clone": (56, 220), "clone3": (435, 435), "socket": (41, 198), "socketpair": (53, 199)}
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _FAIL, _UNKNOWN = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
_OTHER_TABLE = 0x40000000  # calls of x32 have this bit, and would go by other numbers
_NEW_NAMESPACES = 0x7E020000  # CLONE_NEWNS, …CGROUP, …UTS, …IPC, …USER, …PID, …NET
_AF_UNIX = 1
_ARCHITECTURE, _CALL, _ARGUMENT = 4, 0, 16  # places in struct seccomp_data


def program(machine=None):
    """Return the filter in bytes for bubblewrap's --seccomp, or b"" for a machine whose calls we do not know.

    >>> len(program("x86_64")) % 8, program("sparc")
    (0, b'')
    """
    machine = platform.machine() if machine is None else machine
    if machine not in _ARCHITECTURES:
        return b""
    special = {name: numbers[_column(machine)] for name, numbers in _BY_ARGUMENT.items()}
    return _assembled(
        [
            *_refused(_CALLS, machine),
            (_EQUAL, "unknown", None, special["clone3"]),
            (_EQUAL, "clone", None, special["clone"]),
            (_EQUAL, "socket", None, special["socket"]),
            (_EQUAL, "socket", "allow", special["socketpair"]),
            "clone",
            (_LOAD, None, None, _ARGUMENT),
            (_ANY_BIT, "fail", "allow", _NEW_NAMESPACES),
            "socket",
            (_LOAD, None, None, _ARGUMENT),
            (_EQUAL, "allow", "fail", _AF_UNIX),
            "allow",
            (_RETURN, None, None, _ALLOW),
            "fail",
            (_RETURN, None, None, _FAIL),
            "unknown",
            (_RETURN, None, None, _UNKNOWN),
        ]
    )


def no_programs():
    """Return the filter in bytes after which a process can start no other program, b"" where we do not know the calls.

    Where functions are forbidden, another Python would have them.
    """
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        return b""
    ends = [(_RETURN, None, None, _ALLOW), "fail", (_RETURN, None, None, _FAIL)]
    return _assembled([*_refused(_PROGRAMS, machine), *ends])


def _column(machine):
    return list(_ARCHITECTURES).index(machine)


def _refused(calls, machine):
    """Yield the instructions that let `calls` fail, and all calls of another table."""
    yield (_LOAD, None, None, _ARCHITECTURE)
    yield (_EQUAL, None, "fail", _ARCHITECTURES[machine])
    yield (_LOAD, None, None, _CALL)
    yield (_AT_LEAST, "fail", None, _OTHER_TABLE)
    for numbers in calls.values():
        yield (_EQUAL, "fail", None, numbers[_column(machine)])


def _assembled(lines):
    """Return the bytes of instructions whose jumps go to labels (text among the lines), None to the next."""
    steps, places = [], {}
    for line in lines:
        if isinstance(line, str):
            places[line] = len(steps)
        else:
            steps.append(line)
    packed = b""
    for position, (code, true, false, operand) in enumerate(steps):
        jumps = [0 if label is None else places[label] - position - 1 for label in (true, false)]
        packed += struct.pack("=HBBI", code, *jumps, operand)
    return packed
