"""What goes along with a hidden cell: means, groups elsewhere, weighted shares."""

from datetime import date

import pytest

from kcc_research.disclosure import DisclosureException, DisclosurePolicy, protect
from kcc_research.estimation import tables
from tests.unit.disclosure.result_rows import estimate, estimates

NOTHING = tables.empty_comparisons(), tables.empty_verdicts()


def share(category, count, n, group="balie", by="kanaal", indicator="inkomen"):
    return estimate(
        n,
        indicator=indicator,
        statistic="share",
        category=category,
        count=count,
        estimate=count / n,
        group=group,
        by=by,
    )


def statuses(study, *rows, policy=None):
    found = protect(study, estimates(*rows), *NOTHING, policy).estimates
    return found["status"].tolist()


def income_by_channel(*counts):
    """Income (low, high) for counter, telephone and e-mail, and in all."""
    groups = ("balie", "telefoon", "e-mail")
    rows = [
        share(category, count, low + high, group)
        for group, (low, high) in zip(groups, counts, strict=True)
        for category, count in (("laag", low), ("hoog", high))
    ]
    low, high = (sum(each[i] for each in counts) for i in (0, 1))
    rows += [
        share(category, count, low + high, "totaal", "totaal")
        for category, count in (("laag", low), ("hoog", high))
    ]
    return rows


def test_a_table_of_large_cells_is_published_whole(study):
    rows = income_by_channel((20, 20), (30, 40), (25, 15))
    assert set(statuses(study, *rows)) == {"published"}


def test_a_small_cell_takes_one_other_group_and_leaves_the_third(study):
    rows = income_by_channel((4, 36), (30, 40), (25, 15))
    found = statuses(study, *rows)
    assert found[:2] == ["suppressed"] * 2
    assert sorted([found[2:4], found[4:6]]) == [["published"] * 2, ["suppressed"] * 2]
    assert found[6:] == ["published"] * 2


def with_mean(study):
    """The same study, with a mean of the sensitive question."""
    questionnaire = study.questionnaires["algemeen"]
    grade = questionnaire.questions["cijfer"].model_copy(update={"sensitive": True})
    questions = [grade if x.id == "cijfer" else x for x in questionnaire.question]
    bands = questionnaire.indicators["rapportcijfer"].model_copy(
        update={"id": "voldoende", "statistic": "share", "at_least": 6.0}
    )
    changed = questionnaire.model_copy(
        update={
            "question": tuple(questions),
            "indicator": (*questionnaire.indicator, bands),
        }
    )
    return study.model_copy(update={"questionnaires": {"algemeen": changed}})


def test_means_go_where_a_cell_of_their_question_is_hidden(study):
    """A mean times its n is one more equation about the cells."""
    rows = [
        *(
            share("", count, 60, group, indicator="voldoende")
            for group, count in (("balie", 3), ("telefoon", 40), ("e-mail", 45))
        ),
        share("", 88, 180, "totaal", "totaal", indicator="voldoende"),
        *(estimate(60, group=each) for each in ("balie", "telefoon", "e-mail")),
        estimate(180, group="totaal", by="totaal"),
    ]
    found = statuses(with_mean(study), *rows)
    assert found[4:7] == ["suppressed"] * 3
    assert found[7] == "published"
    rows[0] = share("", 30, 60, "balie", indicator="voldoende")
    rows[3] = share("", 115, 180, "totaal", "totaal", indicator="voldoende")
    assert set(statuses(with_mean(study), *rows)) == {"published"}


def by_income(indicator, sizes):
    found = [
        estimate(n, indicator=indicator, by="inkomen", group=group)
        for group, n in sizes.items()
    ]
    total = sum(sizes.values())
    return [*found, estimate(total, indicator=indicator, by="totaal", group="totaal")]


def three_incomes(study):
    questionnaire = study.questionnaires["algemeen"]
    income = questionnaire.questions["inkomen"].model_copy(
        update={"codes": {"1": "laag", "2": "midden", "3": "hoog"}}
    )
    questions = [income if x.id == "inkomen" else x for x in questionnaire.question]
    other = questionnaire.indicators["rapportcijfer"].model_copy(
        update={
            "id": "ander",
            "question": "contact",
            "statistic": "share",
            "categories": ("ja",),
        }
    )
    changed = questionnaire.model_copy(
        update={
            "question": tuple(questions),
            "indicator": (*questionnaire.indicator, other),
        }
    )
    return study.model_copy(update={"questionnaires": {"algemeen": changed}})


def test_a_group_that_is_hidden_for_one_question_is_hidden_for_all(study):
    """Its size is near enough the same for every question, and is an answer itself."""
    sizes = {"laag": 6, "midden": 50, "hoog": 60}
    other = {"laag": 24, "midden": 50, "hoog": 60}
    rows = [
        *by_income("rapportcijfer", sizes),
        *(
            share("", n // 2, n, group, "inkomen", indicator="ander")
            for group, n in other.items()
        ),
        share("", 67, 134, "totaal", "totaal", indicator="ander"),
    ]
    found = statuses(three_incomes(study), *rows)
    first, second = found[:3], found[4:7]
    assert first[0] == "suppressed"
    assert first.count("suppressed") == 2
    assert [x == "suppressed" for x in first] == [x == "suppressed" for x in second]


def test_a_share_after_weighting_goes_with_the_one_before(study):
    rows = [
        share(category, count, 100, group, "weging", indicator="weging_inkomen")
        for group in ("voor weging",)
        for category, count in (("laag", 4), ("hoog", 96))
    ]
    rows += [
        {
            **share(category, 50, 100, "na weging", "weging", "weging_inkomen"),
            "count": None,
            "estimate": 0.05,
        }
        for category in ("laag", "hoog")
    ]
    assert statuses(study, *rows) == ["suppressed"] * 4


def test_a_table_of_too_many_cells_goes_whole(study):
    rows = income_by_channel((4, 36), (30, 40), (25, 15))
    small = DisclosurePolicy(largest_table=5)
    found = statuses(study, *rows, policy=small)
    assert found == ["suppressed"] * 6 + ["published"] * 2
    enough = DisclosurePolicy(largest_table=6)
    assert statuses(study, *rows, policy=enough).count("suppressed") == 4


def test_an_unknown_group_of_few_needs_no_protection(study):
    """Who gave no channel is known to nobody: 3 of them are no differencing."""
    rows = income_by_channel((20, 20), (30, 40), (25, 15))
    rows[-2:] = [
        share("laag", 77, 153, "totaal", "totaal"),
        share("hoog", 76, 153, "totaal", "totaal"),
    ]
    rows.append(
        estimate(3, indicator="inkomen", statistic="count", group="onbekend", count=3)
    )
    found = statuses(study, *rows)
    assert found[:-1] == ["published"] * 8
    assert found[-1] == "suppressed"


@pytest.mark.parametrize("rule", ["D2", "D5"])
def test_an_exception_leaves_other_cells_of_its_table_alone(study, rule):
    signed = DisclosureException(
        rule=rule,
        table="algemeen/inkomen/kanaal",
        reason="r",
        name="n",
        role="r",
        date=date(2023, 1, 1),
    )
    rows = income_by_channel((4, 36), (30, 40), (25, 15))
    found = statuses(study, *rows, policy=DisclosurePolicy(exception=(signed,)))
    assert found[2:] == ["published"] * 6
    assert found[0] == ("published" if rule == "D2" else "suppressed")
