"""What explorers of a picture share: where it comes from."""

import numpy as np
import traitlets

from coursekit import images
from coursekit.explorers.base import Array, Explorer


class PictureExplorer(Explorer):
    """An explorer with a grey `picture` (rows, columns) that the browser may exchange for another shipped one."""

    picture = Array([[0]], ndim=2)
    _own_pictures = traitlets.List().tag(sync=True)
    _own_wanted = traitlets.Unicode().tag(sync=True)  # the name of the shipped picture that the browser asks for

    def __init__(self, picture, **state):
        super().__init__(picture=grey(picture), **state)
        self._own_pictures = images.names()
        self.observe(self._fetch, "_own_wanted")
        self.on_msg(self._read)

    def _fetch(self, change):
        if change["new"]:
            self.picture = grey(change["new"])

    def _read(self, _, message, buffers):
        """Take the file that the browser could not read, {"file": name}, or tell it why Python cannot either."""
        if not isinstance(message, dict) or "file" not in message or len(buffers) != 1:
            return
        try:
            self.picture, fault = grey(bytes(buffers[0])), ""
        except (ValueError, TypeError, OSError) as error:
            fault = f"{message['file']} cannot be read: {str(error).splitlines()[0].rstrip('.')}."
        self._own_wanted = ""
        self.send({"read": message["file"], "fault": fault})


def grey(picture):
    """Return an array as it is, and whatever else `images.load` takes in grey, shrunk to 256 pixels."""
    if isinstance(picture, (np.ndarray, list, tuple)):
        return picture
    return images.load(picture, grey=True, size=256)
