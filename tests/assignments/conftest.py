"""What several tests of assignments and releases share."""

import pytest

import cloned


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A git clone of the course, which the tests of a module may spoil."""
    return cloned.course(tmp_path_factory.mktemp("course"))
