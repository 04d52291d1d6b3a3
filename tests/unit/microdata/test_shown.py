"""What a message or the log may show, and what it never shows."""

import pytest

from kcc_research.microdata.shown import formula_safe, may_be_shown, shown

LABELS = ["18–29 jaar", "30–44 jaar", "website of e-mail van de gemeente"]


@pytest.mark.parametrize(
    "text",
    [
        "misschien",
        "99",
        "6.6",
        "1e5",
        "12-17",
        "66%",
        "B2",
        "30-44 jaar",
        "18–29  JAAR",
        "website of e-mail van de gemente",
    ],
)
def test_what_can_be_a_code_is_literal(question, text):
    assert shown(question("q", "choice", codes=LABELS), text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Mevr. Jansen, Dorpsstraat 1",
        "mevrouw Jansen",
        "Jansen 12",
        "1234AB",
        "Dorpsstraat12",
        "06-12345678",
        "jan@voorbeeld.nl",
        "ongelooflijklangewachttijd",
        "ja\x1b[31m",
        "x" * 41,
    ],
)
@pytest.mark.parametrize("kind", ["choice", "grade", "date"])
def test_words_in_a_closed_column_are_masked(question, kind, text):
    length = len(text)
    assert shown(question("q", kind), text) == f"[afgeschermd: tekst, {length} tekens]"


@pytest.mark.parametrize("kind", ["text", "identifier"])
def test_an_open_column_shows_nothing(question, kind):
    assert not may_be_shown(question("q", kind), "ja")


def test_a_sensitive_answer_shows_nothing(question):
    assert not may_be_shown(question("q", "choice", sensitive=True), "ja")
    assert may_be_shown(question("q", "choice"), "ja")


def test_a_declared_label_is_shown_however_long(question):
    label = "zeer ontevreden over de wachttijd aan de balie"
    asked = question("q", "choice", codes={"1": label})
    assert len(label) > 40
    assert shown(asked, label.upper()) == label.upper()
    assert not may_be_shown(asked, label + "!" * 40)


def test_several_answers_are_each_judged(question):
    several = question("q", "multiple", separator="|", codes=LABELS, column="q")
    assert may_be_shown(several, "18–29 jaar|30–44 jaar")
    assert not may_be_shown(several, "18–29 jaar|mevrouw Jansen")


@pytest.mark.parametrize("text", ["=1+1", "+a", "-a", "@SUM(A1)", "\t=1", "\r", "\0"])
def test_no_text_runs_as_a_formula(text):
    assert formula_safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+6,5", "-1.234,5", "ja", "", "a=b"])
def test_numbers_and_other_text_stay_as_they_are(text):
    assert formula_safe(text) == text
