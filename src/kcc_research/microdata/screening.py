"""Whether those who were screened out are in the file (STAT-N10, DOMAIN §1.4).

Who is in the target is part of a population that a register knows; what that part
looks like it does not. Only with the others in the file can anything be weighted.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from kcc_research.errors import Problem, problem
from kcc_research.microdata.checking import Checked
from kcc_research.microdata.columns import Mask
from kcc_research.microdata.question_answers import QuestionAnswers
from kcc_research.microdata.routing import fulfilled
from kcc_research.study.measurement import EVERYONE, Source


def screening_problems(checked: Checked, source: Source) -> Iterator[Problem]:
    """A warning where margins were declared and nobody outside the target is there."""
    filters = checked.questionnaire.filters
    if source.target == EVERYONE or source.margins is None:
        return
    condition = filters[source.target].parsed
    if not all(each in checked.answers for each in condition.questions):
        return
    outside = ~fulfilled(condition, checked.answers)
    for each in condition.questions:
        outside &= _answered(checked.answers[each])
    if not outside.any():
        yield problem(
            "KCC-D052y",
            file=checked.raw.files,
            column=", ".join(condition.questions),
            name=source.target,
        )


def _answered(answers: QuestionAnswers) -> Mask:
    known = pd.notna(answers.values)
    return np.asarray(known.any(axis=1) if known.ndim > 1 else known, dtype=bool)
