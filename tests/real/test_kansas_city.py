"""Kansas City, two waves of a real resident survey, from raw file to HTML and PDF.

The questions about number 311 are about its channels: calling, and website or app. The
open data are not in the repository. Without them the tests are skipped.
"""

import csv
import shutil
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from scipy import stats

from kcc_research import dutch
from kcc_research.estimation.comparability import compare_waves
from kcc_research.study.loading import load_study
from tests.ready_command import ready_kcc
from tests.workspaces import (
    REPOSITORY,
    SHARED,
)

DATA = SHARED / "data" / "kcmo_resident_survey"
FILES = {
    "xx-kansas-city/2021-bewonersonderzoek": "FY2022_RS_Cleaned_safe.csv",
    "xx-kansas-city/2022-bewonersonderzoek": "kcmo_mar_2022_safe.csv",
}
SEPTEMBER, MARCH = FILES
# Data card: share 4-5 in percent, mean, valid answers.
FIGURES = {
    SEPTEMBER: {
        "bellen": ("65.2", "3.709", "772"),
        "online": ("61.2", "3.627", "652"),
        "vriendelijk": ("68.1", "3.837", "750"),
        "opgelost": ("58.6", "3.519", "775"),
    },
    MARCH: {
        "bellen": ("69.0", "3.768", "717"),
        "online": ("62.1", "3.653", "625"),
        "vriendelijk": ("73.6", "3.912", "694"),
        "opgelost": ("60.6", "3.591", "718"),
    },
}

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"no open data at {DATA.name}: set KCC_SHARED"
)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    root = tmp_path_factory.mktemp("kansas")
    definitions = Path(__file__).parent / "definitions" / "xx-kansas-city"
    shutil.copytree(definitions, root / "studies" / "xx-kansas-city")
    shutil.copytree(REPOSITORY / "notebooks", root / "notebooks")
    for key, name in FILES.items():
        folder = root / "data" / "raw" / key
        folder.mkdir(parents=True)
        shutil.copy(DATA / name, folder)
    done = ready_kcc(root, "run", "--all")
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "outputs"


def rows_of(outputs, key, table="estimates"):
    with (outputs / key / "tables" / f"{table}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


# Data card: share 4–5 of "how well resolved" by reported contact and by mode.
GROUPS = {
    (SEPTEMBER, "contact_311", "ja"): ("62.1", "562"),
    (SEPTEMBER, "contact_311", "nee"): ("49.7", "199"),
    (MARCH, "contact_311", "ja"): ("63.3", "550"),
    (MARCH, "contact_311", "nee"): ("49.3", "152"),
    (SEPTEMBER, "methode", "web"): ("55.3", "465"),
    (SEPTEMBER, "methode", "post"): ("63.2", "296"),
}


def total(rows, indicator):
    found = [r for r in rows if r["indicator"] == indicator and r["by"] == "totaal"]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("key", FILES)
@pytest.mark.parametrize("item", ["bellen", "online", "vriendelijk", "opgelost"])
def test_the_published_figures_equal_the_data_card(outputs, key, item):
    share, mean, n = FIGURES[key][item]
    rows = rows_of(outputs, key)
    satisfied, score = total(rows, f"{item}"), total(rows, f"{item}_score")
    assert (satisfied["n"], score["n"]) == (n, n)
    assert str(dutch.rounded(100 * float(satisfied["estimate"]), 1)) == share
    assert str(dutch.rounded(float(score["estimate"]), 3)) == mean


@pytest.mark.parametrize("key", FILES)
def test_nothing_is_weighted_and_the_report_says_so(outputs, key):
    assert {row["weighted"] for row in rows_of(outputs, key)} <= {"False", "false"}
    text = (outputs / key / "report.html").read_text("utf-8")
    assert "niet gewogen" in BeautifulSoup(text, "html.parser").get_text(" ")


def test_the_waves_are_compared(outputs):
    rows = [
        row
        for row in rows_of(outputs, MARCH, "comparisons")
        if row["reference"] == SEPTEMBER and row["by"] == "totaal"
    ]
    assert {row["verdict"] for row in rows} <= {"higher", "lower", "not_shown"}
    assert len(rows) >= 8


def test_a_real_report_is_not_marked_as_invented(outputs):
    text = (outputs / MARCH / "report.html").read_text("utf-8")
    assert "VERZONNEN" not in text
    assert (outputs / MARCH / "report.pdf").stat().st_size > 50_000


def test_the_14_answers_by_phone_are_indicative(outputs):
    phone = [
        row
        for row in rows_of(outputs, SEPTEMBER)
        if row["by"] == "methode" and row["group"] == "telefoon"
    ]
    assert {row["status"] for row in phone if row["n"] == "14"} == {"indicative"}


@pytest.mark.parametrize(("key", "by", "group"), GROUPS)
def test_who_had_contact_and_how_it_was_filled_in(outputs, key, by, group):
    (row,) = [
        row
        for row in rows_of(outputs, key)
        if (row["indicator"], row["by"], row["group"]) == ("opgelost", by, group)
    ]
    share, n = GROUPS[key, by, group]

    assert str(dutch.rounded(100 * float(row["estimate"]), 1)) == share
    assert row["n"] == n


def answers(key, column):
    frame = pd.read_csv(DATA / FILES[key], usecols=[column])[column]
    return frame[frame.between(1, 5)]


@pytest.mark.parametrize(
    ("item", "column"),
    [("bellen", "q17_01"), ("online", "q17_02"), ("vriendelijk", "q17_03")],
)
def test_a_difference_between_waves_is_that_of_welch(outputs, item, column):
    """Computed here from the raw answers with scipy."""
    rows = rows_of(outputs, MARCH, "comparisons")
    (row,) = [
        row
        for row in rows
        if row["indicator"] in (item, f"{item}_score")
        and row["by"] == "totaal"
        and row["p_value"]
    ]
    now, then = answers(MARCH, column), answers(SEPTEMBER, column)
    if row["indicator"] == item:
        now, then = (now >= 4).astype(float), (then >= 4).astype(float)
    test = stats.ttest_ind(now, then, equal_var=False)

    assert float(row["difference"]) == pytest.approx(now.mean() - then.mean())
    assert float(row["p_value"]) == pytest.approx(test.pvalue, rel=1e-3)
    assert float(row["p_adjusted"]) >= float(row["p_value"])
    assert (row["verdict"] != "not_shown") == (float(row["p_adjusted"]) < 0.05)


CHANGES = {
    "mode": ('mode = "mixed"', 'mode = "web"', "de manier van veldwerk"),
    "recruitment": (
        'recruitment = "random-sample"',
        'recruitment = "panel"',
        "de werving (aselecte steekproef tegenover panel)",
    ),
    "population": ('population = "bewoners"', 'population = "bellers"', "de doelgroep"),
    "wording": ("het gemak van bellen met 311?", "311?", "de vraagtekst"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_gate_closes_on_what_was_done_differently(outputs, tmp_path, change):
    """One thing changed in the earlier definitions, with the numbers as published."""
    old, new, words = CHANGES[change]
    root = outputs.parent
    shutil.copytree(root / "studies", tmp_path / "studies")
    for path in (tmp_path / "studies" / SEPTEMBER).glob("*.toml"):
        text = path.read_text("utf-8")
        path.write_text(text.replace(old, new, 1), "utf-8")
    now, then = (load_study(tmp_path, key) for key in (MARCH, SEPTEMBER))
    tables = [
        pd.read_parquet(root / "data/processed" / key / "results/estimates.parquet")
        for key in (MARCH, SEPTEMBER)
    ]
    (earlier,) = now.measurement.earlier
    found = compare_waves(now, tables[0], then, tables[1], earlier)
    row = found[(found["indicator"] == "bellen_score") & (found["by"] == "totaal")]

    assert row["verdict"].tolist() == ["not_comparable"]
    assert words in row["reason"].item()
    assert row["difference"].isna().all()
