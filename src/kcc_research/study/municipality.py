"""The register of municipalities: who exists when, under which code and name.

The key is the code ``GM`` + four digits; names are labels (DOMAIN §6). The register is
complete from 1 January 2022: 345 municipalities then, 344 after Weesp, 342 from 2023.
A row holds for a period: Amsterdam has two, before and after it took in Weesp.
Demonstrations over many municipalities use invented ones, *Voorbeeldgemeente 001…342*
with codes ``GM9001…GM9342`` and the size classes and provinces of the real ones.
"""

from __future__ import annotations

import csv
import difflib
import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from kcc_research import dutch
from kcc_research.errors import DefinitionError, Problem, problem

COMPLETE_FROM = date(2022, 1, 1)
INVENTED = 342
_INVENTED_FIRST = 9001
# The invented municipalities take their classes in another order than the real ones,
# so that number 001 is nobody in particular. 127 has no factor in common with 342.
_STRIDE = 127
# Provinces take yet another order: no invented municipality has the class and the
# province of one and the same real one on purpose.
_PROVINCE_STRIDE = 205
_UPPER_BOUNDS = (5_000, 10_000, 20_000, 50_000, 100_000, 150_000, 250_000)
_CODE = re.compile(r"(?:gm)?(\d{1,4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality as it was from ``valid_from`` up to, not including, ``valid_to``.

    ``population`` counts inhabitants on ``population_date`` within the borders of the
    row; ``size_class`` is the class of CBS that follows from it (1 <5.000 … 8
    ≥250.000). ``valid_from`` is None where it lies too far back to be known.
    """

    gm: str
    name: str
    aliases: tuple[str, ...]
    province: str
    corop: str
    population: int | None
    population_date: date | None
    size_class: int
    valid_from: date | None
    valid_to: date | None
    successor: str

    @property
    def is_invented(self) -> bool:
        return int(self.gm[2:]) >= _INVENTED_FIRST

    def exists_on(self, day: date) -> bool:
        started = self.valid_from is None or self.valid_from <= day
        return started and (self.valid_to is None or day < self.valid_to)


def size_class(population: int) -> int:
    """Size class of CBS (*grootteklasse*), 1 to 8.

    >>> size_class(4_999), size_class(5_000), size_class(250_000)
    (1, 2, 8)
    """
    return 1 + sum(population >= bound for bound in _UPPER_BOUNDS)


@functools.cache
def register() -> tuple[Municipality, ...]:
    """Every row: real ones in the order of their codes, then the invented ones."""
    source = files("kcc_research") / "data" / "municipalities.csv"
    lines = source.read_text(encoding="utf-8").splitlines()
    real = tuple(_municipality(row) for row in csv.DictReader(lines))
    return real + _invented(real)


def _municipality(row: dict[str, str]) -> Municipality:
    return Municipality(
        gm=row["gm"],
        name=row["name"],
        aliases=tuple(row["aliases"].split("|")) if row["aliases"] else (),
        province=row["province"],
        corop=row["corop"],
        population=int(row["population"]),
        population_date=_date(row["population_date"]),
        size_class=int(row["size_class"]),
        valid_from=_date(row["valid_from"]),
        valid_to=_date(row["valid_to"]),
        successor=row["successor"],
    )


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _invented(real: tuple[Municipality, ...]) -> tuple[Municipality, ...]:
    present = [each for each in real if each.valid_to is None]
    return tuple(
        Municipality(
            gm=f"GM{_INVENTED_FIRST + index}",
            name=f"Voorbeeldgemeente {index + 1:03d}",
            aliases=(),
            province=present[index * _PROVINCE_STRIDE % len(present)].province,
            corop="",
            population=None,
            population_date=None,
            size_class=present[index * _STRIDE % len(present)].size_class,
            valid_from=None,
            valid_to=None,
            successor="",
        )
        for index in range(INVENTED)
    )


def municipalities(on: date, *, invented: bool = False) -> tuple[Municipality, ...]:
    """The real municipalities that existed ``on`` a day from 1-1-2022.

    ``invented`` gives those of the demonstrations instead.
    """
    if on < COMPLETE_FROM:
        raise ValueError(f"the register is complete from {COMPLETE_FROM}, not on {on}")
    existing = (each for each in register() if each.exists_on(on))
    return tuple(each for each in existing if each.is_invented == invented)


def _is_real(each: Municipality) -> bool:
    return not each.is_invented


def normalised_code(value: str | int) -> str:
    """A code as the register writes it, or ``ValueError``.

    CBS pads codes with blanks; spreadsheets and SPSS hold bare numbers (DOMAIN-D42).

    >>> normalised_code("GM1680    "), normalised_code(358), normalised_code("0518")
    ('GM1680', 'GM0358', 'GM0518')
    """
    match = _CODE.fullmatch(str(value).strip())
    if match is None:
        raise ValueError(f"{value!r} is no municipality code")
    return f"GM{int(match[1]):04d}"


def municipality(code: str | int, on: date) -> Municipality:
    """The municipality with ``code`` as it was ``on`` a day.

    Raises :class:`DefinitionError` when the code is unknown, had expired (naming the
    successor) or did not exist yet. Before 2022 only the code is checked: the row is
    the oldest the register knows.
    """
    problems = code_problems(code, on)
    if problems:
        raise DefinitionError(problems)
    rows = _rows(normalised_code(code))
    return next((each for each in rows if each.exists_on(on)), rows[0])


def _rows(code: str) -> list[Municipality]:
    return [each for each in register() if each.gm == code]


def code_problems(code: str | int, on: date) -> list[Problem]:
    """What is wrong with ``code`` on a day: nothing, or one problem."""
    try:
        gm = normalised_code(code)
    except ValueError:
        return [problem("KCC-C006a", value=code, hint=code_hint(str(code)))]
    rows = _rows(gm)
    if not rows:
        return [problem("KCC-C013a", value=gm, candidates=_like_code(gm))]
    first, last = rows[0], rows[-1]
    day = dutch.short_date(on)
    if last.valid_to is not None and on >= last.valid_to:
        successor = described(_rows(last.successor)[-1])
        return [
            problem("KCC-C013", value=gm, name=last.name, date=day, successor=successor)
        ]
    if first.valid_from is not None and on < first.valid_from:
        since = dutch.short_date(first.valid_from)
        return [problem("KCC-C013c", value=gm, name=first.name, date=day, since=since)]
    return []


def described(each: Municipality) -> str:
    """``GM0575 (Noordwijk)``."""
    return f"{each.gm} ({each.name})"


def _like_code(gm: str) -> str:
    """The three codes that differ in the fewest digits, then by the least."""

    def distance(code: str) -> tuple[int, int]:
        different = sum(ours != theirs for ours, theirs in zip(code, gm, strict=True))
        return different, abs(int(code[2:]) - int(gm[2:]))

    known = {each.gm for each in register() if _is_real(each)}
    return _choice(_rows(code)[-1] for code in sorted(known, key=distance)[:3])


def _choice(found: Iterable[Municipality]) -> str:
    names = dict.fromkeys(described(each) for each in found)  # once, whatever the year
    return dutch.listing(list(names), last="of")


def code_hint(value: str) -> str:
    """What someone who wrote ``value`` where a code belongs may have meant."""
    try:
        rows = _rows(normalised_code(value))
    except ValueError:
        rows = list(find(value))
    return f"Bedoelde u {_choice(rows[-3:])}?" if rows else "Bijvoorbeeld GM0575."


def find(
    name: str, on: date | None = None, *, invented: bool = False
) -> tuple[Municipality, ...]:
    """Municipalities that ``name`` may mean, best first; none if nothing is like it.

    Case, accents, apostrophes and a suffix such as *(NH.)* make no difference. Several
    answers mean that the name decides nothing: there are two Bergens. With ``on``,
    only municipalities that existed that day. A name that is only *like* another is
    looked for among the real ones, or with ``invented`` among the invented.
    """
    wanted = _plain(name)
    rows = [each for each in register() if on is None or each.exists_on(on)]
    latest = {each.gm: each for each in rows}
    exact = [each for each in latest.values() if wanted in _names(each)]
    if exact or not wanted:
        return tuple(exact)
    spellings = {
        spelling: each
        for each in latest.values()
        if each.is_invented == invented
        for spelling in _names(each)
    }
    close = difflib.get_close_matches(wanted, spellings, n=3, cutoff=0.75)
    return tuple(dict.fromkeys(spellings[each] for each in close))


def named(name: str, on: date, *, invented: bool = False) -> Municipality:
    """The one municipality called ``name`` on a day.

    Raises :class:`DefinitionError` with candidates when there is none or more than
    one, and with the successor when it had merged.
    """
    found = find(name, on, invented=invented)
    exact = [each for each in found if _plain(name) in _names(each)]
    if len(exact) == 1:
        return exact[0]
    raise DefinitionError(_name_problem(name, on, exact, found))


def _name_problem(
    name: str,
    on: date,
    exact: list[Municipality],
    found: tuple[Municipality, ...],
) -> Problem:
    if exact:
        return problem("KCC-C012b", value=name, candidates=_choice(exact))
    ever = [each for each in find(name) if _plain(name) in _names(each)]
    if ever:
        return code_problems(ever[0].gm, on)[0]
    if found:
        return problem("KCC-C012", value=name, year=on.year, candidates=_choice(found))
    return problem("KCC-C012a", value=name)


@functools.cache
def _names(each: Municipality) -> frozenset[str]:
    spellings = (each.name, *each.aliases)
    without_suffix = (re.sub(r"\s*\([^)]*\)$", "", spelling) for spelling in spellings)
    return frozenset(map(_plain, (*spellings, *without_suffix)))


def _plain(name: str) -> str:
    """Lower case letters and digits only: *Súdwest-Fryslân* → ``sudwestfryslan``."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return "".join(each for each in decomposed if each.isalnum())
