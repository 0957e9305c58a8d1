"""JupyterLab: can explorers be shown, can a notebook reach its kernel, is the port free?"""

import json
import os
import socket
import sys

from coursekit.doctor import bounds
from coursekit.doctor.finding import GOOD, PROBLEM, WARNING, Finding

PORT = 8888  # JupyterLab's own
MANAGER = "@jupyter-widgets/jupyterlab-manager"  # draws all widgets in JupyterLab
NEEDED = {MANAGER: "jupyterlab_widgets", "anywidget": "anywidget"}


def widgets(folders=None):
    """Find out whether explorers can be shown in the JupyterLab of this environment.

    `folders` are those that JupyterLab reads extensions and settings from. Where JupyterLab is not installed
    here (Colab, VS Code), whatever shows the notebook brings what draws widgets.
    """
    if bounds.version_of("jupyterlab") is None:
        return Finding(
            "widgets",
            GOOD,
            "JupyterLab is not installed in this environment, so what shows the notebook "
            "draws the explorers (Colab and VS Code do).",
        )
    folders = jupyter_folders() if folders is None else [str(folder) for folder in folders]
    remedy = bounds.install() + " Then stop JupyterLab, start it again, and reload the page."
    for name, package in NEEDED.items():
        parts = ("labextensions", *name.split("/"))
        if not any(os.path.isdir(os.path.join(folder, *parts)) for folder in folders):
            return Finding(
                "widgets",
                PROBLEM,
                f"JupyterLab lacks the extension {name} (of the package {package}): explorers are not shown.",
                remedy,
            )
        if blocked(name, folders):
            return Finding(
                "widgets",
                PROBLEM,
                f"The extension {name} is switched off in JupyterLab: explorers are not shown.",
                f"jupyter labextension enable {name}, and reload the page.",
            )
    here, there = bounds.version_of("ipywidgets"), bounds.version_of("jupyterlab_widgets")
    if here and there and (bounds.numbers(here) >= (8,)) != (bounds.numbers(there) >= (2,)):
        return Finding(
            "widgets",
            PROBLEM,
            f"ipywidgets {here} and jupyterlab_widgets {there} do not belong together (8 "
            "needs 3, 7 needs 1): explorers may stay empty.",
            remedy,
        )
    return Finding("widgets", GOOD, "JupyterLab has what it needs to show explorers.")


def blocked(name, folders):
    """Return whether a setting in one of the `folders` switches the extension `name` off."""
    for folder in folders:
        settings = {}
        for place in (("labconfig",), ("lab", "settings"), ("..", "..", "etc", "jupyter", "labconfig")):
            try:
                with open(os.path.join(folder, *place, "page_config.json"), encoding="utf-8") as file:
                    settings = json.load(file)
            except (OSError, ValueError):
                continue
            listed = settings.get("disabledExtensions", {})
            off = listed if isinstance(listed, list) else [key for key, value in listed.items() if value]
            if any(entry == name or entry.startswith(name + ":") for entry in off):
                return True
    return False


def jupyter_folders():
    """Return the folders that JupyterLab reads extensions and settings from, the reader's own first."""
    home = os.path.expanduser("~")
    own = {
        "darwin": os.path.join(home, "Library", "Jupyter"),
        "win32": os.path.join(os.environ.get("APPDATA", home), "jupyter"),
    }
    user = own.get(sys.platform, os.path.join(home, ".local", "share", "jupyter"))
    folders = os.environ.get("JUPYTER_PATH", "").split(os.pathsep)
    folders += [
        os.environ.get("JUPYTER_DATA_DIR", user),
        os.environ.get("JUPYTER_CONFIG_DIR", os.path.join(home, ".jupyter")),
    ]
    folders += [os.path.join(sys.prefix, "share", "jupyter"), os.path.join(sys.prefix, "etc", "jupyter")]
    if sys.prefix == sys.base_prefix and os.name == "posix":  # the system's Python keeps some there
        folders += [os.path.join(os.sep, "usr", *parts, "share", "jupyter") for parts in (("local",), ())]
    return [folder for folder in folders if folder]


def loopback(connect=socket.create_connection):
    """Find out whether programs on this computer can talk to each other, as a notebook does to its kernel."""
    try:
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            server.listen(1)
            connect(server.getsockname(), 5).close()
    except OSError as error:
        return Finding(
            "loopback",
            PROBLEM,
            "Programs on this computer cannot talk to each other through 127.0.0.1 "
            f"({error}): notebooks do not reach their kernels.",
            "Let the firewall, the VPN or the virus scanner allow connections to 127.0.0.1 (localhost).",
        )
    return Finding("loopback", GOOD, "Notebooks can reach their kernels on this computer.")


def port(number=PORT):
    """Find out whether the port that JupyterLab takes first is free; in a kernel it is JupyterLab's own."""
    if "ipykernel" in sys.modules:
        return Finding("port", GOOD, "A notebook is open already.")
    with socket.socket() as client:
        client.settimeout(5)
        taken = client.connect_ex(("127.0.0.1", number)) == 0
    if not taken:
        return Finding("port", GOOD, f"Port {number}, which JupyterLab takes first, is free.")
    return Finding(
        "port",
        WARNING,
        f"Port {number} is in use: another JupyterLab is running, or another program has it. "
        "JupyterLab takes the next that is free, and says so where it starts.",
        f"To see what runs: jupyter server list; to stop it: jupyter server stop {number}; to "
        f"choose another: make lab LAB_FLAGS=--port={number + 11}.",
    )
