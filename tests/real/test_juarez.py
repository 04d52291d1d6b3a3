"""Ciudad Juárez: five real waves whose variables drift, from .sav to HTML.

Names of variables change, a question is split, texts are reworded, and no file declares
a missing value: the wave map says what is the same, the questionnaires say which codes
are answers. The open data are not in the repository: without them the tests are
skipped. Figures are those of the data card; the shares of changes are recomputed here.
"""

import csv
import shutil
from pathlib import Path

import numpy as np
import pyreadstat
import pytest
from bs4 import BeautifulSoup

from kcc_research import dutch
from tests.ready_command import ready_kcc
from tests.workspaces import (
    REPOSITORY,
    SHARED,
)

OWNER = "xx-ciudad-juarez"
DATA = SHARED / "data" / "juarez"
WAVES = (2012, 2016, 2018, 2019, 2020)
KEYS = {wave: f"{OWNER}/{wave}-percepcion" for wave in WAVES}
# Data card: mean and valid answers, in the order of the waves.
FIGURES = {
    "water": ((7.9487, 1521), (8.3010, 1515), (7.9750, 1562), (8.1196, 1513)),
    "afval": ((8.8772, 1531), (8.6292, 1521), (8.3523, 1561), (7.7606, 1516)),
    "verlichting": ((7.2587, 1527), (6.8340, 1521), (6.3051, 1560), (6.1693, 1515)),
    "zorg": ((7.4127, 1255), (7.3936, 1250), (7.3797, 1380), (7.7410, 1359)),
    "bus": ((5.5949, 706), (5.5121, 660), (5.4960, 623), (5.5182, 661)),
    "geluk": ((8.0541, 1516), (8.2690, 1515), (8.4721, 1557), (8.4268, 1509)),
}
LAST = {
    "water": (8.2968, 1516),
    "afval": (7.3369, 1514),
    "verlichting": (7.1168, 1515),
    "zorg": (7.8656, 1213),
    "bus": (6.1322, 454),
    "geluk": (8.5561, 1523),
}
# Undeclared codes that a naive reading would average, as declared: 0 and 99, and 6.
DECIDED = {
    (2018, "sportveld_cijfer"): (6.8094, 960),
    (2019, "stoepen_cijfer"): (6.3196, 1369),
    (2019, "geluk_kort_cijfer"): (4.3890, 1509),
    (2016, "bestuur_cijfer"): (4.6269, 1474),
    (2018, "bestuur_cijfer"): (6.6368, 1550),
}

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"no open data at {DATA.name}: set KCC_SHARED"
)


def workspace(root: Path, *waves: int) -> Path:
    """A workspace with the definitions and raw files of some waves."""
    shutil.copytree(REPOSITORY / "notebooks", root / "notebooks")
    definitions = Path(__file__).parent / "definitions"
    for wave in waves:
        shutil.copytree(definitions / KEYS[wave], root / "studies" / KEYS[wave])
        folder = root / "data" / "raw" / KEYS[wave]
        folder.mkdir(parents=True)
        shutil.copy(DATA / f"juarez_percepcion_{wave}.sav", folder)
    return root


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    root = workspace(tmp_path_factory.mktemp("juarez"), *WAVES)
    done = ready_kcc(root, "run", "--all")
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "outputs"


def table(outputs, wave, name="estimates"):
    path = outputs / KEYS[wave] / "tables" / f"{name}.csv"
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def total(outputs, wave, indicator):
    rows = table(outputs, wave)
    found = [r for r in rows if r["indicator"] == indicator and r["by"] == "totaal"]
    assert len(found) == 1
    return found[0]


def rounded(value, decimals=4):
    return float(dutch.rounded(float(value), decimals))


@pytest.mark.parametrize("item", FIGURES)
def test_five_waves_give_the_figures_of_the_data_card(outputs, item):
    expected = (*FIGURES[item], LAST[item])
    for wave, (mean, n) in zip(WAVES, expected, strict=True):
        row = total(outputs, wave, f"{item}_cijfer")
        assert (rounded(row["estimate"]), int(row["n"])) == (mean, n), wave


@pytest.mark.parametrize(("wave", "indicator"), DECIDED)
def test_decided_codes_are_never_averaged(outputs, wave, indicator):
    row = total(outputs, wave, indicator)

    assert (rounded(row["estimate"]), int(row["n"])) == DECIDED[wave, indicator]


def test_a_threshold_is_inclusive(outputs):
    row = total(outputs, 2018, "verlichting_onvoldoende")

    assert (int(row["count"]), int(row["n"])) == (594, 1560)
    assert rounded(100 * float(row["estimate"]), 2) == 38.08


def test_answers_from_one_place_in_town_are_more_alike(outputs):
    """With the sampling points as clusters the margin is wider than without."""
    row = total(outputs, 2018, "verlichting_cijfer")
    frame, _ = pyreadstat.read_sav(
        DATA / "juarez_percepcion_2018.sav", usecols=["Semilla", "Alumbrado"]
    )
    valid = frame[frame["Alumbrado"].between(1, 10)]
    mean, n = valid["Alumbrado"].mean(), len(valid)
    totals = (valid["Alumbrado"] - mean).groupby(valid["Semilla"]).sum()
    clusters = frame["Semilla"].nunique()
    error = np.sqrt(clusters / (clusters - 1) * (totals**2).sum()) / n

    assert clusters == 72
    assert float(row["std_error"]) == pytest.approx(error, rel=1e-6)
    assert float(row["design_effect"]) > 2.5
    assert float(total(outputs, 2016, "verlichting_cijfer")["design_effect"]) < 1.01


def compared(outputs, wave, indicator, reference):
    rows = [
        row
        for row in table(outputs, wave, "comparisons")
        if row["indicator"] == indicator
        and row["reference"] == KEYS[reference]
        and row["by"] == "totaal"
    ]
    assert len(rows) == 1
    return rows[0]


@pytest.mark.parametrize("reference", WAVES[:-1])
def test_a_renamed_question_is_compared_under_its_name_of_then(outputs, reference):
    """``Pavimento`` was ``CallesPavi`` and ``CallesPavi13``."""
    row = compared(outputs, 2020, "bestrating_cijfer", reference)
    name = "bestrating_cijfer" if reference == 2019 else "straten_cijfer"
    now = total(outputs, 2020, "bestrating_cijfer")
    then = total(outputs, reference, name)

    assert row["verdict"] in {"higher", "lower", "not_shown"}
    assert float(row["difference"]) == pytest.approx(
        float(now["estimate"]) - float(then["estimate"])
    )
    assert (row["n"], row["n_reference"]) == (now["n"], then["n"])


CLOSED = {
    ("verkeerslichten_cijfer", 2018): "Eerst ging de vraag ook over de hoofdwegen",
    ("water_cijfer", 2018): "Tot en met 2018 ging de vraag over de dienst",
    ("geluk_cijfer", 2012): "In 2012 stond de uitleg van de schaal niet in de vraag",
    ("bus_cijfer", 2016): "Wie de vraag kreeg, verschilt per meting",
}


@pytest.mark.parametrize(("indicator", "reference"), CLOSED)
def test_what_was_asked_differently_is_not_compared(outputs, indicator, reference):
    row = compared(outputs, 2020, indicator, reference)

    assert row["verdict"] == "not_comparable"
    assert row["difference"] == ""
    assert row["reason"].startswith(CLOSED[indicator, reference])


def test_waste_collection_fell_in_every_wave(outputs):
    for now, then in zip(WAVES[1:], WAVES, strict=False):
        assert compared(outputs, now, "afval_cijfer", then)["verdict"] == "lower"


@pytest.fixture(scope="module")
def page(outputs):
    text = (outputs / KEYS[2020] / "report.html").read_text("utf-8")
    return BeautifulSoup(text, "html.parser")


def cells(page, caption):
    """Row head → cells of the table with a caption that ends so."""
    (found,) = [
        each.find_parent("table")
        for each in page.find_all("caption")
        if each.get_text(" ", strip=True).endswith(caption)
    ]
    rows = [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]
        for row in found.find_all("tr")
    ]
    return rows[0], {row[0]: row[1:] for row in rows[1:]}


def test_the_report_shows_five_waves_with_their_breaks(page):
    head, rows = cells(page, "Aspecten per meting")

    assert head == ["Aspect", "2012", "2016", "2018", "2019", "2021"]
    assert rows["Straten en bestrating"] == ["5,4", "5,5", "5,6", "5,1", "5,5"]
    assert rows["Drinkwater"] == ["7,9", "8,3", "8,0", "8,1 (breuk)", "8,3"]
    assert rows["Verkeerslichten"] == ["7,0", "7,0", "7,0", "7,1 (breuk)", "6,6"]
    assert rows["Geluk"][:2] == ["8,1", "8,3 (breuk)"]


def test_the_report_shows_the_wave_map(page):
    (found,) = [
        each.find_parent("table")
        for each in page.find_all("caption")
        if "Vragen die veranderden" in each.get_text()
    ]
    text = found.get_text(" ", strip=True)

    for name in ("CallesPavi13", "CallesPavi", "Vialidades", "AreasV13"):
        assert name in text
    assert "VERZONNEN" not in page.get_text()


MISSING = {
    ("stoepen", "Banquetas"): {"0", "99"},
    ("geluk_kort", "Feliz1a5"): {"6"},
    ("geluk", "Feliz"): {"0"},
}


def test_undeclared_codes_are_refused_until_declared(tmp_path):
    """Without their ``missing`` lines 0, 6 and 99 stop the check, by column and code.

    With them the same file is read: the run of all waves above proves that.
    """
    root = workspace(tmp_path, 2012, 2016, 2018, 2019)
    path = root / "studies" / KEYS[2019] / "bewoners.toml"
    declared = path.read_text("utf-8")
    lines = declared.splitlines(keepends=True)
    path.write_text("".join(x for x in lines if not x.startswith("missing")), "utf-8")

    refused = ready_kcc(root, "check", KEYS[2019])
    said = refused.stdout + refused.stderr
    assert refused.returncode == 1
    told = [each for each in said.split("KCC-") if each.startswith("D028  fout")]
    found = {(each.split("kolom")[1].split()[0], each.split('"')[1]) for each in told}
    for (_, column), codes in MISSING.items():
        assert {(column, code) for code in codes} <= found


def test_another_scale_than_the_wave_map_says_is_refused(tmp_path):
    """The copy on 1–5 put in the place of the grade 1–10, and mapped as if equal."""
    root = workspace(tmp_path, *WAVES)
    path = root / "studies" / KEYS[2020] / "bewoners.toml"
    text = path.read_text("utf-8")
    grade = 'column = "AreasVerdes"'
    assert grade in text
    before, after = text.split(grade)
    after = after.replace('"grade"', '"scale"', 1).replace("[1, 10]", "[1, 5]", 1)
    path.write_text(before + 'column = "AreasVerdes1a5"' + after, "utf-8")

    refused = ready_kcc(root, "check", KEYS[2020])
    said = refused.stdout + refused.stderr
    assert refused.returncode == 1
    assert "KCC-C004u" in said
    assert "'groen' heeft in deze meting 1 tot 5" in said
