"""Training of the generator that makes the course's fake brain images.

`make generator` runs this module: a warm start by maximum likelihood, then an adversarial game, in
about five minutes on two cores. The same seed gives the same weights on the same machine.
"""

import io
import json
import platform
import sys
from pathlib import Path

import numpy as np
from tqdm.auto import tqdm

from coursekit import datafiles, disk
from coursekit.calcium import anatomy, generator, simulator
from coursekit.calcium.generator import LATENT
from coursekit.models import gan
from coursekit.models.backend import keras, tf

BATCH = 16
FRAMES_PER_SEGMENT = 200  # of each of the ten segments


def warm_start(network, frames, steps=250, seed=0, progress=None):
    """Train the generator to draw given frames from their principal components, in place.

    Without it the first hundreds of adversarial steps show nothing but noise. The whitened scores of
    the 64 leading principal components of the frames (n, 128, 128, 1) serve as z; the loss is the
    negative log-likelihood of the frame under a Gaussian with the generator's signal as mean and
    its noise as deviation. `progress` is called with the text of each step. Returns the losses.
    """
    scores = _principal_scores(frames[..., 0], seed)
    maps = keras.Model(
        network.inputs[0], [network.get_layer("enlarged_signal").output, network.get_layer("enlarged_strength").output]
    )
    optimizer = keras.optimizers.Adam(2e-3, global_clipnorm=5.0)
    rng = np.random.default_rng([500, seed])

    @tf.function
    def step(z, x):
        with tf.GradientTape() as tape:
            signal, strength = maps(z, training=True)
            deviation = 1.03 * strength + 0.01
            loss = tf.reduce_mean(0.5 * tf.square((x - signal) / deviation) + tf.math.log(deviation))
        variables = maps.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return loss

    losses = []
    for number in range(steps):
        chosen = rng.integers(0, len(frames), 4 * BATCH)
        z = scores[chosen] + 0.1 * rng.standard_normal((len(chosen), LATENT))
        losses.append(float(step(tf.constant(z, tf.float32), tf.constant(frames[chosen]))))
        if progress:
            progress(f"warm start {number + 1}/{steps}, loss {losses[-1]:.3f}")
    return losses


def adversarial(network, opponent, frames, windows, steps=900, seed=0, progress=None):
    """Train generator and discriminator against each other; return the averaged generator weights.

    `frames` (n, 128, 128, 1) are recorded images, `windows` (m, 128, 128, 1) the windows that fakes
    are given: a generator that had to invent the window's edge would give itself away by it. Real
    labels are 0.9 instead of 1 (one-sided smoothing). Every fifth step the weights enter a running
    average, which makes smoother images than the last step's. Returns weights as `get_weights` does.
    """
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    slow, fast = (keras.optimizers.Adam(rate, beta_1=0.0, beta_2=0.99) for rate in (3e-4, 1e-3))

    @tf.function
    def step(x, z, white, window):
        with tf.GradientTape(persistent=True) as tape:
            fakes = network([z, white], training=True) * window
            real, fake = opponent(x, training=True), opponent(fakes, training=True)
            loss_d = cross_entropy(0.9 * tf.ones_like(real), real) + cross_entropy(tf.zeros_like(fake), fake)
            loss_g = cross_entropy(tf.ones_like(fake), fake)
        for loss, model, optimizer in ((loss_d, opponent, fast), (loss_g, network, slow)):
            variables = model.trainable_variables
            optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return loss_d, loss_g

    rng = np.random.default_rng([600, seed])
    average = network.get_weights()
    for number in range(steps):
        x = frames[rng.integers(0, len(frames), BATCH)]
        z, white = rng.standard_normal((BATCH, LATENT)), rng.standard_normal((BATCH, 128, 128, 1))
        window = windows[rng.integers(0, len(windows), BATCH)]
        loss_d, loss_g = step(*(tf.constant(v, tf.float32) for v in (x, z, white, window)))
        if number % 5 == 4:
            average = [old + 0.02 * (new - old) for old, new in zip(average, network.get_weights())]
        if progress:
            progress(f"adversarial {number + 1}/{steps}, D {float(loss_d):.3f}, G {float(loss_g):.3f}")
    return average


def main(folder, warm_steps=250, steps=900, seed=0):
    """Train the generator and write its weights and their provenance into `folder`, created if need be.

    What interrupts it leaves the files of `folder` as they were.
    """
    folder = disk.writable_folder(folder)  # known now, not after minutes of training
    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(seed)
    recorded = np.concatenate(
        [
            frames
            for segment in simulator.ANIMALS_OF_SEGMENT
            for frames, _ in simulator.blocks(segment, FRAMES_PER_SEGMENT)
        ]
    )
    scale = float(recorded.std())
    frames = (recorded / scale)[..., None]
    windows = np.stack([anatomy.animal(i).window for i in anatomy.ANIMALS])[..., None].astype(np.float32)
    network, opponent = gan.generator(normalised=True), gan.discriminator()
    with tqdm(total=warm_steps + steps, file=sys.stdout, unit="step") as bar:

        def progress(text):
            bar.update()
            bar.set_description(text)

        warm_start(network, frames, warm_steps, seed, progress)
        network.set_weights(adversarial(network, opponent, frames, windows, steps, seed, progress))
    weights = {"scale": np.float32(scale), **gan.folded(network)}
    save(folder, weights, {"seed": seed, "warm_start_steps": warm_steps, "adversarial_steps": steps})


def save(folder, weights, settings):
    """Write `weights` (float16), how they were made (JSON) and their checksum into `folder`, all or none."""
    packed = io.BytesIO()
    stored = {name: np.asarray(w, np.float16) if w.ndim else w for name, w in weights.items()}
    np.savez_compressed(packed, **stored)
    provenance = {
        "what": "weights of the generator of simulated fake brain images, batch normalisation folded in, float16",
        "made_by": "make generator (python -m coursekit.models.gan_training)",
        "trained_on": f"the first {FRAMES_PER_SEGMENT} simulated frames of each segment 0 to 9",
        **settings,
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
        },
        "parameters": int(sum(np.size(w) for name, w in weights.items() if name != "scale")),
    }
    written = (json.dumps(provenance, indent=2) + "\n").encode()
    checksums = datafiles.with_checksum(folder, generator.WEIGHTS, packed.getvalue()).encode()
    with (
        disk.replacing(Path(folder, generator.WEIGHTS), packed.tell(), overwrite=True) as weights_file,
        disk.replacing(Path(folder, generator.PROVENANCE), len(written), overwrite=True) as provenance_file,
        disk.replacing(Path(folder, datafiles.CHECKSUMS), len(checksums), overwrite=True) as checksums_file,
    ):
        weights_file.write(packed.getvalue())
        provenance_file.write(written)
        checksums_file.write(checksums)


def _principal_scores(frames, seed):
    """Whitened scores (n, 64) of the leading principal components at half resolution, clipped to ±3.5.

    Randomised subspace iteration (Halko, Martinsson and Tropp, SIAM Review 53, 2011, doi 10.1137/090771806).
    """
    half = frames.reshape(len(frames), 64, 2, 64, 2).mean((2, 4)).reshape(len(frames), -1)
    centred = half - half.mean(axis=0)
    rng = np.random.default_rng([700, seed])
    basis = centred @ rng.standard_normal((half.shape[1], LATENT + 10), np.float32)
    for _ in range(2):
        basis = np.linalg.qr(centred @ (centred.T @ np.linalg.qr(basis)[0]))[0]
    components = np.linalg.svd(basis.T @ centred, full_matrices=False)[2][:LATENT]
    scores = centred @ components.T
    return np.clip(scores / scores.std(axis=0), -3.5, 3.5).astype(np.float32)


if __name__ == "__main__":
    main(*sys.argv[1:2])
