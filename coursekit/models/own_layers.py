"""Two layers that old and new networks need and Keras lacks; each says in `spec` what it is."""

from coursekit import specs
from coursekit.models.backend import keras, tf


class LocalResponse(keras.layers.Layer):
    """Local response normalisation: every value divided by (2 + 10⁻⁴ · sum of squares)^0.75.

    The sum is over the values at the same pixel in five neighbouring channels, two on each side. Source:
    Krizhevsky, Sutskever and Hinton (2012), section 3.3, with the constants given there.

    >>> ones = tf.ones((1, 1, 1, 3))  # all three channels are neighbours of one another
    >>> round(float(LocalResponse()(ones)[0, 0, 0, 1]), 5) == round((2 + 1e-4 * 3) ** -0.75, 5)
    True
    """

    spec = specs.Norm("local response")

    def call(self, x):
        return tf.nn.local_response_normalization(x, depth_radius=2, bias=2, alpha=1e-4, beta=0.75)

    def compute_output_shape(self, shape):
        return shape


class ChannelScale(keras.layers.Layer):
    """Each channel times a learned factor, plus a learned shift: 1 and 0 at the start.

    >>> layer = ChannelScale(center=False)
    >>> layer(tf.ones((2, 5, 6, 3))).shape[1:].as_list(), layer.count_params()
    ([5, 6, 3], 3)
    """

    def __init__(self, center=True, scale=True, **settings):
        super().__init__(**settings)
        self.center, self.scale = center, scale
        self.spec = specs.Scale(center, scale)

    def build(self, shape):
        self.factor, self.shift, channels = 1, 0, shape[-1:]
        if self.scale:
            self.factor = self.add_weight(shape=channels, initializer="ones", name="factor")
        if self.center:
            self.shift = self.add_weight(shape=channels, initializer="zeros", name="shift")
        self.built = True

    def call(self, x):
        return x * self.factor + self.shift

    def compute_output_shape(self, shape):
        return shape

    def get_config(self):
        return {**super().get_config(), "center": self.center, "scale": self.scale}
