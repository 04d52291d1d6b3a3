"""Somebody's words in all the wrong places of a raw file: no message repeats them.

What ``kcc check`` says, and the *controlerapport* that goes to a fieldwork agency,
hold rows and columns of what is wrong, and never the words (TRUST §2, F67).
"""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from kcc_research.cli import app
from kcc_research.pipeline import check
from tests.ready_command import ready_kcc
from tests.tiny_workspace import CLEAN, KEY, edit_cell

WORDS = "Mevrouw Jansen woont op 12 hoog en is boos"
LETTERS = ("Jansen", "woont", "boos")
NAMES = ("nr", "kanaal", "cijfer", "minuten", "dag", "soort", "open")
GOOD = ("R1", "balie", "7", "12", "03-10-2023", "a", "prima")

QUESTIONNAIRE = """\
title = "Vragenlijst"
population = "inwoners"
[[question]]
id = "nr"
column = "nr"
text = "Nummer"
type = "identifier"
sensitive = false
[[question]]
id = "kanaal"
column = "kanaal"
text = "Kanaal"
type = "choice"
codes = ["balie", "telefoon"]
sensitive = false
[[question]]
id = "cijfer"
column = "cijfer"
text = "Cijfer"
type = "grade"
range = [1, 10]
direction = "higher_is_better"
sensitive = false
[[question]]
id = "minuten"
column = "minuten"
text = "Minuten"
type = "number"
sensitive = false
[[question]]
id = "dag"
column = "dag"
text = "Dag"
type = "date"
date_format = "%d-%m-%Y"
sensitive = false
[[question]]
id = "soort"
column = "soort"
text = "Soort"
type = "multiple"
separator = ","
codes = ["a", "b"]
sensitive = false
[[question]]
id = "open"
column = "open"
text = "Open"
type = "text"
sensitive = false
"""


def with_words_at(column: int) -> list[tuple[str, ...]]:
    row = list(GOOD)
    row[column] = WORDS
    return [GOOD, tuple(row), tuple(row)]


def as_csv(rows, header=NAMES) -> bytes:
    return "\n".join(";".join(each) for each in (header, *rows)).encode()


def as_xlsx(rows, header=NAMES) -> bytes:
    book = openpyxl.Workbook()
    for row in (header, *rows):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def as_sav(rows, header=NAMES, *, path) -> bytes:
    frame = pd.DataFrame(rows, columns=list(header))
    pyreadstat.write_sav(frame, path, variable_value_labels={"kanaal": {"1": WORDS}})
    return path.read_bytes()


EVERYWHERE = [
    *(f"{name} holds words" for name in NAMES[:-1]),
    "a column of words",
    "no header",
    "a row too long",
    "a row too short",
    "a row broken in two",
    "a quote that never closes",
    "a title above the header",
    "all columns shifted",
    "a formula",
    "another encoding",
]


def damaged_csv(kind: str) -> bytes:
    if kind.endswith("holds words"):
        return as_csv(with_words_at(NAMES.index(kind.split()[0])))
    good = as_csv([GOOD, GOOD])
    return {
        "a column of words": as_csv([(*GOOD, WORDS)] * 2, (*NAMES, "naam")),
        "no header": as_csv([GOOD], (*GOOD[:-1], WORDS)),
        "a row too long": as_csv([GOOD, (*GOOD, WORDS, WORDS)]),
        "a row too short": as_csv([GOOD, ("R2", WORDS)]),
        "a row broken in two": good + f"\n{WORDS}\nR3".encode(),
        "a quote that never closes": good + f'\nR3;balie;7;1;"{WORDS};'.encode(),
        "a title above the header": f"{WORDS}\n".encode() + good,
        "all columns shifted": as_csv([GOOD, (WORDS, *GOOD[:-1])]),
        "a formula": as_csv([(f"={WORDS}", f"=A1&'{WORDS}'", *GOOD[2:])] * 2),
        "another encoding": f"{good.decode()}\nR3;{WORDS} \u201c\xe9".encode("utf-16"),
    }[kind]


def told_of(workspace, content: bytes, name: str = "algemeen.csv") -> str:
    study = workspace.root / "studies" / KEY
    (study / "algemeen.toml").write_text(QUESTIONNAIRE, encoding="utf-8")
    text = (study / "measurement.toml").read_text(encoding="utf-8")
    if name != "algemeen.csv":
        text = text.replace("algemeen.csv", name)
        text = "\n".join(x for x in text.splitlines() if not x.startswith("format"))
        (study / "measurement.toml").write_text(text, encoding="utf-8")
    (workspace.raw(KEY) / name).write_bytes(content)
    found = check.check(workspace, KEY)
    assert [each for each in found if each.severity == "error"]
    files = check.report_files(KEY, "Proef", found)
    return "\n".join([*map(str, found), *map(repr, found), *map(_text, files.values())])


def _text(content: bytes) -> str:
    return content.decode()


@pytest.mark.parametrize("kind", EVERYWHERE)
def test_words_in_a_csv_are_never_repeated(workspace, kind):
    told = told_of(workspace, damaged_csv(kind))
    assert [each for each in LETTERS if each in told] == []


@pytest.mark.parametrize("column", range(len(NAMES) - 1))
def test_words_in_a_workbook_are_never_repeated(workspace, column):
    told = told_of(workspace, as_xlsx(with_words_at(column)), "algemeen.xlsx")
    assert [each for each in LETTERS if each in told] == []


def test_answers_where_the_header_of_a_workbook_should_be(workspace):
    told = told_of(workspace, as_xlsx([GOOD], (*GOOD[:-1], WORDS)), "algemeen.xlsx")
    assert [each for each in LETTERS if each in told] == []


@pytest.mark.parametrize("column", range(len(NAMES) - 1))
def test_words_in_a_sav_are_never_repeated(workspace, column, tmp_path):
    content = as_sav(with_words_at(column), path=tmp_path / "x.sav")
    told = told_of(workspace, content, "algemeen.sav")
    assert [each for each in LETTERS if each in told] == []


def test_a_notebook_that_shows_rows_stops_the_run(workspace):
    """What it shows is not kept, and nothing is saved or published."""
    notebook = workspace.root / "notebooks" / "10_clean_survey.ipynb"
    edit_cell(notebook, 4, f"{CLEAN[2]}\nresponses.responses")
    done = ready_kcc(workspace.root, "run", KEY)
    assert done.returncode == 1
    assert "KCC-P004b" in done.stdout + done.stderr
    assert "Cel 4 van het notebook" in done.stdout + done.stderr
    assert not (workspace.processed(KEY) / "algemeen.parquet").exists()
    assert not workspace.output(KEY).exists()
    [kept] = workspace.runs(KEY).rglob("clean-algemeen.ipynb")
    assert "rijen van personen, 12" in kept.read_text(encoding="utf-8")


def test_the_command_says_no_more_than_the_check(workspace, capsys, monkeypatch):
    told_of(workspace, damaged_csv("kanaal holds words"))
    monkeypatch.chdir(workspace.root)
    with pytest.raises(SystemExit):
        app(["check", KEY])
    said = capsys.readouterr()
    assert "afgeschermd" in said.out + said.err
    assert [each for each in LETTERS if each in said.out + said.err] == []
    kept = list(workspace.runs(KEY).rglob("*"))
    assert {each.name for each in kept} >= {check.PAGE, check.TABLE}
    for path in kept:
        if path.is_file():
            content = path.read_text(encoding="utf-8")
            assert [each for each in LETTERS if each in content] == []
