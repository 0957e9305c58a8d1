"""`make test-bare`: the tests that ask for tools, with none of them and with each one missing alone.

    python tools/without.py [TOOL ...]

What a test does not name is hidden from it in every run (tests/support/equipment.py). So here it suffices to show, from
outside, that everything can be collected on a machine with Python and small programs alone, that a test without its
tool is skipped and says which, that no fixture brings a tool to a test that does not name it, and that under CI=true
a missing tool is a failure.
"""

import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

import pytest

import project

sys.path.insert(0, str(project.ROOT / "tests" / "support"))
sys.path.insert(0, str(project.ROOT))
import equipment

# What every machine with a shell has; PATH holds nothing else where all tools are missing.
SMALL = (
    "sh bash env cat ls rm mkdir cp mv ln chmod chown touch test true false uname expr dirname basename readlink sed "
    "grep awk head tail sort tr cut wc id sleep kill python3"
)


class Selection:
    """Keeps the tests that say something new where the tools `missing` are missing, and looks at what they say."""

    def __init__(self, missing, notes):
        self.missing, self.notes, self.named = set(missing), Path(notes), {}
        self.seen = set()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config, items):
        self.named = {item.nodeid: set(equipment.named(item)) for item in items}
        asking = {item.path for item in items if self.named[item.nodeid] & self.missing}
        kept = [item for item in items if item.path in asking and self.is_new(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept
        files = {tool: set() for tool in self.missing}
        for item in kept:
            for tool in self.named[item.nodeid] & self.missing:
                files[tool].add(str(item.path))
        self.notes.with_suffix(".part").write_text(json.dumps(files, default=sorted), encoding="utf-8")
        self.notes.with_suffix(".part").rename(self.notes)

    def is_new(self, item):
        """Whether a test names what is missing, or is the first with these tools and these shared fixtures.

        Without any tool it is the first of its function, of whose many settings one suffices.
        """
        named, every = self.named[item.nodeid], self.missing == set(equipment.TOOLS)
        if named & self.missing:
            return True
        shared = {name for name, found in item._fixtureinfo.name2fixturedefs.items() if found[-1].scope != "function"}
        setting = (item.path, item.name.partition("[")[0] if every else "", *sorted(named), *sorted(shared))
        return (every or bool(named)) and setting not in self.seen and not self.seen.add(setting)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item):
        report = yield
        lacking = self.named[item.nodeid] & self.missing
        if report.when == "setup" and lacking and not any(name in str(report.longrepr) for name in lacking):
            report.outcome, report.longrepr = "failed", f"{item.nodeid} lacks {lacking} and says {report.longrepr}"
        return report


def run(missing, notes, files=(), ci=False):
    """Run the tests in `files`, or of all, without the tools `missing`. Return (exit status, what was printed).

    `notes`, a path, gets {tool: files whose tests name it} as soon as the tests are collected.
    """
    place = Path(tempfile.mkdtemp(dir=notes.parent))
    variables = equipment.environment([name for name in equipment.TOOLS if name not in missing])
    if len(missing) == len(equipment.TOOLS):
        variables["PATH"] = small_programs(place / "small")
    clean = {name: value for name, value in project.environment().items() if name not in ("CI", *variables)}
    clean |= {name: value for name, value in variables.items() if value is not None} | ({"CI": "true"} if ci else {})
    packages = [equipment.TOOLS[name] for name in missing if equipment.TOOLS[name].module]
    python = environment(place / "environment", packages) if packages else sys.executable
    command = [python, __file__, "--child", json.dumps(missing), notes, *(["-x"] if ci else []), *files]
    done = subprocess.run(command, cwd=project.ROOT, env=clean, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def small_programs(folder):
    """Make a folder of links to small programs. Return its path."""
    folder.mkdir()
    for name in filter(shutil.which, SMALL.split()):
        (folder / name).symlink_to(os.path.abspath(shutil.which(name)))
    return str(folder)


def environment(folder, tools):
    """Make a copy of the running environment, of links, without the packages of `tools`. Return its Python."""
    hidden = {name for tool in tools for name in (tool.module, tool.install.replace("-", "_"))}
    packages = Path(sysconfig.get_path("purelib"))
    for source in (packages, Path(sys.prefix) / "bin"):
        target = folder / source.relative_to(sys.prefix)
        target.mkdir(parents=True)
        for entry in source.iterdir():
            if re.split(r"[-.]", entry.name)[0] not in hidden:
                (target / entry.name).symlink_to(os.path.realpath(entry))
    for entry in Path(sys.prefix).iterdir():
        if not (folder / entry.name).exists() and entry.name != "lib64":
            (folder / entry.name).symlink_to(entry)
    return folder / "bin" / Path(sys.executable).name


def show(case, said, good):
    """Print pytest's last line for a case, or all it said where that is not as it should be. Return `good`."""
    lines = [line.strip("= ") for line in said.splitlines() if re.search(r"\d .* in [\d.]+s", line)]
    last = f"===== without {case}: {lines[-1] if lines else 'nothing was run'} ====="
    print(last if good else f"{said[-8000:]}\n{last}", flush=True)
    return good


def main(chosen):
    """Try the tools `chosen`, or all that are here. Return 0, or 1 where something is not as it should be."""
    alone = chosen or [name for name in equipment.TOOLS if not equipment.missing(name)]
    with tempfile.TemporaryDirectory(prefix="without-") as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        notes, unread = Path(folder) / "files.json", Path(folder) / "unread.json"
        none = pool.submit(run, list(equipment.TOOLS), notes)
        while not notes.exists() and not none.done():
            time.sleep(0.5)
        if not notes.exists():
            show("any tool", none.result()[1], False)
            return 1
        files = json.loads(notes.read_text(encoding="utf-8"))
        runs = {name: pool.submit(run, [name], unread, files[name]) for name in alone}
        refused = pool.submit(run, alone[:1], unread, files[alone[0]], ci=True)
        status, said = none.result()
        good = [show("any tool", said, status == 0)]
        for name in alone:
            status, said = runs[name].result()
            good.append(show(name, said, status == 0))
        status, said = refused.result()
        good.append(status == 1 and f"no {alone[0]} here" in said)
        print(f"With CI=true and without {alone[0]}: {'fails and names it, as it must' if good[-1] else said}")
    return 0 if all(good) else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        selection = Selection(json.loads(sys.argv[2]), sys.argv[3])
        sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", *sys.argv[4:]], plugins=[selection]))
    sys.exit(main(sys.argv[1:]))
