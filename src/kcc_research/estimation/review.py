"""A review of documents as verdicts: one row per norm, judged by the researchers.

Nothing is computed. The verdict is what they wrote in the form, the reason names the
document and says whose judgement it is (DOMAIN §1.1).
"""

from __future__ import annotations

import pandas as pd

from kcc_research.estimation.tables import VERDICT_COLUMNS, tidy
from kcc_research.study.document_review import JUDGEMENTS, REVIEW_ROLES
from kcc_research.study.measurement import Study
from kcc_research.study.questionnaire import QuestionRole

BY_RESEARCHERS = "oordeel van de onderzoekers"
MARK = f"; {BY_RESEARCHERS}"
"""Stands in ``reason`` between the document and why the researchers say so."""


def review_norms(study: Study, source_id: str, rows: pd.DataFrame) -> pd.DataFrame:
    """A ``verdicts`` table with a row per norm of a *documents* source.

    ``indicator`` is the id of the source, ``by`` the theme and ``group`` the norm in
    words; estimate and level stay empty. A row without judgement is *not_measured*.
    """
    columns = {role: _words(study, source_id, role, rows) for role in REVIEW_ROLES}
    why = _words(study, source_id, "judgement_reason", rows)
    table = pd.DataFrame(
        {
            "by": columns["norm_theme"],
            "group": columns["norm"],
            "verdict": columns["judgement"].map(JUDGEMENTS.get).fillna("not_measured"),
            "reason": columns["norm_source"] + MARK + why.where(why == "", ": " + why),
        }
    )
    table = table.assign(measurement=study.key, indicator=source_id)
    return tidy(table, VERDICT_COLUMNS)


def _words(
    study: Study, source_id: str, role: QuestionRole, rows: pd.DataFrame
) -> pd.Series:
    """The column with a role as text, empty where nothing was filled in."""
    question = study.questionnaires[source_id].with_role(role)
    if question is None:
        return pd.Series("", index=rows.index, dtype="object")
    return rows[question.id].astype("object").where(rows[question.id].notna(), "")
