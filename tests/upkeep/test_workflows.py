"""What GitHub runs exists here: every workflow is read, and each `make` in it is a target with the flags it takes."""

import re

import pytest
import yaml

import project

WORKFLOWS = sorted((project.ROOT / ".github" / "workflows").glob("*.yml"))
MAKEFILE = (project.ROOT / "Makefile").read_text(encoding="utf-8")


def steps(workflow):
    """Return the steps of all jobs of a workflow."""
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_checks_out_the_course_and_calls_what_is_there(path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(workflow) >= {"name", True, "jobs", "permissions"}  # YAML 1.1 reads `on` as true
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())
    assert all("uses" in step or "run" in step for step in steps(workflow))
    assert steps(workflow)[0]["uses"].startswith("actions/checkout@")
    commands = "\n".join(step.get("run", "") for step in steps(workflow))
    called = re.findall(r"\bmake ([a-z-]+)", commands)
    assert called or ".ci/run" in commands
    assert [name for name in called if not re.search(rf"(?m)^{name}:", MAKEFILE)] == []
    assert [flag for flag in re.findall(r"\b([A-Z_]+)=", commands) if f"$({flag})" not in MAKEFILE] == []


def test_tests_run_on_every_change_with_colabs_python_and_the_oldest():
    workflow = yaml.safe_load((project.ROOT / ".github/workflows/tests.yml").read_text(encoding="utf-8"))
    assert {"push", "pull_request"} <= set(workflow[True])
    (colab,) = re.findall(r"(?m)^python==(.*)$", (project.ROOT / "tools/colab.txt").read_text(encoding="utf-8"))
    assert (
        colab in str(steps(workflow)) and project.PYTHONS[0] in workflow["jobs"]["test"]["strategy"]["matrix"]["python"]
    )
    assert ".ci/run" in [step.get("run") for step in steps(workflow)]


def test_every_set_of_versions_is_tried_every_week():
    import matrix

    workflow = yaml.safe_load((project.ROOT / ".github/workflows/weekly.yml").read_text(encoding="utf-8"))
    tried = workflow["jobs"]["versions"]["strategy"]["matrix"]
    assert tuple(tried["set"]) == matrix.SETS and tuple(tried["python"]) == project.PYTHONS
    assert "schedule" in workflow[True]
