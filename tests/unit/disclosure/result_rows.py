"""Rows of result tables by hand: a good one, and whatever a test makes of it."""

import pandas as pd

from kcc_research.estimation import tables

KEY = "xx-plaats/2023-meting"


def estimate(n: int | None, **given: object) -> dict[str, object]:
    row = {
        "measurement": KEY,
        "source": "algemeen",
        "indicator": "rapportcijfer",
        "statistic": "mean",
        "by": "kanaal",
        "group": "balie",
        "category": "",
        "estimate": 6.6,
        "std_error": 0.1,
        "ci_low": 6.4,
        "ci_high": 6.8,
        "df": 100.0,
        "n": n,
        "base": "inwoners",
        "n_effective": 300.0,
        "design_effect": 1.1,
        "weighted": True,
        "uncertainty": "sampling",
        "method": "t",
        "status": "published",
        "std_error_without_fpc": 0.1,
    }
    return row | given


def comparison(n: int, n_reference: int, **given: object) -> dict[str, object]:
    row = {
        "measurement": KEY,
        "source": "algemeen",
        "indicator": "rapportcijfer",
        "statistic": "mean",
        "by": "kanaal",
        "group": "balie",
        "category": "",
        "reference": "telefoon",
        "difference": 0.5,
        "ci_low": 0.1,
        "ci_high": 0.9,
        "p_value": 0.01,
        "n": n,
        "n_reference": n_reference,
        "verdict": "higher",
        "reason": "",
        "status": "published",
    }
    return row | given


def estimates(*rows: dict[str, object]) -> pd.DataFrame:
    return tables.tidy(pd.DataFrame(list(rows)), tables.ESTIMATE_COLUMNS)


def comparisons(*rows: dict[str, object]) -> pd.DataFrame:
    return tables.tidy(pd.DataFrame(list(rows)), tables.COMPARISON_COLUMNS)
