"""Finding the numbers of a benchmark, and printing them the one way they are printed.

A score runs from 0 to 100 and has no decimals: with thirty contacts a decimal would be
all chance. Of one municipality every value carries its margin and number of contacts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from kcc_research import dutch
from kcc_research.estimation.benchmark import MUNICIPALITY
from kcc_research.estimation.municipal_values import contact_source
from kcc_research.estimation.norm_coverage import scan_source
from kcc_research.estimation.tables import TOTAL
from kcc_research.reporting.result import Result, find, find_all
from kcc_research.study.benchmark import Dimension
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Study
from kcc_research.study.municipality import Municipality, municipality
from kcc_research.study.questionnaire import Question, Questionnaire


def questionnaire_of(study: Study) -> Questionnaire:
    """The form on which contacts were scored."""
    return study.questionnaires[contact_source(study).id]


def dimension_of(study: Study, name: str) -> Dimension:
    """The dimension with this id, or ``KeyError``."""
    return {each.id: each for each in study.measurement.dimension}[name]


def indicators_of(study: Study, dimension: Dimension) -> list[Indicator]:
    known = questionnaire_of(study).indicators
    return [known[name] for name in dimension.indicators]


def every_indicator(study: Study) -> list[Indicator]:
    """Indicators in the order of the dimensions."""
    return [
        indicator
        for dimension in study.measurement.dimension
        for indicator in indicators_of(study, dimension)
    ]


def label(indicator: Indicator) -> str:
    return dutch.capitalised(indicator.label)


def size_question(study: Study) -> Question | None:
    return questionnaire_of(study).with_role("size_class")


def named(study: Study, code: str) -> Municipality:
    """The municipality with ``code`` as it was when the fieldwork began."""
    return municipality(code, study.measurement.fieldwork.start)


def country(study: Study, estimates: pd.DataFrame, name: str) -> Result | None:
    """The mean over all municipalities."""
    source = contact_source(study).id
    return find(estimates, source=source, indicator=name)


def own(estimates: pd.DataFrame, name: str, code: str) -> Result | None:
    """The observed value of one municipality."""
    return find(estimates, indicator=name, by=MUNICIPALITY, group=code)


def each_municipality(
    study: Study, estimates: pd.DataFrame, name: str
) -> dict[str, Result]:
    """Code → observed value, of every municipality."""
    source = contact_source(study).id
    rows = find_all(
        estimates, source=source, indicator=name, by=MUNICIPALITY, category=""
    )
    return {row.group: row for row in rows}


def counted(estimates: pd.DataFrame, name: str, category: str) -> Result | None:
    """A row about all municipalities that goes by its category."""
    return find(estimates, indicator=name, category=category)


def coverage(
    study: Study,
    estimates: pd.DataFrame,
    name: str,
    by: str = TOTAL,
    group: str = TOTAL,
) -> Mapping[str, Result]:
    """Category → share: *norm en gemeten*, both white spots, and those together."""
    source = scan_source(study)
    if source is None:
        return {}
    rows = find_all(estimates, source=source.id, indicator=name, by=by, group=group)
    return {row.category: row for row in rows}


def is_score(study: Study, name: str) -> bool:
    return name in {each.id for each in study.measurement.dimension}


def printed(study: Study, result: Result | None) -> str:
    """``71`` for a score, ``84%`` for a share, ``6,8`` for a grade."""
    if result is None:
        return "–"
    if result.estimate is not None and is_score(study, result.indicator):
        return dutch.number(result.estimate)
    return result.value


def printed_interval(study: Study, result: Result | None) -> str:
    """The interval in the form of its value; empty where there is none."""
    if result is None or result.ci_low is None or result.ci_high is None:
        return ""
    if is_score(study, result.indicator):
        return dutch.interval(result.ci_low, result.ci_high, 0)
    return result.interval


def difference_words(study: Study, name: str, value: float) -> str:
    """The size of a difference with its unit: ``4 punten``, ``12 procentpunt``."""
    size = abs(value)
    if is_score(study, name):
        rounded = dutch.number(size)
        return f"{rounded} {'punt' if rounded == '1' else 'punten'}"
    if questionnaire_of(study).indicators[name].statistic == "share":
        return dutch.points(size)
    return dutch.number(size, 1)


def contacts_each(study: Study, estimates: pd.DataFrame) -> list[int]:
    """Number of contacts of every measured municipality, from few to many."""
    dimension = study.measurement.dimension[0].id
    found = each_municipality(study, estimates, dimension).values()
    return sorted(row.n for row in found if row.n is not None)


def norms(verdicts: pd.DataFrame, code: str) -> dict[str, dict[str, object]]:
    """Indicator → its row in ``verdicts``, of one municipality."""
    rows = verdicts[(verdicts["by"] == MUNICIPALITY) & (verdicts["group"] == code)]
    return {str(row["indicator"]): row for row in _records(rows)}


def _records(rows: pd.DataFrame) -> Iterator[dict[str, object]]:
    for row in rows.to_dict("records"):
        yield {str(name): value for name, value in row.items()}
