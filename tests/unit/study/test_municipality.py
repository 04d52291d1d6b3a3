"""The register against the figures of the data card of CBS (DOMAIN §6)."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.errors import DefinitionError
from kcc_research.study.municipality import (
    code_hint,
    code_problems,
    find,
    municipalities,
    municipality,
    named,
    normalised_code,
    register,
    size_class,
)

NEW_YEAR_2022 = date(2022, 1, 1)
AFTER_WEESP = date(2022, 3, 24)
NEW_YEAR_2023 = date(2023, 1, 1)
POPULATION = 17_590_672


def refusal(function, *arguments):
    with pytest.raises(DefinitionError) as raised:
        function(*arguments)
    (only,) = raised.value.problems
    return only


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (NEW_YEAR_2022, 345),
        (date(2022, 3, 23), 345),
        (AFTER_WEESP, 344),
        (date(2022, 12, 31), 344),
        (NEW_YEAR_2023, 342),
        (date(2025, 6, 1), 342),
    ],
)
def test_the_number_of_municipalities_is_a_fact_of_a_day(day, number):
    present = municipalities(day)

    assert len(present) == number
    assert len({each.gm for each in present}) == number
    assert sum(each.population for each in present) == POPULATION


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (NEW_YEAR_2022, [5, 7, 60, 183, 58, 14, 14, 4]),
        (NEW_YEAR_2023, [5, 7, 58, 181, 59, 14, 14, 4]),
    ],
)
def test_size_classes(day, counts):
    found = Counter(each.size_class for each in municipalities(day))

    assert [found[number] for number in range(1, 9)] == counts


def test_municipalities_per_province():
    assert Counter(each.province for each in municipalities(NEW_YEAR_2023)) == {
        "Noord-Brabant": 56,
        "Gelderland": 51,
        "Zuid-Holland": 50,
        "Noord-Holland": 44,
        "Limburg": 31,
        "Utrecht": 26,
        "Overijssel": 25,
        "Fryslân": 18,
        "Zeeland": 13,
        "Drenthe": 12,
        "Groningen": 10,
        "Flevoland": 6,
    }


def test_invented_ones_have_the_provinces_and_classes_of_the_real_ones():
    real = municipalities(NEW_YEAR_2023)
    invented = municipalities(NEW_YEAR_2023, invented=True)

    assert len(invented) == len(real) == 342
    for name in ("province", "size_class"):
        counts = (Counter(getattr(each, name) for each in g) for g in (real, invented))
        assert next(counts) == next(counts)
    assert all(each.is_invented for each in invented)


def test_a_name_like_an_invented_one_is_looked_for_only_when_asked():
    assert find("Voorbeldgemeente 012") == ()
    found = find("Voorbeldgemeente 012", invented=True)
    assert "GM9012" in [each.gm for each in found]


def test_there_are_forty_corop_areas():
    assert len({each.corop for each in municipalities(NEW_YEAR_2023)}) == 40


def test_every_size_class_follows_from_the_population_and_names_are_unique():
    for day in (NEW_YEAR_2022, NEW_YEAR_2023):
        present = municipalities(day)
        assert all(each.size_class == size_class(each.population) for each in present)
        assert len({each.name for each in present}) == len(present)


def test_merged_municipalities_are_the_sum_of_their_parts():
    voorne = municipality("GM1992", NEW_YEAR_2023)
    amsterdam = municipality("GM0363", AFTER_WEESP)

    assert (voorne.name, voorne.population, voorne.size_class) == (
        "Voorne aan Zee",
        17_704 + 40_574 + 14_960,
        5,
    )
    assert amsterdam.population == 882_633 + 20_766
    assert municipality("GM0363", NEW_YEAR_2022).population == 882_633
    assert municipality("GM0518", NEW_YEAR_2023).population == 553_417


def test_before_2022_the_register_is_not_complete():
    with pytest.raises(ValueError, match="complete from 2022-01-01"):
        municipalities(date(2021, 12, 31))


def test_an_earlier_year_is_checked_by_code_only():
    assert municipality("GM0518", date(2013, 7, 17)).name == "'s-Gravenhage"
    assert municipality("GM0501", date(2013, 7, 17)).name == "Brielle"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("GM1680    ", "GM1680"),
        (358, "GM0358"),
        ("358", "GM0358"),
        ("0518", "GM0518"),
        ("gm0575", "GM0575"),
    ],
)
def test_codes_of_cbs_spreadsheets_and_spss_are_normalised(written, code):
    assert normalised_code(written) == code


@given(st.integers(1, 9999))
def test_a_code_survives_padding_and_lost_zeros(number):
    code = f"GM{number:04d}"

    assert normalised_code(number) == normalised_code(f"{code}    ") == code


@pytest.mark.parametrize("written", ["GM12345", "Noordwijk", "", "GM", "36.3", "٣٦٣x"])
def test_what_is_no_code_is_refused(written):
    with pytest.raises(ValueError, match="no municipality code"):
        normalised_code(written)


def test_an_expired_code_names_the_successor():
    found = refusal(municipality, "GM0501", NEW_YEAR_2023)

    assert found.code == "KCC-C013"
    assert found.value == "GM0501"
    assert "Brielle" in found.title and "01-01-2023" in found.title
    assert "GM1992 (Voorne aan Zee)" in found.remedy
    assert municipality("GM0501", date(2022, 12, 31)).successor == "GM1992"


def test_a_code_that_did_not_exist_yet_is_refused():
    found = refusal(municipality, "GM1980", date(2021, 12, 31))

    assert found.code == "KCC-C013c"
    assert "01-01-2022" in found.remedy
    assert municipality("GM1980", NEW_YEAR_2022).name == "Dijk en Waard"


def test_an_unknown_code_gets_the_codes_most_like_it():
    found = refusal(municipality, "GM0574", NEW_YEAR_2023)

    assert found.code == "KCC-C013a"
    assert "GM0575 (Noordwijk)" in found.remedy


def test_a_name_where_a_code_belongs_gets_the_code():
    (found,) = code_problems("Noordwijk", NEW_YEAR_2023)

    assert found.code == "KCC-C006a"
    assert "GM0575 (Noordwijk)" in found.remedy
    assert code_hint("qqqq") == "Bijvoorbeeld GM0575."


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Noordwijk", "GM0575"),
        ("Den Haag", "GM0518"),
        ("den bosch", "GM0796"),
        ("s-Hertogenbosch", "GM0796"),
        ("Sudwest Fryslan", "GM1900"),
        ("Su\u0301dwest-Frysla\u0302n", "GM1900"),
        ("Noardeast-Fryslân", "GM1970"),
        ("Hengelo", "GM0164"),
        ("Hengelo (O.)", "GM0164"),
        ("Rijswijk", "GM0603"),
        ("Beek", "GM0888"),
        ("Laren", "GM0417"),
        ("Middelburg", "GM0687"),
        ("Stein", "GM0971"),
        ("Bergen (NH.)", "GM0373"),
        ("Bergen (Limburg)", "GM0893"),
        ("Voorbeeldgemeente 001", "GM9001"),
    ],
)
def test_a_name_or_alias_means_one_municipality(name, code):
    assert named(name, NEW_YEAR_2023).gm == code


def test_two_bergens_decide_nothing():
    found = refusal(named, "Bergen", NEW_YEAR_2023)

    assert found.code == "KCC-C012b"
    assert "GM0373" in found.remedy and "GM0893" in found.remedy


def test_the_name_of_a_merged_municipality_names_the_successor():
    assert refusal(named, "Weesp", NEW_YEAR_2023).code == "KCC-C013"
    assert named("Weesp", NEW_YEAR_2022).gm == "GM0457"


def test_a_mistyped_name_gets_candidates_and_another_none():
    near = refusal(named, "Amsterdm", NEW_YEAR_2023)

    assert near.code == "KCC-C012" and "GM0363 (Amsterdam)" in near.remedy
    assert refusal(named, "Xyzzy", NEW_YEAR_2023).code == "KCC-C012a"
    assert find("") == ()


def test_every_official_name_finds_itself():
    for each in municipalities(NEW_YEAR_2023):
        assert each.gm in {found.gm for found in find(each.name, NEW_YEAR_2023)}


def test_invented_municipalities_have_the_real_size_classes():
    invented = [each for each in register() if each.is_invented]
    real = municipalities(NEW_YEAR_2023)

    assert [each.gm for each in invented] == [f"GM{9001 + n}" for n in range(342)]
    assert invented[-1].name == "Voorbeeldgemeente 342"
    assert Counter(each.size_class for each in invented) == Counter(
        each.size_class for each in real
    )
    assert [each.size_class for each in invented] != [each.size_class for each in real]
    assert all(each.population is None for each in invented)
    assert municipality("GM9342", NEW_YEAR_2023).name == "Voorbeeldgemeente 342"


def test_every_successor_exists():
    codes = {each.gm for each in register()}

    assert {each.successor for each in register()} - codes == {""}
    ended = {each.gm for each in register() if each.valid_to and each.successor}
    assert ended == {"GM0457", "GM0501", "GM0530", "GM0614"}
