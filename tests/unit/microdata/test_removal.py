"""Respondents who asked to be taken out are read by nobody and counted by the log."""

import pytest

from kcc_research.errors import DataError
from kcc_research.microdata.survey import load_survey, problems

ROWS = ("r;c", "101;7", "102;banaan", "103;8", "104;9")


@pytest.fixture
def load(tmp_path, question, questionnaire, source):
    asked = questionnaire(
        question("respondent", "identifier", column="r"),
        question("cijfer", "grade", column="c"),
    )
    path = tmp_path / "antwoorden.csv"
    path.write_text("\n".join(ROWS) + "\n", encoding="utf-8")

    def loaded(reader, remove, **more):
        given = source(file=path.name, remove=remove, format={"delimiter": ";"}, **more)
        return reader(path, given, asked)

    return loaded


def test_their_answers_stay_behind_and_the_log_says_which_rows(load):
    cleaned = load(load_survey, ("102",), rows=4)
    assert cleaned.responses["cijfer"].tolist() == [7, 8, 9]
    log = cleaned.log.frame
    gone = log[log["rule"] == "removed_on_request"]
    assert gone[["row", "column", "from", "to"]].values.tolist() == [["3", "", "", ""]]


def test_nothing_of_them_is_checked_or_shown(load):
    """Row 3 holds an answer that is no grade: kept, it refuses the file."""
    assert [each.code for each in load(problems, ()) if each.severity == "error"]
    told = load(problems, ("102",))
    assert not any("102" in str(each) or "banaan" in str(each) for each in told)


def test_a_number_that_nobody_has_is_refused_and_masked(load):
    with pytest.raises(DataError) as error:
        load(load_survey, ("102", "1003"))
    [found] = error.value.problems
    assert found.code == "KCC-P003a"
    assert found.column == "r"
    assert "1003" not in str(found)


@pytest.mark.parametrize("remove", [("101",), ("104", "102"), ("101", "102", "103")])
def test_who_stays_keeps_answer_and_place(load, remove):
    answers = {"101": 7.0, "103": 8.0, "104": 9.0}
    cleaned = load(load_survey, ("102", *remove) if "102" not in remove else remove)
    kept = [grade for number, grade in answers.items() if number not in remove]
    assert cleaned.responses["cijfer"].tolist() == kept
    assert len(cleaned.responses) == 4 - len({"102", *remove})
