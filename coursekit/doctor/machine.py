"""The computer: its Python, its kind, its memory and its disk. Each value may be given, so that tests can."""

import ctypes
import os
import platform as _platform
import re
import shutil
import sys

from coursekit.doctor import bounds
from coursekit.doctor.finding import GOOD, PROBLEM, WARNING, Finding

GB = 1e9
# Lecture 09 takes 2.6 GB of memory while it trains; TensorFlow with all else takes 2.6 GB of disk (measured).
MEMORY_WANTED, MEMORY_NEEDED = 3 * GB, 1 * GB
DISK_TO_INSTALL, DISK_TO_WORK = 4 * GB, 0.2 * GB
# TensorFlow 2.18 and later have wheels for these, and for no 32 bits and no other C library than glibc.
MADE_FOR = {"Linux": ("x86_64", "amd64", "aarch64", "arm64"), "Darwin": ("arm64",), "Windows": ("amd64", "x86_64")}


def python(version=None):
    """Find out whether this Python, or `version` such as (3, 9, 1), is one that TensorFlow has wheels for."""
    version = tuple(version or sys.version_info[:3])
    low, high = bounds.pythons()
    said = ".".join(map(str, version))
    if low <= version[:2] < high:
        return Finding("Python", GOOD, f"Python {said} is one that the course supports.")
    newest = f"{high[0]}.{high[1] - 1}"
    too = "too old" if version[:2] < low else "too new: TensorFlow does not support it yet"
    return Finding(
        "Python",
        PROBLEM,
        f"The course needs Python {low[0]}.{low[1]} to {newest}, and this one, {said}, is {too}.",
        f"Install Python {high[0]}.{high[1] - 2} and name it: make lab "
        f"PYTHON=python3.{high[1] - 2}; with conda: conda env create -f environment.yml. Or "
        "open the lectures on Colab.",
    )


def platform(system=None, machine=None, bits=None, libc=None, translated=None):
    """Find out whether TensorFlow is made for this kind of computer.

    `system` and `machine` are as `platform.system` and `platform.machine` name them, `bits` those of the
    Python, `libc` the C library of a Linux, `translated` whether a Mac translates an Intel program.
    """
    system, machine = system or _platform.system(), (machine or _platform.machine()).lower()
    bits = bits or (64 if sys.maxsize > 2**32 else 32)
    libc = _platform.libc_ver()[0] if libc is None else libc
    colab = "open the lectures on Colab instead (the links are in README.md), or use another computer."
    kind = f"{system} on {machine}"
    if bits == 32:
        return _no_wheel(
            "this is a Python of 32 bits", f"Install a Python of 64 bits; where the processor has 32 itself, {colab}"
        )
    if system == "Darwin" and machine == "x86_64":
        if _is_translated() if translated is None else translated:
            return _no_wheel(
                "this Python was made for Intel and is translated for Apple silicon",
                "Install a Python for Apple silicon (arm64), and repeat the installation with it.",
            )
        return _no_wheel("this is a Mac with an Intel processor", colab[0].upper() + colab[1:])
    if system == "Linux" and libc not in ("glibc", "libc"):
        return _no_wheel(
            "this Linux has another C library than glibc (Alpine has musl, for example)",
            "Use a Linux with glibc, such as Debian, Ubuntu or Fedora.",
        )
    if machine not in MADE_FOR.get(system, ()):
        return _no_wheel(f"this is {kind}", colab[0].upper() + colab[1:])
    return Finding("platform", GOOD, f"TensorFlow is made for {kind}.")


def _no_wheel(why, remedy):
    return Finding("platform", PROBLEM, f"TensorFlow is not made for this computer: {why}.", remedy)


def _is_translated():
    """Whether Rosetta translates this process, on a Mac."""
    try:
        flag, size = ctypes.c_int(0), ctypes.c_size_t(ctypes.sizeof(ctypes.c_int))
        ask = ctypes.CDLL(None).sysctlbyname
        failed = ask(b"sysctl.proc_translated", ctypes.byref(flag), ctypes.byref(size), None, 0)
        return not failed and flag.value == 1
    except (OSError, AttributeError, TypeError):
        return False


def memory(available=None):
    """Find out whether there is memory enough; `available` is in bytes."""
    available = _available_memory() if available is None else available
    if available is None:
        return Finding("memory", GOOD, "How much memory is free cannot be asked here; the lectures need 3 GB.")
    said = f"{available / GB:.1f} GB of memory are free"
    remedy = (
        "Close other programs, and kernels of other notebooks (in JupyterLab: Kernel, then Shut Down "
        "All Kernels). A container needs a higher limit."
    )
    if available < MEMORY_NEEDED:
        return Finding(
            "memory",
            PROBLEM,
            f"Only {said}, and a lecture that trains a network needs up to 3: its kernel will die without a word.",
            remedy,
        )
    if available < MEMORY_WANTED:
        return Finding("memory", WARNING, f"{said}; a lecture that trains a network needs up to 3.", remedy)
    return Finding("memory", GOOD, f"{said}.")


def _available_memory():
    """The bytes that a new program may have, the least of machine and container; None where nobody says."""
    amounts = [amount for amount in (_machine_memory(), _container_memory()) if amount is not None]
    return min(amounts) if amounts else None


def _machine_memory():
    found = re.search(r"MemAvailable:\s+(\d+) kB", _text("/proc/meminfo"))
    if found:
        return int(found.group(1)) * 1024
    if sys.platform == "win32":
        status = (ctypes.c_ulonglong * 8)()  # MEMORYSTATUSEX: length and load, total, available, …
        status[0] = ctypes.sizeof(status)
        return status[2] if ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)) else None
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2  # macOS: about half is others'
    except (AttributeError, ValueError, OSError):
        return None


def _container_memory():
    """What the limit of a container leaves (control groups, version 2 and 1)."""
    for limit, used in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        limit, used = _text(f"/sys/fs/cgroup/{limit}").strip(), _text(f"/sys/fs/cgroup/{used}").strip()
        if limit.isdigit() and used.isdigit():
            cache = re.search(r"^inactive_file (\d+)", _text("/sys/fs/cgroup/memory.stat"), re.MULTILINE)
            return max(0, int(limit) - int(used) + (int(cache.group(1)) if cache else 0))
    return None


def _text(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def disk(free=None, installed=None):
    """Find out whether the disk has room, to install or to save; `free` is in bytes."""
    place = os.getcwd()
    free = shutil.disk_usage(place).free if free is None else free
    installed = bounds.version_of("tensorflow") is not None if installed is None else installed
    needed = DISK_TO_WORK if installed else DISK_TO_INSTALL
    said = f"The disk of this folder has {free / GB:.1f} GB free"
    if free >= needed:
        return Finding("disk", GOOD, f"{said}.")
    what = "to save notebooks and figures" if installed else "to install the course"
    return Finding(
        "disk",
        PROBLEM,
        f"{said}, and {needed / GB:.1f} GB are needed {what}.",
        "Make room, or move the folder of the course to another disk; `pip cache purge` and "
        "`conda clean --all` delete what these have kept.",
    )
