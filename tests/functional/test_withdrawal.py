"""What was released is taken back, and the public list says so."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from bs4 import BeautifulSoup
from typer.testing import CliRunner

from kcc_research.cli import app
from kcc_research.errors import DisclosureError
from kcc_research.pipeline import release_catalogue
from kcc_research.pipeline.release import Signatures, release
from kcc_research.pipeline.release_note import releases
from kcc_research.pipeline.run import Options, Runner
from kcc_research.pipeline.status import statuses
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.withdrawal import Withdrawal, withdraw
from kcc_research.pipeline.workspace import Workspace
from kcc_research.reporting.pdf_text import page_text, squeezed

pytestmark = pytest.mark.usefixtures("ready_kernels")

DAY, LATER = date(2024, 4, 2), date(2024, 5, 3)
SIGNED = Signatures("Anouk de Maker", "Bram de Controleur")
SAID = Withdrawal("In <tabel 3> stonden *antwoorden* dubbel", "Team Onderzoek")
MENDED = """[[correction]]
version = 2
date = 2024-05-03
what = "Het rapportcijfer"
reason = "Er was een antwoord dubbel geteld"
[[source]]"""


@dataclass
class Public:
    store: Store
    to: Path
    key: str

    @property
    def first(self):
        return self.to / self.key / "1"

    def names(self):
        return sorted(path.name for path in self.first.iterdir())

    def text(self, path):
        page = BeautifulSoup((self.to / path).read_bytes(), "html.parser")
        return " ".join(page.get_text(" ").replace("\xa0", " ").split())

    def links(self, path):
        page = BeautifulSoup((self.to / path).read_bytes(), "html.parser")
        return [each["href"] for each in page.find_all("a")]

    def withdraw(self, said=SAID, number=0, to=None):
        return withdraw(self.store, self.key, to or self.to, said, number, LATER)

    def refused(self, **call):
        with pytest.raises(DisclosureError) as error:
            self.withdraw(**call)
        return [each.code for each in error.value.problems]


@pytest.fixture(scope="module")
def released(tmp_path_factory, tiny):
    """A workspace, and a public folder with its one release and the list."""
    top = tmp_path_factory.mktemp("uitgegeven")
    root = tiny.make_workspace(top / "project")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KCC_HOME", str(root))
        patch.delenv("KCC_STAGING", raising=False)
        store = Store(Workspace(root))
        edit(store, tiny, "[fieldwork]", '[report]\nlicense = "CC-BY-4.0"\n[fieldwork]')
        [outcome] = Runner(store).run([tiny.KEY])
        assert outcome.state == "done"
        release(store, tiny.KEY, top / "uit", SIGNED, DAY)
        release_catalogue.write(store, top / "uit")
    return top


def public_copy(released, tiny, place, monkeypatch):
    shutil.copytree(released, place, dirs_exist_ok=True)
    monkeypatch.setenv("KCC_HOME", str(place / "project"))
    monkeypatch.delenv("KCC_STAGING", raising=False)
    return Public(Store(Workspace(place / "project")), place / "uit", tiny.KEY)


@pytest.fixture
def public(released, tiny, tmp_path, monkeypatch):
    """A copy, to be withdrawn from or damaged."""
    return public_copy(released, tiny, tmp_path, monkeypatch)


def edit(store, tiny, old, new):
    path = store.workspace.study(tiny.KEY) / "measurement.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_notice_stands_where_the_report_was_and_nothing_else_is_left(public):
    assert public.withdraw() == public.first
    assert public.names() == ["index.html", "release.json", "report.html", "report.pdf"]
    told = public.text(public.first / "report.html")
    for words in (
        "Ingetrokken: Proefmeting Teststad 2024",
        "Status: ingetrokken",
        "3 mei 2024",
        SAID.reason,
        SAID.by,
        "Er is geen nieuwe versie.",
    ):
        assert words in told
    assert public.text(public.first / "index.html") == told
    with pikepdf.open(public.first / "report.pdf") as pdf:
        assert squeezed(SAID.reason) in page_text(pdf.pages[0])
    [remembered] = releases(public.store.workspace, public.key)
    assert (remembered.withdrawn, remembered.reason) == ("2024-05-03", SAID.reason)
    [stands] = statuses(public.store, (public.key,))
    assert stands.reasons[0].startswith("1 on 2024-04-02, withdrawn on 2024-05-03")
    assert list(public.first.parent.iterdir()) == [public.first]


def test_the_next_release_is_linked_from_the_notice_and_listed(public, tiny):
    public.withdraw()
    release_catalogue.renew(public.store, public.to)
    assert "Ingetrokken op 3 mei 2024: In <tabel 3>" in public.text("index.html")
    assert f"{public.key}/1/report.html" in public.links("index.html")
    edit(public.store, tiny, "[[source]]", MENDED)
    [outcome] = Runner(public.store, Options(reopen=True)).run([public.key])
    assert outcome.state == "done"
    release(public.store, public.key, public.to, SIGNED, LATER)
    assert "../2/report.html" in public.links(public.first / "report.html")
    assert "versie 2" in public.text(public.first / "report.html")
    release_catalogue.renew(public.store, public.to)
    listed = public.links("index.html")
    assert f"{public.key}/2/report.html" in listed
    assert f"{public.key}/2/index.html" in listed
    assert "Versie 1 (ingetrokken)" in public.text("index.html")


def test_the_public_list_knows_only_what_was_released(public, tiny):
    tiny.add_measurement(public.store.workspace.root, tiny.EARLIER, 2023)
    [outcome] = Runner(public.store).run([tiny.EARLIER])
    assert outcome.state == "done"
    desk = (public.store.workspace.outputs / "index.html").read_text()
    assert tiny.EARLIER in desk and "uitgegeven" in desk
    _, unlisted = release_catalogue.write(public.store, public.to)
    assert unlisted == []
    assert tiny.EARLIER not in (public.to / "index.html").read_text()
    for link in public.links("index.html"):
        assert link.startswith("#") or (public.to / link).is_file()


def test_a_killed_withdrawal_is_finished_by_the_same_one(public, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(
            "kcc_research.pipeline.store.Held.note_release",
            lambda *_: (_ for _ in ()).throw(KeyboardInterrupt),
        )
        with pytest.raises(KeyboardInterrupt):
            public.withdraw()
    assert not releases(public.store.workspace, public.key)[0].is_withdrawn
    public.withdraw()
    assert releases(public.store.workspace, public.key)[0].is_withdrawn
    assert "Ingetrokken" in public.text(public.first / "report.html")


def test_where_folders_cannot_change_places_the_notice_comes_all_the_same(
    public, monkeypatch
):
    from kcc_research.pipeline.store.operations import ExchangeUnavailable

    def unavailable(*_):
        raise ExchangeUnavailable("here")

    monkeypatch.setattr(public.store.operations, "exchange", unavailable)
    left = public.first.with_name(".1.dead.old")
    public.first.rename(left)  # what a killed command left in between
    public.withdraw()
    assert public.names() == ["index.html", "release.json", "report.html", "report.pdf"]
    assert list(public.first.parent.iterdir()) == [public.first]


def test_what_cannot_be_withdrawn_is_told(public, tmp_path):
    assert public.refused(said=Withdrawal(" ", "")) == ["KCC-S016j"]
    assert public.refused(number=7) == ["KCC-S016i"]
    assert public.refused(to=tmp_path / "elders") == ["KCC-S016h"]
    told = json.loads((public.first / "release.json").read_bytes())
    other = json.dumps(told | {"manifest": "0" * 64})
    (public.first / "release.json").write_text(other)
    assert public.refused() == ["KCC-S016h"]
    (public.first / "release.json").write_text(json.dumps(told))
    public.withdraw()
    assert public.refused(number=1) == ["KCC-S016k"]
    assert public.refused() == ["KCC-S016i"]


@pytest.mark.parametrize("damage", ["altered", "missing", "extra"])
def test_a_release_that_changed_is_left_out_and_told(public, damage):
    report = public.first / "report.html"
    if damage == "extra":
        (public.first / "rows.csv").write_text("a")
    elif damage == "missing":
        report.unlink()
    else:
        report.write_bytes(report.read_bytes() + b" ")
    _, [told] = release_catalogue.write(public.store, public.to)
    assert told.code == "KCC-S016m"
    assert ("rows.csv" if damage == "extra" else "report.html") in told.title
    assert "nog geen rapporten" in public.text("index.html")


def test_a_folder_without_a_note_is_told(public):
    (public.first / "release.json").write_text("{}")
    _, [told] = release_catalogue.write(public.store, public.to)
    assert (told.code, told.file) == ("KCC-S016n", f"{public.key}/1")


def test_a_page_of_somebody_else_is_left_alone(public, tmp_path):
    page = public.to / "index.html"
    page.write_text("<title>Onze gemeente</title>")
    for place in (public.to, public.store.workspace.outputs):
        with pytest.raises(DisclosureError) as error:
            release_catalogue.write(public.store, place)
        assert [each.code for each in error.value.problems] == ["KCC-S016o"]
    assert release_catalogue.renew(public.store, public.to) == []
    assert page.read_text() == "<title>Onze gemeente</title>"


def test_the_commands_withdraw_and_list(public):
    def call(*words):
        return CliRunner().invoke(app, ["release", *words, "--to", str(public.to)])

    shown = call(public.key, "--withdraw", "--reason", "Fout", "--by", "Team")
    assert shown.exit_code == 0, shown.output
    assert "Ingetrokken" in public.text("index.html")
    shown = call("--catalogue")
    assert shown.exit_code == 0, shown.output
    assert shown.output.strip() == str(public.to.resolve() / "index.html")
    for words in ((), (public.key, "--catalogue"), ("--withdraw",)):
        shown = call(*words)
        assert (shown.exit_code, "KCC-R053x" in shown.output) == (2, True)
