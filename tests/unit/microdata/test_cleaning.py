"""The responses frame and the log of every change."""

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from kcc_research.errors import DataError
from kcc_research.microdata.checking import check
from kcc_research.microdata.cleaning import CleaningLog, clean
from kcc_research.microdata.reading import read_source
from kcc_research.study.questionnaire import Question


@pytest.fixture
def cleaned(tmp_path, source, questionnaire):
    def run(content: str, *questions):
        path = tmp_path / "proef.csv"
        path.write_text(content, encoding="utf-8")
        asked = questionnaire(*questions)
        return clean(check(read_source(path, source(), asked), asked), asked)

    return run


def test_every_kind_of_question(cleaned, question):
    result = cleaned(
        "nr;c;g;s;m1;m2;v;d;open;w\n"
        "1;ja;7,5;1;1;0;a,b;2023-01-02;goed;1,5\n"
        "2;;11;9;;;;;;0,5\n",
        question("nr", "identifier"),
        question("c", "choice"),
        question("g", "grade", missing={"11": "dont_know"}),
        question("s", "scale", direction="lower_is_better", missing={"9": "refused"}),
        question("m", "multiple", columns={"balie": "m1", "web": "m2"}),
        question("v", "multiple", separator=",", codes=["a", "b"]),
        question("d", "date"),
        question("open", "text"),
        question("w", "weight"),
    )
    text = {"dtype": "str"}
    expected = pd.DataFrame(
        {
            "c": pd.Series(["ja", None], **text),
            "c__missing": pd.Series([None, "no_answer"], **text),
            "g": [7.5, np.nan],
            "g__missing": pd.Series([None, "dont_know"], **text),
            "s": [5.0, np.nan],
            "s__missing": pd.Series([None, "refused"], **text),
            "m: balie": [1.0, np.nan],
            "m: web": [0.0, np.nan],
            "m__missing": pd.Series([None, "no_answer"], **text),
            "v: a": [1.0, np.nan],
            "v: b": [1.0, np.nan],
            "v__missing": pd.Series([None, "no_answer"], **text),
            "d": pd.Series(["2023-01-02", None], dtype="datetime64[us]"),
            "d__missing": pd.Series([None, "no_answer"], **text),
            "open": pd.Series(["goed", None], **text),
            "open__missing": pd.Series([None, "no_answer"], **text),
            "w": [1.5, 0.5],
        }
    )
    assert_frame_equal(result.responses, expected)
    assert isinstance(result.responses.index, pd.RangeIndex)


def lines(log: CleaningLog) -> list[tuple[str, ...]]:
    return list(log.frame.itertuples(index=False, name=None))


def test_the_log_has_a_line_for_every_change(cleaned, question):
    result = cleaned(
        "nr;x;c;q;s;v;open\n"
        "1;geheim;JA;99;2;a;prima\n"
        "2;geheim;nee;8;1;B;bel 0612345678 of a@b.nl\n"
        "\n;;;;;;\n"
        "3;geheim;nee;;5;;geheim\n",
        question("nr", "identifier"),
        question("c", "choice"),
        question("q", "grade", out_of_range="exclude"),
        question("s", "scale", direction="lower_is_better"),
        question("v", "multiple", separator=",", codes=["a", "b"]),
        question("open", "text", asked_if="c = ja"),
    )
    whole = "[afgeschermd: hele kolom]"
    assert lines(result.log) == [
        ("", "x", whole, "", "undeclared_column"),
        ("5", "", "", "", "empty_row"),
        ("", "nr", whole, "", "identifier"),
        ("2", "c", "JA", "ja", "normalised"),
        ("2", "q", "99", "no_answer", "out_of_range"),
        ("", "s", "1 tot 5", "5 tot 1", "reversed"),
        ("3", "v", "B", "b", "normalised"),
        (
            "3",
            "open",
            "[afgeschermd: telefoonnummer]",
            "[afgeschermd]",
            "personal_data",
        ),
        ("3", "open", "[afgeschermd: e-mailadres]", "[afgeschermd]", "personal_data"),
        ("3", "open", "[afgeschermd: tekst, 24 tekens]", "not_asked", "off_route"),
        ("6", "open", "[afgeschermd: tekst, 6 tekens]", "not_asked", "off_route"),
    ]
    assert "geheim" not in result.log.frame.to_csv()
    assert result.log.count("personal_data") == 2
    assert result.responses["s"].tolist() == [4.0, 5.0, 1.0]


def test_an_empty_log_has_its_columns():
    assert list(CleaningLog().frame.columns) == ["row", "column", "from", "to", "rule"]


def test_nothing_is_made_of_a_file_with_errors(cleaned, question):
    with pytest.raises(DataError) as refusal:
        cleaned("q;x\n99;\n7;\n", question("q", "grade"))
    assert {each.code for each in refusal.value.problems} == {"KCC-P001", "KCC-D028"}


def test_personal_data_are_gone_from_the_responses(cleaned, question):
    result = cleaned("open\nbel 0612345678\n", question("open", "text"))
    assert result.responses["open"].tolist() == ["bel [afgeschermd]"]


WORDS = "Mevr. Jansen, Dorpsstraat 1"


def test_the_log_shows_no_words_from_a_closed_column(cleaned, question):
    result = cleaned(
        f'c;g\n06-12345678;7\n"{WORDS}";8\nfax;99\n',
        question("c", "choice", out_of_range="exclude"),
        question("g", "grade", out_of_range="exclude"),
    )
    masked = "[afgeschermd: tekst, {} tekens]"
    assert [(line[0], line[2]) for line in lines(result.log)] == [
        ("2", masked.format(11)),
        ("3", masked.format(len(WORDS))),
        ("4", "fax"),
        ("4", "99"),
    ]


def test_a_sensitive_answer_is_in_no_log(cleaned, question):
    result = cleaned(
        "c;s\nja;JA\nnee;nee\n",
        question("c", "choice"),
        question("s", "choice", sensitive=True, asked_if="c = ja"),
    )
    masked = "[afgeschermd: tekst, {} tekens]"
    assert lines(result.log) == [
        ("2", "s", masked.format(2), masked.format(2), "normalised"),
        ("3", "s", masked.format(3), "not_asked", "off_route"),
    ]


def test_no_cell_of_the_log_runs_as_a_formula(cleaned, question):
    result = cleaned(
        "c;g\n=1+1;7\n@A1;8\n-x;-5\n",
        question("c", "choice", out_of_range="exclude"),
        question("g", "grade", out_of_range="exclude"),
    )
    assert [line[2] for line in lines(result.log)] == ["'=1+1", "'@A1", "'-x", "-5"]


def test_a_notebook_shows_counts_and_no_rows(cleaned, question):
    result = cleaned(
        "c;open\nja;Mevrouw De Vries belde\nJA;prima\n",
        question("c", "choice"),
        question("open", "text"),
    )
    assert repr(result) == "Cleaned(rows=2, columns=2, problems=1, changes=1)"
    assert "2 rijen, 2 kolommen" in result._repr_markdown_()
    for text in (repr(result), result._repr_markdown_(), repr(result.log)):
        assert "Vries" not in text


def test_what_was_checked_shows_no_rows_either(tmp_path, source, questionnaire):
    path = tmp_path / "proef.csv"
    path.write_text("c;g\nMevrouw;7\n", encoding="utf-8")
    asked = questionnaire(
        Question(id="c", column="c", text="C?", type="text", sensitive=False),
        Question(id="g", column="g", text="G?", type="number", sensitive=False),
    )
    raw = read_source(path, source(), asked)
    assert "Mevrouw" not in repr(raw)
    assert "Mevrouw" not in repr(check(raw, asked))
