"""What a table of recommendations may hold."""

from datetime import date

import pytest
from pydantic import ValidationError

from kcc_research.errors import DefinitionError
from kcc_research.study.loading import load_study
from kcc_research.study.recommendation import Recommendation

FILE = "aanbevelingen.toml"
ONE = """
[[recommendation]]
text = "Meet de wachttijd per afspraak"
owner = "college"
status = "open"
deadline = 2024-07-01
"""


def _recommendation(**given):
    declared = {"text": "Meet", "owner": "college", "status": "open"} | given
    return Recommendation.model_validate(declared)


def test_an_unfinished_recommendation_is_late_after_its_date():
    due = date(2024, 7, 1)
    assert not _recommendation(deadline=due).is_late(due)
    assert _recommendation(deadline=due, status="bezig").is_late(date(2024, 7, 2))
    assert not _recommendation().is_late(date(2030, 1, 1))
    done = _recommendation(deadline=due, status="gereed", result="ingevoerd")
    assert not done.is_late(date(2030, 1, 1))


@pytest.mark.parametrize("status", ["gereed", "vervallen"])
def test_what_is_finished_says_how(status):
    with pytest.raises(ValidationError, match="hoort result"):
        _recommendation(status=status)


def test_the_file_beside_the_measurement_is_read(noordwijk):
    (noordwijk.path / FILE).write_text(ONE, encoding="utf-8")
    (found,) = load_study(noordwijk.root, noordwijk.key).recommendations
    assert (found.owner, found.deadline) == ("college", date(2024, 7, 1))
    assert not found.is_follow_up


def test_every_fault_of_the_file_has_its_line(noordwijk):
    wrong = ONE.replace("owner", "eigenaar").replace('"open"', '"later"')
    (noordwijk.path / FILE).write_text(wrong, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_study(noordwijk.root, noordwijk.key)
    places = {(each.code, each.row) for each in caught.value.problems}
    assert {("KCC-C004a", "2"), ("KCC-C004b", "5")} <= {
        (code, str(row)) for code, row in places
    }
    assert all(each.file.endswith(FILE) for each in caught.value.problems)
