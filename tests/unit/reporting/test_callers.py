"""The quick scan in words: experience beside execution, never one for both."""

import pytest

from kcc_research.reporting import callers
from tests.den_haag_study import den_haag

LOW, HIGH = "complex_meer_diensten", "enkelvoudig_een_dienst"


@pytest.fixture
def study():
    return den_haag().study


@pytest.fixture
def estimates():
    return den_haag().estimates


def plain(text):
    return text.replace("\u00a0", " ")


def of_group(estimates, group, **values):
    """The estimates with other values for the satisfaction of one group."""
    found = estimates.copy()
    chosen = (found["indicator"] == "tevreden") & (found["group"] == group)
    for name, value in values.items():
        found.loc[chosen, name] = value
    return found


def test_the_summary_accounts_for_everybody(study, estimates):
    words = plain(
        callers.summarise_callers(study, estimates, den_haag().verdicts, (LOW, HIGH))
    )
    assert words.startswith(
        "- Van de 750 bellers is **70% tevreden** (cijfer 7 of hoger; 525 van 750; "
        "95%-marge 67–73%) en **28% niet tevreden** (cijfer 6 of lager; 210 van 750; "
        "95%-marge 25–31%). 15 bellers gaven geen cijfer; zij tellen wel mee."
    )
    assert "Oordeel: **nog niet op doel: 20 procentpunt te gaan (17–23)**." in words
    assert "Bellers met een 6 of lager noemen het vaakst" in words


def test_a_contrast_is_clear_only_when_margins_do_not_touch(study, estimates):
    assert "Dat verschil is duidelijk" in callers.describe_contrast(
        study, estimates, LOW, HIGH
    )
    wide = of_group(estimates, LOW, ci_high=0.80)
    words = callers.describe_contrast(study, wide, LOW, HIGH)
    assert "duidelijk:" not in words
    assert "te dichtbij om te zeggen" in words


def test_a_contrast_with_a_hidden_group_is_not_told(study, estimates):
    hidden = of_group(estimates, LOW, estimate=None, n=None, count=None)
    assert callers.describe_contrast(study, hidden, LOW, HIGH) == ""


def test_tiles_hold_the_distance_and_say_what_was_counted(study, estimates):
    table = callers.tabulate_caller_figures(
        study, estimates, den_haag().verdicts, ["in_een_keer_geholpen", "servicelevel"]
    )
    rows = [[plain(cell) for cell in row] for row in table.rows]
    assert [row[1] for row in rows[:2]] == ["70%", "20"]
    assert rows[1][2] == (
        "waarschijnlijk 17–23; het doel is 90% op 31 december 2015; nog niet op doel"
    )
    assert rows[3][0] == "Binnen 30 seconden opgenomen (servicelevel)"
    assert rows[3][2].endswith("geteld, geen marge")
    assert "marge" in rows[2][2]
    assert table.layout == "key_figures"


def test_an_unknown_indicator_gives_no_tile(study, estimates):
    table = callers.tabulate_caller_figures(
        study, estimates, den_haag().verdicts, ["bestaat_niet"]
    )
    assert len(table.rows) == 2


def test_experience_and_execution_keep_their_own_column(study, estimates):
    table = callers.tabulate_side_by_side(
        study,
        estimates,
        {
            "In één keer": ("in_een_keer_geholpen", "in_een_keer"),
            "Terugbellen": ("", "terugbel_nagekomen"),
        },
    )
    first, second = table.rows
    assert "volgens de beller" in first[1]
    assert "95%-marge" in first[1]
    assert "volgens de registratie" in first[2]
    assert "geen marge" in first[2]
    assert second[1] == "–"
    assert "niet hetzelfde" in table.note


def test_what_is_not_known_names_the_gap_and_the_interviews(study, estimates):
    words = plain(callers.describe_caller_limits(study, estimates))
    for part in (
        "Getrokken zijn gesprekken, niet personen",
        "zeggen niets over tevreden bellers",
        "Op 15 mei 2013 is geen enkel gesprek geregistreerd",
    ):
        assert part in words


def test_without_interviews_nothing_is_said_of_them(study, estimates):
    measurement = study.measurement
    sources = tuple(each for each in measurement.source if each.kind != "remarks")
    without = study.model_copy(
        update={"measurement": measurement.model_copy(update={"source": sources})}
    )
    assert "interviews" not in callers.describe_caller_limits(without, estimates)
    words = callers.introduce_callers(without)
    assert "twee bronnen" in words
    assert "verdieping" not in words


def test_the_introduction_tells_the_three_sources_apart(study):
    words = plain(callers.introduce_callers(study))
    assert "drie bronnen" in words
    assert words.endswith(
        "Het register van gemeenten is volledig vanaf 2022. Voor 2013 is alleen de "
        "code van 's-Gravenhage (GM0518) gecontroleerd."
    )
    for part in ("(beleving)", "(uitvoering)", "(verdieping)"):
        assert part in words
