"""A form for a review of documents has its four roles and known judgements."""

import shutil

import pytest

from kcc_research.errors import DefinitionError
from kcc_research.study.loading import load_study
from tests.workspaces import COUNTER, REPOSITORY


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(REPOSITORY / "studies" / COUNTER, tmp_path / "studies" / COUNTER)
    return tmp_path


def edited(root, old, new):
    path = root / "studies" / COUNTER / "normenkader.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return root


def refused(root):
    with pytest.raises(DefinitionError) as caught:
        load_study(root, COUNTER)
    return [each for each in caught.value.problems if each.code == "KCC-C004r"]


def test_the_demonstration_form_is_one(folder):
    study = load_study(folder, COUNTER)
    assert study.reviews == ("normenkader",)
    assert [each.id for each in study.surveys] == ["balie", "observaties"]


@pytest.mark.parametrize("role", ["norm", "norm_theme", "norm_source", "judgement"])
def test_a_missing_role_is_named_with_file_and_line(folder, role):
    (problem,) = refused(edited(folder, f'role = "{role}"\n', ""))
    assert f'role = "{role}" ontbreekt' in problem.title
    assert problem.file.endswith("measurement.toml")
    assert problem.row


def test_a_judgement_that_does_not_exist_is_named(folder):
    (problem,) = refused(edited(folder, '"voldoet deels"', '"redelijk"'))
    assert "'redelijk' bestaat niet" in problem.title


def test_a_judgement_in_free_text_is_refused(folder):
    old = 'type = "choice"\ncodes = ["voldoet", "voldoet deels", "voldoet niet", '
    root = edited(folder, old + '"niet te beoordelen"]', 'type = "text"')
    assert any("geen choice" in each.title for each in refused(root))
