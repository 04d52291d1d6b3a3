"""The table of one municipality, again and again: 342 times in one process.

    python -m tests.bench.municipalities

Prints what was done and the CPU seconds of it, as JSON. Stops when the product's table
and the bare one differ: then there is nothing to time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd

from kcc_research.estimation.indicators import estimate_indicators
from kcc_research.estimation.study_design import study_design
from kcc_research.estimation.tables import UNKNOWN_GROUP
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Fieldwork, Measurement, Source, Study
from kcc_research.study.questionnaire import Question, Questionnaire
from tests.bench import estimation_work

COUNT, N = 342, 700
INDICATORS, BREAKDOWNS, STRATA = 60, 5, 10
LETTERS = tuple("abcdefgh")
_MARGINS = {
    "wijk": {str(each): 1000.0 + 200 * each for each in range(STRATA)},
    "b0": {letter: 2000.0 + 107 * at for at, letter in enumerate(LETTERS)},
}


BARE = "estimate, SE and interval of 2,400 domain means, design included"
DELIVERED = "`estimate_indicators`: all columns of the table, weights as delivered"
CALIBRATED = "the same, after weighting to margins of two variables ourselves"


def measured() -> dict[str, float]:
    """CPU seconds for all municipalities, of the bare table and the product's."""
    delivered, calibrated = _study(weight="gewicht"), _study(margins="margins.csv")
    work: dict[str, Callable[[pd.DataFrame], object]] = {
        BARE: lambda each: estimation_work.work(_bare(each)),
        DELIVERED: lambda each: _table(delivered, each),
        CALIBRATED: lambda each: _table(calibrated, each),
    }
    _refuse_other_numbers(_responses(0), delivered)
    spent = dict.fromkeys(work, 0.0)
    for seed in range(COUNT):
        responses = _responses(seed)
        for what, function in work.items():
            start = time.process_time()
            function(responses)
            spent[what] += time.process_time() - start
    return spent


def _table(study: Study, responses: pd.DataFrame) -> pd.DataFrame:
    return estimate_indicators(study, "bron", study_design(study, "bron", responses))


def _refuse_other_numbers(responses: pd.DataFrame, study: Study) -> None:
    table = _table(study, responses)
    rows = table[table["by"].str.startswith("b") & (table["group"] != UNKNOWN_GROUP)]
    rows = rows.sort_values(["by", "indicator", "group"], kind="stable")
    bare = estimation_work.work(_bare(responses))
    np.testing.assert_allclose(rows[["estimate", "std_error"]], bare[:, :2], rtol=1e-10)


def _responses(seed: int) -> pd.DataFrame:
    draws = np.random.default_rng(seed)
    half = INDICATORS // 2
    grade = np.clip(np.round(draws.normal(6.6, 1.7, (N, half))), 1, 10)
    grade[draws.random(grade.shape) < 0.05] = np.nan
    columns: dict[str, object] = {
        "gewicht": np.exp(draws.normal(0, 0.4, N)),
        "wijk": pd.Series(draws.integers(0, STRATA, N).astype(str), dtype="str"),
    }
    for by in range(BREAKDOWNS):
        columns[f"b{by}"] = pd.Series(draws.choice(LETTERS, N), dtype="str")
    for at in range(half):
        columns[f"y{at:02d}"] = grade[:, at]
    for at in range(half, INDICATORS):
        columns[f"y{at:02d}"] = pd.Series(draws.choice(["ja", "nee"], N), dtype="str")
    return pd.DataFrame(columns)


def _bare(responses: pd.DataFrame) -> pd.DataFrame:
    shares = responses.select_dtypes("str").filter(regex="^y").eq("ja").astype(float)
    named = responses.rename(columns={"gewicht": "w", "wijk": "h"})
    return named.assign(**shares)


def _study(**weighting: str) -> Study:
    """60 indicators of as many questions, stratified, and weighted as told."""
    half = INDICATORS // 2
    grades = [_question(f"y{at:02d}", "grade") for at in range(half)]
    choices = [_question(f"y{at:02d}", "choice") for at in range(half, INDICATORS)]
    groups = [_question(f"b{by}", "choice", LETTERS) for by in range(BREAKDOWNS)]
    design = [
        _question("wijk", "choice", tuple(str(each) for each in range(STRATA))),
        Question(
            id="gewicht",
            column="gewicht",
            text="Gewicht",
            type="weight",
            sensitive=False,
        ),
    ]
    questionnaire = Questionnaire(
        title="Meting",
        population="inwoners",
        question=(*grades, *choices, *groups, *design),
        indicator=tuple(_indicator(each) for each in (*grades, *choices)),
    )
    return Study(
        measurement=_measurement(**weighting),
        place_name="Proef",
        questionnaires={"bron": questionnaire},
        margins={"bron": _MARGINS} if "margins" in weighting else {},
    )


def _question(name: str, kind: str, codes: tuple[str, ...] = ("ja", "nee")) -> Question:
    answers: dict[str, object] = {"codes": list(codes)}
    if kind == "grade":
        answers = {"range": (1, 10), "direction": "higher_is_better"}
    return Question.model_validate(
        {"id": name, "column": name, "text": name, "type": kind, "sensitive": False}
        | answers
    )


def _indicator(question: Question) -> Indicator:
    content: dict[str, object] = {"statistic": "share", "categories": ("ja",)}
    if question.type == "grade":
        content = {"statistic": "mean"}
    return Indicator.model_validate(
        {"id": f"i_{question.id}", "question": question.id, "label": question.id}
        | content
    )


def _measurement(**weighting: str) -> Measurement:
    return Measurement(
        owner="xx-proef",
        slug="2023-meting",
        place="Proef",
        title="Meting",
        study="experience",
        published=date(2024, 1, 1),
        retain_until=date(2026, 1, 1),
        commissioner="Gemeente",
        status="concept",
        fieldwork=Fieldwork(
            start=date(2023, 10, 1),
            end=date(2023, 11, 1),
            mode="web",
            recruitment="random-sample",
        ),
        source=(
            Source(
                id="bron",
                kind="survey",
                questionnaire="bron.toml",
                file="bron.csv",
                **weighting,
                strata="wijk",
                breakdowns=tuple(f"b{by}" for by in range(BREAKDOWNS)),
            ),
        ),
    )


if __name__ == "__main__":
    print(json.dumps(measured()))
