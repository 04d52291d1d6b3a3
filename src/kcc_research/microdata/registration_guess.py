"""A raw file as a registration: which system it comes from, and what its columns are.

A file that has the columns of a shipped layout (KISS, OpenKlant, Signalen, telephony,
queue tickets) is taken for one. Any other file in which every row has a number and a
moment, such as a log of permits, is read by the names of its columns. Staff and free
text are never proposed: what is not named in a layout stays behind (DOMAIN-D15).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kcc_research.microdata.first_look import FirstLook
from kcc_research.microdata.moment_formats import (
    Moments,
    find_moments,
    find_times_of_day,
)
from kcc_research.microdata.personal_data import mask
from kcc_research.microdata.record_words import meaning_of
from kcc_research.study.layout_file import shipped_layouts
from kcc_research.study.record_layout import (
    ANY_OTHER,
    DURATIONS,
    GROUPINGS,
    TIMES,
    VOCABULARY,
    RecordField,
    RecordLayout,
    Role,
)

MOST_GROUPS = 60
"""Different values from which a column is no grouping any more."""

_FEWEST_ROWS = 20
_ENOUGH = 0.6
_STAFF = re.compile(
    r"medewerker|behandelaar|agent|resource|responsible|user|naam|mail|kcm|beller|"
    r"persoon|klant(?:nummer|id)|bsn|adres|postcode|telefoonn"
)
_GENERIC: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("due", re.compile(r"streef|uiterste|fatale|termijn|deadline|due|planned|gepland")),
    (
        "ended",
        re.compile(r"eind|einde|afgerond|afgehandeld|afgedaan|besluit|end|closed"),
    ),
    (
        "arrived",
        re.compile(r"start|begin|ontvang|ingediend|aanvraag|datum|tijd|created"),
    ),
    ("channel", re.compile(r"kanaal|channel")),
    ("product", re.compile(r"product|dienst|zaaktype|soort|type|categorie|onderwerp")),
    ("place", re.compile(r"locatie|afdeling|wijk|team|department|place")),
    ("outcome", re.compile(r"status|uitkomst")),
    ("result", re.compile(r"resultaat|result|afloop")),
)


@dataclass(frozen=True)
class Registration:
    """A layout to be, of one file.

    ``base``: the shipped layout it resembles, with ``known`` of its columns present.
    ``unexplained``: role → codes that nothing explains. ``is_exact``: the shipped
    layout reads this file as it is. ``days``: first and last day.
    """

    look: FirstLook = field(repr=False)
    layout: RecordLayout
    base: str
    known: int
    unexplained: Mapping[Role, tuple[str, ...]]
    left_out: tuple[str, ...]
    days: tuple[str, str] | None
    is_exact: bool = False
    is_doubtful: bool = False


def recognise(look: FirstLook, *, any_log: bool = False) -> Registration | None:
    """The registration that a file probably is; None for a survey.

    ``any_log``: also a file without the columns of a shipped layout, if every row has a
    number and a moment.
    """
    if len(look.table.cells) < _FEWEST_ROWS:
        return None
    found = _resembling(look)
    if found is not None:
        return _of_layout(look, *found)
    return _of_any_log(look) if any_log else None


# --- a system we know -----------------------------------------------------------------


def _resembling(look: FirstLook) -> tuple[str, RecordLayout] | None:
    names = set(look.names)
    scores = {
        name: len(names & set(layout.columns)) / len(layout.columns)
        for name, layout in shipped_layouts().items()
        if set(layout.key) <= names
        and any(f.column in names for r, f in layout.field.items() if r in TIMES)
    }
    best = max(scores, key=lambda name: scores[name], default=None)
    if best is None or scores[best] < _ENOUGH:
        return None
    return best, shipped_layouts()[best]


def _of_layout(look: FirstLook, name: str, base: RecordLayout) -> Registration | None:
    fields: dict[Role, RecordField] = {}
    unexplained: dict[Role, tuple[str, ...]] = {}
    days: list[str] = []
    doubtful = False
    for role, declared in base.field.items():
        if declared.value:
            fields[role] = declared
            continue
        if not _is_filled(look, *declared.columns):
            continue
        if role in TIMES:
            moments = _moments(look, declared.column, declared.date_column)
            if moments is None:
                continue
            found = _timed(declared, moments)
            days += moments.days
            doubtful |= moments.is_doubtful
        else:
            found, unexplained[role] = _explained(look, role, declared)
        fields[role] = found
    if not any(role in fields for role in ("arrived", "appointment", "started")):
        return None
    return _registration(look, base, name, fields, unexplained, days, doubtful)


def _registration(
    look: FirstLook,
    base: RecordLayout,
    name: str,
    fields: Mapping[Role, RecordField],
    unexplained: Mapping[Role, tuple[str, ...]],
    days: Sequence[str],
    doubtful: bool,
) -> Registration:
    changed: dict[str, object] = {"field": dict(fields), "drop": ()}
    if base.service_level and not {"waiting", "outcome"} <= fields.keys():
        changed["service_level"] = None
    layout = RecordLayout.model_validate(base.model_copy(update=changed).model_dump())
    read = set(layout.columns)
    return Registration(
        look=look,
        layout=layout,
        base=name,
        known=len(read & set(look.names)),
        unexplained={role: codes for role, codes in unexplained.items() if codes},
        left_out=tuple(each for each in look.names if each not in read),
        days=(min(days), max(days)) if days else None,
        is_exact=dict(fields) == dict(base.field) and look.format.header_row == 1,
        is_doubtful=doubtful,
    )


def _is_filled(look: FirstLook, *columns: str) -> bool:
    return all(c in look.names and any(look.values(c)) for c in columns)


def _moments(look: FirstLook, column: str, date_column: str) -> Moments | None:
    values = look.values(column)
    if not date_column:
        return find_moments(values)
    return find_times_of_day(values, look.values(date_column))


def _timed(declared: RecordField, moments: Moments) -> RecordField:
    update = {"format": moments.format}
    if declared.date_column:
        update["date_format"] = moments.date_format
    return declared.model_copy(update=update)


def _explained(
    look: FirstLook, role: Role, declared: RecordField
) -> tuple[RecordField, tuple[str, ...]]:
    """The codes of a role, with a proposal for those that the layout lacks."""
    if role not in VOCABULARY:
        return declared, ()
    counts = Counter(look.values(declared.column))
    codes = dict(declared.codes)
    folded = {code.strip().casefold() for code in codes}
    if ANY_OTHER in folded:
        return declared, ()
    unknown = tuple(v for v in counts if v.casefold() not in folded)
    # More codes than a list of codes has: this is free text, and left alone.
    if len(unknown) > MOST_GROUPS:
        return declared, ()
    codes |= {value: meaning_of(value, role) for value in unknown}
    return declared.model_copy(update={"codes": codes}), unknown


# --- any log --------------------------------------------------------------------------


def _of_any_log(look: FirstLook) -> Registration | None:
    key = _key(look)
    if not key:
        return None
    fields: dict[Role, RecordField] = {}
    unexplained: dict[Role, tuple[str, ...]] = {}
    days: list[str] = []
    doubtful = False
    for name in look.names:
        if name in key or _STAFF.search(name.casefold()):
            continue
        moments = find_moments(look.values(name))
        role = _role(look, name, is_moment=moments is not None)
        if role is None or role in fields:
            continue
        declared = RecordField(column=name)
        if moments is not None:
            fields[role] = _timed(declared, moments)
            days += moments.days
            doubtful |= moments.is_doubtful
        else:
            fields[role], unexplained[role] = _explained(look, role, declared)
    if "arrived" not in fields:
        return None
    base = RecordLayout(
        title="Registratie",
        kind="contacts",
        key=key,
        field={"arrived": fields["arrived"]},
        clock=_has_clock(look, fields["arrived"]),
    )
    return _registration(look, base, "", fields, unexplained, days, doubtful)


def _has_clock(look: FirstLook, arrived: RecordField) -> bool:
    """Whether the times of day say something: days only have none."""
    return any(":" in value for value in look.values(arrived.column))


def _key(look: FirstLook) -> tuple[str, ...]:
    rows = len(look.table.cells)
    for name in look.names:
        values = look.values(name)
        compact = all(re.fullmatch(r"[\w./-]{1,40}", each) for each in values)
        if compact and len(set(values)) == rows and find_moments(values) is None:
            return (name,)
    return ()


def _role(look: FirstLook, name: str, *, is_moment: bool) -> Role | None:
    for role, words in _GENERIC:
        if (role in TIMES) == is_moment and words.search(name.casefold()):
            return role if is_moment or _is_group(look.values(name)) else None
    return None


def _is_group(values: Sequence[str]) -> bool:
    distinct = {each for each in values if each}
    return 0 < len(distinct) <= MOST_GROUPS and not any(mask(e)[1] for e in distinct)


def durations(layout: RecordLayout) -> Iterator[Role]:
    """The roles of a layout that are numbers of seconds or minutes."""
    return (role for role in DURATIONS if layout.has(role))


def groupings(layout: RecordLayout) -> Iterator[Role]:
    """The roles by which a report can split the records of a layout."""
    return (role for role in GROUPINGS if layout.has(role))
