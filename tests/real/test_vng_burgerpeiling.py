"""The Burgerpeiling in its national format: read natively, official indicators.

Invented answers are written in the format by the test itself, with the empty .sav of
the open data as mould; without it the tests are skipped. Every published number is
computed again from the codes as written, following DOMAIN §2.1 and no code of ours.
"""

import csv
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from bs4 import BeautifulSoup

from kcc_research.microdata.survey import problems
from kcc_research.study.loading import load_study
from tests.ready_command import ready_kcc
from tests.real import vng_file
from tests.workspaces import (
    REPOSITORY,
    SHARED,
)

DATA = SHARED / "data" / "vng_burgerpeiling"
OWNER = "gm9001-voorbeeldgemeente-001"
KEYS = {year: f"{OWNER}/{year}-burgerpeiling" for year in (2019, 2022)}
MOULDS = {
    2019: "Burgerpeling-dataformat-v13.sav",
    2022: "Burgerpeling-dataformat-2022.sav",
}
CHANNELS = {
    1: "website of app",
    2: "e-mail",
    3: "sociale media",
    4: "post",
    5: "balie",
    6: "telefoon",
}
TOPICS = {
    1: "werk en inkomen",
    2: "zorg",
    3: "gezin",
    4: "verhuizen",
    5: "wonen",
    6: "onderwijs",
    7: "reizen",
    8: "ondernemen",
    9: "anders",
}
STATEMENTS = (
    *("dv05_0", "dv07_0", "dv07_1", "dv07_2", "dv07_3", "dv08_0", "dv09_0"),
    *("mm01_0", "mm01_2", "mm01_4", "mm02_0"),
)

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"no open data at {DATA.name}: set KCC_SHARED"
)


def workspace(root: Path, years=(2019, 2022)) -> dict[int, pd.DataFrame]:
    """Definitions and invented files; gives the codes of each year."""
    definitions = Path(__file__).parent / "definitions"
    shutil.copytree(definitions / OWNER, root / "studies" / OWNER)
    shutil.copytree(REPOSITORY / "notebooks", root / "notebooks")
    written = {}
    for year in years:
        folder = root / "data" / "raw" / KEYS[year]
        folder.mkdir(parents=True)
        target = folder / f"BP-{year}-1-Voorbeeldgemeente.sav"
        written[year] = vng_file.write(DATA / MOULDS[year], target, year=year)
    return written


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    root = tmp_path_factory.mktemp("vng")
    written = workspace(root)
    done = ready_kcc(root, "run", "--all")
    assert done.returncode == 0, done.stdout + done.stderr
    return root, written[2022]


@pytest.fixture(scope="module")
def codes(run):
    """The answers as the format has them, off the route left out."""
    answers = run[1].copy()
    routed = (answers["dv02"] == 1) & (answers["dv13"] == 1)
    about = [*vng_file.ABOUT_CONTACT, "dv00", "dv04", "dv12"]
    answers.loc[~routed, about] = np.nan
    return answers


def table(run, name="estimates", year=2022):
    path = run[0] / "outputs" / KEYS[year] / "tables" / f"{name}.csv"
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def published(run, indicator, *, by="totaal", group="totaal", category=""):
    found = [
        row
        for row in table(run)
        if (row["indicator"], row["by"], row["group"], row["category"])
        == (indicator, by, group, category)
    ]
    assert len(found) == 1, (indicator, by, group, category)
    return found[0]


def weighted_share(answers, hits, base):
    """Weighted share of ``base`` that has one of ``hits``, and the answers in it."""
    valid = answers.isin(base)
    weights = WEIGHTS[0][valid]
    return (weights * answers[valid].isin(hits)).sum() / weights.sum(), int(valid.sum())


WEIGHTS: list[pd.Series] = []


@pytest.fixture(scope="module", autouse=True)
def _weights(codes):
    WEIGHTS[:] = [codes["weging"]]


def agrees(row, value, n):
    assert float(row["estimate"]) == pytest.approx(value, rel=1e-9)
    assert int(row["n"]) == n
    assert row["weighted"].lower() == "true"
    assert row["origin"] == "synthetic"


GRADES = range(1, 11)


@pytest.mark.parametrize("code", vng_file.GRADES)
def test_a_grade_is_the_weighted_mean_of_1_to_10(run, codes, code):
    valid = codes[code].between(1, 10)
    mean = np.average(codes[code][valid], weights=codes["weging"][valid])

    assert (codes[code] == 11).sum() > 10
    agrees(published(run, code), mean, int(valid.sum()))


@pytest.mark.parametrize("code", vng_file.GRADES)
def test_dissatisfied_and_the_classes_of_a_grade(run, codes, code):
    share, n = weighted_share(codes[code], range(1, 6), GRADES)
    agrees(published(run, f"{code}_pin"), share, n)
    classes = {"1–5": range(1, 6), "6": [6], "7": [7], "8": [8], "9–10": [9, 10]}
    for label, hits in classes.items():
        share, n = weighted_share(codes[code], hits, GRADES)
        agrees(published(run, f"{code}_pin_klassen", category=label), share, n)


@pytest.mark.parametrize("code", STATEMENTS)
def test_a_statement_counts_codes_1_and_2_and_its_reverse_4_and_5(run, codes, code):
    assert (codes[code] == 6).any()
    for name, hits in ((code, [1, 2]), (f"{code}_rv", [4, 5])):
        share, n = weighted_share(codes[code], hits, range(1, 6))
        agrees(published(run, name), share, n)


def test_contact_and_the_number_of_contacts(run, codes):
    agrees(published(run, "dv02"), *weighted_share(codes["dv02"], [1], [1, 2]))
    # Code 6 is an answer here: more than ten contacts (DOMAIN-D7).
    share, n = weighted_share(codes["dv04"], [6], range(1, 7))
    agrees(published(run, "dv04_verdeling", category="meer dan 10"), share, n)
    assert share > 0.02


@pytest.mark.parametrize(
    ("question", "code", "groups"),
    [("kanaal", "dv12", CHANNELS), ("onderwerp", "dv00", TOPICS)],
)
def test_grade_by_channel_and_topic_which_the_official_script_lacks(
    run, codes, question, code, groups
):
    for number, group in groups.items():
        valid = codes["dv01"].between(1, 10) & (codes[code] == number)
        row = published(run, "dv01", by=question, group=group)
        assert valid.sum() >= 10
        mean = np.average(codes["dv01"][valid], weights=codes["weging"][valid])
        agrees(row, mean, int(valid.sum()))


def test_telephone_is_a_channel_where_nobody_chose_a_higher_code(run, codes):
    assert codes["dv12"].where(lambda x: x.between(1, 9)).max() == 6
    assert int(published(run, "dv01", by="kanaal", group="telefoon")["n"]) > 40


@pytest.fixture(scope="module")
def page(run):
    text = (run[0] / "outputs" / KEYS[2022] / "report.html").read_text("utf-8")
    return BeautifulSoup(text, "html.parser")


def test_our_additions_are_called_so(page):
    captions = [each.get_text(" ", strip=True) for each in page.find_all("figcaption")]
    captions += [each.get_text(" ", strip=True) for each in page.find_all("caption")]
    for name in ("kanaal", "onderwerp"):
        found = [each for each in captions if f"naar {name}" in each.lower()]
        assert found
        assert all("onze toevoeging" in each for each in found)


def test_what_the_format_changed_is_not_compared_and_is_told(run, page):
    rows = [
        row
        for row in table(run, "comparisons")
        if row["reference"] == KEYS[2019] and row["by"] == "totaal"
    ]
    verdict = {row["indicator"]: row["verdict"] for row in rows}
    assert {verdict[code] for code in vng_file.GRADES} == {"not_comparable"}
    assert verdict["dv09_0_score"] == "not_comparable"
    assert verdict["dv02"] in {"higher", "lower", "not_shown"}
    (history,) = [
        each.find_parent("table").get_text(" ", strip=True)
        for each in page.find_all("caption")
        if "Vragen die veranderden" in each.get_text()
    ]
    assert "dv03_0" in history
    assert "7 onderwerpen" in history


def test_reversing_and_answers_off_the_route_are_logged(run):
    path = run[0] / "data" / "processed" / KEYS[2022] / "cleaning_log.csv"
    with path.open(encoding="utf-8") as file:
        log = list(csv.DictReader(file))
    reversed_once = [row["column"] for row in log if row["rule"] == "reversed"]
    off_route = {row["column"] for row in log if row["rule"] == "off_route"}

    assert sorted(reversed_once) == sorted(STATEMENTS)
    assert {"dv12", "dv00", "dv05_0"} <= off_route


def test_every_undeclared_dont_know_demands_a_decision(tmp_path):
    """Without the lines that declare 6 and 11, each is refused by column and code."""
    workspace(tmp_path, years=(2019, 2022))
    path = tmp_path / "studies" / KEYS[2022] / "burgerpeiling.toml"
    text = path.read_text("utf-8")
    for code in (6, 11):
        text = text.replace(f', {code} = "dont_know"', "")
    path.write_text(text, "utf-8")

    refused = ready_kcc(tmp_path, "check", KEYS[2022])
    said = refused.stdout + refused.stderr
    told = [each for each in said.split("KCC-") if each.startswith("D028a  fout")]
    found = {each.split("kolom")[1].split()[0] for each in told}
    assert refused.returncode == 1
    assert found == {*vng_file.GRADES, *STATEMENTS}
    assert all('"dont_know"' in each for each in told)


def test_a_file_without_weights_or_with_a_gap_in_them_is_refused(run, tmp_path):
    root, written = run
    study = load_study(root, KEYS[2022])
    source = study.measurement.sources["burgerpeiling"]
    asked = study.questionnaires["burgerpeiling"]
    gap = written["weging"].where(written["respondent"] != 7)
    for number, (frame, code) in enumerate(
        [
            (written.drop(columns="weging"), "KCC-D014"),
            (written.assign(weging=gap), "KCC-D052"),
        ]
    ):
        path = tmp_path / f"{number}.sav"
        pyreadstat.write_sav(frame, path)
        told = problems(path, source, asked)
        refused = [each for each in told if each.severity == "error"]
        assert [each.code for each in refused] == [code]
        assert refused[0].column == "weging"
