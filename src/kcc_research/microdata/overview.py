"""What a cleaning notebook shows: problems that remain, and what is in each column."""

from __future__ import annotations

import pandas as pd

from kcc_research.microdata.cleaning import Cleaned
from kcc_research.microdata.contacts import ContactRecords

PROBLEM_COLUMNS = ("code", "ernst", "titel", "rij", "kolom", "waarde", "herstel")
_SEVERITY = {"error": "fout", "warning": "waarschuwing", "notice": "melding"}


def list_problems(cleaned: Cleaned | ContactRecords) -> pd.DataFrame:
    """Warnings and notices of a file: one row each, as the messages name them."""
    return pd.DataFrame(
        [
            {
                "code": each.code,
                "ernst": _SEVERITY[each.severity],
                "titel": each.title,
                "rij": each.row,
                "kolom": each.column,
                "waarde": each.value,
                "herstel": each.remedy,
            }
            for each in cleaned.problems
        ],
        columns=list(PROBLEM_COLUMNS),
    )


def summarise_responses(cleaned: Cleaned) -> pd.DataFrame:
    """Per column: answers, missing, and how many different values there are."""
    rows = cleaned.responses
    return pd.DataFrame(
        {
            "antwoorden": rows.notna().sum(),
            "ontbreekt": rows.isna().sum(),
            "verschillend": rows.nunique(),
        }
    ).rename_axis("kolom")
