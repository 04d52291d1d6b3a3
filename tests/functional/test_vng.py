"""``kcc vng`` as a user calls it: a verdict for people and scripts, and a delivery."""

import json

import pytest

from tests import burgerpeiling as invented
from tests.ready_command import ready_kcc
from tests.workspaces import kcc


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vng")
    invented.template(folder / "sjabloon.sav")
    (folder / "uit").mkdir()
    return invented.workspace(folder / "werk")


def test_the_verdict_for_people_and_for_scripts(root):
    shown = kcc(root, "vng", "check", invented.KEY)
    facts = json.loads(ready_kcc(root, "vng", "check", invented.KEY, "--json").stdout)
    assert (shown.returncode, shown.stderr) == (1, "")
    assert facts["verdict"] == "niet na te gaan"
    *lines, sentence = shown.stdout.splitlines()
    assert len(lines) == len(facts["requirements"])
    assert sentence.startswith("Wij kunnen niet nagaan")


def test_a_delivery_goes_where_the_user_says(root):
    template, folder = root.parent / "sjabloon.sav", root.parent / "uit"
    call = ("vng", "export", invented.KEY, "--template", str(template), "--to")
    refused = kcc(root, *call, str(root / "studies"))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "KCC-P001e" in refused.stderr
    made = ready_kcc(root, *call, str(folder))
    assert made.returncode == 0, made.stderr
    assert f"{invented.NAME}.sav" in made.stdout
    assert (folder / f"{invented.NAME}.sav").is_file()
