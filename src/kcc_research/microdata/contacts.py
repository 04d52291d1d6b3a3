"""A registration in one call: read, check, and write the records that are kept.

The result is one Parquet file with the same columns for every registration, in which
nobody can be recognised: no staff, no free text, no record or person numbers
(DOMAIN-D15). Columns:

- ``file``, ``row``: where the record stands, to look it up in the raw file;
- ``channel``, ``product``, ``place``; ``month`` (``2024-03``), ``weekday`` (1 Monday),
  ``hour`` on the local clock. All are empty for confidential records, which count in
  totals only;
- ``moment``: the instant of the contact; ``day``: its local date; ``in_hours``: within
  opening hours, empty where these are not declared;
- ``outcome``, ``result``, ``transfer``, ``satisfied``: see ``study.record_layout``;
- ``wait_seconds``, ``handling_seconds``, ``throughput_minutes``: empty where doubtful;
- ``norm_state``: within, late, open, no_norm; ``callback_state``: kept, missed,
  not_due; ``first_contact``; ``repeated``: empty where that cannot be known yet.
"""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from kcc_research import dutch
from kcc_research.errors import DataError, Problem, problem
from kcc_research.microdata.cleaning import Change, CleaningLog
from kcc_research.microdata.contact_checking import Checker
from kcc_research.microdata.contact_database import Database, database
from kcc_research.microdata.contact_reading import read_text
from kcc_research.microdata.contact_sql import literal, macros, records, times, typed
from kcc_research.microdata.raw_table import FileFacts
from kcc_research.microdata.reading import Paths
from kcc_research.study.measurement import Source
from kcc_research.study.record_layout import RecordLayout
from kcc_research.study.working_days import WorkingDays
from kcc_research.temporary_folders import new_folder

Gap = tuple[date, date, int]

_SHOWN_GAPS = 5
_ROW_GROUP = 122_880


@dataclass(frozen=True)
class ContactLog:
    """What was kept of a registration, and what is to be said about it.

    ``gaps``: working days without any record: first, last and how many in a row.
    ``changes``: records that repeat another one and stay out, and durations that
    cannot be true and are left empty.
    """

    records: int
    first_day: date
    last_day: date
    gaps: tuple[Gap, ...]
    problems: tuple[Problem, ...]
    facts: tuple[FileFacts, ...]
    changes: CleaningLog = CleaningLog()


@dataclass(frozen=True, repr=False)
class ContactRecords:
    """The records that were kept, in a Parquet file of their own, and their log.

    The file lives as long as this object. A notebook shows it by its counts.
    """

    path: Path
    kept: ContactLog

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.kept.problems

    @property
    def log(self) -> CleaningLog:
        return self.kept.changes

    def __repr__(self) -> str:
        changes = len(self.log.changes)
        return f"ContactRecords(records={self.kept.records}, changes={changes})"

    def _repr_markdown_(self) -> str:
        """What JupyterLab shows below a cell."""
        records, problems, changes = (
            dutch.number(each)
            for each in (self.kept.records, len(self.problems), len(self.log.changes))
        )
        first, last = map(dutch.long_date, (self.kept.first_day, self.kept.last_day))
        return (
            f"**Ingelezen**: {records} contacten van {first} tot en met {last},"
            f" {problems} meldingen, {changes} wijzigingen in het logboek."
        )


def read_contacts(paths: Paths, source: Source, layout: RecordLayout) -> ContactRecords:
    """Read and check the file(s) of a registration, and keep what may be used of it.

    Raises :class:`DataError` with every problem when one of them is an error.
    """
    folder = new_folder()
    try:
        log = import_contacts(paths, source, layout, folder / "records.parquet")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    records = ContactRecords(folder / "records.parquet", log)
    weakref.finalize(records, shutil.rmtree, folder, ignore_errors=True)
    return records


def summarise_contacts(records: ContactRecords) -> pd.DataFrame:
    """Per column: filled in, empty, and how many different values there are."""
    with database() as base:
        columns = base.rows(f"DESCRIBE SELECT * FROM {_file(records.path)}")
        names = [str(each[0]) for each in columns]
        parts = ", ".join(f"count({each}), count(DISTINCT {each})" for each in names)
        counts = base.row(f"SELECT {parts} FROM {_file(records.path)}")
    return pd.DataFrame(
        {
            "ingevuld": counts[::2],
            "leeg": [records.kept.records - each for each in counts[::2]],
            "verschillend": counts[1::2],
        },
        index=pd.Index(names, name="kolom"),
    )


def _file(path: Path) -> str:
    return f"read_parquet({literal(str(path))})"


def import_contacts(
    paths: Paths, source: Source, layout: RecordLayout, target: Path
) -> ContactLog:
    """Read the file(s) of a registration and write its records as Parquet.

    ``target`` is a new file in a folder of the caller, who puts it in its place. Raises
    :class:`DataError` with every problem when one of them is an error; nothing is
    written then.
    """

    def written(base: Database) -> None:
        options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROW_GROUP}"
        base.run(f"COPY ({records(layout)}) TO {literal(str(target))} ({options})")

    return _checked(paths, source, layout, written)


def contact_problems(
    paths: Paths, source: Source, layout: RecordLayout
) -> tuple[Problem, ...]:
    """Everything that reading and checking has to say, without raising or writing."""
    try:
        return _checked(paths, source, layout, lambda base: None).problems
    except DataError as error:
        return error.problems


def _checked(
    paths: Paths,
    source: Source,
    layout: RecordLayout,
    then: Callable[[Database], None],
) -> ContactLog:
    with database() as base:
        base.run(macros(layout.zone))
        facts, problems = read_text(base, paths, source, layout)
        base.run(f"CREATE TABLE typed AS {typed(layout)}")
        problems += Checker(base, layout, facts).problems()
        base.run("DROP TABLE text")
        if any(each.severity == "error" for each in problems):
            raise DataError(problems)
        first, last, kept = base.row(_PERIOD)
        gaps = _gaps(base, layout, first, last)
        _make_calendar(base, layout, first, last)
        then(base)
        changes = CleaningLog(tuple(_changes(base, layout, facts)))
    problems += _gap_notice(gaps, facts)
    return ContactLog(kept, first, last, gaps, tuple(problems), facts, changes)


def _changes(
    base: Database, layout: RecordLayout, facts: tuple[FileFacts, ...]
) -> Iterator[Change]:
    """What happened to single records, in reading order."""
    limits = layout.thresholds
    sql = _CHANGES.format(
        wait=60 * limits.longest_wait_minutes,
        handling=60 * limits.longest_handling_minutes,
    )
    for file, row, column, before, rule, _ in base.rows(sql):
        name = f"{Path(facts[file].file).name}:{row}" if len(facts) > 1 else str(row)
        yield Change(name, column, before, "", rule)


_CHANGES = """
WITH kept AS (FROM typed WHERE spot NOT IN (SELECT spot FROM dropped))
SELECT file, row, '' AS what, '' AS before,
  CASE WHEN same THEN 'repeated_record' ELSE 'repeated_key' END AS rule, spot
FROM typed JOIN dropped USING (spot)
UNION ALL
SELECT file, row, 'wait_seconds', wait_raw::VARCHAR, 'impossible_duration', spot
FROM kept WHERE NOT wait_raw BETWEEN 0 AND {wait}
UNION ALL
SELECT file, row, 'handling_seconds', handling_raw::VARCHAR,
  'impossible_duration', spot
FROM kept WHERE NOT handling_raw BETWEEN 0 AND {handling}
UNION ALL
SELECT file, row, 'throughput_minutes', minutes_raw::VARCHAR,
  'impossible_duration', spot
FROM kept WHERE minutes_raw < 0
ORDER BY spot, what
"""


_PERIOD = """
SELECT min(local(moment))::DATE, max(local(moment))::DATE, count(*)
FROM typed WHERE spot NOT IN (SELECT spot FROM dropped)
"""


def _gaps(
    base: Database, layout: RecordLayout, first: date, last: date
) -> tuple[Gap, ...]:
    days = base.rows("SELECT DISTINCT local(moment)::DATE FROM typed")
    present = frozenset(day for (day,) in days)
    return WorkingDays(layout.calendar, first, last).missing(present)


def _gap_notice(gaps: tuple[Gap, ...], facts: tuple[FileFacts, ...]) -> list[Problem]:
    if not gaps:
        return []
    shown = [_span(first, last) for first, last, _ in gaps[:_SHOWN_GAPS]]
    more = len(gaps) - len(shown)
    days = ", ".join(shown) + (f" en nog {more} keer" if more else "")
    count = sum(each for _, _, each in gaps)
    return [problem("KCC-D039c", file=facts[0].file, count=count, days=days)]


def _span(first: date, last: date) -> str:
    one = f"{first:%d-%m-%Y}"
    return one if first == last else f"{one} tot en met {last:%d-%m-%Y}"


def _make_calendar(
    base: Database, layout: RecordLayout, first: date, last: date
) -> None:
    """``calendar`` over the period and every term in it; ``period``: where it ends."""
    limits = layout.thresholds
    longest = max(
        (*limits.norm_working_days.values(), limits.callback_working_days or 0)
    )
    latest = _latest(base, layout)
    end = max(last, latest) + timedelta(days=2 * longest + 30)
    days = WorkingDays(layout.calendar, first - timedelta(days=400), end)
    base.run(
        "CREATE TABLE calendar"
        " (day DATE, ordinal INTEGER, working BOOLEAN, holiday BOOLEAN)"
    )
    rows = ", ".join(_calendar_rows(days, layout))
    base.run(f"INSERT INTO calendar VALUES {rows}")
    base.run(
        f"CREATE TABLE period AS SELECT DATE '{latest}' AS last_day,"
        " (SELECT max(moment) FROM typed) AS last_moment"
    )


def _calendar_rows(days: WorkingDays, layout: RecordLayout) -> list[str]:
    working, rows, ordinal = frozenset(days.days), [], 0
    for number in range((days.last - days.first).days + 1):
        day = days.first + timedelta(days=number)
        ordinal += day in working
        holiday = layout.calendar.is_holiday(day)
        rows.append(f"('{day}', {ordinal}, {day in working}, {holiday})")
    return rows


def _latest(base: Database, layout: RecordLayout) -> date:
    """The last local day of any time that says the registration still ran."""
    ran = [each for each in times(layout) if each not in ("due", "appointment")]
    instants = ", ".join(f"max(i_{each})" for each in ran) or "max(moment)"
    latest = f"greatest({instants}, max(moment))"
    found: date = base.row(f"SELECT local({latest})::DATE FROM typed")[0]
    return found
