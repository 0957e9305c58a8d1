"""What holds for every test, and for a notebook that is tested alone."""

import timing


def pytest_configure(config):
    config.pluginmanager.register(timing)


def pytest_collection_modifyitems(items):
    """Let nbval wait a minute for what a cell printed: on a busy machine its five seconds are not enough."""
    for item in items:
        if hasattr(item, "output_timeout"):
            item.output_timeout = 60
