"""Markdown: what reports support arrives whole, everything else is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_research.reporting.markdown import Node, parse


def blocks(source: str) -> tuple[Node, ...]:
    nodes, problems = parse(source, "cel")
    assert problems == []
    return nodes


def codes(source: str) -> list[str]:
    return [each.code for each in parse(source, "cel")[1]]


def test_kinds_in_reading_order() -> None:
    source = (
        "## Kop\n\nTekst.\n\n- een\n\n1. twee\n\n> woord\n\n```\nx\n```\n\n"
        "|a|b|\n|-|-:|\n|1|2|\n\n---\n"
    )
    assert [each.kind for each in blocks(source)] == [
        "heading",
        "paragraph",
        "list",
        "list",
        "quotation",
        "code_block",
        "table",
        "rule",
    ]


def test_words_inside_a_paragraph() -> None:
    (paragraph,) = blocks(
        "**vet** *schuin* ~~weg~~ `code` [doel](#doel)  \nverder\nhier"
    )
    assert [each.kind for each in paragraph.children] == [
        "bold",
        "text",
        "italic",
        "text",
        "strike",
        "text",
        "code",
        "text",
        "link",
        "break",
        "text",
        "text",
        "text",
    ]
    assert paragraph.plain_text == "vet schuin weg code doel verder hier"


def test_ordered_list_keeps_its_first_number() -> None:
    ordered, bullets = blocks("3. drie\n4. vier\n\ntekst\n\n- punt")[::2]
    assert (ordered.start, bullets.start) == (3, None)
    assert len(ordered.children) == 2


def test_table_keeps_cells_and_alignment() -> None:
    (table,) = blocks("| Norm | Doel | Ja |\n|---|--:|:-:|\n| balie | 90% | nee |")
    head, row = table.children
    assert [each.plain_text for each in row.children] == ["balie", "90%", "nee"]
    assert [each.align for each in head.children] == ["left", "right", "center"]


def test_entities_and_escapes_are_the_characters_they_stand_for() -> None:
    (paragraph,) = blocks(r"R&amp;D \*niet schuin\* 1 < 2 &euro;5")
    assert paragraph.plain_text == "R&D *niet schuin* 1 < 2 €5"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("Een <b>vet</b> woord", "KCC-O065"),
        ("<div>blok</div>", "KCC-O065"),
        ("<script>alert(1)</script>", "KCC-O065"),
        ("tekst <!-- commentaar --> tekst", "KCC-O065"),
        ("[klik](javascript:alert(1))", "KCC-O065a"),
        ("[klik](data:text/html;base64,AA)", "KCC-O065a"),
        ("[klik](../geheim.html)", "KCC-O065a"),
        ("[klik](profiles/../geheim.html)", "KCC-O065a"),
        ("[klik](../../report.html)", "KCC-O065a"),
        ("![kaart](kaart.png)", "KCC-O065b"),
        ("de marge is $x_1 + 2$ breed", "KCC-O065c"),
        ("$$x$$", "KCC-O065c"),
        ("| | b |\n|---|---|\n| 1 | 2 |", "KCC-O065d"),
        ("| a | b |\n|---|---|\n| | 2 |", "KCC-O065d"),
        ("> # kop in een citaat", "KCC-O065d"),
    ],
)
def test_unsupported_markdown_is_refused(source: str, code: str) -> None:
    assert code in codes(source)


def test_footnotes_are_refused_until_they_are_supported() -> None:
    assert set(codes("tekst[^1]\n\n[^1]: noot")) == {"KCC-O065d"}


@pytest.mark.parametrize(
    "source",
    ["Het kost $5 en $6 per keer", "`$x_1$`", "a < b en c > d", "5 * 3 * 2", "US$ 5"],
)
def test_harmless_signs_are_no_markup(source: str) -> None:
    assert codes(source) == []


def test_the_words_of_refused_markdown_survive_for_a_draft() -> None:
    nodes, _ = parse("Een <b>vet</b> woord en ![kaart](k.png) hier", "cel")
    assert nodes[0].plain_text == "Een <b>vet</b> woord en kaart hier"


def test_a_problem_names_its_cell() -> None:
    (found,) = parse("<b>", "cel-7")[1]
    assert "cel-7" in found.title


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_but_never_fails(source: str) -> None:
    nodes, _ = parse(source, "cel")
    for node in nodes:
        assert all(each.kind for each in node.walk())


@given(st.text(alphabet="abcdefg éë,.", min_size=1).filter(str.strip))
def test_plain_words_come_out_as_they_went_in(words: str) -> None:
    (paragraph,) = blocks(words)
    assert " ".join(paragraph.plain_text.split()) == " ".join(words.split())


@pytest.mark.parametrize(
    "target",
    ["profiles/noordwijk.html", "profiles/s-gravenhage.html", "../report.html"],
)
def test_pages_of_one_publication_may_lead_to_each_other(target: str) -> None:
    assert codes(f"[Noordwijk]({target})") == []
