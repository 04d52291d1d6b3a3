"""Questionnaires: the one source for types, categories, ranges and missing codes.

What a raw file may hold, what a processed file holds and what a report prints about a
question are all derived from here. Nothing about codes is ever guessed (DESIGN §4).
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from kcc_research.study.condition import Condition, parse_condition
from kcc_research.study.cross_table import CrossTable, cross_faults
from kcc_research.study.distribution import without_place
from kcc_research.study.expectation_gap import ExpectationGap, gap_faults
from kcc_research.study.group_ratio import GroupRatio, ratio_faults
from kcc_research.study.indicator import Indicator
from kcc_research.study.model import Definition, Fault, Identifier, Text, refuse
from kcc_research.study.no_answer import means_no_answer
from kcc_research.study.reserved import (
    EVERYONE,
    NO_ANSWER,
    is_reserved_category,
    is_reserved_indicator,
    is_reserved_question,
)

QuestionType = Literal[
    "grade",
    "scale",
    "choice",
    "multiple",
    "number",
    "date",
    "text",
    "identifier",
    "weight",
]
MissingReason = Literal["dont_know", "no_answer", "not_asked", "refused"]
Direction = Literal["higher_is_better", "lower_is_better"]
QuestionRole = Literal[
    "channel",
    "service",
    "municipality",
    "municipality_code",
    "size_class",
    "contact_date",
    "answer_date",
    "person",
    "contacts",
    "invited",
    "undeliverable",
    "norm_indicator",
    "norm_published",
    "norm_value",
    "norm_measured",
    "norm",
    "norm_theme",
    "norm_source",
    "judgement",
    "judgement_reason",
]

IN_REGISTER: tuple[QuestionRole, ...] = ("municipality_code", "size_class")
"""What the register says about a municipality whose name is known."""

NUMERIC_TYPES: frozenset[str] = frozenset({"grade", "scale", "number", "weight"})
CLOSED_TYPES: frozenset[str] = NUMERIC_TYPES | {"choice", "multiple", "date"}


class Question(Definition):
    """One question and the column(s) that hold its answers.

    ``codes`` maps what stands in the raw file to the category a report prints; a list
    of categories stands for itself. A *scale* has numeric codes; a *multiple* has
    either ``columns`` (category → column with 0/1) or one column of categories joined
    by ``separator``. ``range`` bounds a grade, scale or number, both ends included.
    ``role`` marks the questions about the channel and the service of a contact, and
    those by which a municipality is known: its name, its code, and the size class of
    CBS (1 to 8). In a continuous measurement ``contact_date`` is the day to which an
    answer, or a count, belongs, ``answer_date`` the day it came in and ``person`` a
    pseudonym; ``contacts``, ``invited`` and ``undeliverable`` are the counts of a
    source of kind ``volumes``. A review of documents has its *norm*, theme, source and
    *judgement* so. In a desk scan of service norms: which indicator a row is about,
    whether a norm was published, its level (of a share as a percentage), and whether
    the municipality measures it. ``from_register``: the file has no such column, the
    register of municipalities says it. ``link``: of an identifier a keyed pseudonym is
    kept, by which the waves of one owner can be joined; without it nothing is.
    ``names``: names of people in an open answer are masked as well, by a recogniser
    that is installed apart (``kcc_research[pii]``); it masks too much rather than too
    little, and never all.
    ``staff``: whether the categories are teams, with their ``employees`` each, or in
    spite of the name nobody who works there (see :mod:`.staff`).
    """

    id: Identifier
    text: Text
    type: QuestionType
    sensitive: bool
    column: str = ""
    columns: dict[str, str] = Field(default_factory=dict)
    separator: str = ""
    label: str = ""
    codes: dict[str, str] = Field(default_factory=dict)
    range: tuple[float, float] | None = Field(default=None, strict=False)
    direction: Direction | None = None
    missing: dict[str, MissingReason] = Field(default_factory=dict)
    out_of_range: Literal["error", "exclude"] = "error"
    required: bool = False
    asked_if: str = ""
    theme: str = ""
    date_format: str = "%Y-%m-%d"
    unit: str = ""
    role: QuestionRole | None = None
    from_register: bool = False
    link: bool = False
    names: bool = False
    staff: Literal["team", "nobody"] | None = None
    employees: dict[str, int] = Field(default_factory=dict)

    @field_validator("codes", mode="before")
    @classmethod
    def _a_list_stands_for_itself(cls, value: object) -> object:
        if isinstance(value, list):
            return {str(each): str(each) for each in value}
        return value

    @field_validator("columns", mode="before")
    @classmethod
    def _columns_of_a_list(cls, value: object) -> object:
        if isinstance(value, list):
            return {str(each): str(each) for each in value}
        return value

    @model_validator(mode="after")
    def _type_has_what_it_needs(self) -> Self:
        refuse((*_column_faults(self), *_answer_faults(self), *_missing_faults(self)))
        return self

    @property
    def short(self) -> str:
        """The name of the question in tables and figures."""
        return self.label or self.text

    @property
    def routing(self) -> Condition | None:
        return parse_condition(self.asked_if) if self.asked_if else None

    @property
    def categories(self) -> tuple[str, ...]:
        """Categories in declared order, each once."""
        source = self.columns or self.codes
        labels = source.keys() if self.columns else source.values()
        return tuple(dict.fromkeys(labels))

    @property
    def raw_columns(self) -> tuple[str, ...]:
        """Every column of the raw file this question reads."""
        return tuple(self.columns.values()) if self.columns else (self.column,)

    @property
    def is_numeric(self) -> bool:
        return self.type in NUMERIC_TYPES

    @property
    def is_closed(self) -> bool:
        return self.type in CLOSED_TYPES

    @property
    def is_kept(self) -> bool:
        """Whether the processed file has a column of this question (TRUST-P1)."""
        return self.type != "identifier" or self.link


class Filter(Definition):
    """A named part of the respondents, such as *had contact*.

    Filters are the only domains that measurements, bridges and the differencing
    registry know. ``label`` names these people in a sentence about the base.
    """

    id: Identifier
    condition: Text
    label: Text

    @property
    def parsed(self) -> Condition:
        return parse_condition(self.condition)

    @model_validator(mode="after")
    def _condition_is_understood(self) -> Self:
        refuse(_condition_faults("condition", self.condition))
        return self


class Questionnaire(Definition):
    """The questions of one source, with its filters and indicators."""

    title: Text
    population: Text = "respondenten"
    question: tuple[Question, ...] = Field(min_length=1, strict=False)
    filter: tuple[Filter, ...] = Field(default=(), strict=False)
    indicator: tuple[Indicator, ...] = Field(default=(), strict=False)
    cross: tuple[CrossTable, ...] = Field(default=(), strict=False)
    ratio: tuple[GroupRatio, ...] = Field(default=(), strict=False)
    gap: tuple[ExpectationGap, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _names_resolve(self) -> Self:
        refuse(_name_faults(self))
        return self

    @property
    def questions(self) -> Mapping[str, Question]:
        return {each.id: each for each in self.question}

    @property
    def indicators(self) -> Mapping[str, Indicator]:
        return {each.id: each for each in self.indicator}

    @property
    def filters(self) -> Mapping[str, Filter]:
        return {each.id: each for each in self.filter}

    def with_role(self, role: QuestionRole) -> Question | None:
        """The first question with ``role``, if any."""
        return next((each for each in self.question if each.role == role), None)

    @property
    def columns(self) -> Mapping[str, Question]:
        """Raw column name → the question that declares it."""
        return {name: each for each in self.question for name in each.raw_columns}


def _column_faults(question: Question) -> Iterator[Fault]:
    if question.type == "multiple":
        if bool(question.columns) == bool(question.separator):
            yield (), "een meervoudige vraag heeft columns of separator"
        if question.separator and not question.column:
            yield (), "bij separator hoort een column"
    elif not question.column:
        yield (), "column ontbreekt: hoe heet de kolom in het bestand?"
    elif question.columns or question.separator:
        yield ("type",), 'columns en separator horen alleen bij type = "multiple"'


def _answer_faults(question: Question) -> Iterator[Fault]:
    if question.from_register and question.role not in IN_REGISTER:
        allowed = " of ".join(IN_REGISTER)
        yield ("from_register",), f"het register kent alleen {allowed} (role)"
    if question.link and question.type != "identifier":
        yield ("link",), 'link hoort alleen bij type = "identifier"'
    if question.names and question.type != "text":
        yield ("names",), 'names hoort alleen bij type = "text"'
    if question.type in ("grade", "scale"):
        if question.range is None:
            example = "[1, 10]" if question.type == "grade" else "[1, 5]"
            yield (), f"een {question.type} heeft een range nodig, zoals {example}"
        if question.direction is None:
            yield (), 'direction ontbreekt: "higher_is_better" of "lower_is_better"'
    if question.range is not None and question.range[0] >= question.range[1]:
        yield ("range",), "range loopt van laag naar hoog"
    is_coded = question.type == "multiple" and question.separator
    if (question.type == "choice" or is_coded) and not question.codes:
        yield (), "codes ontbreken: welke antwoorden zijn er?"
    if question.columns:
        for code, meaning in question.codes.items():
            if meaning not in ("0", "1"):
                yield ("codes", code), 'een vakje is "1" (aangekruist) of "0"'
    yield from _number_faults(question)
    if question.type == "date" and not _is_date_format(question.date_format):
        yield ("date_format",), "deze schrijfwijze bestaat niet; zoals %d-%m-%Y"
    if question.asked_if:
        yield from _condition_faults("asked_if", question.asked_if)


def _number_faults(question: Question) -> Iterator[Fault]:
    """Codes of a number are numbers, and those of a scale lie on it."""
    for code in question.codes if question.is_numeric else ():
        if not _is_within(code, (-math.inf, math.inf)):
            yield ("codes", code), f"code {code} is geen getal"
        elif means_no_answer(question.codes[code]):
            yield ("codes", code), _no_number(code, question.codes[code])
        elif question.type == "scale" and question.range is not None:
            if not _is_within(code, question.range):
                yield ("codes", code), f"code {code} valt buiten de range"


def _no_number(code: str, label: str) -> str:
    example = f'missing = {{ {code} = "dont_know" }}'
    return f"'{label}' telt zo mee in het gemiddelde; zet de code bij {example}"


def _is_date_format(text: str) -> bool:
    """Whether a date written so can be read back; ``strptime`` has the last word."""
    day = datetime(2001, 2, 3)
    try:
        return datetime.strptime(day.strftime(text), text) == day
    except (ValueError, re.error):
        return False


def _missing_faults(question: Question) -> Iterator[Fault]:
    """A missing code that is also an answer would silently remove that answer."""
    for code in question.missing:
        is_answer = code in question.codes or (
            question.is_numeric
            and question.range is not None
            and _is_within(code, question.range)
        )
        if is_answer:
            yield ("missing", code), f"code {code} is ook een geldig antwoord"


def _is_within(code: str, bounds: tuple[float, float]) -> bool:
    try:
        return math.isfinite(float(code)) and bounds[0] <= float(code) <= bounds[1]
    except ValueError:
        return False


def _condition_faults(key: str, condition: str) -> Iterator[Fault]:
    try:
        parse_condition(condition)
    except ValueError as error:
        yield (key,), str(error)


def _name_faults(questionnaire: Questionnaire) -> Iterator[Fault]:
    yield from _twice("question", "id", [each.id for each in questionnaire.question])
    yield from _twice("indicator", "id", [each.id for each in questionnaire.indicator])
    yield from _twice("filter", "id", [each.id for each in questionnaire.filter])
    yield from _columns_twice(questionnaire)
    yield from _reserved_faults(questionnaire)
    yield from _circle_faults(questionnaire)
    for index, question in enumerate(questionnaire.question):
        if question.routing is not None:
            at = ("question", index, "asked_if")
            yield from _reference_faults(questionnaire, at, question.routing)
    for index, domain in enumerate(questionnaire.filter):
        at = ("filter", index, "condition")
        yield from _reference_faults(questionnaire, at, domain.parsed)
    for index, indicator in enumerate(questionnaire.indicator):
        path = ("indicator", index)
        known = questionnaire.questions.get(indicator.question)
        if known is None:
            text = _unknown_question(questionnaire, indicator.question)
            yield (*path, "question"), text
        else:
            for key, text in _indicator_faults(indicator, known):
                yield (*path, *key), text
    yield from cross_faults(questionnaire.cross, questionnaire.indicator)
    yield from ratio_faults(
        questionnaire.ratio, questionnaire.indicator, list(questionnaire.filters)
    )
    taken = [
        *(each.id for each in questionnaire.indicator),
        *(each.id for each in questionnaire.cross),
        *(each.id for each in questionnaire.ratio),
    ]
    yield from gap_faults(questionnaire.gap, questionnaire.questions, taken)


def _twice(table: str, key: str, names: list[str]) -> Iterator[Fault]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield (table, index, key), f"{key} '{name}' staat er twee keer"


def _columns_twice(questionnaire: Questionnaire) -> Iterator[Fault]:
    owners: dict[str, str] = {}
    for index, question in enumerate(questionnaire.question):
        for column in question.raw_columns:
            if column in owners:
                text = f"kolom '{column}' is al van vraag '{owners[column]}'"
                yield ("question", index, "column"), text
            owners.setdefault(column, question.id)


def _reserved_faults(questionnaire: Questionnaire) -> Iterator[Fault]:
    """Names that the tables of results and the columns of answers give themselves."""
    for index, question in enumerate(questionnaire.question):
        if is_reserved_question(question.id):
            text = f"de naam '{question.id}' gebruikt het systeem zelf"
            yield ("question", index, "id"), text
        for category in question.categories:
            if is_reserved_category(category):
                key = "columns" if question.columns else "codes"
                text = f"het antwoord '{category}' heet zo al in elke tabel"
                yield ("question", index, key), text
    for index, indicator in enumerate(questionnaire.indicator):
        if is_reserved_indicator(indicator.id, questionnaire.questions):
            text = f"de naam '{indicator.id}' gebruikt het systeem zelf"
            yield ("indicator", index, "id"), text
    for index, each in enumerate(questionnaire.filter):
        if each.id == EVERYONE:
            text = f"'{EVERYONE}' betekent al: iedereen in het bestand"
            yield ("filter", index, "id"), text


def _circle_faults(questionnaire: Questionnaire) -> Iterator[Fault]:
    """Questions whose routing comes back to themselves: nobody would be asked."""
    questions = questionnaire.questions
    asks = {
        name: set(each.routing.questions) if each.routing else set()
        for name, each in questions.items()
    }
    for index, question in enumerate(questionnaire.question):
        seen: set[str] = set()
        ahead = set(asks[question.id])
        while ahead:
            seen |= ahead
            ahead = {name for each in ahead for name in asks.get(each, ())} - seen
        if question.id in seen:
            text = f"'{question.id}' hangt zo van zichzelf af"
            yield ("question", index, "asked_if"), text


def _reference_faults(
    questionnaire: Questionnaire, path: tuple[str | int, ...], condition: Condition
) -> Iterator[Fault]:
    for clause in condition.clauses:
        question = questionnaire.questions.get(clause.question)
        if question is None:
            yield path, _unknown_question(questionnaire, clause.question)
            continue
        for category in clause.categories:
            if category not in question.categories:
                yield path, _unknown_category(question, category)


def _indicator_faults(indicator: Indicator, question: Question) -> Iterator[Fault]:
    kind = f"een vraag van het soort '{question.type}'"
    counts_ticks = question.type == "multiple"  # the mean number of categories
    if indicator.statistic == "mean" and not (question.is_numeric or counts_ticks):
        yield ("statistic",), f"van {kind} bestaat geen gemiddelde"
    bounds = {"at_least": indicator.at_least, "at_most": indicator.at_most}
    for key, bound in bounds.items():
        if bound is not None and not question.is_numeric:
            yield (key,), f"{kind} heeft geen grens; gebruik categories"
    if indicator.classes and not question.is_numeric:
        yield ("classes",), f"{kind} heeft geen classes"
    elif indicator.statistic == "distribution":
        yield from _distribution_faults(indicator, question)
    for index, category in enumerate(indicator.categories):
        if category not in question.categories:
            yield ("categories", index), _unknown_category(question, category)


def _distribution_faults(indicator: Indicator, question: Question) -> Iterator[Fault]:
    """No answer may fall between the classes: it would be in n and in no share."""
    kind = f"een vraag van het soort '{question.type}'"
    names = (*question.categories, *(each.label for each in indicator.classes))
    if indicator.base != "valid" and NO_ANSWER in names:
        text = f"wie niets antwoordde, heet hier al '{NO_ANSWER}'"
        yield ("classes" if indicator.classes else "base",), text
    is_divided = question.categories or indicator.classes or question.type == "grade"
    if not is_divided:
        yield ("statistic",), f"een verdeling van {kind} heeft classes nodig"
    elif question.is_numeric and not any(_number_faults(question)):
        lost = without_place(indicator, question)
        if lost is not None:
            key = "classes" if indicator.classes else "statistic"
            text = f"antwoord {lost:g} op '{question.id}' valt in geen van de classes"
            yield (key,), text


def _unknown_question(questionnaire: Questionnaire, name: str) -> str:
    return f"vraag '{name}' bestaat niet{_meant(name, questionnaire.questions)}"


def _unknown_category(question: Question, category: str) -> str:
    known = question.categories
    if not known:
        return f"'{question.id}' heeft geen antwoorden om uit te kiezen"
    close = _meant(category, known) or f"; bekend zijn {', '.join(known)}"
    return f"'{category}' is geen antwoord op '{question.id}'{close}"


def _meant(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; bedoelde u '{close[0]}'?" if close else ""
