"""Commands that need not import anything do and say what ordinary ones do."""

import json
import os

import pytest

from tests.ready_command import answer, ready_kcc, server
from tests.workspaces import kcc


@pytest.mark.parametrize("words", [("status",), ("run", "x/y"), ("rum",), ("--help",)])
def test_the_same_is_said_with_the_same_exit_code(workspace, words):
    ready, ordinary = ready_kcc(workspace.root, *words), kcc(workspace.root, *words)
    assert ready.returncode == ordinary.returncode
    assert ready.stdout == ordinary.stdout
    assert ready.stderr == ordinary.stderr
    assert ready.stdout + ready.stderr


def test_a_run_publishes_the_same_bytes(workspace, tmp_path, tiny):
    other = tiny.make_workspace(tmp_path / "other")
    assert ready_kcc(workspace.root, "run", "--all").returncode == 0
    assert kcc(other, "run", "--all").returncode == 0
    assert published(workspace.root) == published(other)


def published(root):
    folder = root / "outputs" / "xx-teststad" / "2024-meting"
    files = [each for each in folder.rglob("*") if each.is_file()]
    assert files
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in files}


def test_every_command_has_a_process_of_its_own(workspace, tmp_path):
    """What one changes in its process, the next one does not find."""
    said = [tmp_path / name for name in ("out", "err")]
    for each in said:
        each.touch()
    asked = {
        "words": ["status"],
        "environment": {"PATH": os.environ["PATH"], "KCC_HOME": "/nowhere"},
        "folder": str(workspace.root),
        **{each.name: str(each) for each in said},
    }
    assert answer(asked)["exit"] != 0
    assert json.dumps("/nowhere")[1:-1] in said[1].read_text(encoding="utf-8")
    assert ready_kcc(workspace.root, "status").returncode == 0
    assert server().poll() is None
