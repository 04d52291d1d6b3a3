"""What the *verantwoording* counts: response, and the sample around weighting.

These are numbers about the fieldwork, not about the population: they are complete
counts, have no interval, and stand in the same table as every other number.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kcc_research.estimation.design import SurveyDesign
from kcc_research.estimation.response import Response, response
from kcc_research.estimation.tables import ESTIMATE_COLUMNS, TOTAL, tidy
from kcc_research.estimation.weighting import JOINT, composition, weight_summary
from kcc_research.study.measurement import Study

RESPONSE = "respons"
"""Indicator of the response: the share, and one *count* row per step."""

COMPLETED = "ingevuld"
INVITED = "uitgenodigd"
UNDELIVERABLE = "onbestelbaar"
SCREENED_OUT = "uitgescreend"

WEIGHTING_PREFIX = "weging_"
"""``weging_<variable>``: composition of the sample, by = :data:`WEIGHTING`."""

WEIGHTING = "weging"
BEFORE, AFTER, POPULATION = "voor weging", "na weging", "populatie"

WEIGHT = "gewicht"
"""Indicator of the weights: extremes relative to the mean, and their price."""

Row = dict[str, object]


def fieldwork_estimates(
    study: Study, source_id: str, design: SurveyDesign
) -> pd.DataFrame:
    """Rows on response and weighting of one source, as an ``estimates`` table.

    Response: ``respons`` (share; *not_measured* where the number invited is unknown)
    and its steps as counts. Weighting, where there is any: per variable and category
    the share in groups *voor weging*, *na weging* and *populatie*, repeated in
    ``method``; and ``gewicht`` with categories kleinste, grootste, ontwerpeffect and
    effectieve n.
    """
    # Of a series the invitations are counted per period and channel, elsewhere.
    is_series = study.measurement.chart is not None
    found = None if is_series else response(study, source_id, design.data)
    rows = [
        *(_response_rows(found) if found else ()),
        *_composition_rows(design),
        *_weight_rows(design),
    ]
    shared = {
        "measurement": study.key,
        "source": source_id,
        "weighted": False,
        "uncertainty": "none",
        "status": "published",
    }
    return tidy(pd.DataFrame([shared | row for row in rows]), ESTIMATE_COLUMNS)


def _response_rows(found: Response) -> Iterator[Row]:
    shared: Row = {"indicator": RESPONSE, "by": TOTAL, "group": TOTAL}
    known = found.rate is not None
    yield shared | {
        "statistic": "share",
        "estimate": found.rate,
        "count": found.completed,
        "n": found.eligible if known else found.completed,
        "base": "uitgenodigden, zonder onbestelbaar en uitgescreend",
        "method": _response_method(found),
        "status": "published" if known else "not_measured",
    }
    steps = {
        INVITED: found.invited,
        UNDELIVERABLE: found.undeliverable if known else None,
        SCREENED_OUT: found.ineligible,
        COMPLETED: found.completed,
    }
    for step, number in steps.items():
        if number is not None:
            yield shared | {
                "statistic": "count",
                "category": step,
                "estimate": number,
                "count": number,
                "n": found.invited or found.completed,
                "base": "uitgenodigden" if found.invited else "respondenten",
                "method": "telling",
            }


def _response_method(found: Response) -> str:
    if found.invited is None:
        return "aantal uitnodigingen onbekend"
    rule = "ingevuld gedeeld door uitgenodigd min onbestelbaar min uitgescreend"
    unknown = {"onbestelbaar": found.undeliverable, "uitgescreend": found.ineligible}
    notes = [f"{step} onbekend" for step, number in unknown.items() if number is None]
    return "; ".join([rule, *notes])


def _composition_rows(design: SurveyDesign) -> Iterator[Row]:
    if design.calibration is None:
        return
    for variable in dict.fromkeys(design.calibration.variables):
        for name, frame in _by_part(variable, composition(design, variable)):
            yield from _composition_of(name, frame, len(design))


def _by_part(variable: str, frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The composition of each variable of a joint one, or of the one there is."""
    names = variable.split(JOINT)
    if len(names) == 1:
        yield variable, frame
        return
    parts = frame["category"].str.split(JOINT, regex=False)
    for place, name in enumerate(names):
        of_part = frame.assign(category=parts.str[place])
        summed = of_part.groupby("category", sort=False, as_index=False).sum()
        yield name, summed


def _composition_of(variable: str, frame: pd.DataFrame, n: int) -> Iterator[Row]:
    for row in frame.itertuples():
        shares = {BEFORE: row.before, AFTER: row.after, POPULATION: row.population}
        for when, share in shares.items():
            yield {
                "indicator": WEIGHTING_PREFIX + variable,
                "statistic": "share",
                "by": WEIGHTING,
                "group": when,
                "category": row.category,
                "estimate": share,
                "count": row.count if when == BEFORE else None,
                "n": n,
                "base": "alle respondenten, ook buiten de doelgroep",
                "method": when,
            }


def _weight_rows(design: SurveyDesign) -> Iterator[Row]:
    if not design.is_weighted:
        return
    found = weight_summary(design)
    for category, statistic, value in (
        ("kleinste", "ratio", found.smallest),
        ("grootste", "ratio", found.largest),
        ("ontwerpeffect", "ratio", found.design_effect),
        ("effectieve n", "count", found.n_effective),
    ):
        yield {
            "indicator": WEIGHT,
            "statistic": statistic,
            "by": TOTAL,
            "group": TOTAL,
            "category": category,
            "estimate": value,
            "n": len(design),
            "base": "alle respondenten, ook buiten de doelgroep",
            "method": "ten opzichte van het gemiddelde gewicht; Kish 1965",
        }
