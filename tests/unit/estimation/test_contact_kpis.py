"""Key figures of small registrations, against figures counted by hand."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from kcc_research import dutch
from kcc_research.estimation.contact_kpis import (
    breakdowns,
    estimate_contacts,
)
from kcc_research.estimation.contact_part import group_name
from kcc_research.estimation.tables import WORKING_COLUMNS
from kcc_research.estimation.target import judge_norms
from kcc_research.study.contact_indicator import contact_indicators
from kcc_research.study.layout_file import joined, shipped_layouts
from kcc_research.study.norm import ServiceNorm
from kcc_research.study.record_layout import RecordLayout
from tests.contact_study import write_records

MONDAY = {
    "day": date(2024, 3, 4),
    "month": "2024-03",
    "weekday": 1,
    "hour": 9,
    "in_hours": True,
    "outcome": "helped",
    "channel": "telefoon",
}


@pytest.fixture
def figures(tmp_path):
    """Estimates of records (count, what differs from a Monday call) under a layout."""

    def run(layout, *groups, by=None):
        path = tmp_path / "records.parquet"
        write_records(path, MONDAY, groups)
        study = SimpleNamespace(key="gm9001-v/2024-k", layouts={"bron": layout})
        return estimate_contacts(study, "bron", path, by)

    return run


def layout(name: str, **more: object) -> RecordLayout:
    values = shipped_layouts()[name].model_dump(exclude_defaults=True)
    return RecordLayout.model_validate(joined(values, more))


def one(table, indicator, by="totaal", group="totaal", category=""):
    """The one row of a figure."""
    found = table[
        (table["indicator"] == indicator)
        & (table["by"] == by)
        & (table["group"] == group)
        & (table["category"] == category)
    ]
    assert len(found) == 1
    return found.iloc[0]


def share(table, indicator, *where):
    found = one(table, indicator, *where)
    return int(found["count"]), int(found["n"])


@pytest.fixture
def calls(figures):
    """DOMAIN-D18 in opening hours, with more around it."""
    return figures(
        layout("telefonie", thresholds={"short_abandon_seconds": 10}),
        (800, {"wait_seconds": 20, "handling_seconds": 100, "transfer": "none"}),
        (
            200,
            {
                "wait_seconds": 60,
                "handling_seconds": 300,
                "transfer": "transferred",
                "weekday": 2,
                "hour": 10,
                "day": date(2024, 3, 5),
            },
        ),
        (25, {"outcome": "abandoned", "wait_seconds": 9}),
        (50, {"outcome": "abandoned", "wait_seconds": 10}),
        (40, {"in_hours": False, "outcome": "abandoned", "wait_seconds": 99}),
    )


def test_the_table_is_an_estimates_table_without_uncertainty(calls):
    assert tuple(calls.columns) == WORKING_COLUMNS
    assert set(calls["uncertainty"]) == {"none"}
    assert set(calls["measurement"]) == {"gm9001-v/2024-k"}
    assert calls[["std_error", "ci_low", "ci_high", "df"]].isna().all(axis=None)
    assert not calls["weighted"].any()
    assert calls.drop_duplicates(["indicator", "by", "group", "category"]).equals(calls)


def test_every_indicator_of_the_layout_is_there_and_no_other(calls):
    assert set(calls["indicator"]) == set(contact_indicators(layout("telefonie")))


def test_phone_figures(calls):
    assert share(calls, "contacten") == (1_115, 1_115)
    assert share(calls, "bereikbaarheid") == (1_000, 1_075)
    assert share(calls, "servicelevel") == (800, 1_050)
    assert share(calls, "uitval") == (50, 1_050)
    assert share(calls, "doorverbonden") == (200, 1_000)
    assert share(calls, "wachttijd_binnen_norm") == (800, 1_000)


def test_the_formula_is_printed_with_the_figure(calls):
    method = one(calls, "servicelevel")["method"]

    assert method.startswith("servicelevel 80/30 seconden, formule offered_excl_short:")
    base = one(calls, "servicelevel")["base"]
    assert base == (
        "contacten aangeboden tijdens openingstijden,"
        " zonder wie binnen 10 seconden ophing"
    )


@pytest.mark.parametrize(
    ("formula", "count", "n"),
    [
        ("answered", 800, 1_000),
        ("offered", 800, 1_075),
        ("offered_excl_short", 800, 1_050),
        ("abandoned_in_time_ok", 875, 1_075),
    ],
)
def test_each_formula_from_records(figures, formula, count, n):
    table = figures(
        layout(
            "telefonie",
            service_level={"formula": formula},
            thresholds={"short_abandon_seconds": 10},
        ),
        (800, {"wait_seconds": 30}),
        (200, {"wait_seconds": 31}),
        (25, {"outcome": "abandoned", "wait_seconds": 5}),
        (50, {"outcome": "abandoned", "wait_seconds": 20}),
        by=[],
    )

    assert share(table, "servicelevel") == (count, n)


def test_waiting_and_handling_times(calls):
    assert one(calls, "wachttijd")["estimate"] == pytest.approx(28)
    assert one(calls, "wachttijd_mediaan")["estimate"] == 20
    assert one(calls, "wachttijd_p90")["estimate"] == 60
    assert one(calls, "afhandeltijd")["estimate"] == pytest.approx(140)


def test_groups_are_named_in_their_own_order(calls):
    weekdays = calls[(calls["indicator"] == "contacten") & (calls["by"] == "weekdag")]
    hours = calls[(calls["indicator"] == "contacten") & (calls["by"] == "uur")]

    assert weekdays["group"].tolist() == ["maandag", "dinsdag"]
    assert weekdays["estimate"].tolist() == [915, 200]
    assert hours["group"].tolist() == ["09:00", "10:00"]
    assert share(calls, "bereikbaarheid", "weekdag", "maandag") == (800, 875)
    assert share(calls, "contacten", "weekdag_uur", "dinsdag 10:00") == (200, 200)


def test_the_heat_map_counts_contacts_only(calls):
    assert set(calls[calls["by"] == "weekdag_uur"]["indicator"]) == {"contacten"}


@pytest.mark.parametrize(
    ("n", "median", "p90"),
    [(19, False, False), (20, True, False), (99, True, False), (100, True, True)],
)
def test_percentiles_need_ten_records_on_both_sides(figures, n, median, p90):
    table = figures(layout("telefonie"), (n, {"wait_seconds": 20}), by=[])

    for name, given in (("mediaan", median), ("p90", p90)):
        found = one(table, f"wachttijd_{name}")
        assert (found["status"] == "published") == given
        assert (found["estimate"] == 20) == given
    assert one(table, "wachttijd")["status"] == "published"


def test_confidential_contacts_count_in_totals_only(figures):
    secret = {
        "channel": None,
        "month": None,
        "weekday": None,
        "hour": None,
        "confidential": True,
        "result": "resolved",
        "first_contact": True,
    }
    table = figures(
        layout("openklant"),
        (30, {"result": "resolved", "first_contact": True}),
        (12, secret),
    )

    assert share(table, "in_een_keer") == (42, 42)
    assert share(table, "in_een_keer", "kanaal", "telefoon") == (30, 30)
    unknown = table[table["group"] == "onbekend"]
    assert set(unknown["indicator"]) == {"contacten"}
    assert set(unknown["estimate"]) == {12}


def test_tickets(figures):
    table = figures(
        layout("klantgeleiding"),
        (60, {"with_appointment": True, "wait_seconds": 600}),
        (30, {"with_appointment": False, "wait_seconds": 601}),
        (6, {"with_appointment": True, "outcome": "no_show"}),
        (4, {"with_appointment": False, "outcome": "abandoned"}),
    )

    assert share(table, "wachttijd_binnen_norm") == (60, 90)
    assert one(table, "wachttijd", "afspraak", "met afspraak")["estimate"] == 600
    assert one(table, "wachttijd", "afspraak", "zonder afspraak")["estimate"] == 601
    assert share(table, "uitkomst", "totaal", "totaal", "niet verschenen") == (6, 100)
    # Who did not come was never offered to the counter.
    assert share(table, "uitval") == (4, 94)


def test_results_of_a_log(figures):
    def talks(result, **more):
        moved = "transferred" if result == "transferred" else "none"
        return {"result": result, "transfer": moved} | more

    table = figures(
        layout("kiss"),
        (50, talks("resolved", first_contact=True)),
        (20, talks("not_resolved", first_contact=False)),
        (10, talks("transferred", first_contact=False)),
        (15, talks("referred")),
        (5, talks("excluded")),
        (7, {}),
        by=[],
    )

    assert share(table, "in_een_keer") == (50, 80)
    assert share(table, "doorverbonden") == (10, 100)
    everyone = ("totaal", "totaal")
    referred = "verwezen naar een andere instantie"
    assert share(table, "gespreksresultaat", *everyone, referred) == (15, 107)
    assert share(table, "gespreksresultaat", *everyone, "niet ingevuld") == (7, 107)


def test_norms_and_call_backs(figures):
    given = {
        "field": {
            "ended": {"column": "eind"},
            "due": {"column": "streef"},
            "callback_requested": {"column": "a"},
            "callback_done": {"column": "b"},
        },
        "thresholds": {"callback_working_days": 2},
    }
    table = figures(
        layout("signalen", **given),
        (60, {"norm_state": "within", "throughput_minutes": 1_440}),
        (20, {"norm_state": "late", "throughput_minutes": 14_400}),
        (11, {"norm_state": "open", "outcome": "open", "callback_state": "not_due"}),
        (9, {"norm_state": "no_norm", "callback_state": "kept"}),
        (3, {"callback_state": "missed", "norm_state": "no_norm"}),
        by=[],
    )

    assert share(table, "binnen_norm") == (60, 80)
    for category, count in (("nog open", 11), ("geen norm", 12), ("te laat", 20)):
        row = share(table, "normklasse", "totaal", "totaal", category)
        assert row == (count, 103)
    assert share(table, "terugbel_nagekomen") == (9, 12)
    assert one(table, "doorlooptijd")["estimate"] == pytest.approx(3.25)
    assert one(table, "doorlooptijd_mediaan")["estimate"] == 1


def test_a_norm_that_cannot_be_measured_is_a_white_spot(figures):
    given = {
        "field": {"ended": {"column": "eind"}},
        "thresholds": {"norm_working_days": {"post": 2}},
    }
    table = figures(layout("signalen", **given), (12, {"norm_state": "no_norm"}))

    found = one(table, "binnen_norm")
    assert (found["status"], found["n"]) == ("not_measured", 0)
    assert found[["estimate"]].isna().all()


def test_satisfaction_rests_on_who_answered(figures):
    table = figures(
        layout("signalen"),
        (30, {"satisfied": "yes"}),
        (10, {"satisfied": "no"}),
        (60, {}),
    )

    assert share(table, "tevreden") == (30, 40)
    assert share(table, "respons") == (40, 100)


def test_days_without_a_record_stand_in_the_table(figures):
    monday = MONDAY["day"]
    table = figures(
        layout("signalen"), (12, {}), (12, {"day": monday + timedelta(days=7)}), by=[]
    )

    found = one(table, "dagen_zonder_registratie")
    assert (found["estimate"], found["n"]) == (4, 6)
    days = [dutch.long_date(date(2024, 3, day)) for day in (4, 11, 5, 8)]
    assert found["base"] == f"werkdagen van {days[0]} tot en met {days[1]}"
    gap = f"{days[2]} tot en met {days[3]}"
    assert one(table, "dagen_zonder_registratie", "periode", gap)["estimate"] == 4


def test_a_complete_registration_is_judged_by_value(figures, make_study):
    """STAT-M28: 3.980 of 5.000 in time against 80% is not met, never undecided."""
    found = layout("telefonie")
    table = figures(
        found,
        (3_980, {"wait_seconds": 30}),
        (1_020, {"wait_seconds": 31}),
        (200, {"outcome": "abandoned", "wait_seconds": 60}),
        by=[],
    ).assign(measurement=lambda frame: make_study().key)
    norms = (
        ServiceNorm(indicator="wachttijd_binnen_norm", share=0.80, source="norm"),
        ServiceNorm(indicator="uitval", share=0.05, source="norm"),
        ServiceNorm(indicator="wachttijd", mean=30, source="norm"),
        ServiceNorm(indicator="terugbel_nagekomen", share=0.8, source="norm"),
    )
    study = make_study(norm=norms)
    source = study.measurement.source[0].id
    study = study.model_copy(update={"layouts": {source: found}})

    verdicts = judge_norms(study, table.assign(source=source))

    assert dict(zip(verdicts["indicator"], verdicts["verdict"], strict=True)) == {
        "wachttijd_binnen_norm": "not_met",
        "uitval": "met",
        "wachttijd": "not_met",
        "terugbel_nagekomen": "not_measured",
    }


def test_breakdowns_follow_the_layout():
    assert breakdowns(layout("telefonie")) == (
        "kanaal",
        "product",
        "locatie",
        "maand",
        "weekdag",
        "uur",
        "weekdag_uur",
    )
    assert "afspraak" in breakdowns(layout("klantgeleiding"))
    assert "locatie" not in breakdowns(layout("kiss"))


@pytest.mark.parametrize(
    ("by", "key", "name"),
    [
        ("weekdag", 7, "zondag"),
        ("uur", 8, "08:00"),
        ("weekdag_uur", 517, "vrijdag 17:00"),
        ("afspraak", True, "met afspraak"),
        ("maand", "2024-03", "2024-03"),
        ("kanaal", None, "onbekend"),
    ],
)
def test_names_of_groups(by, key, name):
    assert group_name(by, key) == name


def test_waiting_times_in_classes_that_a_norm_divides(figures):
    table = figures(
        layout("klantgeleiding"),
        (40, {"wait_seconds": 60, "with_appointment": True}),
        (20, {"wait_seconds": 61, "with_appointment": False}),
        (12, {"wait_seconds": 600, "with_appointment": False}),
        (11, {"wait_seconds": 601, "with_appointment": False}),
        (3, {"wait_seconds": 5_000, "with_appointment": False}),
        (9, {"outcome": "abandoned", "wait_seconds": 30}),
    )
    rows = table[table["indicator"] == "wachttijd_klasse"]
    whole = rows[rows["by"] == "totaal"].set_index("category")["count"]

    assert whole["0–1 minuut"] == 40
    assert whole["1–2 minuten"] == 20
    assert whole["9–10 minuten"] == 12
    assert whole["meer dan 10 minuten"] == 14
    assert whole.sum() == 86
    within = one(table, "wachttijd_binnen_norm")
    assert within["count"] == whole.iloc[:-1].sum() == 72
    assert set(rows["by"]) == {"totaal", "afspraak"}
    assert set(rows["uncertainty"]) == {"none"}
    without = rows[rows["group"] == "zonder afspraak"]
    assert (without["n"] == 46).all()


def test_nine_waiting_times_have_no_classes(figures):
    found = one(
        figures(layout("klantgeleiding"), (9, {"wait_seconds": 5})), "wachttijd_klasse"
    )

    assert found["status"] == "not_measured"
    assert found["method"] == "minder dan 10 records: geen klassen"
