"""What holds for every test, and for a notebook that is tested alone."""

import importlib
import os
from pathlib import Path

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
