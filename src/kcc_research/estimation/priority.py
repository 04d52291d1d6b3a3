"""The priority matrix (*prioriteitenmatrix*): what to work on first (DESIGN §8.9).

x is the importance of an aspect, its part in the explained variance of the outcome
(:mod:`.importance`); y its score, the weighted mean. The vertical cut is the mean
importance, estimated like the importances themselves; the horizontal cut is declared
(7,0 or a norm), for a cut at the mean score would always put something below it. On
which side an aspect lies is said by the interval of aspect minus cut: of the score by
Student's t, as everywhere in the report; of the importance by the Rao–Wu bootstrap,
in which the mean moves along. An interval that holds 0 leaves the aspect *onbeslist*,
and where more than half is, there is no matrix to draw.

In the tables: ``estimates`` gets per aspect statistic *ratio* with category *belang*
and, to check, *correlatie*; on the outcome *verklaard* (R²), *gemiddeld belang* (the
cut) and the count *volledig*. ``comparisons`` gets two rows per aspect, its score and
its importance against their cuts, in a family that starts with *priority*;
:func:`quadrants` reads those, protected or not. There are no ``verdicts``: an aspect
is held against other aspects, not against a norm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.bootstrap import rao_wu_weights
from kcc_research.estimation.design import SurveyDesign
from kcc_research.estimation.difference import Difference
from kcc_research.estimation.domains import target_mask
from kcc_research.estimation.estimate import mean
from kcc_research.estimation.grouping import BoolArray, FloatArray, floats
from kcc_research.estimation.importance import (
    MOST_FOR_LMG,
    Association,
    Method,
    association,
)
from kcc_research.estimation.tables import (
    COMPARISON_COLUMNS,
    ESTIMATE_COLUMNS,
    FEWEST_FOR_A_TEST,
    TOTAL,
    empty_comparisons,
    empty_estimates,
    tidy,
)
from kcc_research.study.measurement import Study

PRIORITY = "priority"
"""First word of the ``family`` of aspects against a cut."""

IMPORTANCE, CORRELATION = "belang", "correlatie"
EXPLAINED, MEAN_IMPORTANCE, COMPLETE = "verklaard", "gemiddeld belang", "volledig"
TANGLED_PREFIX = "hangt samen met "
"""``category`` of a correlation between two aspects that is too strong to part them."""

TANGLED = 0.8
"""From this correlation on, aspects take importance away from each other."""

REPLICATES = 2000

UNDECIDED = "undecided"
QUADRANTS = {
    # (importance, score) against their cuts
    ("higher", "lower"): "act",  # aanpakken
    ("lower", "lower"): "watch",  # bewaken
    ("higher", "higher"): "extend",  # uitbouwen
    ("lower", "higher"): "maintain",  # onderhouden
}

_METHODS: dict[Method, str] = {
    "lmg": "aandeel in R² volgens LMG (Shapley)",
    "relative_weights": "aandeel in R² volgens Johnson",
}
_NOT_CAUSE = "samenhang, geen oorzaak"

Row = dict[str, object]


@dataclass(frozen=True, eq=False)
class PriorityTables:
    """What the matrix adds to the result tables."""

    estimates: pd.DataFrame
    comparisons: pd.DataFrame


def estimate_priorities(
    study: Study,
    source_id: str,
    design: SurveyDesign,
    *,
    seed: int,
    cut: float | None = None,
    replicates: int = REPLICATES,
) -> PriorityTables:
    """The matrix of a source: aspects (role *aspect*) against the headline grade.

    ``cut`` is one level on the scale of the aspects; without it every aspect has the
    norm that the measurement declares for it. Without a headline, a level for every
    aspect, or two aspects at least, both tables are empty.
    """
    questionnaire = study.questionnaires[source_id]
    means = [each for each in questionnaire.indicator if each.statistic == "mean"]
    aspects = {each.id: each.question for each in means if each.role == "aspect"}
    headline = [each for each in means if each.role == "headline"]
    norms = {each.indicator: each.mean for each in study.measurement.norm}
    cuts = {each: norms.get(each) if cut is None else cut for each in aspects}
    declared = {each: level for each, level in cuts.items() if level is not None}
    if not headline or len(aspects) < 2 or len(declared) < len(aspects):
        return PriorityTables(empty_estimates(), empty_comparisons())
    found = priority_matrix(
        design,
        headline[0].question,
        aspects,
        outcome_name=headline[0].id,
        cut=declared,
        seed=seed,
        replicates=replicates,
        domain=target_mask(
            study.measurement.sources[source_id], questionnaire, design.data
        ),
        has_sampling_error=study.measurement.has_sampling_error,
    )
    where = {"measurement": study.key, "source": source_id}
    return PriorityTables(
        found.estimates.assign(**where), found.comparisons.assign(**where)
    )


def priority_matrix(
    design: SurveyDesign,
    outcome: str,
    aspects: Mapping[str, str],
    *,
    cut: float | Mapping[str, float],
    seed: int,
    outcome_name: str = "",
    method: Method | None = None,
    domain: BoolArray | None = None,
    replicates: int = REPLICATES,
    has_sampling_error: bool = True,
    level: float = 0.95,
) -> PriorityTables:
    """Importance and score of every aspect, each against its cut.

    ``aspects`` maps the name of an aspect to its column, ``outcome`` is the column of
    what they should explain. ``cut`` is one level, or a level per aspect. Importance
    rests on respondents who answered everything, scores on all answers. ``method`` is
    LMG up to ten aspects and relative weights above. Without sampling error sides are
    taken by value. Fewer than 30 complete answers: *not_measured*.
    """
    name = outcome_name or outcome
    chosen = method or ("lmg" if len(aspects) <= MOST_FOR_LMG else "relative_weights")
    task = _Task(
        design,
        design.values(outcome),
        np.column_stack([design.values(each) for each in aspects.values()]),
        np.ones(len(design), dtype=bool) if domain is None else domain,
        chosen,
        replicates if has_sampling_error else 0,
        seed,
        level,
    )
    names = list(aspects)
    rows = [*_importance_rows(task, names), *_outcome_rows(task, name)]
    estimates = pd.DataFrame(rows).assign(
        by=TOTAL,
        group=TOTAL,
        weighted=design.is_weighted,
        uncertainty="sampling" if has_sampling_error else "none",
    )
    cuts = cut if isinstance(cut, Mapping) else dict.fromkeys(names, cut)
    sides = [_score_rows(task, names, cuts), _importance_sides(task, names)]
    comparisons = pd.concat(sides, ignore_index=True).assign(
        by=TOTAL,
        group=TOTAL,
        family=f"{PRIORITY}: {name}",
        status="published",
    )
    return PriorityTables(
        tidy(estimates, ESTIMATE_COLUMNS), tidy(comparisons, COMPARISON_COLUMNS)
    )


@dataclass(frozen=True, eq=False)
class _Task:
    """One outcome, its aspects (rows × p), and who is asked."""

    design: SurveyDesign
    outcome: FloatArray
    aspects: FloatArray
    domain: BoolArray
    method: Method
    replicates: int
    seed: int
    level: float

    @cached_property
    def complete(self) -> BoolArray:
        known = ~np.isnan(self.aspects).any(axis=1) & ~np.isnan(self.outcome)
        return np.asarray(known & self.domain)

    @property
    def n(self) -> int:
        return int(self.complete.sum())

    @property
    def is_enough(self) -> bool:
        return self.n >= max(FEWEST_FOR_A_TEST, int(self.aspects.shape[1]) + 2)

    @property
    def has_margins(self) -> bool:
        return self.replicates > 0

    @cached_property
    def found(self) -> Association:
        return self._association(self.design.weights)

    def _association(self, weights: FloatArray) -> Association:
        rows = self.complete
        return association(
            self.aspects[rows], self.outcome[rows], np.atleast_2d(weights)[:, rows]
        )

    @cached_property
    def importance(self) -> FloatArray:
        """Importance per aspect (p,)."""
        return floats(self.found.importance(self.method)[0])

    @cached_property
    def resampled(self) -> FloatArray:
        """Importance per aspect in every replicate (replicates × p)."""
        blocks = rao_wu_weights(self.design, self.replicates, self.seed)
        return np.concatenate(
            [self._association(each).importance(self.method) for each in blocks]
        )

    def margins(self, resampled: FloatArray) -> dict[str, FloatArray]:
        """Standard error and percentile interval of b replicates, per column."""
        tail = (1 - self.level) / 2
        low, high = np.quantile(resampled, [tail, 1 - tail], axis=0)
        error = resampled.std(axis=0, ddof=1)
        return {"std_error": error, "ci_low": low, "ci_high": high}

    @property
    def method_words(self) -> str:
        words = f"{_METHODS[self.method]}; {_NOT_CAUSE}"
        if not self.has_margins:
            return words
        return f"{words}; interval uit {self.replicates} trekkingen (Rao-Wu)"

    @property
    def base(self) -> str:
        asked = int(self.domain.sum())
        return f"respondenten die alles beantwoordden: {self.n} van {asked}"


# --- estimates ----------------------------------------------------------------------


def _importance_rows(task: _Task, names: list[str]) -> Iterator[Row]:
    """Per aspect its importance and its correlation; pairs that are too alike."""
    shared: Row = {
        "statistic": "ratio",
        "n": task.n,
        "base": task.base,
        "status": "published",
    }
    if not task.is_enough:
        for name in names:
            unknown = {"category": IMPORTANCE, "status": "not_measured"}
            yield shared | {"indicator": name} | unknown
        return
    with_outcome = task.found.with_outcome[0]
    margins = task.margins(task.resampled) if task.has_margins else {}
    for at, name in enumerate(names):
        row = shared | {"indicator": name}
        yield (
            row
            | {"category": IMPORTANCE, "estimate": task.importance[at]}
            | {each: limits[at] for each, limits in margins.items()}
            | {"method": task.method_words}
        )
        yield row | {
            "category": CORRELATION,
            "estimate": with_outcome[at],
            "method": f"correlatie met de uitkomst; {_NOT_CAUSE}",
        }
    for first, second in tangled(task.found.among_drivers[0]):
        yield shared | {
            "indicator": names[first],
            "category": TANGLED_PREFIX + names[second],
            "estimate": task.found.among_drivers[0, first, second],
            "method": "correlatie; hun belang is niet uit elkaar te halen",
        }


def tangled(correlations: FloatArray) -> list[tuple[int, int]]:
    """Pairs whose correlation is :data:`TANGLED` or stronger, either way.

    >>> tangled(np.array([[1, 0.9, 0.1], [0.9, 1, -0.8], [0.1, -0.8, 1]]))
    [(0, 1), (1, 2)]
    """
    first, second = np.nonzero(np.triu(np.abs(correlations) >= TANGLED, 1))
    return [(int(i), int(j)) for i, j in zip(first, second, strict=True)]


def _outcome_rows(task: _Task, name: str) -> Iterator[Row]:
    """R², the mean importance, and how many answered everything."""
    yield {
        "indicator": name,
        "statistic": "count",
        "category": COMPLETE,
        "estimate": task.n,
        "count": task.n,
        "n": int(task.domain.sum()),
        "base": "respondenten",
        "method": "antwoord op elk aspect en op de uitkomst",
        "status": "published",
    }
    if not task.is_enough:
        return
    # The parts add up to R², in every replicate as well.
    for category, statistic in ((EXPLAINED, np.sum), (MEAN_IMPORTANCE, np.mean)):
        row: Row = {
            "indicator": name,
            "statistic": "ratio",
            "category": category,
            "estimate": float(statistic(task.importance)),
            "n": task.n,
            "base": task.base,
            "method": task.method_words,
            "status": "published",
        }
        if task.has_margins:
            row |= {
                each: limit[0]
                for each, limit in task.margins(
                    statistic(task.resampled, axis=1, keepdims=True)
                ).items()
            }
        yield row


# --- comparisons --------------------------------------------------------------------


def _score_rows(
    task: _Task, names: list[str], cuts: Mapping[str, float]
) -> pd.DataFrame:
    """Score minus the declared cut: its interval is the report's own, without fpc."""
    found = mean(task.design, task.aspects, domain=task.domain).without_fpc
    declared = floats([cuts[each] for each in names])
    distance = Difference(found.value - declared, found.std_error, found.df())
    low, high = distance.interval(task.level)
    rows = pd.DataFrame(
        {
            "indicator": names,
            "statistic": "mean",
            "reference": [f"snijlijn {dutch.number(each, 1)}" for each in declared],
            "difference": distance.value,
            "n": found.n,
            "n_reference": found.n,
            "method": "score min gekozen snijlijn; per aspect",
        }
    )
    margins = {
        "std_error": distance.std_error,
        "ci_low": low,
        "ci_high": high,
        "df": distance.df,
        "p_value": distance.p_value,
    }
    return _sided(rows, margins if task.has_margins else {}, task)


def _importance_sides(task: _Task, names: list[str]) -> pd.DataFrame:
    """Importance minus the mean importance, which varies along."""
    rows = pd.DataFrame(
        {
            "indicator": names,
            "statistic": "ratio",
            "category": IMPORTANCE,
            "reference": MEAN_IMPORTANCE,
            "n": task.n,
            "n_reference": task.n,
            "method": task.method_words,
        }
    )
    if not task.is_enough:
        return _sided(rows.assign(difference=np.nan), {}, task)
    rows = rows.assign(difference=task.importance - task.importance.mean())
    if not task.has_margins:
        return _sided(rows, {}, task)
    moved = task.resampled - task.resampled.mean(axis=1, keepdims=True)
    return _sided(rows, task.margins(moved), task)


def _sided(
    rows: pd.DataFrame, margins: Mapping[str, FloatArray], task: _Task
) -> pd.DataFrame:
    """Add on which side of its cut an aspect lies, if that is shown."""
    low = margins.get("ci_low", rows["difference"].to_numpy())
    high = margins.get("ci_high", rows["difference"].to_numpy())
    verdict = np.select([low > 0, high < 0], ["higher", "lower"], "not_shown")
    few = not task.is_enough
    why = f"te weinig volledige antwoorden ({dutch.base(task.n)})" if few else ""
    return rows.assign(
        **{name: each for name, each in margins.items()},
        verdict="not_shown" if few else verdict,
        reason=why,
    )


# --- reading the matrix -------------------------------------------------------------


def quadrants(comparisons: pd.DataFrame) -> pd.DataFrame:
    """Where every aspect lies: ``indicator, importance, score, quadrant``.

    Reads a ``comparisons`` table, protected or not, and has a row per aspect in its
    order. ``importance`` and ``score`` are distances from the cuts; ``quadrant`` is
    *act* (*aanpakken*), *watch* (*bewaken*), *extend* (*uitbouwen*), *maintain*
    (*onderhouden*) or *undecided*.
    """
    rows = comparisons[comparisons["family"].str.startswith(f"{PRIORITY}:")]
    important = rows[rows["category"] == IMPORTANCE].set_index("indicator")
    scored = rows[rows["category"] == ""].set_index("indicator")
    places = [
        QUADRANTS.get((important["verdict"][each], scored["verdict"][each]), UNDECIDED)
        for each in scored.index
    ]
    return pd.DataFrame(
        {
            "indicator": scored.index.astype("str"),
            "importance": important["difference"].reindex(scored.index).to_numpy(),
            "score": scored["difference"].to_numpy(),
            "quadrant": pd.Series(places, dtype="str"),
        }
    )


def is_too_small(found: pd.DataFrame) -> bool:
    """Whether more than half of :func:`quadrants` is undecided.

    Then no quadrants but a dot plot sorted by score, and the sentence *dit onderzoek is
    te klein om belang te rangschikken*.
    """
    return bool((found["quadrant"] == UNDECIDED).mean() > 0.5)
