"""outputs/benchmark.html from publications: published numbers, made when needed."""

import json
from dataclasses import dataclass

import pandas as pd
import pytest

from kcc_research.estimation import tables
from kcc_research.pipeline import published, published_tables, side_by_side
from kcc_research.pipeline.manifest import with_manifest
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.workspace import Workspace
from kcc_research.reporting import open_data
from kcc_research.study.instrument import PARTS
from tests.unit.reporting.report_rows import estimate

TOLD = dict.fromkeys(PARTS, "gelijk") | {
    "source": "algemeen",
    "indicator": "rapportcijfer",
    "label": "Rapportcijfer",
    "statistic": "mean",
    "mode": "web",
    "recruitment": "random-sample",
}
COLUMNS = {
    "estimates": tables.ESTIMATE_COLUMNS,
    "comparisons": tables.COMPARISON_COLUMNS,
    "verdicts": tables.VERDICT_COLUMNS,
}


@dataclass
class Desk:
    workspace: Workspace

    def publish(self, name, estimates, comparisons=(), told=TOLD, **changes):
        key = f"{name}/2024-meting"
        facts = {
            "title": f"Meting {name}",
            "place": name.capitalize(),
            "study": "experience",
            "status": "definitief",
            "published": "2025-01-29",
            "until": "2024-11-19",
            "synthetic": True,
            "province": "Drenthe",
            "size_class": 4,
            "comparable": [told],
            **changes,
        }
        found = {"estimates": estimates, "comparisons": comparisons, "verdicts": ()}
        files = {
            f"tables/{table}.csv": open_data.to_csv(
                tables.tidy(
                    pd.DataFrame([{**row, "measurement": key} for row in rows]),
                    COLUMNS[table],
                ),
                synthetic=True,
            )
            for table, rows in found.items()
        }
        files["inputs.json"] = json.dumps({"measurement": facts}).encode()
        for path, content in with_manifest(key, files, {}, {}).items():
            target = self.workspace.output(key) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)

    def bring_up_to_date(self):
        published.bring_up_to_date(Store(self.workspace), [])

    @property
    def page(self):
        path = self.workspace.outputs / "benchmark.html"
        text = path.read_text("utf-8") if path.exists() else ""
        return text.replace("\u2060", "").replace("\xa0", " ")


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "studies").mkdir()
    return Desk(Workspace(tmp_path))


def test_total_is_what_the_tables_call_everybody():
    assert published_tables.TOTAL == tables.TOTAL


def test_numbers_of_two_reports_stand_side_by_side_and_the_list_links_them(desk):
    other = estimate(by="kanaal", group="balie", estimate=9.9)
    klass = estimate(category="1–5", statistic="share", estimate=0.2)
    desk.publish("assen", [other, klass, estimate(estimate=6.1)])
    desk.bring_up_to_date()
    assert desk.page == "" and "benchmark.html" not in _catalogue(desk)
    desk.publish("borne", [estimate(estimate=7.3)])
    desk.bring_up_to_date()
    assert "<b>6,1</b>" in desk.page and "<b>7,3</b>" in desk.page
    assert "9,9" not in desk.page
    assert 'href="assen/2024-meting/report.html"' in desk.page
    assert 'href="benchmark.html"' in _catalogue(desk)


def _catalogue(desk):
    return desk.workspace.catalogue.read_text("utf-8")


def test_what_is_suppressed_stays_so_whatever_the_frame_held(desk):
    desk.publish("assen", [estimate(estimate=6.1)])
    desk.publish("borne", [estimate(estimate=7.3)])
    desk.publish("coevorden", [estimate(estimate=8.8, n=4, status="suppressed")])
    desk.bring_up_to_date()
    row = desk.page.partition("Coevorden</a>")[2].partition("</tr>")[0]
    assert "<b>x</b>" in row and "<td>x</td>" in row
    assert "8,8" not in desk.page and "n = 4" not in desk.page


@pytest.mark.parametrize("said", [[], [{"source": "algemeen"}], ["niets"]])
def test_a_report_that_does_not_say_how_it_measured_is_named(desk, said):
    for name in ("assen", "borne"):
        desk.publish(name, [estimate()])
    desk.publish("coevorden", [estimate()], comparable=said)
    desk.bring_up_to_date()
    assert "maak het opnieuw): Coevorden." in desk.page


def test_the_page_is_made_again_for_another_publication_and_not_without(
    desk, monkeypatch
):
    made = []
    original = published.page_of
    monkeypatch.setattr(
        published, "page_of", lambda *a: (made.append(a), original(*a))[1]
    )
    for name in ("assen", "borne"):
        desk.publish(name, [estimate()])
    desk.bring_up_to_date()
    desk.bring_up_to_date()
    assert len(made) == 1
    desk.publish("borne", [estimate(estimate=7.3)])
    desk.bring_up_to_date()
    assert len(made) == 2 and "<b>7,3</b>" in desk.page


def test_what_was_withdrawn_leaves_the_page(desk):
    for name in ("assen", "borne", "coevorden"):
        desk.publish(name, [estimate()])
    every = list(published.entries(desk.workspace, []))
    every = [
        published.replace(each, standing="ingetrokken" if "assen" in each.key else "")
        for each in every
    ]
    found = side_by_side.page_of(desk.workspace.outputs, every, "").decode()
    assert "Assen" not in found and "Borne" in found


def test_a_note_of_a_release_makes_it_another_page(desk, tmp_path):
    manifest, note = tmp_path / "manifest.json", tmp_path / "1.json"
    manifest.write_bytes(b"{}")
    note.write_bytes(b'{"withdrawn": ""}')
    before = side_by_side.made_of([manifest, note])
    assert before == side_by_side.made_of([note, manifest])
    note.write_bytes(b'{"withdrawn": "2025-01-01"}')
    assert before != side_by_side.made_of([manifest, note])


class TestBenchmark:
    def publish(self, desk, files=()):
        known = {"by": "gemeente", "group": "GM9001", "n": 26, "status": "indicative"}
        group = "inwonerklasse vanaf 100.000"
        row = estimate(reference=group, difference=-0.3, verdict="not_shown")
        beside = {
            name: value
            for name, value in row.items()
            if name in tables.COMPARISON_COLUMNS
        } | {"by": "gemeente", "group": "GM9001", "n_reference": 12}
        desk.publish(
            "nl",
            [
                estimate(),
                estimate(by="inwonerklasse", group="vanaf 100.000", estimate=6.8),
                estimate(estimate=6.5, **known),
            ],
            [
                beside | {"reference": "vergelijkingsgroep Leerkring"},
                beside | {"reason": "te weinig antwoorden"},
                beside | {"category": "ongewoon binnen de groep", "reason": "anders"},
            ],
            study="benchmark",
            headline=TOLD,
            size_class=0,
        )
        desk.bring_up_to_date()
        return desk.page

    def test_municipalities_come_with_the_groups_of_the_report(self, desk):
        found = self.publish(desk)
        assert "Voorbeeldgemeente 001" in found and "<b>6,5*</b>" in found
        first = found.index("12 andere (inwonerklasse vanaf 100.000): gemiddeld 6,8")
        assert first < found.index("Te weinig antwoorden")
        assert first < found.index("vergelijkingsgroep Leerkring")
        assert "anders" not in found.partition("<tbody>")[2].partition("</tbody>")[0]

    def test_the_list_is_of_one_report_and_says_so(self, desk):
        found = self.publish(desk)
        source = 'Uit het rapport <a href="nl/2024-meting/report.html">Meting nl</a>.'
        assert source in found
