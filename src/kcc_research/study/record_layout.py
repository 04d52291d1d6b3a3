"""Record layouts: which column of a registration is what, and what its codes mean.

Contact records, calls, tickets and cases come in the layout of their software. A
layout (*indeling*) turns them into one vocabulary; a municipality changes a mapping
in a file of its own, without code. Nothing about codes is guessed (DESIGN §4), and
what a layout does not name is never read: staff and free text stay behind (DOMAIN-D15).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, StringConstraints, model_validator

from kcc_research.study.model import Definition, Fault, Text, refuse
from kcc_research.study.working_days import WorkCalendar

Role = Literal[
    "arrived",
    "appointment",
    "called",
    "started",
    "ended",
    "due",
    "callback_requested",
    "callback_done",
    "waiting",
    "talk",
    "hold",
    "wrap_up",
    "channel",
    "product",
    "place",
    "outcome",
    "result",
    "transfer",
    "satisfied",
    "by_appointment",
    "confidential",
    "person",
]
RecordKind = Literal["contacts", "queue"]
Formula = Literal["answered", "offered", "offered_excl_short", "abandoned_in_time_ok"]
Duplicates = Literal["refuse", "first"]

TIMES: tuple[Role, ...] = (
    "arrived",
    "appointment",
    "called",
    "started",
    "ended",
    "due",
    "callback_requested",
    "callback_done",
)
DURATIONS: tuple[Role, ...] = ("waiting", "talk", "hold", "wrap_up")
GROUPINGS: tuple[Role, ...] = ("channel", "product", "place")
VOCABULARY: dict[Role, tuple[str, ...]] = {
    "outcome": (
        "helped",
        "abandoned",
        "overflow",
        "callback",
        "no_show",
        "disconnected",
        "open",
    ),
    "result": ("resolved", "not_resolved", "transferred", "referred", "excluded"),
    "transfer": ("none", "transferred", "warm", "cold"),
    "satisfied": ("yes", "no"),
    "by_appointment": ("yes", "no"),
    "confidential": ("yes", "no"),
}
"""What the codes of a role may be turned into."""

ANY_OTHER = "*"
"""Key of ``codes`` for every other value that is filled in; ``""`` is a blank."""

WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)

Hours = Annotated[
    str,
    StringConstraints(
        pattern=r"^$|^\d{2}:\d{2}-\d{2}:\d{2}(, ?\d{2}:\d{2}-\d{2}:\d{2})*$"
    ),
]


class RecordField(Definition):
    """The column of one role, and how its cells are written.

    Times: ``format`` is ``iso`` (with or without offset) or a strptime pattern; where
    the column holds a time of day, ``date_column`` holds the day. Durations: ``unit``.
    ``codes`` maps what stands in the file to the vocabulary of the role; for channel,
    product and place to the names a report prints, or absent where the file already
    has these. ``missing`` lists values that mean blank; ``value`` stands for a column
    that the file lacks because it is the same for every record. ``staff`` and
    ``employees``: as those of a question, for channel, product and place.
    """

    column: str = ""
    value: str = ""
    format: Text = "iso"
    date_column: str = ""
    date_format: Text = "%d-%m-%Y"
    unit: Literal["seconds", "minutes", "clock"] = "seconds"
    codes: dict[str, str] = Field(default_factory=dict)
    missing: tuple[str, ...] = Field(default=(), strict=False)
    staff: Literal["team", "nobody"] | None = None
    employees: dict[str, int] = Field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(each for each in (self.column, self.date_column) if each)


class Opening(Definition):
    """Opening hours (*openingstijden*) in local time: ``"08:30-12:30, 13:30-17:00"``.

    A day without hours is closed, as are holidays.
    """

    monday: Hours = ""
    tuesday: Hours = ""
    wednesday: Hours = ""
    thursday: Hours = ""
    friday: Hours = ""
    saturday: Hours = ""
    sunday: Hours = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        refuse(
            ((name,), f"'{getattr(self, name)}': van voor tot, tussen 00:00 en 23:59")
            for name in WEEKDAYS
            if not _in_order(getattr(self, name))
        )
        return self

    def spans(self, weekday: int) -> tuple[tuple[time, time], ...]:
        """Opening spans of a weekday, Monday = 0: from (included) to (not included)."""
        return tuple(_spans(getattr(self, WEEKDAYS[weekday])))


def _spans(hours: str) -> Iterator[tuple[time, time]]:
    for span in hours.split(",") if hours else ():
        start, end = (time.fromisoformat(each) for each in span.strip().split("-"))
        yield start, end


def _in_order(hours: str) -> bool:
    try:
        return all(start < end for start, end in _spans(hours))
    except ValueError:
        return False


class ServiceLevel(Definition):
    """*Servicelevel* X/Y: ``share`` (0–1, the goal) within ``seconds``, by which sum.

    The name of the formula is printed with the figure (DOMAIN-D18).
    """

    seconds: int = Field(gt=0)
    formula: Formula
    share: float | None = Field(default=None, gt=0, le=1)


class Thresholds(Definition):
    """Limits that decide what a record counts as; every one is printed.

    ``short_abandon_seconds``: who hangs up sooner did not wait. ``wait_norm_seconds``:
    the norm for waiting. ``longest_*``: beyond it a duration is taken for a fault and
    stays out of the figures. ``repeat_days``: a contact is repeated when the same
    person comes back within so many days. ``callback_working_days``: the norm for
    calling back. ``norm_working_days``: the norm per channel, ``"*"`` for any other,
    where the file has no due date. ``norm_tolerance_seconds``: how much later than due
    is still on time. ``wait_class_seconds`` and ``throughput_class_days``: how wide the
    classes are in which waiting time and *doorlooptijd* are drawn.
    """

    short_abandon_seconds: int = Field(default=0, ge=0)
    wait_norm_seconds: int | None = Field(default=None, gt=0)
    longest_wait_minutes: int = Field(default=240, gt=0)
    longest_handling_minutes: int = Field(default=240, gt=0)
    repeat_days: int | None = Field(default=None, gt=0)
    callback_working_days: int | None = Field(default=None, gt=0)
    norm_working_days: dict[str, Annotated[int, Field(gt=0)]] = Field(
        default_factory=dict
    )
    norm_tolerance_seconds: float = Field(default=0, ge=0)
    wait_class_seconds: int = Field(default=60, gt=0)
    throughput_class_days: int = Field(default=7, gt=0)


class RecordLayout(Definition):
    """One registration: its columns, codes, hours and limits.

    ``key`` names the columns that together make a record unique; records that are the
    same in every column read are kept once. Of records with one key and different
    contents ``duplicates`` says whether the file is refused or the first one counts.
    ``drop`` names columns known to hold staff or free text. ``noun`` is what a report
    calls one record, and more of them: *bezoek, bezoeken*. ``clock`` false: the times
    are dates, with a time of day that says nothing, so hours stay out of the figures.
    """

    title: Text
    kind: RecordKind
    noun: tuple[Text, Text] = Field(default=("contact", "contacten"), strict=False)
    key: tuple[Text, ...] = Field(min_length=1, strict=False)
    duplicates: Duplicates = "refuse"
    zone: Text = "Europe/Amsterdam"
    clock: bool = True
    drop: tuple[str, ...] = Field(default=(), strict=False)
    field: dict[Role, RecordField]
    opening: Opening | None = None
    calendar: WorkCalendar = WorkCalendar()
    service_level: ServiceLevel | None = None
    thresholds: Thresholds = Thresholds()

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        faults = [
            fault
            for role, field in self.field.items()
            for fault in _field_faults(role, field)
        ]
        refuse((*faults, *_layout_faults(self)))
        return self

    def has(self, *roles: Role) -> bool:
        """Whether the layout knows all these roles."""
        return all(each in self.field for each in roles)

    def meanings(self, role: Role) -> tuple[str, ...]:
        """The words of a role's vocabulary that its codes can give."""
        field = self.field.get(role)
        given = {field.value, *field.codes.values()} if field else set()
        return tuple(each for each in VOCABULARY.get(role, ()) if each in given)

    @property
    def records(self) -> str:
        """What a report calls the records: *contacten*, *bezoeken*."""
        return self.noun[1]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read, each once; all others stay behind."""
        named = [name for field in self.field.values() for name in field.columns]
        return tuple(dict.fromkeys((*self.key, *named)))

    @property
    def has_norm(self) -> bool:
        """Whether records have a date by which they should have ended."""
        return self.has("ended") and (
            self.has("due") or bool(self.thresholds.norm_working_days)
        )

    @property
    def has_handling(self) -> bool:
        return self.has("talk") or self.has("started", "ended")

    @property
    def has_waiting(self) -> bool:
        return self.has("waiting") or (
            self.has("arrived") and (self.has("called") or self.has("started"))
        )

    @property
    def has_callbacks(self) -> bool:
        asked = self.has("callback_requested", "callback_done")
        return asked and self.thresholds.callback_working_days is not None


def _field_faults(role: Role, field: RecordField) -> Iterator[Fault]:
    at = ("field", role)
    if bool(field.column) == bool(field.value):
        yield at, "een veld heeft column (in het bestand) of value (voor elke rij)"
    if field.value and role not in (*GROUPINGS, "outcome"):
        yield (*at, "value"), "value kan alleen bij channel, product, place en outcome"
    if field.date_column and role not in TIMES:
        yield (*at, "date_column"), "date_column hoort alleen bij een tijdstip"
    if field.date_column and field.format == "iso":
        yield (*at, "format"), 'bij date_column hoort een tijd, zoals format = "%H:%M"'
    yield from _code_faults(role, field)


def _code_faults(role: Role, field: RecordField) -> Iterator[Fault]:
    at = ("field", role, "codes")
    if role in VOCABULARY:
        allowed = VOCABULARY[role]
        if not field.codes and not field.value:
            yield at, f"codes ontbreken: maak er {', '.join(allowed)} van"
        for raw, meaning in field.codes.items():
            if meaning not in allowed:
                options = ", ".join(allowed)
                yield (*at, raw), f"'{meaning}' kan niet; kies uit {options}"
        if field.value and field.value not in allowed:
            yield ("field", role, "value"), f"kies uit {', '.join(allowed)}"
    elif field.codes and role not in GROUPINGS:
        yield at, "codes kunnen hier niet"
    folded = [raw.strip().casefold() for raw in field.codes]
    for raw in field.codes:
        if folded.count(raw.strip().casefold()) > 1:
            yield (*at, raw), f"'{raw}' staat er twee keer, anders geschreven"


def _layout_faults(layout: RecordLayout) -> Iterator[Fault]:
    if not any(layout.has(each) for each in ("arrived", "appointment", "started")):
        yield ("field",), "er is geen tijdstip: arrived, started of appointment"
    for index, name in enumerate(layout.drop):
        if name in layout.columns:
            yield ("drop", index), f"'{name}' wordt ook gelezen; haal het ergens weg"
    if layout.thresholds.repeat_days is not None and not layout.has("person"):
        at = ("thresholds", "repeat_days")
        yield at, "zonder veld person is niet te zien wie terugkomt"
    if layout.service_level is not None and not layout.has("waiting", "outcome"):
        yield ("service_level",), "een servicelevel vraagt om waiting en outcome"
    try:
        ZoneInfo(layout.zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield ("zone",), f"'{layout.zone}' is geen tijdzone, zoals Europe/Amsterdam"
