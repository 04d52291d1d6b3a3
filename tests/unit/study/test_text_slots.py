"""A text goes where the report has a place for it, those of the study included."""

import pytest

from kcc_research.study.loading import load_study
from kcc_research.study.text_slots import TEXT_SLOTS, slot_of, text_slots
from tests.workspaces import ASSURANCE, BENCHMARK, PHONE, REPOSITORY


@pytest.mark.parametrize(
    ("key", "own"),
    [
        (
            ASSURANCE,
            {
                "cultuur-en-samenwerking",
                "personeel-en-training",
                "problemen",
                "servicenormen-en-sturing",
                "visie-en-beleid",
            },
        ),
        (BENCHMARK, {"bereikbaarheid", "dienstverlening", "informatievoorziening"}),
        (PHONE, set()),
    ],
)
def test_themes_and_dimensions_have_a_place(key, own):
    study = load_study(REPOSITORY, key)
    found = text_slots(study.measurement, study.questionnaires.values())
    assert set(found) == {*TEXT_SLOTS, *own}
    assert list(found) == sorted(found)


def test_a_study_that_cannot_be_read_has_the_fixed_places():
    assert text_slots(None, []) == TEXT_SLOTS


def test_a_slot_is_part_of_a_file_name():
    assert slot_of("Visie & beleid, café’s") == "visie-beleid-cafes"
