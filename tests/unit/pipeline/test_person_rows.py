"""Which tables repeat rows of persons, or somebody's words."""

import pandas as pd
import pytest

from kcc_research.estimation.tables import empty_estimates
from kcc_research.pipeline import person_rows

SAID = "Mevrouw Jansen was boos op mij"


@pytest.fixture(autouse=True)
def rows(monkeypatch):
    monkeypatch.setenv("KCC_STAGE", "analyse")
    person_rows.forget()
    frame = pd.DataFrame(
        {
            "cijfer": [7.0, 8.0, 6.0, 9.0, 5.0, 7.0],
            "kanaal": ["balie", "telefoon", "balie", "e-mail", "balie", "telefoon"],
            "toelichting": [SAID, None, "te lang", None, "prima", "goed"],
        }
    )
    person_rows.note(frame, ["toelichting", "bestaat niet"])
    yield frame
    person_rows.forget()


@pytest.mark.parametrize(
    "part",
    [
        lambda rows: rows,
        lambda rows: rows.head(2),
        lambda rows: rows[rows["kanaal"] == "balie"],
        lambda rows: rows[["cijfer"]],
        lambda rows: rows["kanaal"],
        lambda rows: rows.sample(3, random_state=1).assign(nieuw=1),
        lambda rows: rows.sort_values("cijfer", ascending=False),
        lambda rows: rows["toelichting"].head(1),
        lambda rows: rows.set_index("toelichting"),
        lambda rows: rows.set_index("kanaal")["toelichting"],
        lambda rows: rows.melt(),
        lambda rows: rows[["toelichting"]].value_counts(),
        lambda rows: rows[["toelichting"]].stack(),
        lambda rows: pd.concat([rows, rows]),
    ],
)
def test_parts_of_the_rows_are_recognised(rows, part):
    assert person_rows.are_in(part(rows))


@pytest.mark.parametrize(
    "summary",
    [
        lambda rows: rows["kanaal"].value_counts(),
        lambda rows: rows.groupby("kanaal")["cijfer"].mean(),
        lambda rows: rows.groupby("kanaal", as_index=False)["cijfer"].mean(),
        lambda rows: rows[["cijfer"]].describe(),
        lambda rows: pd.crosstab(rows["kanaal"], rows["cijfer"]),
        lambda rows: empty_estimates(),
        lambda rows: pd.DataFrame({"kanaal": ["te lang", "balie"]}),
    ],
)
def test_summaries_are_no_rows(rows, summary):
    assert not person_rows.are_in(summary(rows))


def test_without_a_guarded_stage_nothing_is_noted(monkeypatch, rows):
    person_rows.forget()
    monkeypatch.delenv("KCC_STAGE")
    person_rows.note(rows, ["toelichting"])
    assert not person_rows.are_in(rows)


@pytest.mark.parametrize(
    ("value", "may"),
    [
        (None, True),
        (353, True),
        (6.6, True),
        (SAID, False),
        ([SAID], False),
        (pd.Series([SAID]).to_numpy(), False),
        (pd.DataFrame({"naam": [SAID]}), False),
        (pd.Series([1, 2], name="bsn"), False),
        (pd.DataFrame({"naam": [SAID]}).stack(), False),
        (pd.DataFrame({"naam": [SAID]}, index=["a"]), False),
        (pd.DataFrame({"waarde": [SAID], "rij": [1]}), False),
        (pd.Series([1], pd.MultiIndex.from_tuples([(0, SAID)])), False),
        (pd.Series({"balie": 3}), True),
        (empty_estimates(), True),
        (pd.DataFrame({"indicator": ["x"], "estimate": [1.0]}), True),
    ],
)
def test_what_may_be_shown_is_a_number_or_a_summary(value, may):
    assert person_rows.told(value) is may


def test_of_the_rest_kind_and_size_are_told(rows):
    assert person_rows.hidden(SAID) == "[afgeschermd: str, 30 tekens]"
    assert person_rows.size_of(rows) == "[afgeschermd: rijen van personen, 6 × 3]"
    assert person_rows.size_of(rows["cijfer"]).endswith("6 × 1]")
