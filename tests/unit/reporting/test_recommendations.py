"""Recommendations in a table: nothing is judged but a date that passed."""

from datetime import date

from kcc_research.reporting.absent import Absent
from kcc_research.reporting.document import Table
from kcc_research.reporting.recommendations import (
    tabulate_follow_up,
    tabulate_recommendations,
)
from kcc_research.study.recommendation import Recommendations
from tests.unit.reporting.report_rows import noordwijk


def _study(*declared):
    read = Recommendations.model_validate(
        {"recommendation": [{"owner": "college", **each} for each in declared]}
    )
    return noordwijk().model_copy(update={"recommendations": read.recommendation})


def test_without_recommendations_there_is_nothing_to_show():
    empty = noordwijk().model_copy(update={"recommendations": ()})
    assert tabulate_recommendations(empty) == Absent("")
    assert tabulate_follow_up(empty) == Absent("")


def test_new_and_earlier_recommendations_stand_apart():
    study = _study(
        {"text": "Meet vaker", "status": "open"},
        {
            "text": "Wijs een gastheer aan",
            "status": "gereed",
            "result": "In 2021 gedaan",
            "follow_up_of": "Onderzoek 2018",
        },
    )
    new, old = tabulate_recommendations(study), tabulate_follow_up(study)
    assert isinstance(new, Table)
    assert isinstance(old, Table)
    assert new.columns == ("Aanbevelingen", "Wie", "Stand")
    assert new.rows == (("Meet vaker", "college", "open"),)
    assert old.rows == (
        (
            "Wijs een gastheer aan (Onderzoek 2018)",
            "college",
            "gereed",
            "In 2021 gedaan",
        ),
    )


def test_a_date_that_passed_before_publication_is_said():
    # published on 29 maart 2024
    study = _study(
        {"text": "A", "status": "bezig", "deadline": date(2024, 3, 28)},
        {"text": "B", "status": "open", "deadline": date(2024, 3, 29)},
    )
    table = tabulate_recommendations(study)
    assert isinstance(table, Table)
    assert [row[2:] for row in table.rows] == [
        ("28-03-2024", "bezig, te laat"),
        ("29-03-2024", "open"),
    ]
    assert "29\N{NO-BREAK SPACE}maart 2024 voorbij" in table.note


def test_focus_points_have_their_own_name():
    study = _study({"text": "A", "status": "open", "kind": "speerpunt"})
    table = tabulate_recommendations(study)
    assert isinstance(table, Table)
    assert table.columns[0] == "Speerpunten"
    assert table.caption.startswith("Speerpunten")
