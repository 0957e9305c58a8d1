"""Training and prediction with Keras: batches drawn from memory or disk, and a progress bar."""

import numpy as np
from tqdm.auto import tqdm

from coursekit import arguments
from coursekit.backprop import softmax
from coursekit.models.backend import keras, tf


def reproducible(seed=0):
    """Make all that follows repeatable: seed Python, NumPy, Keras, and let TensorFlow add in a fixed order.

    Run again on the same machine, the same code gives the same numbers; on another processor they differ in
    the last digits, which training can amplify. `seed` is an integer from 0 to 2**32 − 1; raises TypeError
    or ValueError for another.

    >>> reproducible(3)
    >>> first = np.random.rand()
    >>> reproducible(3)
    >>> np.random.rand() == first
    True
    """
    keras.utils.set_random_seed(arguments.integer("seed", seed, 0, 2**32 - 1))
    tf.config.experimental.enable_op_determinism()


def batches(images, labels, batch_size=32, shuffle=True, seed=0):
    """Return a tf.data.Dataset of (images, labels) batches, prepared while the model computes.

    `images` is an array (n, ...), `labels` an array (n,). Only the images of a few batches are in memory
    at once beside the arrays themselves, so `images` may be memory-mapped and larger than the memory.
    With `shuffle` every epoch visits all images once in a new order, which `seed` and the seed given to
    `reproducible` decide; without it the order is kept. Raises TypeError for input that is not a numeric array,
    ValueError where the lengths differ or nothing is there.

    >>> [x.shape[0] for x, _ in batches(np.zeros((5, 2)), np.arange(5), batch_size=2)]
    [2, 2, 1]
    """
    images, labels = _examples(images, labels)
    batch_size = arguments.integer("batch_size", batch_size, minimum=1)
    indices = tf.data.Dataset.range(len(images))
    if shuffle:
        indices = indices.shuffle(len(images), seed=arguments.integer("seed", seed, minimum=0))

    def take(chosen):
        return np.asarray(images[chosen]), np.asarray(labels[chosen])

    def gather(chosen):
        x, y = tf.numpy_function(take, [chosen], [images.dtype, labels.dtype])
        return tf.ensure_shape(x, (None, *images.shape[1:])), tf.ensure_shape(y, (None, *labels.shape[1:]))

    counted = -(-len(images) // batch_size)
    stream = indices.batch(batch_size).map(gather).prefetch(2)
    options = tf.data.Options()
    options.threading.private_threadpool_size = 1  # else it competes with the model for the cores
    return stream.apply(tf.data.experimental.assert_cardinality(counted)).with_options(options)


def fit(model, train, validation=None, epochs=2, batch_size=32, seed=0, progress=True):
    """Train a compiled model in place and return its learning curves, {metric: [value of each epoch]}.

    `train` and `validation` are pairs (images, labels), arrays (n, ...) and (n,). It is Keras's own
    `model.fit` on `batches`; `progress` shows a bar with the running loss and accuracy. Raises
    ValueError for a model that is not compiled, for arrays that do not fit together, and, where the loss is
    `SparseCategoricalCrossentropy`, also as a function or by its name, for labels that are none of the classes.

    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    >>> loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    >>> model.compile("adam", loss, metrics=["accuracy"])
    >>> sorted(fit(model, (np.eye(2), [0, 1]), epochs=3, progress=False))
    ['accuracy', 'loss']
    """
    check_model(model, compiled=True)
    epochs = arguments.integer("epochs", epochs, minimum=1)
    stream = batches(*_pair("train", train, model), batch_size=batch_size, seed=seed)
    held_out = None
    if validation is not None:
        held_out = batches(*_pair("validation", validation, model), batch_size=128, shuffle=False)
    callbacks = [_Bar(epochs, len(stream))] if progress else []
    history = model.fit(
        stream, validation_data=held_out, epochs=epochs, callbacks=callbacks, verbose=0, shuffle=False
    )  # the stream shuffles
    return {name: [float(value) for value in values] for name, values in history.history.items()}


def predict(model, images, batch_size=128):
    """Return the model's outputs for images (n, ...), float32 (n, outputs), in the order of the images.

    They are computed in batches of `batch_size`, which may be memory-mapped images too.

    >>> model = keras.Sequential([keras.Input((2, 2, 1)), keras.layers.Flatten()])
    >>> predict(model, np.arange(8).reshape(2, 2, 2, 1)).tolist()
    [[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]]
    """
    check_model(model)
    batch_size = arguments.integer("batch_size", batch_size, minimum=1)
    images, _ = _examples(batch_for(model, "images", images), np.zeros(len(images)))
    parts = (np.asarray(images[start : start + batch_size]) for start in range(0, len(images), batch_size))
    return np.concatenate([np.asarray(model(part, training=False)) for part in parts])


def probabilities(scores):
    """Return softmax probabilities, shape (n, classes), of scores (logits) of that shape.

    >>> probabilities(np.array([[0.0, 0.0], [1000.0, 0.0]])).tolist()
    [[0.5, 0.5], [1.0, 0.0]]
    """
    return softmax(scores)


def activations(model, image):
    """Return every layer's output for one image (h, w, c): {layer name: array without the batch axis}.

    Raises TypeError for anything but a Keras model or an array, ValueError for an image of another shape
    than the model's.

    >>> model = keras.Sequential([keras.Input((6, 6, 1)), keras.layers.MaxPooling2D(3, name="pool")])
    >>> activations(model, np.eye(6)[..., None])["pool"][..., 0].tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    check_model(model)
    reader = keras.Model(model.inputs[0], {layer.name: layer.output for layer in model.layers})
    outputs = reader(batch_for(model, "image", np.asarray(image)[None]), training=False)
    return {layer.name: np.asarray(outputs[layer.name])[0] for layer in model.layers}


def saliency(model, image, output):
    """Return how much each pixel moves one output: |∂ score[output] / ∂ pixel|, same shape as `image`.

    Simonyan, Vedaldi and Zisserman (2013), "Deep inside convolutional networks". `image` is (h, w, c),
    `output` the index of the score. Raises what `activations` raises, and ValueError for an output that
    the model has not.

    >>> model = keras.Sequential([keras.Input((2, 2, 1)), keras.layers.Flatten()])
    >>> saliency(model, np.zeros((2, 2, 1)), output=1)[..., 0].tolist()    # the scores are the pixels
    [[0.0, 1.0], [0.0, 0.0]]
    """
    check_model(model)
    if len(model.output_shape) != 2:
        raise ValueError(f"model must give a score for each class. Received: outputs of shape {model.output_shape[1:]}")
    output = arguments.integer("output", output, 0, model.output_shape[-1] - 1)
    pixels = tf.constant(batch_for(model, "image", np.asarray(image)[None]), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        score = model(pixels, training=False)[0, output]
    return np.abs(tape.gradient(score, pixels).numpy()[0])


class _Bar(keras.callbacks.Callback):
    """A tqdm progress bar over all batches of all epochs."""

    def __init__(self, epochs, steps):
        super().__init__()
        self.epochs, self.steps = epochs, steps

    def on_train_begin(self, logs=None):
        # Until the first batch only a sentence: it is what a saved notebook shows in place of the bar.
        sentence = f"Training, {self.epochs} × {self.steps} batches (run the cell to see its progress)"
        self.bar = tqdm(total=self.epochs * self.steps, desc=sentence, bar_format="{desc}")
        self.bar.bar_format = "{desc} {bar} {n_fmt}/{total_fmt} batches{postfix}"

    def on_epoch_begin(self, epoch, logs=None):
        self.bar.set_description_str(f"epoch {epoch + 1}/{self.epochs}")

    def on_train_batch_end(self, batch, logs=None):
        self.bar.set_postfix_str(", ".join(f"{name} {value:.2f}" for name, value in (logs or {}).items()))
        self.bar.update()

    def on_train_end(self, logs=None):
        self.bar.close()


def _pair(name, value, model):
    """Return `value` if it is a pair whose labels are classes of `model`, where its loss takes classes, or raise."""
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise TypeError(f"{name} must be a pair (images, labels). Received: {_kind(value)}")
    images, labels = _examples(*value)
    function = keras.losses.sparse_categorical_crossentropy
    if isinstance(model.loss, keras.losses.SparseCategoricalCrossentropy) or model.loss in (
        function,
        function.__name__,
    ):
        ignored = [one for one in [getattr(model.loss, "ignore_class", None)] if one is not None]
        wrong = labels[~np.isin(labels, [*range(model.output_shape[-1]), *ignored])]
        if wrong.size:
            expected = f"labels of {name} must be whole numbers from 0 to {model.output_shape[-1] - 1}"
            raise ValueError(f"{expected}, one for each score of the model. Received: {wrong.flat[0]}")
    return images, labels


def _examples(images, labels):
    """Return both as arrays, not copied, or raise; values are not looked at, as they may be on disk."""
    images = arguments.array("images", images, finite=False)
    labels = arguments.array("labels", labels, finite=False)
    if not images.ndim or not labels.ndim or len(images) != len(labels) or not len(images):
        raise ValueError(
            "images and labels must be equally many, and at least one. "
            f"Received: shapes {images.shape} and {labels.shape}"
        )
    return images, labels


def batch_for(model, name, images):
    """Return `images`, the argument called `name`, as an array if the model takes their shape, or raise."""
    images = arguments.array(name, images, finite=False)
    expected, received = model.input_shape[1:], images.shape[1:]
    if len(expected) != len(received) or any(e not in (None, r) for e, r in zip(expected, received)):
        raise ValueError(
            f"{name} must have the shape {expected} that the model takes"
            f"{'' if name == 'image' else ', after an axis that counts them'}. "
            f"Received: shape {images.shape[name == 'image' :]}"
        )
    return images


def _kind(value):
    """Return what `value` is, in a few words."""
    if isinstance(value, (tuple, list)):
        return f"{type(value).__name__} of {len(value)} items"
    return arguments.shown(value)


def check_model(model, compiled=False):
    """Raise unless `model` is a built Keras model, and a compiled one where that is asked."""
    if not isinstance(model, keras.Model):
        raise TypeError(f"model must be a Keras model. Received: {arguments.shown(model)}")
    if not model.built:
        raise ValueError("model must be built: begin it with keras.Input. Received: a model without an input shape")
    for name in ("inputs", "outputs"):
        if len(getattr(model, name, None) or [0]) > 1:
            raise ValueError(f"model must have one input and one output. Received: {len(getattr(model, name))} {name}")
    if compiled and not model.compiled:
        raise ValueError("model must be compiled: call model.compile first. Received: a model that is not")
