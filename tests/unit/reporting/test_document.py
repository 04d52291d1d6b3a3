"""The five helpers: one output each, or a refusal with everything that is wrong."""

import base64
import json
from dataclasses import replace
from datetime import date

import matplotlib.pyplot as plt
import pytest
from bs4 import BeautifulSoup

from kcc_research.errors import OutputError
from kcc_research.reporting import document
from kcc_research.reporting.document import Figure, Table
from kcc_research.reporting.phrases import SYNTHETIC_GID, SYNTHETIC_SENTENCE
from kcc_research.study.correction import Correction
from kcc_research.study.loading import load_study
from tests.workspaces import PHONE, REPOSITORY


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict, dict]]:
    """(bundle, metadata) of every output."""
    outputs: list[tuple[dict, dict]] = []
    monkeypatch.setattr(document, "_display", lambda *each: outputs.append(each))
    return outputs


@pytest.fixture
def a_table() -> Table:
    return Table("tabel", "Per kanaal", ("Kanaal", "Cijfer"), (("balie", "7,1"),))


@pytest.fixture
def a_figure(a_table: Table) -> Figure:
    image, axes = plt.subplots()
    axes.bar([1, 2], [6.5, 7.0])
    alt = "Staafdiagram: de balie krijgt een 7,0 en de telefoon een 6,5."
    return Figure("figuur", "Balie scoort hoger", alt, image, a_table)


def refused(call) -> list[str]:
    with pytest.raises(OutputError) as caught:
        call()
    return [each.code for each in caught.value.problems]


def test_title_prints_everything_that_is_declared(shown, make_study) -> None:
    document.title(make_study())
    ((bundle, metadata),) = shown
    record = metadata["kcc"]
    assert record["text"] == "2-meting klantbeleving Noordwijk 2023"
    assert dict(record["fields"]) == {
        "Opdrachtgever": "Gemeente Noordwijk",
        "Uitvoerder": "Team Onderzoek en Statistiek",
        "Contact": "onderzoek@voorbeeldgemeente.nl",
        "Meting": "2-meting, veldwerk 2\u00a0oktober 2023 tot en met "
        "19\u00a0november 2023",
        "Status": "Definitief",
        "Versie": "1",
        "Datum": "29\u00a0maart 2024",
    }
    assert record["published"] == "2024-03-29"
    assert bundle["text/markdown"].startswith("# 2-meting klantbeleving Noordwijk 2023")


def test_an_absent_field_leaves_no_empty_label(shown, make_study) -> None:
    document.title(make_study(report={}))
    labels = [label for label, _ in shown[0][1]["kcc"]["fields"]]
    assert labels == ["Opdrachtgever", "Meting", "Status", "Versie", "Datum"]


def test_a_later_version_says_on_page_one_what_it_mends(shown, make_study) -> None:
    mended = [
        Correction(
            version=number,
            date=date(2024, 4 + number, 3),
            what=what,
            reason="De kolommen waren verwisseld",
        )
        for number, what in (
            (2, "De cijfers per kanaal."),
            (2, "Tabel 3"),
            (3, "Figuur 1"),
        )
    ]
    document.title(make_study(correction=mended))
    fields = dict(shown[0][1]["kcc"]["fields"])
    assert fields["Versie"] == "3"
    assert fields["In versie 2"] == (
        "Verbeterd op 3\u00a0juni 2024: De cijfers per kanaal. "
        "Reden: De kolommen waren verwisseld. "
        "Tabel 3. Reden: De kolommen waren verwisseld."
    )
    assert "3\u00a0juli 2024: Figuur 1. Reden: " in fields["In versie 3"]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("2-meting klantbeleving", "2-meting klantbeleving Noordwijk 2023"),
        ("klantbeleving in Noordwijk", "Klantbeleving in Noordwijk 2023"),
        ("Noordwijk in 2023", "Noordwijk in 2023"),
    ],
)
def test_title_names_place_and_year_once(make_study, title: str, expected: str) -> None:
    assert document.title_text(make_study(title=title)) == expected


def test_title_knows_a_municipality_by_its_other_name() -> None:
    study = load_study(REPOSITORY, PHONE)
    assert study.place_name == "'s-Gravenhage"
    assert document.title_text(study) == study.measurement.title
    assert "'s-Gravenhage" not in study.measurement.title


def test_title_of_fieldwork_over_new_year_names_both_years(make_study) -> None:
    fieldwork = dict(make_study().measurement.fieldwork)
    fieldwork["end"] = fieldwork["end"].replace(year=2024)
    study = make_study(fieldwork=fieldwork, published=date(2025, 3, 1))
    assert document.title_text(study).endswith("Noordwijk 2023–2024")


def test_draft_title_says_concept(shown, make_study) -> None:
    document.title(make_study(), draft=True)
    record = shown[0][1]["kcc"]
    assert record["draft"]
    assert dict(record["fields"])["Status"] == "Concept"


def test_title_of_invented_data_says_so(shown, make_study) -> None:
    document.title(make_study(synthetic=True))
    bundle, metadata = shown[0]
    assert metadata["kcc"]["synthetic"]
    assert SYNTHETIC_SENTENCE in bundle["text/markdown"]


def test_logo_travels_as_data(shown, make_study) -> None:
    svg = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'
    document.title(make_study(), logo=svg)
    kind, _, encoded = shown[0][1]["kcc"]["logo"].partition(";base64,")
    assert kind == "data:image/svg+xml"
    assert base64.b64decode(encoded) == svg


def test_logo_that_is_no_picture_is_refused(make_study) -> None:
    assert refused(lambda: document.title(make_study(), logo=b"GIF89a")) == [
        "KCC-O067o"
    ]


def test_text_is_markdown_for_jupyter(shown) -> None:
    document.text("## Kop\n\nTekst")
    ((bundle, metadata),) = shown
    assert bundle == dict.fromkeys(("text/markdown", "text/plain"), "## Kop\n\nTekst")
    assert metadata == {"kcc": {"kind": "text"}}


def test_quote_names_its_speaker(shown) -> None:
    document.quote("Prima geholpen.", "inwoner, 65 jaar of ouder", "citaat-1")
    ((bundle, metadata),) = shown
    assert "inwoner, 65 jaar of ouder" in bundle["text/markdown"]
    assert metadata["kcc"]["speaker"] == "inwoner, 65 jaar of ouder"


def test_quote_without_speaker_is_refused(shown) -> None:
    assert refused(lambda: document.quote("Prima.", "", "c")) == ["KCC-O067l"]
    assert shown == []


def test_table_is_escaped_for_jupyter(shown, a_table: Table) -> None:
    document.table(replace(a_table, rows=(("<b>balie</b>", "7 & 8"),), note="x < 10"))
    bundle, metadata = shown[0]
    assert '<th scope="row">&lt;b&gt;balie&lt;/b&gt;</th>' in bundle["text/html"]
    assert "x &lt; 10" in bundle["text/html"]
    assert metadata["kcc"]["rows"] == [["<b>balie</b>", "7 & 8"]]


def test_table_with_a_number_that_is_not_text_is_refused(a_table: Table) -> None:
    wrong = replace(a_table, rows=(("balie", 7.1),))  # type: ignore[arg-type]
    assert refused(lambda: document.table(wrong)) == ["KCC-O067m"]


def test_figure_carries_its_alt_text_three_times(shown, a_figure: Figure) -> None:
    document.figure(a_figure)
    ((bundle, metadata),) = shown
    alts = [
        metadata["image/png"]["alt"],
        metadata["image/svg+xml"]["alt"],
        metadata["kcc"]["alt"],
    ]
    assert alts == [a_figure.alt] * 3
    assert bundle["text/plain"] == f"{a_figure.caption}\n{a_figure.alt}"


def test_figure_in_jupyter_has_caption_alt_text_and_data(
    shown, a_figure: Figure
) -> None:
    document.figure(replace(a_figure, caption="Balie < fixi"))
    ((bundle, _),) = shown
    page = BeautifulSoup(bundle["text/html"], "html.parser")
    assert page.figcaption.get_text() == "Balie < fixi"
    assert page.img["alt"] == a_figure.alt
    drawing = base64.b64decode(page.img["src"].partition(";base64,")[2]).decode()
    assert drawing == bundle["image/svg+xml"]
    cells = tuple(each.get_text() for each in page.select("details tbody tr *"))
    assert cells == tuple(cell for row in a_figure.data.rows for cell in row)


def test_figure_without_enough_words_is_refused_and_not_shown(
    shown, a_figure: Figure
) -> None:
    wrong = replace(a_figure, alt="kort", caption="", id="1")
    assert refused(lambda: document.figure(wrong)) == [
        "KCC-O067i",
        "KCC-O067h",
        "KCC-O067g",
    ]
    assert shown == []


def test_a_short_alt_text_is_not_saved_by_the_mark(a_figure: Figure) -> None:
    wrong = replace(a_figure, alt="", synthetic=True)
    assert "KCC-O067g" in refused(lambda: document.figure(wrong))


def test_figure_of_invented_data_is_marked_in_picture_caption_and_alt(
    shown, a_figure: Figure
) -> None:
    document.figure(replace(a_figure, synthetic=True, caption="Balie hoger."))
    bundle, metadata = shown[0]
    assert f'id="{SYNTHETIC_GID}"' in bundle["image/svg+xml"]
    assert metadata["kcc"]["caption"] == "Balie hoger. Verzonnen gegevens"
    assert metadata["kcc"]["alt"].startswith("Verzonnen gegevens. Staafdiagram")


def test_figure_of_real_data_has_no_mark(shown, a_figure: Figure) -> None:
    document.figure(a_figure)
    bundle, metadata = shown[0]
    assert SYNTHETIC_GID not in bundle["image/svg+xml"]
    assert "Verzonnen" not in json.dumps(metadata)


def test_display_hands_the_bundle_to_jupyter(monkeypatch: pytest.MonkeyPatch) -> None:
    import IPython.display

    calls = []
    monkeypatch.setattr(
        IPython.display, "display", lambda *args, **kw: calls.append((args, kw))
    )
    document.text("woord")
    bundle = {"text/markdown": "woord", "text/plain": "woord"}
    assert calls == [((bundle,), {"raw": True, "metadata": {"kcc": {"kind": "text"}}})]
