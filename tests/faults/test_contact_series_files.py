"""Deliveries of a continuous measurement with a fault in them."""

import pytest

from kcc_research.errors import DataError
from kcc_research.microdata.survey import load_survey, problems
from tests.continuous_study import ANSWERS, study
from tests.workspaces import CONTINUOUS, REPOSITORY

HEADER = (
    "contact_id;persoon;uitnodiging_datum;datum;kanaal;product;cijfer;in_een_keer;"
    "juiste_informatie;toelichting"
)
GOOD = "K1;P1;03-01-2024;04-01-2024;balie;1;8;j;j;"


@pytest.fixture
def folder(tmp_path):
    def write(**files):
        for name, rows in files.items():
            path = tmp_path / f"2024-{name.removeprefix('m')}.csv"
            path.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8", newline="")
        return tmp_path

    return write


def told(folder):
    return problems(
        folder, study().measurement.sources[ANSWERS], study().questionnaires[ANSWERS]
    )


def test_a_contact_in_two_deliveries_is_refused_with_both_places(folder):
    other = GOOD.replace("K1;P1", "K2;P2")
    again = GOOD.replace("P1", "P3").replace(";8;", ";4;")
    path = folder(m01=[other, GOOD], m02=[again])
    (found,) = [each for each in told(path) if each.code == "KCC-D041"]
    assert found.file.endswith("2024-01.csv")
    assert found.row.startswith("3 en 2 (")
    assert found.row.endswith("2024-02.csv)")
    assert "K1" not in str(found)
    source = study().measurement.sources[ANSWERS]
    with pytest.raises(DataError):
        load_survey(path, source, study().questionnaires[ANSWERS])


@pytest.mark.parametrize(
    ("second", "count"),
    [("01-04-2024", 1), ("02-01-2024", 1), ("02-04-2024", 0), ("09-09-2024", 0)],
)
def test_a_person_invited_within_ninety_days_is_counted(folder, second, count):
    later = f"K2;P1;{second};10-09-2024;balie;1;8;j;j;"
    found = [e for e in told(folder(m01=[GOOD], m09=[later])) if e.code == "KCC-D042b"]
    assert len(found) == count
    for each in found:
        assert each.severity == "warning"
        assert "(1)" in each.title
        assert "P1" not in str(each)


def test_without_a_pseudonym_nobody_is_counted(folder):
    rows = [GOOD.replace("P1", ""), GOOD.replace("K1;P1", "K2;")]
    assert "KCC-D042b" not in [each.code for each in told(folder(m01=rows))]


def test_the_demonstration_names_no_person():
    path = REPOSITORY / "data" / "raw" / CONTINUOUS
    assert {each.severity for each in told(path)} == {"warning"}
