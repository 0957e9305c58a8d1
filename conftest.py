"""What holds for every test, and for a notebook that is tested alone."""

import os
from pathlib import Path


def pytest_addoption(parser):
    parser.addoption(
        "--figures", action="store_true", help="fail where words of a notebook's figure overlap or are cut"
    )


def pytest_configure(config):
    """Let every kernel judge the figures that it shows, if that is asked for: nbval compares no pictures."""
    if config.getoption("--figures"):
        os.environ["PYTHONSTARTUP"] = str(Path(__file__).parent / "tests" / "support" / "kernel_startup.py")


def pytest_collection_modifyitems(items):
    """Let nbval wait a minute for what a cell printed: on a busy machine its five seconds are not enough."""
    for item in items:
        if hasattr(item, "output_timeout"):
            item.output_timeout = 60
