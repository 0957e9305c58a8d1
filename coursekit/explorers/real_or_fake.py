"""Explorer 8: a game. Can you tell the real images from the fake ones, and can the classifier?"""

from math import comb

import numpy as np
import traitlets

from coursekit import arguments, calcium
from coursekit.explorers.base import Array, Explorer, Real, module


class RealOrFake(Explorer):
    """Twenty images to label; then your accuracy beside the classifier's, and the most disputed images.

    `images` is (n, rows, columns) or (n, rows, columns, 1), up to 64 of them; `labels` holds the truth, 0 for real
    and 1 for fake. By default they are twenty simulated images of lecture 09's test recordings, mixed.
    `model` is a Keras classifier of such images with one score for each class; without it, or with
    `probabilities` (n,) of "fake" in its place, only what is given is shown. `guesses` holds 0, 1, or −1 for what
    is not labelled yet; `place` is the image that is looked at, `caption` what is said of all images.

    With `whole_class` it is played by a room: all images at once, `voters` people, and for each image the number of
    hands that go up for "fake" is typed in: `hands`, −1 where it is not counted yet. Who raises none says "real".
    `revealed` tells the truth. Raises ValueError for lengths that differ.

    >>> game = RealOrFake(np.zeros((3, 4, 4)), [0, 1, 1], probabilities=[0.2, 0.9, 0.4], guesses=[0, 0, 1])
    >>> round(game.accuracy, 2), round(game.classifier_accuracy, 2), game.disputed[:2]
    (0.67, 0.67, [1, 2])
    >>> room = RealOrFake(np.zeros((3, 4, 4)), [0, 1, 1], whole_class=True, voters=20, hands=[5, 12, 9])
    >>> round(room.class_accuracy, 2), room.majority_right    # (15 + 12 + 9) / 60 votes; two of three images
    (0.6, 2)
    """

    _esm = module("real_or_fake.js")
    title = "Real or fake?"
    usual_task = (
        "Label every image as real or fake; then see how many you got right, and whether a coin would do as well."
    )
    task_of_a_class = (
        "Who says fake? Count the hands for each image; then see what the room got right, and whether a coin "
        "does as well."
    )
    images = Array([[[0.0]]], ndim=3)
    labels = traitlets.List(traitlets.Int(min=0, max=1)).tag(sync=True)
    probabilities = traitlets.List(Real(min=0, max=1)).tag(sync=True)
    guesses = traitlets.List(traitlets.Int(min=-1, max=1)).tag(sync=True)
    place = traitlets.Int(0, min=0).tag(sync=True)
    caption = traitlets.Unicode().tag(sync=True)
    whole_class = traitlets.Bool().tag(sync=True)
    hands = traitlets.List(traitlets.Int(min=-1)).tag(sync=True)
    voters = traitlets.Int(0, min=0).tag(sync=True)
    revealed = traitlets.Bool().tag(sync=True)

    def __init__(self, images=None, labels=None, model=None, probabilities=None, guesses=None, hands=None, **state):
        if images is None:
            images, labels = _twenty()
            state = {
                "caption": "Simulated images: real ones from a model of the recordings, fakes from a network.",
                **state,
            }
        images, given_labels = arguments.array("images", images, ndim=(3, 4)), labels
        if images.ndim == 4 and images.shape[3] != 1:
            raise ValueError(f"images must be grey, with one channel at most. Received: shape {images.shape}")
        if not 1 <= len(images) <= 64:
            raise ValueError(f"images must be 1 to 64. Received: {len(images)}")
        if model is not None:
            probabilities = _probabilities(model, images)
        probabilities = [] if probabilities is None else [arguments.real("probabilities", p) for p in probabilities]
        labels = [] if labels is None else [int(label) for label in labels]
        if labels and not np.array_equal(labels, np.asarray(given_labels, float)):
            raise ValueError(f"labels must be whole numbers, 0 or 1. Received: {arguments.shown(given_labels)}")
        guesses, hands = (
            [-1] * len(images) if given is None else [int(g) for g in given] for given in (guesses, hands)
        )
        if state.get("whole_class"):
            state = {"task": self.task_of_a_class, **state}
        checked = {"labels": labels, "probabilities": probabilities, "guesses": guesses, "hands": hands}
        for name, given in checked.items():
            if len(given) != len(images) and (given or name != "probabilities"):
                raise ValueError(f"{name} must be {len(images)}, one for each image. Received: {len(given)}")
        super().__init__(
            images=images[..., 0] if images.ndim == 4 else images,
            labels=labels,
            probabilities=probabilities,
            guesses=guesses,
            hands=hands,
            **state,
        )

    @property
    def answered(self):
        """How many images are labelled."""
        return sum(guess >= 0 for guess in self.guesses)

    @property
    def accuracy(self):
        """The share of labelled images that are labelled rightly; None before the first."""
        right = sum(guess == label for guess, label in zip(self.guesses, self.labels))
        return right / self.answered if self.answered else None

    @property
    def classifier_accuracy(self):
        """The share of all images that the classifier gets right; None without one."""
        right = sum((p > 0.5) == label for p, label in zip(self.probabilities, self.labels))
        return right / len(self.labels) if self.probabilities else None

    @property
    def luck(self):
        """The probability that a coin gets as many of the labelled images right, or more."""
        n = self.answered
        right = sum(guess == label for guess, label in zip(self.guesses, self.labels))
        return sum(comb(n, k) for k in range(right, n + 1)) / 2**n

    @property
    def counted(self):
        """Numbers of the images whose hands are counted: with as many voters as hands, at least."""
        return [i for i, count in enumerate(self.hands) if 0 <= count <= self.voters and self.voters]

    @property
    def class_accuracy(self):
        """The share of the room's votes that are right; None before the first image is counted."""
        right = sum(self._right_votes(i) for i in self.counted)
        return right / (self.voters * len(self.counted)) if self.counted else None

    @property
    def majority_right(self):
        """How many of the counted images more than half of the room got right."""
        return sum(2 * self._right_votes(i) > self.voters for i in self.counted)

    def _right_votes(self, i):
        return self.hands[i] if self.labels[i] else self.voters - self.hands[i]

    @property
    def disputed(self):
        """Numbers of the images, the most disputed first: where you and the classifier differ, and it is sure."""
        sure = [abs(p - 0.5) for p in self.probabilities] or [0.5] * len(self.labels)
        opinion = [int(p > 0.5) for p in self.probabilities] or list(self.labels)
        differ = [guess >= 0 and guess != own for guess, own in zip(self.guesses, opinion)]
        return sorted(range(len(self.labels)), key=lambda i: (not differ[i], -sure[i] if differ[i] else sure[i], i))


def _twenty():
    """Return twenty simulated test images and their labels, mixed."""
    test = calcium.load([7, 8], images_per_class=5)
    order = np.random.default_rng(9).permutation(len(test.labels))
    return test.images[order], test.labels[order]


def _probabilities(model, images):
    from coursekit import models  # brings TensorFlow, which the game without a classifier does not need

    scores = models.predict(model, images if images.ndim == 4 else images[..., np.newaxis])
    if scores.ndim != 2 or scores.shape[1] != 2:
        raise ValueError(f"model must give two scores, for real and for fake. Received: shape {scores.shape}")
    return models.probabilities(scores)[:, 1]
