"""What goes along with a hidden number, because it would give it away.

Some results are no count of people and stand in no system of equations, yet tell about
hidden ones: a mean is one more equation about its cells; a group by a sensitive
question has one size in every table; a share after weighting follows the one before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kcc_research.disclosure.policy import DisclosurePolicy
from kcc_research.disclosure.published import Row, numbers
from kcc_research.disclosure.sensitivity import questions_of
from kcc_research.estimation.fieldwork import WEIGHTING, WEIGHTING_PREFIX
from kcc_research.estimation.tables import TOTAL
from kcc_research.study.measurement import Study
from kcc_research.study.questionnaire import Questionnaire


@dataclass(frozen=True, slots=True)
class Companions:
    """The companions of hidden rows of one source."""

    study: Study
    source: str
    policy: DisclosurePolicy

    @property
    def questionnaire(self) -> Questionnaire:
        return self.study.questionnaires[self.source]

    def of(self, rows: list[Row], hidden: frozenset[int]) -> frozenset[int]:
        """Numbers of the rows that would give hidden ones away."""
        own = [row for row in rows if row.number is not None and row.sensitive]
        return numbers(
            [
                *self.other_statistics(own, hidden),
                *self.same_groups(own, hidden),
                *weighted_composition(own, hidden),
            ]
        )

    def other_statistics(
        self, rows: list[Row], hidden: frozenset[int]
    ) -> Iterable[Row]:
        """Means and the like of a breakdown: an equation about its hidden cells."""
        touched = {
            (name, row.group.by)
            for row in rows
            if row.number in hidden and row.statistic == "share" and row.n > 0
            for name in self._questions(row)
        }
        for row in rows:
            if row.statistic not in ("share", "count") and "D5" not in row.excepted:
                if any((x, row.group.by) in touched for x in self._questions(row)):
                    yield row

    def _questions(self, row: Row) -> set[str]:
        return questions_of(self.questionnaire, row.indicator)

    def same_groups(self, rows: list[Row], hidden: frozenset[int]) -> Iterable[Row]:
        """Groups by a sensitive question: one that is hidden is hidden everywhere.

        Its size stands in the table of every question, near enough the same, and is a
        category in the table of its own question.
        """
        for by in self._sensitive_groupings(rows):
            inside = [row for row in rows if row.group.by == by]
            small = any(0 < row.n < self.policy.minimum_cell for row in inside)
            gone = self._hidden_answers(by, rows, hidden)
            if small:
                gone |= _hidden_groups(inside, hidden)
            for row in rows:
                if "D5" in row.excepted:
                    continue
                if row.group.by == by and row.group.group in gone:
                    yield row
                elif small and self._is_about(by, row) and row.category in gone:
                    yield row

    def _sensitive_groupings(self, rows: Iterable[Row]) -> set[str]:
        known = self.questionnaire.questions
        confidential = self.study.measurement.sources[self.source].confidential
        return {
            row.group.by
            for row in rows
            if row.group.by in known
            and (
                confidential
                or known[row.group.by].sensitive
                or row.group.by in self.study.measurement.disclosure.sensitive
            )
        }

    def _hidden_answers(
        self, by: str, rows: Iterable[Row], hidden: frozenset[int]
    ) -> set[str]:
        return {
            row.category
            for row in rows
            if self._is_about(by, row) and row.number in hidden and row.category
        }

    def _is_about(self, by: str, row: Row) -> bool:
        """Whether a row counts the answers to ``by`` themselves, of everybody."""
        return row.group.by in (TOTAL, WEIGHTING) and self._questions(row) == {by}


def _hidden_groups(rows: Iterable[Row], hidden: frozenset[int]) -> set[str]:
    """Groups of which, for some indicator, not even the size is published."""
    shown: dict[tuple[str, str], bool] = {}
    for row in rows:
        if row.statistic in ("share", "mean") and row.n > 0:
            key = (row.indicator, row.group.group)
            shown[key] = shown.get(key, False) or row.number not in hidden
    return {name for (_, name), is_shown in shown.items() if not is_shown}


def weighted_composition(rows: Iterable[Row], hidden: frozenset[int]) -> Iterable[Row]:
    """Shares after weighting of a category whose share before it is hidden."""
    own = [row for row in rows if row.indicator.startswith(WEIGHTING_PREFIX)]
    gone = {
        (row.indicator, row.category)
        for row in own
        if row.number in hidden and row.count is not None
    }
    return [row for row in own if (row.indicator, row.category) in gone]
