"""``kcc plan`` and ``kcc notebook`` as a user calls them, in a tiny workspace."""

import json
from statistics import NormalDist

import pytest

from tests.ready_command import ready_kcc
from tests.tiny_workspace import KEY, edit_cell, make_workspace
from tests.workspaces import kcc


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_workspace(tmp_path_factory.mktemp("klein"))


def test_how_many_answers_a_wave_needs(root):
    """By the normal approximation; the plan counts with t: a few more."""
    said = kcc(root, "plan", KEY, "--detect", "0.3", "--response", "0.25", "--json")
    assert said.returncode == 0, said.stderr
    found = json.loads(said.stdout)
    size = found["size"]
    normal = NormalDist()
    z = normal.inv_cdf(0.975) + normal.inv_cdf(0.8)
    wanted = 2 * (z * size["spread"]["deviation"] / 0.3) ** 2
    assert wanted <= size["both_new"] <= wanted + 5
    assert found["invitations_both_new"] == 4 * size["both_new"]
    assert found["measured"] == ""


def test_the_plan_in_words_says_what_was_assumed(root):
    said = ready_kcc(root, "plan", KEY, "--detect", "10pp")
    assert said.returncode == 0, said.stderr
    first, *rest = said.stdout.splitlines()
    assert first.startswith(f"{KEY}: een verschil van 10,0 procentpunt")
    assert any(line.startswith("  spreiding") for line in rest)
    assert any("--response 0.25" in line for line in rest)


@pytest.mark.parametrize(
    ("option", "code"),
    [(("--detect", "veel"), "KCC-R064 "), (("--detect", "0"), "KCC-R064 ")],
)
def test_a_plan_for_no_difference_is_refused(root, option, code):
    said = ready_kcc(root, "plan", KEY, *option)
    assert (said.returncode, said.stdout) == (2, "")
    assert code in said.stderr


def test_a_copy_of_the_report_of_ones_own(root):
    made = kcc(root, "notebook", KEY, "report")
    assert made.returncode == 0, made.stderr
    copy = root / made.stdout.strip()
    assert copy.is_file()
    assert copy.is_relative_to(root / "studies" / KEY)
    declared = (root / "studies" / KEY / "measurement.toml").read_text()
    assert f'report = "{made.stdout.strip()}"' in declared
    edit_cell(copy, 5, 'kcc.text("## Samenvatting\\n\\nEen zin van onszelf.")')
    shown = ready_kcc(root, "notebook", KEY, "report", "--diff")
    assert "Een zin van onszelf." in shown.stdout
    again = ready_kcc(root, "notebook", KEY, "report")
    assert again.returncode == 2
    assert "KCC-R064b" in again.stderr
    assert "Een zin van onszelf." in copy.read_text()
