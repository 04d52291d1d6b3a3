"""Coding schemes: how open answers, interviews and observations were coded.

A raw file of remarks has one row per coded fragment (a piece of what somebody said).
The scheme (*codeerschema*) says which column is what and which codes there are; what it
does not name is an error, with the code it resembles (DESIGN §4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from kcc_research.study.model import Definition, Fault, Identifier, Text, refuse
from kcc_research.study.questionnaire import Question, Questionnaire, QuestionType
from kcc_research.study.reserved import is_reserved_category

Valence = Literal["positief", "neutraal", "negatief"]
VALENCES: tuple[Valence, ...] = ("positief", "neutraal", "negatief")
"""How a fragment speaks of its theme, in the order of every table."""

SIGNS: dict[str, Valence] = {
    "+": "positief",
    "0": "neutraal",
    "-": "negatief",
    "\u2013": "negatief",
    "\u2212": "negatief",
}
"""What stands in the column of valence when ``valence`` does not say (DOMAIN §1.1)."""

FRAGMENT, PERSON, SOURCE, ROLE = "fragment", "persoon", "bron", "rol"
CODER, THEME, SUBTHEME, VALENCE = "codeur", "thema", "subthema", "valentie"
QUOTATION = "citaat"
"""Columns of coded fragments, in raw files (as declared) and in processed ones."""

Names = Annotated[tuple[Text, ...], Field(strict=False)]


class RemarkColumns(Definition):
    """The columns of the raw file, by what they hold.

    ``theme`` may be several columns, one theme each; ``subtheme`` then has as many.
    Without ``fragment`` every row is a fragment; without ``person`` every fragment is
    taken for a person of its own.
    """

    theme: Names = Field(min_length=1)
    fragment: str = ""
    person: str = ""
    source: str = ""
    role: str = ""
    coder: str = ""
    subtheme: Names = ()
    valence: str = ""
    quotation: str = ""

    @field_validator("theme", "subtheme", mode="before")
    @classmethod
    def _one_is_a_list_of_one(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


class CodedTheme(Definition):
    """A theme or a part of one (*subthema*).

    ``codes`` are what stands in the raw file; without them its id and its label do.
    """

    id: Identifier
    label: Text
    definition: str = ""
    codes: Names = ()

    @property
    def written(self) -> tuple[str, ...]:
        return self.codes or (self.id, self.label)


class Theme(CodedTheme):
    """What a fragment can be about; ``definition`` says when a coder chooses it."""

    definition: Text
    subtheme: tuple[CodedTheme, ...] = Field(default=(), strict=False)


class CodingScheme(Definition):
    """The coding of one source of remarks.

    ``person`` and ``persons`` name who spoke, in one and more: *gesprekspartner*,
    *gesprekspartners*. ``sources``, ``roles`` and ``coders`` map what stands in the
    raw file to what a report prints. Of a fragment that more than one coder coded, the
    codes of the coder named first in ``coders`` count; the others serve to measure
    agreement. ``separator`` joins several themes in one cell. ``uncoded`` says that a
    fragment may have no theme: it then counts in the base only. ``names``: names of
    people in the quotations are masked as well (``kcc_research[pii]``).
    """

    title: Text
    person: Text
    persons: Text
    column: RemarkColumns
    separator: str = ""
    uncoded: bool = False
    names: bool = False
    sources: dict[str, str] = Field(default_factory=dict)
    roles: dict[str, str] = Field(default_factory=dict)
    coders: dict[str, str] = Field(default_factory=dict)
    valence: dict[str, Valence] = Field(default_factory=dict)
    theme: tuple[Theme, ...] = Field(min_length=1, strict=False)

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        refuse((*_table_faults(self), *_shape_faults(self), *_theme_faults(self)))
        return self

    @property
    def labels(self) -> tuple[str, ...]:
        """The themes as a report prints them, in declared order."""
        return tuple(each.label for each in self.theme)

    @property
    def precedence(self) -> tuple[str, ...]:
        """The coders, first the one whose codes count."""
        return tuple(dict.fromkeys(self.coders.values()))

    def theme_of(self, label: str) -> Theme:
        return next(each for each in self.theme if each.label == label)

    @cached_property
    def questionnaire(self) -> Questionnaire:
        """The columns as questions, so that remarks are read as strictly as answers."""
        return Questionnaire(
            title=self.title, population=self.persons, question=tuple(_questions(self))
        )

    @property
    def theme_questions(self) -> tuple[str, ...]:
        return tuple(_numbered(THEME, self.column.theme))

    @property
    def subtheme_questions(self) -> tuple[str, ...]:
        return tuple(_numbered(SUBTHEME, self.column.subtheme))


# --- the columns as questions ---------------------------------------------------------


def _questions(scheme: CodingScheme) -> Iterator[Question]:
    column = scheme.column
    # The person comes first: by it somebody is taken out on request.
    for name, raw in ((PERSON, column.person), (FRAGMENT, column.fragment)):
        if raw:
            yield _question(name, "identifier", raw)
    closed: tuple[tuple[str, str, Mapping[str, str]], ...] = (
        (SOURCE, column.source, scheme.sources),
        (ROLE, column.role, scheme.roles),
        (CODER, column.coder, scheme.coders),
    )
    for name, raw, codes in closed:
        if raw:
            yield _question(name, "choice", raw, codes, required=True)
    yield from _theme_questions(scheme)
    if column.valence:
        yield _question(VALENCE, "choice", column.valence, scheme.valence or SIGNS)
    if column.quotation:
        yield _question(QUOTATION, "text", column.quotation, names=scheme.names)


def _theme_questions(scheme: CodingScheme) -> Iterator[Question]:
    codes = {raw: each.label for each in scheme.theme for raw in each.written}
    kind: QuestionType = "multiple" if scheme.separator else "choice"
    for place, (name, raw) in enumerate(
        zip(scheme.theme_questions, scheme.column.theme, strict=True)
    ):
        yield _question(
            name,
            kind,
            raw,
            codes,
            separator=scheme.separator,
            required=not scheme.uncoded and place == 0,
        )
    # One name may be a part of several themes: which one it is, its theme tells.
    parts = {
        raw: raw
        for theme in scheme.theme
        for part in theme.subtheme
        for raw in part.written
    }
    for name, raw in zip(
        scheme.subtheme_questions, scheme.column.subtheme, strict=True
    ):
        yield _question(name, "choice", raw, parts)


def _question(
    name: str,
    kind: QuestionType,
    column: str,
    codes: Mapping[str, str] | None = None,
    *,
    separator: str = "",
    required: bool = False,
    names: bool = False,
) -> Question:
    return Question(
        id=name,
        text=name,
        type=kind,
        column=column,
        codes=dict(codes or {}),
        separator=separator,
        required=required,
        names=names,
        sensitive=False,
    )


def _numbered(name: str, columns: tuple[str, ...]) -> Iterator[str]:
    """``thema``, or ``thema_1``, ``thema_2`` where there are several columns."""
    several = len(columns) > 1
    return (f"{name}_{at}" if several else name for at in range(1, len(columns) + 1))


# --- what cannot be -------------------------------------------------------------------


def _table_faults(scheme: CodingScheme) -> Iterator[Fault]:
    """A column without its list of codes, a list without its column, names twice."""
    column = scheme.column
    for key, raw, table in (
        ("source", column.source, "sources"),
        ("role", column.role, "roles"),
        ("coder", column.coder, "coders"),
    ):
        codes: dict[str, str] = getattr(scheme, table)
        if raw and not codes:
            yield (), f"[{table}] ontbreekt: wat kan er in kolom '{raw}' staan?"
        if codes and not raw:
            yield (table,), f"in [column] ontbreekt {key}: in welke kolom staat dit?"
        for code, label in codes.items():
            if not label.strip() or is_reserved_category(label):
                yield (table, code), f"'{label}' kan geen naam zijn in een tabel"
        yield from _written_twice((table,), codes)
    if scheme.valence and not column.valence:
        yield ("valence",), "in [column] ontbreekt valence: in welke kolom staat dit?"
    used = [*_plain_columns(column), *column.theme, *column.subtheme]
    for name in sorted({each for each in used if used.count(each) > 1}):
        yield ("column",), f"kolom '{name}' staat er twee keer"


def _plain_columns(column: RemarkColumns) -> list[str]:
    names = (
        column.fragment,
        column.person,
        column.source,
        column.role,
        column.coder,
        column.valence,
        column.quotation,
    )
    return [each for each in names if each]


def _shape_faults(scheme: CodingScheme) -> Iterator[Fault]:
    column = scheme.column
    several = len(column.theme) > 1
    if scheme.separator and several:
        yield ("separator",), "thema's staan in één cel of in meer kolommen, niet beide"
    if column.subtheme and len(column.subtheme) != len(column.theme):
        yield ("column", "subtheme"), "bij elke kolom met een thema hoort een subthema"
    if column.subtheme and scheme.separator:
        subtheme = ("column", "subtheme")
        yield (
            subtheme,
            "bij meer thema's in een cel is niet te zien waar het subthema bij is",
        )
    if column.valence and (several or scheme.separator):
        valence = ("column", "valence")
        yield (
            valence,
            "bij meer thema's in een rij is niet te zien waar de valentie bij is",
        )
    if scheme.names and not column.quotation:
        yield ("names",), "in [column] ontbreekt quotation: waar staan de woorden?"
    if column.coder and not column.fragment:
        coder = ("column", "coder")
        yield coder, "zonder fragment is niet te zien wat twee keer is gecodeerd"
    if column.subtheme and not any(each.subtheme for each in scheme.theme):
        yield ("column", "subtheme"), "geen enkel thema heeft een [[theme.subtheme]]"
    if not column.subtheme:
        for index, theme in enumerate(scheme.theme):
            if theme.subtheme:
                at = ("theme", index, "subtheme")
                yield at, "in [column] ontbreekt subtheme: in welke kolom staat dit?"


def _theme_faults(scheme: CodingScheme) -> Iterator[Fault]:
    yield from _coded_faults(("theme",), scheme.theme)
    for index, theme in enumerate(scheme.theme):
        within = ("theme", index, "subtheme")
        yield from _coded_faults(within, theme.subtheme)


def _coded_faults(
    path: tuple[str | int, ...], coded: Sequence[CodedTheme]
) -> Iterator[Fault]:
    """Ids, labels and raw codes of which it is not sure whose they are."""
    owners: dict[str, str] = {}
    for index, each in enumerate(coded):
        earlier = coded[:index]
        if each.id in {other.id for other in earlier}:
            yield (*path, index, "id"), f"id '{each.id}' staat er twee keer"
        if each.label.casefold() in {other.label.casefold() for other in earlier}:
            yield (*path, index, "label"), f"label '{each.label}' staat er twee keer"
        if is_reserved_category(each.label):
            text = f"het thema '{each.label}' heet zo al in elke tabel"
            yield (*path, index, "label"), text
        for raw in each.written:
            owner = owners.setdefault(_folded(raw), each.id)
            if owner != each.id:
                text = f"code '{raw}' is al van '{owner}'"
                yield (*path, index, "codes" if each.codes else "id"), text


def _written_twice(
    path: tuple[str | int, ...], names: Iterable[str]
) -> Iterator[Fault]:
    folded: set[str] = set()
    for raw in names:
        if _folded(raw) in folded:
            yield (*path, raw), f"'{raw}' staat er twee keer, anders geschreven"
        folded.add(_folded(raw))


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
