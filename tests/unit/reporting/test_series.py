"""What is drawn, tabulated and said of a continuous measurement, and what is not."""

from datetime import date
from functools import cache

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from kcc_research.estimation.contact_series import contact_series
from kcc_research.reporting import series
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.document import Figure
from kcc_research.reporting.series_account import describe_series_method
from kcc_research.reporting.series_figures import (
    plot_channel_charts,
    plot_contact_response,
    plot_control_chart,
    plot_quarter,
)
from kcc_research.reporting.series_tables import (
    tabulate_detection,
    tabulate_periods,
    tabulate_quarter,
    tabulate_series_channels,
    tabulate_series_figures,
    tabulate_signals,
)
from kcc_research.reporting.series_wording import (
    advise_quarter,
    describe_blind_spots,
    describe_channel_signals,
    describe_development,
    describe_mix,
    describe_quarter,
    describe_signals,
    describe_year_limits,
    explain_chart,
    introduce_series,
    summarise_series,
)
from kcc_research.study.chart import TrendBreak
from tests.continuous_study import (
    ANSWERS,
    demo,
    publish,
    responses,
    study,
    thinned,
    variant,
    without_volumes,
)


@cache
def uncounted():
    return publish(contact_series(without_volumes(), responses()))


@cache
def thin(keep):
    return publish(contact_series(study(), thinned(responses(), keep)))


@cache
def quiet():
    """A year in which nothing fell: the last months repeat the answers of spring."""
    rows = responses()
    answers = rows[ANSWERS]
    month = answers["uitnodiging_datum"].dt.month
    parts = [answers[month <= 8]]
    for late, early in ((9, 4), (10, 5), (11, 6), (12, 4)):
        copy = answers[month == early].copy()
        copy["uitnodiging_datum"] = pd.Timestamp(2024, late, 10)
        parts.append(copy)
    return publish(contact_series(study(), rows | {ANSWERS: pd.concat(parts)}))


@cache
def broken():
    plan = variant(
        trend_break=(TrendBreak(start=date(2024, 9, 1), reason="Vraag gewijzigd."),)
    )
    return publish(contact_series(plan, responses()))


def spaces(text):
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.fixture(autouse=True)
def close_drawings():
    yield
    plt.close("all")


def words_in(figure):
    (axes,) = figure.image.axes
    return [each.get_text() for each in axes.texts]


class TestTheControlChart:
    def test_a_signal_differs_by_word_and_shape_and_a_gap_has_its_word(self):
        found = plot_control_chart(demo().study, demo().estimates, demo().comparisons)
        words = words_in(found)
        assert sum("signaal" in each for each in words) == 2
        assert words.count("geen antwoorden") == 1
        assert "basisperiode" in words
        markers = [line.get_marker() for line in found.image.axes[0].lines]
        assert markers.count("D") == 2
        assert markers.count("o") == 9

    def test_no_line_runs_across_the_gap(self):
        found = plot_control_chart(demo().study, demo().estimates, demo().comparisons)
        spans = [
            sorted(line.get_xdata())
            for line in found.image.axes[0].lines
            if len(line.get_xdata()) == 2
        ]
        assert not [x for x in spans if x[0] < 6 < x[1]]

    def test_its_caption_gives_the_detection_time(self):
        found = plot_control_chart(demo().study, demo().estimates, demo().comparisons)
        seen = series.detections(demo().study, demo().estimates)["maand"]
        assert (
            "Een daling van 10 procentpunt zien we gemiddeld na "
            f"{series.months(seen.months)}." in spaces(found.caption)
        )
        assert spaces(found.caption).count("2,8 maanden") == 1

    def test_its_table_holds_every_period_and_its_limits(self):
        found = plot_control_chart(demo().study, demo().estimates, demo().comparisons)
        assert len(found.data.rows) == 12
        july, september = found.data.rows[6], found.data.rows[8]
        assert july == ("Juli", "–", "–", "–", "–", "–", "–")
        assert september == (
            "September", "129", "65%", "66%", "77%", "89%", "lager",
        )  # fmt: skip

    def test_a_break_is_drawn_and_nothing_after_it_is_marked(self):
        found = plot_control_chart(
            broken().study, broken().estimates, broken().comparisons
        )
        assert "trendbreuk" in words_in(found)
        assert not [each for each in words_in(found) if "signaal" in each]
        assert found.data.rows[8][-1] == "trendbreuk"
        assert "Na de trendbreuk vergelijken we niet" in found.caption

    def test_a_quarter_with_few_answers_is_hollow_and_explained(self):
        telephone, counter = plot_channel_charts(
            demo().study, demo().estimates, demo().comparisons
        )
        assert isinstance(telephone, Figure)
        assert "Open rondje: minder dan 100 antwoorden" in counter.caption
        hollow = [
            line
            for line in counter.image.axes[0].lines
            if line.get_marker() == "o" and line.get_markerfacecolor() == "white"
        ]
        assert len(hollow) == 1

    def test_a_thin_series_is_charted_per_quarter(self):
        found = plot_control_chart(
            thin(3).study, thin(3).estimates, thin(3).comparisons
        )
        assert isinstance(found, Figure)
        assert "per kwartaal" in found.caption
        assert len(found.data.rows) == 4

    def test_a_thinner_one_has_no_chart_but_a_reason(self):
        found = plot_control_chart(
            thin(5).study, thin(5).estimates, thin(5).comparisons
        )
        assert isinstance(found, Absent)
        assert "minder dan 100 antwoorden" in found.reason


class TestWhatIsSaid:
    def test_the_months_with_a_signal_are_named_beside_the_baseline(self):
        said = describe_development(demo().study, demo().estimates, demo().comparisons)
        assert "**september en november 2024** was een kleiner deel tevreden" in said
        assert "65% en 66%, tegen 77%" in said
        assert "Waardoor dat komt, zegt de meting niet." in said

    def test_no_signal_is_no_proof_and_the_wait_is_told(self):
        said = spaces(
            describe_development(quiet().study, quiet().estimates, quiet().comparisons)
        )
        assert "In geen enkele maand" in said
        assert "geen bewijs dat er niets veranderde" in said
        assert "Een daling van 10 procentpunt zien we gemiddeld na 2,8 maanden." in said
        assert "geen signaal" in describe_signals(
            quiet().study, quiet().estimates, quiet().comparisons
        )

    def test_without_a_chart_nothing_is_said_about_change(self):
        said = describe_development(
            thin(5).study, thin(5).estimates, thin(5).comparisons
        )
        assert "is niet te zeggen" in said
        assert "signaal" not in said

    def test_a_week_is_blind(self):
        said = describe_blind_spots(demo().study, demo().estimates, demo().comparisons)
        assert "ongeveer 31 antwoorden" in said
        assert "in een bepaalde week 7%" in said
        assert "blind, niet stabiel" in said

    def test_small_channels_and_blind_quarters_are_named(self):
        said = spaces(
            describe_blind_spots(demo().study, demo().estimates, demo().comparisons)
        )
        assert "Of e-mail, fixi of website" in said
        assert "het derde kwartaal van 2024 (balie)" in said
        assert "Over juli 2024 weten we niets" in said

    def test_the_period_is_explained_by_the_answers_expected(self):
        assert "132 antwoorden. Dat is genoeg" in explain_chart(
            demo().study, demo().estimates
        )
        assert "daarom kijken we per **kwartaal**" in explain_chart(
            thin(3).study, thin(3).estimates
        )

    def test_the_mix_of_channels_is_told_beside_the_difference(self):
        said = describe_mix(demo().study, demo().estimates, demo().comparisons)
        assert "aandeel van website in de contacten ging van 16%" in said
        assert "november 2024 66% gewogen en 69% ongewogen" in said

    def test_contacts_are_no_persons(self):
        said = introduce_series(demo().study, demo().estimates)
        assert "**contacten**, niet over personen" in said
        assert "Van de 8.332 uitnodigingen die aankwamen" in said
        assert "74 antwoorden kwamen een maand later" in said

    def test_the_quarter_says_what_changed_and_what_to_do(self):
        said = spaces(
            describe_quarter(demo().study, demo().estimates, demo().comparisons)
        )
        assert said.startswith("Tevreden in het vierde kwartaal van 2024: **69%**")
        assert "geen duidelijk verschil" in said
        assert "telefoon (het vierde kwartaal van 2024: 66%)" in said
        advice = advise_quarter(demo().study, demo().estimates, demo().comparisons)
        assert "Begin bij telefoon" in advice

    def test_a_quiet_quarter_asks_for_nothing(self):
        said = advise_quarter(quiet().study, quiet().estimates, quiet().comparisons)
        assert "bewijzen niet dat alles gelijk bleef" in said
        assert "Begin" not in said

    def test_a_channel_without_a_signal_is_told_too(self):
        said = describe_channel_signals(
            demo().study, demo().estimates, demo().comparisons
        )
        assert "Bij **telefoon**" in said
        assert "Bij balie zien we geen signaal." in said

    def test_the_summary_reads_as_a_list(self):
        said = summarise_series(demo().study, demo().estimates, demo().comparisons)
        assert len(said.splitlines()) == 4
        assert all(line.startswith("- ") for line in said.splitlines())

    def test_the_rules_name_the_day_of_the_baseline(self):
        assert "vastgelegd op 2 januari 2024" in spaces(
            describe_series_method(demo().study, demo().estimates)
        )


class TestWithoutContactVolumes:
    def test_nothing_is_said_across_channels(self):
        found = uncounted()
        rows = found.estimates[found.estimates["by"].isin(["totaal", "periode"])]
        about = rows[rows["indicator"].isin(["tevreden", "rapportcijfer"])]
        assert about["estimate"].isna().all()
        said = describe_development(found.study, found.estimates, found.comparisons)
        assert "hoeveel contacten elk kanaal had, is niet bekend" in said
        chart = plot_control_chart(found.study, found.estimates, found.comparisons)
        assert isinstance(chart, Absent)
        table = tabulate_periods(found.study, found.estimates, found.comparisons)
        assert isinstance(table, Absent)

    def test_channels_have_their_own_charts_all_the_same(self):
        found = uncounted()
        charts = plot_channel_charts(found.study, found.estimates, found.comparisons)
        assert [isinstance(each, Figure) for each in charts] == [True, True]
        said = describe_quarter(found.study, found.estimates, found.comparisons)
        assert "geen cijfer van alle kanalen samen" in said
        assert "telefoon" in said

    def test_only_the_month_without_answers_is_a_gap(self):
        found = uncounted()
        said = describe_year_limits(found.study, found.estimates, found.comparisons)
        assert "Over juli 2024 weten we niets" in said

    def test_its_response_is_unknown(self):
        found = uncounted()
        assert isinstance(plot_contact_response(found.study, found.estimates), Absent)
        figures = tabulate_series_figures(found.study, found.estimates)
        assert isinstance(figures, Absent)


class TestASeriesTooSmallForAnyChart:
    def test_no_signal_means_nothing_there(self):
        found = thin(5)
        advice = advise_quarter(found.study, found.estimates, found.comparisons)
        assert "Dat er geen signaal is, zegt dus niets." in advice
        signals = describe_signals(found.study, found.estimates, found.comparisons)
        assert signals == "Er is geen regelkaart, en dus ook geen signaal."
        assert explain_chart(found.study, found.estimates) == ""


class TestTheTables:
    def test_the_year_in_three_numbers(self):
        found = tabulate_series_figures(demo().study, demo().estimates)
        assert [row[1] for row in found.rows] == ["74%", "7,1", "18%"]

    def test_every_month_has_its_row_and_its_verdict(self):
        found = tabulate_periods(demo().study, demo().estimates, demo().comparisons)
        assert len(found.rows) == 12
        verdicts = [row[-1] for row in found.rows]
        assert verdicts[6] == "–"
        assert [at for at, each in enumerate(verdicts) if each == "lager"] == [
            8,
            10,
        ]
        assert "Een streepje: geen antwoorden." in found.note

    def test_signals_are_listed_finely_with_their_rule(self):
        found = tabulate_signals(demo().study, demo().estimates, demo().comparisons)
        assert found.rows[1][3] == "66,0%"
        assert found.rows[1][5] == "onder de ondergrens van 66,4%"
        assert isinstance(
            tabulate_signals(quiet().study, quiet().estimates, quiet().comparisons),
            Absent,
        )

    def test_small_channels_have_a_year_and_no_chart(self):
        found = tabulate_series_channels(demo().study, demo().estimates)
        assert [row[-1] for row in found.rows] == [
            "per kwartaal",
            "per kwartaal",
            "nee",
            "nee",
            "nee",
        ]

    def test_a_week_sees_little_and_cries_wolf_more_often(self):
        found = tabulate_detection(demo().study, demo().estimates)
        week, month, *_ = found.rows
        assert week[1:3] == ("31", "7%")
        assert month[3] == "2,8 maanden"
        assert (week[4], month[4]) == ("2 jaar", "13 jaar")

    def test_across_a_break_a_quarter_is_not_comparable(self):
        found = tabulate_quarter(
            broken().study, broken().estimates, broken().comparisons
        )
        assert found.rows[0][-1] == "niet vergelijkbaar: trendbreuk"

    def test_response_and_quarter_are_drawn_with_their_tables(self):
        response = plot_contact_response(demo().study, demo().estimates)
        assert "website 12%" in response.alt
        quarter = plot_quarter(demo().study, demo().estimates, demo().comparisons)
        assert "telefoon 66% (58–74%)" in quarter.alt
        assert len(quarter.data.rows) == 3
