"""What is wrong with records, or doubtful: one scan of ``typed`` for all of it.

Errors refuse the file: what cannot be read or is not in the layout. Doubtful times are
listed as warnings and stay out of the figures (TRUST-F36): a registration with two
impossible durations in a thousand is still a registration.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from kcc_research.errors import Problem, masked, problem
from kcc_research.microdata.contact_database import Database
from kcc_research.microdata.contact_sql import times
from kcc_research.microdata.header import closest
from kcc_research.microdata.personal_data import mask
from kcc_research.microdata.raw_table import FileFacts, row_list
from kcc_research.study.record_layout import (
    DURATIONS,
    GROUPINGS,
    VOCABULARY,
    RecordLayout,
    Role,
)

_FILE_FACTOR = 2**40
_SHOWN_ROWS = 3
_MOST_VALUES = 20
_MOST_GROUPS = 500
# A slip in a clock is left out and counted; this many are no slips (TRUST-F36).
_FEWEST_DURATIONS, _MOST_IMPOSSIBLE = 20, 0.05
# A second of the day that a fifth of the records share is no accident.
_FEWEST_FOR_CLOCK, _SUSPECT_SHARE = 50, 0.2


@dataclass(frozen=True)
class _Check:
    """Records for which ``condition`` holds, and what to say of them."""

    code: str
    condition: str
    column: str = ""
    details: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Checker:
    """Finds problems in the tables ``text`` and ``typed``."""

    database: Database
    layout: RecordLayout
    facts: Sequence[FileFacts]

    def problems(self) -> list[Problem]:
        """Everything, errors first."""
        found = [
            *self._duplicates(),
            *self._counted(list(self._checks())),
            *self._impossible(),
            *self._unknown_codes(),
            *self._groupings(),
            *self._clock(),
        ]
        order = {"error": 0, "warning": 1, "notice": 2}
        return sorted(found, key=lambda each: order[each.severity])

    def _checks(self) -> Iterator[_Check]:
        for role in times(self.layout):
            column, form = self._column(role), self._format(role)
            yield _Check("KCC-D035a", f"b_{role}", column, {"format": form})
            yield _Check("KCC-D036b", f"skipped_{role}", column)
            yield _Check("KCC-D036c", f"twice_{role}", column)
        for role in DURATIONS:
            if self.layout.has(role):
                unit = self.layout.field[role].unit
                details: dict[str, object] = {"format": unit}
                yield _Check("KCC-D035b", f"b_{role}", self._column(role), details)
        bad = " OR ".join(f"b_{role}" for role in times(self.layout))
        yield _Check("KCC-D035c", f"moment IS NULL AND NOT ({bad})")
        yield from self._durations()
        yield _Check("KCC-D036d", "helped_early", self._column("appointment"))
        yield _Check("KCC-D041g", "key_id IS NULL", ", ".join(self.layout.key))

    def _durations(self) -> Iterator[_Check]:
        limits = self.layout.thresholds
        for name, minutes, roles in (
            ("wait", limits.longest_wait_minutes, ("waiting", "called", "started")),
            ("handling", limits.longest_handling_minutes, ("talk", "ended")),
        ):
            known = [each for each in roles if each in self.layout.field]
            column = self.layout.field[known[0]].column if known else ""
            yield _Check("KCC-D036", f"{name}_raw < 0", column)
            limit = f"thresholds.longest_{name}_minutes"
            details: dict[str, object] = {"minutes": minutes, "limit": limit}
            yield _Check("KCC-D036a", f"{name}_raw > {60 * minutes}", column, details)
        yield _Check("KCC-D036", "minutes_raw < 0", self._column("ended"))

    def _impossible(self) -> Iterator[Problem]:
        """Durations of which more than a few cannot be true: columns or units swapped.

        A figure over the others would be a guess at which of them are right.
        """
        durations: tuple[tuple[str, tuple[Role, ...]], ...] = (
            ("wait_raw", ("waiting", "called", "started")),
            ("handling_raw", ("talk", "ended")),
        )
        for name, roles in durations:
            most = f"longest_{name.removesuffix('_raw')}_minutes"
            minutes = getattr(self.layout.thresholds, most)
            bad = f"{name} < 0 OR {name} > {60 * minutes}"
            count, known, at = self.database.row(
                f"SELECT count(*) FILTER (WHERE {bad}), count({name}),"
                f" min(spot, {_SHOWN_ROWS}) FILTER (WHERE {bad}) FROM typed {_KEPT}"
            )
            if known >= _FEWEST_DURATIONS and count > _MOST_IMPOSSIBLE * known:
                column = next((self._column(x) for x in roles if self._column(x)), "")
                details = {"column": column, "known": known}
                yield self._problem("KCC-D036f", count, at, **details)

    def _column(self, role: Role) -> str:
        return self.layout.field[role].column if self.layout.has(role) else ""

    def _format(self, role: Role) -> str:
        found = self.layout.field[role]
        if found.format == "iso":
            return "2024-03-29T09:30:00"
        return (
            f"{found.date_format} {found.format}" if found.date_column else found.format
        )

    def _counted(self, checks: list[_Check]) -> Iterator[Problem]:
        parts = ", ".join(
            f"count(*) FILTER (WHERE {each.condition}),"
            f" min(spot, {_SHOWN_ROWS}) FILTER (WHERE {each.condition})"
            for each in checks
        )
        values = self.database.row(f"SELECT {parts} FROM typed {_KEPT}")
        for check, count, rows in zip(checks, values[::2], values[1::2], strict=True):
            if count:
                yield self._problem(
                    check.code, count, rows, column=check.column, **check.details
                )

    def _problem(
        self, code: str, count: int, at: Sequence[int] | None, **details: object
    ) -> Problem:
        """A problem with ``count`` records, the first of which stand at ``at``."""
        places = list(at or ())
        file = self._file(places[0]) if places else self.facts[0].file
        first = [
            str(each % _FILE_FACTOR) for each in places if self._file(each) == file
        ]
        shown = row_list(first, count) if first else ""
        return problem(code, file=file, row=shown, count=count, **details)  # type: ignore[arg-type]

    def _file(self, at: int) -> str:
        return self.facts[at // _FILE_FACTOR].file

    def _unknown_codes(self) -> Iterator[Problem]:
        """Values that no code explains, by frequency (TRUST-F44)."""
        for role in (*GROUPINGS, *VOCABULARY):
            if self.layout.has(role) and self.layout.field[role].codes:
                yield from self._unknown(role)

    def _unknown(self, role: Role) -> Iterator[Problem]:
        found = self._values(role, f"WHERE typed.b_{role}")
        codes = self.layout.field[role].codes
        names = VOCABULARY.get(role, tuple(dict.fromkeys(codes.values())))
        known = ", ".join(names)
        for value, count, at in found[:_MOST_VALUES]:
            near = closest(value, [each for each in codes if each])
            yield self._problem(
                "KCC-D044m",
                count,
                at,
                column=self._column(role),
                value=_shown(value),
                hint=f"; lijkt op '{near}'" if near else "",
                role=role,
                known=known,
            )
        rest = found[_MOST_VALUES:]
        if rest:
            total = sum(count for _, count, _ in rest)
            column = self._column(role)
            details = {"column": column, "values": len(rest)}
            yield self._problem("KCC-D044n", total, None, **details)

    def _values(self, role: Role, where: str) -> list[tuple[str, int, Any]]:
        sql = (
            f"SELECT t_{role}, count(*), min(typed.spot, {_SHOWN_ROWS}) FROM text"
            " JOIN typed ON text.file = typed.file AND text.row = typed.row"
            f" {where} GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        return [(str(value), count, at) for value, count, at in self.database.rows(sql)]

    def _groupings(self) -> Iterator[Problem]:
        """Columns to break down by hold a short list, and nobody's name or number."""
        for role in GROUPINGS:
            field_ = self.layout.field.get(role)
            if field_ is None or field_.codes or field_.value:
                continue
            sql = (
                f"SELECT v_{role}, count(*), min(spot, {_SHOWN_ROWS}) FROM typed"
                f" WHERE v_{role} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
                f" LIMIT {_MOST_GROUPS + 1}"
            )
            values = self.database.rows(sql)
            if len(values) > _MOST_GROUPS:
                many = {"column": field_.column, "values": f"Meer dan {_MOST_GROUPS}"}
                yield self._problem("KCC-D044o", 0, None, **many)
                continue
            for value, count, at in values:
                if mask(value)[1]:
                    details = {"column": field_.column, "value": masked(value)}
                    yield self._problem("KCC-D044p", count, at, **details)

    def _clock(self) -> Iterator[Problem]:
        """One time of day for very many records is no time but a date."""
        if not self.layout.clock:
            return
        found = self.database.rows(
            f"SELECT strftime(local(moment), '%H:%M:%S'), count(*),"
            f" min(spot, {_SHOWN_ROWS}), sum(count(*)) OVER () FROM typed {_KEPT}"
            " AND moment IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"
        )
        for time, count, at, everyone in found:
            if everyone >= _FEWEST_FOR_CLOCK and count > _SUSPECT_SHARE * everyone:
                yield self._problem("KCC-D036e", count, at, time=time)

    def _duplicates(self) -> Iterator[Problem]:
        """Fills ``dropped`` with records that repeat an earlier one."""
        self.database.run(_DROPPED)
        same, different = self.database.row(
            "SELECT count(*) FILTER (WHERE same), count(*) FILTER (WHERE NOT same)"
            " FROM dropped"
        )
        for code, count, condition in (
            ("KCC-D041h", same, "same"),
            (self._different, different, "NOT same"),
        ):
            if count:
                sql = f"SELECT min(spot, {_SHOWN_ROWS}) FROM dropped WHERE {condition}"
                at = self.database.row(sql)[0]
                column = ", ".join(self.layout.key)
                yield self._problem(code, count, at, column=column)

    @property
    def _different(self) -> str:
        return "KCC-D041i" if self.layout.duplicates == "refuse" else "KCC-D041f"


_KEPT = "WHERE spot NOT IN (SELECT spot FROM dropped)"

_DROPPED = """
CREATE TABLE dropped AS
WITH shared AS (
  SELECT key_id FROM typed WHERE key_id IS NOT NULL
  GROUP BY key_id HAVING count(*) > 1
), placed AS (
  SELECT spot, content_id,
    row_number() OVER (PARTITION BY key_id ORDER BY spot) AS place,
    row_number() OVER (PARTITION BY key_id, content_id ORDER BY spot) AS copy
  FROM typed WHERE key_id IN (SELECT key_id FROM shared)
)
SELECT spot, copy > 1 AS same FROM placed WHERE place > 1
"""


def _shown(value: str) -> str:
    return masked(value) if mask(value)[1] else value
