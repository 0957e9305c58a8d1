"""What holds for every test, and for a notebook that is tested alone."""

import importlib
import os
import secrets
import socket
from pathlib import Path

from jupyter_client.connect import LocalPortCache

SUPPORT = Path(__file__).parent / "tests" / "support"  # which students do not have
collect_ignore_glob = ["assignments/*/*.py"]  # modules of one name; `pytest assignments` means the notebooks


def pytest_addoption(parser):
    parser.addoption(
        "--figures", action="store_true", help="fail where words of a notebook's figure overlap or are cut"
    )


def pytest_configure(config):
    """Report how long files and lectures took; if asked to, let kernels judge figures: nbval compares no pictures."""
    if SUPPORT.exists():
        config.pluginmanager.register(importlib.import_module("timing"))
        if config.getoption("--figures"):
            os.environ["PYTHONSTARTUP"] = str(SUPPORT / "kernel_startup.py")


def pytest_collection_modifyitems(items):
    """Let nbval wait a minute for what a cell printed: on a busy machine its five seconds are not enough."""
    for item in items:
        if hasattr(item, "output_timeout"):
            item.output_timeout = 60


def own_port(self, ip):
    """Return a port for a kernel that neither the system gives to anybody nor another worker of pytest takes.

    jupyter_client chooses ports seconds before a kernel takes them: who gets one meanwhile keeps it from starting.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    step = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 1))
    while True:
        port = 10_000 + step * secrets.randbelow(20_000 // step) + worker
        with socket.socket() as tried:
            if port not in self.currently_used_ports and tried.connect_ex((ip, port)):  # nobody listens there
                self.currently_used_ports.add(port)
                return port


LocalPortCache.find_available_port = own_port
