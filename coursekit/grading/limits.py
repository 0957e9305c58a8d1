"""What a submission may use: seconds, memory, files and processes."""

from dataclasses import dataclass, fields

from coursekit.arguments import real


@dataclass(frozen=True)
class Limits:
    """The limits of one submission; times in seconds, sizes in megabytes.

    `cell_seconds` bounds one cell, `call_seconds` one call of a student's function by a test, and
    `total_seconds` all of it; `memory_mb` the address space of a process, and what all processes of the
    submission hold together; `disk_mb` what they may write (into memory: it is gone with the sandbox);
    `processes` how many processes and threads there may be.

    >>> Limits(cell_seconds=5).call_seconds
    10.0
    >>> Limits(memory_mb=-1)
    Traceback (most recent call last):
    ...
    ValueError: memory_mb must be a finite number greater than 0. Received: -1
    """

    cell_seconds: float = 30.0
    call_seconds: float = 10.0
    total_seconds: float = 240.0
    memory_mb: float = 4096.0
    disk_mb: float = 256.0
    processes: float = 128.0

    def __post_init__(self):
        for field in fields(self):
            object.__setattr__(self, field.name, real(field.name, getattr(self, field.name), above=0))

    def of_the_kernel(self, sandboxed=True):
        """Return {name in `resource`: value}; without a sandbox the processes of the user are not limited."""
        megabyte = 1 << 20
        limits = {
            "AS": int(self.memory_mb * megabyte),
            "FSIZE": int(self.disk_mb * megabyte),
            "CPU": int(self.total_seconds) + 5,
            "NOFILE": 256,
            "CORE": 0,
        }
        return {**limits, "NPROC": int(self.processes)} if sandboxed else limits
