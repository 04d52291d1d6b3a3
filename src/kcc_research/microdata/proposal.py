"""A proposed questionnaire: every column with a guess, and what is to be decided.

The points are few by design: what is the same for several columns is one decision, and
where there would be too many, decisions of one kind are taken together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from kcc_research.microdata.column_guess import FEWEST_ALIKE, Guess, LeftOut, guess
from kcc_research.microdata.first_look import FirstLook
from kcc_research.microdata.numbers import find_decimal
from kcc_research.microdata.route_guess import Gate, Route, find_route
from kcc_research.study.questionnaire import QuestionRole
from kcc_research.study.reserved import is_reserved_category, is_reserved_question

MOST_POINTS = 8
"""In one questionnaire; four more stand in the measurement."""

_PART = re.compile(r"^(?P<stem>.+?)(?:\[(?P<part>[^\]]+)\]|_(?P<number>[0-9]+))$")
_BRACKETS = re.compile(r"^(?P<stem>.*)\[(?P<part>[^\]]{1,80})\]$")
_TICKS = frozenset({"y", "n", "ja", "nee", "1", "0", "1.0", "0.0"})
_MEANING = {"y": "1", "ja": "1", "1": "1", "n": "0", "nee": "0", "0": "0"}
_MOST_GATES = 12
_WORDS_OF_A_QUESTION = 4
_ROLES: tuple[tuple[QuestionRole, re.Pattern[str]], ...] = (
    ("channel", re.compile(r"kanaal|channel")),
    ("service", re.compile(r"\bproduct|\bdienst\b|welke dienst")),
)
_VNG = frozenset({"gemnr", "weging", "dv01", "dv02"})
_VNG_KEPT = re.compile(r"respondent|jr|kw|veldwerkmodus|weging|wijknr|dv|mm|ch0[1-3]$")


@dataclass(frozen=True)
class Proposed:
    """One question: its guess, its id and wording, and the routing that was seen.

    ``columns``: category → column of a question with several answers. ``role``: the
    channel or the service of a contact, by which a report splits its outcomes.
    """

    guess: Guess
    id: str
    text: str
    label: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    route: Route | None = None
    role: QuestionRole | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to decide; ``at`` is the id of the question it stands above."""

    at: str
    kind: str
    about: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """A questionnaire to be, of one file."""

    look: FirstLook = field(repr=False)
    questions: tuple[Proposed, ...]
    left_out: Mapping[LeftOut, tuple[str, ...]]
    decimal: str
    points: tuple[Point, ...]

    @property
    def days(self) -> tuple[str, str] | None:
        """First and last day in the first column of dates."""
        found = [each.guess.days for each in self.questions if each.guess.days]
        return (found[0][0], found[0][-1]) if found else None

    def of_type(self, *types: str) -> list[Proposed]:
        return [each for each in self.questions if each.guess.type in types]


def is_burgerpeiling(look: FirstLook) -> bool:
    """Whether the columns are those of the national format."""
    return set(look.names) >= _VNG


def propose(look: FirstLook, *, is_series: bool = False) -> Proposal:
    """What the questionnaire of a file probably is.

    ``is_series``: of a continuous measurement, in which every answer has a day.
    """
    decimal = find_decimal(
        text for name in look.names for text in set(look.values(name)) if text
    )
    guesses = [_guessed(look, name, decimal) for name in look.names]
    left: dict[LeftOut, list[str]] = {}
    for each in guesses:
        if each.left_out is not None:
            left.setdefault(each.left_out, []).append(each.column)
    kept = [each for each in guesses if each.left_out is None]
    questions = _with_roles(_routed(look, _named(look, _joined(look, kept))))
    if is_series:
        questions = _with_day(questions)
    used = {c for each in questions for c in _columns(each)}
    gone: dict[LeftOut, tuple[str, ...]] = {
        reason: tuple(c for c in names if c not in used)
        for reason, names in left.items()
    }
    return Proposal(look, tuple(questions), gone, decimal, _points(questions))


def shortened(proposal: Proposal, count: int) -> Proposal:
    """The first ``count`` questions: routing refers to earlier ones only."""
    kept, rest = proposal.questions[:count], proposal.questions[count:]
    names = tuple(name for each in rest for name in _columns(each))
    gone: dict[LeftOut, tuple[str, ...]] = {
        **proposal.left_out,
        "rest": names + proposal.left_out.get("rest", ()),
    }
    return replace(proposal, questions=kept, left_out=gone, points=_points(kept))


def _columns(question: Proposed) -> tuple[str, ...]:
    return tuple(question.columns.values()) or (question.guess.column,)


def _guessed(look: FirstLook, name: str, decimal: str) -> Guess:
    if is_burgerpeiling(look) and not _VNG_KEPT.match(name):
        return Guess(name, left_out="technical")
    return guess(
        name,
        look.wording[name],
        look.values(name),
        look.table.labels.get(name, {}),
        decimal,
        look.table.user_missing.get(name, ()),
    )


# --- several columns, one question ---------------------------------------------------


def _joined(look: FirstLook, guesses: Sequence[Guess]) -> list[tuple[Guess, list[str]]]:
    """Columns with a tick each, joined to the question with several answers."""
    stems: dict[str, list[str]] = {}
    for each in guesses:
        match = _PART.match(each.column)
        if match and _is_ticked(look.values(each.column)):
            stems.setdefault(match["stem"], []).append(each.column)
    groups = {c: names for names in stems.values() if len(names) > 1 for c in names}
    joined: list[tuple[Guess, list[str]]] = []
    seen: set[str] = set()
    for each in guesses:
        names = groups.get(each.column, [])
        if not names:
            joined.append((each, []))
        elif names[0] not in seen:
            seen.add(names[0])
            joined.append((_as_multiple(look, each, names), names))
    return joined


def _is_ticked(values: Sequence[str]) -> bool:
    given = [each.casefold() for each in values if each]
    found = set(given)
    alike = len(found) == 1 and FEWEST_ALIKE <= len(given) < len(values)
    return bool(found) and (alike or (found <= _TICKS and len(found) == 2))


def _as_multiple(look: FirstLook, first: Guess, names: Sequence[str]) -> Guess:
    codes: dict[str, str] = {}
    for name in names:
        for value in look.values(name):
            codes.setdefault(value, _MEANING.get(value.casefold(), "1"))
    codes[""] = "0" if "0" not in codes.values() else codes.get("", "")
    if not codes[""]:
        del codes[""]
    plain = set(codes) <= {"0", "1"}
    return replace(
        first, type="multiple", codes={} if plain else codes, missing={}, doubts=()
    )


# --- names and wording ---------------------------------------------------------------


def _named(
    look: FirstLook, joined: Iterable[tuple[Guess, list[str]]]
) -> list[Proposed]:
    taken: set[str] = set()
    found: list[Proposed] = []
    for each, names in joined:
        stem = _PART.match(each.column) if names else None
        name = _id(stem["stem"] if stem else each.column, taken, len(found) + 1)
        taken.add(name)
        text = look.wording[each.column] or each.column
        part = _BRACKETS.match(text)
        label = part["part"].strip() if part and not names else ""
        if names and part:
            text = part["stem"].strip() or each.column
        columns = _categories(look, names)
        found.append(Proposed(_clean(each), name, text, label, columns))
    return found


def _id(column: str, taken: set[str], number: int) -> str:
    """The name of a column as an identifier of ours; a long or odd one is numbered."""
    name = re.sub(r"[^a-z0-9]+", "_", column.casefold()).strip("_")
    if not name or len(name) > 30 or is_reserved_question(name):
        name = f"vraag_{number}"
    if not name[0].isalpha() or not name.isascii():
        name = f"v_{name}" if name.isascii() else f"vraag_{number}"
    while name in taken:
        name = f"{name}_{number}"
    return name


def _categories(look: FirstLook, names: Sequence[str]) -> dict[str, str]:
    """Category → column, named by what the wording says between brackets."""
    found: dict[str, str] = {}
    for name in names:
        text = look.wording[name] or name
        part = _BRACKETS.match(text)
        single = {each for each in look.values(name) if each}
        label = part["part"].strip() if part else text
        if not part and len(single) == 1 and not single & _TICKS | {"Y", "Ja"} & single:
            label = next(iter(single))
        label = " ".join(label.split())[:80]
        if label in found or is_reserved_category(label):
            label = f"{label} ({name})"
        found[label] = name
    return found


def _clean(each: Guess) -> Guess:
    """Labels without reserved words: *onbekend* is a group of every table already."""
    codes = {
        code: f"{label} (antwoord)" if is_reserved_category(label) else label
        for code, label in each.codes.items()
    }
    return replace(each, codes=codes)


def _with_roles(questions: Sequence[Proposed]) -> list[Proposed]:
    """The first choice about the channel, and the first about the service."""
    given: set[QuestionRole] = set()
    found = []
    for each in questions:
        words = f"{each.id} {each.text}".casefold()
        role = next((role for role, word in _ROLES if word.search(words)), None)
        if role is not None and each.guess.type == "choice" and role not in given:
            given.add(role)
            each = replace(each, role=role)
        found.append(each)
    return found


def _with_day(questions: Sequence[Proposed]) -> list[Proposed]:
    """The first date as the day to which an answer belongs."""
    first = next((each.id for each in questions if each.guess.type == "date"), None)
    return [
        replace(each, role="contact_date") if each.id == first else each
        for each in questions
    ]


# --- routing -------------------------------------------------------------------------


def _routed(look: FirstLook, questions: Sequence[Proposed]) -> list[Proposed]:
    gates: list[Gate] = []
    found = []
    for each in questions:
        filled = np.zeros(len(look.table.cells), dtype=bool)
        for column in _columns(each):
            filled |= np.array([bool(value) for value in look.values(column)])
        route = None if each.guess.type == "identifier" else find_route(filled, gates)
        found.append(replace(each, route=route))
        codes = each.guess.codes
        if each.guess.type == "choice" and 1 < len(codes) <= _MOST_GATES:
            answers = [codes.get(v, v) for v in look.values(each.guess.column)]
            gates.append(Gate(each.id, tuple(dict.fromkeys(codes.values())), answers))
    return found


# --- decisions -----------------------------------------------------------------------


def _points(questions: Sequence[Proposed]) -> tuple[Point, ...]:
    groups: dict[tuple[str, str], list[str]] = {}
    if questions and not any(map(_says_what_was_asked, questions)):
        ids = [each.id for each in questions]
        groups["wording", "alleen namen van kolommen"] = ids
    for each in questions:
        for doubt in each.guess.doubts:
            groups.setdefault((doubt.kind, doubt.about), []).append(each.id)
        if each.route is not None:
            groups.setdefault(("route", each.route.condition), []).append(each.id)
    # Beside these: what is left out, and the outcomes.
    if len(groups) + 2 > MOST_POINTS:
        return tuple(_by_kind(groups))
    return tuple(
        Point(ids[0], kind, (about,), tuple(ids))
        for (kind, about), ids in groups.items()
    )


def _says_what_was_asked(question: Proposed) -> bool:
    """A text beside the name of a column, or a name that is a sentence itself."""
    differs = question.text != question.guess.column
    return differs or question.text.count(" ") >= _WORDS_OF_A_QUESTION - 1


def _by_kind(groups: Mapping[tuple[str, str], list[str]]) -> Iterable[Point]:
    kinds: dict[str, list[tuple[str, str]]] = {}
    for kind, about in groups:
        # Rare answers and codes without a label ask for the same: the list of codes.
        kinds.setdefault("labels" if kind == "rare" else kind, []).append((kind, about))
    for kind, keys in kinds.items():
        ids = dict.fromkeys(each for key in keys for each in groups[key])
        yield Point(next(iter(ids)), kind, tuple(a for _, a in keys), tuple(ids))
