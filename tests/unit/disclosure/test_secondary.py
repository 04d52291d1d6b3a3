"""The suppressor against the best there is, found by trying every set of cells."""

import itertools
import random

import numpy as np
from scipy.optimize import linprog

from kcc_research.disclosure.linear import Line, System, Target
from kcc_research.disclosure.secondary import is_protected, suppress

TABLES = 200


def table(counts):
    """A two-way table with true margins, and which of its cells are too small."""
    rows, columns = counts.shape
    cell = np.arange(rows * columns).reshape(rows, columns)
    lines = [
        Line(
            base=tuple(map(int, cell[r])),
            n=int(counts[r].sum()),
            cell=(int(cell[r, c]),),
            count=int(counts[r, c]),
        )
        for r, c in np.ndindex(rows, columns)
    ]
    everyone = tuple(range(rows * columns))
    margins = [
        Line(
            base=everyone,
            n=int(counts.sum()),
            cell=tuple(map(int, cell[:, c])),
            count=int(counts[:, c].sum()),
            cost=None,
        )
        for c in range(columns)
    ]
    margins += [
        Line(tuple(map(int, cell[r])), int(counts[r].sum()), cost=None)
        for r in range(rows)
    ]
    small = [int(i) for i in cell.ravel() if counts.flat[i] < 10]
    targets = tuple(Target((i,), int(counts.flat[i]), line=i) for i in small)
    system = System(rows * columns, (*lines, *margins), (), targets, spread=9)
    return system, frozenset(small)


def is_safe(counts, hidden, small):
    """Protection by a program of the test's own: margins known, hidden cells not."""
    rows, columns = counts.shape
    unknown = sorted(hidden)
    lines = [[i for i in unknown if i // columns == r] for r in range(rows)]
    lines += [[i for i in unknown if i % columns == c] for c in range(columns)]
    if any(len(each) == 1 for each in lines):
        return False
    matrix = np.array([[float(i in line) for i in unknown] for line in lines])
    sums = [sum(counts.flat[i] for i in line) for line in lines]
    for cell in small:
        cost = np.array([float(i == cell) for i in unknown])
        for sign, enough in ((1, 1), (-1, -9)):
            found = linprog(sign * cost, A_eq=matrix, b_eq=sums, method="highs")
            if found.fun > enough + 1e-6:
                return False
    return True


def smallest(counts, small, at_most):
    """The fewest cells that protect, by trying all sets."""
    others = [i for i in range(counts.size) if i not in small]
    for extra in range(at_most - len(small)):
        for more in itertools.combinations(others, extra):
            if is_safe(counts, small | set(more), small):
                return len(small) + extra
    return at_most


def random_tables(number):
    rng = random.Random(2024)
    found = 0
    while found < number:
        shape = rng.choice([(3, 3), (2, 4), (3, 4), (4, 3)])
        counts = np.array(
            [
                [
                    rng.randint(0, 9) if rng.random() < 0.2 else rng.randint(10, 60)
                    for _ in range(shape[1])
                ]
                for _ in range(shape[0])
            ]
        )
        if (counts < 10).any():
            found += 1
            yield counts


def test_the_loss_is_at_most_a_quarter_above_the_optimum(record_property):
    lost = best = worst = 0
    for counts in random_tables(TABLES):
        system, small = table(counts)
        found = suppress(system, small)
        if found.unsolved:
            continue  # whole table: no set of cells protects it
        cells = found.hidden
        assert is_safe(counts, cells, small)
        optimum = smallest(counts, small, len(cells))
        lost, best = lost + len(cells), best + optimum
        worst = max(worst, len(cells) / optimum)
    record_property("lost", lost)
    record_property("optimum", best)
    record_property("worst", worst)
    assert best > TABLES
    assert lost <= 1.25 * best
    assert worst <= 1.5


def test_one_hidden_cell_is_no_protection():
    counts = np.array([[3, 20, 30], [40, 25, 20], [15, 30, 22]])
    system, small = table(counts)
    assert small == {0}
    assert not is_protected(system, small)
    found = suppress(system, small)
    assert len(found.hidden) == 4
    assert is_protected(system, found.hidden)


def test_what_margins_give_away_whatever_is_hidden_is_told():
    """3 and 4 of 7: with a true margin of 7 no cell can be as large as 9."""
    counts = np.array([[3, 40], [4, 50]])
    system, small = table(counts)
    found = suppress(system, small)
    assert found.unsolved == small
    assert found.hidden == {0, 1, 2, 3}


def test_nothing_to_protect_costs_nothing():
    system, small = table(np.array([[12, 20], [30, 40]]))
    assert suppress(system, small).hidden == frozenset()


def test_lines_that_stay_are_never_hidden():
    counts = np.array([[3, 20, 30], [40, 25, 20], [15, 30, 22]])
    system, small = table(counts)
    fixed = tuple(
        Line(x.base, x.n, x.cell, x.count, cost=None) if i == 1 else x
        for i, x in enumerate(system.lines)
    )
    changed = System(system.size, fixed, (), system.targets, spread=9)
    assert 1 not in suppress(changed, small).hidden
