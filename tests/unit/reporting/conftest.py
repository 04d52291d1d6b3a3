"""An executed report notebook, built in code: no kernel, every kind of output."""

import base64
import io
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from kcc_research.reporting import document, style
from kcc_research.reporting.document import Figure, Table
from kcc_research.study.measurement import Measurement

SPECIAL = r"# $ * _ @ < > \ #let x = [1] // /* `code` ~ = - + 'q' \"r\""
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 36">'
    b'<rect width="36" height="36" rx="4" fill="#154273"/>'
    b'<circle cx="18" cy="18" r="9" fill="#fff"/>'
    b'<rect x="46" y="10" width="74" height="6" fill="#154273"/>'
    b'<rect x="46" y="21" width="50" height="5" fill="#3E8EC4"/></svg>'
)


def a_study(
    *, status: str = "definitief", synthetic: bool = False, **changes: object
) -> Any:
    """What the title needs of a study, without reading one from disk."""
    declared = {
        "owner": "gm0575-noordwijk",
        "slug": "2023-klantbeleving",
        "title": "2-meting klantbeleving",
        "study": "experience",
        "municipality": "GM0575",
        "wave": 2,
        "synthetic": synthetic,
        "published": date(2024, 3, 29),
        "retain_until": date(2026, 12, 31),
        "commissioner": "Gemeente Noordwijk",
        "status": status,
        "report": {
            "author": "Team Onderzoek en Statistiek",
            "contact": "onderzoek@voorbeeldgemeente.nl",
        },
        "fieldwork": {
            "start": date(2023, 10, 2),
            "end": date(2023, 11, 19),
            "mode": "web",
            "recruitment": "random-sample",
        },
        "source": [
            {
                "id": "algemeen",
                "kind": "survey",
                "questionnaire": "algemeen.toml",
                "file": "algemeen.csv",
            }
        ],
    }
    measurement = Measurement.model_validate(declared | changes)
    return SimpleNamespace(measurement=measurement, place_name="Noordwijk", texts={})


def captured(show: Callable[[], None]) -> list[dict[str, Any]]:
    """The outputs that a helper would leave in a notebook."""
    outputs: list[dict[str, Any]] = []

    def keep(bundle: dict[str, str], metadata: dict[str, Any]) -> None:
        outputs.append(new_output("display_data", data=bundle, metadata=metadata))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(document, "_display", keep)
        show()
    return outputs


def code_cell(name: str, *shows: Callable[[], None]) -> Any:
    outputs = [output for show in shows for output in captured(show)]
    return new_code_cell("# bron", id=name, outputs=outputs)


def markdown_cell(name: str, source: str, *tags: str) -> Any:
    metadata = {"tags": list(tags)} if tags else {}
    return new_markdown_cell(source, id=name, metadata=metadata)


def grades_figure(*, synthetic: bool = False) -> Figure:
    grades = list(range(1, 11))
    counts = [4, 3, 6, 12, 31, 74, 118, 79, 20, 6]
    with style.apply():
        image, axes = plt.subplots()
        axes.bar(grades, counts, width=0.7)
        axes.set(xlabel="Rapportcijfer", ylabel="Aantal inwoners", xticks=grades)
        axes.grid(axis="x", visible=False)
    data = Table(
        id="gegevens-cijfers",
        caption="Aantal inwoners per rapportcijfer",
        columns=("Rapportcijfer", "Aantal"),
        rows=tuple((str(g), str(c)) for g, c in zip(grades, counts, strict=True)),
    )
    return Figure(
        id="figuur-cijfers",
        caption="Zeven van de tien inwoners geven een 6, 7 of 8",
        alt="Staafdiagram van het aantal inwoners per rapportcijfer van 1 tot en met "
        "10. De 7 komt het meest voor: 118 keer. Een 3 of lager geven 13 inwoners.",
        image=image,
        data=data,
        synthetic=synthetic,
    )


def waves_figure(*, synthetic: bool = False) -> Figure:
    waves = ["0-meting 2021", "1-meting 2022", "2-meting 2023"]
    with style.apply():
        image, axes = plt.subplots(figsize=(style.WIDTH, 3.0))
        series = {"Duidelijkheid": [6.1, 6.4, 6.7], "Snelheid": [6.3, 6.2, 6.4]}
        for (name, scores), marker, dash in zip(
            series.items(), style.MARKERS, style.DASHES, strict=False
        ):
            axes.plot(waves, scores, marker=marker, linestyle=dash, label=name)
        axes.set(
            ylim=(5.5, 7.5), ylabel="Gemiddeld cijfer", yticks=[5.5, 6, 6.5, 7, 7.5]
        )
        axes.legend(loc="upper left", ncols=2)
    data = Table(
        id="gegevens-metingen",
        caption="Gemiddeld cijfer per meting",
        columns=("Aspect", *waves),
        rows=(
            ("Duidelijkheid", "6,1", "6,4", "6,7"),
            ("Snelheid", "6,3", "6,2", "6,4"),
        ),
    )
    return Figure(
        id="figuur-metingen",
        caption="Duidelijkheid gaat vooruit, snelheid blijft gelijk",
        alt="Lijndiagram met drie metingen. Duidelijkheid stijgt van 6,1 via 6,4 naar "
        "6,7. Snelheid blijft ongeveer gelijk: 6,3, 6,2 en 6,4.",
        image=image,
        data=data,
        synthetic=synthetic,
    )


CHANNELS = Table(
    id="tabel-kanalen",
    caption="Gemiddeld cijfer en aandeel tevreden inwoners per kanaal",
    columns=("Kanaal", "Gemiddeld cijfer", "Marge", "Tevreden", "Antwoorden"),
    rows=(
        ("telefoon", "6,8", "6,5–7,1", "71%", "118"),
        ("balie", "7,3", "7,0–7,6", "82%", "83"),
        ("e-mail", "6,1", "5,7–6,5", "58%", "62"),
        ("meldingen openbare ruimte (Fixi)", "6,4", "5,9–6,9", "63%", "41"),
        ("website", "x", "x", "x", "28"),
    ),
    note="x: te weinig antwoorden om te tonen. Tevreden: een 7 of hoger.",
)
KEY_FIGURES = Table(
    id="kerncijfers",
    caption="De uitkomsten in het kort",
    columns=("Onderwerp", "Uitkomst", "Toelichting"),
    rows=(
        ("Gemiddeld rapportcijfer", "6,6", "ligt waarschijnlijk tussen 6,4 en 6,8"),
        ("Geeft een 7 of hoger", "63%", "gewogen; 353 antwoorden"),
        ("Duidelijke communicatie", "6,7", "was 6,4 bij de 1-meting"),
    ),
    layout="key_figures",
)


def many_rows(count: int) -> Table:
    return Table(
        id="tabel-producten",
        caption="Uitkomsten per product of dienst",
        columns=("Product of dienst", "Antwoorden", "Gemiddeld cijfer"),
        rows=tuple(
            (f"Product {i:03d} met een wat langere naam", str(20 + i), f"6,{i % 10}")
            for i in range(1, count + 1)
        ),
    )


SUMMARY = """## Samenvatting

Inwoners van Noordwijk geven de dienstverlening gemiddeld een **6,6**. Dat cijfer is
*niet te vergelijken* met de 6,4 van de vorige meting: toen vulden ook inwoners zonder
contact de vragenlijst in.

- Inwoners zijn het meest tevreden over de balie.
- De antwoorden per e-mail vallen tegen:
  - ze duren lang;
  - ze zijn niet altijd duidelijk.
- Meer over de aanpak staat in [de verantwoording](#verantwoording).
"""
METHOD = """## Verantwoording

De vragenlijst volgt [de werkwijze van de VNG](https://vng.nl/) en bevat ook de norm:

| Norm | Streefwaarde | Gehaald |
|---|---:|---|
| Telefoon binnen 30 seconden | 80% | nee |
| Balie binnen 10 minuten | 90% | ja |

### Weging

1. Eerst naar leeftijd.
2. Daarna naar geslacht.

> Een gemeente die niet meet, weet niet of zij beter wordt.

De kolom heet `cijfer`. Zie ook ~~tabel 9~~ [de tabel per kanaal](#tabel-kanalen).

```
weging = telling / verwacht
```
"""


def build(
    *,
    status: str = "definitief",
    synthetic: bool = False,
    logo: bytes | None = LOGO,
    extra: tuple[Any, ...] = (),
) -> Any:
    """The executed notebook of a small report; ``extra`` cells come at the end."""
    study = a_study(status=status, synthetic=synthetic)
    return new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        cells=[
            markdown_cell(
                "cel-intern", "# Werkblad\n\nLeest geheimzinnige tabel", "intern"
            ),
            new_code_cell("measurement = 'a/b'", id="cel-parameters"),
            code_cell("cel-titel", lambda: document.title(study, logo=logo)),
            code_cell("cel-samenvatting", lambda: document.text(SUMMARY)),
            code_cell("cel-kern", lambda: document.table(KEY_FIGURES)),
            markdown_cell(
                "cel-cijfers", "## Rapportcijfers\n\nZo kijken inwoners ernaar."
            ),
            markdown_cell("cel-verdeling", "### Verdeling van de cijfers"),
            code_cell(
                "cel-figuur",
                lambda: document.figure(grades_figure(synthetic=synthetic)),
            ),
            code_cell(
                "cel-citaat",
                lambda: document.quote(
                    "Je moet steeds opnieuw je verhaal vertellen.",
                    "inwoner, 65 jaar of ouder",
                    "citaat-verhaal",
                ),
            ),
            markdown_cell("cel-kanalen", "## Kanalen"),
            code_cell("cel-tabel", lambda: document.table(CHANNELS)),
            code_cell(
                "cel-metingen",
                lambda: document.figure(waves_figure(synthetic=synthetic)),
            ),
            code_cell("cel-lang", lambda: document.table(many_rows(45))),
            markdown_cell("cel-methode", METHOD),
            *extra,
        ],
    )


@pytest.fixture(scope="session")
def report_notebook() -> Any:
    """A final report about real data."""
    return build()


@pytest.fixture(scope="session")
def synthetic_notebook() -> Any:
    """A report for comment about invented data."""
    return build(status="wederhoor", synthetic=True)


@pytest.fixture
def build_notebook() -> Callable[..., Any]:
    """Make variations on the report."""
    return build


@pytest.fixture(scope="session")
def png_pixel() -> str:
    """The smallest PNG there is, as Jupyter stores it."""
    target = io.BytesIO()
    Image.new("L", (1, 1), 255).save(target, format="png")
    return base64.b64encode(target.getvalue()).decode()


@pytest.fixture
def make_study() -> Callable[..., Any]:
    return a_study


@pytest.fixture
def make_figure() -> Callable[..., Figure]:
    return grades_figure


@pytest.fixture
def make_cell() -> Callable[..., Any]:
    """``make_cell(name, helper call, …)``: a code cell with what the helpers show."""
    return code_cell


@pytest.fixture
def make_markdown() -> Callable[..., Any]:
    return markdown_cell
