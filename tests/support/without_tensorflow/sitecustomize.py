"""A Python that is started with this folder on its path has no TensorFlow, and neither have those that it starts."""

import sys
from importlib.machinery import PathFinder

HIDDEN = ("tensorflow", "keras")


class Finder(PathFinder):
    """Python's own, that finds neither TensorFlow nor Keras."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in HIDDEN else PathFinder.find_spec(name, path, target)


sys.meta_path[:] = [Finder if finder is PathFinder else finder for finder in sys.meta_path]
