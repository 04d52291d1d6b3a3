"""A workspace in miniature for every test of the command line."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from kcc_research.pipeline.store import Store
from kcc_research.pipeline.workspace import Workspace

_MAKER = Path(__file__).parents[1] / "tiny_workspace.py"


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tiny_workspace", _MAKER)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def tiny() -> ModuleType:
    """The maker of miniature workspaces."""
    return _load()


@pytest.fixture
def workspace(tmp_path, tiny, monkeypatch) -> Workspace:
    """A workspace with one measurement, found by everything through KCC_HOME."""
    root = tiny.make_workspace(tmp_path / "project")
    monkeypatch.setenv("KCC_HOME", str(root))
    monkeypatch.delenv("KCC_STAGING", raising=False)
    return Workspace(root)


@pytest.fixture
def store(workspace) -> Store:
    return Store(workspace)
