"""The packages: are they there, do their versions fit, does TensorFlow start, is the kernel a fresh one?"""

import json
import os
import subprocess
import sys

from coursekit.doctor import bounds
from coursekit.doctor.finding import GOOD, PROBLEM, WARNING, Finding

# Modules whose version is compared with what is installed now: {module: package}.
VERSIONED = {
    "numpy": "numpy",
    "tensorflow": "tensorflow",
    "keras": "keras",
    "matplotlib": "matplotlib",
    "PIL": "pillow",
    "ipywidgets": "ipywidgets",
    "anywidget": "anywidget",
    "tqdm": "tqdm",
}
KERAS = {"backend": "tensorflow", "image_data_format": "channels_last", "floatx": "float32"}
KERAS_READS = {  # it stops where its keras.json says something else
    "floatx": ("float32", "float16", "float64"),
    "image_data_format": ("channels_last", "channels_first"),
}
SECONDS = 180  # until an import of TensorFlow is given up; on a slow disk the first takes a minute
KNOWN = (  # what the end of an error says, what that means, and what helps
    (
        "DLL load failed",
        "a library of Windows is missing",
        'Install the "Microsoft Visual C++ Redistributable" (x64) from Microsoft, and restart the computer.',
    ),
    ("numpy", "it does not fit the NumPy that is installed", None),
    ("_ARRAY_API", "it does not fit the NumPy that is installed", None),
    ("protobuf", "it does not fit the package protobuf that is installed", None),
    ("MemoryError", "the memory is full", "Close other programs and kernels."),
    ("No space left", "the disk is full", "Make room on the disk."),
)


def installed():
    """Find out whether every package is installed, in a version within the bounds of pyproject.toml."""
    missing, outside, required = [], [], bounds.requirements()
    for package, stated in required.items():
        version = bounds.version_of(package)
        if version is None:
            missing.append(package)
        elif not bounds.admits(stated, version):
            outside.append(f"{package} is {version} and must be {stated}")
    if not missing and not outside:
        return Finding("packages", GOOD, f"All {len(required)} packages are installed, in versions that fit.")
    says = ([f"Not installed: {', '.join(missing)}"] if missing else []) + outside
    return Finding("packages", PROBLEM, "; ".join(says) + ".", bounds.install())


def tensorflow(python=None):
    """Find out whether TensorFlow can be imported, in a process of its own: it may take Python along."""
    if python is None and "tensorflow" in sys.modules and hasattr(sys.modules["tensorflow"], "Variable"):
        return Finding("TensorFlow", GOOD, "TensorFlow is running.")
    script = "import tensorflow as tf; tf.Variable(1.0); print(tf.__version__)"
    # A keras.json is `keras_settings`' matter.
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_HOME": os.devnull, "KERAS_BACKEND": "tensorflow"}
    try:
        done = subprocess.run(
            [python or sys.executable, "-c", script],
            env=quiet,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return Finding(
            "TensorFlow",
            PROBLEM,
            f"TensorFlow did not start within {SECONDS} seconds.",
            "Try again; where a virus scanner reads every file, except the course's folder from it.",
        )
    if done.returncode == 0:
        return Finding("TensorFlow", GOOD, "TensorFlow can be imported.")
    return _why(done.returncode, done.stderr.decode("utf-8", "replace").strip())


def _why(status, complaint):
    """The Finding for an import that ended with `status`, after writing `complaint`."""

    def problem(says, remedy):
        return Finding("TensorFlow", PROBLEM, says, remedy)

    last = complaint.splitlines()[-1][:300] if complaint else ""
    again = "Install it anew. " + bounds.install()
    if status in (-4, 132, 0xC000001D):
        return problem(
            "TensorFlow uses instructions (AVX) that this processor has not.",
            "Use another computer or Colab; in a virtual machine, let it see the host's processor.",
        )
    if status in (-9, 137):
        return problem(
            "The system ended TensorFlow while it started, mostly for want of memory.",
            "Close other programs and kernels; give a container more memory.",
        )
    if status < 0:
        return problem(f"TensorFlow crashed while it started (signal {-status}).", again)
    if "No module named 'tensorflow'" in last:
        return problem("TensorFlow is not installed in the Python that runs here.", bounds.install())
    for mark, meaning, remedy in KNOWN:
        if mark in last:
            return problem(f"TensorFlow cannot be imported: {meaning} ({last}).", remedy or again)
    return problem(f"TensorFlow cannot be imported ({last}).", again)


def keras_settings():
    """Find out whether a keras.json, or KERAS_BACKEND, left by another project asks for what the course cannot use."""
    home = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    path, asked = os.path.join(home, "keras.json"), {}
    if os.path.exists(path):
        try:
            with open(path, encoding="utf-8") as file:
                asked = json.load(file)
        except ValueError:
            asked = {}  # Keras does not read it either
        except OSError:
            asked = None
    if not isinstance(asked, dict) or any(asked.get(key, words[0]) not in words for key, words in KERAS_READS.items()):
        says = f"Keras, and TensorFlow with it, does not start, because it cannot use what {path} says."
        return Finding("Keras", PROBLEM, says, f"Delete {path}.")
    asked = {**asked, "backend": os.environ.get("KERAS_BACKEND") or asked.get("backend", "tensorflow")}
    wrong = [f"{key} {asked[key]}" for key, value in KERAS.items() if asked.get(key, value) != value]
    if not wrong:
        return Finding("Keras", GOOD, "Keras is not told to differ from what the course needs.")
    return Finding(
        "Keras",
        WARNING,
        f"KERAS_BACKEND or {path} asks for {', '.join(wrong)}. The course uses {', '.join(KERAS.values())} "
        "all the same; a notebook that imports keras before coursekit.models does not run.",
        f"Delete {path} and unset KERAS_BACKEND, unless another project needs them.",
    )


def environment(prefix=None):
    """Find out whether this Python is that of the course's environment, where `make lab` made one."""
    prefix = os.path.realpath(prefix or sys.prefix)
    made = os.path.join(bounds.ROOT, ".venv")
    if not (bounds.is_clone() and os.path.isdir(made)) or prefix == os.path.realpath(made):
        return Finding("environment", GOOD, f"Python runs from {prefix}.")
    return Finding(
        "environment",
        WARNING,
        f"`make lab` made an environment for the course, {made}, but this Python is that of "
        f"{prefix}: versions may differ.",
        "Start with make lab; in JupyterLab or VS Code choose that environment as the kernel.",
    )


def stale(modules=None):
    """Find out whether this process imported a package before its upgrade; `modules` are as `sys.modules`."""
    modules = sys.modules if modules is None else modules
    changed = []
    for module, package in VERSIONED.items():
        loaded = getattr(modules.get(module), "__version__", None)
        on_disk = bounds.version_of(package)
        if loaded and (on_disk is None or bounds.numbers(loaded) != bounds.numbers(on_disk)):
            changed.append(f"{package} {loaded} runs, {on_disk or 'none'} is installed")
    loaded, on_disk = getattr(modules.get("coursekit"), "__version__", None), _own_version()
    if loaded and on_disk and loaded != on_disk:
        changed.append(f"coursekit {loaded} runs, {on_disk} is installed")
    if not changed:
        return Finding("freshness", GOOD, "What runs here is what is installed.")
    return Finding(
        "freshness",
        PROBLEM,
        f"This kernel is older than an upgrade: {'; '.join(changed)}.",
        "Restart the kernel (Kernel, then Restart Kernel and Run All Cells; on Colab: "
        "Runtime, then Restart session). If this stays, two copies are installed: make the "
        "environment anew.",
    )


def _own_version():
    """The version that stands in the file of coursekit now, whatever was imported."""
    with open(
        os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "__init__.py"), encoding="utf-8"
    ) as file:
        found = [line.split('"')[1] for line in file if line.startswith("__version__")]
    return found[0] if found else None
