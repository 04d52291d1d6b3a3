"""A small workspace to break: one measurement, with the notebooks of the product.

Its answers are chosen so that what the published report says can be counted by hand,
and its texts so that they would do harm where a report did not guard against them.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from tests.workspaces import ASSURANCE, REPOSITORY

KEY = "xx-teststad/2024-balie"
REPORT = "30_report_experience"
NOTEBOOKS = (
    *("10_clean_survey", "20_analyse_experience", REPORT),
    *("11_clean_contacts", "21_analyse_contacts", "37_report_contacts"),
    *("13_clean_municipalities", "24_analyse_assurance", "33_report_assurance"),
)
CSV = "antwoorden.csv"
FORMAT = 'format = { delimiter = ";", decimal = ",", encoding = "utf-8" }\n'

MEASUREMENT = f"""\
title = "Meting \\"balie\\" en 'loket' \\\\ <b>{{x}}</b>"
study = "experience"
place = "Teststad"
wave = 1
synthetic = true
published = 2024-03-29
retain_until = 2030-12-31
commissioner = "Gemeente Teststad"
status = "definitief"
[fieldwork]
start = 2024-01-08
end = 2024-02-04
mode = "web"
recruitment = "random-sample"
[[source]]
id = "balie"
kind = "survey"
file = "{CSV}"
{FORMAT}questionnaire = "balie.toml"
invited = 200
breakdowns = ["kanaal"]
"""

QUESTIONNAIRE = """\
title = "Vragenlijst"
population = "bezoekers"
[[question]]
id = "respondent"
column = "id"
text = "Volgnummer"
type = "identifier"
sensitive = false
[[question]]
id = "kanaal"
column = "kanaal"
text = "Kanaal"
type = "choice"
codes = { B = "=2+5 balie", T = "+telefoon & co" }
sensitive = false
[[question]]
id = "indruk"
column = "indruk"
text = "Indruk <script>alert(1)</script><img src=x onerror=alert(1)>"
type = "choice"
codes = { 1 = "slecht", 2 = "matig", 3 = "goed" }
sensitive = false
[[question]]
id = "geholpen"
column = "geholpen"
text = "Bent u geholpen?"
type = "choice"
codes = ["ja", "nee"]
missing = { 9 = "dont_know" }
sensitive = false
[[question]]
id = "cijfer"
column = "cijfer"
text = "Welk cijfer geeft u?"
type = "grade"
range = [1, 10]
direction = "higher_is_better"
missing = { 11 = "dont_know" }
sensitive = false
[[question]]
id = "wachttijd"
column = "wachttijd"
text = "Hoeveel minuten wachtte u?"
type = "number"
unit = "minuten"
sensitive = false
[[question]]
id = "bezoek"
column = "bezoek"
text = "Wanneer kwam u?"
type = "date"
date_format = "%d-%m-%Y"
sensitive = false
[[question]]
id = "toelichting"
column = "toelichting"
text = "Wilt u dat toelichten?"
type = "text"
sensitive = false
[[indicator]]
id = "rapportcijfer"
question = "cijfer"
label = "Rapportcijfer"
statistic = "mean"
role = "headline"
[[indicator]]
id = "indruk"
question = "indruk"
label = "Indruk"
statistic = "distribution"
role = "distribution"
[[indicator]]
id = "geholpen"
question = "geholpen"
label = "Geholpen"
statistic = "share"
categories = ["ja"]
"""

COLUMNS = (
    *("id", "kanaal", "indruk", "geholpen", "cijfer", "wachttijd", "bezoek"),
    "toelichting",
)
RESPONDENTS = 60


def answers() -> list[list[str]]:
    """Sixty rows: 24 at each channel and 12 at none; a third gave each impression.

    Twenty were helped, twenty were not and twenty did not say; 33 sevens and 27 sixes
    are a mean of exactly 6,55.
    """
    return [
        [
            str(number + 1),
            "B" if number < 24 else "T" if number < 48 else "",
            str(number % 3 + 1),
            ("ja", "nee", "9")[number // 3 % 3 if number < 54 else number % 3],
            "7" if number < 33 else "6",
            f"{number % 7},5",
            f"{number % 20 + 8:02}-01-2024",
            "prima\x07" if number == 4 else "",
        ]
        for number in range(RESPONDENTS)
    ]


def csv_text(rows: Sequence[Sequence[str]], sign: str = ";") -> str:
    """A header and these rows."""
    return "".join(f"{sign.join(row)}\n" for row in (COLUMNS, *rows))


def make(root: Path) -> Bench:
    """The workspace in order; ``kcc run`` has not been called."""
    for name in NOTEBOOKS:
        file = root / "notebooks" / f"{name}.ipynb"
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / "notebooks" / file.name, file)
    shutil.copy(REPOSITORY / "requirements.lock", root)
    for folder in (f"studies/{ASSURANCE}", f"data/raw/{ASSURANCE}"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    bench = Bench(root)
    bench.measurement.parent.mkdir(parents=True)
    bench.measurement.write_text(MEASUREMENT, encoding="utf-8")
    bench.questionnaire.write_text(QUESTIONNAIRE, encoding="utf-8")
    bench.raw.mkdir(parents=True)
    bench.csv(csv_text(answers()))
    return bench


@dataclass(frozen=True)
class Bench:
    """The places of the workspace, and the ways to damage what stands there."""

    root: Path

    @property
    def study(self) -> Path:
        return self.root / "studies" / KEY

    @property
    def measurement(self) -> Path:
        return self.study / "measurement.toml"

    @property
    def questionnaire(self) -> Path:
        return self.study / "balie.toml"

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw" / KEY

    @property
    def outputs(self) -> Path:
        return self.root / "outputs"

    @property
    def notebook(self) -> Path:
        """Of the report."""
        return self.root / "notebooks" / f"{REPORT}.ipynb"

    def published(self, name: str) -> str:
        """The text of a published file."""
        return (self.outputs / KEY / name).read_text(encoding="utf-8")

    def edit(self, path: Path, old: str, new: str) -> None:
        """Replace the first ``old``; a fault that changes nothing is no fault."""
        text = path.read_text(encoding="utf-8")
        assert old in text, (path.name, old)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def define(self, old: str, new: str) -> None:
        """Change the measurement."""
        self.edit(self.measurement, old, new)

    def ask(self, old: str, new: str) -> None:
        """Change the questionnaire."""
        self.edit(self.questionnaire, old, new)

    def append(self, text: str) -> None:
        """Add tables to the measurement."""
        whole = self.measurement.read_text(encoding="utf-8") + text
        self.measurement.write_text(whole, encoding="utf-8")

    def csv(self, content: str | bytes) -> None:
        """Another file of answers."""
        data = content.encode() if isinstance(content, str) else content
        (self.raw / CSV).write_bytes(data)

    def lines(self, change: Callable[[list[str]], None]) -> None:
        """Change the lines of the file of answers, the header being the first."""
        lines = (self.raw / CSV).read_text(encoding="utf-8").split("\n")
        change(lines)
        self.csv("\n".join(lines))

    def put(self, row: int, column: str, value: str) -> None:
        """Another value in one cell; ``row`` as an editor counts it."""

        def change(lines: list[str]) -> None:
            cells = lines[row - 1].split(";")
            cells[COLUMNS.index(column)] = value
            lines[row - 1] = ";".join(cells)

        self.lines(change)

    def read_from(self, file: str, form: str = "") -> None:
        """Let the measurement read another file, its form as given or detected."""
        self.define(f'file = "{CSV}"', f'file = "{file}"')
        self.define(FORMAT, f"format = {{ {form} }}\n" if form else "")

    def excel(self, change: Callable[[openpyxl.Workbook], None]) -> None:
        """The same answers in Excel, then changed."""
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.append(COLUMNS)
        for row in answers():
            number, kanaal, indruk, geholpen, cijfer, wait, _, open_ = row
            told = open_.replace("\x07", "")
            cells = [int(number), kanaal, int(indruk), geholpen, int(cijfer)]
            sheet.append([*cells, float(wait.replace(",", ".")), None, told])
        change(book)
        buffer = io.BytesIO()
        book.save(buffer)
        (self.raw / "antwoorden.xlsx").write_bytes(buffer.getvalue())
        self.read_from("antwoorden.xlsx")

    def municipality(self, name: str) -> None:
        """Another name for the first municipality of the study among them."""
        path = self.root / "data" / "raw" / ASSURANCE / "gemeenten.xlsx"
        book = openpyxl.load_workbook(path)
        sheet = book["Antwoorden"]
        [column] = [c.column for c in sheet[1] if c.value == "gemeente"]
        sheet.cell(2, column).value = name
        sheet.cell(2, column - 1).value = None  # else its code says which one it is
        book.save(path)
