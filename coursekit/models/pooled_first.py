"""The same network, computed in a cheaper order: pool first, then add the bias and apply ReLU.

The maximum of a window commutes with whatever grows with each of its values, so

    max(relu(conv(x) + bias)) = relu(max(conv(x)) + bias),

and the right side adds biases and applies ReLU to a sixteenth of the numbers where windows are 4 × 4.
`models.fit` trains the network of this module in place of the one that the student wrote; both hold
the same layers, hence the same weights, and compute the same function. tests/benchmarks/bench_training.py
shows what it saves.
"""

from coursekit.models.backend import keras


class PooledFirst(keras.layers.Layer):
    """A convolution with ReLU and the max pooling after it, in the cheaper order; weights are shared."""

    def __init__(self, convolution, pooling):
        super().__init__()
        self.convolution, self.pooling = convolution, pooling

    def build(self, input_shape):
        """Do nothing: both layers have their weights already."""

    def call(self, x):
        pooled = self.pooling(self.convolution.convolution_op(x, self.convolution.kernel))
        return keras.ops.relu(pooled + self.convolution.bias if self.convolution.use_bias else pooled)

    def compute_output_shape(self, shape):
        return self.pooling.compute_output_shape(self.convolution.compute_output_shape(shape))


def reordered(model):
    """Return a compiled network that shares all weights with `model`, in the cheaper order where possible.

    Returns `model` itself where there is nothing to gain: another kind of model than Sequential, no Conv2D
    with ReLU right before a MaxPooling2D, or compiled with more than an optimizer, a loss and metrics.
    """
    settings = model.get_compile_config() or {}
    plain = not any(settings.get(name) for name in ("loss_weights", "weighted_metrics", "run_eagerly"))
    if type(model) is not keras.Sequential or not plain:
        return model
    layers = list(model.layers)
    stack = [keras.Input(batch_shape=model.input_shape, dtype=model.inputs[0].dtype)]
    while layers:
        layer = layers.pop(0)
        stack.append(PooledFirst(layer, layers.pop(0)) if layers and _commute(layer, layers[0]) else layer)
    if len(stack) == len(model.layers) + 1:
        return model
    twin = keras.Sequential(stack)
    metrics = keras.saving.deserialize_keras_object(settings.get("metrics"))  # copies of what are objects
    twin.compile(optimizer=model.optimizer, loss=model.loss, metrics=metrics)
    return twin


def _commute(layer, following):
    return (
        type(layer) is keras.layers.Conv2D
        and type(following) is keras.layers.MaxPooling2D
        and layer.activation is keras.activations.relu
        and layer.activity_regularizer is None
        and layer.data_format == following.data_format == "channels_last"
    )
