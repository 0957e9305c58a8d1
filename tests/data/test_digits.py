"""The digits that ship with the course: what they are, that they can be learned, and that they are made again."""

import re
import subprocess
import sys
import types

import numpy as np
import pytest

import project
from coursekit import datafiles, digits

SIZES = {"train": 4000, "test": 1000}


@pytest.fixture(scope="module")
def loaded():
    return {part: digits.load(part) for part in SIZES}


@pytest.mark.parametrize("part", SIZES)
def test_digits_are_pictures_of_ink_on_paper(part, loaded):
    images, labels = loaded[part]
    assert images.shape == (SIZES[part], 28, 28) and images.dtype == np.float32
    assert labels.shape == (SIZES[part],) and labels.dtype == np.int64
    assert images.min() == 0 and images.max() == 1
    assert np.all(images.max(axis=(1, 2)) > 0.8)  # there is ink on each
    frame = np.concatenate([images[:, :2].ravel(), images[:, -2:].ravel()])
    assert frame.mean() < 0.1 < images[:, 10:18, 10:18].mean()  # in its middle


@pytest.mark.parametrize("part", SIZES)
def test_every_digit_is_there_equally_often_in_random_order(part, loaded):
    labels = loaded[part][1]
    assert np.bincount(labels).tolist() == [SIZES[part] // 10] * 10
    assert np.bincount(labels[:500], minlength=10).min() > 25


def test_no_digit_stands_twice_or_in_both_parts(loaded):
    everything = np.concatenate([images.reshape(len(images), -1) for images, _ in loaded.values()])
    assert len(np.unique(everything, axis=0)) == len(everything)


def test_digits_differ_by_noise_shift_and_thickness(loaded):
    images, labels = loaded["train"]
    ones = images[labels == 1]
    assert np.std(ones.sum(axis=(1, 2))) > 10  # thin and bold ones
    columns = (ones.sum(axis=1) @ np.arange(28)) / ones.sum(axis=(1, 2))
    assert np.std(columns) > 1  # left and right ones
    assert 0.01 < np.std(images[:, 0, 0]) < 0.1  # an empty corner is not quite empty


def test_a_digit_can_be_told_from_its_pixels_but_not_without_effort(loaded):
    """The nearest mean picture is right more often than not, the nearest picture nearly always."""
    (x, y), (images, labels) = loaded["train"], loaded["test"]
    x, images = x.reshape(len(x), -1), images.reshape(len(images), -1)
    means = np.stack([x[y == digit].mean(axis=0) for digit in range(10)])

    def right(references, names):
        distances = (references**2).sum(axis=1) - 2 * images @ references.T
        return np.mean(names[distances.argmin(axis=1)] == labels)

    assert 0.5 < right(means, np.arange(10)) < 0.9 < right(x, y) < 1


def test_count_takes_the_first_and_the_arrays_are_the_callers_own(loaded):
    images, labels = digits.load("test", 7)
    np.testing.assert_array_equal(images, loaded["test"][0][:7])
    np.testing.assert_array_equal(labels, loaded["test"][1][:7])
    images[:], labels[:] = 5, 5
    np.testing.assert_array_equal(digits.load("test", 7)[0], loaded["test"][0][:7])


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        (("Train",), {}, ValueError, "part must be one of 'train', 'test'. Received: 'Train'"),
        ((3,), {}, ValueError, "part must be one of 'train', 'test'. Received: 3"),
        (("train", 0), {}, ValueError, "count must be an integer from 1 to 4000. Received: 0"),
        (("test", 1001), {}, ValueError, "count must be an integer from 1 to 1000. Received: 1001"),
        (("test", 2.5), {}, TypeError, "count must be an integer"),
        (("test",), {"source": "MNIST"}, ValueError, "source must be one of 'simulated', 'mnist'. Received: 'MNIST'"),
    ],
)
def test_other_arguments_are_named(arguments, options, error, message):
    with pytest.raises(error, match=re.escape(message)):
        digits.load(*arguments, **options)


def test_loading_needs_neither_the_network_nor_anything_heavy():
    script = (
        "import socket, sys; socket.socket = None\nfrom coursekit import digits; digits.load('train')\n"
        "print([m for m in ('tensorflow', 'keras', 'matplotlib', 'PIL') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=project.ROOT, capture_output=True, text=True, env=project.environment()
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


# ---------------------------------------------------------------- how they are made


def test_the_script_writes_the_same_bytes_twice_and_the_pixels_that_are_shipped(tmp_path, loaded):
    """The shapes of letters come from the installed matplotlib: a new version of it may move a few shades."""
    runs = [
        subprocess.Popen(
            [sys.executable, "data/make_digits.py", tmp_path / folder],
            cwd=project.ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=project.environment(),
        )
        for folder in ("one", "two")
    ]
    for run in runs:
        shown, _ = run.communicate(timeout=300)
        if "does not carry the font" in shown:  # matplotlib 3.8
            pytest.skip(shown.strip())
        assert run.returncode == 0, shown
    for part in SIZES:
        one, two = (tmp_path / folder / f"{part}.npz" for folder in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
        with np.load(one) as made, np.load(datafiles.path("digits", f"{part}.npz")) as shipped:
            np.testing.assert_array_equal(made["labels"], shipped["labels"])
            assert np.mean(made["images"] == shipped["images"]) > 0.98


def test_a_damaged_file_is_not_taken_for_digits(monkeypatch):
    monkeypatch.setattr(datafiles, "checksums", lambda: {"digits/test.npz": "0" * 64})
    with pytest.raises(ValueError, match="digits/test.npz' is damaged"):
        digits.load("test")


def test_the_files_are_small():
    assert sum(datafiles.path("digits", f"{part}.npz").stat().st_size for part in SIZES) < 1_200_000


# ---------------------------------------------------------------- MNIST


@pytest.fixture
def mnist(monkeypatch):
    """A stand-in for keras.datasets.mnist; its `load_data` is to be set."""
    from coursekit.models import downloads as module

    stand_in = types.SimpleNamespace(load_data=None)
    monkeypatch.setattr(module, "keras", types.SimpleNamespace(datasets=types.SimpleNamespace(mnist=stand_in)))
    return stand_in


def test_mnist_arrives_in_the_same_form_and_quietly(mnist, capsys):
    def load_data():
        print("Downloading data")
        parts = [
            (np.full((n, 28, 28), value, np.uint8), np.arange(n, dtype=np.uint8) % 10)
            for n, value in ((60, 255), (20, 51))
        ]
        return tuple(parts)

    mnist.load_data = load_data
    images, labels = digits.load("train", source="mnist")
    assert (images.shape, images.dtype, labels.dtype) == ((60, 28, 28), np.float32, np.int64)
    assert images.max() == 1 and labels[13] == 3
    images, labels = digits.load("test", 4, source="mnist")
    np.testing.assert_allclose(images, np.full((4, 28, 28), 0.2), rtol=1e-6)
    assert labels.tolist() == [0, 1, 2, 3] and capsys.readouterr() == ("", "")


def test_without_a_network_mnist_says_what_to_do(mnist):
    def load_data():
        raise Exception("URL fetch failure on https://example.org/mnist.npz: None -- no route")

    mnist.load_data = load_data
    with pytest.raises(OSError, match='could not be downloaded.*use source="simulated".*no route'):
        digits.load("train", source="mnist")


def test_what_keras_itself_raises_without_a_network_is_told_the_same_way(tmp_path):
    script = (
        "import socket\ndef refused(*unused, **named): raise OSError('the network is cut')\n"
        "from coursekit import digits\nimport coursekit.models\n"
        "socket.create_connection = socket.getaddrinfo = refused\n"
        "try: digits.load('test', source='mnist')\nexcept OSError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=project.ROOT,
        capture_output=True,
        text=True,
        env=project.environment(KERAS_HOME=str(tmp_path), HOME=str(tmp_path)),
    )
    assert done.stdout.startswith("MNIST could not be downloaded.") and "the network is cut" in done.stdout
