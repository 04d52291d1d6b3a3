"""Names in open answers: only when asked for, and only with the recogniser there."""

import builtins
import logging
import os

import pytest

from kcc_research.errors import DataError
from kcc_research.microdata import answers, checking, names, recogniser
from kcc_research.microdata.answers import AnswerReader
from kcc_research.microdata.personal_data import mask
from kcc_research.microdata.remarks import load_remarks
from kcc_research.microdata.survey import load_survey, problems
from kcc_research.study.loading import load_study
from kcc_research.study.questionnaire import Question
from tests.remarks_study import (
    KEY,
    MEASUREMENT,
    SCHEME,
    SOURCE,
    line,
    rows,
    write_study,
)

SAID = "Peter Jansen hielp mij, bel 06-12345678"


def found_by_hand(text):
    for name in ("Peter Jansen", "Haarlem"):
        if name in text:
            yield text.index(name), text.index(name) + len(name)


def install(monkeypatch, is_there):
    for module in (answers, checking):
        monkeypatch.setattr(module, "is_available", lambda: is_there)


@pytest.fixture
def fake(monkeypatch):
    """A recogniser that knows one man."""
    install(monkeypatch, True)
    monkeypatch.setattr(names, "finder", lambda: found_by_hand)


@pytest.fixture
def absent(monkeypatch):
    install(monkeypatch, False)

    def never():
        raise AssertionError("the recogniser was loaded")

    monkeypatch.setattr(names, "finder", never)


def question(**more):
    return Question(
        id="open", text="Wat?", type="text", column="open", sensitive=False, **more
    )


def test_a_name_is_masked_with_its_kind_as_any_hit(fake):
    answer = AnswerReader(question(names=True))(SAID)
    assert answer.value == "[afgeschermd] hielp mij, bel [afgeschermd]"
    assert answer.kinds == ("naam", "telefoonnummer")
    assert answer.rule == "personal_data"


def test_without_being_asked_nothing_is_loaded(absent):
    answer = AnswerReader(question())(SAID)
    assert answer.value == "Peter Jansen hielp mij, bel [afgeschermd]"
    assert answer.kinds == ("telefoonnummer",)


def test_a_hit_of_a_rule_that_overlaps_keeps_its_own_kind():
    def everything(text):
        yield 0, len(text)

    assert mask("mail jan@voorbeeld.nl", everything) == (
        "[afgeschermd]",
        ("e-mailadres",),
    )
    assert mask("Jan", everything) == ("[afgeschermd]", ("naam",))


SURVEY = """\
title = "Vragenlijst"
[[question]]
id = "open"
column = "open"
text = "Wat?"
type = "text"
sensitive = false
names = true
"""


@pytest.fixture
def survey(tmp_path):
    """A study with names asked for in an open answer, two answers with the man."""
    text = MEASUREMENT.replace('kind = "remarks"', 'kind = "survey"').replace(
        'coding = "themas.toml"', 'questionnaire = "vragen.toml"'
    )
    write_study(tmp_path, measurement=text)
    (tmp_path / "studies" / KEY / "vragen.toml").write_text(SURVEY, encoding="utf-8")
    raw = tmp_path / "data" / "raw" / KEY / "gesprekken.csv"
    raw.write_text(f'open\n{SAID}\nprima\n"Haarlem, Peter Jansen"\n', "utf-8")
    study = load_study(tmp_path, KEY)
    return raw, study.measurement.sources[SOURCE], study.questionnaires[SOURCE]


def test_names_are_listed_by_row_column_and_kind_and_the_run_goes_on(fake, survey):
    cleaned = load_survey(*survey)
    assert "Peter" not in str(cleaned.responses.to_dict())
    told = [each for each in cleaned.problems if each.code == "KCC-Q001"]
    assert [(x.row, x.column, "naam" in x.title, x.severity) for x in told] == [
        ("2 en 4", "open", True, "warning"),
        ("2", "open", False, "warning"),
    ]
    assert not [each for each in told if "Peter" in str(each)]


def test_without_the_recogniser_it_is_refused_in_one_message(absent, survey):
    with pytest.raises(DataError) as caught:
        load_survey(*survey)
    errors = [each for each in caught.value.problems if each.severity == "error"]
    assert [each.code for each in errors] == ["KCC-Q004a"]
    assert "kcc_research[pii]" in errors[0].remedy
    assert "KCC-Q004a" in [each.code for each in problems(*survey)]


def test_words_with_a_name_cannot_be_quoted(fake, tmp_path):
    said = [*rows(), line("F60", "g60", "DUID", said=SAID.split(",")[0])]
    scheme = SCHEME.replace("[column]", "names = true\n[column]", 1)
    study = load_study(write_study(tmp_path, said, scheme=scheme), KEY)
    raw = tmp_path / "data" / "raw" / KEY
    source = study.measurement.sources[SOURCE]
    kept = load_remarks(raw, source, study.schemes[SOURCE]).responses
    assert kept.loc[kept["fragment"] == "F60", "citaat"].isna().all()
    assert kept.loc[kept["fragment"] == "F01", "citaat"].notna().any()


# --- the recogniser itself ------------------------------------------------------------


class Hit:
    def __init__(self, tag, text, start):
        self.tag, self.text = tag, text
        self.start_char, self.end_char = start, start + len(text)


class Recogniser:
    """What the library looks like to us; it keeps a log of how it was made."""

    made: list[dict] = []

    def __init__(self, cache_path, build_lookup_structs=False):
        self.made.append({"build": build_lookup_structs})
        kept = cache_path / "cache" / "lookup_structs.pickle"
        if build_lookup_structs:
            kept.parent.mkdir(parents=True)
            kept.write_bytes(b"built")
        elif kept.read_bytes() != b"built":
            raise EOFError

    def deidentify(self, text):
        self.annotations = [
            Hit("persoon", "Jansen", 0),
            Hit("persoon", "haarlem", 9),
            Hit("locatie", "Noordwijk", 20),
        ]
        return self


@pytest.fixture
def library(monkeypatch, tmp_path):
    monkeypatch.setenv("KCC_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(names, "version", lambda: "3")
    monkeypatch.setattr(names, "_maker", lambda: Recogniser)
    monkeypatch.setattr(Recogniser, "made", [])
    names.finder.cache_clear()
    yield tmp_path / "cache" / "deduce-3" / "cache" / "lookup_structs.pickle"
    names.finder.cache_clear()


def test_persons_are_names_and_municipalities_are_not(library):
    assert list(names.finder()("…")) == [(0, 6)]


def test_it_is_loaded_once_and_its_lookups_are_kept_for_the_owner(library):
    names.finder()("a")
    names.finder()("b")
    assert Recogniser.made == [{"build": True}]
    assert library.read_bytes() == b"built"
    assert library.parent.stat().st_mode & 0o077 == 0
    names.finder.cache_clear()
    names.finder()
    assert Recogniser.made[1:] == [{"build": False}]
    assert [each.name for each in library.parent.iterdir()] == [library.name]


@pytest.mark.parametrize("harm", ["half written", "others may write"])
def test_a_cache_that_cannot_be_trusted_is_made_anew(library, harm):
    names.finder()
    names.finder.cache_clear()
    if harm == "half written":
        library.write_bytes(b"bui")
    else:
        library.chmod(0o666)
    names.finder()
    assert Recogniser.made[-1] == {"build": True}
    assert library.read_bytes() == b"built"
    assert library.stat().st_mode & 0o077 == 0


def test_without_a_place_for_a_cache_it_works_all_the_same(library, monkeypatch):
    monkeypatch.setenv("KCC_CACHE", "/dev/null/cache")
    assert list(names.finder()("…")) == [(0, 6)]


def test_importing_the_library_leaves_our_log_alone(monkeypatch):
    class Library:
        Deduce = object

    def noisy(name, *rest):
        if name != names.LIBRARY:
            return real(name, *rest)
        logging.basicConfig(level=logging.DEBUG, force=True)
        return Library

    real, root = builtins.__import__, logging.getLogger()
    before = root.handlers[:], root.level
    monkeypatch.setattr(builtins, "__import__", noisy)
    assert names._maker() is object
    assert (root.handlers, root.level) == before


def test_where_the_cache_is(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.platform", "linux")
    given = {"XDG_CACHE_HOME": str(tmp_path)}
    assert recogniser.cache_folder(given) == tmp_path / "kcc_research"
    assert recogniser.cache_folder({"KCC_CACHE": str(tmp_path)}) == tmp_path


@pytest.mark.slow
@pytest.mark.skipif(
    not recogniser.is_available(), reason="deduce is not installed: [pii]"
)
def test_the_real_recogniser_finds_names_and_too_much(monkeypatch, tmp_path):
    kept = os.environ.get("KCC_CACHE") or str(tmp_path)
    monkeypatch.setenv("KCC_CACHE", kept)
    names.finder.cache_clear()
    find = names.finder()
    for text, name in (
        ("Ik sprak met Jan de Vries van de gemeente.", "Jan de Vries"),
        ("Ik werd geholpen door Fatima el Amrani.", "Fatima el Amrani"),
        ("De heer P. Bakker nam op.", "P. Bakker"),
        ("Peter heeft mij goed geholpen", "Peter"),
    ):
        masked, kinds = mask(text, find)
        assert name not in masked and kinds == ("naam",)
    for text in ("In Haarlem en Den Haag wacht je lang.", "Alles was groen en mooi."):
        assert mask(text, find) == (text, ())
    assert mask("Bos en groen is mooi", find)[1] == ("naam",)  # too much: TRUST-Q4
    names.finder.cache_clear()
