"""A generative adversarial network for points of a plane, where it can be counted what the generator leaves out.

The data are eight heaps of points on a circle. A generator that makes points of only some of them has *collapsed*.
`make gans` runs this module, which counts them with several seeds (data/ring_gans.json).
"""

import sys

import numpy as np

from coursekit import arguments, studyfiles
from coursekit.models.backend import keras, tf

__all__ = ["HEAPS", "SETTINGS", "STOPS", "covered", "main", "points", "stored_study", "study", "train"]

layers = keras.layers
HEAPS, WIDTH = 8, 0.08  # heaps on the circle of radius 1, and their standard deviation
LATENT, BATCH = 8, 128
CENTRES = np.stack([(np.cos(a), np.sin(a)) for a in 2 * np.pi * np.arange(HEAPS) / HEAPS])


STUDY = "ring_gans.json"
STOPS = (250, 500, 750, 1000)  # steps after which the heaps are counted
SETTINGS = {
    "five to one": {"generator_steps": 5},
    "five to one, penalty": {"generator_steps": 5, "penalty": 1.0},
    "one to one": {},
    "one to one, penalty": {"penalty": 1.0},
}


def points(count, seed=0):
    """Return points of the data: float32 (count, 2), equally likely of each heap.

    >>> points(3).shape
    (3, 2)
    """
    rng = np.random.default_rng([910, arguments.integer("seed", seed, 0)])
    chosen = rng.integers(0, HEAPS, arguments.integer("count", count, 1))
    return (CENTRES[chosen] + WIDTH * rng.standard_normal((len(chosen), 2))).astype(np.float32)


def covered(given):
    """Return how many heaps hold at least 2 % of the points (n, 2), none farther than 4 deviations: 0 to 8.

    Raises TypeError for input that is not a numeric array, ValueError for another shape.

    >>> covered(points(1000)), covered(np.array([[1.0, 0.0], [0.0, 1.0], [5.0, 5.0]]))
    (8, 2)
    """
    given = arguments.array("given", given, ndim=2, dtype=np.float64)
    if not len(given) or given.shape[1] != 2:
        raise ValueError(f"given must have shape (n, 2), n > 0. Received: shape {given.shape}")
    distance = np.linalg.norm(given[:, None] - CENTRES, axis=2)
    inside = (distance == distance.min(axis=1, keepdims=True)) & (distance < 4 * WIDTH)
    return int((inside.mean(axis=0) >= 0.02).sum())


def train(penalty=0.0, generator_steps=1, steps=1000, seed=0, watch=()):
    """Train a generator against a discriminator; return {step: its points (1000, 2)} for the steps in `watch`.

    Both are dense networks with two hidden layers of 64. At each step the discriminator moves once and then the
    generator `generator_steps` times, by Adam. `penalty` times half the mean squared gradient of the score with
    respect to the real points is added to the discriminator's loss: it must not be steep where the data are
    (R1, Mescheder, Geiger and Nowozin 2018, "Which training methods for GANs do actually converge?").

    >>> train(steps=2, watch=[2])[2].shape
    (1000, 2)
    """
    generator_steps = arguments.integer("generator_steps", generator_steps, 1)
    steps, penalty = arguments.integer("steps", steps, 1), arguments.real("penalty", penalty)
    watch = [arguments.integer("watch", step) for step in watch]
    for step in watch:
        if not 1 <= step <= steps:
            raise ValueError(f"watch must name steps from 1 to {steps}. Received: {step}")
    rng = np.random.default_rng([911, arguments.integer("seed", seed, 0)])
    keras.utils.set_random_seed(seed)
    network, opponent = _dense(LATENT, 2), _dense(2, 1)
    play = _rounds(network, opponent, tf.constant(points(20_000, seed)), penalty, generator_steps)
    shown, seen, done = rng.standard_normal((1000, LATENT), np.float32), {}, 0
    for stop in sorted({*watch, steps}):
        play(tf.constant(done), tf.constant(stop), tf.constant([911, seed]))
        seen[stop], done = network(shown).numpy(), stop
    return {number: seen[number] for number in watch}


def _dense(inputs, outputs):
    hidden = [layers.Dense(64, activation="leaky_relu", kernel_initializer="he_normal") for _ in range(2)]
    return keras.Sequential([keras.Input((inputs,)), *hidden, layers.Dense(outputs)])


def _rounds(network, opponent, data, penalty, generator_steps):
    """Return a compiled function (first step, last step, seed) that plays these steps, all in TensorFlow."""
    fast, slow = (keras.optimizers.Adam(rate, beta_1=0.5) for rate in (2e-3, 1e-3))
    fast.build(opponent.trainable_variables), slow.build(network.trainable_variables)

    def discriminate(real, z):
        with tf.GradientTape() as tape:
            with tf.GradientTape() as inner:
                inner.watch(real)
                score = opponent(real)
            steep = tf.reduce_mean(tf.reduce_sum(inner.gradient(score, real) ** 2, axis=1))
            loss = tf.reduce_mean(tf.nn.softplus(-score)) + tf.reduce_mean(tf.nn.softplus(opponent(network(z))))
            loss += penalty / 2 * steep
        fast.apply_gradients(zip(tape.gradient(loss, opponent.trainable_variables), opponent.trainable_variables))

    def generate(z):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.softplus(-opponent(network(z))))
        slow.apply_gradients(zip(tape.gradient(loss, network.trainable_variables), network.trainable_variables))

    @tf.function
    def play(first, last, seed):
        for number in tf.range(first, last):
            drawn = [seed[0] + number, seed[1]]
            chosen = tf.random.stateless_uniform([BATCH], drawn, 0, len(data), tf.int32)
            z = tf.random.stateless_normal([1 + generator_steps, BATCH, LATENT], drawn)
            discriminate(tf.gather(data, chosen), z[0])
            for turn in range(generator_steps):
                generate(z[1 + turn])

    return play


def study(seeds=range(5), stops=STOPS):
    """Return how many heaps are covered after each of `stops` steps, for each setting and seed, for JSON."""
    counts = {}
    for name, setting in SETTINGS.items():
        runs = [train(**setting, steps=max(stops), seed=seed, watch=stops) for seed in seeds]
        counts[name] = [[covered(run[stop]) for stop in stops] for run in runs]
    return {
        "what": "heaps covered by a generator's points, of 8: a row for each seed, a column for each number of steps",
        "made_by": "make gans (python -m coursekit.models.ring_gan)",
        "seeds": list(seeds),
        "steps": list(stops),
        "counts": counts,
    }


def stored_study():
    """Return the stored study: {setting: whole numbers (seeds, stops)}.

    >>> stored_study()["one to one"].shape
    (5, 4)
    """
    counts = studyfiles.read(STUDY)["counts"]
    return {name: np.array(rows) for name, rows in counts.items()}


def main(folder, **settings):
    """Compute the study, with `settings` as arguments of `study`, and write it into `folder`."""
    studyfiles.write(folder, STUDY, lambda: study(**settings))


if __name__ == "__main__":
    main(*sys.argv[1:2])
