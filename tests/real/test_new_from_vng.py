"""``kcc new`` on the national format: invented answers, real names and labels."""

from datetime import date

import pytest

from kcc_research.pipeline import check, new
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.loading import load_study
from tests.real import vng_file
from tests.workspaces import REPOSITORY, SHARED

MOULD = SHARED / "data" / "vng_burgerpeiling" / "Burgerpeling-dataformat-2022.sav"
KEY = "gm0575-noordwijk/2022-burgerpeiling"

pytestmark = pytest.mark.skipif(not MOULD.is_file(), reason="open data not here")


def test_twelve_decisions_at_most_and_then_in_order(tmp_path, monkeypatch):
    monkeypatch.setenv("KCC_HOME", str(tmp_path))
    (tmp_path / "studies").mkdir()
    (tmp_path / "notebooks").symlink_to(REPOSITORY / "notebooks")
    file = tmp_path / "BP-2022.sav"
    vng_file.write(MOULD, file, year=2022)
    store = Store(Workspace(tmp_path))
    made = new.make(store, KEY, [file], date(2022, 12, 1))
    assert sum(made.decisions.values()) <= 12
    for path in made.folder.iterdir():
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [each for each in lines if not each.startswith("# BESLIS")]
        path.write_text("".join(kept), encoding="utf-8")
    found = check.check(store.workspace, KEY)
    assert [str(each) for each in found if each.severity == "error"] == []
    questions = load_study(tmp_path, KEY).questionnaires["bp_2022"].questions
    # The traps of DOMAIN §2.1: 11 is weet niet, statements run from good to bad, and
    # 6 is a channel in dv12 but weet niet after a statement.
    assert questions["dv01"].missing["11"] == "dont_know"
    assert questions["dv01"].range == (1, 10)
    assert questions["dv07_0"].direction == "lower_is_better"
    assert questions["dv07_0"].missing["6"] == "dont_know"
    assert "6" in questions["dv12"].codes
