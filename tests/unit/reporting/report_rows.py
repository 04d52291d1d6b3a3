"""Result tables of the Noordwijk study by hand: no pipeline, only what is printed."""

from pathlib import Path

import pandas as pd

from kcc_research.estimation import tables
from kcc_research.study.loading import load_study
from kcc_research.study.measurement import Study

ROOT = Path(__file__).resolve().parents[3]
KEY = "gm0575-noordwijk/2023-klantbeleving"
EARLIER = "gm0575-noordwijk/2022-klantbeleving"


def noordwijk(key: str = KEY) -> Study:
    return load_study(ROOT, key)


def estimate(**given: object) -> dict[str, object]:
    """The headline of the general questionnaire, or whatever is ``given``."""
    row: dict[str, object] = {
        "measurement": KEY,
        "source": "algemeen",
        "indicator": "rapportcijfer",
        "statistic": "mean",
        "by": "totaal",
        "group": "totaal",
        "category": "",
        "estimate": 6.596,
        "std_error": 0.086,
        "ci_low": 6.43,
        "ci_high": 6.77,
        "df": 352.0,
        "n": 353,
        "base": "inwoners die contact hadden, met een geldig antwoord",
        "weighted": True,
        "uncertainty": "sampling",
        "method": "t",
        "status": "published",
    }
    return row | given


def share(**given: object) -> dict[str, object]:
    row = estimate(
        indicator="tevreden",
        statistic="share",
        estimate=0.609,
        ci_low=0.555,
        ci_high=0.662,
        count=214,
    )
    return row | given


def suppressed(**given: object) -> dict[str, object]:
    silent = dict.fromkeys(("estimate", "ci_low", "ci_high", "n", "count"))
    return estimate(**silent, status="suppressed") | given


def comparison(**given: object) -> dict[str, object]:
    row: dict[str, object] = {
        "measurement": KEY,
        "source": "algemeen",
        "indicator": "duidelijke_communicatie",
        "statistic": "share",
        "by": "totaal",
        "group": "totaal",
        "category": "",
        "reference": EARLIER,
        "difference": 0.17,
        "std_error": 0.04,
        "ci_low": 0.07,
        "ci_high": 0.27,
        "p_value": 0.0001,
        "n": 336,
        "n_reference": 296,
        "detectable": 0.11,
        "verdict": "higher",
        "reason": "",
        "status": "published",
    }
    return row | given


def closed(**given: object) -> dict[str, object]:
    empty = dict.fromkeys(("difference", "ci_low", "ci_high", "detectable", "p_value"))
    reason = "Doelgroep gewijzigd: alleen inwoners met contact."
    return comparison(**empty, verdict="not_comparable", reason=reason) | given


def estimates(*rows: dict[str, object]) -> pd.DataFrame:
    return tables.tidy(pd.DataFrame(list(rows)), tables.ESTIMATE_COLUMNS)


def comparisons(*rows: dict[str, object]) -> pd.DataFrame:
    if not rows:
        return tables.empty_comparisons()
    return tables.tidy(pd.DataFrame(list(rows)), tables.COMPARISON_COLUMNS)


def verdicts(*rows: dict[str, object]) -> pd.DataFrame:
    if not rows:
        return tables.empty_verdicts()
    whole = [{"measurement": KEY, "by": "totaal", "group": "totaal"} | r for r in rows]
    return tables.tidy(pd.DataFrame(whole), tables.VERDICT_COLUMNS)


class Wave:
    """An earlier wave as the pipeline gives it."""

    def __init__(self, key: str, *rows: dict[str, object], compared=()) -> None:
        self.study = noordwijk(key)
        self.results = self
        self.estimates = estimates(*rows)
        self.comparisons = comparisons(*compared)


WAVE = Wave(EARLIER, estimate(measurement=EARLIER, estimate=6.42, n=412))
