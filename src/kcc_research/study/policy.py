"""The disclosure policy: one rule for everything that is published (DESIGN §8.1).

A measurement may tighten it under ``[disclosure]``, never loosen it. What a rule would
keep back is published only by a signed exception (TRUST-G9): rule, table, reason, name,
role and date stand in the measurement file, in the manifest and in the report.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from kcc_research import dutch
from kcc_research.study.model import Definition, Identifier, Text

MINIMUM_BASE = 10
INDICATIVE_BELOW = 30
LARGEST_TABLE = 250
DOMINANT_SHARE = 0.90
TOP_TWO = 0.90
NEAREST_GUESS = 0.10
MODEL_DF = 10
MINIMUM_TEAM = 5
ROUNDED_TO = 5

Rule = Literal["D1", "D2", "D4", "D5", "D6", "D9", "D10", "D11"]
"""Rules of TRUST §4 that an exception can set aside for one table."""

TableName = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*){2}$")
]


class DisclosureException(Definition):
    """A signed exception: administrative, not cryptographic.

    ``table`` is ``source/indicator/by``, as in the published tables: with
    ``by = totaal`` the whole target, with ``domein`` the filters.
    """

    rule: Rule
    table: TableName
    reason: Text
    name: Text
    role: Text
    date: dt.date

    @property
    def place(self) -> tuple[str, str, str]:
        """Source, indicator and ``by`` of the table."""
        source, indicator, by = self.table.split("/")
        return source, indicator, by


class DisclosurePolicy(Definition):
    """Thresholds on unweighted numbers of respondents. They can be tightened only.

    ``minimum_base``: fewer respondents behind a number, and it is not published
    (TRUST-D1). ``minimum_cell``: for sensitive questions, fewer respondents in a
    category, in its complement, in a group or in the rest of it, and the cell is
    protected (TRUST-D2, D5, D6). ``indicative_below``: fewer, and it is published as
    an example only (TRUST-D3). ``dominant_share``: a category with as large a part of
    a group is reviewed, and kept back where the group has fewer than
    ``dominant_below`` (TRUST-D4). ``largest_table``: a table with more cells is kept
    back rather than protected (TRUST-D5). ``percentile_side``: records a percentile
    needs on both sides (TRUST-D9). ``top_two`` and ``nearest_guess``: of amounts, such
    as minutes, the largest part that two people may have, and how near the second may
    come to guessing the first (TRUST-D10). ``model_df``: residual degrees of freedom
    of what a model estimates (TRUST-D11). ``minimum_team``: employees of a team by
    which results are split (TRUST-D12). ``round_counts``: numbers of people are
    published as multiples of five (TRUST-D7). ``sensitive`` names further questions
    that are sensitive in this measurement.
    """

    minimum_base: int = Field(default=MINIMUM_BASE, ge=MINIMUM_BASE)
    minimum_cell: int = Field(default=MINIMUM_BASE, ge=MINIMUM_BASE)
    indicative_below: int = Field(default=INDICATIVE_BELOW, ge=INDICATIVE_BELOW)
    dominant_share: float = Field(default=DOMINANT_SHARE, le=DOMINANT_SHARE, gt=0.5)
    dominant_below: int = Field(default=INDICATIVE_BELOW, ge=INDICATIVE_BELOW)
    largest_table: int = Field(default=LARGEST_TABLE, le=LARGEST_TABLE, ge=4)
    percentile_side: int = Field(default=MINIMUM_BASE, ge=MINIMUM_BASE)
    top_two: float = Field(default=TOP_TWO, le=TOP_TWO, gt=0)
    nearest_guess: float = Field(default=NEAREST_GUESS, ge=NEAREST_GUESS)
    model_df: int = Field(default=MODEL_DF, ge=MODEL_DF)
    minimum_team: int = Field(default=MINIMUM_TEAM, ge=MINIMUM_TEAM)
    round_counts: bool = False
    sensitive: tuple[Identifier, ...] = Field(default=(), strict=False)
    exception: tuple[DisclosureException, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.indicative_below < self.minimum_base:
            raise ValueError("indicative_below ligt onder minimum_base")
        return self

    def excepted(self, rule: Rule) -> frozenset[tuple[str, str, str]]:
        """Tables (source, indicator, by) for which ``rule`` is set aside."""
        return frozenset(each.place for each in self.exception if each.rule == rule)


def to_five(count: float) -> int:
    """The nearest multiple of five, half-up: what D7 makes of a number of people.

    >>> to_five(12), to_five(12.5), to_five(353)
    (10, 15, 355)
    """
    return int(dutch.rounded(count / ROUNDED_TO)) * ROUNDED_TO
