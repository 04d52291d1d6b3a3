"""The file for VNG: the template's own dictionary, the answers, and nobody's name."""

import csv
import os

import numpy as np
import pyreadstat
import pytest

from kcc_research.errors import CallError, DataError, DefinitionError
from kcc_research.pipeline import burgerpeiling
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.workspace import Workspace
from tests import burgerpeiling as invented


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One delivery, for every test that only looks at it."""
    root = tmp_path_factory.mktemp("bp")
    store = Store(Workspace(invented.workspace(root / "werk")))
    (root / "uit").mkdir()
    template = invented.template(root / "sjabloon.sav")
    found = burgerpeiling.export(store, invented.KEY, template, root / "uit")
    frame, meta = pyreadstat.read_sav(found.file, user_missing=True)
    return found, frame, meta, template


def test_the_name_of_the_file_is_that_of_the_protocol(made):
    found, *_ = made
    assert found.file.name == f"{invented.NAME}.sav"
    assert found.differences.name == f"{invented.NAME}-verschillen.csv"


def test_the_dictionary_is_that_of_the_template(made):
    _, _, meta, template = made
    _, wanted = pyreadstat.read_sav(template, user_missing=True)
    assert meta.column_names == wanted.column_names
    for part in (
        "column_names_to_labels",
        "variable_value_labels",
        "original_variable_types",
        "missing_ranges",
        "variable_measure",
        "variable_display_width",
    ):
        assert getattr(meta, part) == getattr(wanted, part), part


def test_the_answers_are_the_raw_ones_in_official_codes(made):
    _, frame, _, _ = made
    rows = invented.answers()
    channel = {"web": 1.0, "bal": 5.0, "6": 6.0, "": np.nan}
    asked = [row["dv02"] == "1" for row in rows]
    eased = [
        float(row["dv05_0"]) if on else np.nan
        for row, on in zip(rows, asked, strict=True)
    ]
    np.testing.assert_array_equal(frame["dv01"], [float(r["dv01"]) for r in rows])
    np.testing.assert_array_equal(frame["dv12"], [channel[r["dv12"]] for r in rows])
    # Not turned round, and the answer off the route is gone.
    np.testing.assert_array_equal(frame["dv05_0"], eased)
    assert frame["dv06"].isna().all()


def test_what_the_measurement_knows_is_filled_in(made):
    _, frame, meta, _ = made
    assert list(frame["respondent"]) == list(range(1, invented.ROWS + 1))
    assert set(frame["gemnr"]) == {9001.0}
    assert set(zip(frame["jr"], frame["kw"], frame["veldwerkmodus"], strict=True)) == {
        (2023.0, 4.0, 1.0)
    }
    # Half the population is old, a third of the sample: weights 0.75 and 1.5.
    by_age = frame.groupby("ch02")["weging"].agg(["min", "max"]).round(6)
    assert by_age.to_numpy().tolist() == [[0.75, 0.75], [1.5, 1.5]]
    assert meta.file_label == "VERZONNEN GEGEVENS"


def test_nobody_can_be_recognised(made):
    found, *_ = made
    for path in (found.file, found.differences):
        content = path.read_bytes()
        for secret in (invented.SECRET, "R0002", "123456782"):
            assert secret.encode() not in content
        if os.name == "posix":
            assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(e.name for e in found.file.parent.iterdir()) == sorted(
        (found.file.name, found.differences.name)
    )


def test_what_a_reader_must_know_stands_beside_it(made):
    found, *_ = made
    with found.differences.open(encoding="utf-8-sig", newline="") as file:
        rows = [tuple(row) for row in csv.reader(file, delimiter=";")]
    assert rows[0] == burgerpeiling._HEADER
    assert (
        "dv02",
        "vraagtekst anders",
        "Onze tekst bij dv02",
        "Had u contact?",
    ) in rows
    assert ("dv12", "antwoord 6 anders", "telefoon", "per telefoon") in rows
    assert ("dv06", "niet gemeten", "Onze tekst bij dv06", "leeg") in rows
    assert ("open", "niet geleverd", "", "open antwoord") in rows
    assert ("respondent", "niet geleverd", "", "nummer van een persoon") in rows
    assert not any(row[0] == "dv01" for row in rows)
    assert len(rows) - 1 == found.notes


def store_of(tmp_path, **options):
    return Store(Workspace(invented.workspace(tmp_path / "werk", **options)))


@pytest.mark.parametrize(
    "inside", ["outputs", f"outputs/{invented.KEY}", "data/processed", "studies"]
)
def test_rows_of_persons_never_go_into_the_workspace(tmp_path, inside):
    store = store_of(tmp_path)
    folder = store.workspace.root / inside
    folder.mkdir(parents=True, exist_ok=True)
    template = invented.template(tmp_path / "sjabloon.sav")
    with pytest.raises(CallError) as caught:
        burgerpeiling.export(store, invented.KEY, template, folder)
    assert [each.code for each in caught.value.problems] == ["KCC-P001e"]
    assert not list(store.workspace.root.rglob("BP-*"))


def test_a_delivery_is_never_overwritten(tmp_path):
    store = store_of(tmp_path)
    template = invented.template(tmp_path / "sjabloon.sav")
    taken = tmp_path / f"{invented.NAME}.sav"
    taken.write_text("of somebody else")
    with pytest.raises(CallError) as caught:
        burgerpeiling.export(store, invented.KEY, template, tmp_path)
    assert [each.code for each in caught.value.problems] == ["KCC-C014d"]
    assert taken.read_text() == "of somebody else"
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == [
        taken.name,
        "sjabloon.sav",
    ]


def test_an_answer_that_the_template_does_not_know_is_refused(tmp_path):
    store = store_of(tmp_path)
    path = store.workspace.study(invented.KEY) / "bp.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('web = "website"', 'web = "app"'), encoding="utf-8")
    template = invented.template(tmp_path / "sjabloon.sav")
    with pytest.raises(DataError) as caught:
        burgerpeiling.export(store, invented.KEY, template, tmp_path)
    (found,) = caught.value.problems
    count = sum(row["dv12"] == "web" for row in invented.answers())
    assert (found.code, found.column, found.value) == ("KCC-D046d", "dv12", "web")
    assert f"({count} keer)" in found.title


def test_a_template_of_something_else_is_refused(tmp_path):
    store = store_of(tmp_path)
    other = tmp_path / "anders.sav"
    frame = pyreadstat.read_sav(invented.template(tmp_path / "s.sav"))[0]
    pyreadstat.write_sav(frame[["kw", "wijknr"]], other)
    with pytest.raises(DataError) as caught:
        burgerpeiling.export(store, invented.KEY, other, tmp_path)
    assert [each.code for each in caught.value.problems] == ["KCC-D046e"]


def test_no_verdict_on_a_protocol_that_nobody_declared(tmp_path):
    store = store_of(tmp_path, protocol="")
    with pytest.raises(DefinitionError) as caught:
        burgerpeiling.verdict(store.workspace, invented.KEY)
    assert [each.code for each in caught.value.problems] == ["KCC-C004x"]


def test_before_a_first_run_only_the_definitions_are_judged(tmp_path):
    found = burgerpeiling.verdict(store_of(tmp_path).workspace, invented.KEY)
    assert found.answer == "niet na te gaan"
    assert {each.why for each in found.those("niet na te gaan")} == {
        "er zijn nog geen uitkomsten: draai eerst kcc run"
    }
    assert not found.those("voldoet niet")
