"""Refusals: their tree, their one form, and that nothing is lost on the way."""

import dataclasses
import pickle
import re

import pytest

from kcc_research import errors

MESSAGES = {
    "D": {
        "KCC-D018": {
            "title": "Punt in een kolom met decimale komma",
            "remedy": "vervang {value} in {column} door {proposal}",
        },
        "KCC-D019": {"title": "Let op", "remedy": "kijk na", "severity": "warning"},
    },
    "R": {
        "KCC-R058": {
            "title": "another run (process {pid}) holds it",
            "remedy": "wait",
        }
    },
}


@pytest.fixture
def messages(monkeypatch):
    monkeypatch.setattr(errors, "_catalogue", MESSAGES.__getitem__)


def decimal_point() -> errors.Problem:
    return errors.problem(
        "KCC-D018",
        file="antwoorden.csv",
        row=12,
        column="cijfer",
        value="6.5",
        proposal="6,5",
    )


def subclasses(parent: type) -> list[type]:
    return [
        each
        for child in parent.__subclasses__()
        for each in (child, *subclasses(child))
    ]


def ours() -> list[type[errors.KccError]]:
    return [
        each
        for each in subclasses(errors.KccError)
        if each.__module__ == errors.__name__
    ]


def test_the_docstring_shows_the_whole_tree():
    lines = re.findall(r"(?m)^( *)- ``(\w+)``", errors.__doc__)
    depth = {name: len(indent) // 4 for indent, name in lines}
    real = {each.__name__: len(each.__mro__) - 4 for each in ours()}
    assert depth == {"KccError": 0} | real


def test_a_dutch_problem_is_shown_in_dutch_with_all_fields(messages):
    assert str(decimal_point()) == (
        "KCC-D018  fout  Punt in een kolom met decimale komma\n"
        "  bestand  antwoorden.csv\n"
        "  rij      12\n"
        "  kolom    cijfer\n"
        "  waarde   6.5\n"
        "  herstel  vervang 6.5 in cijfer door 6,5"
    )


def test_an_english_problem_leaves_out_what_is_empty(messages):
    shown = str(errors.problem("KCC-R058", pid=4711))
    assert shown == (
        "KCC-R058  error  another run (process 4711) holds it\n  remedy   wait"
    )


def test_severity_comes_from_the_catalogue(messages):
    assert decimal_point().severity == "error"
    warning = errors.problem("KCC-D019")
    assert warning.severity == "warning"
    assert str(warning).startswith("KCC-D019  waarschuwing  Let op")


def test_a_message_without_its_details_is_a_fault_of_ours(messages):
    with pytest.raises(KeyError, match="pid"):
        errors.problem("KCC-R058")


def test_an_unknown_code_is_a_fault_of_ours(messages):
    with pytest.raises(KeyError):
        errors.problem("KCC-D999")


def test_text_from_a_file_is_never_read_as_a_template(messages):
    shown = errors.problem("KCC-D018", column="{pid}", value="{0}", proposal="{x!r}")
    assert shown.remedy == "vervang {0} in {pid} door {x!r}"


def test_an_error_carries_every_problem(messages):
    first, second = decimal_point(), errors.problem("KCC-D019")
    error = errors.DataError([first, second])
    assert error.problems == (first, second)
    assert str(error) == f"{first}\n{second}"
    assert errors.DataError(first).problems == (first,)


@pytest.mark.parametrize(
    "kind", [each for each in ours() if each is not errors.KccError]
)
def test_an_error_survives_another_process(messages, kind):
    error = kind([decimal_point()])
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is kind
    assert copy.problems == error.problems
    assert str(copy) == str(error)


def test_exit_codes():
    codes = {each.__name__: each.exit_code for each in ours()}
    assert codes.pop("LockedError") == 75
    assert codes.pop("CallError") == 2
    assert set(codes.values()) == {1}


def test_masking_shows_kind_and_length_only():
    assert errors.masked("mevrouw Jansen") == "[afgeschermd: tekst, 14 tekens]"
    assert errors.masked(123456782, "getal") == "[afgeschermd: getal, 9 tekens]"


def test_placeholders():
    assert errors.placeholders("{file}, rij {row}: {{letterlijk}}") == {"file", "row"}


def test_jupyterlab_shows_the_problems_and_no_source_code(messages):
    error = errors.DataError(decimal_point())
    assert error._render_traceback_() == [str(error)]


def test_a_value_cannot_steer_the_terminal_or_forge_a_line(messages):
    forged = "7\x1b[2J\nKCC-D018  fout  Alles in orde"
    shown = str(dataclasses.replace(decimal_point(), value=forged))
    assert "\x1b" not in shown
    assert sum(line.startswith("KCC-") for line in shown.splitlines()) == 1
