"""Archives: whole, of several versions, damaged, hostile."""

import io
import zipfile

from small_assignment import POSSIBLE, RELEASED, SOFTMAX, VICTIM, Submission, data, notebook


def zipped(**files):
    """Return the bytes of a zip file of {name: bytes}."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def _archive(content, points=(0, 0, 0), says=""):
    return Submission(content, points, says, ".zip")


_whole = zipped(**{"hw0_small.ipynb": data(notebook())})
_helper = notebook(softmax="import helper\nsoftmax = helper.softmax\nassert open('values.csv').read() == '1,2'")
ARCHIVES = {
    "a zip file": _archive(_whole, POSSIBLE),
    "a zip file with a module and data": _archive(
        zipped(
            **{
                "work/hw0_small.ipynb": data(_helper),
                "work/values.csv": b"1,2",
                "work/helper.py": b"import numpy as np\n" + SOFTMAX.encode(),
            }
        ),
        POSSIBLE,
    ),
    "a zip file of several versions": _archive(
        zipped(
            **{
                "hw0_small.ipynb": data(RELEASED),
                "hw0_small-2.ipynb": data(notebook()),
                "__MACOSX/._x.ipynb": b"\0",
                ".ipynb_checkpoints/hw0_small-checkpoint.ipynb": b"{}",
            }
        ),
        POSSIBLE,
        "took hw0_small-2.ipynb of 2 notebooks",
    ),
    "truncated zip": _archive(_whole[:-30], says="damaged or truncated"),
    "damaged zip": _archive(_whole[:60] + b"\xff" * 40 + _whole[100:], says="cannot be read"),
    "no zip": _archive(b"PK\x03\x04 and then nothing", says="damaged or truncated"),
    "zip without a notebook": _archive(zipped(**{"answers.pdf": b"%PDF"}), says="no notebook (.ipynb)"),
    "zip bomb": _archive(zipped(**{"hw0_small.ipynb": b" " * (70 << 20)}), says="unpacks to more than 64 MB"),
    "zip bomb of many": _archive(zipped(**{f"{n}.txt": bytes(30 << 20) for n in range(9)}), says="more than 256 MB"),
    "path traversal in zip": _archive(
        zipped(
            **{
                f"../../../../../../..{VICTIM}/written": b"x",
                f"{VICTIM}/grades.txt": b"x",
                "..": b"x",
                "a/..": b"x",
                "a/.ipynb": b"x",
                "hw0_small.ipynb": data(notebook()),
            }
        ),
        POSSIBLE,
    ),
}
