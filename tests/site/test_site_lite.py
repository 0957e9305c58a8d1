"""The app in which lectures 00 to 07 run in the browser: its files, and how far it comes without a network."""

import importlib.util
import json
import re
import zipfile
from importlib.metadata import version
from urllib.parse import urlsplit

import nbformat
import pytest
from packaging.requirements import Requirement
from test_site import served

import equipment
import project

if importlib.util.find_spec("jupyterlite_core") is None:
    pytest.skip("the app is built with what `pip install .[site]` brings", allow_module_level=True)
from edition import SiteError, lite
from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

PYODIDE = "cdn.jsdelivr.net"  # the one host that the app itself names; what the page says of it is tested, too


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The folder of the app, below that of a site."""
    out = tmp_path_factory.mktemp("web") / "lite"
    lite.write(out)
    return out


def wheel(app):
    (index,) = json.loads((app / "pypi" / "all.json").read_text())["coursekit"]["releases"].values()
    return app / "pypi" / index[0]["filename"], index[0]


def test_it_holds_the_lectures_as_stored_except_for_the_cell_that_installs(app):
    paths = [path for path in project.notebooks() if path.name[:2] < "08"]
    assert sorted(path.name for path in (app / "files").iterdir()) == [path.name for path in paths]
    for path in paths:
        stored, held = (nbformat.read(one, as_version=4) for one in (path, app / "files" / path.name))
        differ = [new.source for old, new in zip(stored.cells, held.cells, strict=True) if old != new]
        assert differ == [held.cells[0].source, lite.INSTALL], path.name
        assert held.cells[0].source == re.sub(r"!\[Open in Colab\]\(.*?\)", "Open in Colab", stored.cells[0].source)


def test_its_wheel_is_the_course_with_its_data_and_asks_for_no_tensorflow_there(app):
    path, told = wheel(app)
    with zipfile.ZipFile(path) as held:
        names = held.namelist()
        metadata = held.read(next(name for name in names if name.endswith("/METADATA"))).decode()
    assert "coursekit/plots/__init__.py" in names and any(name.startswith("coursekit/data/") for name in names)
    there = {"sys_platform": "emscripten", "python_version": "3.14", "platform_machine": "wasm32", "extra": ""}
    asked = [Requirement(line) for line in re.findall("^Requires-Dist: (.*)", metadata, re.MULTILINE)]
    needed = {one.name for one in asked if one.marker is None or one.marker.evaluate(there)}
    assert needed == {"anywidget", "ipywidgets", "matplotlib", "numpy", "pillow", "threadpoolctl", "tqdm"}
    assert told["requires_python"] == ">=3.10" and told["url"].startswith("./")


def test_it_has_the_extensions_that_it_needs_and_names_no_place_of_this_machine(app):
    settings = json.loads((app / "jupyter-lite.json").read_text())["jupyter-config-data"]
    assert {one["name"] for one in settings["federated_extensions"]} == set(lite.EXTENSIONS)
    for path in app.rglob("*.json"):
        assert str(project.ROOT) not in path.read_text(encoding="utf-8"), path.name


def test_what_another_process_has_built_meanwhile_is_kept_for_it_to_copy(tmp_path, monkeypatch):
    kept, others = tmp_path / "kept", []

    def build(place, contents, wheel):
        (place / "out").mkdir()
        (place / "out" / "index.html").touch()
        if not others:
            others.append(None)
            lite.write(tmp_path / "theirs", kept=kept)
            others.append([path.stat().st_ino for path in kept.glob("[0-9a-f]" * 16)])

    monkeypatch.setattr(lite, "_build", build)
    lite.write(tmp_path / "ours", kept=kept)
    assert [path.stat().st_ino for path in kept.glob("[0-9a-f]" * 16)] == others[1] and len(others[1]) == 1


def test_what_has_not_changed_is_not_built_again(app, tmp_path, monkeypatch):
    monkeypatch.delattr(lite, "_build")
    lite.write(tmp_path / "again")
    assert (tmp_path / "again" / "jupyter-lite.json").read_bytes() == (app / "jupyter-lite.json").read_bytes()
    monkeypatch.setattr(lite, "INSTALL", "%pip install another")
    with pytest.raises(NameError, match="_build"):
        lite.write(tmp_path / "other")


def test_what_cannot_be_built_is_named(tmp_path):
    with pytest.raises(SiteError, match="The wheel could not be built:\n.*No module named no_such_builder"):
        lite._run("The wheel", "no_such_builder", folder=tmp_path)


def page_before_it():
    return " ".join((project.ROOT / "tools" / "site" / "texts" / "lite.md").read_text(encoding="utf-8").split())


def test_the_page_says_what_is_fetched_and_that_it_does_not_run_from_a_folder():
    text = page_before_it()
    assert PYODIDE in text and "from a folder, it does not run" in text and "Not tested yet:" in text


def test_the_versions_that_the_page_says_were_tested_are_those_that_the_app_uses():
    """After an update: run the lectures in the app once more, or say that the new versions have not been tested."""
    told = re.search(r"versions that it uses: JupyterLite (\S+) and Pyodide (\S+) ", page_before_it()).groups()
    assert told == (version("jupyterlite-core"), PYODIDE_VERSION)


@equipment.needs("chromium")
def test_it_opens_a_lecture_at_once_and_asks_one_host_beside_its_own(app, chromium):
    context = chromium.new_context(service_workers="block")  # else its requests could not be stopped
    page, asked, own_paths = context.new_page(), [], []
    with served(app, own_paths) as base:

        def foreign(route):
            asked.append(route.request.url)
            route.abort()

        context.route(lambda url: not url.startswith((base, "data:", "blob:")), foreign)
        page.goto(base + lite.address(project.notebooks()[2].name).removeprefix("lite/"), wait_until="load")
        page.get_by_role("heading", name="How can three weights watch over").wait_for(timeout=120_000)
        for _ in range(600):  # its kernel begins a little later
            if any(PYODIDE in url for url in asked):
                break
            page.wait_for_timeout(100)
        context.close()
    own = urlsplit(base).hostname
    assert {urlsplit(url).hostname for url in asked} - {own} == {PYODIDE}, asked
    assert [path for path in own_paths if not path.startswith(f"/{app.name}/")] == []


@equipment.needs("chromium")
def test_its_service_worker_asks_nothing_outside_the_folder_that_it_lies_in(app, chromium):
    context, own_paths = chromium.new_context(), []
    page = context.new_page()
    with served(app, own_paths) as base:
        page.goto(base + "notebooks/index.html", wait_until="load")  # without a kernel, which would ask for Pyodide
        page.wait_for_function("navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)")
        assert page.evaluate("fetch('/api/service-worker-heartbeat').then((answer) => answer.text())") == "ok"
        scopes = "navigator.serviceWorker.getRegistrations().then((all) => all.map((one) => one.scope))"
        assert page.evaluate(scopes) == [base]
        context.close()
    assert [path for path in own_paths if not path.startswith(f"/{app.name}/")] == []
