#!/usr/bin/env python3
"""Attack the published tables of random measurements and count what was learned.

    python scripts/attack.py [MEASUREMENTS]     writes docs/disclosure-attack.md

The attacker is tests/attacker.py: it has the published rows and the definitions, and
shares no code with what protects them.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from kcc_research.disclosure import protect  # noqa: E402
from kcc_research.estimation import tables  # noqa: E402
from tests import random_measurement as made  # noqa: E402
from tests.attacker import Attack, harmless  # noqa: E402

NOTHING = tables.empty_comparisons(), tables.empty_verdicts()
SHAPES = {
    "two-way, three groups and three categories": made.Shape(),
    "two-way, four by four": made.Shape(4, 4),
    "two-way, two groups": made.Shape(2, 3),
    "with routing": made.Shape(3, 3, routed=True),
    "broken down by the sensitive question": made.Shape(3, 3, by_income=True),
    "three-way (cross table by group)": made.Shape(3, 2, crossed=True),
    "all of these at once": made.Shape(3, 3, True, True, True),
}
PAGE = """\
# What an attacker learns from published tables

Made by `python scripts/attack.py {number}`; the same every time. Random measurements
with one sensitive question are estimated and protected as always. The attacker has the
published rows and the definitions, thinks in kinds of persons rather than in tables,
and asks linear programming for the range of every small number of persons: in each
group, in each complement, and between a group and a filter around it.

| measurements | number | rows | kept back | small numbers attacked | \
pinned down | pinned down if only small cells were kept back |
|---|---:|---:|---:|---:|---:|---:|
{rows}

*Pinned down*: the range excludes 0 and 1, or everything from 9 up, and does so because
of sensitive answers. In {bounded} of the attacks the range was as narrow without any
of those, from numbers that are published anyway: how many people answered, and what
they answered to ordinary questions (a group of seven holds at most seven).
"""


def main(number: int) -> int:
    lines, bounded, failed = [], 0, 0
    for name, shape in SHAPES.items():
        count = attack_all(shape, range(number))
        print(name, dict(count), flush=True)
        numbers = ("rows", "hidden", "prey", "caught", "naive")
        cells = " | ".join(f"{count[each]:,}" for each in numbers)
        lines.append(f"| {name} | {number} | {cells} |")
        bounded += count["bounded"]
        failed += count["caught"]
    page = PAGE.format(number=number, rows="\n".join(lines), bounded=f"{bounded:,}")
    (ROOT / "docs" / "disclosure-attack.md").write_text(page, encoding="utf-8")
    return 1 if failed else 0


def attack_all(shape: made.Shape, seeds: range) -> Counter[str]:
    count: Counter[str] = Counter()
    for seed in seeds:
        rng = random.Random(f"{shape} {seed}")
        study = made.study(shape)
        persons = made.answers(rng, shape, rng.choice((60, 150, 400)))
        rows = made.estimates(study, persons)
        safe = protect(study, rows, *NOTHING).estimates
        count["rows"] += len(rows)
        count["hidden"] += int((safe["status"] == "suppressed").sum())
        few = rows["count"].lt(10).fillna(False) | rows["n"].lt(10).fillna(False)
        naive = rows.assign(status=rows["status"].mask(few, "suppressed"))
        count += attacked(shape, persons, safe, ("prey", "caught", "bounded"))
        count += attacked(shape, persons, naive, ("", "naive", ""))
    return count


def attacked(shape, persons, rows, names) -> Counter[str]:  # type: ignore[no-untyped-def]
    knowledge = made.knowledge(shape)
    attack = Attack(knowledge, {"nu": rows})
    without = Attack(knowledge, {"nu": harmless(knowledge, rows)})
    count: Counter[str] = Counter()
    for prey in attack.prey(made.counter(persons, attack.persons)):
        low, high = attack.span(prey.kinds)
        learned = attack.learns(prey, without)
        count[names[0]] += 1
        count[names[1]] += learned
        count[names[2]] += (low > 1 + 1e-6 or high < 9 - 1e-6) and not learned
    count.pop("", None)
    return count


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10))
