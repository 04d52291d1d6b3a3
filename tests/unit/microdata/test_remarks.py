"""Coded fragments: read as strictly as answers, people by number, words screened."""

import openpyxl
import pandas as pd
import pytest

from kcc_research.errors import DataError
from kcc_research.microdata.remarks import COLUMNS, load_remarks, review_quotes
from kcc_research.study.loading import load_study
from kcc_research.study.quote_decision import fingerprint
from tests import remarks_study
from tests.remarks_study import (
    HELPED,
    KEY,
    MEASUREMENT,
    SCHEME,
    SOURCE,
    WAITED,
    line,
    rows,
)


@pytest.fixture
def read(tmp_path):
    """Reads raw lines with a scheme; the tiny study without any."""

    def cleaned(lines=None, **options):
        root = remarks_study.write_study(tmp_path, lines, **options)
        study = load_study(root, KEY)
        return load_remarks(
            root / "data" / "raw" / KEY,
            study.measurement.sources[SOURCE],
            study.schemes[SOURCE],
        )

    return cleaned


@pytest.fixture
def refused(read):
    def problems(*lines, **options):
        with pytest.raises(DataError) as caught:
            read(list(lines), **options)
        return [each for each in caught.value.problems if each.severity == "error"]

    return problems


def codes(problems):
    return [each.code for each in problems]


class TestWhatIsKept:
    def test_one_row_per_fragment_coder_and_theme(self, read):
        frame = read().responses

        assert tuple(frame.columns) == COLUMNS
        assert len(frame) == len(rows())
        assert frame["fragment"].nunique() == 17
        assert set(frame["thema"]) == {"snelheid", "maatwerk", "duidelijkheid"}
        assert set(frame["bron"]) == {"gesprekken in de hal", "inwonerspanel"}
        assert set(frame["valentie"]) == {"positief", "neutraal", "negatief"}
        assert frame["subthema"].value_counts().to_dict() == {"wachten in de hal": 3}

    def test_people_are_numbers_in_order_of_the_file(self, read):
        frame = read().responses

        assert sorted(frame["persoon"].unique()) == list(range(1, 14))
        assert frame.loc[frame["fragment"] == "F13", "persoon"].tolist() == [13]
        assert not frame.astype(str).isin(["g1", "g13"]).any(axis=None)

    def test_the_log_says_that_people_were_numbered(self, read):
        log = read().log.frame

        numbered = log[log["rule"] == "person_numbered"]
        assert numbered[["column", "to"]].values.tolist() == [["gesprek", "volgnummer"]]
        assert "fragment_id" not in set(log["column"])

    def test_the_codes_of_the_first_coder_in_the_scheme_count(self, read):
        frame = read().responses
        turned = SCHEME.replace(
            'a = "eerste codeur"\nb = "tweede codeur"',
            'b = "tweede codeur"\na = "eerste codeur"',
        )
        other = read(scheme=turned).responses

        of_f21 = frame[(frame["fragment"] == "F21") & frame["telt"]]
        assert of_f21["thema"].tolist() == ["maatwerk"]
        of_f21 = other[(other["fragment"] == "F21") & other["telt"]]
        assert of_f21["thema"].tolist() == ["duidelijkheid"]
        assert frame["telt"].sum() == other["telt"].sum() == 17

    def test_words_with_personal_data_do_not_stay(self, read):
        cleaned = read()
        said = cleaned.responses.drop_duplicates("fragment").set_index("fragment")

        assert said.loc["F01", "citaat"] == WAITED
        assert said.loc["F01", "vingerafdruk"] == fingerprint(WAITED)
        assert pd.isna(said.loc["F02", "citaat"])
        assert pd.isna(said.loc["F02", "vingerafdruk"])
        assert "12345678" not in cleaned.responses.to_csv()

    def test_a_hit_is_told_by_row_column_and_kind(self, read):
        cleaned = read()
        (hit,) = (each for each in cleaned.problems if each.code == "KCC-Q001")

        assert (hit.row, hit.column, hit.severity) == ("3", "citaat", "warning")
        assert "telefoonnummer" in hit.title
        logged = cleaned.log.frame
        assert logged[logged["rule"] == "personal_data"]["row"].tolist() == ["3"]

    def test_the_list_to_review_has_what_may_be_quoted(self, read):
        found = review_quotes(read())

        assert found["fragment"].tolist() == ["F01", "F21"]
        assert found["citaat"].tolist() == [WAITED, HELPED]
        assert found["thema"].tolist() == ["snelheid", "maatwerk"]
        assert found["vingerafdruk"].tolist() == [
            fingerprint(WAITED),
            fingerprint(HELPED),
        ]

    def test_a_code_twice_is_kept_once(self, read):
        cleaned = read([line("F1", "g1", "SNEL"), line("F1", "g1", "SNEL")])

        assert len(cleaned.responses) == 1
        assert cleaned.log.count("double_code") == 1
        assert "KCC-D041l" in codes(cleaned.problems)

    def test_several_themes_in_a_cell(self, read):
        scheme = (
            SCHEME.replace('subtheme = "subcode"\n', "")
            .replace('valence = "valentie"\n', "")
            .replace(
                '[[theme.subtheme]]\nid = "wachten"\nlabel = "wachten in de hal"\n'
                'codes = ["w"]\n',
                "",
            )
            .replace("[column]", 'separator = "|"\nuncoded = true\n[column]')
        )
        frame = read(
            [line("F1", "g1", "SNEL|maat"), line("F2", "g2", "")], scheme=scheme
        ).responses

        assert frame["thema"].isna().tolist() == [False, False, True]
        assert frame["thema"].dropna().tolist() == ["snelheid", "maatwerk"]
        assert frame["persoon"].tolist() == [1, 1, 2]

    def test_several_columns_of_themes(self, read):
        scheme = (
            SCHEME.replace('theme = "thema"', 'theme = ["thema", "valentie"]')
            .replace('subtheme = "subcode"', 'subtheme = ["subcode", "citaat"]')
            .replace('valence = "valentie"\nquotation = "citaat"\n', "")
        )
        frame = read(
            [line("F1", "g1", "MAAT", valence="SNEL", said="w")], scheme=scheme
        ).responses

        assert frame["thema"].tolist() == ["maatwerk", "snelheid"]
        assert frame["subthema"].dropna().tolist() == ["wachten in de hal"]

    def test_without_names_every_row_is_a_fragment_of_somebody(self, read):
        scheme = (
            SCHEME.replace('fragment = "fragment_id"\n', "")
            .replace('person = "gesprek"\n', "")
            .replace('coder = "codeur"\n', "")
            .replace('[coders]\na = "eerste codeur"\nb = "tweede codeur"\n', "")
        )
        frame = read(
            [line("F1", "g1", "SNEL"), line("F1", "g1", "SNEL")], scheme=scheme
        ).responses

        assert frame["persoon"].tolist() == [1, 2]
        assert frame["fragment"].tolist() == ["rij 2", "rij 3"]
        assert frame["telt"].all()

    def test_who_asked_to_be_taken_out_leaves_with_every_fragment(self, read):
        asked = MEASUREMENT + 'remove = ["g1"]\n'
        cleaned = read(measurement=asked)

        assert not {"F01", "F21"} & set(cleaned.responses["fragment"])
        assert cleaned.responses["persoon"].nunique() == 12
        assert cleaned.log.count("removed_on_request") == 4


def test_a_workbook_reads_as_the_same_fragments(tmp_path, read):
    """Excel keeps a valence of 0 as a number."""
    text = read().responses
    book = openpyxl.Workbook()
    for raw in (remarks_study.HEADER, *rows()):
        book.active.append([0 if cell == "0" else cell for cell in raw.split(";")])
    book.save(tmp_path / "data" / "raw" / KEY / "gesprekken.xlsx")
    excel = MEASUREMENT.replace("gesprekken.csv", "gesprekken.xlsx").replace(
        'format = { delimiter = ";", encoding = "utf-8" }\n', ""
    )
    again = read(measurement=excel).responses

    pd.testing.assert_frame_equal(again, text)


class TestWhatIsRefused:
    def test_an_undeclared_theme_with_the_one_it_resembles(self, refused):
        (found,) = refused(line("F1", "g1", "SNELL"))

        assert (found.code, found.row, found.column) == ("KCC-D043f", "2", "thema")
        assert "SNELL" in found.value
        assert "'SNEL'" in found.title

    def test_an_undeclared_role_and_valence_at_once(self, refused):
        found = refused(line("F1", "g1", "SNEL", rol="x", valence="9"))

        assert [(each.code, each.column) for each in found] == [
            ("KCC-D044q", "rol"),
            ("KCC-D044q", "valentie"),
        ]

    def test_a_theme_left_out(self, refused):
        (found,) = refused(line("F1", "g1", ""), line("F2", "g2", "SNEL"))

        assert (found.code, found.row) == ("KCC-D027c", "2")

    def test_a_subtheme_of_another_theme(self, refused):
        (found,) = refused(line("F1", "g1", "MAAT", subcode="w"))

        assert (found.code, found.row, found.value) == ("KCC-D044r", "2", '"w"')
        assert "maatwerk" in found.title

    @pytest.mark.parametrize(
        ("change", "what"),
        [
            ({"person": "g2"}, "persoon"),
            ({"bron": "panel"}, "bron"),
            ({"rol": "r"}, "rol"),
            ({"said": "Iets anders."}, "citaat"),
        ],
    )
    def test_one_fragment_said_in_two_ways(self, refused, change, what):
        given = {"person": "g1", "said": "Iets."}
        (found,) = refused(
            line("F1", theme="SNEL", **given),
            line("F1", theme="MAAT", coder="b", **(given | change)),
        )

        assert (found.code, found.row) == ("KCC-D041j", "2 en 3")
        assert what in found.title

    def test_two_valences_of_one_theme(self, refused):
        (found,) = refused(
            line("F1", "g1", "SNEL", valence="+"), line("F1", "g1", "SNEL", valence="-")
        )

        assert (found.code, found.row, found.column) == ("KCC-D041k", "3", "valentie")

    def test_a_row_of_nobody(self, refused):
        (found,) = refused(line("F1", "", "SNEL"))

        assert (found.code, found.row, found.column) == ("KCC-D041m", "2", "gesprek")

    def test_a_fragment_named_after_somebody(self, refused):
        (found,) = refused(line("jan@voorbeeld.example", "g1", "SNEL"))

        assert found.code == "KCC-Q004"
        assert "jan" not in str(found)

    def test_a_missing_column(self, refused):
        found = refused(
            line("F1", "g1", "SNEL"), scheme=SCHEME.replace('"bron"', '"herkomst"')
        )

        assert [(each.code, each.column) for each in found] == [
            ("KCC-D014d", "herkomst")
        ]
