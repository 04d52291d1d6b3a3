"""Reading a notebook: everything public arrives, everything else is named."""

from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from kcc_research.errors import OutputError
from kcc_research.reporting import document
from kcc_research.reporting.content import (
    NumberedFigure,
    NumberedTable,
    Stray,
    Text,
)
from kcc_research.reporting.notebook_check import check, read, slug
from kcc_research.reporting.phrases import ROUNDED_SENTENCE


def codes(notebook: Any) -> list[str]:
    return [each.code for each in check(notebook)]


def shown(name: str, output: Any) -> Any:
    return new_code_cell("x", id=name, outputs=[output])


def test_a_good_notebook_is_valid_and_without_problems(report_notebook) -> None:
    nbformat.validate(report_notebook)
    assert check(report_notebook) == []


def test_everything_public_is_read_in_order(report_notebook) -> None:
    report = read(report_notebook)
    assert [each.plain_text for each in report.headings] == [
        "Samenvatting",
        "Rapportcijfers",
        "Verdeling van de cijfers",
        "Kanalen",
        "Verantwoording",
        "Weging",
    ]
    assert [each.picture.id for each in report.figures] == [
        "figuur-cijfers",
        "figuur-metingen",
    ]
    assert [each.table.id for each in report.tables] == [
        "tabel-kanalen",
        "tabel-producten",
    ]
    assert [each.table.id for each in report.key_figures] == ["kerncijfers"]
    assert [each.id for each in report.quotes] == ["citaat-verhaal"]
    assert (report.count("table"), report.count("quotation")) == (1, 1)


def test_figures_and_tables_are_counted_in_reading_order(report_notebook) -> None:
    report = read(report_notebook)
    assert [each.caption.split(". ")[0] for each in report.figures] == [
        "Figuur 1",
        "Figuur 2",
    ]
    assert [each.caption.split(". ")[0] for each in report.tables] == [
        "Tabel 1",
        "Tabel 2",
    ]
    assert report.figures[1].data_caption.startswith("Gegevens bij figuur 2. ")
    assert report.key_figures[0].caption == "De uitkomsten in het kort"


def test_intern_cells_count_for_nothing(report_notebook) -> None:
    report = read(report_notebook)
    texts = [each for each in report.contents if isinstance(each, Text)]
    words = " ".join(node.plain_text for text in texts for node in text.nodes)
    assert "geheimzinnige" not in words


@pytest.mark.parametrize(
    "output",
    [
        new_output("stream", name="stdout", text="klaar"),
        new_output("stream", name="stderr", text="UserWarning: Jansen"),
        new_output("error", ename="ValueError", evalue="Jansen", traceback=["Jansen"]),
        new_output("display_data", data={"image/png": "AA=="}),
        new_output(
            "execute_result", data={"text/html": "<table/>", "text/plain": "Jansen"}
        ),
    ],
    ids=lambda each: each.output_type,
)
def test_a_stray_output_is_named_by_cell_and_never_by_content(
    build_notebook, output: Any
) -> None:
    (found,) = check(build_notebook(extra=(shown("cel-zwerf", output),)))
    assert found.code == "KCC-O067"
    assert "cel-zwerf" in found.title
    assert "Jansen" not in str(found)


def test_a_stray_output_in_an_intern_cell_is_no_problem(build_notebook) -> None:
    cell = shown("cel-zwerf", new_output("stream", name="stdout", text="klaar"))
    cell.metadata["tags"] = ["intern"]
    assert check(build_notebook(extra=(cell,))) == []


def test_all_problems_are_collected(build_notebook, make_markdown) -> None:
    extra = (
        make_markdown("a", "# Nog een titel\n\n#### Te diep\n\n<b>"),
        make_markdown("b", "[weg](#bestaat-niet) en 文件"),
        shown("c", new_output("stream", name="stdout", text="klaar")),
    )
    assert sorted(codes(build_notebook(extra=extra))) == [
        "KCC-O065",
        "KCC-O065e",
        "KCC-O067",
        "KCC-O067c",
        "KCC-O067d",
        "KCC-O067f",
    ]


def test_a_notebook_without_title_is_refused(make_markdown) -> None:
    assert codes(new_notebook(cells=[make_markdown("a", "## Kop")])) == ["KCC-O067b"]


def test_a_second_title_is_refused(build_notebook, make_cell, make_study) -> None:
    extra = (make_cell("twee", lambda: document.title(make_study())),)
    assert codes(build_notebook(extra=extra)) == ["KCC-O067b"]


def test_a_title_after_the_text_is_refused(
    make_cell, make_markdown, make_study
) -> None:
    title = make_cell("t", lambda: document.title(make_study()))
    late = new_notebook(cells=[make_markdown("a", "## Kop"), title])
    assert codes(late) == ["KCC-O067b"]


def test_an_id_that_is_used_twice_is_refused(build_notebook, make_cell) -> None:
    again = make_cell("d", lambda: document.quote("Goed.", "inwoner", "tabel-kanalen"))
    (found,) = check(build_notebook(extra=(again,)))
    assert found.code == "KCC-O067e"
    assert "tabel-kanalen" in found.title


def test_a_damaged_record_is_named_without_its_content(build_notebook) -> None:
    record = {"kind": "quote", "id": "q", "text": 12, "speaker": "Jansen", "extra": 1}
    output = new_output(
        "display_data", data={"text/plain": "x"}, metadata={"kcc": record}
    )
    (found,) = check(build_notebook(extra=(shown("d", output),)))
    assert found.code == "KCC-O067a"
    assert "extra" in found.title and "text" in found.title
    assert "Jansen" not in str(found)


def test_a_figure_without_its_drawing_is_named(build_notebook) -> None:
    notebook = build_notebook()
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            output.data.pop("image/svg+xml", None)
    # The report has two figures, and no link points to either.
    assert codes(notebook) == ["KCC-O067p", "KCC-O067p"]


def test_equal_headings_get_anchors_of_their_own(build_notebook, make_markdown) -> None:
    report = read(
        build_notebook(
            extra=(
                make_markdown("a", "## Kanalen\n\n### Tabel kanalen"),
                make_markdown("b", "## Kanalen"),
            )
        )
    )
    anchors = [each.id for each in report.headings]
    assert anchors[-3:] == ["kanalen-2", "tabel-kanalen-2", "kanalen-3"]
    assert report.problems == ()


def test_a_link_may_name_a_heading_by_its_words(build_notebook, make_markdown) -> None:
    source = "[verder](#Verdeling-van-de-cijfers) en [figuur](#figuur-cijfers)"
    report = read(build_notebook(extra=(make_markdown("a", source),)))
    text = report.parts[-1].content
    assert isinstance(text, Text)
    links = [each.target for each in text.nodes[0].walk() if each.kind == "link"]
    assert links == ["#verdeling-van-de-cijfers", "#figuur-cijfers"]


def test_a_notebook_without_cell_ids_is_read(report_notebook) -> None:
    old = nbformat.from_dict(report_notebook)
    for cell in old.cells:
        cell.pop("id", None)
    old.cells.append(nbformat.from_dict(dict(report_notebook.cells[-1], source="<b>")))
    del old.cells[-1]["id"]
    (found,) = check(old)
    assert f"number {len(old.cells)}" in found.title


def test_a_report_with_problems_is_shown_as_a_draft_only(build_notebook) -> None:
    output = new_output("stream", name="stdout", text="klaar")
    report = read(build_notebook(extra=(shown("c", output),)))
    with pytest.raises(OutputError) as caught:
        report.ready(draft=False)
    assert [each.code for each in caught.value.problems] == ["KCC-O067"]
    draft = report.ready(draft=True)
    assert draft.title.watermark == "CONCEPT"
    assert draft.parts[-1].content == Stray("klaar")


def test_a_draft_shows_the_name_of_an_error_but_not_its_message(build_notebook) -> None:
    output = new_output(
        "error", ename="ValueError", evalue="Jansen", traceback=["Jansen"]
    )
    report = read(build_notebook(extra=(shown("c", output),)))
    assert report.parts[-1].content == Stray("ValueError")


@pytest.mark.parametrize(
    ("words", "anchor"),
    [
        ("Conclusies", "conclusies"),
        ("Hoe tevreden? (2023)", "hoe-tevreden-2023"),
        ("Financiën & privé", "financien-prive"),
        ("2-meting", "kop-2-meting"),
        ("文件", "kop"),
    ],
)
def test_slug(words: str, anchor: str) -> None:
    assert slug(words) == anchor


def test_where_counts_are_rounded_every_table_and_figure_says_so(
    report_notebook,
) -> None:
    plain = read(report_notebook)
    title = next(
        output["metadata"]["kcc"]
        for cell in report_notebook.cells
        for output in cell.get("outputs", ())
        if output.get("metadata", {}).get("kcc", {}).get("kind") == "title"
    )
    title["rounded"] = True
    told = read(report_notebook)
    assert told.problems == plain.problems
    for before, after in zip(plain.parts, told.parts, strict=True):
        one, other = before.content, after.content
        if isinstance(one, NumberedTable):
            notes = one.table.note, other.table.note
        elif isinstance(one, NumberedFigure):
            assert other.picture.alt.endswith(ROUNDED_SENTENCE)
            notes = one.picture.data.note, other.picture.data.note
        else:
            assert one == other
            continue
        assert notes[1] == f"{notes[0]} {ROUNDED_SENTENCE}".strip()
        assert ROUNDED_SENTENCE not in notes[0]
