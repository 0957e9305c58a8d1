"""Programs that only some readers need: their absence is a warning, which says whom it concerns."""

import os
import shutil
import subprocess
import sys

from coursekit.doctor.finding import GOOD, WARNING, Finding

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")


def chromium_path():
    """Return the Chromium or Chrome of this computer, or None; the variable CHROMIUM names another one."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, CHROMIUM)), None)


def chromium():
    """Find out whether there is a Chromium, for the tests of explorers and the PDFs of slides."""
    if chromium_path():
        return Finding("Chromium", GOOD, "There is a Chromium, for tests in the browser and PDFs of slides.")
    return Finding(
        "Chromium",
        WARNING,
        "There is no Chromium. This concerns only those who change explorers (their tests "
        "are skipped) or print slides; any browser shows the lectures.",
        "Install the package chromium, or set CHROMIUM to the program of a Chromium or Chrome.",
    )


def bubblewrap():
    """Find out whether bubblewrap works, in which submissions are run when lecturers grade them."""
    whom = "This concerns only lecturers who grade submissions, which run in its sandbox."
    program = shutil.which("bwrap")
    if program is None:
        where = "" if sys.platform.startswith("linux") else " on a Linux (on Windows: in WSL 2)"
        return Finding(
            "bubblewrap", WARNING, f"There is no bubblewrap. {whom}", f"Install the package bubblewrap{where}."
        )
    tried = subprocess.run(
        [program, "--unshare-all", "--ro-bind", "/", "/", "true"],
        timeout=30,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    if tried.returncode:
        reason = tried.stderr.decode("utf-8", "replace").strip()[:200]
        return Finding(
            "bubblewrap",
            WARNING,
            f"bubblewrap is there and may make no sandbox ({reason}). {whom}",
            "Allow user namespaces: in a container with its own security profile, on Ubuntu from 24.04 "
            "on with an AppArmor profile for bwrap, or until the next start with "
            "`sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`.",
        )
    return Finding("bubblewrap", GOOD, f"bubblewrap can make a sandbox, for grading{_bounded()}.")


def _bounded():
    """Return what bounds a sandbox as a whole, "" where the grader is not there, as in a student's release."""
    command = [sys.executable, "-m", "coursekit.grading.cgroups"]
    try:
        asked = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):  # nobody's course depends on it
        return ""
    if asked.returncode:
        return ""
    way = asked.stdout.strip()
    return f"; {way} bound its memory and processes" if way else "; without control groups, a watch bounds its memory"


def node():
    """Find out whether there are Node.js and npm, with which slides are built."""
    missing = [name for name, found in (("Node.js", _node()), ("npm", shutil.which("npm"))) if not found]
    if not missing:
        return Finding("Node.js", GOOD, "There are Node.js and npm, with which slides are built.")
    return Finding(
        "Node.js",
        WARNING,
        f"There is no {' and no '.join(missing)}. This concerns only lecturers who build slides: Node.js sets their "
        "formulas, npm fetches reveal.js and KaTeX once. No lecture, explorer or grade needs it; tests of slides are "
        "skipped.",
        "Install the packages nodejs and npm.",
    )


def _node():
    return shutil.which("node") or shutil.which("nodejs")
