"""Random measurements with a sensitive question, to protect and to attack."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from kcc_research.estimation.indicators import estimate_indicators
from kcc_research.estimation.study_design import study_design
from kcc_research.study.cross_table import CrossTable
from kcc_research.study.indicator import Indicator
from kcc_research.study.measurement import (
    Earlier,
    Fieldwork,
    Measurement,
    Source,
    Study,
)
from kcc_research.study.policy import DisclosurePolicy
from kcc_research.study.questionnaire import Filter, Question, Questionnaire
from tests.attacker import Knowledge

SOURCE = "algemeen"
CHANNELS = ("telefoon", "balie", "e-mail", "website")
INCOMES = ("laag", "midden", "hoog", "zeer hoog")


@dataclass(frozen=True)
class Shape:
    """What a random measurement looks like."""

    channels: int = 3
    incomes: int = 3
    by_income: bool = False
    crossed: bool = False
    routed: bool = False


def questionnaire(shape: Shape) -> Questionnaire:
    income = tuple(INCOMES[: shape.incomes])
    questions = (
        _choice("contact", ("ja", "nee")),
        _choice(
            "kanaal",
            CHANNELS[: shape.channels],
            asked_if="contact = ja" if shape.routed else "",
        ),
        _choice("inkomen", income, sensitive=True),
        _choice("tevreden", ("ja", "nee")),
    )
    indicators = (
        Indicator(
            id="inkomen", question="inkomen", label="i", statistic="distribution"
        ),
        Indicator(
            id="rijk",
            question="inkomen",
            label="r",
            statistic="share",
            categories=(income[-1],),
        ),
        Indicator(
            id="blij",
            question="tevreden",
            label="b",
            statistic="share",
            categories=("ja",),
        ),
    )
    cross = CrossTable(
        id="kruis",
        label="k",
        rows="rijk",
        columns="blij",
        row_label="Rijk",
        column_label="Blij",
    )
    return Questionnaire(
        title="Toeval",
        question=questions,
        indicator=indicators,
        filter=(
            Filter(id="had_contact", condition="contact = ja", label="met contact"),
            Filter(
                id="persoonlijk",
                condition="kanaal in telefoon | balie",
                label="die belden of langskwamen",
            ),
        ),
        cross=(cross,) if shape.crossed else (),
    )


def _choice(name, answers, *, sensitive=False, asked_if=""):
    return Question(
        id=name,
        column=name,
        text=f"{name}?",
        type="choice",
        codes={each: each for each in answers},
        sensitive=sensitive,
        asked_if=asked_if,
    )


def study(
    shape: Shape,
    *,
    slug: str = "2023-toeval",
    start: date = date(2023, 1, 1),
    days: int = 30,
    earlier: tuple[Earlier, ...] = (),
    policy: DisclosurePolicy | None = None,
) -> Study:
    breakdowns = ("kanaal", "inkomen") if shape.by_income else ("kanaal",)
    measurement = Measurement(
        owner="xx-plaats",
        slug=slug,
        title="Toeval",
        study="experience",
        place="Plaats",
        published=date(2024, 1, 1),
        retain_until=date(2025, 1, 1),
        commissioner="Gemeente Plaats",
        status="definitief",
        fieldwork=Fieldwork(
            start=start,
            end=start + timedelta(days=days),
            mode="web",
            recruitment="census",
        ),
        source=(
            Source(
                id=SOURCE,
                kind="survey",
                questionnaire="algemeen.toml",
                file="algemeen.csv",
                breakdowns=breakdowns,
            ),
        ),
        earlier=earlier,
        disclosure=policy or DisclosurePolicy(),
    )
    return Study(
        measurement=measurement,
        place_name="Plaats",
        questionnaires={SOURCE: questionnaire(shape)},
    )


def answers(rng: random.Random, shape: Shape, n: int) -> pd.DataFrame:
    """``n`` persons: small incomes and small channels occur, and so does silence."""
    income = INCOMES[: shape.incomes]
    channel = CHANNELS[: shape.channels]
    weights = [rng.choice((1, 4, 12)) for _ in income]
    sizes = [rng.choice((1, 4, 8)) for _ in channel]
    silent = rng.choice((0.0, 0.0, 0.03))
    rows = []
    for _ in range(n):
        contact = "ja" if rng.random() < 0.9 else "nee"
        row = {
            "contact": contact,
            "kanaal": rng.choices(channel, sizes)[0],
            "inkomen": rng.choices(income, weights)[0],
            "tevreden": rng.choice(("ja", "ja", "nee")),
        }
        for name in ("kanaal", "inkomen", "tevreden"):
            if rng.random() < silent:
                row[name] = None
        reason = "no_answer" if row["kanaal"] is None else ""
        if shape.routed and contact == "nee":
            row["kanaal"], reason = None, "not_asked"
        rows.append({**row, "kanaal__missing": reason})
    return pd.DataFrame(rows).astype("str").mask(lambda x: x == "None")


def estimates(made: Study, persons: pd.DataFrame) -> pd.DataFrame:
    return estimate_indicators(made, SOURCE, study_design(made, SOURCE, persons))


def knowledge(shape: Shape, waves: tuple[str, ...] = ("nu",)) -> Knowledge:
    """What a reader of the report knows of the definitions."""
    income, channel = INCOMES[: shape.incomes], CHANNELS[: shape.channels]
    contact = frozenset({"ja"})
    cross = {
        "rijk en blij": (True, True),
        "alleen rijk": (True, False),
        "alleen blij": (False, True),
        "geen van beide": (False, False),
    }
    shares = {
        "inkomen": {each: _is("inkomen", each) for each in income},
        "rijk": {"": _is("inkomen", income[-1])},
        "blij": {"": _is("tevreden", "ja")},
    }
    if shape.crossed:
        shares["kruis"] = {
            name: _both(income[-1], rich, glad) for name, (rich, glad) in cross.items()
        }
    question_of = {
        "inkomen": ("inkomen",),
        "rijk": ("inkomen",),
        "blij": ("tevreden",),
        "kruis": ("inkomen", "tevreden"),
    }
    return Knowledge(
        answers={
            "contact": ("ja", "nee"),
            "kanaal": (*channel, None, *(("-",) if shape.routed else ())),
            "inkomen": (*income, None),
            "tevreden": ("ja", "nee", None),
        },
        filters={
            "had_contact": ("contact", contact),
            "persoonlijk": ("kanaal", frozenset({"telefoon", "balie"})),
        },
        shares=shares,
        question_of={name: question_of[name] for name in shares},
        sensitive=frozenset({"inkomen"}),
        asked_if={"kanaal": ("contact", contact)} if shape.routed else {},
        waves=waves,
    )


def _is(question, answer):
    return lambda person: person[question] == answer


def _both(highest, rich, glad):
    return lambda person: (
        (person["inkomen"] == highest) is rich and (person["tevreden"] == "ja") is glad
    )


def counter(persons: pd.DataFrame, kinds: list[dict[str, object]], wave=None):
    """How many of the persons there are of some kinds: the truth."""
    columns = ["contact", "kanaal", "inkomen", "tevreden"]
    waves = ["nu"] * len(persons) if wave is None else list(wave)
    reasons = persons["kanaal__missing"]
    found: dict[tuple[object, ...], int] = {}
    for values, reason, when in zip(
        persons[columns].itertuples(index=False, name=None), reasons, waves, strict=True
    ):
        key = [None if pd.isna(each) else each for each in values]
        key[1] = "-" if reason == "not_asked" else key[1]
        found[*key, when] = found.get((*key, when), 0) + 1
    names = [*columns, "wave"]
    sizes = [found.get(tuple(kind[x] for x in names), 0) for kind in kinds]
    return lambda numbers: sum(sizes[i] for i in numbers)
