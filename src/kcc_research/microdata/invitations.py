"""Whether people were left in peace between two invitations (DOMAIN §1.6).

Who is asked again within the agreed days answers less, and counts twice. The pseudonym
by which that is seen does not go into the processed data; what is counted here is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pandas as pd

from kcc_research.errors import Problem, problem
from kcc_research.microdata.checking import Checked
from kcc_research.microdata.question_answers import QuestionAnswers
from kcc_research.study.measurement import Source


def rest_problems(checked: Checked, source: Source) -> Iterator[Problem]:
    """A warning with the number of persons who were invited again too soon."""
    person = _answers(checked, "person")
    day = _answers(checked, "contact_date")
    if source.rest_days is None or person is None or day is None:
        return
    invited = pd.DataFrame(
        {
            "person": person.columns[0].at,
            "day": pd.to_datetime(pd.Series(list(day.values), dtype="object")),
        }
    )
    known = ~person.columns[0].blank & invited["day"].notna().to_numpy()
    in_order = invited[known].sort_values(["person", "day"], kind="stable")
    since = in_order.groupby("person")["day"].diff()
    soon = in_order[(since < timedelta(days=source.rest_days)).to_numpy()]
    if soon.empty:
        return
    rows = np.sort(soon.index.to_numpy())
    yield problem(
        "KCC-D042b",
        file=checked.raw.file_at(int(rows[0])),
        row=checked.raw.rows_of(rows),
        column=checked.raw.column_name(person.columns[0].column),
        count=soon["person"].nunique(),
        days=source.rest_days,
    )


def _answers(checked: Checked, role: str) -> QuestionAnswers | None:
    found = (q.id for q in checked.questionnaire.question if q.role == role)
    name = next(found, None)
    return None if name is None else checked.answers.get(name)
