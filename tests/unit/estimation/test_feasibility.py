import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kcc_research import dutch
from kcc_research.estimation import feasibility
from kcc_research.estimation.feasibility import (
    CONFIRMED,
    IMPOSSIBLE,
    UNTESTED,
    can_fail,
    feasible_counts,
    feasible_sums,
    fitting_bases,
)
from kcc_research.estimation.tables import ESTIMATE_COLUMNS, tidy
from kcc_research.study.claim import Claim

TQIS = ["31", "33", "41", "94", "76", "64", "23"]


class TestCounts:
    @pytest.mark.parametrize(
        ("percentage", "n", "expected"),
        [
            ("31", 84, [26]),
            ("33", 84, [28]),
            ("41", 84, []),
            ("41", 83, [34]),
            ("94", 84, [79]),
            ("76", 84, [64]),
            ("64", 84, [54]),
            ("23", 84, [19]),
            ("0", 84, [0]),
            ("100", 84, [84]),
            ("59.9", 2000, [1197, 1198]),
        ],
    )
    def test_of_the_seed_studies(self, percentage, n, expected):
        assert list(feasible_counts(percentage, n)) == expected

    def test_seventy_percent_of_750(self):
        # DOMAIN §1.5: 522 to 528.
        assert feasible_counts("70", 750) == range(522, 529)

    def test_bases_that_fit_all_seven(self):
        assert fitting_bases(TQIS, range(60, 85)) == [70, 78, 80, 83]

    @given(st.integers(1, 300), st.integers(0, 100), st.integers(0, 1))
    def test_agree_with_rounding_every_count(self, n, whole, decimals):
        value = f"{whole}.5" if decimals else str(whole)
        expected = [
            k
            for k in range(n + 1)
            if str(dutch.rounded(dutch.Fraction(100 * k, n), decimals)) == value
        ]
        assert list(feasible_counts(value, n)) == expected


class TestSums:
    def test_previous_grade(self):
        # DOMAIN G17: with n = 353 a 6,4 means a sum of 2242 to 2276.
        assert feasible_sums("6.4", 353) == range(2242, 2277)

    def test_grade_of_the_seed_study(self):
        # DOMAIN G16: 2313 to 2347.
        assert feasible_sums("6.6", 353) == range(2313, 2348)

    def test_of_few_answers_some_means_do_not_exist(self):
        assert list(feasible_sums("6.4", 4)) == []
        assert list(feasible_sums("6.5", 4)) == [26]


@pytest.mark.parametrize(
    ("kind", "value", "n", "expected"),
    [
        ("percentage", "41", 99, True),
        ("percentage", "41", 100, False),
        ("percentage", "59.9", 999, True),
        ("mean", "6.6", 9, True),
        ("mean", "6.6", 10, False),
        ("mean", "6.61", 99, True),
    ],
)
def test_where_the_test_can_fail(kind, value, n, expected):
    assert can_fail(kind, value, n) is expected


def estimates_of(**changes):
    row = {
        "source": "algemeen",
        "indicator": "tevreden",
        "statistic": "share",
        "by": "totaal",
        "group": "totaal",
        "category": "",
        "estimate": 0.703,
        "count": 525,
        "n": 750,
        "weighted": False,
    }
    rows = [row | changes]
    rows += [
        row
        | {
            "source": source,
            "indicator": "respons",
            "statistic": "count",
            "category": "ingevuld",
            "count": count,
            "n": 2000,
        }
        for source, count in (("algemeen", 353), ("contactmoment", 332))
    ]
    return tidy(pd.DataFrame(rows), ESTIMATE_COLUMNS)


def judged(estimates=None, **claim):
    given_claim = {
        "text": "Een cijfer",
        "source": "krant",
        "kind": "percentage",
    } | claim
    found = feasibility.judge_claims(
        [Claim(**given_claim)], estimates_of() if estimates is None else estimates
    )
    return found["verdict"].iloc[0], found["reason"].iloc[0]


class TestClaims:
    def test_a_figure_that_does_not_exist(self):
        verdict, reason = judged(value="41", n=84)
        assert verdict == IMPOSSIBLE
        assert reason == (
            "34 van de 84 is 40% en 35 van de 84 is 42%; het cijfer past wel bij "
            "n = 79, 80, 81, 82, 83, 85, 86, 87 of 88"
        )

    def test_a_figure_that_does_exist_says_how(self):
        assert judged(value="31", n=84) == (
            CONFIRMED,
            "rekenkundig mogelijk: 26 van de 84",
        )

    @pytest.mark.parametrize(
        "claim",
        [
            {"value": "6.4", "kind": "mean"},
            {"value": "70", "n": 750},
            {"value": "41", "n": 84, "weighted": True},
            {"value": "12", "kind": "count"},
        ],
    )
    def test_what_cannot_be_tested(self, claim):
        verdict, reason = judged(**claim)
        assert verdict == UNTESTED
        assert reason

    def test_our_own_figure_decides_where_there_is_one(self):
        own = {"indicator": "tevreden", "n": 750}
        assert judged(value="70", **own)[0] == CONFIRMED
        assert judged(value="72", **own) == (
            IMPOSSIBLE,
            "wij vinden 70% (n\u00a0=\u00a0750)",
        )

    def test_another_number_of_answers_is_another_figure(self):
        verdict, reason = judged(value="70", n=735, indicator="tevreden")
        assert verdict == IMPOSSIBLE
        assert reason == (
            "wij tellen n\u00a0=\u00a0750, het cijfer noemt n\u00a0=\u00a0735"
        )

    def test_an_unweighted_share_is_held_against_our_counts(self):
        weighted = estimates_of(estimate=0.61, weighted=True)
        own = {"indicator": "tevreden", "n": 750}
        assert judged(weighted, value="70", **own)[0] == CONFIRMED
        assert judged(weighted, value="61", weighted=True, **own)[0] == CONFIRMED

    def test_an_unweighted_mean_can_only_be_confirmed(self):
        mean = {"statistic": "mean", "estimate": 6.58, "count": None, "weighted": True}
        own = {"kind": "mean", "indicator": "tevreden", "n": 750}
        assert judged(estimates_of(**mean), value="6.6", **own) == (
            CONFIRMED,
            "wij vinden gewogen 6,6 (n\u00a0=\u00a0750)",
        )
        assert judged(estimates_of(**mean), value="6.4", **own)[0] == UNTESTED

    def test_numbers_of_respondents_are_counted(self):
        assert judged(value="353", kind="count") == (
            CONFIRMED,
            "zoveel respondenten heeft de bron algemeen",
        )
        assert judged(value="685", kind="count")[0] == UNTESTED

    def test_a_figure_and_the_count_of_the_others_cannot_both_be_true(self):
        assert judged(value="70", n=750, others=210) == (
            IMPOSSIBLE,
            "750 min 210 is 540, en dat is 72%; het cijfer kan alleen kloppen als 12 "
            "tot en met 18 van de 750 bij geen van beide groepen horen",
        )

    def test_a_figure_and_the_count_of_the_others_can_agree(self):
        assert judged(value="72", n=750, others=210) == (
            CONFIRMED,
            "750 min 210 is 540, en dat is 72%",
        )

    def test_more_than_everybody_is_impossible_without_a_way_out(self):
        verdict, reason = judged(value="75", n=750, others=210)
        assert verdict == IMPOSSIBLE
        assert reason == "750 min 210 is 540, en dat is 72%"

    def test_no_claims_make_an_empty_table(self):
        found = feasibility.judge_claims([], estimates_of())
        assert tuple(found.columns) == feasibility.CLAIM_COLUMNS
        assert len(found) == 0


class TestRoundWords:
    """*Ruim*, *bijna* and *circa* leave room for some counts and no others (D38)."""

    @pytest.mark.parametrize(
        ("word", "count", "verdict"),
        [
            ("ruim", 75_412, CONFIRMED),
            ("ruim", 76_500, CONFIRMED),
            ("ruim", 76_501, IMPOSSIBLE),
            ("ruim", 75_000, IMPOSSIBLE),
            ("bijna", 74_000, CONFIRMED),
            ("bijna", 75_000, IMPOSSIBLE),
            ("bijna", 73_499, IMPOSSIBLE),
            ("circa", 75_000, CONFIRMED),
            ("circa", 75_751, IMPOSSIBLE),
        ],
    )
    def test_a_count_lies_in_the_band_or_not(self, word, count, verdict):
        rows = estimates_of(indicator="uitkomst", category="geholpen", count=count)
        found, reason = judged(
            rows,
            kind="count",
            value="75000",
            word=word,
            indicator="uitkomst",
            category="geholpen",
        )
        assert found == verdict
        assert f"wij tellen {count // 1000}.{count % 1000:03d}" in reason

    def test_without_a_count_of_our_own_it_is_untested(self):
        verdict, _ = judged(kind="count", value="9", word="circa", indicator="niets")
        assert verdict == UNTESTED

    @pytest.mark.parametrize(
        "given",
        [
            {"kind": "percentage", "word": "ruim", "indicator": "tevreden"},
            {"kind": "count", "word": "ruim"},
            {"kind": "count", "indicator": "uitkomst", "category": "geholpen"},
        ],
    )
    def test_a_word_belongs_to_a_count_of_something(self, given):
        with pytest.raises(ValidationError):
            Claim(text="Een cijfer", source="krant", value="75", **given)
