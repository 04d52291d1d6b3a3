"""One cell as an answer to one question: a value, a reason why not, or a fault.

Nothing becomes missing in silence: a blank is *no_answer*, a declared missing code its
own reason, and everything else a value or a fault (TRUST-F15–F18, F27–F29, F34, F35,
F43, F44, F52).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property

from kcc_research.microdata import names
from kcc_research.microdata.header import closest
from kcc_research.microdata.numbers import (
    NumberFault,
    NumberFormat,
    as_code,
    parse_number,
)
from kcc_research.microdata.personal_data import Finder, mask, no_names
from kcc_research.microdata.recogniser import is_available
from kcc_research.microdata.stored import CellError, Percentage
from kcc_research.study.questionnaire import MissingReason, Question

Value = float | str | datetime | frozenset[str] | None

ROUNDED_BY_EXCEL = 1e15
"""Excel and SPSS keep 15 digits: a longer integer was rounded before we saw it."""

TICKED = {"1": "1", "0": "0"}
"""What stands in the columns of a multiple question when ``codes`` does not say."""

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FORMAT_WORDS = {
    "%d": "dd",
    "%m": "mm",
    "%Y": "jjjj",
    "%y": "jj",
    "%H": "uu",
    "%M": "mm",
    "%S": "ss",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a cell says: a ``value``, or the ``reason`` why there is none.

    ``rule`` names what was done to get there: *normalised*, *out_of_range*,
    *personal_data* or *control_characters*; ``kinds`` are the personal data masked.
    """

    value: Value = None
    reason: MissingReason | None = None
    rule: str = ""
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell is no answer: a message code, and what the message needs."""

    code: str
    details: Mapping[str, str] = field(default_factory=dict)


def normalised(text: str) -> str:
    r"""One form for what differs in case and white space only (F43).

    >>> normalised("BALIE\xa0") == normalised("balie ")
    True
    """
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def written(cell: object) -> str:
    """A cell as a questionnaire would write it: 7.0 is ``7``, a date is ISO."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float):
        return as_code(cell)
    if isinstance(cell, Percentage):
        return f"{as_code(cell.value * 100)}%"
    if isinstance(cell, CellError):
        return cell.text
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return str(cell)


def is_blank(cell: object) -> bool:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return True
    return isinstance(cell, str) and not cell.strip()


@dataclass(frozen=True)
class Codes:
    """A code list that forgives case and white space, and nothing else."""

    exact: Mapping[str, str]

    @cached_property
    def _forgiving(self) -> dict[str, str]:
        """Normalised code → meaning, where that leaves no doubt."""
        meanings: dict[str, set[str]] = {}
        for code, meaning in self.exact.items():
            meanings.setdefault(normalised(code), set()).add(meaning)
        return {code: min(m) for code, m in meanings.items() if len(m) == 1}

    def find(self, text: str) -> tuple[str | None, bool]:
        """The meaning of ``text``, and whether it had to be normalised for it."""
        if text in self.exact:
            return self.exact[text], False
        return self._forgiving.get(normalised(text)), True


@dataclass(frozen=True)
class AnswerReader:
    """Reads cells of one question; call it with a cell.

    ``numbers`` says how the file writes numbers as text.
    """

    question: Question
    numbers: NumberFormat = NumberFormat()

    def __call__(self, cell: object) -> Answer | Fault:
        if isinstance(cell, str) and self._is_spoilt(cell):
            return Fault("KCC-D044i")
        if self.question.type == "weight" and is_blank(cell):
            return Fault("KCC-D052")
        if is_blank(cell):
            return self.blank
        if isinstance(cell, CellError):
            return Fault("KCC-D033a")
        if isinstance(cell, float) and _was_rounded(cell):
            return Fault("KCC-D029")
        reason, changed = self._missing.find(written(cell))
        if reason is not None:
            return Answer(reason=_reason(reason), rule="normalised" if changed else "")
        if self.question.is_numeric:
            return self._number(cell)
        if self.question.type == "date":
            return self._date(cell)
        if self.question.type == "text":
            return _open_answer(written(cell), self._names)
        if self.question.type == "identifier":
            return Answer(written(cell))
        return self._category(cell)

    def _is_spoilt(self, text: str) -> bool:
        """A character nobody sees, where a code stands; F69 for a closed column.

        In an open answer it is taken out. White space at the ends is no harm.
        """
        return self.question.is_closed and bool(CONTROL.search(text.strip(" \t\r\n")))

    @cached_property
    def _names(self) -> Finder:
        """What finds names, where the question asks for it and it is installed."""
        wanted = self.question.names and is_available()
        return names.finder() if wanted else no_names

    @cached_property
    def blank(self) -> Answer:
        """An empty cell: *no_answer*, unless the questionnaire gives it a meaning."""
        if self.question.type == "multiple" and "" in self._codes.exact:
            return Answer(float(self._codes.exact[""]))
        return Answer(reason=self.question.missing.get("", "no_answer"))

    @cached_property
    def _codes(self) -> Codes:
        question = self.question
        if question.type == "multiple" and question.columns:
            return Codes(question.codes or TICKED)
        return Codes(question.codes)

    @cached_property
    def _missing(self) -> Codes:
        return Codes(self.question.missing)

    @cached_property
    def _missing_numbers(self) -> dict[float, MissingReason]:
        """Declared missing codes that are numbers: 99 also stands for 99,0."""
        found = {_plain(code): reason for code, reason in self.question.missing.items()}
        return {code: reason for code, reason in found.items() if code is not None}

    @cached_property
    def _scale_points(self) -> frozenset[float]:
        """The numeric codes of a scale; empty when every number in range is one."""
        if self.question.type != "scale":
            return frozenset()
        return frozenset(
            code for code in map(_plain, self.question.codes) if code is not None
        )

    def _number(self, cell: object) -> Answer | Fault:
        if isinstance(cell, str):
            parsed = parse_number(cell, self.numbers)
            if isinstance(parsed, NumberFault):
                return _number_fault(parsed)
            return self._in_range(parsed)
        if isinstance(cell, bool):
            return Fault("KCC-D015")
        if isinstance(cell, int | float):
            return self._in_range(float(cell))
        return _mixed_type(cell, "KCC-D034e")

    def _in_range(self, number: float) -> Answer | Fault:
        if not math.isfinite(number):
            return Fault("KCC-D015")
        if number in self._missing_numbers:
            return Answer(reason=self._missing_numbers[number])
        if self.question.type == "weight" and number <= 0:
            return Fault("KCC-D052")
        low, high = self.question.range or (-math.inf, math.inf)
        points = self._scale_points
        if low <= number <= high and (not points or number in points):
            return Answer(number)
        bounds = {"low": as_code(low), "high": as_code(high)}
        return self._outside(Fault("KCC-D028", bounds))

    def _outside(self, fault: Fault) -> Answer | Fault:
        """A code nobody declared: refused, or counted and left out when so declared."""
        if self.question.out_of_range == "exclude":
            return Answer(reason="no_answer", rule="out_of_range")
        return fault

    def _date(self, cell: object) -> Answer | Fault:
        if isinstance(cell, datetime):
            return Answer(cell.replace(tzinfo=None))
        if isinstance(cell, date):
            return Answer(datetime(cell.year, cell.month, cell.day))
        if isinstance(cell, str):
            return _parsed_date(cell.strip(), self.question.date_format)
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return Fault("KCC-D034b")
        return _mixed_type(cell, "KCC-D034d")

    def _category(self, cell: object) -> Answer | Fault:
        if isinstance(cell, date):
            return Fault("KCC-D034a", {"typed": self._as_typed(cell)})
        if isinstance(cell, time | timedelta):
            return Fault("KCC-D034d")
        if self.question.separator:
            return self._several(written(cell))
        label, changed = self._codes.find(written(cell))
        if label is None:
            if isinstance(cell, Percentage):
                return Fault("KCC-D034c")
            return self._unknown(written(cell))
        value = float(label) if self.question.type == "multiple" else label
        return Answer(value, rule="normalised" if changed else "")

    def _several(self, text: str) -> Answer | Fault:
        parts = [each for each in text.split(self.question.separator) if each.strip()]
        found = [(part, *self._codes.find(part)) for part in parts]
        unknown = [part for part, label, _ in found if label is None]
        if unknown:
            return self._unknown(unknown[0].strip())
        # White space after the separator is punctuation, other changes are not.
        changed = any(
            change and part.strip() not in self._codes.exact
            for part, _, change in found
        )
        labels = frozenset(label for _, label, _ in found if label is not None)
        return Answer(labels, rule="normalised" if changed else "")

    def _unknown(self, text: str) -> Answer | Fault:
        # Of a sensitive answer not even what it resembles is told.
        codes = list(self._codes.exact)
        near = "" if self.question.sensitive else closest(text, codes)
        if near:
            return self._outside(Fault("KCC-D043", {"near": near}))
        known = ", ".join(f"'{each}'" for each in list(self._codes.exact)[:12])
        return self._outside(Fault("KCC-D044", {"known": known}))

    def _as_typed(self, day: date) -> str:
        """What somebody typed before Excel made a date of it, if a code looks so."""
        if self.question.sensitive:
            return "een code"
        year = day.year % 100
        pairs = [
            (day.day, day.month),
            (day.month, day.day),
            (day.month, year),
            (year, day.month),
        ]
        forms = [
            f"{a:{width}}{sign}{b:{width}}"
            for a, b in pairs
            for sign in "-/"
            for width in ("d", "02d")
        ]
        for form in forms:
            if self._codes.find(form)[0] is not None:
                return form
        return forms[0]


def _was_rounded(number: float) -> bool:
    return abs(number) >= ROUNDED_BY_EXCEL and math.isfinite(number)


def _reason(reason: str) -> MissingReason:
    return reason  # type: ignore[return-value]


def _plain(code: str) -> float | None:
    """A number as a definition file writes it, with either decimal sign."""
    parsed = parse_number(code.replace(",", "."), NumberFormat(".", declared=True))
    return None if isinstance(parsed, NumberFault) else parsed


def _number_fault(fault: NumberFault) -> Fault:
    return Fault(fault.code, {"readings": " of ".join(fault.readings)})


def _mixed_type(cell: object, otherwise: str) -> Fault:
    if isinstance(cell, Percentage):
        return Fault("KCC-D034c")
    if isinstance(cell, time | timedelta):
        return Fault("KCC-D034d")
    return Fault(otherwise)


def _parsed_date(text: str, date_format: str) -> Answer | Fault:
    """Strictly in the declared format; ``strptime`` alone takes other digits too."""
    moment = _moment(text, date_format)
    if moment is not None:
        return Answer(moment)
    words = date_format
    for sign, word in _FORMAT_WORDS.items():
        words = words.replace(sign, word)
    return Fault("KCC-D035", {"format": words})


def _moment(text: str, date_format: str) -> datetime | None:
    if not text.isascii():
        return None
    try:
        return datetime.strptime(text, date_format).replace(tzinfo=None)
    except ValueError:
        return None


def _open_answer(text: str, finder: Finder) -> Answer:
    clean = CONTROL.sub("", text)
    shown, kinds = mask(clean, finder)
    rule = "control_characters" if clean != text else ""
    return Answer(shown, rule="personal_data" if kinds else rule, kinds=kinds)
