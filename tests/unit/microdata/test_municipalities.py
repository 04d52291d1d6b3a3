"""Municipalities as respondents: names to codes, one answer each."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from kcc_research.errors import DataError
from kcc_research.microdata.municipalities import (
    identified,
    in_file,
    one_each,
    scan_problems,
)
from kcc_research.microdata.raw_table import FileFacts, RawTable
from kcc_research.study.questionnaire import Questionnaire
from tests.assurance_study import assurance_study
from tests.benchmark_study import benchmark_study

DAY = date(2023, 3, 6)
CODES = {str(size): "klein" if size < 5 else "groot" for size in range(1, 9)}


def question(name, kind, **more):
    return {
        "id": name,
        "column": name,
        "text": name,
        "type": kind,
        "sensitive": False,
    } | more


QUESTIONNAIRE = Questionnaire(
    title="Gemeenten",
    question=[
        question("datum", "date", date_format="%d-%m-%Y"),
        question("code", "text", role="municipality_code"),
        question("naam", "text", role="municipality"),
        question("klasse", "choice", codes=CODES, role="size_class"),
        question("visie", "choice", codes=["ja", "nee"]),
    ],
)
COLUMNS = ("datum", "code", "naam", "klasse", "visie")


def table(*rows):
    cells = pd.DataFrame(list(rows), columns=COLUMNS, dtype=object)
    places = np.arange(2, 2 + len(rows))
    return RawTable(
        cells=cells,
        rows=places,
        excel_rows=places,
        part=np.zeros(len(rows), dtype=np.int64),
        facts=(FileFacts("gemeenten.csv", ".csv", "", 0),),
    )


def row(naam="", code="", datum="07-03-2023", klasse="", visie="ja"):
    return (datum, code, naam, klasse, visie)


def found(*rows, **options):
    return identified(table(*rows), QUESTIONNAIRE, on=DAY, **options)


def refusal(*rows, **options):
    with pytest.raises(DataError) as caught:
        found(*rows, **options)
    return caught.value.problems


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Noordwijk", "GM0575"),
        ("gemeente Noordwijk", "GM0575"),
        ("NOORDWIJK ", "GM0575"),
        ("Den Haag", "GM0518"),
        ("'s-Gravenhage", "GM0518"),
        ("Sudwest Fryslan", "GM1900"),
        ("Bergen (NH.)", "GM0373"),
        ("Nuenen, Gerwen en Nederwetten", "GM0820"),
    ],
)
def test_a_name_becomes_the_code_of_that_year(name, code):
    cells = found(row(name)).raw.cells
    assert list(cells["code"]) == [code]


def test_code_name_and_size_class_are_those_of_the_register():
    cells = found(row(code="575")).raw.cells
    assert cells.loc[0, ["code", "naam", "klasse"]].tolist() == [
        "GM0575",
        "Noordwijk",
        "4",
    ]


def test_an_unknown_name_is_refused_with_candidates_and_its_place():
    (problem,) = refusal(row("Noordwijk"), row("Noordwyk"))
    assert problem.code == "KCC-C012"
    assert "GM0575 (Noordwijk)" in problem.remedy
    assert (problem.file, problem.row, problem.column) == ("gemeenten.csv", "3", "naam")


def test_a_name_of_two_municipalities_is_refused_with_both():
    (problem,) = refusal(row("Bergen"))
    assert problem.code == "KCC-C012b"
    assert "GM0373" in problem.remedy
    assert "GM0893" in problem.remedy


def test_a_merged_municipality_names_its_successor():
    (problem,) = refusal(row("Brielle"))
    assert problem.code == "KCC-C013"
    assert "GM1992" in problem.remedy


def test_the_same_name_was_right_a_year_earlier():
    old = identified(table(row("Brielle")), QUESTIONNAIRE, on=date(2022, 6, 1))
    assert list(old.raw.cells["code"]) == ["GM0501"]


def test_all_problems_are_told_at_once():
    problems = refusal(row("Xyzzy"), row(code="GM9999"), row())
    assert [each.row for each in problems] == ["2", "3", "4"]
    assert problems[-1].code == "KCC-D043b"


def test_name_and_code_of_different_municipalities_are_refused():
    (problem,) = refusal(row("Haarlem", code="GM0575"))
    assert problem.code == "KCC-D043c"
    assert "GM0575 (Noordwijk)" in problem.remedy


def test_an_invented_municipality_belongs_in_an_invented_study_only():
    name = "Voorbeeldgemeente 012"
    assert found(row(name), invented=True).respondents[0].gm == "GM9012"
    assert [each.code for each in refusal(row(name))] == ["KCC-C013d"]


def test_a_misspelled_invented_name_has_invented_candidates():
    (problem,) = refusal(row("Voorbeldgemeente 012"), invented=True)
    assert "GM9012" in problem.remedy


def test_what_cannot_be_a_name_is_not_repeated():
    (problem,) = refusal(row("bel mij op 06-12345678"))
    assert "12345678" not in str(problem)


def test_a_size_class_follows_the_register_and_is_logged():
    result = found(row("Noordwijk", klasse="7"), row("Haarlem", klasse="7"))
    assert list(result.raw.cells["klasse"]) == ["4", "7"]
    changed = [each for each in result.changes if each.rule == "size_class"]
    assert [(each.row, each.before, each.after) for each in changed] == [
        ("2", "7", "4")
    ]
    assert [each.code for each in result.problems] == ["KCC-D043d"]


def test_before_2022_the_report_says_that_only_codes_were_checked():
    old = identified(table(row("Noordwijk")), QUESTIONNAIRE, on=date(2021, 3, 1))
    assert "KCC-D043e" in [each.code for each in old.problems]


TWICE = (
    row("Noordwijk", datum="09-03-2023", visie=""),
    row("Haarlem"),
    row("gemeente Noordwijk", datum="07-03-2023", visie="nee"),
)


def kept(rule, *rows):
    result = one_each(found(*rows), QUESTIONNAIRE, rule)
    return result, list(result.raw.rows)


def test_of_two_answers_the_latest_counts():
    result, rows = kept("latest", *TWICE)
    assert rows == [2, 3]
    assert [each.gm for each in result.respondents] == ["GM0575", "GM0392"]
    gone = [each for each in result.changes if each.rule == "duplicate_response"]
    assert [(each.row, each.before) for each in gone] == [("4", "GM0575")]
    assert [each.code for each in result.problems] == ["KCC-D041e"]


def test_of_two_answers_the_fullest_counts():
    assert kept("most_complete", *TWICE)[1] == [3, 4]


def test_on_one_day_the_fullest_and_then_the_last_in_the_file_counts():
    fuller = (row("Noordwijk"), row("Noordwijk", visie=""))
    assert kept("latest", *fuller)[1] == [2]
    alike = (row("Noordwijk"), row("Noordwijk", visie="nee"))
    assert kept("latest", *alike)[1] == [3]


def test_without_a_stated_rule_two_answers_are_refused():
    with pytest.raises(DataError) as caught:
        one_each(found(*TWICE), QUESTIONNAIRE, None)
    (problem,) = caught.value.problems
    assert problem.code == "KCC-D041d"
    assert problem.row == "2 en 4"
    assert "duplicates" in problem.remedy


def test_one_answer_each_needs_no_rule():
    result = found(*TWICE[:2])
    assert one_each(result, QUESTIONNAIRE, None) is result


class TestTheDemonstration:
    def test_every_participant_is_one_row_with_its_code(self):
        responses = assurance_study().cleaned.responses
        assert len(responses) == 84
        assert responses["gemeentecode"].is_unique
        assert responses["gemeentecode"].str.fullmatch("GM9[0-9]{3}").all()

    def test_a_blank_box_is_no_answer_and_not_a_no(self):
        responses = assurance_study().cleaned.responses
        culture = responses["belemmeringen: geen klantgerichte cultuur"]
        assert (culture == 1).sum() == 34
        assert culture.notna().sum() == 83
        blank = responses.loc[culture.isna(), "belemmeringen__missing"]
        assert list(blank) == ["no_answer"]

    def test_everything_that_changed_is_in_the_log(self):
        log = assurance_study().cleaned.log
        assert log.count("duplicate_response") == 2
        assert log.count("municipality_code") == 9
        assert log.count("size_class") == 2


SCAN = Questionnaire(
    title="Deskscan",
    question=[
        question("naam", "text", role="municipality"),
        question("code", "text", role="municipality_code", from_register=True),
        question(
            "klasse", "choice", codes=CODES, role="size_class", from_register=True
        ),
        question("norm", "choice", codes=["bellen", "mailen"], role="norm_indicator"),
    ],
)


def scanned(*rows):
    places = np.arange(2, 2 + len(rows))
    raw = RawTable(
        cells=pd.DataFrame(list(rows), columns=("naam", "norm"), dtype=object),
        rows=places,
        excel_rows=places,
        part=np.zeros(len(rows), dtype=np.int64),
        facts=(FileFacts("scan.csv", ".csv", "", 0),),
    )
    return identified(raw, SCAN, on=DAY)


class TestADeskScan:
    COMPLETE = (("Haarlem", "bellen"), ("Haarlem", "mailen"))

    def test_the_register_adds_code_and_size_and_logs_nothing(self):
        found = scanned(*self.COMPLETE)
        assert found.raw.cells["code"].tolist() == ["GM0392", "GM0392"]
        assert found.raw.cells["klasse"].tolist() == ["7", "7"]
        assert found.changes == ()

    def test_what_the_register_says_is_not_looked_for_in_the_file(self):
        assert set(in_file(SCAN).columns) == {"naam", "norm"}

    def test_every_norm_once_is_in_order(self):
        assert list(scan_problems(scanned(*self.COMPLETE), SCAN)) == []

    def test_a_norm_twice_is_refused_with_its_rows(self):
        twice = scanned(*self.COMPLETE, ("gemeente Haarlem", "mailen"))
        (found,) = scan_problems(twice, SCAN)
        assert (found.code, found.row) == ("KCC-D041t", "3 en 4")

    def test_a_norm_that_is_not_there_is_named(self):
        (found,) = scan_problems(scanned(("Haarlem", "bellen")), SCAN)
        assert found.code == "KCC-D041u"
        assert "GM0392: mailen" in found.title

    def test_other_sources_are_not_scanned(self):
        assert list(scan_problems(found(row("Haarlem")), QUESTIONNAIRE)) == []


class TestMysteryContacts:
    def test_every_contact_stays_and_knows_its_municipality(self):
        cleaned = benchmark_study().cleaned["contacten"]
        rows = cleaned.responses
        assert len(rows) == 9706
        assert rows["gemeentecode"].nunique() == 342
        names = rows.groupby("gemeentecode")["gemeente"].nunique()
        assert (names == 1).all()

    def test_only_spellings_are_in_the_log(self):
        log = benchmark_study().cleaned["contacten"].log
        assert log.count("municipality") > 50
        assert log.count("municipality_code") == log.count("size_class") == 0

    def test_a_contact_that_reached_nobody_is_a_result(self):
        rows = benchmark_study().cleaned["contacten"].responses
        lost = rows[rows["bereikt"] == "nee"]
        assert len(lost) > 1000
        assert lost["waardering"].isna().all()
        calls = lost[lost["kanaal"] == "telefoon"]
        assert set(calls["wachttijd_s__missing"]) == {"no_answer"}
        assert set(lost["waardering__missing"]) == {"not_asked"}
