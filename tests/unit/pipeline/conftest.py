"""A workspace in miniature for every test of the pipeline."""

from __future__ import annotations

import functools
import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from kcc_research.pipeline import execution, fingerprint
from kcc_research.pipeline.kernel import KernelRoom
from kcc_research.pipeline.manifest import with_manifest
from kcc_research.pipeline.record import Record, sha256_of
from kcc_research.pipeline.saving import commit
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.workspace import Workspace

_MAKER = Path(__file__).parents[2] / "tiny_workspace.py"


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


@pytest.fixture
def performed(monkeypatch):
    """Steps that were performed; each makes one file that says what it was made of."""
    steps = []

    def perform(bench, assessment):
        step = assessment.step
        steps.append((bench.key, step.id))
        content = json.dumps(bench.prepared.parameters(step)).encode()
        if step.stage == "report":
            facts = {
                "key": bench.key,
                "title": bench.prepared.study.measurement.title,
                "place": "Teststad",
                "published": "2024-03-29",
                "status": "definitief",
                "synthetic": True,
            }
            inputs = json.dumps({"measurement": facts}).encode()
            files = {"report.html": content, "inputs.json": inputs}
            bench.held.publish(with_manifest(bench.key, files, assessment.parts, {}))
            return
        folder = bench.held.new_staging(step.id)
        name = f"results/{step.id}.parquet" if step.stage == "analyse" else "a.parquet"
        bench.held.stage(folder, {name: content})
        record = Record(step.id, "run", assessment.parts, {name: sha256_of(content)})
        commit(bench.workspace, bench.held, folder, record)

    monkeypatch.setattr(execution, "perform", perform)
    monkeypatch.setattr(KernelRoom, "prepare", lambda room: None)  # nobody asks for any
    return steps


@pytest.fixture(scope="module")
def known_package():
    """The package, and what is installed, are read once and not at every run.

    Neither changes while tests run; that changes are seen is proved where they are
    made, in test_fingerprint.py.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in ("package_files", "software_versions"):
            read_once = functools.cache(getattr(fingerprint, name))
            patch.setattr(fingerprint, name, read_once)
        yield


@pytest.fixture
def two(tmp_path, tiny, monkeypatch):
    """A measurement and the one it builds on."""
    root = tiny.make_workspace(tmp_path / "two", with_earlier=True)
    monkeypatch.setenv("KCC_HOME", str(root))
    return Workspace(root)
