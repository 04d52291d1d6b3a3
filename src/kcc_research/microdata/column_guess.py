"""What a column of a raw file probably is, and what about it a person must decide.

Nothing here is taken for granted by a run: a guess becomes a proposal with its
evidence, and a definition file with an open decision is refused (``kcc new``).
Answers to open questions are never repeated: a text becomes a category only when at
least ``FEWEST_ALIKE`` people gave it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from kcc_research.microdata.answers import normalised
from kcc_research.microdata.label_words import polarity, reason_of
from kcc_research.microdata.numbers import NumberFault, NumberFormat, parse_number
from kcc_research.microdata.personal_data import mask
from kcc_research.study.questionnaire import Direction, MissingReason, QuestionType

FEWEST_ALIKE = 3
MOST_CATEGORIES = 15
_MOST_SCALE_POINTS = 7

DoubtKind = Literal["labels", "special", "direction", "date", "rare", "grade", "praise"]
LeftOut = Literal["personal", "open", "technical", "empty", "rest"]

_PERSONAL = re.compile(
    r"e-?mail|telefoon(?:n(?:umme)?r)?$|mobiel|\bnaam$|voornaam|achternaam|"
    r"(?:first|last|recipient).?name|adres|straat|huisn(?:umme)?r|postcode|\bpc[46]$|"
    r"bsn|burgerservice|geboorte(?:datum|dag)|ip.?addr|^ip$|latitude|longitude|"
    r"external.?(?:data)?reference|token|refurl",
    re.IGNORECASE,
)
_TECHNICAL = re.compile(
    r"^(?:lastpage|startlanguage|seed|progress|duration.*|distributionchannel|"
    r"userlanguage|.*_(?:first|last|page).click|.*_page.submit|.*_click.count|"
    r"interviewtime|grouptime.*)$",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"^(?:id|nr|nummer|volgnr|volgnummer|case.?id|response.?id|resp.*nr|respondent.*|"
    r"resp|record.?id)$",
    re.IGNORECASE,
)
_WEIGHT = re.compile(r"^(?:weeg.*|weging|gewicht|weight|wgt|w)$", re.IGNORECASE)
_GRADE = re.compile(r"cijfer|\bgrade\b|\bnps\b|aanbevelen", re.IGNORECASE)
_SENSITIVE = re.compile(
    r"gezondheid|inkomen|uitkering|geloof|godsdienst|herkomst|afkomst|geboorteland|"
    r"etnic|beperking|seksu|politiek|schuld",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"[1-9][0-9]{3}\s?[A-Za-z]{2}")
_DATE_FORMATS = (
    "%Y-%m-%d",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%Y-%m-%d %H:%M:%S",
    "%d-%m-%Y %H:%M",
)
_SPECIAL = (8.0, 9.0, 11.0, 77.0, 88.0, 98.0, 99.0, 888.0, 999.0, 9999.0, -1.0, -9.0)
_DONT_KNOW = (11.0, 88.0, 98.0, 888.0, 8.0)
_WORDS = {
    frozenset("jn"): {"j": "ja", "n": "nee"},
    frozenset("yn"): {"y": "ja", "n": "nee"},
    frozenset(("true", "false")): {"true": "ja", "false": "nee"},
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to decide: equal ``kind`` and ``about`` make one point."""

    kind: DoubtKind
    about: str


@dataclass(frozen=True)
class Guess:
    """A proposal for one column; ``left_out`` says why it would not be read."""

    column: str
    type: QuestionType = "text"
    codes: Mapping[str, str] = field(default_factory=dict)
    range: tuple[float, float] | None = None
    direction: Direction | None = None
    missing: Mapping[str, MissingReason] = field(default_factory=dict)
    date_format: str = ""
    sensitive: bool = False
    exclude: bool = False
    left_out: LeftOut | None = None
    decimals: bool = False
    days: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def is_closed(self) -> bool:
        """Whether an outcome can be made of it."""
        return self.type in ("grade", "scale", "choice", "multiple", "number")


def guess(
    column: str,
    wording: str,
    values: Sequence[str],
    labels: Mapping[str, str],
    decimal: str,
    user_missing: Sequence[tuple[float, float]] = (),
) -> Guess:
    """What ``column`` probably is. ``values``: its cells, blank where empty."""
    given = [each for each in values if each]
    base = Guess(column, sensitive=bool(_SENSITIVE.search(f"{column} {wording}")))
    if not given and not labels:
        return replace(base, left_out="empty")
    if _TECHNICAL.match(column):
        return replace(base, left_out="technical")
    if _is_key(column, given, len(values)):
        return replace(base, type="identifier")
    if _is_personal(column, wording, given):
        return replace(base, left_out="personal")
    dated = _as_date(base, given)
    if dated is not None:
        return dated
    numbers = _numbers(given, decimal)
    if numbers is not None:
        return _as_numbers(base, wording, given, numbers, labels, user_missing)
    return _as_texts(base, given, labels)


def _is_key(column: str, given: Sequence[str], rows: int) -> bool:
    unique = len(given) == rows and len(set(given)) == rows
    compact = all(re.fullmatch(r"[\w.-]{1,40}", each) for each in given)
    return bool(_KEY.match(column)) and unique and compact and rows > 0


def _is_personal(column: str, wording: str, given: Sequence[str]) -> bool:
    distinct = set(given)
    named = _PERSONAL.search(column) or (
        _PERSONAL.search(wording) and len(wording) < 40
    )
    if named and len(distinct) > 2:
        return True
    if any(_POSTCODE.fullmatch(each) for each in distinct):
        return True
    return any(mask(each)[1] for each in distinct) and not _all_dates(given)


def _all_dates(given: Sequence[str]) -> bool:
    return any(_reads(given, each) for each in _DATE_FORMATS)


def _reads(given: Sequence[str], form: str) -> bool:
    return all(_day(each, form) is not None for each in set(given))


def _day(text: str, form: str) -> datetime | None:
    # A stored date is written as ISO; a moment keeps its time.
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007
    except ValueError:
        return None


def _as_date(base: Guess, given: Sequence[str]) -> Guess | None:
    forms = [each for each in _DATE_FORMATS if given and _reads(given, each)]
    if not forms:
        return None
    moments = sorted(datetime.strptime(each, forms[0]) for each in given)  # noqa: DTZ007
    days = (moments[0].date().isoformat(), moments[-1].date().isoformat())
    doubts = (Doubt("date", "dag en maand"),) if len(forms) > 1 else ()
    form = forms[0]
    return replace(base, type="date", date_format=form, days=days, doubts=doubts)


def _numbers(given: Sequence[str], decimal: str) -> Counter[float] | None:
    """How often each number occurs; None when some value is no number."""
    signs = NumberFormat(decimal or ".", declared=True)
    found: Counter[float] = Counter()
    for text, count in Counter(given).items():
        number = parse_number(text, signs)
        if isinstance(number, NumberFault):
            return None
        found[number] += count
    return found


def _as_numbers(
    base: Guess,
    wording: str,
    given: Sequence[str],
    numbers: Counter[float],
    labels: Mapping[str, str],
    user_missing: Sequence[tuple[float, float]],
) -> Guess:
    answers, missing, base = _without_special(
        base, numbers, labels, user_missing, bool(_GRADE.search(base.column + wording))
    )
    if not answers and not labels:
        return replace(base, left_out="empty")
    whole = all(each.is_integer() for each in answers)
    base = replace(base, missing=missing, decimals=not whole)
    kept = {c: each for c, each in labels.items() if c not in missing}
    if _WEIGHT.match(base.column):
        return replace(base, type="weight", missing={})
    low, high = min(answers, default=0.0), max(answers, default=0.0)
    graded = bool(_GRADE.search(f"{base.column} {wording}"))
    if low >= 0 and high <= 10 and (graded or (high > 9 and len(answers) > 7)):
        if not kept or len(kept) <= 3 or all(map(_is_numeric, kept.values())):
            return _as_grade(base, low, is_said=graded)
    if kept:
        return _as_labelled(base, kept, answers)
    if whole and 1 <= low and 3 <= high <= _MOST_SCALE_POINTS and len(answers) > 2:
        about = f"1 tot en met {high:g}, zonder labels"
        return replace(
            base,
            type="scale",
            range=(1.0, high),
            direction="higher_is_better",
            doubts=(*base.doubts, Doubt("direction", about)),
        )
    if whole and len(answers) <= MOST_CATEGORIES and len(given) >= 5 * len(answers):
        codes = {f"{each:g}": f"code {each:g}" for each in sorted(answers)}
        doubt = Doubt("labels", ", ".join(codes))
        return replace(base, type="choice", codes=codes, doubts=(*base.doubts, doubt))
    if whole and len(set(answers)) == len(given) > 20:
        return replace(base, left_out="open")
    return replace(base, type="number", range=(low, high) if low < high else None)


def _as_grade(base: Guess, low: float, *, is_said: bool) -> Guess:
    """A grade up to 10; one of which no word says that it is one is to be decided."""
    doubt = Doubt("grade", "getallen tot en met 10")
    return replace(
        base,
        type="grade",
        range=(min(low, 1.0), 10.0),
        direction="higher_is_better",
        doubts=base.doubts if is_said else (*base.doubts, doubt),
    )


def _is_numeric(text: str) -> bool:
    return text.strip().isdigit()


def _without_special(
    base: Guess,
    numbers: Counter[float],
    labels: Mapping[str, str],
    user_missing: Sequence[tuple[float, float]],
    graded: bool,
) -> tuple[list[float], dict[str, MissingReason], Guess]:
    """Answers, missing codes, and the doubts about codes that nothing explains."""
    missing: dict[str, MissingReason] = {}
    for code, label in labels.items():
        reason = reason_of(label)
        if reason is not None:
            missing[code] = reason
    for number in numbers:
        code = f"{number:.15g}"
        if code not in missing and any(lo <= number <= hi for lo, hi in user_missing):
            missing[code] = "no_answer"
    rest = [each for each in numbers if f"{each:.15g}" not in missing]
    doubts = list(base.doubts)
    labelled = {c for c in labels if c not in missing}
    for number in sorted(rest):
        code = f"{number:.15g}"
        others = [each for each in rest if each != number and each not in _SPECIAL]
        if number not in _SPECIAL or code in labelled or not others:
            continue
        # 9 after 8 goes on counting; after 7 it stands apart.
        if number - 1 in rest and not graded:
            continue
        top = 10 if graded else max(others)
        if number < 0 or (number > top and (number > top + 1 or graded or labelled)):
            missing[code] = "dont_know" if number in _DONT_KNOW else "no_answer"
            doubts.append(Doubt("special", code))
    answers = [each for each in rest if f"{each:.15g}" not in missing]
    return answers, missing, replace(base, doubts=tuple(doubts))


def _as_labelled(
    base: Guess, labels: Mapping[str, str], answers: Sequence[float]
) -> Guess:
    """A scale when its ends say opposite things, else a choice."""
    codes = {c: label for c, label in labels.items() if _is_number(c)}
    ordered = sorted(codes, key=float)
    unknown = [f"{each:.15g}" for each in answers if f"{each:.15g}" not in codes]
    doubts = base.doubts
    if unknown:
        codes |= {each: f"code {each}" for each in unknown}
        doubts = (*doubts, Doubt("labels", ", ".join(unknown)))
    ends = {polarity(codes[each]) for each in (*ordered[:1], *ordered[-1:])}
    rising = bool(ordered) and polarity(codes[ordered[-1]]) == 1
    steps = [float(each) for each in ordered]
    contiguous = steps == [steps[0] + n for n in range(len(steps))] if steps else False
    if len(ordered) > 2 and contiguous and ends == {-1, 1} and not unknown:
        about = "; ".join(f'{c} = "{codes[c]}"' for c in (ordered[0], ordered[-1]))
        return replace(
            base,
            type="scale",
            codes=codes,
            range=(steps[0], steps[-1]),
            direction="higher_is_better" if rising else "lower_is_better",
            doubts=(*doubts, Doubt("direction", about)),
        )
    return replace(base, type="choice", codes=distinct(codes), doubts=doubts)


def _is_number(code: str) -> bool:
    return re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", code) is not None


def distinct(codes: Mapping[str, str]) -> dict[str, str]:
    """The same codes; a label that two codes share gets its code behind it."""
    shared = Counter(codes.values())
    return {
        code: f"{label} ({code})" if shared[label] > 1 else label
        for code, label in codes.items()
    }


def _as_texts(base: Guess, given: Sequence[str], labels: Mapping[str, str]) -> Guess:
    counts = Counter(given)
    if labels:
        missing = {c: r for c, t in labels.items() if (r := reason_of(t)) is not None}
        codes = {c: t for c, t in labels.items() if c not in missing}
        if codes and set(counts) <= set(labels):
            return replace(base, type="choice", codes=distinct(codes), missing=missing)
    counts = _one_spelling(counts)
    common = {text: n for text, n in counts.items() if n >= FEWEST_ALIKE}
    missing = {t: reason for t in common if (reason := reason_of(t)) is not None}
    codes = {text: text for text in sorted(common) if text not in missing}
    short = all(len(each) <= 60 for each in common)
    covered = sum(common.values()) >= 0.95 * len(given)
    if not (codes and short and covered and len(codes) <= MOST_CATEGORIES):
        return replace(base, left_out="open")
    if len(given) < FEWEST_ALIKE * len(codes) * 1.5:
        return replace(base, left_out="open")
    doubts = base.doubts
    if len(common) < len(counts):
        doubts = (*doubts, Doubt("rare", "zeldzame antwoorden"))
    words = _WORDS.get(frozenset(each.casefold() for each in codes), {})
    codes = {code: words.get(code.casefold(), label) for code, label in codes.items()}
    if not words and all(re.fullmatch(r"[A-Z]{1,3}[0-9]{1,3}", c) for c in codes):
        doubts = (*doubts, Doubt("labels", ", ".join(codes)))
    if {-1, 1} <= {polarity(label) for label in codes.values()}:
        doubts = (*doubts, Doubt("praise", "antwoorden in woorden"))
    return replace(
        base,
        type="choice",
        codes=codes,
        missing=missing,
        exclude=len(common) < len(counts),
        doubts=doubts,
    )


def _one_spelling(counts: Counter[str]) -> Counter[str]:
    """Answers that differ in case and white space only, as most people wrote them.

    A run reads the other spellings as the same answer, and tells so.
    """
    spelt: dict[str, str] = {}
    found: Counter[str] = Counter()
    for text, count in counts.most_common():
        found[spelt.setdefault(normalised(text), text)] += count
    return found
