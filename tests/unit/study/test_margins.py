"""Tables of margins: read to the number, refused to the row."""

import pytest

from kcc_research.study.margins import read_margins
from kcc_research.study.questionnaire import Question, Questionnaire

QUESTIONNAIRE = Questionnaire(
    title="Proef",
    question=(
        Question(
            id="kern",
            text="Waar woont u?",
            type="choice",
            sensitive=False,
            column="kern",
            codes={"a": "A-dorp", "b": "B-dorp"},
        ),
        Question(
            id="leeftijd",
            text="Hoe oud bent u?",
            type="choice",
            sensitive=False,
            column="leeftijd",
            codes={"1": "jong", "2": "oud"},
        ),
        Question(
            id="aantal", text="Hoeveel?", type="number", sensitive=False, column="n"
        ),
    ),
)
GOOD = """\
variable,category,count
kern,B-dorp,40
kern,A-dorp,60
leeftijd,jong,30
leeftijd,oud,70
"""


def read(tmp_path, text):
    path = tmp_path / "m.csv"
    path.write_text(text, encoding="utf-8")
    return read_margins(path, "studies/x/m.csv", QUESTIONNAIRE)


def test_counts_come_in_the_order_of_the_categories(tmp_path):
    margins, problems = read(tmp_path, GOOD)

    assert problems == []
    assert list(margins["kern"].items()) == [("A-dorp", 60.0), ("B-dorp", 40.0)]
    assert margins["leeftijd"] == {"jong": 30.0, "oud": 70.0}


@pytest.mark.parametrize(
    ("old", "new", "code", "row", "words"),
    [
        ("variable,category", "variabele,categorie", "KCC-C004e", "1", "variable"),
        (GOOD, "", "KCC-C004e", "1", "variable"),
        ("A-dorp,60", "A-dorp,60.5", "KCC-C004f", "3", "heel getal"),
        ("A-dorp,60", "A-dorp,0", "KCC-C004f", "3", "boven nul"),
        ("A-dorp,60", "A-dorp", "KCC-C004f", "3", "drie velden"),
        ("A-dorp,60", "A-dorp,1.060", "KCC-C004f", "3", "zonder punten"),
        ("A-dorp,60", "C-dorp,60", "KCC-C004g", "", "Onbekend: C-dorp"),
        ("kern,A-dorp,60\n", "", "KCC-C004g", "", "Ontbreekt: A-dorp"),
        ("A-dorp,60", "B-dorp,60", "KCC-C004g", "", "Dubbel: B-dorp"),
        ("A-dorp,60", "A-dorp,62", "KCC-C004h", "", "kern 102 en leeftijd 100"),
        ("kern,", "kernen,", "KCC-C003b", "1", "'kern'"),
        ("leeftijd,", "aantal,", "KCC-C003c", "1", "kern, leeftijd"),
    ],
)
def test_a_fault_is_named(tmp_path, old, new, code, row, words):
    _, problems = read(tmp_path, GOOD.replace(old, new))

    assert code in {each.code for each in problems}
    found = next(each for each in problems if each.code == code)
    assert (found.file, found.row) == ("studies/x/m.csv", row)
    assert words in f"{found.title} {found.remedy}"


def test_totals_may_differ_by_one_per_cent(tmp_path):
    _, problems = read(tmp_path, GOOD.replace("A-dorp,60", "A-dorp,61"))

    assert problems == []


def test_a_field_of_any_length_is_told(tmp_path):
    path = tmp_path / "m.csv"
    path.write_text("variable,category,count\nkern," + "x" * 140_000 + ",1\n")
    margins, (found,) = read_margins(path, "m.csv", QUESTIONNAIRE)

    assert margins == {}
    assert found.code == "KCC-C008"
