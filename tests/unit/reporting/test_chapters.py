"""Chapters follow the themes and dimensions that a study declares, in its order."""

import pytest

from kcc_research.reporting import chapters
from kcc_research.study.loading import load_study
from tests.assurance_study import assurance_study
from tests.workspaces import BENCHMARK, REPOSITORY


@pytest.fixture
def made():
    return assurance_study()


def test_themes_come_in_the_order_of_the_questionnaire(made):
    assert chapters.list_item_themes(made.study) == [
        "visie en beleid",
        "servicenormen en sturing",
        "cultuur en samenwerking",
        "belemmeringen",
        "personeel en training",
    ]
    assert chapters.list_compared_themes(made.study) == ["problemen"]


def test_a_chapter_opens_with_the_words_of_its_author(made):
    study = made.study.model_copy(
        update={"texts": {"visie-en-beleid": "Eigen woorden."}}
    )
    opened = chapters.open_chapter(study, made.estimates, "visie en beleid")
    assert opened == "## Visie en beleid\n\nEigen woorden."
    bare = chapters.open_chapter(study, made.estimates, "belemmeringen", level=3)
    assert bare == "### Belemmeringen"


def test_a_dimension_has_its_label_as_heading(made):
    study = load_study(REPOSITORY, BENCHMARK)
    first = study.measurement.dimension[0].model_copy(update={"label": "Bereik"})
    other = study.measurement.model_copy(update={"dimension": (first,)})
    bare = study.model_copy(update={"measurement": other, "texts": {}})
    assert chapters.list_dimensions(bare) == ["bereikbaarheid"]
    opened = chapters.open_chapter(bare, made.estimates, "bereikbaarheid")
    assert opened == "## Bereik"
