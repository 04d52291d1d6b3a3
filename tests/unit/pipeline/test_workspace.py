import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.errors import CallError
from kcc_research.pipeline.workspace import (
    Workspace,
    checked_key,
    find_workspace,
    flat,
    unknown_key,
)


def code_of(error):
    return error.value.problems[0].code


def test_the_nearest_parent_with_studies_is_the_root(tmp_path, monkeypatch):
    monkeypatch.delenv("KCC_HOME", raising=False)
    (tmp_path / "outer" / "studies").mkdir(parents=True)
    inner = tmp_path / "outer" / "inner"
    (inner / "studies").mkdir(parents=True)
    (inner / "notebooks" / "deep").mkdir(parents=True)
    assert find_workspace(inner / "notebooks" / "deep").root == inner


def test_kcc_home_goes_before_the_working_folder(tmp_path, monkeypatch):
    for name in ("declared", "here"):
        (tmp_path / name / "studies").mkdir(parents=True)
    monkeypatch.setenv("KCC_HOME", str(tmp_path / "declared"))
    assert find_workspace(tmp_path / "here").root == tmp_path / "declared"


def test_kcc_home_without_studies_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("KCC_HOME", str(tmp_path))
    with pytest.raises(CallError) as error:
        find_workspace()
    assert code_of(error) == "KCC-R053h"
    assert error.value.exit_code == 2


def test_no_workspace_at_all_is_refused(tmp_path, monkeypatch):
    monkeypatch.delenv("KCC_HOME", raising=False)
    with pytest.raises(CallError) as error:
        find_workspace(tmp_path)
    assert code_of(error) == "KCC-R053g"


@pytest.mark.parametrize(
    "key",
    ["../../x", "a/../b", "a/b/c", "A/b", "a", "a/", "/b", "a/b\n", "a/b\x00", "-a/b"],
)
def test_nothing_but_two_plain_names_is_a_key(key):
    with pytest.raises(CallError) as error:
        checked_key(key)
    assert code_of(error) == "KCC-R053i"


@given(st.text(max_size=30))
def test_no_text_names_a_folder_outside_the_workspace(text):
    from pathlib import Path

    workspace = Workspace(Path("/home/project"))
    try:
        folder = workspace.output(text)
    except CallError:
        return
    assert folder.resolve().is_relative_to("/home/project/outputs")


def test_flat_names_of_different_keys_differ():
    assert flat("a-b/c") == "a-b.c"
    assert flat("a/b-c") != flat("a-b/c")


def test_an_unknown_key_names_the_nearest():
    found = unknown_key("gm0575/2023", ["gm0575/2022", "zz/9999"])
    assert "gm0575/2022" in found.remedy
    assert "zz/9999" not in found.remedy


def test_messages_show_paths_from_the_root(workspace):
    path = workspace.raw("a/b") / "x.csv"
    assert workspace.relative(path) == "data/raw/a/b/x.csv"
