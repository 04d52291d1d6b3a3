"""Persons per theme, against counts made by hand from the rows of the tiny study."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcc_research.disclosure import protect
from kcc_research.estimation.remark_counts import estimate_remarks
from kcc_research.estimation.tables import (
    ESTIMATE_COLUMNS,
    empty_comparisons,
    empty_verdicts,
)
from kcc_research.microdata.remarks import load_remarks
from kcc_research.study.loading import load_study
from tests.remarks_study import (
    KEY,
    MEASUREMENT,
    SCHEME,
    SOURCE,
    line,
    rows,
    write_study,
)


@pytest.fixture
def estimated(tmp_path):
    """Study and estimates of raw lines; the tiny study without any."""

    def made(lines=None, **options):
        root = write_study(tmp_path, lines, **options)
        study = load_study(root, KEY)
        cleaned = load_remarks(
            root / "data" / "raw" / KEY,
            study.measurement.sources[SOURCE],
            study.schemes[SOURCE],
        )
        return study, estimate_remarks(study, SOURCE, cleaned.responses, seed=3)

    return made


def chosen(estimates, **where):
    for name, value in where.items():
        estimates = estimates[estimates[name] == value]
    return estimates


def counts(estimates, **where):
    found = chosen(estimates, **where)
    return dict(zip(found["category"], found["count"], strict=True))


def test_persons_and_fragments(estimated):
    _, estimates = estimated()

    assert tuple(estimates.columns) == ESTIMATE_COLUMNS
    people = chosen(estimates, indicator="personen", category="")
    assert dict(zip(people["group"], people["n"], strict=True)) == {
        "totaal": 13,
        "gesprekken in de hal": 11,
        "inwonerspanel": 2,
    }
    assert counts(estimates, indicator="personen", by="totaal") == {
        "": 13,
        "bezoeker": 11,
        "raadslid": 2,
    }
    (fragments,) = chosen(estimates, indicator="fragmenten", by="totaal")["count"]
    assert fragments == 17


def test_persons_per_theme_and_source(estimated):
    _, estimates = estimated()

    themes = chosen(estimates, indicator="thema")
    assert counts(themes, by="totaal") == {
        "snelheid": 11,
        "maatwerk": 4,
        "duidelijkheid": 2,
    }
    assert counts(themes, group="gesprekken in de hal") == {
        "snelheid": 11,
        "maatwerk": 4,
        "duidelijkheid": 0,
    }
    assert counts(themes, group="inwonerspanel") == {
        "snelheid": 0,
        "maatwerk": 0,
        "duidelijkheid": 2,
    }
    assert set(themes["statistic"]) == {"count"}
    assert set(themes["uncertainty"]) == {"none"}
    assert set(themes["base"]) == {
        "gesprekspartners",
        "gesprekspartners (gesprekken in de hal)",
        "gesprekspartners (inwonerspanel)",
    }
    assert themes["ci_low"].isna().all() and themes["std_error"].isna().all()


def test_nothing_about_people_is_a_share(estimated):
    _, estimates = estimated()

    about_people = estimates[estimates["indicator"] != "overeenstemming"]
    assert set(about_people["statistic"]) == {"count"}
    assert (about_people["estimate"] == about_people["count"]).all()


def test_a_person_counts_once_however_much_is_said(estimated):
    said = [line(f"F{at}", "g1", "SNEL", valence="+") for at in range(5)]
    _, estimates = estimated([*said, line("F9", "g1", "SNEL", valence="-")])

    assert counts(estimates, indicator="thema", by="totaal")["snelheid"] == 1
    assert counts(estimates, indicator="valentie", group="snelheid") == {
        "positief": 1,
        "neutraal": 0,
        "negatief": 1,
    }


def test_valence_and_subthemes_within_a_theme(estimated):
    _, estimates = estimated()

    assert counts(estimates, indicator="valentie", group="snelheid") == {
        "positief": 6,
        "neutraal": 0,
        "negatief": 5,
    }
    assert counts(estimates, indicator="subthema") == {"wachten in de hal": 3}
    within = estimates[estimates["by"] == "thema"]
    assert set(within[within["statistic"] == "count"]["n"]) == {13}


class TestAgreement:
    def test_alpha_and_kappa_of_the_double_coded_fragments(self, estimated):
        _, estimates = estimated()
        found = chosen(estimates, indicator="overeenstemming", by="totaal")
        values = dict(zip(found["category"], found["estimate"], strict=True))

        # Of 24 codes 22 say snelheid, one maatwerk, one duidelijkheid; one of the
        # twelve fragments differs: 1 - (2/24) / ((576 - 484 - 1 - 1) / (24 * 23)).
        assert values["alfa"] == pytest.approx(1 - (2 / 24) / (90 / 552))
        # (11/12 - 121/144) / (1 - 121/144)
        assert values["kappa"] == pytest.approx(11 / 23)
        assert set(found["n"]) == {12}
        assert set(found["uncertainty"]) == {"measurement"}
        low, high = found.iloc[0][["ci_low", "ci_high"]]
        assert low <= values["alfa"] <= high

    def test_per_theme_it_is_whether_the_theme_is_there(self, estimated):
        _, estimates = estimated()
        found = chosen(estimates, indicator="overeenstemming", by="thema")
        values = dict(zip(found["group"], found["estimate"], strict=True))

        # snelheid: both say yes to eleven fragments and no to one.
        assert values["snelheid"] == 1
        # maatwerk: one yes against a no: 1 - (2/24) / (2 * 23 / (24 * 23)).
        assert values["maatwerk"] == pytest.approx(0)

    def test_codes_that_never_vary_say_nothing(self, estimated):
        lines = [
            line(f"F{at}", f"g{at}", "SNEL", coder=coder)
            for at in range(12)
            for coder in "ab"
        ]
        _, estimates = estimated(lines)
        found = chosen(estimates, indicator="overeenstemming", category="alfa")

        assert set(found["status"]) == {"not_measured"}
        assert found["estimate"].isna().all()

    def test_of_two_themes_one_shared_is_no_agreement(self, estimated):
        lines = [
            line(f"F{at}", f"g{at}", "SNEL", coder=c) for at in range(6) for c in "ab"
        ]
        lines += [line("F9", "g9", theme) for theme in ("MAAT", "DUID")]
        lines += [line("F9", "g9", "MAAT", coder="b")]
        _, estimates = estimated(lines)
        found = chosen(estimates, indicator="overeenstemming", category="kappa")

        assert found["estimate"].iloc[0] < 1

    def test_one_coder_has_nothing_to_agree_with(self, estimated):
        _, estimates = estimated([line("F1", "g1", "SNEL")])

        assert "overeenstemming" not in set(estimates["indicator"])


class TestDisclosure:
    def published(self, study, estimates):
        safe = protect(study, estimates, empty_comparisons(), empty_verdicts())
        return safe.estimates

    def test_a_small_theme_is_published_on_a_base_of_ten(self, estimated):
        found = self.published(*estimated())

        assert counts(found, indicator="thema", by="totaal")["duidelijkheid"] == 2

    def test_a_source_of_fewer_than_ten_people_is_not(self, estimated):
        found = self.published(*estimated())

        panel = chosen(found, indicator="thema", group="inwonerspanel")
        assert set(panel["status"]) == {"suppressed"}
        assert panel["count"].isna().all() and panel["n"].isna().all()

    def test_confidential_remarks_lose_every_small_count(self, estimated):
        promised = MEASUREMENT + "confidential = true\n"
        found = self.published(*estimated(measurement=promised))

        about_people = found[found["indicator"] != "overeenstemming"]
        assert set(about_people["status"]) == {"suppressed"}
        assert about_people[["count", "n", "estimate"]].isna().all(axis=None)

    def test_confidential_remarks_of_many_people_are_counted(self, estimated):
        lines = [
            line(
                f"F{n}",
                f"g{n}",
                "SNEL" if n < 20 else "MAAT",
                rol="b" if n % 2 else "r",
            )
            for n in range(40)
        ]
        scheme = SCHEME.split('[[theme]]\nid = "duidelijkheid"')[0]
        promised = MEASUREMENT + "confidential = true\n"
        found = self.published(*estimated(lines, measurement=promised, scheme=scheme))

        assert counts(found, indicator="thema", by="totaal") == {
            "snelheid": 20,
            "maatwerk": 20,
        }

    def test_fewer_than_ten_people_in_all(self, estimated):
        found = self.published(*estimated(rows()[:9]))

        assert set(found["status"]) == {"suppressed"}


codings = st.lists(
    st.tuples(
        st.integers(1, 15),
        st.sampled_from(["hal", "panel"]),
        st.sampled_from(["SNEL", "MAAT", "DUID"]),
        st.sampled_from(["+", "0", "-"]),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=25)
@given(codings)
def test_counts_equal_sets_of_people(tmp_path_factory, said):
    """Against sets of people, counted without pandas."""
    labels = {"SNEL": "snelheid", "MAAT": "maatwerk", "DUID": "duidelijkheid"}
    lines = [
        line(f"F{at}", f"{bron}{person}", theme, bron=bron, valence=valence)
        for at, (person, bron, theme, valence) in enumerate(said)
    ]
    root = write_study(tmp_path_factory.mktemp("codes"), lines)
    study = load_study(root, KEY)
    cleaned = load_remarks(
        root / "data" / "raw" / KEY,
        study.measurement.sources[SOURCE],
        study.schemes[SOURCE],
    )
    estimates = estimate_remarks(study, SOURCE, cleaned.responses)

    people = {(person, bron) for person, bron, _, _ in said}
    about = {
        label: {(p, b) for p, b, theme, _ in said if theme == raw}
        for raw, label in labels.items()
    }
    assert counts(estimates, indicator="thema", by="totaal") == {
        label: len(who) for label, who in about.items()
    }
    assert set(chosen(estimates, indicator="thema", by="totaal")["n"]) == {len(people)}
    for label, who in about.items():
        tones = counts(estimates, indicator="valentie", group=label)
        assert max(tones.values()) <= len(who) <= sum(tones.values())
