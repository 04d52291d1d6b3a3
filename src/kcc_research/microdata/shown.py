"""What a message or the cleaning log may show of a cell (TRUST §2, F68).

A value is literal only when it can be no person's words: a number, a date, or
something like a declared code, in a closed column whose question is not sensitive.
Whatever else stands in a closed column came from elsewhere, such as a shifted row.
"""

from __future__ import annotations

import re

from kcc_research.errors import masked
from kcc_research.microdata.answers import CONTROL, is_blank, normalised, written
from kcc_research.microdata.header import closest
from kcc_research.microdata.personal_data import mask
from kcc_research.study.questionnaire import Question

LONGEST_CODE = 40
LONGEST_UNKNOWN = 20
"""Characters from which a value that is no code is taken for somebody's words."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*")
_LETTER = "[^\\W\\d_]"
# Two words, or letters beside two digits: a name, an address, a postcode.
_WORDS = re.compile(rf"{_LETTER}.*\s.*\S|\S.*\s.*{_LETTER}", re.DOTALL)
_MIXED = re.compile(rf"{_LETTER}.*[0-9]{{2}}|[0-9]{{2}}.*{_LETTER}", re.DOTALL)


def shown(question: Question, cell: object) -> str:
    """A cell as it stands, or its kind and length."""
    text = "" if is_blank(cell) else written(cell)
    return text if may_be_shown(question, text) else masked(text)


def may_be_shown(question: Question, text: str) -> bool:
    """Whether ``text`` can be a code, a number or a date, and may be known."""
    if not question.is_closed or question.sensitive:
        return False
    if CONTROL.search(text):
        return False
    if _is_a_code(question, text):
        return True
    if len(text) > LONGEST_CODE or mask(text)[1]:
        return False
    return not _is_free_text(text) or _resembles_a_code(question, text)


def _is_free_text(text: str) -> bool:
    return bool(
        len(text) > LONGEST_UNKNOWN or _WORDS.search(text) or _MIXED.search(text)
    )


def _known(question: Question) -> list[str]:
    return [*question.codes, *question.categories, *question.missing]


def _parts(question: Question, text: str) -> list[str]:
    return text.split(question.separator) if question.separator else [text]


def _is_a_code(question: Question, text: str) -> bool:
    forms = {normalised(each) for each in _known(question)}
    return all(normalised(each) in forms for each in _parts(question, text))


def _resembles_a_code(question: Question, text: str) -> bool:
    known = _known(question)
    return all(closest(each, known) for each in _parts(question, text))


def formula_safe(text: str) -> str:
    """``text`` as a spreadsheet shows it and never runs it; numbers stay numbers.

    >>> formula_safe("=1+1"), formula_safe("-5")
    ("'=1+1", '-5')
    """
    if text.startswith(_FORMULA_STARTS) and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text
