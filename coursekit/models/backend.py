"""TensorFlow and Keras, imported once and quietly.

TensorFlow writes start-up notes to the process's standard error, past Python, where a notebook
shows them as if something were wrong. They are kept back here, and shown only if the import fails.
"""

import os
import sys
import tempfile


def _import_quietly():
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
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
    return tensorflow, keras


tf, keras = _import_quietly()
