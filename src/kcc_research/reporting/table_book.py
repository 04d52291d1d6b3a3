"""What stands in the *tabellenboek*: one sheet per indicator, groups side by side.

Made from the protected estimates and the definitions, and from nothing else; a number
that is suppressed is ``x`` before it gets here (DESIGN §8.1). Numbers stay numbers,
with the 10 digits of the open data, so that a sheet and the CSV say the same.
:mod:`.table_book_file` writes it as a workbook.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.tables import (
    DOMAIN,
    NOT_ASKED_GROUP,
    TOTAL,
    UNKNOWN_GROUP,
)
from kcc_research.reporting import open_data, phrases
from kcc_research.reporting.cells import INDICATIVE_NOTE, SUPPRESSED_NOTE
from kcc_research.reporting.contact_values import (
    BY_WORDS,
    known,
    name_of,
)
from kcc_research.reporting.result import Result, find_all
from kcc_research.study.measurement import Source, Study
from kcc_research.study.municipality import register

LOW, HIGH = "95%-marge, van", "95%-marge, tot"
COUNT, ANSWERS = "aantal", "n"
NOT_MEASURED_NOTE = "n.b.: niet gemeten."

_STATISTICS = {
    "mean": "Gemiddelde",
    "share": "Aandeel",
    "count": "Aantal",
    "ratio": "Verhouding",
    "quantile": "Waarde",
    "gap": "Verschil",
    "nps": "NPS",
}
_LONGEST_NAME = 31  # Excel's limit for the name of a sheet
_NAME_LETTERS = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, or a mark such as ``x``; ``form`` tells how it is shown."""

    value: float | str | None
    form: str = "count"
    is_indicative: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a block: what it holds, and a cell per column."""

    name: str
    cells: tuple[Cell, ...]
    is_main: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """Rows about the same people: ``columns`` are (breakdown, group)."""

    base: str
    method: str
    columns: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One indicator of one source. ``total`` is what the contents say of it."""

    name: str
    title: str
    source: str
    question: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]
    total: Cell
    answers: Cell


def sheets(study: Study, estimates: pd.DataFrame) -> list[Sheet]:
    """A sheet for every indicator of ``estimates``, in the order of the table."""
    results = find_all(estimates)
    order = {(each.source, each.indicator): each for each in results}
    return [
        _sheet(study, number, [r for r in results if (r.source, r.indicator) == pair])
        for number, pair in enumerate(order, start=1)
    ]


def _sheet(study: Study, number: int, results: list[Result]) -> Sheet:
    first = results[0]
    totals = (each for each in results if each.by == TOTAL)
    total = next((each for each in totals if not each.category), None)
    source = study.measurement.sources.get(first.source)
    by_base = sorted(results, key=_place(results))
    return Sheet(
        name=_sheet_name(number, first.indicator),
        title=_title(study, first),
        source=_source_words(source, first.source),
        question=_question(study, first),
        blocks=tuple(
            _block(study, list(rows)) for _, rows in groupby(by_base, key=_about)
        ),
        notes=tuple(_notes(study, results)),
        total=Cell(None) if total is None else _value(study, total),
        answers=Cell(None) if total is None else _number(total, total.n, "count"),
    )


def _about(result: Result) -> tuple[str, str]:
    return result.statistic, result.base


def _place(results: list[Result]) -> Callable[[Result], int]:
    """A key that keeps the table's order, but brings equal bases together."""
    first: dict[tuple[str, str], int] = {}
    for place, each in enumerate(results):
        first.setdefault(_about(each), place)
    return lambda each: first[_about(each)]


def _sheet_name(number: int, indicator: str) -> str:
    """``07 tevreden``: unique by its number, and nothing Excel refuses.

    >>> _sheet_name(7, "stelling_op_de_hoogte_houden_weet_niet")
    '07 stelling op de hoogte houden'
    """
    words = _NAME_LETTERS.sub(" ", indicator.lower()).strip()
    return f"{number:02} {words}"[:_LONGEST_NAME].strip()


# --- words ----------------------------------------------------------------------------


def _source_words(source: Source | None, name: str) -> str:
    return name if source is None else source.label or source.id


def _title(study: Study, result: Result) -> str:
    questionnaire = study.questionnaires.get(result.source)
    if questionnaire and result.indicator in questionnaire.indicators:
        return dutch.capitalised(questionnaire.indicators[result.indicator].label)
    layout = study.layouts.get(result.source)
    if layout and result.indicator in known(study, result.source):
        return dutch.capitalised(name_of(study, result.source, result.indicator))
    return dutch.capitalised(result.indicator.replace("_", " "))


def _question(study: Study, result: Result) -> str:
    questionnaire = study.questionnaires.get(result.source)
    if not questionnaire or result.indicator not in questionnaire.indicators:
        return ""
    indicator = questionnaire.indicators[result.indicator]
    return questionnaire.questions[indicator.question].text


def _by_words(study: Study, result: Result) -> str:
    questionnaire = study.questionnaires.get(result.source)
    if questionnaire and result.by in questionnaire.questions:
        return dutch.capitalised(questionnaire.questions[result.by].short)
    words = {TOTAL: "totaal", DOMAIN: "groep", **BY_WORDS}.get(result.by, result.by)
    return dutch.capitalised(words.replace("_", " "))


def _group_words(study: Study, result: Result) -> str:
    questionnaire = study.questionnaires.get(result.source)
    if result.by == DOMAIN and questionnaire:
        known_filter = questionnaire.filters.get(result.group)
        return known_filter.label if known_filter else result.group
    if re.fullmatch(r"GM\d{4}", result.group):
        names = (each.name for each in register() if each.gm == result.group)
        return next(names, result.group)
    return "samen" if result.by == result.group == TOTAL else result.group


def _measure(study: Study, result: Result) -> str:
    """What a row without a category holds: ``Gemiddelde (seconden)``."""
    word = _STATISTICS.get(result.statistic, result.statistic)
    if (
        result.statistic not in ("mean", "quantile")
        or result.source not in study.layouts
    ):
        return word
    indicator = known(study, result.source).get(result.indicator)
    return f"{word} ({indicator.unit})" if indicator and indicator.unit else word


def _notes(study: Study, results: list[Result]) -> Iterator[str]:
    """The legend of the marks that occur, and no others."""
    if study.measurement.disclosure.round_counts:
        yield phrases.ROUNDED_SENTENCE
    if any(each.status == "suppressed" for each in results):
        yield SUPPRESSED_NOTE
    if any(each.is_indicative for each in results):
        yield INDICATIVE_NOTE
    if any(not each.is_shown and each.status != "suppressed" for each in results):
        yield NOT_MEASURED_NOTE
    if any(each.has_interval for each in results):
        yield "95%-marge: zo ver kan het echte cijfer er door toeval naast liggen."
    if any(each.group in (UNKNOWN_GROUP, NOT_ASKED_GROUP) for each in results):
        yield "onbekend en niet gevraagd: wie niet in de uitsplitsing zit, geteld."


# --- blocks ---------------------------------------------------------------------------


def _block(study: Study, rows: list[Result]) -> Block:
    columns = list(dict.fromkeys((each.by, each.group) for each in rows))
    shown = {(each.by, each.group): each for each in rows}
    found = {(each.category, each.by, each.group): each for each in rows}
    lines: list[Line] = []
    below: list[Line] = []
    for category in dict.fromkeys(each.category for each in rows):
        cells = [found.get((category, *column)) for column in columns]
        name = category or _measure(study, rows[0])
        lines += _lines(study, name, cells)
        answers = [_number(each, each.n, "count") if each else None for each in cells]
        below.append(
            Line(ANSWERS, tuple(each or Cell(None) for each in answers), False)
        )
    return Block(
        base=rows[0].base,
        method="; ".join(dict.fromkeys(each.method for each in rows if each.method)),
        columns=tuple(
            (_by_words(study, shown[each]), _group_words(study, shown[each]))
            for each in columns
        ),
        lines=tuple(_with_answers(lines, below)),
    )


def _with_answers(lines: list[Line], answers: list[Line]) -> Iterator[Line]:
    """One row *n* below all, or one per category where they differ."""
    if len(set(answers)) == 1:
        yield from lines
        yield answers[0]
        return
    places = iter(answers)
    for place, line in enumerate(lines):
        yield line
        if place + 1 == len(lines) or lines[place + 1].is_main:
            yield next(places)


def _lines(study: Study, name: str, cells: list[Result | None]) -> Iterator[Line]:
    """The value, and what there is of margins and counts."""
    yield Line(
        dutch.capitalised(name),
        tuple(_value(study, each) if each else Cell(None) for each in cells),
    )
    parts = [(LOW, "ci_low", ""), (HIGH, "ci_high", ""), (COUNT, "count", "count")]
    for label, field, form in parts:
        if field == "count" and any(
            each and each.statistic == "count" for each in cells
        ):
            continue  # the value itself
        line = tuple(
            _number(each, getattr(each, field), form or _form(study, each))
            if each
            else Cell(None)
            for each in cells
        )
        if any(isinstance(each.value, float) for each in line):
            yield Line(label, line, is_main=False)


def _value(study: Study, result: Result) -> Cell:
    cell = _number(result, result.estimate, _form(study, result))
    if cell.value is None:
        return Cell(dutch.NOT_AVAILABLE)
    return cell


def _number(result: Result, value: float | None, form: str) -> Cell:
    """The number with its 10 digits; of a suppressed result never more than ``x``."""
    if result.status == "suppressed":
        return Cell(dutch.SUPPRESSED)
    if value is None:
        return Cell(None)
    return Cell(float(open_data.number(float(value))), form, result.is_indicative)


def _form(study: Study, result: Result) -> str:
    """How a number is shown: as a registration or a survey prints it."""
    if result.statistic == "share":
        return "share_fine" if result.source in study.layouts else "share"
    if result.statistic in ("mean", "quantile") and result.source in study.layouts:
        unit = known(study, result.source).get(result.indicator)
        return "days" if unit is not None and unit.unit == "dagen" else "seconds"
    forms = {"count": "count", "ratio": "ratio", "nps": "count"}
    return forms.get(result.statistic, "mean")
