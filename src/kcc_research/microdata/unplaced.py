"""Answers that fall between the classes of a distribution (TRUST-F49).

The classes 1–5 and 6–10 hold every whole grade; a 5,5 would be counted in the base and
in no share. Told here with its row, before anything is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from kcc_research.errors import Problem, masked, problem
from kcc_research.microdata.columns import Mask
from kcc_research.microdata.numbers import as_code
from kcc_research.microdata.question_answers import Numbers, QuestionAnswers
from kcc_research.microdata.raw_table import RawTable
from kcc_research.microdata.shown import may_be_shown
from kcc_research.study.distribution import Place, places
from kcc_research.study.questionnaire import Question, Questionnaire

MOST_SHOWN = 5


def unplaced(
    answers: Mapping[str, QuestionAnswers], questionnaire: Questionnaire, raw: RawTable
) -> Iterator[Problem]:
    """One problem per distribution that cannot hold all its answers."""
    for indicator in questionnaire.indicator:
        given = answers.get(indicator.question)
        if indicator.statistic != "distribution" or given is None:
            continue
        if not given.question.is_numeric:
            continue
        lost = np.flatnonzero(_is_lost(given.turned, places(indicator, given.question)))
        if len(lost):
            yield problem(
                "KCC-D049",
                file=raw.file_at(int(lost[0])),
                row=raw.rows_of(lost),
                column=raw.column_name(given.columns[0].column),
                value=_values(given.question, given.numbers[lost]),
                count=len(lost),
                indicator=indicator.id,
            )


def _is_lost(answers: Numbers, held: tuple[Place, ...]) -> Mask:
    lost = ~np.isnan(answers)
    for low, high in held:
        lost &= ~((answers >= low) & (answers <= high))
    return lost


def _values(question: Question, numbers: npt.NDArray[Any]) -> str:
    distinct = [as_code(float(each)) for each in np.unique(numbers)]
    more = len(distinct) - MOST_SHOWN
    texts = [
        f'"{each}"' if may_be_shown(question, each) else masked(each)
        for each in distinct[:MOST_SHOWN]
    ]
    return ", ".join(texts) + (f" en nog {more}" if more > 0 else "")
