"""Which cell, which module: what a hash was made from, kept beside the records."""

import json

import pytest

from kcc_research.pipeline.ingredients import cell_hashes, explained
from kcc_research.pipeline.record import Record

RECORD = Record(
    "analyse", "run", {"kcc_research": "old", "notebook notebooks/a": "was"}
)
NOW = ("notebooks/a", cell_hashes("abcd"))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "old.json").write_text('{"dutch.py": "1", "study/a.py": "1"}')
    (tmp_path / "was.json").write_text(json.dumps(cell_hashes("abcd")))
    return tmp_path


def told(folder, package=None, cells=NOW[1]):
    reasons = ["raw file x.csv changed", "notebook notebooks/a changed"]
    return explained(
        [*reasons, "kcc_research changed", "b is new"],
        folder,
        RECORD,
        package or {"dutch.py": "1", "study/a.py": "1"},
        ("notebooks/a", cells),
    )


def test_modules_are_named(folder):
    package = {"dutch.py": "2", "study/b.py": "1"}
    assert told(folder, package)[2:] == [
        "kcc_research changed: dutch.py, study/a.py, study/b.py",
        "b is new",
    ]
    many = {f"study/{n}.py": "1" for n in range(9)}
    said = "kcc_research changed: dutch.py, study/0.py, study/1.py and 8 more"
    assert told(folder, many)[2] == said


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ("abXd", ": cell 3"),
        ("aXYd", ": cell 2, cell 3"),
        ("abcXd", ": cell 4"),
        ("abd", ": 1 gone after cell 2"),
        ("bcd", ": 1 gone after cell 0"),
        ("Xd", ": cell 1, 2 gone after cell 1"),
    ],
)
def test_cells_are_named_as_a_reader_counts_them(folder, cells, words):
    found = told(folder, cells=cell_hashes(cells))
    assert found[0] == "raw file x.csv changed"
    assert found[1] == f"notebook notebooks/a changed{words}"


@pytest.mark.parametrize("kept", [None, "", "[]", "3"])
def test_without_a_list_no_more_is_said_than_is_known(folder, kept):
    for name in ("old", "was"):
        (folder / f"{name}.json").unlink()
        if kept is not None:
            (folder / f"{name}.json").write_text(kept)
    found = told(folder, {"dutch.py": "2"}, cell_hashes("x"))
    assert found[2] == "kcc_research changed"
    assert found[1].startswith("notebook notebooks/a changed")
