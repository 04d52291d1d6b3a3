"""F14–F40: reading a file of answers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.bench import COLUMNS, CSV, FORMAT, Bench, answers, csv_text
from tests.faults.corpus import ANSWERS, WORKBOOK, Fault, Proof

REGISTRATION = "gm9001-voorbeeld/2024-telefonie"
CALLS = f"data/raw/{REGISTRATION}/2024-03.csv"


def number(value: str) -> Callable[[Bench], None]:
    return lambda bench: bench.put(3, "wachttijd", value)


def recoded(encoding: str) -> Callable[[Bench], None]:
    """The same file, with an accent in row 3, in another encoding."""

    def make(bench: Bench) -> None:
        bench.put(3, "toelichting", "café")
        text = (bench.raw / CSV).read_text(encoding="utf-8")
        bench.csv(text.encode(encoding))

    return make


def mangled(bench: Bench) -> None:
    recoded("utf-8")(bench)
    bench.define('encoding = "utf-8"', 'encoding = "windows-1252"')


def undeclared(encoding: str) -> Callable[[Bench], None]:
    def make(bench: Bench) -> None:
        recoded(encoding)(bench)
        bench.define(FORMAT, "")

    return make


def comma(bench: Bench) -> None:
    """A decimal comma without quotation marks, in a file with commas."""
    rows = [[cell.replace(",", ".") for cell in row] for row in answers()]
    rows[1][4] = "6,5"
    bench.csv(csv_text(rows, ","))
    bench.define('delimiter = ";", decimal = ","', 'delimiter = ",", decimal = "."')


def added(row: int, text: str) -> Callable[[Bench], None]:
    """Put text at the end of a row."""

    def make(bench: Bench) -> None:
        def change(lines: list[str]) -> None:
            lines[row - 1] += text

        bench.lines(change)

    return make


def line(row: int, text: str) -> Callable[[Bench], None]:
    def make(bench: Bench) -> None:
        def change(lines: list[str]) -> None:
            lines[row - 1] = text

        bench.lines(change)

    return make


def cell(place: str, value: object) -> Callable[[Bench], None]:
    """One cell of the sheet."""

    def make(bench: Bench) -> None:
        def change(book) -> None:
            book.worksheets[0][place] = value

        bench.excel(change)

    return make


def title_row(bench: Bench) -> None:
    def change(book) -> None:
        book.worksheets[0].insert_rows(1)
        book.worksheets[0]["A1"] = "Meting 2024"
        book.worksheets[0].merge_cells("A1:H1")

    bench.excel(change)


def second_sheet(bench: Bench) -> None:
    bench.excel(lambda book: book.create_sheet("Codeboek").append(["uitleg"]))


def hidden_row(bench: Bench) -> None:
    def change(book) -> None:
        book.worksheets[0].row_dimensions[5].hidden = True

    bench.excel(change)


def serial_date(bench: Bench) -> None:
    import datetime as dt

    def change(book) -> None:
        for row in range(2, 62):
            book.worksheets[0][f"G{row}"] = dt.datetime(2024, 1, 10)
        book.worksheets[0]["G4"] = 45231
        book.worksheets[0]["G4"].number_format = "General"

    bench.excel(change)


def category_date(bench: Bench) -> None:
    import datetime as dt

    bench.ask('1 = "slecht"', '1 = "slecht", "12-17" = "jong"')
    cell("C3", dt.datetime(2024, 12, 17))(bench)


def percentage(bench: Bench) -> None:
    def change(book) -> None:
        book.worksheets[0]["F3"] = 0.66
        book.worksheets[0]["F3"].number_format = "0%"

    bench.excel(change)


def moment(bench: Bench) -> None:
    import datetime as dt

    cell("F3", dt.time(7, 30))(bench)


def zip_bomb(bench: Bench) -> None:
    bench.excel(lambda book: None)
    path = bench.raw / "antwoorden.xlsx"
    buffer = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.xml", b"0" * (5 * 2**20))
    path.write_bytes(buffer.getvalue())


def replaced(bench: Bench) -> None:
    bench.define(FORMAT, f'{FORMAT}sha256 = "{"0" * 64}"\n')


@contextmanager
def changing(bench: Bench) -> Iterator[None]:
    """Another program writes a row each time the file is read."""
    path, read = bench.raw / CSV, Path.read_bytes

    def read_while_writing(self: Path) -> bytes:
        content = read(self)
        if self.name == CSV:
            path.write_bytes(content + b"61;B;1;ja;7;1,5;08-01-2024;\n")
        return content

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "read_bytes", read_while_writing)
        yield


TELEPHONY = """\
title = "Telefonie"
study = "contacts"
municipality = "GM9001"
synthetic = true
published = 2024-05-29
retain_until = 2030-12-31
commissioner = "Voorbeeldgemeente 001"
status = "concept"
[fieldwork]
start = 2024-03-01
end = 2024-04-30
mode = "registration"
recruitment = "registration"
[[source]]
id = "telefonie"
kind = "contacts"
file = "2024-03.csv"
layout = "telefonie.toml"
"""
LAYOUT = """\
title = "Telefonie"
kind = "contacts"
key = ["id"]
[field.started]
column = "begin"
[field.ended]
column = "einde"
"""


def over_the_clock_change(
    begin: str, end: str, times: int = 1
) -> Callable[[Bench], None]:
    """A good call and a number of wrong ones, behind eighteen good ones if many."""

    def make(bench: Bench) -> None:
        study = bench.root / "studies" / REGISTRATION
        raw = bench.root / "data" / "raw" / REGISTRATION
        for folder in (study, raw):
            folder.mkdir(parents=True)
        (study / "measurement.toml").write_text(TELEPHONY, encoding="utf-8")
        (study / "telefonie.toml").write_text(LAYOUT, encoding="utf-8")
        good = "1;2024-03-04 09:00:00;2024-03-04 09:10:00\n"
        rows = f"id;begin;einde\n{good}"
        rows += "".join(f"{each + 2};{begin};{end}\n" for each in range(times))
        for each in range(18 if times > 1 else 0):
            rows += good.replace("1;", f"{each + 100};", 1)
        (raw / "2024-03.csv").write_text(rows, encoding="utf-8")

    return make


SHEET = f"{WORKBOOK}, blad 'Sheet'"
SWALLOWED = '3;B;3;ja;7;2,5;10-01-2024;"lang\n4;B;1;nee;7;3,5;11-01-2024;"'

FAULTS: tuple[Fault | Proof, ...] = (
    Fault(
        "F14",
        "Semicolons in the file, a comma declared",
        lambda bench: bench.define('delimiter = ";"', 'delimiter = ","'),
        "KCC-D014a",
        ANSWERS,
        "1",
    ),
    Fault(
        "F14",
        "A column of the questionnaire has another name",
        line(1, ";".join(COLUMNS).replace("cijfer", "Cijfers")),
        "KCC-D014",
        ANSWERS,
        "1",
        "cijfer",
    ),
    Fault(
        "F14",
        "A column that the questionnaire does not know",
        lambda bench: bench.lines(
            lambda lines: lines.__setitem__(
                slice(None), [f"{each};x" if each else each for each in lines]
            )
        ),
        "KCC-P001",
        ANSWERS,
        "1",
        "x",
        exit=0,
    ),
    *(
        Fault(
            "F15",
            f"{value} as a number",
            number(value),
            "KCC-D015",
            ANSWERS,
            "3",
            "wachttijd",
        )
        for value in ("1e5", "inf", "٦", "66%", "zes")
    ),
    Fault(
        "F16",
        "6,5 without quotation marks between commas",
        comma,
        "KCC-D016",
        ANSWERS,
        "3",
        "cijfer",
    ),
    Fault(
        "F17",
        "75.000: thousands or decimals",
        number("75.000"),
        "KCC-D017",
        ANSWERS,
        "3",
        "wachttijd",
    ),
    Fault(
        "F18",
        "6.6 in a file with decimal commas",
        number("6.6"),
        "KCC-D018",
        ANSWERS,
        "3",
        "wachttijd",
    ),
    Fault(
        "F19",
        "Windows-1252, declared as UTF-8",
        recoded("cp1252"),
        "KCC-D019",
        ANSWERS,
        "3",
    ),
    Fault(
        "F19",
        "Windows-1252, nothing declared",
        undeclared("cp1252"),
        "KCC-D019a",
        ANSWERS,
        "3",
        exit=0,
    ),
    Fault("F20", "UTF-8 read as Windows-1252", mangled, "KCC-D020", ANSWERS, "3"),
    Fault(
        "F21",
        "A byte order mark",
        undeclared("utf-8-sig"),
        "KCC-D021a",
        ANSWERS,
        "1",
        exit=0,
    ),
    Fault(
        "F21",
        "Two byte order marks",
        lambda bench: bench.csv(b"\xef\xbb\xbf" * 2 + (bench.raw / CSV).read_bytes()),
        "KCC-D021",
        ANSWERS,
        "1",
    ),
    Fault(
        "F22",
        "UTF-16, declared as UTF-8",
        recoded("utf-16"),
        "KCC-D022",
        ANSWERS,
        "1",
    ),
    Fault(
        "F22",
        "UTF-16, nothing declared",
        undeclared("utf-16"),
        "KCC-D022a",
        ANSWERS,
        "1",
        exit=0,
    ),
    Fault(
        "F23",
        "A row with a field too many",
        added(4, ";x"),
        "KCC-D023",
        ANSWERS,
        "4",
        "toelichting",
    ),
    Fault(
        "F24",
        "A row with two fields",
        line(4, "3;B"),
        "KCC-D024",
        ANSWERS,
        "4",
        "indruk",
    ),
    Fault(
        "F25",
        "A line break in an open answer",
        added(4, "lang\ngewacht"),
        "KCC-D025",
        ANSWERS,
        "4 en 5",
        "toelichting",
    ),
    Fault(
        "F26",
        "A quotation mark that swallows a row",
        line(4, SWALLOWED),
        "KCC-D026c",
        ANSWERS,
        "4 tot en met 5",
        "toelichting",
    ),
    Fault(
        "F26",
        "A quotation mark that is never closed",
        added(4, '"lang'),
        "KCC-D026a",
        ANSWERS,
        "4 tot en met 61",
    ),
    Fault(
        "F26",
        "An answer of 10.001 characters",
        added(4, "a" * 10_001),
        "KCC-D026b",
        ANSWERS,
        "4",
        "toelichting",
    ),
    Fault(
        "F26",
        "Fewer rows than declared",
        lambda bench: bench.define(FORMAT, f"{FORMAT}rows = 61\n"),
        "KCC-D026d",
        ANSWERS,
    ),
    *(
        Fault(
            "F27",
            f"{text} as an answer",
            lambda bench, text=text: bench.put(3, "geholpen", text),
            "KCC-D044",
            ANSWERS,
            "3",
            "geholpen",
        )
        for text in ("NA", "None", "null", "n/a")
    ),
    Fault(
        "F28",
        "99 among grades",
        lambda bench: bench.put(3, "cijfer", "99"),
        "KCC-D028",
        ANSWERS,
        "3",
        "cijfer",
    ),
    Fault(
        "F29",
        "A number of 17 digits in Excel",
        cell("A3", 12345678901234567),
        "KCC-D029",
        SHEET,
        "3",
        "id (kolom A)",
    ),
    Fault(
        "F30",
        "A column name that stands there twice",
        line(1, ";".join(COLUMNS).replace("wachttijd", "cijfer")),
        "KCC-D030",
        ANSWERS,
        "1",
        "cijfer",
    ),
    Fault("F31", "A title above the column names", title_row, "KCC-D031", SHEET, "1"),
    Fault("F32", "A second sheet", second_sheet, "KCC-D032", WORKBOOK),
    Fault("F32", "A hidden row", hidden_row, "KCC-D032b", SHEET, "5"),
    Fault(
        "F33",
        "A formula without a result",
        cell("F3", "=3+4"),
        "KCC-D033",
        SHEET,
        "3",
        "wachttijd (kolom F)",
    ),
    Fault(
        "F34",
        "12-17 that became a date",
        category_date,
        "KCC-D034a",
        SHEET,
        "3",
        "indruk (kolom C)",
    ),
    Fault(
        "F34",
        "A serial number among dates",
        serial_date,
        "KCC-D034b",
        SHEET,
        "4",
        "bezoek (kolom G)",
    ),
    Fault(
        "F34",
        "A percentage among numbers",
        percentage,
        "KCC-D034c",
        SHEET,
        "3",
        "wachttijd (kolom F)",
    ),
    Fault(
        "F34",
        "A time among numbers",
        moment,
        "KCC-D034d",
        SHEET,
        "3",
        "wachttijd (kolom F)",
    ),
    Fault(
        "F35",
        "A date written in another order",
        lambda bench: bench.put(3, "bezoek", "2024-01-09"),
        "KCC-D035",
        ANSWERS,
        "3",
        "bezoek",
    ),
    Fault(
        "F36",
        "Ended before it began, over the end of summer time",
        over_the_clock_change("2024-04-02 02:50:00", "2024-04-02 02:10:00"),
        "KCC-D036",
        CALLS,
        "3",
        "einde",
        call=("check", REGISTRATION),
        exit=0,
    ),
    Fault(
        "F36",
        "A time that the clock skipped",
        over_the_clock_change("2024-03-31 02:30:00", "2024-03-31 03:40:00"),
        "KCC-D036b",
        CALLS,
        "3",
        "begin",
        call=("check", REGISTRATION),
        exit=0,
    ),
    Fault(
        "F36",
        "Two of twenty-one calls ended before they began",
        over_the_clock_change("2024-04-02 02:50:00", "2024-04-02 02:10:00", 2),
        "KCC-D036f",
        CALLS,
        "3 en 4",
        "einde",
        call=("check", REGISTRATION),
    ),
    Fault("F37", "A workbook that unpacks to far more", zip_bomb, "KCC-D037", WORKBOOK),
    Fault(
        "F38",
        "A stray cell far below the table",
        cell("B3000", 1),
        "KCC-D038",
        SHEET,
        "3000",
        "B3000",
    ),
    Fault("F39", "An empty file", lambda bench: bench.csv(""), "KCC-D039", ANSWERS),
    Fault(
        "F39",
        "A header without answers",
        lambda bench: bench.csv(csv_text([])),
        "KCC-D039",
        ANSWERS,
    ),
    Fault(
        "F40",
        "A file that changes while it is read",
        lambda bench: None,
        "KCC-D040",
        ANSWERS,
        meanwhile=changing,
    ),
    Fault("F40", "Another file than the one declared", replaced, "KCC-D040a", ANSWERS),
    Fault(
        "F40",
        "No file at all",
        lambda bench: (bench.raw / CSV).unlink(),
        "KCC-D040b",
        ANSWERS,
    ),
)
