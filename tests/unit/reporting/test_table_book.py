"""The tabellenboek: the numbers of the open data, and nothing a spreadsheet runs."""

import csv
import io
import zipfile
from dataclasses import dataclass

import openpyxl
import pandas as pd
import pytest

from kcc_research.estimation import tables
from kcc_research.reporting import open_data
from kcc_research.reporting.table_book import HIGH, LOW, sheets
from kcc_research.reporting.table_book_file import CONTENTS, SYNTHETIC, workbook
from tests.unit.reporting.report_rows import estimate, noordwijk, share, suppressed

CHANNELS = {"telefoon": 118, "balie": 92, "e-mail": 19}


def protected(*rows):
    return tables.tidy(pd.DataFrame(rows), tables.ESTIMATE_COLUMNS)


@pytest.fixture(scope="module")
def study():
    return noordwijk()


@pytest.fixture(scope="module")
def estimates():
    rows = [estimate(estimate=6.59615807212345)]
    for place, (name, n) in enumerate(CHANNELS.items(), start=1):
        status = "indicative" if n < 30 else "published"
        known = {"by": "kanaal", "group": name, "status": status, "n": n}
        grade = 6 + place / 7
        rows.append(estimate(**known, estimate=grade, ci_low=grade - 0.3))
    rows.append(suppressed(by="kanaal", group="fixi"))
    rows += [
        share(),
        share(by="kanaal", group="balie", count=56, n=92, estimate=56 / 92),
    ]
    bands = {"1–5": 0.2, "6–7": 0.5, "8–10": 0.3}
    rows += [
        share(
            indicator="cijferklassen", category=name, estimate=value, count=value * 350
        )
        for name, value in bands.items()
    ]
    return protected(*rows)


@dataclass
class Found:
    """A sheet as a reader finds it: by the words above the column and before it."""

    page: object

    def number(self, row, by, group):
        head = next(c for c in self.page["A"] if c.value == "Groep").row
        column = next(
            cell.column
            for cell in self.page[head]
            if cell.value == group and self.page.cell(head - 1, cell.column).value == by
        )
        line = next(c.row for c in self.page["A"] if c.value == row and c.row > head)
        return self.page.cell(line, column)


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_every_number_is_that_of_the_open_data(study, estimates):
    book = opened(workbook(study, estimates))
    text = open_data.to_csv(estimates, synthetic=True).decode()
    checked = 0
    for row in csv.DictReader(io.StringIO(text)):
        name = next(n for n in book.sheetnames if n[3:] == row["indicator"])
        by, group = ("Totaal", "samen")
        if row["by"] == "kanaal":
            by, group = (
                study.questionnaires["algemeen"].questions["kanaal"].short,
                row["group"],
            )
        words = {"mean": "Gemiddelde", "share": "Aandeel"}[row["statistic"]]
        page = Found(book[name])
        main = row["category"] or words
        start = page.number(main, by, group)
        for field, label in (("estimate", main), ("ci_low", LOW), ("ci_high", HIGH)):
            place = {"estimate": 0, "ci_low": 1, "ci_high": 2}[field]
            cell = book[name].cell(start.row + place, start.column)
            assert book[name].cell(cell.row, 1).value == label
            expected = row[field] if row[field] == "x" else float(row[field])
            assert cell.value == expected
            checked += 1
        n = page.number("n", by, group).value
        assert n == (row["n"] if row["n"] == "x" else int(row["n"]))
        if row["count"] not in ("", "x"):
            cell = book[name].cell(start.row + 3, start.column)
            assert cell.value == int(row["count"])
    assert checked == 3 * len(estimates)


def test_two_runs_give_the_same_bytes(study, estimates):
    assert workbook(study, estimates) == workbook(study, estimates)


def test_the_only_date_is_the_one_of_publication(study, estimates):
    properties = opened(workbook(study, estimates)).properties
    published = study.measurement.published
    assert properties.created.date() == properties.modified.date() == published


def test_a_suppressed_number_is_nowhere(study):
    """Not even when a frame should still hold it."""
    secret = {
        "estimate": 7.654321,
        "ci_low": 7.123123,
        "ci_high": 8.321321,
        "n": 87_654,
    }
    silent = estimate(**secret, by="kanaal", group="fixi", status="suppressed")
    content = workbook(study, protected(estimate(), silent))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        every = b"".join(parts.read(name) for name in parts.namelist())
    for value in secret.values():
        assert str(value).encode() not in every
    page = Found(opened(content)["01 rapportcijfer"])
    by = study.questionnaires["algemeen"].questions["kanaal"].short
    assert page.number("Gemiddelde", by, "fixi").value == "x"
    assert page.number("n", by, "fixi").value == "x"
    assert "x: te weinig" in words_of(page.page)


def words_of(page):
    return "\n".join(str(c.value) for row in page.iter_rows() for c in row if c.value)


def test_few_answers_carry_a_star_and_stay_a_number(study, estimates):
    page = Found(opened(workbook(study, estimates))["01 rapportcijfer"])
    by = study.questionnaires["algemeen"].questions["kanaal"].short
    few = page.number("Gemiddelde", by, "e-mail")
    assert few.number_format.endswith('"*"')
    assert few.value == pytest.approx(6 + 3 / 7)
    assert "*" not in page.number("Gemiddelde", by, "balie").number_format


def test_base_question_and_origin_stand_above_the_numbers(study, estimates):
    words = words_of(opened(workbook(study, estimates))["01 rapportcijfer"])
    assert "Basis: inwoners die contact hadden, met een geldig antwoord" in words
    question = study.questionnaires["algemeen"].indicators["rapportcijfer"].question
    assert study.questionnaires["algemeen"].questions[question].text in words
    assert SYNTHETIC in words


def test_the_contents_lead_to_every_sheet_and_nowhere_else(study, estimates):
    book = opened(workbook(study, estimates))
    assert book.sheetnames[0] == CONTENTS
    links = [c.hyperlink for c in book[CONTENTS]["A"] if c.hyperlink]
    assert [each.location for each in links] == [
        f"'{name}'!A1" for name in book.sheetnames[1:]
    ]
    assert not any(each.target for each in links)
    backs = [
        [c.hyperlink for c in book[n]["A"] if c.hyperlink] for n in book.sheetnames
    ]
    assert all(each[0].location == f"'{CONTENTS}'!A1" for each in backs[1:])


def test_a_distribution_has_no_total_in_the_contents(study, estimates):
    [last] = [each for each in sheets(study, estimates) if "klassen" in each.name]
    assert last.total.value is None


@pytest.mark.parametrize("text", ["=1+1", "+31", "-2", "@SUM(A1)", "http://x.nl"])
def test_text_is_never_run_nor_followed(study, text):
    rows = protected(
        estimate(by="kanaal", group=text, base=text, method=text, indicator=text)
    )
    book = opened(workbook(study, rows))
    for page in book:
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not str(cell.value).startswith(("=", "+", "@"))
                assert not (cell.hyperlink and cell.hyperlink.target)


def test_names_of_sheets_are_short_and_unlike(study):
    long = "stelling_op_de_hoogte_houden_"
    rows = protected(*(estimate(indicator=f"{long}{n}") for n in range(12)))
    names = opened(workbook(study, rows)).sheetnames
    assert len({each.casefold() for each in names}) == 13
    assert max(map(len, names)) <= 31
