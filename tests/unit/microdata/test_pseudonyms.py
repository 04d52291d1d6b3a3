import hashlib

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.errors import DataError, PrivacyError
from kcc_research.microdata.pseudonyms import PATTERN, pseudonymiser
from kcc_research.microdata.survey import load_survey, problems
from kcc_research.study.measurement import Source
from kcc_research.study.questionnaire import Questionnaire

KEY = bytes(range(100, 132))
SOURCE = Source.model_validate(
    {
        "id": "algemeen",
        "kind": "survey",
        "file": "a.csv",
        "questionnaire": "a.toml",
        "format": {"delimiter": ";", "decimal": ",", "encoding": "utf-8"},
    }
)


def asked(*questions):
    common = {"text": "Vraag", "sensitive": False}
    return Questionnaire.model_validate(
        {"title": "Lijst", "question": [common | each for each in questions]}
    )


NUMBER = {"id": "nr", "column": "nr", "type": "identifier", "link": True}
GRADE = {
    "id": "cijfer",
    "column": "v1",
    "type": "grade",
    "range": [1, 10],
    "direction": "higher_is_better",
}


def hmac_by_hand(key, text):
    """RFC 2104, from its definition."""
    block = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in block) + text.encode()).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in block) + inner).hexdigest()[:32]


@given(st.text(alphabet="0123456789abcR-", min_size=1))
def test_a_pseudonym_is_the_hmac_of_the_number(number):
    assert pseudonymiser(KEY)(number) == hmac_by_hand(KEY, number)


@pytest.mark.parametrize("key", [b"", b"x", bytes(31), bytes(32), KEY + b"x"])
def test_without_a_real_key_it_would_be_a_plain_hash(key):
    with pytest.raises(PrivacyError) as error:
        pseudonymiser(key)
    assert [each.code for each in error.value.problems] == ["KCC-P002"]


def test_another_key_gives_other_pseudonyms():
    other = pseudonymiser(bytes(range(32)))
    assert pseudonymiser(KEY)("12") != other("12")


def test_only_a_linked_identifier_has_a_column(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("nr;tweede;v1\nR-001;x1;7\nR-002;x2;8\n;x3;6\n", "utf-8")
    second = {"id": "tweede", "column": "tweede", "type": "identifier"}
    cleaned = load_survey(path, SOURCE, asked(NUMBER, second, GRADE), lambda: KEY)
    frame = cleaned.responses
    assert list(frame) == ["nr", "nr__missing", "cijfer"]
    assert list(frame["nr"][:2]) == [hmac_by_hand(KEY, n) for n in ("R-001", "R-002")]
    assert pd.isna(frame["nr"][2]) and frame["nr__missing"][2] == "no_answer"
    rules = cleaned.log.frame.set_index("column")["rule"]
    assert (rules["nr"], rules["tweede"]) == ("pseudonym", "identifier")
    assert "R-00" not in cleaned.log.frame.to_csv() + frame.to_csv()


def test_the_key_is_asked_for_only_where_it_is_needed(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("nr;v1\nR-001;7\n", "utf-8")

    def never():
        raise AssertionError("asked")

    unlinked = asked(NUMBER | {"link": False}, GRADE)
    assert list(load_survey(path, SOURCE, unlinked, never).responses) == ["cijfer"]
    with pytest.raises(PrivacyError):
        load_survey(path, SOURCE, asked(NUMBER, GRADE))
    assert problems(path, SOURCE, asked(NUMBER, GRADE)) == ()


def test_only_an_identifier_can_be_linked():
    with pytest.raises(ValueError, match="link hoort alleen bij"):
        asked(GRADE | {"link": True})


def test_what_is_no_pseudonym_cannot_be_saved(tmp_path):
    from kcc_research.microdata.schema import validate

    frame = pd.DataFrame({"nr": pd.Series(["R-001"], dtype="str"), "cijfer": [7.0]})
    with pytest.raises(DataError) as error:
        validate(frame, asked(NUMBER, GRADE))
    [found] = error.value.problems
    assert (found.code, found.column) == ("KCC-D044h", "nr")
    good = frame.assign(nr=pd.Series([hmac_by_hand(KEY, "R-001")], dtype="str"))
    validate(good, asked(NUMBER, GRADE))
    assert PATTERN.fullmatch(good["nr"][0])


ADDRESSES = {
    "postcodes met letters": ("2201 AB", "2202ab", "2203 CD", "2204 XX"),
    "e-mailadressen": ("a@b.nl", "c.d@e.nl", "x@y.com", "y@z.org"),
    "kale hashes": tuple(hashlib.md5(b"%d" % n).hexdigest() for n in range(4)),
}


@pytest.mark.parametrize("kind", ADDRESSES)
@pytest.mark.parametrize("asked_as", ["text", "choice"])
def test_a_column_of_addresses_is_refused(tmp_path, kind, asked_as):
    """D13 and P1: declared or not, it never reaches the processed file."""
    values = ADDRESSES[kind]
    question = {"id": "waar", "column": "waar", "type": asked_as}
    if asked_as == "choice":
        question["codes"] = list(values)
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["waar;v1", *(f"{each};7" for each in values)]), "utf-8")
    with pytest.raises(DataError) as error:
        load_survey(path, SOURCE, asked(question, GRADE))
    [found] = [e for e in error.value.problems if e.severity == "error"]
    assert (found.code, found.column, found.row) == (
        "KCC-P001d",
        "waar",
        "2, 3, 4 en nog 1 rij",
    )
    assert kind in found.title and "4" in found.title
    assert not any(each in str(error.value) for each in values)


def test_an_address_among_open_answers_is_masked_not_refused(tmp_path):
    path = tmp_path / "a.csv"
    answers = ("2201 AB", "prima", "goed geholpen", "ik woon in 2203 CD hoor", "2202")
    path.write_text("\n".join(["zin;v1", *(f"{each};7" for each in answers)]), "utf-8")
    question = {"id": "zin", "column": "zin", "type": "text"}
    found = load_survey(path, SOURCE, asked(question, GRADE)).responses["zin"]
    masked = "[afgeschermd]"
    assert list(found) == [
        masked,
        "prima",
        "goed geholpen",
        f"ik woon in {masked} hoor",
        "2202",
    ]
