"""What a report says and shows of interviews: counts of people, and no percentage."""

import re

import pytest

from kcc_research.disclosure import protect
from kcc_research.disclosure.quotes import Quotation
from kcc_research.estimation.remark_counts import estimate_remarks
from kcc_research.estimation.tables import empty_comparisons, empty_verdicts
from kcc_research.microdata.remarks import load_remarks
from kcc_research.reporting import document
from kcc_research.reporting.absent import Absent
from kcc_research.reporting.remark_figures import fill, plot_remark_matrix
from kcc_research.reporting.remark_tables import (
    list_remark_themes,
    tabulate_agreement,
    tabulate_remark_definitions,
    tabulate_remark_matrix,
    tabulate_remark_subthemes,
    tabulate_remark_themes,
    tabulate_speakers,
)
from kcc_research.reporting.remark_texts import (
    describe_agreement,
    describe_remark_theme,
    describe_remarks,
    select_quotes,
)
from kcc_research.study.loading import load_study
from tests.remarks_study import (
    KEY,
    MEASUREMENT,
    SCHEME,
    SOURCE,
    line,
    rows,
    write_study,
)

TABLES = (
    tabulate_remark_themes,
    tabulate_remark_matrix,
    tabulate_remark_subthemes,
    tabulate_speakers,
    tabulate_agreement,
)


@pytest.fixture
def told(tmp_path):
    """Calls a function of reporting with the tiny study, or with other raw lines."""

    def call(function, *arguments, lines=None, **options):
        root = write_study(tmp_path, lines, **options)
        study = load_study(root, KEY)
        cleaned = load_remarks(
            root / "data" / "raw" / KEY,
            study.measurement.sources[SOURCE],
            study.schemes[SOURCE],
        )
        estimates = estimate_remarks(study, SOURCE, cleaned.responses)
        safe = protect(study, estimates, empty_comparisons(), empty_verdicts())
        return function(study, safe.estimates, SOURCE, *arguments)

    return call


def both_sides():
    """Twelve in the hall, twelve in the panel; one speaks well and ill of speed."""
    lines = [line(f"H{n}", f"h{n}", "SNEL", valence="+") for n in range(12)]
    lines += [line("H90", "h0", "SNEL", valence="-")]
    lines += [
        line(f"P{n}", f"p{n}", "MAAT", bron="panel", rol="r", valence="0")
        for n in range(12)
    ]
    return lines


class TestTables:
    @pytest.mark.parametrize("tabulate", TABLES)
    def test_each_may_be_published_and_holds_no_percentage(self, told, tabulate):
        table = told(tabulate)

        document._checked(table)
        assert "%" not in str(table.rows)

    def test_themes_with_most_people_first(self, told):
        table = told(tabulate_remark_themes)

        assert list(table.rows) == [
            ("Snelheid", "11", "6", "0", "5"),
            ("Maatwerk", "4", "4", "0", "0"),
            ("Duidelijkheid", "2", "0", "2", "0"),
        ]
        assert table.caption.endswith("in aantallen gesprekspartners (n\xa0=\xa013)")
        assert "niet hoe vaak" in table.note

    def test_a_source_of_two_people_is_suppressed(self, told):
        table = told(tabulate_remark_matrix)

        assert table.columns == (
            "Thema",
            "Gesprekken in de hal (n\xa0=\xa011)",
            "Inwonerspanel (te weinig mensen)",
            "Samen (n\xa0=\xa013)",
        )
        assert table.rows[2] == ("Duidelijkheid", "0", "x", "2")
        assert "x: minder dan 10 mensen" in table.note

    def test_of_one_source_there_is_only_the_whole(self, told):
        lines = [each for each in rows() if ";panel;" not in each]
        table = told(tabulate_remark_matrix, lines=lines)

        assert table.columns == ("Thema", "Samen (n\xa0=\xa011)")

    def test_the_coding_scheme_for_an_appendix(self, told):
        table = told(lambda m, _, source: tabulate_remark_definitions(m, source))

        document._checked(table)
        assert table.rows[1] == (
            "Maatwerk",
            "Meedenken als een situatie anders is dan anders.",
        )

    def test_who_was_heard(self, told):
        table = told(tabulate_speakers)

        assert table.rows == (
            ("Bron", "Gesprekken in de hal", "11"),
            ("Bron", "Inwonerspanel", "x"),
            ("Rol", "Bezoeker", "11"),
            ("Rol", "Raadslid", "2"),
            ("Samen", "Iedereen", "13"),
        )

    def test_parts_of_themes(self, told):
        assert told(tabulate_remark_subthemes).rows == (
            ("Wachten in de hal", "Snelheid", "3"),
        )

    def test_agreement_over_all_and_per_theme(self, told):
        table = told(tabulate_agreement)

        assert table.rows[0][0::3] == ("Alle thema’s samen", "12")
        assert table.rows[0][1] == "0,49"
        assert table.rows[1][:2] == ("Snelheid", "1,00")

    def test_one_coder_has_no_table_of_agreement(self, told):
        found = told(tabulate_agreement, lines=[line("F1", "g1", "SNEL")])

        assert isinstance(found, Absent)


class TestTexts:
    def test_who_was_heard_and_what_a_count_means(self, told):
        text = told(describe_remarks)

        assert "**13 gesprekspartners** in 17 fragmenten" in text
        assert "laten zien wat er voorkomt, niet hoe vaak" in text
        assert (
            "**snelheid** (11 van de 13), **maatwerk** (4 van de 13) en "
            "**duidelijkheid** (2 van de 13)" in text
        )

    def test_themes_as_often_as_the_last_one_are_named_too(self, told):
        lines = [line(f"F{n}", f"g{n}", "SNEL") for n in range(12)]
        lines += [line("F20", "g1", "MAAT"), line("F21", "g2", "DUID")]

        text = told(
            lambda s, e, source: describe_remarks(s, e, source, most=2), lines=lines
        )

        assert "maatwerk" in text and "duidelijkheid" in text

    def test_a_theme_with_its_tone(self, told):
        text = told(describe_remark_theme, "snelheid", lines=both_sides())

        assert text.startswith("### Snelheid\n\nHoe lang het duurt")
        assert "Hierover spraken 12 van de 24 gesprekspartners" in text
        assert "12 positief en 1 negatief. Wie er goed én minder goed" in text

    def test_a_theme_of_one_person(self, told):
        lines = [line(f"F{n}", f"g{n}", "SNEL") for n in range(12)]
        text = told(
            describe_remark_theme, "maatwerk", lines=[*lines, line("F20", "g1", "MAAT")]
        )

        assert "Hierover sprak 1 van de 12 gesprekspartners: 1 neutraal." in text

    def test_too_few_people_to_count(self, told):
        text = told(describe_remarks, lines=rows()[:5])

        assert text.startswith("Er zijn te weinig mensen gesproken")
        assert not re.search(r"\d", text)

    def test_remarks_in_confidence_show_no_small_count(self, told):
        promised = MEASUREMENT + "confidential = true\n"

        assert told(list_remark_themes, measurement=promised) == []

    def test_no_text_holds_a_percentage(self, told):
        texts = [told(describe_remarks), told(describe_agreement)]
        texts += [told(describe_remark_theme, "snelheid")]

        assert "%" not in "".join(texts).replace("95%-marge", "")


class TestAgreementInWords:
    def double(self, same, other):
        """``same`` fragments on which coders agree, ``other`` on which they do not."""
        lines = []
        for at in range(same):
            theme = ("SNEL", "MAAT")[at % 2]
            lines += [line(f"S{at}", f"g{at}", theme, coder=each) for each in "ab"]
        for at in range(other):
            lines += [line(f"O{at}", f"h{at}", "SNEL")]
            lines += [line(f"O{at}", f"h{at}", "MAAT", coder="b")]
        return lines

    @pytest.mark.parametrize(
        ("same", "other", "said"),
        [
            (40, 0, "**1,00**. Dat is betrouwbaar"),
            (92, 8, "Dat is bruikbaar (vanaf 0,67), maar niet zeker betrouwbaar"),
            (40, 10, "te dichtbij om te zeggen"),
            (20, 0, "**1,00**. Met zo weinig fragmenten is dat niet meer dan"),
            (10, 30, "Dat is te laag (onder 0,67)"),
        ],
    )
    def test_the_verdict_holds_for_the_whole_interval(self, told, same, other, said):
        assert said in told(describe_agreement, lines=self.double(same, other))

    def test_it_says_whose_codes_count(self, told):
        text = told(describe_agreement)

        assert "12 fragmenten zijn door meer dan één codeur gecodeerd" in text
        assert "tellen daarvan de codes van de eerste codeur" in text

    def test_too_few_double_codings(self, told):
        text = told(describe_agreement, lines=self.double(9, 0))

        assert text.startswith("Minder dan 10 fragmenten")

    def test_nobody_coded_twice(self, told):
        text = told(describe_agreement, lines=[line("F1", "g1", "SNEL")])

        assert "niet gemeten" in text


class TestFigure:
    def test_every_number_is_in_the_alt_text_and_the_table(self, told):
        figure = told(plot_remark_matrix, lines=both_sides())

        assert "Snelheid: gesprekken in de hal (n\xa0=\xa012) 12" in figure.alt
        assert "inwonerspanel (n\xa0=\xa012) 0" in figure.alt
        assert figure.data.rows[:2] == (
            ("Snelheid", "12", "0", "12"),
            ("Maatwerk", "0", "12", "12"),
        )
        assert figure.synthetic
        texts = [each.get_text() for each in figure.image.axes[0].texts]
        assert texts.count("12") == 4

    def test_a_suppressed_source_is_hatched(self, told):
        figure = told(plot_remark_matrix)

        cells = figure.image.axes[0].patches
        assert [bool(each.get_hatch()) for each in cells] == [False, True, False] * 3

    def test_darker_is_more_people(self):
        shades = [fill(number, 20) for number in (0, 1, 6, 11, 20)]

        assert len(set(shades)) == 5
        assert fill(None, 20) == fill(0, 20) == fill(0, 0)

    def test_of_nothing_there_is_no_figure(self, told):
        found = told(
            lambda study, estimates, source: plot_remark_matrix(
                study, estimates.iloc[:0], source
            )
        )

        assert isinstance(found, Absent)


def test_quotes_stand_under_their_theme():
    quotes = [
        Quotation("citaat-1", SOURCE, "snelheid", "bezoeker", "Lang."),
        Quotation("citaat-2", SOURCE, "maatwerk", "bezoeker", "Fijn."),
        Quotation("citaat-3", "elders", "snelheid", "bezoeker", "Snel."),
    ]

    assert [each.id for each in select_quotes(quotes, SOURCE, "snelheid")] == [
        "citaat-1"
    ]


def test_a_theme_nobody_spoke_of_is_in_the_table_and_not_in_the_list(told):
    changed = SCHEME + '\n[[theme]]\nid = "x"\nlabel = "privacy"\ndefinition = "Wie."\n'

    assert "privacy" not in told(list_remark_themes, scheme=changed)
    assert ("Privacy", "0") in [
        row[:2] for row in told(tabulate_remark_themes, scheme=changed).rows
    ]
