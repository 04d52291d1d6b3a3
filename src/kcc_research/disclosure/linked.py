"""Secondary suppression of the tables of a measurement, and what they are linked to.

Per source and question one linear system holds everything that is published: totals,
breakdowns, filters, composition before weighting, cross tables, and what earlier
measurements published about the same people (TRUST-D5, D6).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from kcc_research.disclosure.answer_space import AnswerSpace, answer_space
from kcc_research.disclosure.companions import Companions
from kcc_research.disclosure.linear import ContradictionError
from kcc_research.disclosure.policy import DisclosurePolicy
from kcc_research.disclosure.published import (
    Row,
    blocks_together,
    by_table,
    model,
    numbers,
)
from kcc_research.disclosure.registry import (
    EarlierTables,
    Group,
    Nested,
    group,
    nested,
    period,
)
from kcc_research.disclosure.secondary import suppress
from kcc_research.disclosure.sensitivity import sensitive_rows
from kcc_research.study.measurement import Study
from kcc_research.study.questionnaire import Questionnaire

_RULES = ("D2", "D5", "D6")


@dataclass(frozen=True, slots=True)
class Linked:
    """Rows of estimates to keep back, and tables that could only go as a whole."""

    hidden: frozenset[int]
    withheld: frozenset[tuple[str, str, str]] = frozenset()


def protect_tables(
    study: Study,
    estimates: pd.DataFrame,
    primary: pd.Series[bool],
    policy: DisclosurePolicy,
    earlier: Sequence[EarlierTables] = (),
) -> Linked:
    """``primary`` rows, and what must go with them, of every sensitive question."""
    sensitive = sensitive_rows(study, estimates)
    hidden = frozenset(int(i) for i in estimates.index[primary])
    withheld: set[tuple[str, str, str]] = set()
    for source in study.questionnaires:
        own = estimates["source"] == source
        if not (sensitive & own).any():
            continue
        task = _Source(study, source, policy, tuple(earlier))
        found = task.protect(estimates[own], sensitive[own], hidden)
        hidden |= found.hidden
        withheld |= found.withheld
    return Linked(hidden, frozenset(withheld))


@dataclass(frozen=True)
class _Source:
    study: Study
    source: str
    policy: DisclosurePolicy
    earlier: tuple[EarlierTables, ...]

    @cached_property
    def questionnaire(self) -> Questionnaire:
        return self.study.questionnaires[self.source]

    @cached_property
    def space(self) -> AnswerSpace:
        return answer_space(self.questionnaire)

    def protect(
        self,
        estimates: pd.DataFrame,
        sensitive: pd.Series[bool],
        hidden: frozenset[int],
    ) -> Linked:
        """Rounds until nothing changes: what goes in one table may open another."""
        rows = [
            *_rows(self.study, self.source, estimates, sensitive, self.policy),
            *self._of_earlier_waves(),
        ]
        withheld = _too_large(rows, hidden, self.policy)
        before: frozenset[int] | None = None
        hidden |= numbers(row for row in rows if row.table in withheld)
        companions = Companions(self.study, self.source, self.policy)
        done: dict[frozenset[str], frozenset[int]] = {}
        while hidden != before:
            before = hidden
            for blocks in blocks_together(self.space):
                about = [row for row in rows if self._block(row) in blocks]
                if done.get(blocks) == hidden & numbers(about):
                    continue
                found, failed = self._secondary(blocks, about, hidden)
                hidden, withheld = hidden | found, withheld | failed
                done[blocks] = hidden & numbers(about)
            hidden |= companions.of(rows, hidden)
        return Linked(hidden, frozenset((self.source, *each) for each in withheld))

    def _secondary(
        self, blocks: frozenset[str], rows: list[Row], hidden: frozenset[int]
    ) -> tuple[frozenset[int], frozenset[tuple[str, str]]]:
        try:
            return self._solved(blocks, rows, hidden)
        except ContradictionError:
            # Waves that were taken for each other's and are not: people differ.
            own = [each for each in rows if not each.group.wave]
            return self._solved(blocks, own, hidden)

    def _solved(
        self, blocks: frozenset[str], rows: list[Row], hidden: frozenset[int]
    ) -> tuple[frozenset[int], frozenset[tuple[str, str]]]:
        if not any(row.sensitive and row.number is not None for row in rows):
            return frozenset(), frozenset()
        nestings, silent = self._nestings(rows), self._silent(rows)
        made = model(self.space, blocks, rows, nestings, self.policy, silent)
        if not made.system.targets:
            return frozenset(), frozenset()
        primary = frozenset(i for i, x in enumerate(made.rows) if x.number in hidden)
        done = suppress(made.system, primary)
        gone = [x for i, x in enumerate(made.rows) if i in done.hidden]
        failed = frozenset(made.rows[i].table for i in done.unsolved)
        gone += [row for row in rows if row.table in failed and row.sensitive]
        return numbers(gone), failed

    def _block(self, row: Row) -> str:
        place = self.space.places.get((row.indicator, row.category))
        if place is not None:
            return place.block
        names = (
            x.block
            for (name, _), x in self.space.places.items()
            if name == row.indicator
        )
        return next(names, "")

    # --- differencing -----------------------------------------------------------------

    def _nestings(self, rows: Sequence[Row]) -> list[Nested]:
        groups = dict.fromkeys(row.group for row in rows)
        lies = {
            each.study.key: _how_it_lies(
                period(self.study.measurement, each.study.measurement),
                [row for row in rows if not row.group.wave],
                [row for row in rows if row.group.wave == each.study.key],
            )
            for each in self.earlier
        }
        pairs = nested([*groups, *self._silent(rows)], lies)
        return [each for each in pairs if _fits(each, rows)]

    def _silent(self, rows: Iterable[Row]) -> list[Group]:
        """Groups of an earlier wave of which nothing was published."""
        waves = {row.group.wave for row in rows}
        spoken = {row.group for row in rows}
        return [
            each
            for each in self._earlier_groups
            if each.wave in waves and each not in spoken
        ]

    @cached_property
    def _earlier_groups(self) -> tuple[Group, ...]:
        found: dict[Group, None] = {}
        for wave in self.earlier:
            tables = wave.estimates[wave.estimates["source"] == self.source]
            for by, name in zip(tables["by"], tables["group"], strict=True):
                where = group(wave.study, self.source, by, name, wave=wave.study.key)
                found[where] = None
        return tuple(found)

    def _of_earlier_waves(self) -> Iterable[Row]:
        for wave in self.earlier:
            then = wave.study.questionnaires.get(self.source)
            if then is None or not period(
                self.study.measurement, wave.study.measurement
            ):
                continue
            tables = wave.estimates[wave.estimates["source"] == self.source]
            same = [x for x in then.indicators if _is_same(self.questionnaire, then, x)]
            tables = tables[tables["indicator"].isin(same)]
            sensitive = sensitive_rows(wave.study, tables)
            own = _rows(wave.study, self.source, tables, sensitive, self.policy)
            for row in own:
                where = replace(row.group, wave=wave.study.key)
                yield replace(row, number=None, group=where)


def _rows(
    study: Study,
    source: str,
    estimates: pd.DataFrame,
    sensitive: pd.Series[bool],
    policy: DisclosurePolicy,
) -> Iterable[Row]:
    """Rows with a number of people; ``number`` is the label in the table's index."""
    groups = {
        each: group(study, source, *each)
        for each in set(zip(estimates["by"], estimates["group"], strict=True))
    }
    excepted = {rule: policy.excepted(rule) for rule in _RULES}  # type: ignore[arg-type]
    columns = ["indicator", "statistic", "by", "group", "category", "n", "count"]
    values = estimates[columns].itertuples(name=None)
    for (number, indicator, statistic, by, name, category, n, count), flag in zip(
        values, sensitive, strict=True
    ):
        if pd.isna(n):
            continue
        place = (source, indicator, by)
        yield Row(
            number=int(number),
            indicator=indicator,
            statistic=statistic,
            group=groups[by, name],
            category=category,
            n=int(n),
            count=None if pd.isna(count) else int(count),
            sensitive=bool(flag),
            excepted=frozenset(x for x in _RULES if place in excepted[x]),
        )


def _too_large(
    rows: Iterable[Row], hidden: frozenset[int], policy: DisclosurePolicy
) -> frozenset[tuple[str, str]]:
    """Tables with something to protect and more cells than are protected (D5)."""
    sensitive = [row for row in rows if row.sensitive and row.number is not None]
    return frozenset(
        table
        for table, own in by_table(sensitive).items()
        if len(own) > policy.largest_table
        and any(row.number in hidden and row.n > 0 for row in own)
        and not any("D5" in row.excepted for row in own)
    )


def _is_same(now: Questionnaire, then: Questionnaire, name: str) -> bool:
    """Whether an indicator counts the same answers in both waves."""
    if now.indicators.get(name) != then.indicators[name]:
        return False
    question = then.indicators[name].question
    one, other = now.questions[question], then.questions[question]
    return (one.type, one.range, one.categories) == (
        other.type,
        other.range,
        other.categories,
    )


def _how_it_lies(lies: str, now: Sequence[Row], then: Sequence[Row]) -> str:
    """Of two publications about one period, which has the people of the other."""
    if lies != "same":
        return lies
    one, other = (
        {(x.indicator, x.category, x.group.by, x.group.group): x.n for x in rows}
        for rows in (now, then)
    )
    differ = [other[name] - one[name] for name in one.keys() & other.keys()]
    if any(differ) and max(differ) <= 0:
        return "inside"
    return "around" if any(differ) and min(differ) >= 0 else ""


def _fits(pair: Nested, rows: Sequence[Row]) -> bool:
    """Whether the counts allow that one group lies within the other.

    Within one measurement a declared filter is a fact; of another it is a likelihood.
    """
    if pair.inner.wave == pair.outer.wave:
        return True
    inner, outer = (_by_name(rows, each) for each in (pair.inner, pair.outer))
    return all(_within(inner[x], outer[x]) for x in inner.keys() & outer.keys())


def _by_name(rows: Sequence[Row], where: object) -> Mapping[tuple[str, ...], Row]:
    return {
        (row.indicator, row.statistic, row.category): row
        for row in rows
        if row.group == where
    }


def _within(inner: Row, outer: Row) -> bool:
    if inner.count is None or outer.count is None:
        return inner.n <= outer.n
    between = outer.count - inner.count
    return 0 <= between <= outer.n - inner.n
