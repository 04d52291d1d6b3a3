"""Rows found by their words: the same as pandas finds, also after a change."""

import string

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.reporting.rows import Rows, rows_of

WORDS = st.one_of(st.none(), st.sampled_from(["", "a", "b", "x"]))


def table(**columns):
    return pd.DataFrame(columns, dtype="str")


@given(
    st.lists(st.tuples(WORDS, WORDS), max_size=12),
    st.dictionaries(st.sampled_from(["one", "two"]), st.sampled_from(["", "a", "x"])),
)
def test_finds_the_rows_that_pandas_finds(cells, where):
    found = table(one=[row[0] for row in cells], two=[row[1] for row in cells])
    chosen = pd.Series(True, index=found.index)
    for name, value in where.items():
        chosen &= found[name] == value
    expected = [at for at, is_chosen in enumerate(chosen) if is_chosen]
    assert list(rows_of(found).positions(where)) == expected


def test_a_table_that_is_changed_in_place_is_read_anew():
    found = table(word=["a", "b"])
    assert list(rows_of(found).positions({"word": "a"})) == [0]
    found.loc[1, "word"] = "a"
    assert list(rows_of(found).positions({"word": "a"})) == [0, 1]
    found["word"] = "b"
    assert list(rows_of(found).positions({"word": "a"})) == []


def _set(*place: object, to: object):
    return lambda found: found.loc.__setitem__(place, to)


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found.__setitem__("one", found["two"]),
        lambda found: found.__setattr__("columns", ["two", "one", "n"]),
        lambda found: found.replace("a", "c", inplace=True),
        lambda found: found.__delitem__("n"),
        lambda found: found.insert(0, "n0", found.pop("n")),
        _set(0, "one", to="c"),
        _set(0, "n", to=5),
        _set([True, False], ["one", "two"], to="c"),
    ],
)
def test_every_kind_of_change_is_seen(change):
    found = table(one=["a", "b"], two=["b", "a"])
    found["n"] = [1, 2]
    before = {name: rows_of(found).column(name) for name in found}
    change(found)
    after = {name: rows_of(found).column(name) for name in found}
    assert after == {name: found[name].tolist() for name in found}
    assert after != before


def test_columns_that_changed_places_are_not_taken_for_one_another():
    first = table(one=["a"], two=["b"])
    swapped = first[["two", "one"]].set_axis(["one", "two"], axis="columns")
    known = Rows(first)
    assert known.is_of(first)
    assert not known.is_of(swapped)


def test_numbers_come_as_plain_python_and_missing_ones_as_none():
    found = pd.DataFrame({"n": pd.array([3, None], dtype="Int64"), "y": [0.5, 1.5]})
    first, second = rows_of(found).column("n")
    assert (first, type(first)) == (3, int)
    assert second is None
    assert [type(each) for each in rows_of(found).column("y")] == [float, float]


def test_what_is_made_of_a_row_is_made_once_and_anew_after_a_change():
    found = table(word=["a", "b"])
    first = rows_of(found).made(1, dict)
    assert first == {"word": "b"}
    assert rows_of(found).made(1, dict) is first
    assert rows_of(found).made(1, tuple) == ("word",)
    found.loc[1, "word"] = "c"
    assert rows_of(found).made(1, dict) == {"word": "c"}


def test_many_tables_do_not_mix_up():
    every = [table(word=[letter]) for letter in string.ascii_lowercase]
    for letter, each in zip(string.ascii_lowercase, every, strict=True):
        assert list(rows_of(each).positions({"word": letter})) == [0]
        assert list(rows_of(each).positions({"word": letter.upper()})) == []


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(KeyError):
        rows_of(table(word=["a"])).positions({"wrod": "a"})


def test_cells_are_not_compared_while_nobody_wrote_to_them(monkeypatch):
    found = table(one=["a", "b"], two=["b", "a"])
    found["n"] = [1, 2]
    first = rows_of(found)
    compared = []
    monkeypatch.setattr(pd.DataFrame, "equals", lambda *both: compared.append(both))
    assert rows_of(found) is first
    assert compared == []
    found.loc[0, "n"] = 3
    assert rows_of(found) is not first
    assert len(compared) == 1
