"""A measurement that contradicts itself is refused, with the key that is wrong."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from kcc_research.study.measurement import Earlier, FileFormat, Measurement, Source

REPOSITORY = Path(__file__).parents[3]
FILE = REPOSITORY / "studies/gm0575-noordwijk/2023-klantbeleving/measurement.toml"


def values(**changes):
    found = tomllib.loads(FILE.read_text(encoding="utf-8"))
    key = {"owner": "gm0575-noordwijk", "slug": "2023-klantbeleving"}
    merged = found | key | changes
    return {name: value for name, value in merged.items() if value is not None}


def test_the_key_is_owner_and_slug():
    found = Measurement.model_validate(values())

    assert found.key == "gm0575-noordwijk/2023-klantbeleving"
    assert found.wave_name == "2-meting"
    assert list(found.sources) == ["algemeen", "contactmoment"]
    assert found.sources["algemeen"].pattern == "algemeen.csv"


@pytest.mark.parametrize(
    ("recruitment", "has_error"),
    [
        ("random-sample", True),
        ("panel", True),
        ("intercept", True),
        ("open-link", False),
        ("self-selected", False),
        ("census", False),
        ("registration", False),
    ],
)
def test_only_samples_have_sampling_error(recruitment, has_error):
    fieldwork = values()["fieldwork"] | {"recruitment": recruitment}
    found = Measurement.model_validate(values(fieldwork=fieldwork))

    assert found.has_sampling_error is has_error


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"place": "Elders"}, "kies municipality"),
        ({"municipality": None}, "municipality ontbreekt"),
        ({"municipality": "GM0518"}, "hoort niet bij GM0518"),
        ({"slug": "con"}, "gereserveerde naam"),
        ({"retain_until": values()["fieldwork"]["start"]}, "retain_until ligt voor"),
        ({"source": [values()["source"][0]] * 2}, "staat er twee keer"),
        (
            {
                "earlier": [
                    {
                        "measurement": "gm0575-noordwijk/2023-klantbeleving",
                        "comparable": True,
                    }
                ]
            },
            "eigen voorganger",
        ),
    ],
)
def test_a_contradiction_is_refused(changes, words):
    with pytest.raises(ValidationError, match=words):
        Measurement.model_validate(values(**changes))


def test_a_place_outside_the_register_needs_no_code():
    changes = {"owner": "xx-teststad", "municipality": None, "place": "Teststad"}

    assert Measurement.model_validate(values(**changes)).place == "Teststad"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"file": None}, "file of files"),
        ({"files": "2024-*.csv"}, "file of files"),
        ({"weight": "weging", "margins": "b.csv"}, "kies: margins"),
        ({"file": "../x.csv"}, "pattern"),
        ({"file": ".verborgen"}, "pattern"),
        ({"sha256": "abc"}, "pattern"),
    ],
)
def test_a_source_reads_one_place_in_the_folder(changes, words):
    source = {
        "id": "a",
        "kind": "survey",
        "questionnaire": "a.toml",
        "file": "a.csv",
    } | changes
    source = {name: value for name, value in source.items() if value is not None}

    with pytest.raises(ValidationError, match=words):
        Source.model_validate(source)


def test_what_is_not_comparable_has_a_reason():
    with pytest.raises(ValidationError, match="vraagt om een reason"):
        Earlier(measurement="gm0575-noordwijk/2022-x", comparable=False)


def test_a_file_format_is_detected_unless_declared():
    assert FileFormat().delimiter is None
    with pytest.raises(ValidationError, match="less than or equal to 20"):
        FileFormat(header_row=21)


def test_the_first_row_of_answers_lies_below_the_names():
    assert FileFormat(header_row=2, first_row=3).first_row == 3
    with pytest.raises(ValidationError, match="ligt niet onder de kolomnamen"):
        FileFormat(header_row=3, first_row=3)
    registration = {"id": "a", "kind": "contacts", "layout": "l.toml", "file": "a.csv"}
    with pytest.raises(ValidationError, match="bestand met een vragenlijst"):
        Source.model_validate(registration | {"format": {"first_row": 3}})


def test_a_report_is_not_published_during_the_fieldwork():
    with pytest.raises(ValidationError, match="published ligt voor het einde"):
        Measurement.model_validate(values(published=date(2023, 11, 18)))
    assert Measurement.model_validate(values(published=date(2023, 11, 19)))


def test_an_earlier_measurement_stands_there_once():
    earlier = {"measurement": "gm0575-noordwijk/2022-meting", "comparable": True}

    with pytest.raises(ValidationError, match="staat er twee keer"):
        Measurement.model_validate(values(earlier=[earlier, earlier]))
    assert Measurement.model_validate(values(earlier=[earlier]))


SOURCE = {"id": "a", "kind": "survey", "questionnaire": "a.toml", "file": "a.csv"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": "con"}, "gereserveerde naam"),
        ({"file": None, "files": "a*.csv", "sha256": "0" * 64}, "sha256 hoort bij"),
        ({"format": {"decimal": ",", "thousands": ","}}, "hetzelfde teken"),
    ],
)
def test_a_source_that_would_do_otherwise_than_it_says_is_refused(changes, words):
    with pytest.raises(ValidationError, match=words):
        Source.model_validate(SOURCE | changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rows": 353, "invited": 300}, "353 rijen bij 300 bereikte"),
        ({"rows": 353, "invited": 400, "undeliverable": 50}, "bij 350 bereikte"),
        ({"invited": 40, "undeliverable": 50}, "meer onbestelbaar"),
        ({"rows": 353, "population": 300}, r"kleiner dan rows \(353\)"),
        ({"invited": 2000, "population": 300}, r"kleiner dan invited \(2000\)"),
    ],
)
def test_counts_that_cannot_all_be_true_are_refused(changes, words):
    source = {"id": "a", "kind": "survey", "questionnaire": "a.toml", "file": "a.csv"}

    with pytest.raises(ValidationError, match=words):
        Source.model_validate(source | changes)


def test_uncounted_is_not_none_undeliverable():
    source = {"id": "a", "kind": "survey", "questionnaire": "a.toml", "file": "a.csv"}

    assert Source.model_validate(source).undeliverable is None
    assert Source.model_validate(source | {"undeliverable": 0}).undeliverable == 0


def test_a_rule_for_double_answers_belongs_to_municipalities():
    source = values()["source"][0] | {"duplicates": "latest"}
    with pytest.raises(ValidationError, match="duplicates hoort alleen bij"):
        Source.model_validate(source)
    assert Source.model_validate(source | {"kind": "municipalities"}).duplicates
