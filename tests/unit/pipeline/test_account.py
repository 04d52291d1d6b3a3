import subprocess
from dataclasses import replace

import pytest

from kcc_research.pipeline.account import (
    Account,
    RawFile,
    SourceAccount,
    read_account,
    software_versions,
)
from kcc_research.pipeline.freezing import uncommitted

ACCOUNT = Account(
    measurement={"key": "a/b", "wave": 2},
    sources=(
        SourceAccount(
            "algemeen", (RawFile("a.csv", "f" * 64, 10, 3),), 3, 2, {"trim": 1}, ("x",)
        ),
    ),
    definitions={"measurement.toml": "1"},
    notebooks={"notebooks/10.ipynb": "2"},
    parameters={"notebooks/10.ipynb": {"seed": 1}},
    earlier={"a/a": "3"},
    software={"Python": "3.11.7"},
    package_sha256="4",
    lock_sha256="5",
    warnings=("y",),
)


def test_an_account_is_read_as_it_was_written():
    assert read_account(ACCOUNT.to_json()) == ACCOUNT
    other = replace(ACCOUNT, warnings=(), sources=())
    assert read_account(other.to_json()) == other


def test_the_same_account_is_the_same_bytes():
    shuffled = replace(ACCOUNT, software=dict(reversed(ACCOUNT.software.items())))
    assert shuffled.to_json() == ACCOUNT.to_json()


def test_versions_are_those_installed():
    import platform
    from importlib.metadata import version

    found = software_versions()
    assert found["Python"] == platform.python_version()
    assert found["pandas"] == version("pandas")


@pytest.fixture
def repository(workspace):
    def git(*words):
        subprocess.run(
            ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *words],
            cwd=workspace.root,
            check=True,
            capture_output=True,
        )

    git("init")
    git("add", "studies", "notebooks", "requirements.lock")
    git("commit", "-m", "x")
    return workspace


def test_changes_that_git_does_not_know_are_told(repository, tiny):
    assert uncommitted(repository, tiny.KEY) is False
    tiny.edit_cell(repository.notebooks / "10_clean_survey.ipynb", 1, "# anders")
    assert uncommitted(repository, tiny.KEY) is True


def test_changes_elsewhere_do_not_count(repository, tiny):
    (repository.root / "notes.txt").write_text("x")
    tiny.add_measurement(repository.root, "xx-andere/2024", 2024)
    assert uncommitted(repository, tiny.KEY) is False


def test_without_git_nothing_is_known(workspace, tiny, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert uncommitted(workspace, tiny.KEY) is None
