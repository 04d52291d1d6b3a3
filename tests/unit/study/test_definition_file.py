"""Reading one definition file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.study.definition_file import (
    LONGEST_VALUE_SHOWN,
    MAX_BYTES,
    DefinitionFile,
    nearest,
    read_definition,
    read_text,
    shortened,
    shown_path,
    unknown_name,
)


def read(tmp_path, data):
    path = tmp_path / "a.toml"
    path.write_bytes(data)
    return read_definition(path, "studies/a.toml")


def test_values_and_lines_are_kept(tmp_path):
    file, problems = read(tmp_path, b'a = 1\n[b]\nc = "x"\n')

    assert problems == []
    assert file.values == {"a": 1, "b": {"c": "x"}}
    assert file.lines.line(("b", "c")) == 3


@pytest.mark.parametrize("text", ["a = 1\n", "a = 1\na = 2\n"])
def test_what_files_of_the_same_text_share_is_not_their_name(tmp_path, text):
    path = tmp_path / "a.toml"
    path.write_text(text)
    for name in ("studies/a.toml", "studies/b.toml", "studies/a.toml"):
        file, problems = read_definition(path, name)
        assert file.name == name
        assert {each.file for each in problems} <= {name}
        assert bool(problems) == (text.count("a") > 1)


def test_exactly_64_kib_is_still_read(tmp_path):
    start = b"a = 1\n#"
    _, problems = read(tmp_path, start + b"x" * (MAX_BYTES - len(start)))
    assert problems == []

    _, problems = read(tmp_path, start + b"x" * (MAX_BYTES - len(start) + 1))
    assert [each.code for each in problems] == ["KCC-C008"]


@pytest.mark.parametrize("character", ["\\u0000", "\\r", "\\u2028", "\\u0085"])
def test_characters_nobody_sees_are_refused_by_name(tmp_path, character):
    data = f'a = "x"\nb = ["y", "z{character}"]\n'.encode()
    _, problems = read(tmp_path, data)
    (found,) = problems

    assert (found.code, found.row, found.column) == ("KCC-C001", "2", "b")
    assert "U+" in found.title


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('label = "Snel <b>geholpen</b>"', "<b>"),
        ('codes = { 1 = "</script >" }', "</script >"),
        ('population = "<!-- x -->"', "<!-- x -->"),
        ('label = "jonger dan <18 jaar> of a < b"', ""),
        ('text = "Een <b> in een vraag"', ""),
    ],
)
def test_html_in_a_label_is_refused_before_a_report_is_made(tmp_path, line, found):
    _, problems = read(tmp_path, f"[[question]]\n\n{line}\n".encode())

    assert [(each.code, each.row) for each in problems] == (
        [("KCC-C001a", "3")] if found else []
    )
    assert all(found in each.title for each in problems)


@given(st.binary(max_size=60))
def test_any_file_is_read_or_refused(tmp_path_factory, data):
    file, problems = read(tmp_path_factory.mktemp("any"), data)

    assert file.values == {} or not problems or problems[0].code == "KCC-C001"
    assert {each.code for each in problems} <= {
        "KCC-C001",
        "KCC-C006",
        "KCC-C006b",
        "KCC-C009",
    }


def test_names_are_compared_with_what_is_known():
    assert nearest("Kanal", ["kanaal", "kern"]) == "kanaal"
    assert nearest("xyz", ["kanaal", "kern"]) == ""

    file = DefinitionFile("a.toml", {})
    near = unknown_name(file, ("x",), "kanal", ["kanaal"], "vraag")
    far = unknown_name(file, ("x",), "qqq", ["kanaal"], "vraag")
    assert (near.code, far.code) == ("KCC-C003b", "KCC-C003c")
    assert "kanaal" in near.remedy and "kanaal" in far.remedy


def test_values_are_shown_short_and_on_one_line():
    assert shortened("a\n  b") == "a b"
    assert len(shortened("x" * 500)) == LONGEST_VALUE_SHOWN
    assert shown_path(("source", 0, "format", "decimal")) == "source.format.decimal"


@pytest.mark.parametrize(
    "nested", ["[" * 60_000, "{a=" * 15_000, "[" * 30_000 + "]" * 30_000]
)
def test_nesting_that_no_reader_bears_is_a_problem(tmp_path, nested):
    _, (found,) = read(tmp_path, f"a = 1\nb = {nested}\n".encode())

    assert (found.code, found.row) == ("KCC-C008a", "2")


def test_a_name_with_too_many_parts_is_a_problem(tmp_path):
    _, (found,) = read(tmp_path, ("a" + ".a" * 20_000 + " = 1\n").encode())

    assert (found.code, found.row) == ("KCC-C008a", "1")


def test_a_number_of_more_digits_than_can_be_read_is_a_problem(tmp_path):
    _, (found,) = read(tmp_path, b"a = " + b"1" * 5000)

    assert found.code == "KCC-C006"


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "a.md").mkdir()
    text, (found,) = read_text(tmp_path / "a.md", "texts/a.md")

    assert (text, found.code, found.file) == ("", "KCC-C010d", "texts/a.md")
