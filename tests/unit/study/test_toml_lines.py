"""Lines of keys, against files whose lines are counted by hand or by the test."""

import string
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.study.toml_lines import Duplicate, key_lines

EXAMPLE = '''\
title = "a # b" # comment
[report]
author = 'x = y'
[[source]]
id = "one"
format = { delimiter = ";", decimal = "," }
breakdowns = [
  "kanaal",   # first

  "leeftijd",
]
[[source]]
id = "two"
[[source.part]]
"quoted.key" = """
not_a = key
"""
after = 1
[[source.part]]
a.b = 2
'''


def test_keys_tables_arrays_and_inline_tables_have_their_lines():
    found = key_lines(EXAMPLE)

    assert found.duplicates == []
    assert found.lines == {
        ("title",): 1,
        ("report",): 2,
        ("report", "author"): 3,
        ("source",): 4,
        ("source", 0): 4,
        ("source", 0, "id"): 5,
        ("source", 0, "format"): 6,
        ("source", 0, "format", "delimiter"): 6,
        ("source", 0, "format", "decimal"): 6,
        ("source", 0, "breakdowns"): 7,
        ("source", 0, "breakdowns", 0): 8,
        ("source", 0, "breakdowns", 1): 10,
        ("source", 1): 12,
        ("source", 1, "id"): 13,
        ("source", 1, "part"): 14,
        ("source", 1, "part", 0): 14,
        ("source", 1, "part", 0, "quoted.key"): 15,
        ("source", 1, "part", 0, "after"): 18,
        ("source", 1, "part", 1): 19,
        ("source", 1, "part", 1, "a"): 20,
        ("source", 1, "part", 1, "a", "b"): 20,
    }


def test_an_unknown_path_gets_the_line_of_what_is_around_it():
    found = key_lines(EXAMPLE)

    assert found.line(("source", 0, "format", "sheet")) == 6
    assert found.line(("source", 1, "file")) == 12
    assert found.line(("nowhere",)) == 1


def test_windows_line_ends_count_once():
    assert key_lines("a = 1\r\n\r\nb = 2\r\n").lines == {("a",): 1, ("b",): 3}


def test_a_key_written_twice_has_both_lines():
    text = 'a = 1\n[t]\nx = "1"\ny = { p = 1, p = 2 }\nx = "2"\n[t]\nz = 1\n'

    assert key_lines(text).duplicates == [
        Duplicate(("t", "y", "p"), 4, 4),
        Duplicate(("t", "x"), 3, 5),
        Duplicate(("t",), 2, 6),
    ]


def test_the_same_key_in_two_elements_is_no_duplicate():
    assert key_lines("[[a]]\nx = 1\n[[a]]\nx = 1\n").duplicates == []


def test_what_follows_a_syntax_error_is_not_known():
    assert key_lines('a = 1\nb = [1, "x\nc = 2\n').lines.keys() == {
        ("a",),
        ("b",),
        ("b", 0),
        ("b", 1),
    }


KEYS = st.text(string.ascii_lowercase, min_size=1, max_size=4)
SCALARS = st.one_of(
    st.integers(-99, 99).map(str),
    st.sampled_from(["true", "2024-03-29", '"a # b"', "'[x]'", '"\\"q\\""', "0.5"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(KEYS, inner, max_size=3).map(
            lambda pairs: (
                "{ "
                + ", ".join(f"{key} = {value}" for key, value in pairs.items())
                + " }"
            )
        ),
    ),
    max_leaves=6,
)


def paths(value, path=()):
    """Every key path of what tomllib read."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for key, each in items:
        yield from paths(each, (*path, key))


@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_every_key_the_standard_reader_finds_has_the_line_it_was_written_on(pairs):
    text = "".join(f"\n# note\n{key} = {value}\n" for key, value in pairs.items())
    found = key_lines(text)

    assert set(found.lines) == set(paths(tomllib.loads(text)))
    assert [found.lines[(key,)] for key in pairs] == [
        3 * number for number in range(1, len(pairs) + 1)
    ]


@given(st.text(st.sampled_from("ab=[]{}\"'.,#\n 1\\"), max_size=40))
def test_no_text_makes_it_fail_or_hang(text):
    found = key_lines(text)

    assert all(1 <= line <= text.count("\n") + 1 for line in found.lines.values())


@pytest.mark.parametrize(
    "text",
    [
        "a = 1\nb = " + "[" * 30_000,
        "a = 1\nb = " + "{b = " * 5_000,
        "a = 1\nb" + ".b" * 30_000 + " = 1",
        "a = 1\n[b" + ".b" * 30_000 + "]",
    ],
)
def test_deep_nesting_is_followed_no_further(text):
    found = key_lines(text)

    assert found.too_deep
    assert found.stopped == 2


def test_a_syntax_error_is_not_deep():
    assert not key_lines("a = ").too_deep
