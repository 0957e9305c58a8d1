"""The feature map of any Keras model, by automatic differentiation."""

from coursekit import arguments
from coursekit.models import training
from coursekit.models.backend import tf


def model_features(model, x, output=0):
    """Return ∇f(x) of a Keras model, (n, parameters), in the order and number type of its trainable weights.

    `x` is (n, …) as the model takes it, and f its output number `output`; the model must give out (n, outputs). None
    asks for the slopes of all outputs, (n, outputs, parameters). The kernel of one output is features @ features.T.
    At a ReLU's kink the slope is 0. The model runs as in prediction, not in training.

    Raises TypeError for anything but a Keras model, ValueError for inputs or an output that it does not have, and for
    a model without trainable weights.

    >>> from coursekit.models.backend import keras
    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> model_features(model, [[3.0, 4.0]]).tolist()    # to the two weights and the bias
    [[3.0, 4.0, 1.0]]
    """
    training.check_model(model)
    if len(model.output_shape) != 2:
        raise ValueError(f"model must give out (n, outputs). Received: shape {model.output_shape}")
    if output is not None:
        output = arguments.integer("output", output, 0, model.output_shape[1] - 1)
    x = training.batch_for(model, "x", x)
    weights = [weight.value for weight in model.trainable_weights]
    if not weights or not len(x):
        raise ValueError(
            f"model must have trainable weights, and x an input. Received: {len(weights)} weights, {len(x)} inputs"
        )

    def slopes(one):
        """(outputs, parameters) of one input: in a batch, each would be differentiated for the sake of all others."""
        with tf.GradientTape() as tape:
            scores = model(one[None], training=False)[0]
            f = scores if output is None else scores[output : output + 1]
        parts = tape.jacobian(f, weights, unconnected_gradients="zero")
        return tf.concat([tf.reshape(part, (f.shape[0], -1)) for part in parts], axis=1)

    @tf.function(autograph=False)
    def every(batch):
        return tf.map_fn(slopes, batch, fn_output_signature=weights[0].dtype)

    found = every(tf.cast(x, model.inputs[0].dtype)).numpy()
    return found if output is None else found[:, 0]
