"""Group ``contacts``: key figures of ten and fifty million calls, and reading a file.

Three tables of ten figures over an invented log of calls: by product, month and hour.
CPU seconds are those of the whole process, start-up included, and memory is its peak.
The figures of ten million records must equal those of pandas, or nothing counts.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path

import duckdb

from tests.bench import machine

BY = ("product", "maand", "uur")
ALL = ("kanaal", "product", "locatie", "maand", "weekdag", "uur", "weekdag_uur")
ROUNDS = 3
MOST_CPU, MOST_MB, MOST_MB_LARGE = 3.0, 300, 600
SAME = 1e-9
SIZES = (10_000_000, 50_000_000)
LINES = 1_000_000

_CALLS = """
SELECT 0::SMALLINT AS file, i::INTEGER AS row, 'telefoon' AS channel,
  'product ' || (h % 20) AS product, 'rij ' || (h // 20 % 5) AS place,
  make_timestamptz(1704096000000000 + (i * 31536000 // {n})::BIGINT * 1000000)
    AS moment,
  DATE '2024-01-01' + (i * 365 // {n})::INTEGER AS day,
  strftime(day, '%Y-%m') AS month, isodow(day)::TINYINT AS weekday,
  (8 + h // 100 % 10)::TINYINT AS hour, h // 7 % 50 > 0 AS in_hours,
  CASE WHEN h // 1000 % 100 < 88 THEN 'helped' WHEN h // 1000 % 100 < 97
    THEN 'abandoned' WHEN h // 1000 % 100 < 99 THEN 'overflow' ELSE 'callback' END
    AS outcome,
  NULL::VARCHAR AS result,
  CASE WHEN h // 100000 % 10 = 0 THEN 'transferred' ELSE 'none' END AS transfer,
  NULL::BOOLEAN AS with_appointment,
  (-60 * ln((1 + h // 1000000 % 9999) / 10001))::INTEGER AS wait_seconds,
  CASE WHEN outcome = 'helped'
    THEN (30 - 200 * ln((1 + h // 10000000000 % 9999) / 10001))::INTEGER END
    AS handling_seconds,
  NULL::INTEGER AS throughput_minutes, NULL::VARCHAR AS norm_state,
  NULL::VARCHAR AS callback_state, NULL::BOOLEAN AS repeated,
  NULL::BOOLEAN AS first_contact, NULL::VARCHAR AS satisfied, false AS confidential
FROM (SELECT i, hash(i) AS h FROM range({n}) AS t(i))
"""


def invented(n: int, path: Path) -> None:
    """A log of ``n`` calls as ``microdata.contacts`` would leave it."""
    with duckdb.connect(config={"memory_limit": "1GB", "threads": 2}) as connection:
        select = _CALLS.format(n=n)
        connection.execute(
            f"COPY ({select}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
        )


def page() -> tuple[str, bool]:
    """The page with raw figures, and whether every goal was reached."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows, reached = [], True
        for n in SIZES:
            path = folder / f"{n}.parquet"
            invented(n, path)
            text, good = _measured(n, path)
            rows += text
            reached = reached and good
            path.unlink()
        reading = _reading(folder)
    table = "\n".join(rows)
    described = machine.description("duckdb", "pandas", "pyarrow")
    return (
        f"""# Speed of contact records

Written by `tests/bench/contacts.py`. The work: three tables of ten key figures over an
invented log of calls, by {", ".join(BY)}, as `estimate_contacts` gives them to a
notebook; *all* is every breakdown and figure that the layout knows. CPU (user and
system) of the whole process, start-up included; peak memory of that process. Medians
of {ROUNDS} rounds in turn. Goals: 10 million records in {MOST_CPU:.0f} CPU-s and
{MOST_MB} MB, 50 million in {MOST_MB_LARGE} MB.

| records | who | tables | CPU s | of which work | peak MB |
|---|---|---|---|---|---|
{table}

All figures of 10 million records equal those of pandas to {SAME:.0e}.

## Reading

{reading}

Measured on {described}.
""",
        reached,
    )


def _measured(n: int, path: Path) -> tuple[list[str], bool]:
    sides = [("ours", BY, "three"), ("ours", ALL, "all")]
    if n == SIZES[0]:
        sides.append(("pandas", BY, "three"))
    found: list[list[dict[str, object]]] = [[] for _ in sides]
    for _ in range(ROUNDS if n == SIZES[0] else 1):
        for at, (who, by, _words) in enumerate(sides):
            module = [sys.executable, "-m", "tests.bench.contacts_work"]
            done = machine.run([*module, who, str(path), *by])
            found[at].append(json.loads(done.output) | {"cpu": done.cpu})
    rows = [
        _row(n, who, words, runs)
        for (who, _, words), runs in zip(sides, found, strict=True)
    ]
    cpu, megabytes = _median(found[0], "cpu"), _median(found[0], "peak")
    if n > SIZES[0]:
        return rows, megabytes <= MOST_MB_LARGE
    same = _same(found[0][0]["figures"], found[2][0]["figures"])
    return rows, same and cpu <= MOST_CPU and megabytes <= MOST_MB


def _row(n: int, who: str, words: str, runs: list[dict[str, object]]) -> str:
    name = {"ours": "kcc_research", "pandas": "pandas, dictionary strings"}[who]
    cpu, work = _median(runs, "cpu"), _median(runs, "work")
    peak = _median(runs, "peak")
    return f"| {n:,} | {name} | {words} | {cpu:.2f} | {work:.2f} | {peak:.0f} |"


def _median(runs: list[dict[str, object]], name: str) -> float:
    return statistics.median(float(str(each[name])) for each in runs)


def _same(ours: object, theirs: object) -> bool:
    assert isinstance(ours, dict) and isinstance(theirs, dict)
    assert ours.keys() == theirs.keys(), ours.keys() ^ theirs.keys()
    return all(
        abs(ours[name] - value) <= SAME * max(1.0, abs(value))
        for name, value in theirs.items()
    )


def _reading(folder: Path) -> str:
    """A CSV of calls, checked and written as Parquet."""
    path = folder / "calls.csv"
    with duckdb.connect() as connection:
        select = f"""SELECT i AS call_id,
          strftime(TIMESTAMP '2024-01-02 08:30:00' + INTERVAL (i * 20) SECOND,
            '%Y-%m-%dT%H:%M:%S') AS datumtijd,
          'rij ' || (h % 5) AS wachtrij, 'product ' || (h % 20) AS keuzemenu,
          h % 300 AS wachttijd_s, h // 300 % 900 AS gesprekstijd_s, 0 AS hold_s,
          30 AS nawerk_s, 'beantwoord' AS status, '' AS doorverbonden_naar
        FROM (SELECT i, hash(i) AS h FROM range({LINES}) AS t(i))"""
        connection.execute(f"COPY ({select}) TO '{path}' (HEADER, DELIMITER ';')")
    code = f"""
import json
from pathlib import Path
from kcc_research.microdata.contacts import import_contacts
from kcc_research.study.layout_file import shipped_layouts
from kcc_research.study.measurement import Source
from tests.bench.contacts_work import peak
source = Source(id="t", kind="contacts", layout="telefonie", file="calls.csv")
layout, target = shipped_layouts()["telefonie"], Path({str(folder / "o.parquet")!r})
log = import_contacts(Path({str(path)!r}), source, layout, target)
print(json.dumps([log.records, peak()]))
"""
    done = machine.run([sys.executable, "-c", code])
    records, peak = json.loads(done.output)
    size = path.stat().st_size / 2**20
    return (
        f"A CSV of {records:,} calls ({size:.0f} MB) to checked Parquet:"
        f" {done.cpu:.1f} CPU-s, peak {peak:.0f} MB."
    )


if __name__ == "__main__":
    text, reached = page()
    target = machine.ROOT / "docs" / "benchmarks" / "contacts.md"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    print(text)
    sys.exit(0 if reached else 1)
