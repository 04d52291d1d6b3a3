"""A study with an ordinary and a sensitive question."""

from datetime import date

import pytest

from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import Fieldwork, Measurement, Source, Study
from kcc_research.study.questionnaire import Filter, Question, Questionnaire


@pytest.fixture
def study() -> Study:
    questions = (
        Question(
            id="kanaal",
            column="kanaal",
            text="Kanaal?",
            type="choice",
            codes={"1": "balie", "2": "telefoon", "3": "e-mail"},
            sensitive=False,
        ),
        Question(
            id="contact",
            column="contact",
            text="Contact?",
            type="choice",
            codes={"1": "ja", "2": "nee"},
            sensitive=False,
        ),
        Question(
            id="cijfer",
            column="cijfer",
            text="Cijfer?",
            type="grade",
            range=(1, 10),
            direction="higher_is_better",
            sensitive=False,
        ),
        Question(
            id="inkomen",
            column="inkomen",
            text="Inkomen?",
            type="choice",
            codes={"1": "laag", "2": "hoog"},
            sensitive=True,
        ),
    )
    indicators = (
        Indicator(id="rapportcijfer", question="cijfer", label="c", statistic="mean"),
        Indicator(
            id="inkomen", question="inkomen", label="i", statistic="distribution"
        ),
    )
    return Study(
        measurement=Measurement(
            owner="xx-plaats",
            slug="2023-meting",
            title="Meting",
            study="experience",
            place="Plaats",
            published=date(2024, 1, 1),
            retain_until=date(2025, 1, 1),
            commissioner="Gemeente Plaats",
            status="definitief",
            fieldwork=Fieldwork(
                start=date(2023, 1, 1),
                end=date(2023, 2, 1),
                mode="web",
                recruitment="random-sample",
            ),
            source=(
                Source(
                    id="algemeen",
                    kind="survey",
                    questionnaire="algemeen.toml",
                    file="algemeen.csv",
                    breakdowns=("kanaal", "inkomen"),
                ),
            ),
        ),
        place_name="Plaats",
        questionnaires={
            "algemeen": Questionnaire(
                title="Algemeen",
                question=questions,
                indicator=indicators,
                filter=(Filter(id="had_contact", condition="contact = ja", label="c"),),
            )
        },
    )
