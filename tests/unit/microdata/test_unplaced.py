"""Answers that no class of a distribution holds, with their rows."""

import pytest

from kcc_research.microdata.checking import check
from kcc_research.microdata.reading import read_source
from kcc_research.study.indicator import Indicator
from kcc_research.study.questionnaire import Questionnaire


def bands(*bounds):
    return [
        {"label": f"{low}–{high}", "low": float(low), "high": float(high)}
        for low, high in bounds
    ]


@pytest.fixture
def told(tmp_path, source):
    def run(content: str, asked, classes=()):
        (tmp_path / "proef.csv").write_text(content, encoding="utf-8")
        indicator = Indicator(
            id="v",
            question="q",
            label="V",
            statistic="distribution",
            classes=tuple(classes),
        )
        questionnaire = Questionnaire(
            title="Proef", question=(asked,), indicator=(indicator,)
        )
        raw = read_source(tmp_path, source(), questionnaire)
        return check(raw, questionnaire).problems

    return run


def test_a_grade_between_two_classes_is_refused_with_its_row(told, question):
    (found,) = told(
        "q;x\n5;1\n5,5;1\n6;1\n5,5;1\n", question("q", "grade"), bands((1, 5), (6, 10))
    )[1:]

    assert (found.code, found.severity, found.column) == ("KCC-D049", "error", "q")
    assert found.row == "3 en 5"
    assert found.value == '"5.5"'
    assert "'v'" in found.title and "2 keer" in found.title


def test_without_classes_a_half_grade_has_no_place(told, question):
    found = told("q;x\n7;1\n6,5;1\n", question("q", "grade"))[-1]

    assert (found.code, found.row, found.value) == ("KCC-D049", "3", '"6.5"')


def test_classes_that_meet_hold_half_grades(told, question):
    found = told(
        "q;x\n5,4;1\n5,5;1\n10;1\n",
        question("q", "grade"),
        bands((1, 5.4), (5.5, 10)),
    )
    assert [each.code for each in found] == ["KCC-P001"]


def test_missing_answers_need_no_class(told, question):
    asked = question("q", "grade", missing={"99": "dont_know"})
    found = told("q;x\n7;1\n99;1\n;1\n", asked, bands((1, 5), (6, 10)))
    assert [each.code for each in found] == ["KCC-P001"]


def test_a_turned_scale_is_judged_as_it_is_processed(told, question):
    asked = question(
        "q",
        "scale",
        direction="lower_is_better",
        codes={"1": "eens", "2": "half", "3": "oneens"},
    )
    found = told("q;x\n1;1\n2;1\n3;1\n", asked, bands((3, 3), (4, 5)))
    assert [each.code for each in found] == ["KCC-P001"]


def test_a_sensitive_answer_is_not_shown(told, question):
    found = told("q;x\n6,5;1\n", question("q", "grade", sensitive=True))[-1]
    assert found.code == "KCC-D049"
    assert "6.5" not in str(found) and "6,5" not in str(found)


def test_many_answers_are_counted(told, question):
    rows = "".join(f"{n},5;1\n" for n in range(1, 10))
    found = told("q;x\n" + rows, question("q", "grade"))[-1]
    assert found.value.endswith("en nog 4")
    assert "9 keer" in found.title
