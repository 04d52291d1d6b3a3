"""From messy files to published reports, by the command line only."""

import csv
import re
import shutil
from statistics import fmean

import pytest

from tests import messy_files
from tests.ready_command import ready_kcc
from tests.workspaces import REPOSITORY, kcc

KEY = "gm0575-noordwijk/2024-proef"
MORE = {
    f"gm0575-noordwijk/2024-{name.partition('.')[0].replace(' ', '-').casefold()}": [
        name
    ]
    for name in messy_files.FILES
    if name not in ("bewoners.csv", "gesprekken.csv")
} | {"gm0575-noordwijk/2024-balie": ["klant.sav", "gesprekken.csv"]}
"""One measurement for each kind of file; coded talks go with a survey."""


@pytest.fixture(scope="module")
def walk(tmp_path_factory):
    """Propose, be refused, agree with every default, run all; what each call said."""
    root = tmp_path_factory.mktemp("nieuw")
    (root / "studies").mkdir()
    shutil.copytree(REPOSITORY / "notebooks", root / "notebooks")
    shutil.copy(REPOSITORY / "requirements.lock", root)
    file = messy_files.windows_csv(root / "bewoners.csv")
    said = {"new": kcc(root, "new", KEY, "--from", str(file))}
    said["again"] = ready_kcc(root, "new", KEY, "--from", str(file))
    said["refused"] = ready_kcc(root, "run", KEY)
    for key, names in MORE.items():
        paths = [str(messy_files.FILES[n](root / n)) for n in names]
        said[key] = ready_kcc(root, "new", key, "--from", *paths)
    for path in (root / "studies").glob("*/*/*.toml"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [each for each in lines if not each.startswith("# BESLIS")]
        path.write_text("".join(kept), encoding="utf-8")
    said["run"] = ready_kcc(root, "run", "--all")
    return root, said


def test_what_is_to_decide_is_counted(walk):
    _, said = walk
    assert said["new"].returncode == 0, said["new"].stderr
    assert f"studies/{KEY}/measurement.toml  4 to decide" in said["new"].stdout


def test_a_second_time_nothing_is_written(walk):
    _, said = walk
    assert said["again"].returncode == 2
    assert "KCC-C014a" in said["again"].stderr


def test_a_run_is_refused_until_decided(walk):
    _, said = walk
    assert said["refused"].returncode == 1
    assert "KCC-C014 " in said["refused"].stderr


@pytest.mark.parametrize("key", MORE)
def test_every_kind_of_file_reaches_its_report(walk, key):
    root, said = walk
    counts = re.findall(r"(\d+) to decide", said[key].stdout)
    files = 1 + len(MORE[key])
    assert counts and sum(map(int, counts)) <= 12 * (files - 1), said[key].stderr
    page = (root / "outputs" / key / "report.html").read_text(encoding="utf-8")
    assert "<h1" in page
    assert not any(secret in page for secret in (*messy_files.SECRETS, "Pietje Puk"))


def test_the_report_counts_who_answered(walk):
    root, said = walk
    assert said["run"].returncode == 0, said["run"].stderr
    with (root / "outputs" / KEY / "tables" / "estimates.csv").open() as table:
        rows = [
            each
            for each in csv.DictReader(table)
            if each["indicator"] == "cijfer_gemiddeld" and each["by"] == "totaal"
        ]
    answered = [
        p["cijfer"] for p in messy_files.people(1) if p["contact"] and p["nr"] % 20 != 0
    ]
    assert [int(each["n"]) for each in rows] == [len(answered)]
    assert float(rows[0]["estimate"]) == pytest.approx(fmean(answered), abs=1e-6)
    page = (root / "outputs" / KEY / "report.html").read_text(encoding="utf-8")
    assert "Stelling_1" in page
    assert not any(secret in page for secret in messy_files.SECRETS)
