"""Programs that only some readers need: their absence is a warning, which says whom it concerns."""

import os
import shutil
import subprocess
import sys

from coursekit.doctor.finding import GOOD, WARNING, Finding

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium():
    """Find out whether there is a Chromium, for the tests of explorers and the PDFs of slides."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found and shutil.which(found):
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
    return Finding("bubblewrap", GOOD, "bubblewrap can make a sandbox, for grading.")


def node():
    """Find out whether there is a Node.js, with which authors of explorers try their JavaScript."""
    if shutil.which("node") or shutil.which("nodejs"):
        return Finding("Node.js", GOOD, "There is a Node.js, for those who write explorers.")
    return Finding(
        "Node.js",
        WARNING,
        "There is no Node.js. This concerns only those who write explorers and want to try "
        "their JavaScript outside a browser; no lecture, test or grade needs it.",
        "Install the package nodejs.",
    )
