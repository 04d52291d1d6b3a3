"""One side of the benchmark of contact records, as a process of its own.

``python -m tests.bench.contacts_work WHO PARQUET BY…`` prints one JSON object: CPU
seconds of the work and of the whole process, peak memory in MB, and the figures.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

SECONDS, SHORT, NORM = 30, 5, 30
COLUMNS = {
    "product": "product",
    "maand": "month",
    "uur": "hour",
    "kanaal": "channel",
    "locatie": "place",
    "weekdag": "weekday",
}


def ours(path: Path, by: list[str]) -> dict[str, Any]:
    """The tables as a notebook gets them."""
    from kcc_research.estimation.contact_kpis import estimate_contacts
    from kcc_research.study.layout_file import shipped_layouts

    study = SimpleNamespace(key="xx/1", layouts={"t": shipped_layouts()["telefonie"]})
    table = estimate_contacts(study, "t", path, by)
    kept = table[table["category"].eq("") & table["by"].isin(["totaal", *by])]
    return {
        f"{row.indicator}|{row.by}|{row.group}": row.estimate
        for row in kept.itertuples()
        if row.indicator in FIGURES
    }


FIGURES = (
    "contacten",
    "bereikbaarheid",
    "servicelevel",
    "uitval",
    "doorverbonden",
    "wachttijd",
    "wachttijd_mediaan",
    "wachttijd_p90",
    "afhandeltijd",
    "afhandeltijd_p90",
)


def with_pandas(path: Path, by: list[str]) -> dict[str, Any]:
    """What one would write with pandas, strings as categories."""
    import pandas as pd

    needed = {"outcome", "transfer", "in_hours", "wait_seconds", "handling_seconds"}
    columns = sorted(needed | {COLUMNS[each] for each in by})
    frame = pd.read_parquet(path, columns=columns, dtype_backend="pyarrow")
    texts = [name for name in frame if frame[name].dtype == "string[pyarrow]"]
    frame = frame.astype(dict.fromkeys(texts, "category"))
    found = _figures(frame, "totaal", "totaal")
    for name in by:
        for key, part in frame.groupby(COLUMNS[name], observed=True):
            group = f"{key:02d}:00" if name == "uur" else str(key)
            found |= _figures(part, name, group)
    return found


def _figures(frame: Any, by: str, group: str) -> dict[str, Any]:
    helped = frame["outcome"] == "helped"
    gone = frame["outcome"] == "abandoned"
    open_ = frame["in_hours"]
    wait = frame["wait_seconds"]
    waited, handled = wait[helped], frame.loc[helped, "handling_seconds"]
    short = (gone & open_ & (wait < SHORT)).sum()
    offered = open_.sum()
    in_time = (helped & open_ & (wait <= SECONDS)).sum()
    values = {
        "contacten": len(frame),
        "bereikbaarheid": (helped & open_).sum() / offered,
        "servicelevel": in_time / (offered - short),
        "uitval": ((gone & open_).sum() - short) / (offered - short),
        "doorverbonden": (helped & (frame["transfer"] != "none")).sum() / helped.sum(),
        "wachttijd": waited.mean(),
        "wachttijd_mediaan": waited.quantile(0.5),
        "wachttijd_p90": waited.quantile(0.9),
        "afhandeltijd": handled.mean(),
        "afhandeltijd_p90": handled.quantile(0.9),
    }
    return {f"{name}|{by}|{group}": float(each) for name, each in values.items()}


def peak() -> float:
    """Peak resident memory of this process in MB; not what its parent once held."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


def main(who: str, path: str, by: list[str]) -> None:
    start = time.process_time()
    figures = {"ours": ours, "pandas": with_pandas}[who](Path(path), by)
    whole = time.process_time()
    print(
        json.dumps(
            {"work": whole - start, "whole": whole, "peak": peak(), "figures": figures}
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
