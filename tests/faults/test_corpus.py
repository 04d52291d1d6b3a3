"""Every fault of the corpus, through the command line; and the list is complete."""

from __future__ import annotations

import csv
import io
import re

import pytest

from scripts.write_faults import PAGE, page
from tests.faults.bench import KEY
from tests.faults.corpus import IDS, Fault, Proof, corpus
from tests.faults.running import Trials
from tests.workspaces import SHARED

pytestmark = pytest.mark.usefixtures("ready_kernels")

ENTRIES = tuple(corpus())
FAULTS = tuple(each for each in ENTRIES if isinstance(each, Fault))
MILD = ("waarschuwing", "melding", "warning", "notice")
ANSWER = "Jansen"
"""A name in the careless notebooks that no message may repeat."""


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Trials:
    return Trials(tmp_path_factory.mktemp("fouten"))


def _name(entry: Fault | Proof) -> str:
    return f"{entry.id}: {entry.what}"


@pytest.mark.parametrize("fault", FAULTS, ids=_name)
def test_a_fault_is_told_and_nothing_is_published(trials, fault):
    trial = trials.met(fault)
    message, output = trial.told(fault), trial.call.output
    assert trial.call.exit == fault.exit, output
    assert message.severity in (("fout", "error") if fault.exit else MILD)
    assert message.remedy
    assert "Traceback" not in output
    assert "KCC-R063" not in output  # an internal error of ours
    assert ANSWER not in output
    assert len(trial.before) > 8
    assert trial.after == trial.before
    assert ANSWER not in trial.listed
    assert f"{KEY}/report.html" in trial.listed


@pytest.mark.parametrize(
    "fault", [each for each in FAULTS if each.keeps_a_report], ids=_name
)
def test_the_check_report_says_the_same(trials, fault):
    trial = trials.met(fault)
    rows = csv.DictReader(io.StringIO(trial.kept))
    kept = [(each["code"], each["bestand"], each["rij"]) for each in rows]
    assert kept == [(each.code, each.file, each.row) for each in trial.call.messages]


@pytest.mark.parametrize(
    "proof", [each for each in ENTRIES if isinstance(each, Proof)], ids=_name
)
def test_what_needs_no_refusal_comes_out_right(trials, proof):
    assert proof.shown(trials.published)


def test_the_corpus_is_complete():
    assert {each.id for each in ENTRIES} == set(IDS)


def test_its_faults_are_those_of_the_handbook():
    handbook = SHARED / "TRUST.md"
    if not handbook.is_file():
        pytest.skip("the handbook is not beside this checkout")
    rows = re.findall(r"^\| (F[0-9]+) \|", handbook.read_text("utf-8"), re.MULTILINE)
    running = {f"F{n}" for n in range(53, 65)}
    assert set(rows) - running == set(IDS)


def test_the_page_of_faults_is_up_to_date(trials):
    """Mend with: python scripts/write_faults.py."""
    shown = [trials.shown(each) for each in ENTRIES]
    assert PAGE.read_text(encoding="utf-8") == page(ENTRIES, shown)
