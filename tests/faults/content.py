"""F41–F52: what the answers say, and what is counted from them."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable

import pandas as pd
import pyreadstat
from bs4 import BeautifulSoup

from tests.faults.bench import COLUMNS, FORMAT, KEY, Bench
from tests.faults.corpus import ANSWERS, MEASUREMENT, RAW, RUN, STUDY, Fault, Proof


def put(column: str, value: str, *rows: int) -> Callable[[Bench], None]:
    def make(bench: Bench) -> None:
        for row in rows or (3,):
            bench.put(row, column, value)

    return make


def twice_the_same(bench: Bench) -> None:
    """Eight boxes more, so that a row is long enough to be remarkable."""
    boxes = [f"b{n}" for n in range(8)]

    def change(lines: list[str]) -> None:
        lines[0] = ";".join([lines[0], *boxes])
        lines[1:61] = [line + ";1" * len(boxes) for line in lines[1:61]]
        lines[3] = f"3;{lines[2].partition(';')[2]}"

    bench.lines(change)
    bench.ask(
        "[[indicator]]",
        f'[[question]]\nid = "hulp"\ntext = "Wat hielp?"\ntype = "multiple"\n'
        f"columns = {boxes}\nsensitive = false\n[[indicator]]",
    )


def renamed_in_a_series(bench: Bench) -> None:
    text = (bench.raw / "antwoorden.csv").read_text(encoding="utf-8")
    (bench.raw / "2024-1.csv").write_text(text, encoding="utf-8")
    later = text.replace("cijfer", "rapportcijfer", 1)
    (bench.raw / "2024-2.csv").write_text(later, encoding="utf-8")
    bench.define('file = "antwoorden.csv"', 'files = "2024-*.csv"')


EARLIER = "xx-teststad/2023-balie"
BRIDGE = f"""
[[earlier]]
measurement = "{EARLIER}"
comparable = false
reason = "Andere vragenlijst."
[[earlier.bridge]]
indicators = ["rapportcijfer"]
domain_now = "all"
domain_then = "all"
reason = "Vraag gelijk."
"""
WAVES = f"""
[[item]]
question = "cijfer"
scale = [1, 10]
[[item.was]]
measurements = ["{EARLIER}"]
wording_changed = false
comparable = true
reason = "Vraag gelijk."
"""


def bridged(old: str, new: str, waves: str = "") -> Callable[[Bench], None]:
    """A bridge to a wave whose questionnaire had ``new`` in place of ``old``."""

    def make(bench: Bench) -> None:
        then = bench.root / "studies" / EARLIER
        shutil.copytree(bench.study, then)
        bench.edit(then / "balie.toml", old, new)
        bench.append(BRIDGE)
        if waves:
            (bench.study / "waves.toml").write_text(waves, encoding="utf-8")

    return make


def another_scale(bench: Bench) -> None:
    bench.ask('type = "grade"\nrange = [1, 10]', 'type = "scale"\nrange = [1, 5]')


def swapped_codes(bench: Bench) -> None:
    frame = pd.DataFrame({name: ["1.0"] * 3 for name in COLUMNS})
    frame["indruk"] = [1.0, 2.0, 3.0]
    frame["cijfer"] = frame["wachttijd"] = [7.0, 6.0, 8.0]
    frame["kanaal"], frame["geholpen"] = "B", "ja"
    frame["bezoek"], frame["id"] = "09-01-2024", ["1", "2", "3"]
    labels = {"indruk": {1: "goed", 2: "matig", 3: "slecht"}}
    pyreadstat.write_sav(
        frame, bench.raw / "antwoorden.sav", variable_value_labels=labels
    )
    bench.read_from("antwoorden.sav")


def weighted(value: str) -> Callable[[Bench], None]:
    """A column with weights, one of which is ``value``."""

    def make(bench: Bench) -> None:
        def change(lines: list[str]) -> None:
            weights = ["gewicht", *(["1,0"] * 60)]
            weights[2] = value
            lines[:61] = [
                f"{line};{weight}"
                for line, weight in zip(lines[:61], weights, strict=True)
            ]

        bench.lines(change)
        bench.define(FORMAT, f'{FORMAT}weight = "gewicht"\n')
        bench.ask(
            "[[indicator]]",
            '[[question]]\nid = "gewicht"\ncolumn = "gewicht"\ntext = "Weegfactor"\n'
            'type = "weight"\nsensitive = false\n[[indicator]]',
        )

    return make


def empty_stratum(bench: Bench) -> None:
    """The population has people at the counter; nobody in the file came there."""
    for row in range(2, 62):
        bench.put(row, "kanaal", "T")
    table = (
        "variable,category,count\nkanaal,=2+5 balie,500\nkanaal,+telefoon & co,500\n"
    )
    (bench.study / "bevolking.csv").write_text(table, encoding="utf-8")
    bench.define(FORMAT, f'{FORMAT}margins = "bevolking.csv"\n')


def estimates(bench: Bench, **wanted: str) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(bench.published("tables/estimates.csv")))
    return [row for row in rows if wanted.items() <= row.items()]


def page(bench: Bench) -> BeautifulSoup:
    return BeautifulSoup(bench.published("report.html"), "html5lib")


def text(bench: Bench) -> str:
    return " ".join(page(bench).get_text(" ").split())


def in_declared_order(bench: Bench) -> str:
    groups = [row["group"] for row in estimates(bench, indicator="indruk", by="totaal")]
    categories = [row["category"] for row in estimates(bench, indicator="indruk")][:3]
    assert categories == ["slecht", "matig", "goed"], (groups, categories)
    return "slecht, matig, goed: the order of the questionnaire, not of the alphabet"


def of_valid_answers(bench: Bench) -> str:
    [row] = estimates(bench, indicator="geholpen", by="totaal")
    assert (float(row["estimate"]), row["n"]) == (0.5, "40")
    assert "50%" in text(bench)
    return f"50% of n = 40, base: {row['base']}; not 33%"


def reconciled(bench: Bench) -> str:
    rows = estimates(bench, indicator="rapportcijfer", by="kanaal")
    assert [int(row["n"]) for row in rows] == [24, 24, 12]
    note = "Onbekend: 12 respondenten."
    assert note in text(bench)
    return f"24 and 24 in the breakdown, and below it: {note}"


def ninety_nine(bench: Bench) -> str:
    words = text(bench)
    shares = estimates(bench, indicator="indruk", by="totaal")
    assert [row["estimate"] for row in shares] == ["0.3333333333"] * 3
    note = "Door afronding tellen percentages niet altijd op tot 100%."
    assert note in words
    assert "34%" not in words
    return f"33%, 33% and 33%, with the note: {note}"


def half_up(bench: Bench) -> str:
    [row] = estimates(bench, indicator="rapportcijfer", by="totaal")
    assert float(row["estimate"]) == 6.55
    words = text(bench)
    assert "6,6" in words
    assert "6,5 " not in words
    return "6,6 everywhere: the mean is 6,55 exactly"


FAULTS: tuple[Fault | Proof, ...] = (
    Fault(
        "F41",
        "A respondent number that stands there twice",
        put("id", "1"),
        "KCC-D041",
        ANSWERS,
        "2 en 3",
        "id",
    ),
    Fault(
        "F42",
        "Two rows with the same answers",
        twice_the_same,
        "KCC-D042",
        ANSWERS,
        "3 en 4",
        exit=0,
    ),
    Fault(
        "F43",
        "Capitals and a hard space: 'JA\\u00a0'",
        put("geholpen", "JA\u00a0", 2),
        "KCC-D043a",
        ANSWERS,
        "2",
        "geholpen",
        exit=0,
    ),
    Fault(
        "F43",
        "A code with a letter too many",
        put("geholpen", "neee"),
        "KCC-D043",
        ANSWERS,
        "3",
        "geholpen",
    ),
    Fault(
        "F44",
        "A code that the questionnaire does not know, twice",
        put("indruk", "7", 3, 5),
        "KCC-D044",
        ANSWERS,
        "3 en 5",
        "indruk",
    ),
    Fault(
        "F45",
        "A question with another name in the second file of a series",
        renamed_in_a_series,
        "KCC-D014",
        f"{RAW}/2024-2.csv",
        "1",
        "cijfer",
    ),
    Fault(
        "F45",
        "A bridge to an outcome that had another name then",
        bridged('id = "rapportcijfer"', 'id = "oordeel"'),
        "KCC-C003c",
        MEASUREMENT,
        "29",
        "earlier.bridge.indicators",
    ),
    Fault(
        "F46",
        "A bridge to a scale of 1 to 5, of which nothing is said",
        bridged("range = [1, 10]", "range = [1, 5]"),
        "KCC-C004y",
        MEASUREMENT,
        "29",
        "earlier.bridge.indicators",
    ),
    Fault(
        "F46",
        "A bridge to a scale of 1 to 5, said to be 1 to 10",
        bridged("range = [1, 10]", "range = [1, 5]", WAVES),
        "KCC-C004u",
        f"{STUDY}/waves.toml",
        "5",
        "item.was.scale",
    ),
    Fault(
        "F46",
        "Grades of 1 to 10, a scale of 1 to 5 declared",
        another_scale,
        "KCC-D028",
        ANSWERS,
        "2, 3, 4 en nog 30 rijen",
        "cijfer",
    ),
    Fault(
        "F46",
        "Labels in SPSS the other way round",
        swapped_codes,
        "KCC-D046",
        f"{RAW}/antwoorden.sav",
        "",
        "indruk",
    ),
    Proof("F47", "Categories: slecht, matig, goed", in_declared_order),
    Proof("F48", "20 × ja, 20 × nee, 20 × no answer", of_valid_answers),
    Proof("F49", "12 of 60 without a channel", reconciled),
    Proof("F50", "Three categories of 20 out of 60", ninety_nine),
    Proof("F51", "33 sevens and 27 sixes", half_up),
    *(
        Fault(
            "F52",
            f"A weight {kind}",
            weighted(value),
            "KCC-D052",
            ANSWERS,
            "3",
            "gewicht",
        )
        for kind, value in (("of zero", "0"), ("below zero", "-1"), ("missing", ""))
    ),
    Fault(
        "F52",
        "A weight four hundred times the others",
        weighted("400,0"),
        "KCC-D052a",
        ANSWERS,
        "3",
        "gewicht",
        exit=0,
    ),
    Fault(
        "F52",
        "Nobody of a group that the population has",
        empty_stratum,
        "KCC-D052r",
        f"studies/{KEY}/bevolking.csv",
        "",
        "kanaal",
        call=RUN,
    ),
)
