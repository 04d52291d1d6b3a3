import pytest

from kcc_research.errors import DataError
from kcc_research.estimation.response import Response, response


def test_one_rule():
    found = Response(completed=353, invited=2000, undeliverable=14, ineligible=88)
    assert found.eligible == 2000 - 14 - 88
    assert found.rate == pytest.approx(353 / 1898)


def test_screened_out_unknown_subtracts_nothing():
    found = Response(completed=353, invited=2000, undeliverable=14, ineligible=None)
    assert found.eligible == 1986


def test_without_invitations_there_is_no_rate():
    assert Response(completed=353, invited=None).rate is None


class TestOfASource:
    def test_screened_out_persons_are_no_refusers(self, make_study, make_responses):
        study = make_study(invited=200, undeliverable=5)
        found = response(study, "algemeen", make_responses())
        assert found == Response(50, invited=200, undeliverable=5, ineligible=10)

    def test_a_file_without_them_has_lost_their_number(
        self, make_study, make_responses
    ):
        responses = make_responses()
        had_contact = responses[responses["contact"] == "ja"].reset_index(drop=True)
        found = response(make_study(invited=200), "algemeen", had_contact)
        assert found.ineligible is None
        assert found.rate == pytest.approx(50 / 200)

    def test_without_a_target_nobody_is_screened_out(self, make_study, make_responses):
        study = make_study(target="all", invited=200)
        found = response(study, "algemeen", make_responses())
        assert (found.completed, found.ineligible) == (60, 0)

    def test_more_answers_than_people_reached_are_refused(
        self, make_study, make_responses
    ):
        """50 completed and 10 screened out of 60, 2 of them undeliverable."""
        study = make_study(invited=60, undeliverable=2)
        with pytest.raises(DataError) as refused:
            response(study, "algemeen", make_responses())
        (found,) = refused.value.problems
        assert found.code == "KCC-D052x"
        assert "(60)" in found.title and "(58)" in found.title

    def test_everybody_reached_may_answer(self, make_study, make_responses):
        study = make_study(invited=60, undeliverable=0)
        assert response(study, "algemeen", make_responses()).rate == 1

    def test_uncounted_is_unknown_and_not_none(self, make_study, make_responses):
        found = response(make_study(invited=200), "algemeen", make_responses())
        assert found.undeliverable is None
        assert found.eligible == 190
