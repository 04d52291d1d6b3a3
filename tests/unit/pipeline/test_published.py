"""What the catalogue takes from a publication, and what it leaves alone."""

import json
from dataclasses import dataclass

import pandas as pd
import pytest

from kcc_research.estimation import tables
from kcc_research.pipeline import published
from kcc_research.pipeline.account import measurement_facts
from kcc_research.pipeline.manifest import with_manifest
from kcc_research.pipeline.workspace import Workspace
from kcc_research.reporting import open_data
from tests.unit.reporting.report_rows import EARLIER, KEY, estimate, noordwijk, share

TABLES = ("estimates", "comparisons", "verdicts")
HEADLINE = {"indicator": "rapportcijfer", "label": "Rapportcijfer"}


def facts(**changes):
    found = {
        "key": KEY,
        "title": "2-meting",
        "place": "Noordwijk",
        "study": "experience",
        "status": "definitief",
        "published": "2024-03-29",
        "until": "2023-11-19",
        "synthetic": True,
        "province": "Zuid-Holland",
        "size_class": 4,
        "headline": {"source": "algemeen", **HEADLINE},
    }
    return found | changes


def verdict(indicator, word, by="totaal", **changes):
    row = {"measurement": KEY, "indicator": indicator, "by": by, "group": by}
    return {
        **row,
        "estimate": 6.6,
        "norm": 7.0,
        "verdict": word,
        "reason": "",
        **changes,
    }


def difference(reference, word):
    row = estimate(reference=reference, difference=0.2, verdict=word, n_reference=412)
    return {k: v for k, v in row.items() if k in tables.COMPARISON_COLUMNS}


@dataclass
class Desk:
    """A folder of outputs with one publication."""

    workspace: Workspace

    def publish(self, estimates=(), comparisons=(), verdicts=(), **changes):
        rows = zip(TABLES, (estimates, comparisons, verdicts), strict=True)
        columns = {
            "estimates": tables.ESTIMATE_COLUMNS,
            "comparisons": tables.COMPARISON_COLUMNS,
            "verdicts": tables.VERDICT_COLUMNS,
        }
        files = {
            f"tables/{name}.csv": open_data.to_csv(
                tables.tidy(pd.DataFrame(each), columns[name]), synthetic=True
            )
            for name, each in rows
        }
        files["inputs.json"] = json.dumps({"measurement": facts(**changes)}).encode()
        for name, content in with_manifest(KEY, files, {}, {}).items():
            path = self.workspace.output(KEY) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def entry(self):
        unlisted = []
        [found] = published.entries(self.workspace, unlisted)
        assert unlisted == []
        return found


@pytest.fixture
def desk(tmp_path):
    return Desk(Workspace(tmp_path))


def test_total_is_what_the_tables_call_everybody():
    assert published.TOTAL == tables.TOTAL


def test_the_headline_comes_from_the_protected_tables(desk):
    desk.publish(
        estimates=[
            estimate(by="kanaal", group="balie", estimate=7.3),
            estimate(indicator="rapportcijfer_extra", estimate=1.1),
            estimate(category="1–5", statistic="share", estimate=0.2),
            estimate(),
            share(),
        ]
    )
    found = desk.entry().outcome
    assert (found.estimate, found.low, found.high, found.n) == (6.596, 6.43, 6.77, 353)
    assert (found.label, found.statistic, found.status) == (
        "Rapportcijfer",
        "mean",
        "published",
    )


def test_facts_are_those_that_were_frozen(desk):
    desk.publish(estimates=[estimate()])
    found = desk.entry()
    assert (found.year, found.province, found.size_class) == (2023, "Zuid-Holland", 4)
    assert (found.title, found.place, found.study) == (
        "2-meting",
        "Noordwijk",
        "experience",
    )
    assert "manifest.json" in found.files and "tables/verdicts.csv" in found.files


def test_what_is_suppressed_stays_so_whatever_the_frame_held(desk):
    desk.publish(estimates=[estimate(status="suppressed")])
    found = desk.entry().outcome
    assert found.value == "x"
    assert (found.estimate, found.low, found.high, found.n) == (None,) * 4


def test_a_quoted_base_does_not_lose_the_row(desk):
    desk.publish(estimates=[estimate(base='inwoners, met "contact", en antwoord')])
    assert desk.entry().outcome.estimate == 6.596


def test_norms_of_everybody_count_and_the_headlines_own_is_told(desk):
    desk.publish(
        estimates=[estimate()],
        verdicts=[
            verdict("rapportcijfer", "not_yet", reason="0,4 te gaan"),
            verdict("snel", "met"),
            verdict("bereikbaar", "undecided"),
            verdict("flexibel", "not_measured"),
            verdict("rapportcijfer", "met", by="kanaal"),
        ],
    )
    found = desk.entry()
    assert (found.norms_met, found.norms_judged, found.norms_undecided) == (1, 3, 1)
    assert (found.outcome.norm, found.outcome.verdict) == (7.0, "not_yet")
    assert found.outcome.reason == "0,4 te gaan"


def test_the_change_is_that_against_an_earlier_wave_and_no_other(desk):
    desk.publish(
        estimates=[estimate()],
        comparisons=[
            difference("overige", "higher"),
            difference(EARLIER, "not_comparable"),
        ],
    )
    assert desk.entry().outcome.change == "not_comparable"


def test_a_report_without_headline_has_no_outcome(desk):
    desk.publish(estimates=[estimate()], headline=None)
    assert desk.entry().outcome is None
    desk.publish(estimates=[share()])
    assert desk.entry().outcome is None


@pytest.mark.parametrize("broken", [{"headline": {}}, {"until": "nooit"}])
def test_older_publications_are_listed_and_broken_ones_told(desk, broken):
    desk.publish(estimates=[estimate()], **broken)
    unlisted = []
    found = list(published.entries(desk.workspace, unlisted))
    if "until" in broken:
        assert [each.code for each in unlisted] == ["KCC-R062f"]
    else:
        assert len(found) == 1


def test_the_facts_of_a_measurement_are_enough_for_the_catalogue():
    found = measurement_facts(noordwijk())
    assert found["headline"] == {
        "source": "algemeen",
        "indicator": "rapportcijfer",
        "label": "Rapportcijfer voor de dienstverlening",
    }
    assert (found["province"], found["size_class"]) == ("Zuid-Holland", 4)
    assert found["until"] == "2023-11-19"
