"""Cross tables in a questionnaire."""

import pytest
from pydantic import ValidationError

from kcc_research.study.cross_table import CrossTable, cross_faults
from kcc_research.study.indicator import Indicator

TABLE = {
    "id": "visie_naast_normen",
    "label": "Visie en normen",
    "rows": "visie",
    "columns": "normen",
    "row_label": "Visie",
    "column_label": "Normen",
}


def share(name):
    return Indicator(
        id=name,
        question=name,
        label=name,
        statistic="share",
        categories=("ja",),
    )


def test_the_four_cells_have_names_of_their_own():
    assert CrossTable(**TABLE).cells == (
        "visie en normen",
        "alleen visie",
        "alleen normen",
        "geen van beide",
    )


def test_a_cross_table_of_two_shares_is_sound():
    table = CrossTable(**TABLE)
    assert list(cross_faults([table], [share("visie"), share("normen")])) == []


def test_what_is_no_share_is_named_with_its_place():
    mean = Indicator(id="normen", question="n", label="n", statistic="mean")
    found = list(cross_faults([CrossTable(**TABLE)], [share("visie"), mean]))
    assert [path for path, _ in found] == [("cross", 0, "columns")]
    assert "'normen'" in found[0][1]


def test_an_unknown_key_is_refused():
    with pytest.raises(ValidationError):
        CrossTable(**TABLE, colour="blue")
