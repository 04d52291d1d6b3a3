"""A declared protocol: about one survey of a municipality, and no guesses."""

import pytest

from kcc_research.errors import DefinitionError
from kcc_research.study.loading import load_study
from tests import burgerpeiling as invented


def loaded(root, protocol):
    return load_study(invented.workspace(root, protocol), invented.KEY)


def test_the_only_survey_is_the_one_that_is_meant(tmp_path):
    study = loaded(tmp_path, invented.PROTOCOL)
    assert study.measurement.protocol_source.id == "bp"
    assert study.measurement.protocol.ages == (18, 85)


@pytest.mark.parametrize(
    "wrong",
    [
        'name = "vng-burgerpeiling"\nsource = "anders"',
        'name = "vng-burgerpeiling"\nages = [85, 18]',
        'name = "eigen-protocol"',
        'name = "vng-burgerpeiling"\nagess = [18, 85]',
    ],
)
def test_what_cannot_be_is_refused_with_its_line(tmp_path, wrong):
    with pytest.raises(DefinitionError) as caught:
        loaded(tmp_path, f"[protocol]\n{wrong}\n")
    (found,) = caught.value.problems
    assert found.file.endswith("measurement.toml")
    assert int(found.row) > 20


def test_without_a_protocol_there_is_no_source_of_it(tmp_path):
    assert loaded(tmp_path, "").measurement.protocol_source is None
