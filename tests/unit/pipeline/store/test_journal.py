import pytest

from kcc_research.pipeline.store import journal
from kcc_research.pipeline.store.operations import FileOperations, replace_file

OPERATIONS = FileOperations()


@pytest.fixture
def swap(tmp_path):
    for name in ("stable", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "who").write_text(name)
    folders = (tmp_path / name for name in ("new", "stable", "old"))
    return journal.Swap(*folders)


def promise(tmp_path, what):
    """Write the journal down, as a command does before it is killed."""
    note = tmp_path / "journal.json"
    replace_file(OPERATIONS, note, journal._to_json(what, tmp_path))
    return note


@pytest.mark.parametrize("renames", [0, 1, 2])
def test_a_swap_is_completed_from_wherever_it_stopped(tmp_path, swap, renames):
    note = promise(tmp_path, swap)
    for source, target in ((swap.stable, swap.old), (swap.new, swap.stable))[:renames]:
        source.rename(target)
    assert journal.finish(OPERATIONS, note, tmp_path)
    assert (swap.stable / "who").read_text() == "new"
    assert not swap.old.exists() and not swap.new.exists() and not note.exists()


@pytest.mark.parametrize("moved", [0, 1, 2])
def test_moves_are_completed_from_wherever_they_stopped(tmp_path, moved):
    staging = tmp_path / "staging"
    staging.mkdir()
    files = {staging / name: tmp_path / "final" / name for name in ("a", "b")}
    for path in files:
        path.write_text(f"new {path.name}")
    (tmp_path / "final").mkdir()
    note = promise(tmp_path, journal.Moves(files, staging))
    for source, target in list(files.items())[:moved]:
        source.rename(target)
    assert journal.finish(OPERATIONS, note, tmp_path)
    texts = [target.read_text() for target in files.values()]
    assert texts == ["new a", "new b"]
    assert not staging.exists() and not note.exists()


def test_what_is_made_no_longer_goes_in_the_same_stroke(tmp_path):
    staging, old = tmp_path / "staging", tmp_path / "final" / "old"
    staging.mkdir()
    old.parent.mkdir()
    old.write_text("of a former name")
    (staging / "new").write_text("new")
    moves = journal.Moves(
        {staging / "new": tmp_path / "final" / "new"}, staging, (old,)
    )
    assert journal.finish(OPERATIONS, promise(tmp_path, moves), tmp_path)
    assert [each.name for each in old.parent.iterdir()] == ["new"]


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "", "a/../../b"])
def test_a_journal_names_nothing_outside_the_workspace(tmp_path, name):
    import json

    note = tmp_path / "journal.json"
    note.write_text(json.dumps({"moves": [["a", name]], "leftover": "b"}))
    with pytest.raises(journal.Unreadable):
        journal.finish(OPERATIONS, note, tmp_path)
    assert note.exists()


def test_nothing_promised_is_nothing_to_do(tmp_path):
    assert not journal.finish(OPERATIONS, tmp_path / "journal.json", tmp_path)
