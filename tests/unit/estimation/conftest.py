"""A small invented study, as definitions and answers, to vary in each test."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from kcc_research.study.indicator import AnswerClass, Indicator
from kcc_research.study.measurement import Fieldwork, Measurement, Source, Study
from kcc_research.study.questionnaire import Filter, Question, Questionnaire

QUESTIONS = {
    "contact": Question(
        id="contact",
        column="contact",
        text="Had u contact?",
        type="choice",
        codes=["ja", "nee"],
        sensitive=False,
    ),
    "kanaal": Question(
        id="kanaal",
        column="kanaal",
        text="Via welk kanaal?",
        label="Kanaal",
        type="choice",
        codes=["telefoon", "balie", "website"],
        asked_if="contact = ja",
        role="channel",
        sensitive=False,
    ),
    "leeftijd": Question(
        id="leeftijd",
        column="leeftijd",
        text="Hoe oud bent u?",
        label="Leeftijd",
        type="choice",
        codes=["jong", "oud"],
        sensitive=False,
    ),
    "cijfer": Question(
        id="cijfer",
        column="cijfer",
        text="Welk rapportcijfer geeft u?",
        type="grade",
        range=(1, 10),
        direction="higher_is_better",
        missing={"11": "dont_know", "99": "no_answer"},
        asked_if="contact = ja",
        sensitive=False,
    ),
    "thema": Question(
        id="thema",
        column="thema",
        text="Waar ging het over?",
        type="multiple",
        separator="|",
        codes={"W": "wachttijd", "B": "bejegening"},
        sensitive=False,
    ),
}

INDICATORS = {
    "rapportcijfer": Indicator(
        id="rapportcijfer",
        question="cijfer",
        label="Rapportcijfer",
        statistic="mean",
        role="headline",
    ),
    "tevreden": Indicator(
        id="tevreden",
        question="cijfer",
        label="Tevreden",
        statistic="share",
        at_least=7,
        role="satisfaction",
    ),
    "klassen": Indicator(
        id="klassen",
        question="cijfer",
        label="Verdeling",
        statistic="distribution",
        classes=[
            AnswerClass(label="1–5", low=1, high=5),
            AnswerClass(label="6", low=6, high=6),
            AnswerClass(label="7–10", low=7, high=10),
        ],
    ),
    "thema": Indicator(
        id="thema", question="thema", label="Thema", statistic="distribution"
    ),
}

HAD_CONTACT = Filter(
    id="had_contact", condition="contact = ja", label="inwoners die contact hadden"
)


def questionnaire_of(*, questions=(), indicators=(), **changes):
    """The questionnaire with some questions or indicators replaced or added."""
    asked = QUESTIONS | {each.id: each for each in questions}
    counted = INDICATORS | {each.id: each for each in indicators}
    content = {
        "title": "Vragenlijst",
        "population": "inwoners",
        "question": tuple(asked.values()),
        "filter": (HAD_CONTACT,),
        "indicator": tuple(counted.values()),
    }
    return Questionnaire(**content | changes)


def study_of(
    questionnaire=None,
    *,
    slug="2023-meting",
    recruitment="random-sample",
    mode="web",
    margins=None,
    norm=(),
    earlier=(),
    year=2023,
    municipality=None,
    **source,
):
    """A study with one source, ``algemeen``, whose definition ``source`` changes."""
    given = {
        "id": "algemeen",
        "kind": "survey",
        "questionnaire": "algemeen.toml",
        "file": "algemeen.csv",
        "target": "had_contact",
        "breakdowns": ("kanaal",),
        "margins": "bevolking.csv" if margins else None,
    }
    name = (given | source)["id"]
    measurement = Measurement(
        owner=f"{municipality.lower()}-proef" if municipality else "xx-proef",
        slug=slug,
        municipality=municipality,
        place=None if municipality else "Proef",
        title="Meting",
        study="experience",
        published=date(2024, 1, 1),
        retain_until=date(2026, 1, 1),
        commissioner="Gemeente",
        status="concept",
        fieldwork=Fieldwork(
            start=date(year, 10, 1),
            end=date(year, 11, 1),
            mode=mode,
            recruitment=recruitment,
        ),
        source=(Source(**given | source),),
        norm=norm,
        earlier=earlier,
    )
    return Study(
        measurement=measurement,
        place_name="Proef",
        questionnaires={name: questionnaire or questionnaire_of()},
        margins={name: margins} if margins else {},
    )


def responses_of(rows=60, seed=1):
    """Invented answers: every sixth without contact, some *weet niet*, some gaps."""
    draws = np.random.default_rng(seed)
    contact = np.where(np.arange(rows) % 6 == 5, "nee", "ja")
    had = contact == "ja"
    grade = np.where(had, draws.integers(3, 11, rows).astype(float), np.nan)
    reason = np.where(had, None, "not_asked").astype(object)
    for at in np.flatnonzero(had)[:4]:
        grade[at], reason[at] = np.nan, "dont_know"
    grade[np.flatnonzero(had)[4]], reason[np.flatnonzero(had)[4]] = np.nan, "no_answer"
    channel = draws.choice(["telefoon", "balie", "website"], rows).astype(object)
    channel[~had] = None
    channel[np.flatnonzero(had)[7]] = None
    theme = draws.integers(0, 2, (rows, 2)).astype(float)
    theme[theme.sum(axis=1) == 0] = np.nan
    return pd.DataFrame(
        {
            "contact": pd.Series(contact, dtype="str"),
            "kanaal": pd.Series(channel, dtype="str"),
            "leeftijd": pd.Series(draws.choice(["jong", "oud"], rows), dtype="str"),
            "cijfer": grade,
            "cijfer__missing": pd.Series(reason, dtype="str"),
            "thema: wachttijd": theme[:, 0],
            "thema: bejegening": theme[:, 1],
        }
    )


@pytest.fixture
def make_study():
    return study_of


@pytest.fixture
def make_questionnaire():
    return questionnaire_of


@pytest.fixture
def make_responses():
    return responses_of


@pytest.fixture
def questions():
    return QUESTIONS


@pytest.fixture
def indicators():
    return INDICATORS
