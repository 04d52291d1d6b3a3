"""kcc release: what two people looked at, and nothing else; then it is frozen."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import date

import html5lib
import pikepdf
import pytest
import yaml
from bs4 import BeautifulSoup
from frictionless import Package, system
from rocrate.rocrate import ROCrate
from typer.testing import CliRunner

from kcc_research.cli import app
from kcc_research.errors import DisclosureError
from kcc_research.pipeline.release import Signatures, release
from kcc_research.pipeline.release_note import releases
from kcc_research.pipeline.run import Options, Runner
from kcc_research.pipeline.status import statuses
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.workspace import Workspace
from kcc_research.reporting.pdf_text import page_text, squeezed

pytestmark = pytest.mark.usefixtures("ready_kernels")

DAY = date(2024, 4, 2)
SIGNED = Signatures("Anouk de Maker", "Bram de Controleur")


@pytest.fixture(scope="module")
def published(tmp_path_factory, tiny):
    """A workspace with one published measurement that names its licence."""
    root = tiny.make_workspace(tmp_path_factory.mktemp("klaar") / "project")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KCC_HOME", str(root))
        patch.delenv("KCC_STAGING", raising=False)
        found = Store(Workspace(root))
        edit(found, tiny, "[fieldwork]", '[report]\nlicense = "CC-BY-4.0"\n[fieldwork]')
        [outcome] = Runner(found).run([tiny.KEY])
        assert outcome.state == "done"
    return root


@pytest.fixture
def store(published, tmp_path, monkeypatch):
    """A copy of it, to be released, damaged or edited."""
    root = tmp_path / "project"
    shutil.copytree(published, root)
    monkeypatch.setenv("KCC_HOME", str(root))
    monkeypatch.delenv("KCC_STAGING", raising=False)
    return Store(Workspace(root))


def edit(store, tiny, old, new):
    path = store.workspace.study(tiny.KEY) / "measurement.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refusals(store, tiny, to, signed=SIGNED):
    with pytest.raises(DisclosureError) as error:
        release(store, tiny.KEY, to, signed, DAY)
    assert not to.exists()
    assert releases(store.workspace, tiny.KEY) == ()
    return [each.code for each in error.value.problems]


def test_a_release_holds_the_report_and_says_what_each_file_is(store, tiny, tmp_path):
    folder = release(store, tiny.KEY, tmp_path / "uit", SIGNED, DAY)
    assert folder == tmp_path / "uit" / tiny.KEY / "1"
    published = store.workspace.output(tiny.KEY)
    note = json.loads((folder / "release.json").read_bytes())
    added = set()
    for name, told in note["files"].items():
        content = (folder / name).read_bytes()
        assert told["sha256"] == hashlib.sha256(content).hexdigest()
        if (published / name).is_file():
            assert content == (published / name).read_bytes()
        else:
            added.add(name)
    assert added == {
        "CITATION.cff",
        "datapackage.json",
        "index.html",
        "toegankelijkheid.html",
    }
    assert note["files"]["report.html"]["class"] == "report"
    assert note["files"]["tables/estimates.csv"]["class"] == "table"
    assert (note["maker"], note["checker"]) == (SIGNED.maker, SIGNED.checker)
    assert note["disclosure"].keys() >= {"tested", "suppressed"}
    extra = {p.name for p in folder.iterdir() if p.is_file()} - note["files"].keys()
    assert extra == {"release.json", "ro-crate-metadata.json"}
    assert list(folder.parent.iterdir()) == [folder]


def test_the_tables_are_a_valid_data_package(store, tiny, tmp_path):
    folder = release(store, tiny.KEY, tmp_path / "uit", SIGNED, DAY)
    with system.use_context(trusted=True):
        report = Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "message"])
    assert len(report.tasks) == 3


def test_the_crate_lists_every_file(store, tiny, tmp_path):
    folder = release(store, tiny.KEY, tmp_path / "uit", SIGNED, DAY)
    crate = ROCrate(str(folder))
    listed = {each.id for each in crate.get_by_type("File")}
    present = {
        p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()
    }
    assert listed == present - {"ro-crate-metadata.json"}
    assert crate.root_dataset["datePublished"] == "2024-04-02"
    assert crate.name == "Proefmeting Teststad 2024"
    assert crate.root_dataset["author"]["name"] == "Gemeente Teststad"
    assert crate.root_dataset["creditText"] == (
        "Gemeente Teststad (2024). Proefmeting Teststad 2024 (versie 1)."
    )


MENDED = """[[correction]]
version = 2
date = 2024-04-01
what = "Het rapportcijfer"
reason = "Er was een antwoord dubbel geteld"
"""


def reopened(store, tiny, extra=MENDED):
    """The report once more, with what it mends."""
    edit(store, tiny, "[[source]]", f"{extra}[[source]]")
    [outcome] = Runner(store, Options(reopen=True)).run([tiny.KEY])
    assert outcome.state == "done"


def words(path):
    page = BeautifulSoup(path.read_bytes(), "html.parser")
    return " ".join(page.get_text(" ").replace("\xa0", " ").split())


def paper_words(path):
    with pikepdf.open(path) as pdf:
        return page_text(pdf.pages[0])


def test_a_second_release_says_what_it_mends_and_nothing_is_overwritten(
    store, tiny, tmp_path
):
    to = tmp_path / "uit"
    first = release(store, tiny.KEY, to, SIGNED, DAY)
    before = {p: p.read_bytes() for p in first.rglob("*") if p.is_file()}
    with pytest.raises(DisclosureError) as refused:
        release(store, tiny.KEY, to, SIGNED, DAY)
    assert [e.code for e in refused.value.problems] == ["KCC-S016g", "KCC-S016d"]
    assert "version = 2" in refused.value.problems[0].remedy
    reopened(store, tiny)
    second = release(store, tiny.KEY, to, SIGNED, DAY)
    assert (first.name, second.name) == ("1", "2")
    assert [each.number for each in releases(store.workspace, tiny.KEY)] == [1, 2]
    assert {p: p.read_bytes() for p in before} == before
    assert "Versie 1" in words(first / "report.html")
    for page in ("report.html", "index.html"):
        told = words(second / page)
        assert "Versie 2" in told and "Het rapportcijfer" in told
        assert "Reden: Er was een antwoord dubbel geteld" in told
    shown = paper_words(second / "report.pdf")
    assert squeezed("Er was een antwoord dubbel geteld") in shown


def test_a_correction_of_tomorrow_is_not_released(store, tiny, tmp_path):
    reopened(store, tiny, MENDED.replace("2024-04-01", "2024-04-03"))
    assert refusals(store, tiny, tmp_path / "uit") == ["KCC-S016l"]


def test_the_pages_beside_it_are_dutch_and_load_nothing(store, tiny, tmp_path):
    folder = release(store, tiny.KEY, tmp_path / "uit", SIGNED, DAY)
    for name in ("index.html", "toegankelijkheid.html"):
        text = (folder / name).read_text(encoding="utf-8")
        parser = html5lib.HTMLParser()
        parser.parse(text)
        assert parser.errors == []
        page = BeautifulSoup(text, "html5lib")
        assert page.html["lang"] == "nl"
        assert "://" not in text
        targets = {a["href"] for a in page.find_all("a")} - {"#inhoud"}
        assert all((folder / each).is_file() for each in targets)
    assert "Gemeente Teststad (2024)" in words(folder / "index.html")
    evidence = words(folder / "toegankelijkheid.html")
    assert "PDF/UA-1 (toegankelijkheid) en PDF/A-2a (bewaren)" in evidence
    assert "geen toegankelijkheidsverklaring" in evidence
    assert "Schermlezers." in evidence


def test_the_citation_file_is_a_citation_file(store, tiny, tmp_path):
    folder = release(store, tiny.KEY, tmp_path / "uit", SIGNED, DAY)
    told = yaml.safe_load((folder / "CITATION.cff").read_bytes())
    assert told["cff-version"] == "1.2.0"
    assert (told["type"], told["license"]) == ("dataset", "CC-BY-4.0")
    assert (told["version"], told["date-released"]) == ("1", "2024-04-02")
    report = told["preferred-citation"]
    assert (report["type"], report["year"], report["month"]) == ("report", 2024, 3)
    assert report["institution"] == {"name": "Gemeente Teststad"}


def test_a_release_that_was_cut_off_before_its_note_is_finished(store, tiny, tmp_path):
    first = release(store, tiny.KEY, tmp_path / "uit", SIGNED, DAY)
    before = {each: each.read_bytes() for each in first.rglob("*") if each.is_file()}
    note = store.workspace.releases(tiny.KEY) / "1.json"
    noted = note.read_bytes()
    note.unlink()
    others = Signatures("Anouk de Maker", "Carla van Elders")
    with pytest.raises(DisclosureError):
        release(store, tiny.KEY, tmp_path / "uit", others, DAY)
    assert release(store, tiny.KEY, tmp_path / "uit", SIGNED, DAY) == first
    assert note.read_bytes() == noted
    assert {each: each.read_bytes() for each in before} == before


def test_what_was_released_is_frozen_until_it_is_reopened(store, tiny, tmp_path):
    release(store, tiny.KEY, tmp_path / "uit", SIGNED, DAY)
    edit(store, tiny, "Proefmeting", "Proefmeting, verbeterd")
    [outcome] = Runner(store).run([tiny.KEY])
    assert outcome.state == "released"
    [found] = statuses(store, (tiny.KEY,))
    assert (found.state, found.reasons[0][:15]) == ("released", "1 on 2024-04-02")
    [outcome] = Runner(store, Options(reopen=True)).run([tiny.KEY])
    assert outcome.state == "done"


@pytest.mark.parametrize(
    "signed",
    [
        Signatures("Anouk", "Anouk"),
        Signatures("Anouk  de Maker", "anouk de maker "),
        Signatures("Anouk", " "),
    ],
)
def test_one_pair_of_eyes_is_not_enough(store, tiny, tmp_path, signed):
    assert refusals(store, tiny, tmp_path / "uit", signed) == ["KCC-S016"]


def test_who_signed_an_exception_does_not_check(store, tiny, tmp_path):
    exception = (
        '[[disclosure.exception]]\nrule = "D1"\n'
        'table = "algemeen/rapportcijfer/totaal"\nreason = "Openbaar gemaakt."\n'
        'name = "Bram de Controleur"\nrole = "afdelingshoofd"\ndate = 2024-03-01\n'
    )
    edit(store, tiny, "[[source]]", f"{exception}[[source]]")
    assert "KCC-S016a" in refusals(store, tiny, tmp_path / "uit")


def test_everything_in_the_way_is_told_at_once(store, tiny, tmp_path):
    edit(store, tiny, 'status = "definitief"', 'status = "concept"')
    edit(store, tiny, 'license = "CC-BY-4.0"\n', "")
    report = store.workspace.output(tiny.KEY) / "report.html"
    report.write_bytes(report.read_bytes() + b" ")
    codes = refusals(store, tiny, tmp_path / "uit", Signatures("A", "A"))
    assert {
        "KCC-S016",
        "KCC-S016b",
        "KCC-S016c",
        "KCC-S016e",
        "KCC-R062",
    } <= set(codes)


def test_a_folder_within_the_workspace_is_no_place(store, tiny):
    to = store.workspace.root / "uitgaven"
    assert refusals(store, tiny, to) == ["KCC-S016d"]


def test_a_file_of_no_class_stays_inside(store, tiny, tmp_path):
    """Whatever a report step might make one day: what is not declared is not sent."""
    folder = store.workspace.output(tiny.KEY)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    (folder / "rows.csv").write_bytes(b"a\n")
    manifest["files"]["rows.csv"] = hashlib.sha256(b"a\n").hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert "KCC-S016f" in refusals(store, tiny, tmp_path / "uit")


def test_a_full_disk_leaves_nothing_behind(store, tiny, tmp_path, monkeypatch):
    def full(path, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.operations, "rename", full)
    with pytest.raises(Exception, match="space|R057"):
        release(store, tiny.KEY, tmp_path / "uit", SIGNED, DAY)
    left = [path for path in (tmp_path / "uit").rglob("*") if path.is_file()]
    assert left == []
    assert releases(store.workspace, tiny.KEY) == ()


def test_the_command_prints_where_the_release_stands(store, tiny, tmp_path):
    words = ["release", tiny.KEY, "--to", str(tmp_path / "uit"), "--maker", "A"]
    shown = CliRunner().invoke(app, [*words, "--checker", "B"])
    assert shown.exit_code == 0, shown.output
    assert shown.output.strip().endswith(f"{tiny.KEY}/1")
    shown = CliRunner().invoke(app, [*words, "--checker", "A"])
    assert shown.exit_code == 1
    assert "KCC-S016" in shown.output
