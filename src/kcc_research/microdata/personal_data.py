"""Personal data in open answers: found by rule, replaced before anything is written.

The rule pack of TRUST-Q2, always on. It lowers risk and proves nothing: names need
more (Q4, :mod:`.names`), and a number that merely passes the *elfproef* is no BSN until
a context word or a person says so (Q3). Masking too much is the cheaper mistake.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from stdnum import iban
from stdnum.nl import bsn

_MAYBE = re.compile(r"[\d@]")

MASK = "[afgeschermd]"
NAME = "naam"

_MONTHS = (
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|"
    "november|december|jan|feb|mrt|apr|jun|jul|aug|sep|sept|okt|nov|dec"
)
# Two letters that follow a year in plain Dutch: "in 2023 en 12 keer" is no postcode.
_TWO_LETTER_WORDS = (
    "al|an|de|en|er|gb|is|in|ik|je|ja|ze|zo|we|wo|om|of|op|na|nu|te|uw|ma|di|do|vr|za|"
    "km|kg|cm|mm|uu|st"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of personal data and how to find it.

    ``accepts`` looks at a match (the group *value* when there is one) once more.
    """

    kind: str
    pattern: re.Pattern[str]
    accepts: Callable[[str], bool] = lambda value: True

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        group = "value" if "value" in self.pattern.groupindex else 0
        for match in self.pattern.finditer(text):
            if self.accepts(match[group]):
                yield match.span(group)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE | re.ASCII)


def _is_iban(value: str) -> bool:
    compact = re.sub(r"[\s.-]", "", value).upper()
    return compact.startswith("NL") or bool(iban.is_valid(compact, check_country=False))


def _digits(value: str) -> str:
    return re.sub(r"[^0-9]", "", value)


_NUMERIC_DATE = r"""(?<![0-9])(?:0?[1-9]|[12][0-9]|3[01])(?P<s>[-/. ])
    (?:0?[1-9]|1[0-2])(?P=s)(?:(?:19|20)[0-9]{2}|[0-9]{2})(?![0-9])"""
_OLD_DATE = r"""(?<![0-9])(?:0?[1-9]|[12][0-9]|3[01])[-/.](?:0?[1-9]|1[0-2])[-/.]
    (?:19[0-9]{2}|200[0-5])(?![0-9])"""
_ISO_DATE = (
    r"(?<![0-9])(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"(?![0-9])"
)
_WORD_DATE = rf"[0-3]?[0-9]\s+(?:{_MONTHS})\.?\s+(?:19|20)?[0-9]{{2}}(?![0-9])"
_BORN = r"\b(?:geboren|geboortedatum|geboortedag|geb)\b"
_BSN_WORD = (
    r"(?:bsn|burgerservice-?\s?n(?:umme)?r|sofi-?\s?n(?:umme)?r|persoonsn(?:umme)?r)"
)
_NINE = r"(?<![0-9])[0-9](?:[ .-]?[0-9]){7,8}(?![0-9])"
_CASE_WORD = r"""(?:zaak|dossier|melding|referentie|aanvraag|klacht|kenmerk|
    casus|registratie|order|bezwaar)"""
_POSTCODE = rf"""(?<![0-9])[1-9][0-9]{{3}}(?:(?-i:\ ?[A-Z]{{2}})|
    (?!\s(?:{_TWO_LETTER_WORDS})\b)\s?[a-z]{{2}})\b"""
_PC6 = r"(?<![0-9A-Za-z])[1-9][0-9]{3} ?[A-Z]{2}\b"
_HOUSE_NUMBER = r"[0-9]{1,5}(?:\s?[-/]?\s?[a-z]{1,2}|-[0-9]{1,4})?\b"
_LETTERS, _DIGIT = "[a-z]", "[0-9]"
_PLATES = "|".join(
    "-".join(
        f"{_LETTERS if part[0] == 'X' else _DIGIT}{{{len(part)}}}"
        for part in code.split("-")
    )
    for code in (
        "XX-99-99 99-99-XX 99-XX-99 XX-99-XX XX-XX-99 99-XX-XX 99-XXX-9 9-XXX-99 "
        "XX-999-X X-999-XX XXX-99-X X-99-XXX 9-XX-999 999-XX-9"
    ).split()
)

RULES: tuple[Rule, ...] = (
    Rule(
        "e-mailadres",
        _compiled(r"[a-z0-9._%+'-]+\s?@\s?[a-z0-9-]+(?:\.[a-z0-9-]+)+"),
    ),
    Rule(
        "IBAN",
        _compiled(
            r"\b(?:NL[\s.-]?[0-9]{2}[\s.-]?[A-Z]{4}(?:[\s.-]?[0-9]){10}\b"
            r"|[A-Z]{2}[0-9]{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,3})?\b)"
        ),
        _is_iban,
    ),
    Rule(
        "zaaknummer",
        _compiled(
            rf"\b{_CASE_WORD}(?:s?[\s-]?(?:nummer|nr|no|id|code)\b)?\.?\s*(?:is|was|:|=|\#)?"
            r"\s*(?P<value>(?=[a-z/._-]*[0-9])[a-z0-9][a-z0-9/._-]{2,}[a-z0-9])\b"
        ),
        lambda value: len(_digits(value)) >= 3 and not _is_year(value),
    ),
    Rule(
        "zaaknummer",
        _compiled(r"\b(?:Z|ZK|ZAAK)[-/. ]?[0-9]{2,4}[-/.]?[0-9]{3,}\b"),
    ),
    Rule(
        "BSN",
        _compiled(rf"\b{_BSN_WORD}\b[^0-9\n]{{0,40}}(?P<value>{_NINE})"),
    ),
    Rule(
        "BSN",
        _compiled(rf"(?P<value>{_NINE})[^0-9\n]{{0,25}}\b{_BSN_WORD}\b"),
    ),
    Rule(
        "telefoonnummer",
        _compiled(
            r"(?<![0-9])(?:(?:\+|00)31[\s.-]?(?:\(0\)\s?)?|\(?0)[1-9](?:[\s./()-]{0,3}[0-9]){8}"
            r"(?![0-9])|(?<![0-9])(?:\+|00)[1-9][0-9]{0,2}(?:[\s.()-]{0,2}[0-9]){7,12}"
            r"(?![0-9])"
        ),
    ),
    Rule(
        "geboortedatum",
        _compiled(
            rf"{_BORN}[^0-9\n]{{0,30}}"
            rf"(?P<value>{_ISO_DATE}|{_NUMERIC_DATE}|{_WORD_DATE})"
        ),
    ),
    Rule("geboortedatum", _compiled(_OLD_DATE)),
    Rule(
        "postcode met huisnummer",
        _compiled(
            rf"{_POSTCODE}(?:\s*,?\s*(?:huisn(?:umme)?r\.?|n(?:umme)?r\.?)?\s*:?\s*"
            rf"{_HOUSE_NUMBER})"
        ),
    ),
    Rule(
        "postcode met huisnummer",
        _compiled(rf"(?<![0-9]){_HOUSE_NUMBER}\s*,?\s*(?:te\s+)?{_POSTCODE}"),
    ),
    Rule("postcode", re.compile(_PC6, re.ASCII)),
    Rule("kenteken", _compiled(rf"(?<![a-z0-9-])(?:{_PLATES})(?![a-z0-9-])")),
    Rule(
        "kenteken",
        _compiled(
            r"\bkenteken\b[^\n]{0,15}?(?P<value>\b(?=[a-z]*[0-9])(?=[0-9]*[a-z])"
            r"[a-z0-9]{6}\b)"
        ),
    ),
)


def _is_year(value: str) -> bool:
    return re.fullmatch(r"(?:19|20)[0-9]{2}", value) is not None


Finder = Callable[[str], Iterable[tuple[int, int]]]


def no_names(text: str) -> Iterable[tuple[int, int]]:
    """Where names are not looked for."""
    return ()


def mask(text: str, names: Finder = no_names) -> tuple[str, tuple[str, ...]]:
    """Replace personal data by ``[afgeschermd]``; the kinds found, in their order.

    ``names`` gives begin and end of each name of a person, where they are looked for.

    >>> mask("Bel mij op 06-12345678")
    ('Bel mij op [afgeschermd]', ('telefoonnummer',))
    """
    if names is no_names and not _MAYBE.search(text):
        return text, ()
    result, kinds, end = [], [], 0
    for start, stop, kind in _merged(text, names):
        result += [text[end:start], MASK]
        kinds.append(kind)
        end = stop
    return "".join([*result, text[end:]]), tuple(kinds)


def _plain(text: str) -> str:
    """The same text, as long, with plain spaces, hyphens and digits: for finding."""
    if text.isascii():
        return text
    return "".join(_plain_sign(sign) for sign in text)


def _plain_sign(sign: str) -> str:
    if sign in "\u2010\u2011\u2012\u2013\u2212":
        return "-"
    if sign.isspace():
        return " "
    return str(unicodedata.digit(sign)) if sign.isdecimal() else sign


def _merged(text: str, names: Finder) -> list[tuple[int, int, str]]:
    """Hits in order; overlapping ones are one hit, of the kind named first in RULES.

    A name comes last.
    """
    plain = _plain(text)
    hits: list[tuple[int, int, str]] = []
    found = [
        (start, stop, order)
        for order, rule in enumerate(RULES)
        for start, stop in rule.spans(plain)
    ]
    found += [(start, stop, len(RULES)) for start, stop in names(text)]
    kinds = (*(rule.kind for rule in RULES), NAME)
    orders: list[int] = []
    for start, stop, order in sorted(found):
        if hits and start < hits[-1][1]:
            first, last, _ = hits[-1]
            orders[-1] = min(orders[-1], order)
            hits[-1] = (first, max(last, stop), kinds[orders[-1]])
        else:
            orders.append(order)
            hits.append((start, stop, kinds[order]))
    return hits


_WHOLE_CELLS: Mapping[str, re.Pattern[str]] = {
    "postcodes met letters": _compiled(r"[1-9][0-9]{3}\s?[a-z]{2}"),
    "e-mailadressen": _compiled(r"[a-z0-9._%+'-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+"),
    "kale hashes": _compiled(
        r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}"
    ),
}


def identifying_kind(text: str) -> str:
    """What a whole cell is that no question may ask (TRUST-D13, P1, P2); else empty.

    A plain hash is one: of a short number it can be undone by trying them all.

    >>> identifying_kind("2201 ab"), identifying_kind("2201")
    ('postcodes met letters', '')
    """
    plain = _plain(text).strip()
    kinds = (kind for kind, each in _WHOLE_CELLS.items() if each.fullmatch(plain))
    return next(kinds, "")


_SUSPECT = _compiled(_NINE)


def has_possible_bsn(text: str) -> bool:
    """Whether a nine-digit number without context passes the *elfproef* (Q3).

    Expect one in eleven of all nine-digit numbers: a person decides.
    """
    return any(bsn.is_valid(_digits(hit[0])) for hit in _SUSPECT.finditer(_plain(text)))
