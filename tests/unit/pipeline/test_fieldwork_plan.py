"""``kcc plan``: from an earlier wave where there is one, else by assumption."""

import pandas as pd
import pytest

from kcc_research import dutch
from kcc_research.errors import CallError
from kcc_research.estimation import tables
from kcc_research.estimation.tables import ESTIMATE_COLUMNS, tidy
from kcc_research.pipeline import steps
from kcc_research.pipeline.fieldwork_plan import plan_fieldwork, wanted_difference
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.loading import load_study
from tests import tiny_workspace

KEY, EARLIER = tiny_workspace.KEY, tiny_workspace.EARLIER


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("KCC_HOME", str(tmp_path))
    tiny_workspace.make_workspace(tmp_path, with_earlier=True)
    for key in (KEY, EARLIER):
        path = tmp_path / "studies" / key / "algemeen.toml"
        text = path.read_text() + 'role = "headline"\n'
        path.write_text(text)
    return Workspace(tmp_path)


def measured(workspace, key, error):
    shared = {"by": "totaal", "group": "totaal", "category": "", "status": "published"}
    rows = [
        {
            "indicator": "rapportcijfer",
            "statistic": "mean",
            "n": 400,
            "std_error_without_fpc": error,
            "uncertainty": "sampling",
        },
        *(
            {
                "indicator": "respons",
                "statistic": "count",
                "category": category,
                "estimate": number,
                "count": number,
                "n": 2000,
            }
            for category, number in (("uitgenodigd", 2000), ("ingevuld", 400))
        ),
    ]
    frame = tidy(pd.DataFrame([shared | row for row in rows]), ESTIMATE_COLUMNS)
    study = load_study(workspace.root, key)
    steps.save_results(
        study, frame, tables.empty_comparisons(), tables.empty_verdicts()
    )


def test_without_an_earlier_wave_the_spread_is_an_assumption(workspace):
    plan = plan_fieldwork(workspace, KEY, "0.3")
    assert (plan.measured, plan.rate, plan.size.spread.is_assumed) == ("", None, True)
    text = "\n".join(plan.lines())
    assert "1,80, aangenomen" in text
    assert "een verschil van 0,30 punt" in text
    assert "--response" in text and "uitnodigingen)" not in text


def test_spread_and_response_of_the_earlier_wave(workspace):
    measured(workspace, EARLIER, 0.08)
    plan = plan_fieldwork(workspace, KEY, "0,4")
    assert plan.measured == EARLIER
    assert plan.size.spread.deviation == pytest.approx(1.6)
    assert plan.rate == 0.2
    assert plan.as_json()["invitations_both_new"] == 5 * plan.size.both_new
    text = "\n".join(plan.lines())
    assert f"rapportcijfer in {EARLIER}, {dutch.base(400)}" in text
    assert f"20% van de uitgenodigden antwoordt, zoals in {EARLIER}" in text


def test_the_measurement_itself_comes_first_when_it_was_run(workspace):
    measured(workspace, EARLIER, 0.08)
    measured(workspace, KEY, 0.05)
    plan = plan_fieldwork(workspace, KEY, "0.3", response=0.5)
    assert (plan.measured, plan.rate_given, plan.rate) == (KEY, True, 0.5)


def test_more_comparisons_ask_for_more_answers(workspace):
    one = plan_fieldwork(workspace, KEY, "10pp")
    ten = plan_fieldwork(workspace, KEY, "10pp", tests=10)
    assert one.size.both_new < ten.size.both_new
    assert "10 vergelijkingen" in "\n".join(ten.lines())
    assert "10,0 procentpunt" in "\n".join(ten.lines())


@pytest.mark.parametrize("text", ["", "veel", "0", "-1", "11", "120pp", "1e3"])
def test_what_is_no_difference_is_refused(text):
    with pytest.raises(CallError) as caught:
        wanted_difference(text)
    assert [each.code for each in caught.value.problems] == ["KCC-R064"]


@pytest.mark.parametrize("response", [0.0, -0.1, 25.0])
def test_what_is_no_response_is_refused(workspace, response):
    with pytest.raises(CallError) as caught:
        plan_fieldwork(workspace, KEY, "0.3", response=response)
    assert [each.code for each in caught.value.problems] == ["KCC-R064a"]
