"""Questionnaires: the one source for types, categories, ranges and missing codes.

What a raw file may hold, what a processed file holds and what a report prints about a
question are all derived from here. Nothing about codes is ever guessed (DESIGN §4).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from kcc_research.study.condition import Condition, parse_condition
from kcc_research.study.cross_table import CrossTable, cross_faults
from kcc_research.study.group_ratio import GroupRatio, ratio_faults
from kcc_research.study.indicator import Indicator
from kcc_research.study.model import Definition, Fault, Identifier, Text, refuse

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
    "channel", "service", "municipality", "municipality_code", "size_class"
]

NUMERIC_TYPES: frozenset[str] = frozenset({"grade", "scale", "number", "weight"})
CLOSED_TYPES: frozenset[str] = NUMERIC_TYPES | {"choice", "multiple", "date"}


class Question(Definition):
    """One question and the column(s) that hold its answers.

    ``codes`` maps what stands in the raw file to the category a report prints; a list
    of categories stands for itself. A *scale* has numeric codes; a *multiple* has
    either ``columns`` (category → column with 0/1) or one column of categories joined
    by ``separator``. ``range`` bounds a grade, scale or number, both ends included.
    ``role`` marks the questions about the channel and the service of a contact, and
    those by which a municipality that answers is known: its name, its code, and the
    size class of CBS (1 to 8).
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
    question: tuple[Question, ...] = Field(strict=False)
    filter: tuple[Filter, ...] = Field(default=(), strict=False)
    indicator: tuple[Indicator, ...] = Field(default=(), strict=False)
    cross: tuple[CrossTable, ...] = Field(default=(), strict=False)
    ratio: tuple[GroupRatio, ...] = Field(default=(), strict=False)

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
    if question.type == "scale" and question.range is not None:
        for code in question.codes:
            if not _is_within(code, question.range):
                yield ("codes", code), f"code {code} valt buiten de range"
    if question.asked_if:
        yield from _condition_faults("asked_if", question.asked_if)


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
        return bounds[0] <= float(code) <= bounds[1]
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
    if indicator.statistic == "distribution" and not (
        question.categories or indicator.classes or question.type == "grade"
    ):
        yield ("statistic",), f"een verdeling van {kind} heeft classes nodig"
    for index, category in enumerate(indicator.categories):
        if category not in question.categories:
            yield ("categories", index), _unknown_category(question, category)


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
