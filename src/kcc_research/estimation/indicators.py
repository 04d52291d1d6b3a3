"""From definitions to rows: every indicator for every group of one source.

All indicators stand side by side as columns, and all groups are masks over the same
respondents, so that a source is estimated in as many passes as it has groups. What
the numbers mean is decided elsewhere: the values and their base in :mod:`.answers`,
the groups in :mod:`.domains`, the variance in :mod:`.design`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kcc_research import dutch
from kcc_research.estimation.answers import BASE_WORDS, Answers, all_answers
from kcc_research.estimation.breakdown import (
    ALL_EQUAL,
    NOBODY,
    TOO_LITTLE,
    intervals,
)
from kcc_research.estimation.concentration import concentration_of
from kcc_research.estimation.design import SurveyDesign
from kcc_research.estimation.domains import (
    Domain,
    domains,
    not_asked,
    people,
    target_mask,
    unknown_group,
)
from kcc_research.estimation.estimate import Estimate, mean_within
from kcc_research.estimation.fieldwork import fieldwork_estimates
from kcc_research.estimation.grouping import BoolArray, FloatArray
from kcc_research.estimation.interval import FEWEST_DF
from kcc_research.estimation.study_design import (
    channel_without_volumes,
    lost_screened_out,
)
from kcc_research.estimation.tables import (
    CONCENTRATION,
    DOMAIN,
    NOT_ASKED_GROUP,
    UNKNOWN_GROUP,
    WORKING_COLUMNS,
    tidy,
)
from kcc_research.estimation.weighting import JOINT
from kcc_research.study.measurement import Source, Study
from kcc_research.study.questionnaire import Questionnaire

NO_VOLUMES = "geen contactvolumes per kanaal, dus geen cijfer over kanalen heen"
PANEL = "panel: marge gaat uit van toeval"
COUNTED = "telling; niet in de uitsplitsing"

Block = dict[str, NDArray[Any]]
"""Columns of the table for one group, one element per indicator column."""


def estimate_indicators(
    study: Study,
    source_id: str,
    design: SurveyDesign,
    *,
    also: Sequence[Domain] = (),
) -> pd.DataFrame:
    """All estimates of a source, with its response and weighting.

    Rows come per indicator in the order of the questionnaire (then the shares of
    *weet niet*, ``<question>_weet_niet``), and within it: the total, that is the
    target of the source; each group of each breakdown within the target; each filter
    over all respondents, as by = ``domein``. A respondent whose group is unknown is
    in no group: rows with group ``onbekend`` count them. ``n`` and ``count`` are
    unweighted. Numbers without sampling error have no standard error, interval or
    degrees of freedom (STAT-N8). ``also`` are further domains, such as periods.
    """
    source = study.measurement.sources[source_id]
    questionnaire = study.questionnaires[source_id]
    answers = all_answers(questionnaire, design.data)
    fieldwork = fieldwork_estimates(study, source_id, design)
    if not answers:
        return fieldwork
    task = _Task(study, source, questionnaire, design, answers)
    parts = [*domains(source, questionnaire, design.data), *also]
    blocks = [_estimated(task, each) for each in parts] + _unknown(task)
    rows = _in_order(blocks, len(answers))
    rows = rows.assign(measurement=study.key, source=source_id)
    return pd.concat([tidy(rows, WORKING_COLUMNS), fieldwork], ignore_index=True)


@dataclass(frozen=True, eq=False)
class _Task:
    """One source with its indicators side by side."""

    study: Study
    source: Source
    questionnaire: Questionnaire
    design: SurveyDesign
    answers: Sequence[Answers]

    @cached_property
    def values(self) -> FloatArray:
        return np.column_stack([each.values for each in self.answers])

    @cached_property
    def is_share(self) -> BoolArray:
        return np.array([each.statistic == "share" for each in self.answers])

    @cached_property
    def is_magnitude(self) -> BoolArray:
        """Means of amounts, as against grades: somebody can be most of them."""
        known = self.questionnaire.questions
        amounts = [known[each.question].type == "number" for each in self.answers]
        return np.array(amounts) & ~self.is_share

    @cached_property
    def names(self) -> NDArray[Any]:
        return _words(each.indicator for each in self.answers)

    @cached_property
    def methods(self) -> NDArray[Any]:
        mean_words, share_words = _methods(self)
        return np.where(self.is_share, share_words, mean_words).astype(object)

    @property
    def has_sampling_error(self) -> bool:
        return self.study.measurement.has_sampling_error


def _words(texts: Any) -> NDArray[Any]:
    return np.array(list(texts), dtype=object)


def _in_order(blocks: list[Block], width: int) -> pd.DataFrame:
    """Blocks under each other, sorted per indicator, then by group and category."""
    rows = pd.DataFrame(
        {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    )
    place = np.repeat(range(len(blocks)), [len(block["column"]) for block in blocks])
    indicator = pd.factorize(rows["indicator"])[0]
    order = np.lexsort((rows["column"], place, indicator))
    return rows.iloc[order].drop(columns="column")


# --- one group ----------------------------------------------------------------------


def _estimated(task: _Task, domain: Domain) -> Block:
    """All indicators of one group."""
    found = mean_within(task.design, task.values, domain.mask)
    some = found.n > 0
    block = _described(task, domain) | {
        "estimate": found.value,
        "count": _count(task, domain),
        "n": found.n.astype(float),
        "method": np.where(some, task.methods, NOBODY),
        "status": np.where(some, "published", "not_measured").astype(object),
    }
    block |= _concentration(task, domain)
    if _spans_channels(task, domain.mask):
        return block | _withheld(len(some))
    return block | _margins(task, found, block["method"])


def _concentration(task: _Task, domain: Domain) -> Block:
    """Of amounts how much one or two respondents make up; of the rest nothing."""
    top, rest = np.full((2, len(task.answers)), np.nan)
    if task.is_magnitude.any():
        amounts = task.values[domain.mask][:, task.is_magnitude]
        top[task.is_magnitude], rest[task.is_magnitude] = concentration_of(amounts)
    return dict(zip(CONCENTRATION, (top, rest), strict=True))


_MARGINS = (
    "std_error",
    "ci_low",
    "ci_high",
    "df",
    "n_effective",
    "design_effect",
    "std_error_without_fpc",
)


def _described(task: _Task, domain: Domain) -> Block:
    """The words of each row, and no margins yet."""
    width, who = len(task.answers), _who(task, domain)
    uncertainty = "sampling" if task.has_sampling_error else "none"
    return {name: np.full(width, np.nan) for name in (*_MARGINS, *CONCENTRATION)} | {
        "column": np.arange(width),
        "indicator": task.names,
        "statistic": _words(each.statistic for each in task.answers),
        "by": np.full(width, domain.by, dtype=object),
        "group": np.full(width, domain.group, dtype=object),
        "category": _words(each.category for each in task.answers),
        "base": _words(
            f"{who[each.question]}, {BASE_WORDS[each.base]}" for each in task.answers
        ),
        "weighted": np.full(width, task.design.is_weighted),
        "uncertainty": np.full(width, uncertainty, dtype=object),
    }


def _who(task: _Task, domain: Domain) -> dict[str, str]:
    """Per question, the people of its numbers: filter or target, and who was asked."""
    questions = task.questionnaire.questions
    name = domain.group if domain.by == DOMAIN else task.source.target
    by = [questions[domain.by]] if domain.by in questions else []
    return {
        each: people(task.questionnaire, name, [*by, questions[each]])
        for each in dict.fromkeys(answers.question for answers in task.answers)
    }


def _count(task: _Task, domain: Domain) -> FloatArray:
    values = task.values[domain.mask]
    some = ~np.isnan(values).all(axis=0)
    return np.where(task.is_share & some, (values == 1).sum(axis=0), np.nan)


def _margins(task: _Task, found: Estimate, method: NDArray[Any]) -> Block:
    """Standard errors and intervals, or in ``method`` why there is none."""
    if not task.has_sampling_error:
        return {}
    some, df = found.n > 0, found.df()
    low, high = intervals(found, df, task.is_share)
    open_sample = found.without_fpc
    numbers = (
        found.std_error,
        low,
        high,
        df,
        found.n_effective,
        open_sample.design_effect(),
        open_sample.std_error,
    )
    equal = some & ~task.is_share & (found.std_error == 0)
    method = np.where(equal, ALL_EQUAL, method)
    method = np.where(some & (df < FEWEST_DF), TOO_LITTLE, method)
    margins = zip(_MARGINS, numbers, strict=True)
    return {name: np.where(some, each, np.nan) for name, each in margins} | {
        "method": method
    }


def _spans_channels(task: _Task, mask: BoolArray) -> bool:
    """Whether a number would mix channels whose volumes are unknown (STAT-N10)."""
    channel = channel_without_volumes(task.study, task.source.id)
    return channel is not None and task.design.data[channel.id][mask].nunique() > 1


def _withheld(width: int) -> Block:
    return {
        "estimate": np.full(width, np.nan),
        "count": np.full(width, np.nan),
        "method": np.full(width, NO_VOLUMES, dtype=object),
        "status": np.full(width, "not_measured", dtype=object),
    }


# --- respondents without a group ----------------------------------------------------


def _unknown(task: _Task) -> list[Block]:
    """Per breakdown, the answers of respondents who are in none of its groups."""
    data = task.design.data
    target = target_mask(task.source, task.questionnaire, data)
    blocks = []
    for name in task.source.breakdowns:
        outside = unknown_group(name, task.questionnaire, data) & target
        passed_by = not_asked(name, data)
        blocks += [
            _counted(task, Domain(name, NOT_ASKED_GROUP, outside & passed_by)),
            _counted(task, Domain(name, UNKNOWN_GROUP, outside & ~passed_by)),
        ]
    return blocks


def _counted(task: _Task, domain: Domain) -> Block:
    """How many answers of each indicator there are in a domain, where there are any."""
    number = (~np.isnan(task.values[domain.mask])).sum(axis=0).astype(float)
    block = _described(task, domain)
    block |= {"estimate": number, "count": number, "n": number}
    block |= {
        word: np.full(len(number), value, dtype=object)
        for word, value in (
            ("statistic", "count"),
            ("category", ""),
            ("uncertainty", "none"),
            ("method", COUNTED),
            ("status", "published"),
        )
    }
    first = ~pd.Series(task.names).duplicated().to_numpy()
    return {each: column[first & (number > 0)] for each, column in block.items()}


# --- words --------------------------------------------------------------------------


def _methods(task: _Task) -> tuple[str, str]:
    """How a mean and a share were computed, in words for the open data."""
    design = task.design
    notes = [_weighting_words(task)]
    if task.has_sampling_error and design.has_fpc:
        notes.append("met correctie voor een eindige populatie")
    if task.study.measurement.fieldwork.recruitment == "panel":
        notes.append(PANEL)
    names = ["gemiddelde", "aandeel"]
    if task.has_sampling_error:
        names = ["gemiddelde met t-interval", "aandeel met interval van Korn-Graubard"]
    prefix = "gewogen " if design.is_weighted else ""
    mean_words, share_words = (
        "; ".join(part for part in (prefix + name, *notes) if part) for name in names
    )
    return mean_words, share_words


def _weighting_words(task: _Task) -> str:
    source, design = task.source, task.design
    if design.calibration is not None:
        names = dict.fromkeys(design.calibration.variables)
        questions = task.questionnaire.questions
        labels = dutch.listing(
            questions[part].short.lower() if part in questions else part
            for each in names
            for part in each.split(JOINT)
        )
        return f"gewogen naar {labels}"
    if source.weight is not None:
        return "gewichten als vast beschouwd"
    if source.margins is not None and lost_screened_out(
        source, task.questionnaire, design.data
    ):
        return "niet gewogen: samenstelling van de doelgroep is onbekend"
    return ""
