"""The committed Noordwijk files: equal to the generator, and to what was published."""

import csv
import io
import math
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from kcc_research.microdata.synthetic_noordwijk import demo_files
from kcc_research.study.loading import load_study
from kcc_research.study.measurement import Study

ROOT = Path(__file__).parents[3]
BRIDGED = (
    "duidelijke_communicatie",
    "op_de_hoogte_houden",
    "flexibel",
    "luisteren_meedenken",
)
IMPROVED, LAGGING = BRIDGED[:2], BRIDGED[2:]

Row = dict[str, str]


@cache
def rows(year: int, source: str = "algemeen") -> list[Row]:
    text = demo_files()[f"gm0575-noordwijk/{year}-klantbeleving/{source}.csv"]
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@cache
def study(year: int) -> Study:
    return load_study(ROOT, f"gm0575-noordwijk/{year}-klantbeleving")


def clean(value: str) -> str:
    return value.replace("\u00a0", " ").strip().lower()


def raked(people: list[Row], year: int, source: str = "algemeen") -> list[float]:
    """Weights that reproduce the margins: iterative proportional fitting."""
    margins = study(year).margins[source]
    questions = study(year).questionnaires[source].questions
    weights = [1.0] * len(people)
    for _ in range(100):
        for variable, counts in margins.items():
            codes = {clean(c): label for c, label in questions[variable].codes.items()}
            groups = [codes[clean(person[variable])] for person in people]
            for category, count in counts.items():
                target = count / sum(counts.values()) * len(people)
                here = [each == category for each in groups]
                now = sum(
                    w for w, is_here in zip(weights, here, strict=True) if is_here
                )
                weights = [
                    w * target / now if is_here else w
                    for w, is_here in zip(weights, here, strict=True)
                ]
    return weights


def weighted(
    people: list[Row], weights: list[float], value: Callable[[Row], float | None]
) -> float:
    pairs = [
        (w, found)
        for w, person in zip(weights, people, strict=True)
        if (found := value(person)) is not None
    ]
    return sum(w * x for w, x in pairs) / sum(w for w, _ in pairs)


def grade(person: Row) -> float | None:
    return float(person["cijfer"]) if person["cijfer"] else None


def statement(name: str, level: int) -> Callable[[Row], float | None]:
    """1 for agreement of at least ``level`` among contact-havers who answered."""

    def value(person: Row) -> float | None:
        answer = person[f"stelling_{name}"]
        if person.get("had_contact", "j") != "j" or answer not in "12345":
            return None
        return float(int(answer) >= level) if answer else None

    return value


@pytest.mark.parametrize("name", demo_files())
def test_the_committed_file_is_what_the_generator_makes(name):
    committed = (ROOT / "data" / "raw" / name).read_text(encoding="utf-8")

    assert committed == demo_files()[name]


def test_no_file_is_left_behind_and_all_together_are_small():
    folder = ROOT / "data" / "raw" / "gm0575-noordwijk"
    files = [path for path in folder.glob("*-klantbeleving/*") if path.is_file()]

    assert {path.relative_to(ROOT / "data/raw").as_posix() for path in files} == set(
        demo_files()
    )
    assert sum(path.stat().st_size for path in files) < 300_000


def test_the_files_of_all_demonstrations_together_are_at_most_6_megabytes():
    files = [path for path in (ROOT / "data" / "raw").rglob("*") if path.is_file()]
    assert 1_000_000 < sum(path.stat().st_size for path in files) <= 6_000_000


def test_g15_353_had_contact_and_332_answered_about_a_contact():
    assert len(rows(2023)) == 441
    assert Counter(each["had_contact"] for each in rows(2023)) == {"j": 353, "n": 88}
    assert len(rows(2023, "contactmoment")) == 332


def test_g16_the_grade_is_6_6_weighted_and_unweighted():
    grades = [int(each["cijfer"]) for each in rows(2023) if each["cijfer"]]

    assert len(grades) == 353
    assert 2313 <= sum(grades) <= 2347
    assert all(1 <= each <= 10 for each in grades)
    assert 6.55 <= weighted(rows(2023), raked(rows(2023), 2023), grade) < 6.65


@pytest.mark.parametrize(
    ("year", "n", "low", "high"), [(2022, 412, 6.35, 6.45), (2021, 398, 6.25, 6.35)]
)
def test_g17_the_earlier_grades_are_those_of_all_residents(year, n, low, high):
    grades = [int(each["cijfer"]) for each in rows(year)]

    assert len(grades) == n
    assert low <= sum(grades) / n < high
    assert low <= weighted(rows(year), raked(rows(year), year), grade) < high


def test_weights_stay_far_within_the_bounds_of_the_calibration():
    for year in (2021, 2022, 2023):
        weights = raked(rows(year), year)
        assert 0.4 < min(weights) and max(weights) < 2


def change(name: str) -> tuple[float, float]:
    """Difference of the weighted share that agrees, 2023 minus 2022, and its z."""
    value = statement(name, 4)
    shares, variance = [], 0.0
    for year in (2022, 2023):
        weights = raked(rows(year), year)
        share = weighted(rows(year), weights, value)
        used = [
            w
            for w, person in zip(weights, rows(year), strict=True)
            if value(person) is not None
        ]
        effective = sum(used) ** 2 / sum(w * w for w in used)
        shares.append(share)
        variance += share * (1 - share) / effective
    difference = shares[1] - shares[0]
    return difference, difference / math.sqrt(variance)


@pytest.mark.parametrize("name", IMPROVED)
def test_g18_communication_and_keeping_informed_improved(name):
    difference, z = change(name)

    assert difference > 0
    assert z > 2.5  # beyond Holm's first step over four statements


@pytest.mark.parametrize("name", LAGGING)
def test_g18_flexibility_and_listening_did_not_clearly_change(name):
    assert abs(change(name)[1]) < 1.96


def test_g18_flexibility_and_listening_are_the_lowest_statements():
    weights = raked(rows(2023), 2023)
    names = [each[9:] for each in rows(2023)[0] if each.startswith("stelling_")]
    shares = {name: weighted(rows(2023), weights, statement(name, 4)) for name in names}

    assert set(sorted(shares, key=shares.__getitem__)[:2]) == set(LAGGING)


def test_inspection_of_documents_and_permits_are_the_weakest_services():
    for column in ("cijfer", "cijfer_product"):
        means = {}
        for product in "1234567":
            grades = [
                int(each[column])
                for each in rows(2023)
                if each["product"] == product and each[column] not in ("11", "99")
            ]
            means[product] = sum(grades) / len(grades)
        assert set(sorted(means, key=means.__getitem__)[:2]) == {"3", "4"}


def test_every_channel_has_enough_answers_to_print():
    counts = Counter(clean(each["kanaal"]) for each in rows(2023, "contactmoment"))

    assert set(counts) == {"telefoon", "balie", "e-mail", "fixi", "website"}
    assert all(27 <= n <= 110 for n in counts.values())


def test_every_group_of_the_report_keeps_a_base_of_ten_themes_included():
    for year in (2021, 2022, 2023):
        people = [each for each in rows(year) if each["had_contact"] == "j"]
        for variable in ("leeftijd", "kern", "kanaal", "product"):
            coded = Counter(clean(each[variable]) for each in people if each["thema"])
            answered = {key: n for key, n in coded.items() if key}
            assert min(answered.values()) >= 10, (year, variable)


def test_who_had_no_contact_was_asked_nothing_about_it_in_2023_only():
    routed = [key for key in rows(2023)[0] if key.startswith(("cijfer", "stelling"))]
    screened = [each for each in rows(2023) if each["had_contact"] == "n"]

    assert {each[key] for each in screened for key in routed} == {""}
    assert all(each["cijfer"] for each in rows(2022))


def test_the_delivery_has_the_oddities_cleaning_must_log():
    channels = {each["kanaal"] for each in rows(2023)}

    assert {"Balie ", "e-mail\u00a0"} <= channels
    remarks = " ".join(each["open_toelichting"] for each in rows(2023))
    assert "06-00000000" in remarks and "@voorbeeld.example" in remarks


def test_item_non_response_is_declared_and_modest():
    for name in BRIDGED:
        answers = Counter(each[f"stelling_{name}"] for each in rows(2023))
        assert set(answers) <= {*"123456", "9", ""}
        assert 0 < answers["6"] + answers["9"] < 0.12 * 353


def test_respondents_are_unique_and_dates_lie_in_the_fieldwork():
    for year in (2021, 2022, 2023):
        identifiers = [each["respondent"] for each in rows(year)]
        assert len(set(identifiers)) == len(identifiers)
        fieldwork = study(year).measurement.fieldwork
        days = {tuple(map(int, each["datum"].split("-"))) for each in rows(year)}
        assert all(
            fieldwork.start.isoformat()
            <= f"{y:04d}-{m:02d}-{d:02d}"
            <= fieldwork.end.isoformat()
            for d, m, y in days
        )


def test_every_code_is_declared():
    for year, source in (
        (2021, "algemeen"),
        (2022, "algemeen"),
        (2023, "algemeen"),
        (2023, "contactmoment"),
    ):
        for question in study(year).questionnaires[source].question:
            assert question.column in rows(year, source)[0]
            if question.type not in ("choice", "scale", "grade"):
                continue
            grades = (
                {str(n) for n in range(1, 11)} if question.type == "grade" else set()
            )
            known = {
                clean(each) for each in {*question.codes, *question.missing, *grades}
            }
            found = {clean(each[question.column]) for each in rows(year, source)}
            assert found <= known | {""}, question.id


def test_nobody_is_counted_in_two_questionnaires():
    general = {each["respondent"] for each in rows(2023)}

    assert general.isdisjoint(
        each["respondent"] for each in rows(2023, "contactmoment")
    )
