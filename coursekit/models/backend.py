"""TensorFlow and Keras, imported once and quietly.

TensorFlow writes start-up notes to the process's standard error, past Python, where a notebook
shows them as if something were wrong. They are kept back here, and shown only if the import fails.

The course needs Keras on TensorFlow, with channels last and float32. What a keras.json of another project, or the
variable KERAS_BACKEND, says otherwise does not count in this process.
"""

import os
import sys
import tempfile

from coursekit.models import missing


def _import_quietly():
    missing.require()
    running = sys.modules.get("keras")
    if running is not None and running.config.backend() != "tensorflow":
        raise ImportError(
            f"Keras already runs here on {running.config.backend()!r}, and the course needs it on TensorFlow: restart "
            "the kernel and import coursekit.models before keras, or set KERAS_BACKEND=tensorflow"
        )
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as notes:
        os.dup2(notes.fileno(), 2)
        try:
            import keras
            import tensorflow

            tensorflow.constant(0)  # starts the runtime, which has notes of its own
        except BaseException:
            notes.seek(0)
            os.write(kept, notes.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)
    keras.config.set_image_data_format("channels_last")
    keras.config.set_floatx("float32")
    return tensorflow, keras


tf, keras = _import_quietly()
