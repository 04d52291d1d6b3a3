"""Santa Monica: real open answers, coded with labels that drift, in windows-1252.

The open data are not in the repository. Without them the tests are skipped.
"""

import csv
import shutil
from collections import Counter
from pathlib import Path

import pytest

from kcc_research.disclosure import protect
from kcc_research.errors import DataError
from kcc_research.estimation.remark_counts import estimate_remarks
from kcc_research.estimation.tables import empty_comparisons, empty_verdicts
from kcc_research.pipeline import steps
from kcc_research.reporting.remark_tables import tabulate_remark_themes
from kcc_research.reporting.remark_texts import describe_remarks
from tests.ready_command import ready_kcc
from tests.workspaces import (
    REPOSITORY,
    SHARED,
)

DATA = SHARED / "data" / "santamonica_open_answers"
FILE = "open-ended-responses.csv"
KEY = "xx-santa-monica/2014-open-antwoorden"
SOURCE = "antwoorden"
ANSWERS = 1837
# Data card: codes by label, spelling variants merged.
CODES = {
    "Transport": 537,
    "Personal": 385,
    "Development": 339,
    "Housing": 210,
    "Local services": 190,
    "City general": 145,
    "Airport/Air traffic": 120,
    "Community": 106,
    "Other": 80,
    "City Council": 74,
    "Culture": 55,
    "Crime and safety": 48,
    "Cost of living": 45,
    "Environment": 42,
    "Not applicable": 14,
}
MERGED = {"Aiport/Air traffic": "Airport/Air traffic", "City council": "City Council"}

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"no open data at {DATA.name}: set KCC_SHARED"
)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("santa-monica")
    definitions = Path(__file__).parent / "definitions" / KEY
    shutil.copytree(definitions, root / "studies" / KEY)
    raw = root / "data" / "raw" / KEY
    raw.mkdir(parents=True)
    shutil.copy(DATA / FILE, raw)
    shutil.copytree(REPOSITORY / "notebooks", root / "notebooks")
    shutil.copy(REPOSITORY / "requirements.lock", root)
    return root


@pytest.fixture
def study(root, monkeypatch):
    monkeypatch.setenv("KCC_HOME", str(root))
    return steps.load_measurement(KEY)


@pytest.fixture
def cleaned(study):
    return steps.read_remarks(study, SOURCE)


@pytest.fixture
def themes(study, cleaned):
    """The published table of themes, by theme."""
    estimates = estimate_remarks(study, SOURCE, cleaned.responses)
    safe = protect(study, estimates, empty_comparisons(), empty_verdicts())
    return study, safe.estimates


def answers_by_theme():
    """Answers per theme, counted here from the raw cells."""
    found = Counter()
    with (DATA / FILE).open(encoding="windows-1252", newline="") as file:
        for row in csv.DictReader(file):
            cells = {row[f"Category {number}"].strip() for number in range(1, 9)}
            found.update({MERGED.get(cell, cell) for cell in cells if cell})
    return found


def test_every_code_is_read_or_told_to_be_there_twice(cleaned):
    codes = cleaned.responses["thema"].value_counts()
    twice = cleaned.log.count("double_code")

    assert len(cleaned.responses["fragment"].unique()) == ANSWERS
    assert int(codes.sum()) + twice == sum(CODES.values()) == 2390


def test_the_table_of_themes_counts_answers(themes):
    study, estimates = themes
    table = tabulate_remark_themes(study, estimates, SOURCE)
    expected = answers_by_theme()

    assert {row[0]: row[1] for row in table.rows} == {
        theme: str(count) for theme, count in expected.items()
    }
    assert [row[0] for row in table.rows][:3] == [
        "Transport",
        "Personal",
        "Development",
    ]
    assert all(expected[theme] <= count for theme, count in CODES.items())


def test_the_sentence_names_counts_and_no_percentage(themes):
    study, estimates = themes
    text = describe_remarks(study, estimates, SOURCE)

    assert "**1.837 inwoners die antwoordden** in 1.837 fragmenten" in text
    assert f"**Transport** ({answers_by_theme()['Transport']} van de 1.837)" in text
    assert "%" not in text


def test_signs_of_windows_survive(cleaned):
    said = cleaned.responses["citaat"].dropna()

    assert said.str.contains("\u2019").any()
    assert said.str.contains("[áíñ]").any()
    assert not said.str.contains("\x92").any()


def test_a_label_in_other_capitals_is_the_same_and_is_told(cleaned):
    told = [each for each in cleaned.problems if each.code == "KCC-D043g"]

    assert any("City council" in each.value for each in told)


def test_a_spelling_that_nobody_declared_is_refused(root, study):
    scheme = root / "studies" / KEY / "themas.toml"
    whole = scheme.read_text(encoding="utf-8")
    scheme.write_text(whole.replace(', "Aiport/Air traffic"', ""), encoding="utf-8")
    try:
        with pytest.raises(DataError) as caught:
            steps.read_remarks(steps.load_measurement(KEY), SOURCE)
    finally:
        scheme.write_text(whole, encoding="utf-8")

    errors = [each for each in caught.value.problems if each.severity == "error"]
    assert {each.code for each in errors} == {"KCC-D043f"}
    assert all("Airport/Air traffic" in each.title for each in errors)


def test_kcc_check_reads_it_and_finds_no_error(root):
    done = ready_kcc(root, "check", KEY)

    assert done.returncode == 0
    assert "KCC-Q001" in done.stdout + done.stderr
    assert "1 warning" in done.stdout + done.stderr
