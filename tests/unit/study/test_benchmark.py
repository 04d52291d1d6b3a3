"""Dimensions, reference groups and profiles: what a benchmark may declare."""

import shutil
from datetime import date

import pytest

from kcc_research.errors import DefinitionError
from kcc_research.study.benchmark import (
    benchmarked,
    profile_page,
    profile_slug,
    profiled,
)
from kcc_research.study.loading import load_study
from kcc_research.study.municipality import municipalities, municipality
from tests.workspaces import BENCHMARK, REPOSITORY

DIMENSION = 'indicators = ["bereikt", "telefoon_snel", "email_snel"]'
PROFILES = 'profiles = ["GM9001", "GM9042", "GM9128"]'


@pytest.fixture
def altered(tmp_path):
    """The study with one text replaced in one of its files."""

    def load(file, old, new):
        folder = tmp_path / "studies" / BENCHMARK
        shutil.copytree(REPOSITORY / "studies" / BENCHMARK, folder)
        text = (folder / file).read_text()
        assert text.count(old) >= 1
        (folder / file).write_text(text.replace(old, new, 1))
        return load_study(tmp_path, BENCHMARK)

    return load


def refusal(altered, old, new, file="measurement.toml"):
    with pytest.raises(DefinitionError) as caught:
        altered(file, old, new)
    return {each.code for each in caught.value.problems}, str(caught.value)


def test_three_pages_in_the_demonstration():
    study = load_study(REPOSITORY, BENCHMARK)
    pages = [profile_page(each) for each in profiled(study.measurement)]
    assert pages == [
        "profiles/voorbeeldgemeente-001.html",
        "profiles/voorbeeldgemeente-042.html",
        "profiles/voorbeeldgemeente-128.html",
    ]
    assert len(benchmarked(study.measurement)) == 342


def test_all_is_every_municipality(altered):
    study = altered("measurement.toml", PROFILES, 'profiles = "all"')
    assert len(profiled(study.measurement)) == 342


def test_a_page_is_named_after_the_municipality_and_no_two_are_alike():
    day = date(2024, 1, 1)
    assert profile_slug(municipality("GM0796", day)) == "s-hertogenbosch"
    assert profile_slug(municipality("GM1900", day)) == "sudwest-fryslan"
    every = [*municipalities(day), *municipalities(day, invented=True)]
    assert len({profile_slug(each) for each in every}) == len(every)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (DIMENSION, 'indicators = ["bereikt", "juist"]', "telt al mee in"),
        ('id = "bereikbaarheid"', 'id = "dienstverlening"', "staat er twee keer"),
        ('"GM9007", "GM9019"', '"GM9007", "GM9007"', "staat al in de groep"),
        (PROFILES, 'profiles = ["GM9001", "GM9001"]', "staat er twee keer"),
        (PROFILES, 'profiles = ["Haarlem"]', "geen gemeentecode"),
        ('kind = "mystery" ', 'kind = "survey" ', "precies één bron"),
    ],
)
def test_what_contradicts_itself_is_refused(altered, old, new, words):
    assert words in refusal(altered, old, new)[1]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (DIMENSION, 'indicators = ["berijkt"]', "KCC-C003b"),
        ('id = "bereikbaarheid"', 'id = "bereikt"', "KCC-C013i"),
        ('"GM9042", "GM9128"', '"GM9042", "GM9999"', "KCC-C013a"),
        ('"GM9042", "GM9128"', '"GM9042", "GM0575"', "KCC-C013e"),
    ],
)
def test_names_that_lead_nowhere_are_refused(altered, old, new, code):
    assert code in refusal(altered, old, new)[0]


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        # More seconds of waiting is not better: no place in a score.
        ("contacten.toml", "at_most = 60", "at_least = 60", "KCC-C013f"),
        (
            "contacten.toml",
            'statistic = "share"\nat_most = 0',
            'statistic = "mean"',
            "KCC-C013g",
        ),
        ("servicekader.toml", 'role = "norm_value"\n', "", "KCC-C013h"),
        (
            "servicekader.toml",
            'n = "nee" }\nasked_if',
            'n = "neen" }\nasked_if',
            "KCC-C013j",
        ),
        ("servicekader.toml", '"waardering"]', '"waarderen"]', "KCC-C003b"),
    ],
)
def test_questionnaires_that_do_not_serve_are_refused(altered, file, old, new, code):
    assert code in refusal(altered, old, new, file)[0]


def test_only_a_benchmark_has_dimensions(altered):
    codes, words = refusal(altered, 'study = "benchmark"', 'study = "assurance"')
    assert 'dimension hoort alleen bij study = "benchmark"' in words
    assert 'profiles hoort alleen bij study = "benchmark"' in words


def test_the_register_knows_codes_and_sizes_only(altered):
    text = 'role = "channel"'
    codes, words = refusal(
        altered, text, f"{text}\nfrom_register = true", "contacten.toml"
    )
    assert "het register kent alleen" in words
