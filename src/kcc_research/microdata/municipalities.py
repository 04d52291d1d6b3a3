"""Municipalities in a file: names become codes, and one answer each counts.

A survey among municipalities is filled in by officials who write the name of their
municipality in many ways, and sometimes twice. Before the answers are checked every
row gets the code, the official name and the size class that the register gives for
the day the fieldwork began (TRUST-F12, F13). Of several answers of one municipality
the rule that the measurement states decides which one counts; the others go, and the
log says which. Mystery contacts and a desk scan of norms are *about* municipalities:
there every row stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np

from kcc_research import dutch
from kcc_research.errors import (
    DataError,
    DefinitionError,
    Problem,
    masked,
    problem,
)
from kcc_research.microdata.answers import Answer, AnswerReader, is_blank, written
from kcc_research.microdata.checking import check
from kcc_research.microdata.cleaning import Change, Cleaned, CleaningLog, clean
from kcc_research.microdata.personal_data import mask
from kcc_research.microdata.raw_table import RawTable
from kcc_research.microdata.reading import Paths, read_source
from kcc_research.study.measurement import Duplicates, Source
from kcc_research.study.municipality import (
    COMPLETE_FROM,
    Municipality,
    code_problems,
    municipality,
    named,
)
from kcc_research.study.questionnaire import Question, Questionnaire, QuestionRole

_ROLES: tuple[QuestionRole, ...] = ("municipality_code", "municipality", "size_class")
_LONGEST_NAME = 60
_MOST_NAMED = 5
_EARLIEST = datetime(1, 1, 1)


@dataclass(frozen=True)
class Identified:
    """The raw table with the register's codes and names; one row each or not yet.

    ``respondents`` has one municipality per row of ``raw``.
    """

    raw: RawTable
    respondents: tuple[Municipality, ...]
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()


def load_municipalities(
    paths: Paths,
    source: Source,
    questionnaire: Questionnaire,
    *,
    on: date,
    invented: bool = False,
) -> Cleaned:
    """The checked rows of one source, each known by the code of its municipality.

    Of answers by municipalities there is one row each; of mystery contacts and a desk
    scan there are many. ``on`` is the day that decides which municipalities there are;
    ``invented`` says that they are those of a demonstration. Raises :class:`DataError`
    with every name and code the register does not know, with candidates, with every
    municipality that answered twice when no rule is stated, and with what a desk scan
    lacks.
    """
    raw = read_source(paths, source, in_file(questionnaire))
    found = identified(raw, questionnaire, on=on, invented=invented)
    if _answers_once(source, questionnaire):
        found = one_each(found, questionnaire, source.duplicates)
    checked = check(found.raw, questionnaire)
    scan = scan_problems(found, questionnaire)
    problems = (*found.problems, *checked.problems, *scan)
    cleaned = clean(replace(checked, problems=problems), questionnaire)
    log = CleaningLog((*found.changes, *cleaned.log.changes))
    return replace(cleaned, log=log)


def _answers_once(source: Source, questionnaire: Questionnaire) -> bool:
    """Whether municipalities answer; in a desk scan each has a row per norm."""
    scanned = questionnaire.with_role("norm_indicator") is not None
    return source.kind == "municipalities" and not scanned


def in_file(questionnaire: Questionnaire) -> Questionnaire:
    """The questions whose answers are in the file, not in the register."""
    asked = tuple(each for each in questionnaire.question if not each.from_register)
    return questionnaire.model_copy(update={"question": asked})


# --- who answered ---------------------------------------------------------------------


def identified(
    raw: RawTable, questionnaire: Questionnaire, *, on: date, invented: bool = False
) -> Identified:
    """Every row with code, name and size class as the register has them.

    Raises :class:`DataError` with the problems of all rows.
    """
    declared = {
        role: question
        for role in _ROLES
        if (question := questionnaire.with_role(role)) is not None
    }
    questions = {
        role: each for role, each in declared.items() if each.column in raw.cells
    }
    respondents = _respondents(raw, questions, on, invented)
    cells = raw.cells.copy()
    changes: list[Change] = []
    for role, question in declared.items():
        official = [_official(each, role) for each in respondents]
        if role in questions:
            changes += _corrections(raw, question, role, official)
        if role in questions or question.from_register:
            cells[question.column] = official
    return Identified(
        replace(raw, cells=cells),
        tuple(respondents),
        tuple(changes),
        tuple(_doubts(raw, questions, changes, on)),
    )


Questions = Mapping[QuestionRole, Question]


def _cell(raw: RawTable, row: int, question: Question | None) -> str:
    if question is None:
        return ""
    cell = raw.cells[question.column].iat[row]
    return "" if is_blank(cell) else written(cell).strip()


def _respondents(
    raw: RawTable, questions: Questions, on: date, invented: bool
) -> list[Municipality]:
    """The municipality of every row; each spelling is looked up once.

    Raises :class:`DataError` with the problems of all rows.
    """
    known: dict[tuple[str, str], Municipality] = {}
    found: list[Municipality] = []
    problems: list[Problem] = []
    for row in range(len(raw.cells)):
        code = _cell(raw, row, questions.get("municipality_code"))
        name = _cell(raw, row, questions.get("municipality"))
        try:
            if (code, name) not in known:
                known[code, name] = _respondent(code, name, on, invented)
            found.append(known[code, name])
        except DefinitionError as error:
            problems += (_placed(each, raw, row, questions) for each in error.problems)
    if problems:
        raise DataError([*raw.problems, *problems])
    return found


def _respondent(code: str, name: str, on: date, invented: bool) -> Municipality:
    """The municipality of one row: by its code, else by its name."""
    if not code and not name:
        raise DefinitionError(problem("KCC-D043b", count=1))
    if not code:
        _refuse_private(name)
        found = named(_plain(name), on, invented=invented)
    else:
        problems = code_problems(code, on)
        if problems:
            raise DefinitionError(problems)
        found = municipality(code, on)
        _refuse_other(name, found, on, invented)
    if found.is_invented and not invented:
        raise DefinitionError(problem("KCC-C013d", value=found.gm))
    return found


def _refuse_private(name: str) -> None:
    """What cannot be the name of a municipality is not repeated in a message."""
    if len(name) > _LONGEST_NAME or mask(name)[1]:
        raise DefinitionError(problem("KCC-C012a", value=masked(name)))


def _plain(name: str) -> str:
    """*Gemeente Noordwijk* is Noordwijk."""
    return name[9:] if name.casefold().startswith("gemeente ") else name


def _refuse_other(name: str, found: Municipality, on: date, invented: bool) -> None:
    """A name that means another municipality than the code; an unknown one may pass."""
    try:
        other = named(_plain(name), on, invented=invented)
    except DefinitionError:
        return
    if other.gm != found.gm:
        owner = f"{found.gm} ({found.name})"
        raise DefinitionError(problem("KCC-D043c", value=name, name=owner))


def _placed(found: Problem, raw: RawTable, row: int, questions: Questions) -> Problem:
    """A problem of the register with the place in the file it comes from."""
    code = questions.get("municipality_code")
    by_code = code is not None and bool(_cell(raw, row, code))
    question = code if by_code else questions.get("municipality", code)
    column = "" if question is None else raw.column_name(question.column)
    at = np.array([row])
    return replace(found, file=raw.file_at(row), row=raw.rows_of(at), column=column)


def _official(each: Municipality, role: QuestionRole) -> str:
    if role == "municipality_code":
        return each.gm
    return each.name if role == "municipality" else str(each.size_class)


def _corrections(
    raw: RawTable, question: Question, role: QuestionRole, official: Sequence[str]
) -> Iterator[Change]:
    """What the register says otherwise, or says where nothing was filled in."""
    for row, after in enumerate(official):
        before = _cell(raw, row, question)
        if before != after:
            yield Change(raw.log_row(row), question.column, before, after, role)


def _doubts(
    raw: RawTable, questions: Questions, changes: Sequence[Change], on: date
) -> Iterator[Problem]:
    corrected = [each for each in changes if each.rule == "size_class" and each.before]
    if corrected:
        column = raw.column_name(questions["size_class"].column)
        yield problem(
            "KCC-D043d", file=raw.file_at(0), column=column, count=len(corrected)
        )
    if on < COMPLETE_FROM:
        yield problem("KCC-D043e", file=raw.file_at(0), year=on.year)


# --- one answer each ------------------------------------------------------------------


def one_each(
    found: Identified, questionnaire: Questionnaire, rule: Duplicates | None
) -> Identified:
    """One row per municipality by the stated rule; what goes is logged.

    ``latest``: the answer with the latest date (of the first date question), else the
    fullest, else the lowest in the file. ``most_complete``: the answer with the most
    filled cells, else the latest. Raises :class:`DataError` when a municipality
    answered twice and no rule is stated.
    """
    rows: dict[str, list[int]] = {}
    for row, each in enumerate(found.respondents):
        rows.setdefault(each.gm, []).append(row)
    twice = [row for several in rows.values() if len(several) > 1 for row in several]
    if not twice:
        return found
    raw = found.raw
    if rule is None:
        place = problem(
            "KCC-D041d",
            file=raw.file_at(0),
            row=raw.rows_of(sorted(twice)),
            count=len(twice),
        )
        raise DataError([*raw.problems, place])
    keys = _preferences(raw, questionnaire, rule)
    kept = sorted(max(each, key=keys.__getitem__) for each in rows.values())
    gone = sorted(set(range(len(keys))) - set(kept))
    changes = (
        Change(
            raw.log_row(row), "", found.respondents[row].gm, "", "duplicate_response"
        )
        for row in gone
    )
    notice = problem(
        "KCC-D041e", file=raw.file_at(0), row=raw.rows_of(gone), count=len(gone)
    )
    return Identified(
        _only(raw, kept),
        tuple(found.respondents[row] for row in kept),
        (*found.changes, *changes),
        (*found.problems, notice),
    )


# --- a desk scan: every norm of every municipality, once ------------------------------


def scan_problems(found: Identified, questionnaire: Questionnaire) -> Iterator[Problem]:
    """Norms of a municipality that stand there twice, or not at all.

    A municipality that was not scanned at all is no fault: its norms are white spots.
    """
    about = questionnaire.with_role("norm_indicator")
    if about is None or about.column not in found.raw.cells:
        return
    raw = found.raw
    rows: dict[tuple[str, str], list[int]] = {}
    for row, each in enumerate(found.respondents):
        code = _cell(raw, row, about)
        rows.setdefault((each.gm, about.codes.get(code, code)), []).append(row)
    column = raw.column_name(about.column)
    twice = [row for each in rows.values() if len(each) > 1 for row in each]
    if twice:
        yield problem(
            "KCC-D041t",
            file=raw.file_at(0),
            row=raw.rows_of(sorted(twice)),
            column=column,
            count=len(twice),
        )
    scanned = dict.fromkeys(each.gm for each in found.respondents)
    lacking = [
        f"{gm}: {name}"
        for gm in scanned
        for name in about.categories
        if (gm, name) not in rows
    ]
    if lacking:
        named_first = dutch.listing(lacking[:_MOST_NAMED])
        yield problem(
            "KCC-D041u",
            file=raw.file_at(0),
            column=column,
            count=len(lacking),
            value=named_first,
        )


def _preferences(
    raw: RawTable, questionnaire: Questionnaire, rule: Duplicates
) -> list[tuple[Any, ...]]:
    """Per row what its answer is worth: the largest counts."""
    blank = np.column_stack([raw.cells[name].map(is_blank) for name in raw.cells])
    filled = (~blank.astype(bool)).sum(axis=1).tolist()
    dates = _dates(raw, questionnaire)
    keys = zip(dates, filled, range(len(filled)), strict=True)
    if rule == "latest":
        return list(keys)
    return [(cells, moment, row) for moment, cells, row in keys]


def _dates(raw: RawTable, questionnaire: Questionnaire) -> list[datetime]:
    """When each row was filled in; the earliest of days where that is not known."""
    question = next(
        (
            each
            for each in questionnaire.question
            if each.type == "date" and each.column in raw.cells
        ),
        None,
    )
    if question is None:
        return [_EARLIEST] * len(raw.cells)
    reader = AnswerReader(question, raw.numbers)
    read = [reader(None if is_blank(c) else c) for c in raw.cells[question.column]]
    return [
        each.value
        if isinstance(each, Answer) and isinstance(each.value, datetime)
        else _EARLIEST
        for each in read
    ]


def _only(raw: RawTable, kept: Sequence[int]) -> RawTable:
    kept = list(kept)
    return replace(
        raw,
        cells=raw.cells.iloc[kept].reset_index(drop=True),
        rows=raw.rows[kept],
        excel_rows=raw.excel_rows[kept],
        part=raw.part[kept],
    )
