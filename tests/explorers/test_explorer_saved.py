"""What a stored notebook shows of an explorer: a picture with an alt text beside its text form, and no widget."""

import base64
import io

import nbformat
import numpy as np
import pytest
from nbformat import v4
from PIL import Image

import outputs


@pytest.mark.needs("chromium")
def test_a_stored_notebook_has_a_picture_of_each_explorer_with_an_alt_text(tmp_path):
    source = "from coursekit.explorers import WayBack, Convolution1D\n1 + 1"
    notebook = v4.new_notebook(
        cells=[v4.new_code_cell(text) for text in (source, "WayBack()", "Convolution1D(position=2)")]
    )
    path = tmp_path / "some.ipynb"
    nbformat.write(notebook, path)
    outputs.run(path)
    cells = nbformat.read(path, as_version=4).cells
    assert [cell.execution_count for cell in cells] == [1, 2, 3] and cells[0].outputs[0].data == {"text/plain": "2"}
    for cell, alt in ((cells[1], "The way back: x, row 1"), (cells[2], "Convolution of a signal: Output 2 is")):
        [output] = cell.outputs
        assert set(output.data) == {"image/png", "text/plain"} and output.metadata["image/png"]["alt"].startswith(alt)
        picture = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"])))
        assert picture.width > 800 and len(np.unique(np.asarray(picture).ravel())) > 30
