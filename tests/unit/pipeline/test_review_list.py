"""The list of words that a person reads: complete, private, and nowhere else."""

import csv
import io

import pytest

from kcc_research.microdata.remarks import load_remarks
from kcc_research.pipeline import purge, review_list, steps
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.quote_decision import fingerprint
from tests.remarks_study import (
    HELPED,
    KEY,
    PHONE,
    SOURCE,
    WAITED,
    line,
    rows,
    write_study,
)

FORMULA = "=Ik stond in de rij"


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("KCC_HOME", str(tmp_path))
    monkeypatch.delenv("KCC_STAGING", raising=False)
    dangerous = line("F60", "g60", "DUID", said=FORMULA)
    return Workspace(write_study(tmp_path, [*rows(), dangerous]))


@pytest.fixture
def saved(workspace):
    study = steps.load_measurement(KEY)
    cleaned = steps.read_remarks(study, SOURCE)
    return steps.save_responses(study, SOURCE, cleaned)


def listed(workspace):
    path = workspace.processed(KEY) / "citaten-gesprekken.csv"
    text = path.read_bytes().decode("utf-8-sig")
    return {
        row["fragment"]: row for row in csv.DictReader(io.StringIO(text), delimiter=";")
    }


def test_it_holds_the_words_that_may_be_quoted_and_how_to_tick_them(workspace, saved):
    found = listed(workspace)
    assert found.keys() == {"F01", "F21", "F60"}
    assert found["F01"]["citaat"] == WAITED
    assert found["F01"]["vingerafdruk"] == fingerprint(WAITED)
    assert found["F21"] | {"thema": "", "vingerafdruk": ""} == {
        "fragment": "F21",
        "vingerafdruk": "",
        "thema": "",
        "bron": "gesprekken in de hal",
        "rol": "bezoeker",
        "citaat": HELPED,
    }
    assert found["F60"]["citaat"] == f"'{FORMULA}"


def test_words_with_personal_data_are_not_offered(workspace, saved):
    content = (workspace.processed(KEY) / "citaten-gesprekken.csv").read_bytes()
    assert b"06-12345678" not in content
    assert PHONE.split(",")[1].encode() not in content


def test_only_its_owner_can_read_it(workspace, saved):
    path = workspace.processed(KEY) / "citaten-gesprekken.csv"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_the_notebook_tells_where_it_is_and_how_long_not_what(workspace, saved):
    folder = f"data/processed/{KEY}"
    assert f"{folder}/citaten-gesprekken.csv: 3 citaten om te lezen" in saved.lines
    study = steps.load_measurement(KEY)
    source, scheme = study.measurement.sources[SOURCE], study.schemes[SOURCE]
    made = review_list.of(load_remarks(workspace.raw(KEY), source, scheme), SOURCE)
    told = f"{saved}{saved!r}{made}{made!r}"
    assert WAITED not in told and HELPED not in told


def test_it_goes_when_the_source_goes_and_with_a_purge(workspace, saved):
    from datetime import date

    planned = purge.planned(workspace, KEY)
    path = workspace.processed(KEY) / "citaten-gesprekken.csv"
    assert path in planned.files
    purge.purge(Store(workspace), KEY, date(2031, 1, 1))
    assert not path.exists()
