"""Networks of a submission as files: what a test asks about them is answered where no student's code runs.

The notebook's process stores a network (`network.save`), and that is all it is asked for. The file goes to a
second sandbox with `stored.py` as its only cell. Held-out frames never reach the student's process.
"""

import contextlib
import functools
import hashlib
from pathlib import Path

import numpy as np

from coursekit.assignments.compare import disagreement
from coursekit.grading import stored
from coursekit.grading.proxy import Missing, RemoteObject
from coursekit.grading.session import Session
from coursekit.grading.worker import stored as stored_here

MOST_BYTES, MOST_SCORE = 20_000_000, 1e30
DIFFERENT = 0.02  # of the pairs of held-out frames, which two different networks put in different orders
PART = 64  # frames that a network is shown at a time
_NO_WEIGHTS = ("InputLayer", "Activation", "ReLU", "Flatten", "Reshape", "Dropout", "Rescaling")


class Networks:
    """Answers tests about the networks of one submission; to be used with `with`.

    `session` is that of the notebook; without one, networks are objects of this process, and `names` a dictionary
    with them: for the lecturer's own notebook. `held_out` has the arrays "images" (n, 128, 128, 1) and "labels" (n,).
    """

    def __init__(self, session=None, held_out=None, names=None):
        self.session, self.held_out, self.names = session, held_out, names or {}
        self.apart, self.scores, self.shown = None, {}, None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.apart is not None:
            self.apart.close()

    def layers(self, network):
        """Return [(class, settings), …] of the layers that compute, as the network's file describes them."""
        found = self._question("layers")(self._file(network))
        return [(str(kind), dict(settings)) for kind, settings in found if kind not in _NO_WEIGHTS]

    def accuracy(self, name, network, record=None, unlike=None):
        """Return the share of the held-out frames that the network called `name` has right.

        It is 0 for one that orders the frames as the network `unlike` does: a copy, or scaled. `record`
        notes the best so far as "accuracy". Raises AssertionError where there are no usable scores.
        """
        scores = self._scores(name, network)
        other = self._get(unlike) if unlike else None
        if other is not None:
            with contextlib.suppress(Exception):  # a first that has no scores takes nothing from the second
                if disagreement(scores, self._scores(unlike, other)) < DIFFERENT:
                    return 0.0
        share = float(np.mean(scores.argmax(axis=1) == self.held_out["labels"]))
        if record is not None:
            self.best = max(share, getattr(self, "best", 0.0))
            record("accuracy", self.best)
        return share

    def _scores(self, name, network):
        """Return the scores of a network, which is asked once, whatever comes of it."""
        if name not in self.scores:
            self.scores[name] = None
            self.scores[name] = self._predict(self._file(network))
        assert self.scores[name] is not None, "there are no usable scores"
        return self.scores[name]

    def _predict(self, data):
        """Return scores (n, 2) for the held-out frames, which are shown in an order that this file decides."""
        secret = self._secret.copy()
        secret.update(data)
        order = np.random.default_rng(int.from_bytes(secret.digest(), "little")).permutation(
            len(self.held_out["labels"])
        )
        parts = np.array_split(order, -(-len(order) // PART))
        found = np.concatenate([_checked(self._ask_scores(data, part), len(part)) for part in parts])
        return found[np.argsort(order)]

    @functools.cached_property
    def _secret(self):
        return hashlib.sha256(self.held_out["images"].tobytes() + self.held_out["labels"].tobytes())

    def _ask_scores(self, data, chosen):
        """Ask for the scores of some frames, all of which are shown first to a process that has not seen them."""
        function = self._question("scores")  # it may be of a new process, the old one having ended
        if self.apart is None or self.shown != self.apart.generation:
            images, show = self.held_out["images"], self._question("show")
            for number in range(-(-len(images) // stored.BLOCK)):
                show(number, images[number * stored.BLOCK : (number + 1) * stored.BLOCK])
            self.shown = self.apart and self.apart.generation
        return function(data, chosen)

    def _file(self, network):
        here = not isinstance(network, RemoteObject)
        data = stored_here(network) if here else self.session.stored(network)
        assert isinstance(data, bytes) and len(data) <= MOST_BYTES, "a network is stored in a file of at most 20 MB"
        return data

    def _question(self, question):
        """Return the function of `stored` of that name, in the second sandbox."""
        if self.session is None:
            return getattr(stored, question)
        if self.apart is None:
            source = Path(stored.__file__).read_text(encoding="utf-8")
            self.apart = Session(self.session.sandbox, [[0, source]], self.session.limits)
        return self.apart.get(question)

    def _get(self, name):
        found = self.names.get(name) if self.session is None else self.session.get(name)
        return None if found is Missing or found is Ellipsis else found


def _checked(scores, frames):
    assert type(scores) is np.ndarray and scores.shape == (frames, 2), "there are two scores for each frame"
    assert scores.dtype.kind == "f" and np.isfinite(scores).all() and np.abs(scores).max() < MOST_SCORE
    return scores.astype(float)
