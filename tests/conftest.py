"""Settings that all tests share."""

import importlib
import signal

import pytest
from hypothesis import settings

import browser
import cloned
import equipment
from slides import parts

# The same examples in every run of the same tests and code, so that two runs agree (constants of modules that are
# imported are tried, too), and no deadline: a busy machine is no fault.
settings.register_profile("course", derandomize=True, deadline=None)
settings.load_profile("course")

# A shell that starts a job in the background, as some CI machines do, tells it to ignore Ctrl-C, and so
# it would be for every process that a test starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config):
    config.pluginmanager.register(equipment)  # each test sees the tools that it names, and no other


@pytest.fixture
def no_figures_left():
    """For tests that draw: no figure is open before a test, and none after it; its words can be read."""
    plt = importlib.import_module("matplotlib.pyplot")  # not before a test draws
    plt.close("all")
    yield
    layout = importlib.import_module("figure_layout")
    faults = [fault for number in plt.get_fignums() for fault in layout.faults(plt.figure(number))]
    plt.close("all")
    assert faults == []


@pytest.fixture(scope="module")
def chromium():
    """A Chromium for all tests of a module; see browser.running. (Its event loop would disturb notebooks.)"""
    with browser.running() as started:
        yield started


@pytest.fixture(scope="session")
def slide_parts():
    """The folder of the slides' front-end parts, which npm fetches once."""
    return parts.fetch()


@pytest.fixture(scope="module")
def opened_tab(chromium):
    opened = browser.Page(chromium)
    yield opened
    opened.close()


@pytest.fixture
def tab(opened_tab):
    """A browser page as new, light, 1100 pixels wide; `tab.show(explorer)` shows an explorer there."""
    opened_tab.clear()
    return opened_tab


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A git clone of the course, which the tests of a module may spoil."""
    return cloned.course(tmp_path_factory.mktemp("course"))
