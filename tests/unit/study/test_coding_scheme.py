"""Coding schemes: what they hold, and what they refuse with the line it stands on."""

import pytest

from kcc_research.errors import DefinitionError
from kcc_research.study.loading import load_study
from tests.remarks_study import KEY, MEASUREMENT, SCHEME, write_study

QUOTE = """\
[[quote]]
source = "gesprekken"
fragment = "F01"
fingerprint = "0123456789ab"
approved_by = "onderzoeker"
date = 2024-02-20
speaker = ["bezoeker"]
"""


@pytest.fixture
def scheme(tmp_path):
    return load_study(write_study(tmp_path), KEY).schemes["gesprekken"]


@pytest.fixture
def refused(tmp_path):
    """The first problem of a study with these definitions."""

    def found(**definitions):
        write_study(tmp_path, **definitions)
        with pytest.raises(DefinitionError) as caught:
            load_study(tmp_path, KEY)
        return caught.value.problems[0]

    return found


def test_the_labels_and_who_comes_first(scheme):
    assert scheme.labels == ("snelheid", "maatwerk", "duidelijkheid")
    assert scheme.precedence == ("eerste codeur", "tweede codeur")
    assert scheme.theme_of("snelheid").subtheme[0].label == "wachten in de hal"


def test_every_declared_column_is_read_as_a_question(scheme):
    questions = scheme.questionnaire.questions

    assert {name: each.column for name, each in questions.items()} == {
        "persoon": "gesprek",
        "fragment": "fragment_id",
        "bron": "bron",
        "rol": "rol",
        "codeur": "codeur",
        "thema": "thema",
        "subthema": "subcode",
        "valentie": "valentie",
        "citaat": "citaat",
    }
    assert questions["valentie"].codes["–"] == "negatief"


def test_without_codes_the_id_and_the_label_are_the_codes(tmp_path):
    changed = SCHEME.replace('codes = ["MAAT"]\n', "").replace(
        'label = "maatwerk"', 'label = "Maatwerk leveren"'
    )
    scheme = load_study(write_study(tmp_path, scheme=changed), KEY).schemes[
        "gesprekken"
    ]

    assert scheme.theme[1].written == ("maatwerk", "Maatwerk leveren")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('role = "rol"\n', "", "in [column] ontbreekt role"),
        ('coder = "codeur"\n', "", "in [column] ontbreekt coder"),
        ('subtheme = "subcode"\n', "", "in [column] ontbreekt subtheme"),
        ('fragment = "fragment_id"\n', "", "zonder fragment"),
        ('theme = "thema"', 'theme = "rol"', "kolom 'rol' staat er twee keer"),
        ('theme = "thema"', 'theme = ["a", "b"]', "hoort een subthema"),
        ('"MAAT"', '"snel"', "code 'snel' is al van 'snelheid'"),
        ('id = "maatwerk"', 'id = "snelheid"', "id 'snelheid' staat er twee keer"),
        ('label = "maatwerk"', 'label = "Snelheid"', "label 'Snelheid' staat er twee"),
        ('label = "maatwerk"', 'label = "Totaal"', "heet zo al in elke tabel"),
        ('panel = "inwonerspanel"', 'panel = "onbekend"', "geen naam zijn"),
        ('r = "raadslid"', 'B = "raadslid"', "'B' staat er twee keer"),
    ],
)
def test_what_does_not_fit_together(refused, old, new, said):
    assert old in SCHEME
    changed = SCHEME.replace(old, new)
    if new == "" and old.startswith("fragment"):
        changed = changed.replace('person = "gesprek"\n', "")
    if '["a", "b"]' in new:
        changed = changed.replace('valence = "valentie"\n', "")

    found = refused(scheme=changed)

    assert said in found.title + found.remedy
    assert found.file == f"studies/{KEY}/themas.toml"
    assert found.code == "KCC-C004c"


def test_a_list_of_codes_that_is_missing(refused):
    changed = SCHEME.replace('[roles]\nb = "bezoeker"\nr = "raadslid"\n', "")

    assert "[roles] ontbreekt" in str(refused(scheme=changed))


def test_valence_of_one_theme_among_several(refused):
    changed = SCHEME.replace("[column]", 'separator = "|"\n[column]').replace(
        'subtheme = "subcode"\n', ""
    )
    changed = changed.replace(
        '[[theme.subtheme]]\nid = "wachten"\nlabel = "wachten in de hal"\n'
        'codes = ["w"]\n',
        "",
    )

    assert "waar de valentie bij is" in str(refused(scheme=changed))


def test_a_misspelt_key_is_told_with_the_right_one(refused):
    found = refused(scheme="person_s = 1\n" + SCHEME)

    assert found.row == "1"
    assert "'persons'" in found.remedy


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('coding = "themas.toml"', 'questionnaire = "themas.toml"', "hoort coding"),
        ('coding = "themas.toml"', 'coding = "x.toml"', "x.toml"),
        (
            'coding = "themas.toml"\n',
            'coding = "themas.toml"\npopulation = 9\n',
            "wegen we niet",
        ),
        ('kind = "remarks"', 'kind = "survey"', "coding hoort alleen bij"),
    ],
)
def test_a_source_of_remarks_has_a_scheme_and_nothing_else(refused, old, new, said):
    found = refused(measurement=MEASUREMENT.replace(old, new))

    assert said in str(found)


class TestDecisionsOnQuotes:
    def test_they_come_with_the_study(self, tmp_path):
        (quote,) = load_study(write_study(tmp_path, quotes=QUOTE), KEY).quotes

        assert (quote.source, quote.fragment, quote.speaker) == (
            "gesprekken",
            "F01",
            ("bezoeker",),
        )

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ('"gesprekken"', '"gesprek"', "bron met opmerkingen"),
            ('["bezoeker"]', '["bezoekster"]', "omschrijving van een spreker"),
            ('["bezoeker"]', "[]", "minstens 1"),
            (
                '["bezoeker"]',
                '["bezoeker", "inwonerspanel", "raadslid"]',
                "hoogstens 2",
            ),
            ('"0123456789ab"', '"Ik stond"', "fingerprint"),
            ("2024-02-20", '"gisteren"', "een datum"),
            ('approved_by = "onderzoeker"\n', "", "approved_by"),
            ("date =", 'theme = "snelheit"\ndate =', "thema in het codeerschema"),
        ],
    )
    def test_what_they_cannot_say(self, refused, old, new, said):
        found = refused(quotes=QUOTE.replace(old, new))

        assert said in str(found)
        assert found.file == f"studies/{KEY}/quotes.toml"

    def test_a_fragment_is_ticked_once(self, refused):
        assert refused(quotes=QUOTE + QUOTE).code == "KCC-C004p"
