"""A study folder out of raw files: proposed, never overwritten, never guessed."""

import hashlib
import os
from datetime import date

import pytest

from kcc_research.errors import CallError
from kcc_research.microdata import first_look
from kcc_research.microdata.proposal import MOST_POINTS
from kcc_research.pipeline import check, new
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.loading import load_study
from kcc_research.study.undecided import open_decisions
from tests import messy_files
from tests.workspaces import REPOSITORY

KEY = "gm0575-noordwijk/2024-proef"
TODAY = date(2024, 6, 1)


@pytest.fixture
def store(tmp_path):
    (tmp_path / "studies").mkdir()
    (tmp_path / "in").mkdir()
    (tmp_path / "notebooks").symlink_to(REPOSITORY / "notebooks")
    return Store(Workspace(tmp_path))


@pytest.fixture
def file(store):
    return lambda name: messy_files.FILES[name](store.workspace.root / "in" / name)


def decide(folder):
    """Agree with every default, as a hurried researcher would."""
    for path in folder.iterdir():
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [each for each in lines if not each.startswith("# BESLIS")]
        path.write_text("".join(kept), encoding="utf-8")


@pytest.mark.parametrize("name", messy_files.FILES)
def test_from_messy_file_to_a_check_without_errors(store, file, name, monkeypatch):
    monkeypatch.setenv("KCC_HOME", str(store.workspace.root))
    made = new.make(store, KEY, [file(name)], TODAY)
    assert sum(made.decisions.values()) <= 12
    before = check.check(store.workspace, KEY)
    assert [each.code for each in before] == ["KCC-C014"] * sum(made.decisions.values())
    assert all(each.file.startswith(f"studies/{KEY}/") and each.row for each in before)
    decide(made.folder)
    after = check.check(store.workspace, KEY)
    assert [str(each) for each in after if each.severity == "error"] == []


@pytest.mark.parametrize("name", messy_files.FILES)
def test_no_words_of_a_respondent_stand_in_a_definition(store, file, name):
    folder = new.make(store, KEY, [file(name)], TODAY).folder
    text = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    secrets = (*messy_files.SECRETS, "@", "prima geholpen", "192.0.2", "Pietje Puk")
    for secret in secrets:
        assert secret not in text


def test_of_a_large_file_the_proposal_counts_no_rows(store, file, monkeypatch):
    monkeypatch.setattr(first_look, "MOST_LOOKED", 9_000)
    made = new.make(store, KEY, [file("bewoners.csv")], TODAY)
    text = (made.folder / "measurement.toml").read_text(encoding="utf-8")
    words = " ".join(text.replace("#", "").split())
    assert "het bestand is groot: alleen de eerste" in words
    assert "in de rijen die zijn bekeken" in words
    decide(made.folder)
    [source] = load_study(store.workspace.root, KEY).measurement.source
    raw = store.workspace.raw(KEY) / "bewoners.csv"
    assert source.rows is None
    assert source.sha256 == hashlib.sha256(raw.read_bytes()).hexdigest()


@pytest.mark.skipif(os.name == "nt", reason="no permissions of this kind")
def test_copies_of_raw_files_are_the_owners_alone(store, file):
    new.make(store, KEY, [file("bewoners.csv")], TODAY)
    place = store.workspace.raw(KEY)
    assert place.stat().st_mode & 0o777 == 0o700
    assert (place / "bewoners.csv").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name == "nt", reason="no permissions of this kind")
def test_a_folder_that_was_there_keeps_its_permissions(store, file):
    place = store.workspace.raw(KEY)
    place.mkdir(parents=True)
    place.chmod(0o750)
    new.make(store, KEY, [file("bewoners.csv")], TODAY)
    assert place.stat().st_mode & 0o777 == 0o750


def proposed(store, file, name):
    folder = new.make(store, KEY, [file(name)], TODAY).folder
    decide(folder)
    study = load_study(store.workspace.root, KEY)
    return study, next(iter(study.questionnaires.values())).questions


def test_what_is_proposed_of_a_windows_csv(store, file):
    study, questions = proposed(store, file, "bewoners.csv")
    source = study.measurement.source[0]
    assert (source.format.decimal, source.format.encoding) == (",", "windows-1252")
    assert (source.rows, source.breakdowns) == (240, ("kanaal", "leeftijd"))
    assert "e_mail" not in questions
    assert questions["cijfer"].missing == {"99": "no_answer"}
    assert questions["stelling_1"].asked_if == "contact = ja"
    assert (study.measurement.municipality, study.place_name) == ("GM0575", "Noordwijk")


def test_what_is_proposed_of_spss(store, file):
    _, questions = proposed(store, file, "klant.sav")
    effort = questions["moeite"]
    assert (effort.direction, effort.range) == ("lower_is_better", (1, 5))
    assert questions["tevreden"].missing == {"6": "dont_know"}
    assert questions["lft"].codes["4"] == "65 en ouder"


def test_an_editor_finds_the_schema_of_each_file(store, file):
    folder = new.make(store, KEY, [file("klant.sav")], TODAY).folder
    for path in folder.iterdir():
        line = path.read_text(encoding="utf-8").splitlines()[0]
        place = (folder / line.removeprefix("#:schema ")).resolve()
        named = place.relative_to(store.workspace.root.resolve())
        assert (REPOSITORY / named).is_file()


def test_ticks_in_limesurvey_are_one_question(store, file):
    study, questions = proposed(store, file, "limesurvey.csv")
    assert study.measurement.source[0].format.first_row == 3
    assert questions["kanaal"].type == "multiple"
    assert questions["kanaal"].categories == ("Telefoon", "Balie")


def test_words_of_a_scale_in_qualtrics_are_a_share(store, file):
    study, questions = proposed(store, file, "qualtrics.csv")
    questionnaire = study.questionnaires["qualtrics"]
    assert questions["q3_1"].text == "Wat vindt u? - De gemeente is goed bereikbaar"
    indicator = questionnaire.indicators["q3_1_positief"]
    assert set(indicator.categories) == {"Eens", "Helemaal eens"}


def test_a_code_that_spss_declares_missing_is_no_answer(store, file):
    _, questions = proposed(store, file, "klant.sav")
    assert questions["uitleg"].missing == {"98": "no_answer"}
    assert questions["uitleg"].range == (1, 5)


def test_a_merged_title_and_dutch_decimals_in_a_workbook(store, file):
    study, questions = proposed(store, file, "Export maart.xlsx")
    form = study.measurement.source[0].format
    assert (form.sheet, form.header_row, form.first_row) == ("Antwoorden", 3, 5)
    assert questions["v7"].type == "number"
    minutes = [p["minuten"] for p in messy_files.people(2)]
    assert questions["v7"].range == (min(minutes), max(minutes))


def test_a_registration_is_recognised_and_its_codes_explained(store, file):
    made = new.make(store, KEY, [file("telefonie.csv")], TODAY)
    assert (made.kind, dict(made.sources)) == (
        "contacts",
        {"telefonie.csv": "contacts"},
    )
    text = (made.folder / "telefonie.toml").read_text(encoding="utf-8")
    assert "niet gelezen: medewerker, notitie" in " ".join(
        text.replace("#", "").split()
    )
    decide(made.folder)
    study = load_study(store.workspace.root, KEY)
    layout = study.layouts["telefonie"]
    assert layout.field["arrived"].format == "%d-%m-%Y %H:%M"
    assert layout.field["outcome"].codes["voicemail"] == "overflow"
    assert not {"medewerker", "notitie"} & set(layout.columns)
    assert study.measurement.fieldwork.recruitment == "registration"
    assert study.measurement.fieldwork.start.isoformat() == "2024-03-01"


def test_coded_remarks_are_recognised(store, file):
    made = new.make(store, KEY, [file("gesprekken.csv")], TODAY)
    assert dict(made.sources) == {"gesprekken.csv": "remarks"}
    decide(made.folder)
    scheme = load_study(store.workspace.root, KEY).schemes["gesprekken"]
    assert set(scheme.labels) == {"Snelheid", "Vriendelijk", "Website"}
    assert scheme.uncoded
    assert scheme.valence["negatief"] == "negatief"
    assert scheme.coders == {"B": "codeur 1", "A": "codeur 2"}


def test_the_kind_of_study_follows_from_the_files_or_from_the_call(store, file):
    calls, answers = file("telefonie.csv"), file("bewoners.csv")
    talks = file("gesprekken.csv")
    keys = (f"gm0575-noordwijk/soort-{n}" for n in range(9))
    for files, kind, found in (
        ([calls, answers], None, "phone"),
        ([answers, talks], None, "counter"),
        ([answers], None, "experience"),
        ([answers], "counter", "counter"),
    ):
        assert new.make(store, next(keys), files, TODAY, kind).kind == found
    with pytest.raises(CallError) as caught:
        new.make(store, next(keys), [file("klant.sav")], TODAY, "contacts")
    assert [each.code for each in caught.value.problems] == ["KCC-C014f"]
    taken = new.make(store, next(keys), [calls], TODAY, "experience")
    assert dict(taken.sources) == {"telefonie.csv": "survey"}


def test_any_log_with_a_number_and_a_moment_is_a_registration_when_asked(
    store, tmp_path
):
    path = tmp_path / "vergunningen.csv"
    rows = [
        f"Z{n:04d};2024-0{1 + n % 6}-11T09:0{n % 10}:00+01:00;"
        f"2024-0{3 + n % 6}-12T10:00:00+01:00;{('web', 'balie')[n % 2]};"
        f"{('verleend', 'ingetrokken')[n % 3 == 0]};J. Jansen"
        for n in range(60)
    ]
    names = "zaaknummer;aanvraagdatum;besluitdatum;kanaal;resultaat;behandelaar"
    path.write_text("\n".join([names, *rows]), encoding="utf-8")
    folder = new.make(store, KEY, [path], TODAY, "contacts").folder
    decide(folder)
    layout = load_study(store.workspace.root, KEY).layouts["vergunningen"]
    assert layout.key == ("zaaknummer",)
    assert {role: each.column for role, each in layout.field.items()} == {
        "arrived": "aanvraagdatum",
        "ended": "besluitdatum",
        "channel": "kanaal",
        "result": "resultaat",
    }
    assert layout.field["result"].codes == {
        "verleend": "resolved",
        "ingetrokken": "not_resolved",
    }


def test_a_continuous_measurement_gets_a_baseline(store, file):
    made = new.make(store, KEY, [file("bewoners.csv")], TODAY, "continuous")
    assert sum(made.decisions.values()) <= 12
    decide(made.folder)
    study = load_study(store.workspace.root, KEY)
    chart = study.measurement.chart
    assert (chart.baseline_start.isoformat(), chart.fall) == ("2024-03-01", 0.10)
    assert study.questionnaires["bewoners"].with_role("contact_date").id == "datum"


def test_names_that_are_questions_two_spellings_and_a_statement_turned_round(
    store, tmp_path, monkeypatch
):
    """What the first walk with a file of our own stumbled over."""
    monkeypatch.setenv("KCC_HOME", str(store.workspace.root))
    path = tmp_path / "balie.csv"
    agreed = ("Mee oneens", "Mee eens")
    rows = [
        f"{('Paspoort', 'paspoort ', 'PASPOORT', 'Rijbewijs')[n % 4]};{agreed[n % 2]}"
        for n in range(60)
    ]
    path.write_text(
        "\n".join(["Voor welk product kwam u?;De wachttijd was te lang", *rows])
    )
    folder = new.make(store, KEY, [path], TODAY).folder
    text = (folder / "balie.toml").read_text(encoding="utf-8")
    assert "hoe zijn de vragen gesteld" not in text
    assert "BESLIS: welk antwoord is goed bij de_wachttijd_was_te_lang?" in text
    decide(folder)
    found = check.check(store.workspace, KEY)
    assert [str(each) for each in found if each.severity == "error"] == []
    codes = load_study(store.workspace.root, KEY).questionnaires["balie"].questions
    assert len(codes["voor_welk_product_kwam_u"].codes) == 2


def test_the_raw_file_is_copied_as_it_is(store, file):
    path = file("Export maart.xlsx")
    new.make(store, KEY, [path], TODAY)
    copied = store.workspace.raw(KEY) / "Export_maart.xlsx"
    assert copied.read_bytes() == path.read_bytes()


def test_nothing_is_ever_overwritten(store, file):
    path = file("klant.sav")
    folder = new.make(store, KEY, [path], TODAY).folder
    before = {each.name: each.read_bytes() for each in folder.iterdir()}
    with pytest.raises(CallError) as caught:
        new.make(store, KEY, [path], TODAY)
    assert [each.code for each in caught.value.problems] == ["KCC-C014a"]
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == before


def test_another_raw_file_of_that_name_stays(store, file):
    target = store.workspace.raw(KEY) / "klant.sav"
    target.parent.mkdir(parents=True)
    target.write_bytes(b"of somebody else")
    with pytest.raises(CallError) as caught:
        new.make(store, KEY, [file("klant.sav")], TODAY)
    assert [each.code for each in caught.value.problems] == ["KCC-C014b"]
    assert target.read_bytes() == b"of somebody else"
    assert not store.workspace.study(KEY).exists()


def test_two_files_of_one_name_and_a_wrong_key(store, file, tmp_path):
    path = file("klant.sav")
    other = tmp_path / "Klant.csv"
    other.write_text("v\n" + "1\n2\n3\n4\n5\n" * 5)
    with pytest.raises(CallError) as caught:
        new.make(store, KEY, [path, other], TODAY)
    assert "KCC-C014c" in [each.code for each in caught.value.problems]
    with pytest.raises(CallError) as caught:
        new.make(store, "Noordwijk 2024", [path], TODAY)
    assert [each.code for each in caught.value.problems] == ["KCC-C010"]


def test_a_file_without_a_closed_question(store, tmp_path):
    path = tmp_path / "namen.csv"
    path.write_text("a;b\n" + "".join(f"x{n} y;z{n} q\n" for n in range(30)))
    with pytest.raises(CallError) as caught:
        new.make(store, KEY, [path], TODAY)
    assert [each.code for each in caught.value.problems] == ["KCC-C014e"]
    assert not store.workspace.study(KEY).exists()


def test_a_wide_file_fits_its_questionnaire(store, tmp_path):
    """300 questions of long wording: what does not fit is named, not cut off."""
    names = [f"stelling over de dienstverlening {n}" for n in range(300)]
    path = tmp_path / "breed.csv"
    rows = [";".join(str(1 + (n + k) % 5) for k in range(300)) for n in range(20)]
    path.write_text("\n".join([";".join(names), *rows]))
    folder = new.make(store, KEY, [path], TODAY).folder
    text = (folder / "breed.toml").read_text(encoding="utf-8")
    assert len(text.encode()) < 64 * 1024
    assert "past niet meer" in text
    decide(folder)
    assert load_study(store.workspace.root, KEY)


def test_decisions_of_one_kind_are_taken_together(store, tmp_path):
    """Twenty batteries of their own length would be twenty decisions."""
    columns = {f"v{k}": [1 + n % (3 + k % 5) for n in range(60)] for k in range(20)}
    columns |= {f"w{k}": [10 * k + n % 2 for n in range(60)] for k in range(2, 9)}
    path = tmp_path / "veel.csv"
    rows = [";".join(map(str, row)) for row in zip(*columns.values(), strict=True)]
    path.write_text("\n".join([";".join(columns), *rows]))
    made = new.make(store, KEY, [path], TODAY)
    assert made.decisions["veel.toml"] <= MOST_POINTS
    text = (made.folder / "veel.toml").read_text(encoding="utf-8")
    assert len(open_decisions(text, "veel.toml")) == made.decisions["veel.toml"]


def test_an_opinion_about_an_employee_is_no_name_of_one(store, monkeypatch):
    monkeypatch.setenv("KCC_HOME", str(store.workspace.root))
    words = ("Helemaal mee oneens", "Mee oneens", "Mee eens", "Helemaal mee eens")
    names = ("Naam medewerker", "De medewerker was vriendelijk", "Rapportcijfer")
    rows = [f"Balie {n % 3};{words[n % 4]};{5 + n % 5}" for n in range(60)]
    path = store.workspace.root / "in" / "proef.csv"
    path.write_text("\n".join([";".join(names), *rows]), encoding="utf-8")
    made = new.make(store, KEY, [path], TODAY)
    decide(made.folder)
    asked = made.folder / "proef.toml"
    [told] = [e for e in asked.read_text().splitlines() if e.startswith("staff")]
    assert told.startswith('staff = "nobody"')
    refused = [each for each in check.check(store.workspace, KEY)]
    assert [each.value for each in refused if each.code == "KCC-S012"] == [
        "naam_medewerker"
    ]
