"""Corrections: one version after the other, each with its day and its reason."""

from datetime import date

import pytest
from pydantic import ValidationError

from kcc_research.study.correction import Correction, correction_faults, version_of

PUBLISHED = date(2024, 3, 29)


def mended(version, day=date(2024, 5, 3)):
    return Correction(version=version, date=day, what="Tabel 3", reason="Verwisseld")


def places(*corrections):
    return [place for place, _ in correction_faults(corrections, PUBLISHED)]


def test_without_corrections_it_is_the_first_version():
    assert version_of(()) == 1
    assert version_of((mended(2), mended(2), mended(3))) == 3


def test_versions_follow_each_other():
    assert places(mended(2), mended(2), mended(3)) == []
    assert places(mended(3)) == [("correction", 0, "version")]
    assert places(mended(2), mended(4)) == [("correction", 1, "version")]
    assert places(mended(2), mended(3), mended(2)) == [("correction", 2, "version")]


def test_a_skipped_version_says_which_was_expected():
    [(_, text)] = correction_faults((mended(4),), PUBLISHED)
    assert "verwacht 2" in text


def test_days_do_not_go_back():
    assert places(mended(2, date(2024, 3, 28))) == [("correction", 0, "date")]
    later, earlier = mended(2), mended(3, date(2024, 5, 2))
    assert places(later, earlier) == [("correction", 1, "date")]


@pytest.mark.parametrize("version", [0, 1])
def test_the_first_version_corrects_nothing(version):
    with pytest.raises(ValidationError):
        mended(version)
