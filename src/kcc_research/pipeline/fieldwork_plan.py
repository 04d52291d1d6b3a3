"""``kcc plan``: how many answers a wave needs, told before the fieldwork.

The spread and the response come from the newest wave that was measured: the one
planned for, when it was run already, else the first of its [[earlier]] with results.
What was not measured is assumed, and said so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from kcc_research import dutch
from kcc_research.errors import CallError, problem
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.loading import load_study

if TYPE_CHECKING:
    import pandas as pd

    from kcc_research.estimation.wave_size import Spread, Statistic, WaveSize

_DETECT = re.compile(r"(?P<number>[0-9]+(?:[.,][0-9]+)?)\s*(?P<unit>pp|%)?")
_ROLES = {"mean": "headline", "share": "satisfaction"}
_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class FieldworkPlan:
    """The answer: ``difference`` in grade points, or as a share.

    ``measured`` is the wave that spread and response come from, empty without one.
    ``tests`` is how many comparisons are made at once.
    """

    key: str
    difference: float
    statistic: Statistic
    tests: int
    measured: str
    size: WaveSize
    rate: float | None
    rate_given: bool

    def lines(self) -> Iterator[str]:
        """The plan in words, assumptions included."""
        yield f"{self.key}: {self._wanted}"
        yield f"  spreiding   {self._spread}"
        both, after = self.size.both_new, self.size.after_earlier
        if self.measured and not self.size.spread.is_assumed:
            yield f"  volgende    {self._people(after)}, na {self.measured}"
        yield f"  elke        {self._people(both)}, bij twee metingen van die omvang"
        if self.rate is not None:
            source = "opgegeven" if self.rate_given else f"zoals in {self.measured}"
            share = dutch.percentage(self.rate)
            yield f"  opbrengst   {share} van de uitgenodigden antwoordt, {source}"
        else:
            yield "  opbrengst   onbekend: geef --response 0.25 voor uitnodigingen"
        yield f"  aangenomen  {self._assumed}"

    def as_json(self) -> dict[str, Any]:
        """For scripts: numbers as they are, with invitations where they are known."""
        size = self.size
        found = asdict(self) | {
            "invitations_both_new": self._invited(size.both_new),
            "invitations_after_earlier": self._invited(size.after_earlier),
        }
        return found

    @property
    def _wanted(self) -> str:
        if self.statistic == "share":
            size = f"{dutch.number(100 * self.difference, 1)} procentpunt"
        else:
            size = f"{dutch.number(self.difference, 2)} punt"
        tests = dutch.counted(self.tests, "vergelijking", "vergelijkingen")
        return f"een verschil van {size} kunnen zien (95%-marge, 80% kans, {tests})"

    @property
    def _spread(self) -> str:
        spread = self.size.spread
        deviation = dutch.number(spread.deviation, 2)
        if spread.is_assumed:
            return f"{deviation}, aangenomen: er is geen eerdere meting met een marge"
        seen = f"{spread.indicator} in {self.measured}, {dutch.base(spread.n)}"
        return f"{deviation}, met weging ({seen})"

    def _people(self, answers: int | None) -> str:
        if answers is None:
            return "geen aantal is genoeg: de eerdere meting is zelf te onzeker"
        found = f"{dutch.number(answers)} antwoorden"
        invited = self._invited(answers)
        if invited is not None:
            found += f" ({dutch.number(invited)} uitnodigingen)"
        return found

    def _invited(self, answers: int | None) -> int | None:
        from kcc_research.estimation.wave_size import invitations

        if answers is None or self.rate is None:
            return None
        return invitations(answers, self.rate)

    @property
    def _assumed(self) -> str:
        return (
            "een aselecte steekproef van andere mensen, even gespreid als hierboven; "
            "voor een deelgroep geldt het aantal per deelgroep"
        )


def plan_fieldwork(
    workspace: Workspace,
    key: str,
    detect: str,
    *,
    response: float | None = None,
    tests: int = 1,
) -> FieldworkPlan:
    """How many answers the next wave of ``key`` needs.

    ``detect``: ``0.3`` grade points, or ``10pp`` of a share. ``tests``: comparisons
    made at once, each held to Bonferroni's level. Raises :class:`CallError` (R064)
    when the wanted difference or the response makes no sense.
    """
    from kcc_research.estimation.wave_size import (
        assumed_spread,
        wave_size,
        yield_rate,
    )

    difference, statistic = wanted_difference(detect)
    if response is not None and not 0 < response <= 1:
        raise CallError(problem("KCC-R064a", value=response))
    measured, estimates = _newest(workspace, key)
    spread = assumed_spread(statistic)
    rate = response
    if estimates is not None:
        spread = _spread_in(workspace, measured, estimates, statistic) or spread
        rate = response if response is not None else yield_rate(estimates)
    level = 1 - (1 - _LEVEL) / max(tests, 1)
    return FieldworkPlan(
        key,
        difference,
        statistic,
        max(tests, 1),
        measured,
        wave_size(spread, difference, level),
        rate,
        response is not None,
    )


def wanted_difference(text: str) -> tuple[float, Statistic]:
    """The difference as a number, and of what.

    >>> wanted_difference("0,3"), wanted_difference("10pp")
    ((0.3, 'mean'), (0.1, 'share'))
    """
    match = _DETECT.fullmatch(text.strip())
    number = float(match["number"].replace(",", ".")) if match else 0.0
    is_share = bool(match and match["unit"])
    if not 0 < number < (100 if is_share else 10):
        raise CallError(problem("KCC-R064", value=text))
    return (number / 100, "share") if is_share else (number, "mean")


def _newest(workspace: Workspace, key: str) -> tuple[str, pd.DataFrame | None]:
    """The wave to learn from, and its protected estimates."""
    from kcc_research.pipeline.results import has_results, load_results_of

    study = load_study(workspace.root, key)
    earlier = (each.measurement for each in study.measurement.earlier)
    for each in (key, *earlier):
        if has_results(workspace, each):
            return each, load_results_of(workspace, each).estimates
    return "", None


def _spread_in(
    workspace: Workspace, key: str, estimates: pd.DataFrame, statistic: Statistic
) -> Spread | None:
    """That of the outcome the report opens with, else the widest."""
    from kcc_research.estimation.wave_size import spreads

    study = load_study(workspace.root, key)
    first = {
        indicator.id
        for questionnaire in study.questionnaires.values()
        for indicator in questionnaire.indicator
        if indicator.role == _ROLES[statistic]
    }
    found = list(spreads(estimates, statistic))
    chosen = [each for each in found if each.indicator in first]
    if statistic == "mean" and not chosen:
        return None  # means of other scales say nothing about grades
    return max(chosen or found, key=lambda each: each.deviation, default=None)
