"""Random measurements, published and attacked by somebody who knows them well."""

import random
from collections import Counter
from datetime import date

import pandas as pd
import pytest

from kcc_research.disclosure import EarlierTables, protect
from kcc_research.estimation import tables
from tests import random_measurement as made
from tests.attacker import Attack, Trial, harmless

NOTHING = tables.empty_comparisons(), tables.empty_verdicts()
SHAPES = {
    "two-way": made.Shape(),
    "many categories": made.Shape(4, 4),
    "few groups": made.Shape(2, 3),
    "routed": made.Shape(3, 3, routed=True),
    "by the sensitive question": made.Shape(3, 3, by_income=True),
    "three-way": made.Shape(3, 2, crossed=True),
    "everything": made.Shape(3, 3, by_income=True, crossed=True, routed=True),
}
SEEDS = range(3)


def published(study, persons, earlier=()):
    return protect(study, made.estimates(study, persons), *NOTHING, earlier=earlier)


def caught(waves, truth_of, knowledge, succeeds=Attack.learns):
    """Prey, and what of it the attacker pins down."""
    attack = Attack(knowledge, waves)
    blunt = {name: harmless(knowledge, rows) for name, rows in waves.items()}
    without = Attack(knowledge, blunt)
    prey = list(attack.prey(truth_of(attack.persons)))
    return prey, [each.name for each in prey if succeeds(attack, each, without)]


@pytest.mark.parametrize("name", SHAPES)
def test_linear_programming_pins_nobody_down(name, record_property):
    shape, hunted, found = SHAPES[name], 0, []
    for seed in SEEDS:
        rng = random.Random(f"{name} {seed}")
        study = made.study(shape)
        persons = made.answers(rng, shape, rng.choice((60, 150, 400)))
        rows = published(study, persons).estimates
        prey, got = caught(
            {"nu": rows},
            lambda kinds, persons=persons: made.counter(persons, kinds),
            made.knowledge(shape),
        )
        hunted += len(prey)
        found += [f"{seed}: {each}" for each in got]
    record_property("attacked", hunted)
    assert hunted > 0
    assert found == []


def test_the_attacker_catches_what_is_not_protected():
    """An attack that could not succeed would prove nothing."""
    shape = made.Shape()
    study = made.study(shape)
    caught_by_kind = Counter()
    for seed in SEEDS:
        persons = made.answers(random.Random(seed), shape, 150)
        rows = made.estimates(study, persons)
        few = rows["count"].lt(10).fillna(False)
        only_primary = rows.assign(status=rows["status"].mask(few, "suppressed"))
        for kind, given in (("bare", rows), ("primary only", only_primary)):
            _, got = caught(
                {"nu": given},
                lambda kinds, persons=persons: made.counter(persons, kinds),
                made.knowledge(shape),
            )
            caught_by_kind[kind] += len(got)
    assert caught_by_kind["bare"] >= caught_by_kind["primary only"] > 0


@pytest.mark.parametrize("seed", range(6))
def test_waves_of_the_same_people_are_not_subtracted(seed):
    """A correction that leaves some out, and a quarter within the year so far."""
    rng = random.Random(seed)
    shape = made.Shape()
    persons = made.answers(rng, shape, rng.choice((120, 300)))
    gone = rng.sample(range(len(persons)), rng.choice((3, 15)))
    then = made.study(shape, slug="2023-toen", days=rng.choice((20, 30)))
    now = made.study(shape)
    before = persons.drop(index=gone).reset_index(drop=True)
    earlier = published(then, before).estimates
    found = published(now, persons, [EarlierTables(then, earlier)]).estimates
    wave = ["nu" if each in gone else "toen" for each in range(len(persons))]
    prey, got = caught(
        {"toen": earlier, "nu": found},
        lambda kinds: made.counter(persons, kinds, wave),
        made.knowledge(shape, ("toen", "nu")),
        Attack.narrows,
    )
    assert prey
    assert got == []


def test_without_the_registry_the_waves_give_people_away():
    """The same two publications, the second not knowing of the first."""
    rng = random.Random(1)
    shape = made.Shape()
    persons = made.answers(rng, shape, 300)
    then = made.study(shape, slug="2023-toen")
    before = persons.drop(index=[0, 1, 2]).reset_index(drop=True)
    wave = ["nu" if each < 3 else "toen" for each in range(len(persons))]
    waves = {
        "toen": published(then, before).estimates,
        "nu": published(made.study(shape), persons).estimates,
    }
    _, got = caught(
        waves,
        lambda kinds: made.counter(persons, kinds, wave),
        made.knowledge(shape, ("toen", "nu")),
    )
    assert got


def test_other_people_in_another_period_change_nothing():
    shape = made.Shape()
    persons = made.answers(random.Random(5), shape, 150)
    then = made.study(shape, slug="2022-toen", start=date(2022, 1, 1))
    earlier = EarlierTables(then, published(then, persons.iloc[3:]).estimates)
    now = made.study(shape)
    alone = published(now, persons).estimates
    pd.testing.assert_frame_equal(published(now, persons, [earlier]).estimates, alone)


# --- trying every number --------------------------------------------------------------


def whole_numbers(knowledge, rows):
    """The published equations, for kinds of persons that there can be any of."""
    attack = Attack(knowledge, {"nu": rows})
    return attack, [(tuple(parts), int(n)) for parts, n in attack.sums.items()]


@pytest.mark.parametrize("shape", [made.Shape(2, 2), made.Shape(2, 3)])
def test_trying_every_whole_number_pins_nobody_down(shape, record_property):
    """Persons are whole: what a program finds for halves of them is not enough."""
    hunted = Counter()
    for seed in range(6):
        persons = made.answers(random.Random(f"whole {seed}"), shape, 60)
        persons = persons[
            persons[["kanaal", "inkomen", "tevreden"]].notna().all(axis=1)
        ]
        persons = persons.reset_index(drop=True)
        rows = published(made.study(shape), persons).estimates
        rows = rows[rows["by"].isin(["totaal", "kanaal"])]
        rows = rows[rows["indicator"].isin(["inkomen", "rijk"])]
        attack, sums = whole_numbers(made.knowledge(shape), rows)
        for prey in attack.prey(made.counter(persons, attack.persons)):
            trial = Trial(len(attack.persons), sums)
            low = trial.can_be(prey.kinds, (0, 1))
            high = trial.can_be(prey.kinds, range(9, 61))
            hunted["too long"] += low is None or high is None
            hunted["tried"] += 1
            assert low is not False, prey
            assert high is not False, prey
    record_property("tried", hunted["tried"])
    assert hunted["tried"] > 10
    assert hunted["too long"] == 0
