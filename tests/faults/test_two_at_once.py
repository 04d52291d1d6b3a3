"""Two commands on one folder at the same time: neither spoils the other (F58)."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests import tiny_workspace as tiny

RUN = "from kcc_research.cli import app; app()"
OTHER = "xx-andere/2024-meting"


@pytest.fixture
def root(tmp_path):
    made = tiny.make_workspace(tmp_path / "project")
    tiny.add_measurement(made, OTHER, 2024)
    return made


def start(root, *words):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KCC_")}
    return subprocess.Popen(
        [sys.executable, "-c", RUN, *words],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_executors_on_one_folder_end_with_whole_reports(root):
    """Each measurement is done by one of the two; the other is told to wait."""
    both = [start(root, "run", "--all", "--jobs", "2") for _ in range(2)]
    told = [each.communicate() for each in both]
    codes = sorted(each.returncode for each in both)
    assert codes in ([0, 0], [0, 75], [75, 75]), told
    errors = "".join(error for _, error in told)
    assert "Traceback" not in errors
    assert ("KCC-R058" in errors) == (codes[-1] == 75)
    runs = [
        list((root / "data" / "processed" / key / "runs").glob("*/run.json"))
        for key in (tiny.KEY, OTHER)
    ]
    assert [len(each) for each in runs] == [1, 1]
    for words in (("verify",), ("status",)):
        after = start(root, *words)
        output, error = after.communicate()
        assert after.returncode == 0, error
        assert output.count("in order") + output.count("up to date") == 2
    page = (root / "outputs" / "index.html").read_text(encoding="utf-8")
    assert tiny.KEY in page and OTHER in page
