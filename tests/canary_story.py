"""A day's work on marked raw files, and a search after each part of it (TRUST-T9).

Shared by the test (tests/functional/test_canary.py) and by what writes the counts
(scripts/canary.py). Declared exceptions: words that a person ticked, which are not
marked; processed answers and the private list of words to choose from, which hold open
answers by design. Identifiers, staff and undeclared columns are nowhere at all.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from kcc_research.pipeline.plan import Step, plan_measurement
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.loading import load_study
from tests.canary import (
    RARE_MINUTES,
    RARE_SECONDS,
    Planted,
    Row,
    Search,
    marks_in_raw,
    plant,
    rare_in_processed,
    rare_in_raw,
)
from tests.ready_command import ready_kcc
from tests.workspaces import (
    ASSURANCE,
    BENCHMARK,
    CONTACTS,
    CONTINUOUS,
    COUNTER,
    PHONE,
    WAVES,
    fresh_copy,
)

KILL_AFTER_SECONDS = 120
EVERYTHING, NO_ANSWERS = "iust", "ius"


def _first_filled(column: str, value: str) -> Callable[[Row], Row]:
    def change(row: Row) -> Row:
        return row | {column: value} if row.get(column) not in (None, "") else row

    return change


def _long_wait(row: Row) -> Row:
    """A visitor who waited 7919 seconds: 2 hours, 11 minutes and 59 seconds."""
    if row["afspraak"] != "n" or row["status"] != "geholpen":
        return row
    times = {
        "aanmeldtijd": "10:00:00",
        "oproeptijd": "12:11:59",
        "starttijd": "12:12:30",
        "eindtijd": "12:20:00",
    }
    return row | times


def _long_contact(row: Row) -> Row:
    """A contact that took 7919 seconds."""
    if not row["einddatum"]:
        return row
    ended = datetime.fromisoformat(row["startdatum"]) + timedelta(seconds=RARE_SECONDS)
    return row | {"einddatum": f"{ended:%Y-%m-%dT%H:%M:%SZ}"}


_MINUTES_SPENT = {"algemeen.csv": _first_filled("invultijd_min", RARE_MINUTES)}


@dataclass(frozen=True)
class Case:
    """A study, and where a rare number goes; ``first`` is what it builds on.

    Without ``rare`` no question of the study takes a number that is rare.
    """

    key: str
    rare: dict[str, Callable[[Row], Row]] = field(default_factory=dict)
    first: tuple[str, ...] = ()


CASES = [
    Case(WAVES[0], _MINUTES_SPENT),
    Case(WAVES[1], _MINUTES_SPENT, WAVES[:1]),
    Case(WAVES[2], _MINUTES_SPENT, WAVES[:2]),
    Case(CONTINUOUS),
    Case(COUNTER, {"tickets.csv.gz": _long_wait}),
    Case(
        PHONE,
        {"telefonie.csv.gz": _first_filled("gesprekstijd_s", str(RARE_SECONDS))},
    ),
    Case(ASSURANCE),
    Case(
        BENCHMARK,
        {"contacten.csv.gz": _first_filled("wachttijd_s", str(RARE_SECONDS))},
    ),
    Case(CONTACTS, {"contactmomenten.csv.gz": _long_contact}),
]


@dataclass(frozen=True)
class Look:
    """One search: after what, how many files and bytes, and where a mark was."""

    after: str
    files: int
    bytes: int
    hits: tuple[str, ...]


@dataclass
class Marked:
    """A workspace with marked raw files, and the command line at hand."""

    case: Case
    base: Path
    root: Path
    planted: Planted = field(default_factory=Planted)
    logs: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.case.key

    @property
    def processed(self) -> Path:
        return self.root / "data" / "processed" / self.key

    @property
    def to(self) -> tuple[str, ...]:
        """How a release is asked for."""
        return ("--to", str(self.base / "uit"), "--maker", "A", "--checker", "B")

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("KCC_")}
        return kept | self.own

    @property
    def own(self) -> dict[str, str]:
        return {"TMPDIR": str(self.base / "tmp"), "KCC_KEYS": str(self.base / "keys")}

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "kcc_research", *words],
            cwd=self.root,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    def kcc(self, *words: str, code: int = 0) -> str:
        process = self.start(*words)
        told, _ = process.communicate(timeout=900)
        self.logs.append(told)
        assert process.returncode == code, told
        return told

    def ready(self, *words: str) -> None:
        """The same for what shows nothing new by how it starts."""
        done = ready_kcc(self.root, *words, **self.own)
        self.logs.append(done.stdout + done.stderr)
        assert done.returncode == 0, self.logs[-1]

    def look(self, after: str) -> Look:
        """Everything but the raw files, which hold the marks."""
        found = Search()
        found.folder(self.root / "outputs", EVERYTHING, numbers=True)
        found.folder(self.processed / "results", EVERYTHING)
        found.folder(self.processed / "runs", EVERYTHING)
        found.folder(self.root / "data" / "processed", NO_ANSWERS)
        found.folder(self.base / "tmp", EVERYTHING)
        for folder in (self.root / "studies", self.root / "notebooks"):
            found.folder(folder, NO_ANSWERS)
        if (self.base / "uit").is_dir():
            found.folder(self.base / "uit", EVERYTHING, numbers=True)
        for number, told in enumerate(self.logs):
            found.content(f"what command {number} said", told.encode(), EVERYTHING)
        return Look(after, found.files, found.bytes, tuple(found.hits))

    def steps(self, stage: str) -> list[Step]:
        """The steps of the measurement, as its plan has them."""
        study = load_study(self.root, self.key)
        plan = plan_measurement(Workspace(self.root), study)
        return [each for each in plan if each.stage == stage]


def prepare(case: Case, base: Path) -> Marked:
    """A workspace below ``base`` with the study marked; what it builds on is made."""
    root = fresh_copy(base / "project", case.key, *case.first)
    (base / "tmp").mkdir()
    marked = Marked(case, base, root)
    for key in (case.key, *case.first):
        _allow_release(root, key)
    for key in case.first:  # frozen, so that only the marked study runs from here on
        marked.ready("run", key)
        marked.ready("release", key, *marked.to)
    marked.planted = plant(root, case.key, case.rare)
    return marked


def tell(marked: Marked) -> Iterator[Look]:
    """One story, in the order of a day's work; a study is marked once."""
    planted = marked.planted
    assert marks_in_raw(marked.root, marked.key) == planted.marks
    assert rare_in_raw(marked.root, marked.key, planted) == len(planted.rare)

    marked.ready("check", marked.key)
    yield marked.look("check")

    for stage in ("clean", "analyse"):
        _fail(marked, marked.steps(stage)[0])
    yield marked.look("two failed runs")

    marked.kcc("run", marked.key)
    assert (marked.root / "outputs" / marked.key / "report.pdf").is_file()
    yield marked.look("a good run")
    assert rare_in_processed(marked.processed) >= len(planted.rare)
    assert (in_processed(marked) > 0) == (planted.counts["open answer"] > 0)

    _kill_halfway(marked)
    yield marked.look("a run that was killed")

    marked.ready("run", marked.key)  # finishes whatever was killed
    marked.ready("release", marked.key, *marked.to)
    yield marked.look("a release")

    _purge(marked)
    assert left_in_data(marked) == []
    rest = Search()
    rest.folder(marked.root, EVERYTHING)
    look = marked.look("a purge")
    yield Look(look.after, look.files, look.bytes, (*look.hits, *rest.hits))
    marked.ready("verify", marked.key)


def in_processed(marked: Marked) -> int:
    """Files of processed answers with marked words: there they belong."""
    found = Search()
    found.folder(marked.processed, "t")
    return len(found.hits)


def survived(marked: Marked) -> Counter[str]:
    """What of the marks is in the processed answers, by kind."""
    found = Counter({"files with open answers": in_processed(marked)})
    found["rare number"] = rare_in_processed(marked.processed)
    return found


def _allow_release(root: Path, key: str) -> None:
    """A licence, without which nothing is released."""
    path = root / "studies" / key / "measurement.toml"
    text = path.read_text(encoding="utf-8")
    licence = 'license = "CC-BY-4.0"\n'
    if "[report]\n" in text:
        text = text.replace("[report]\n", f"[report]\n{licence}", 1)
    else:
        text = text.replace("[fieldwork]", f"[report]\n{licence}[fieldwork]", 1)
    path.write_text(text, encoding="utf-8")


# --- a run that fails, with all that an author lets slip ------------------------------

_RAW = (
    "import os, pathlib\nimport pandas as pd\n"
    "path = pathlib.Path(os.environ['KCC_HOME'], {path!r})\n"
    "read = pd.read_excel if path.suffix == '.xlsx' else pd.read_csv\n"
    "how = {{}} if path.suffix == '.xlsx' else {{'sep': ';'}}\n"
    "rows = read(path, dtype=str, **how)"
)
_ANSWERS = (
    "import pandas as pd\n"
    "rows = pd.concat(kcc.load_responses(m, each)\n"
    "    for each in (*m.questionnaires, *m.schemes))"
)
_SLIPS = (
    "said = rows.stack()\nsaid = said[said.str.contains('zqx' 'jv', na=False)]",
    "rows",
    "rows.head()",
    "said",
    "list(said[:9])",
    "print(rows)",
    "print(*said[:99])",
    "import logging, sys, warnings\n"
    "for each in said[:9]:\n"
    "    warnings.warn(each, stacklevel=1)\n"
    "    logging.getLogger('notebook').error('read %s', each)\n"
    "    sys.stderr.write(each)",
    "import os\nn = os.write(2, ' '.join(said[:99]).encode())",
    "pd.to_numeric(pd.Series([*said, 'none']))",
)
"""The last is a library's own exception, which quotes the cell it could not read."""


def _fail(marked: Marked, step: Step) -> None:
    """A run whose notebook ``step`` shows, prints, logs and raises what it read."""
    before = step.notebook.read_text(encoding="utf-8")
    content = json.loads(before)
    for number, source in enumerate((_reading(marked, step), *_SLIPS)):
        content["cells"].append(
            {
                "cell_type": "code",
                "execution_count": None,
                "id": f"kanarie-{number}",
                "metadata": {},
                "outputs": [],
                "source": source,
            }
        )
    step.notebook.write_text(json.dumps(content), encoding="utf-8")
    told = marked.kcc("run", marked.key, code=1)
    step.notebook.write_text(before, encoding="utf-8")
    assert "KCC-R056a" in told and "ValueError" in told
    assert list(marked.processed.rglob(f"{step.id}.failed.ipynb"))


def _reading(marked: Marked, step: Step) -> str:
    """What gets the rows: the raw file itself, or the answers that were saved."""
    study = load_study(marked.root, marked.key)
    if step.stage == "analyse" and (study.questionnaires or study.schemes):
        return _ANSWERS
    source = study.measurement.sources[step.source or next(iter(study.layouts))]
    folder = marked.root / "data" / "raw" / marked.key
    pattern = source.file or source.pattern
    path = sorted(folder.glob(pattern))[0].relative_to(marked.root)
    return _RAW.format(path=path.as_posix())


# --- a run that is killed, and a purge ------------------------------------------------


def _kill_halfway(marked: Marked) -> None:
    """SIGKILL while a kernel of the analysis, which has the answers, is at work."""
    process = marked.start("run", marked.key, "--force")
    runs = marked.processed / "runs"
    known = set(runs.iterdir())
    deadline = time.monotonic() + KILL_AFTER_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        new = [each for each in runs.iterdir() if each not in known]
        if any(list(each.glob("clean-*.ipynb")) for each in new):
            break
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    told, _ = process.communicate()
    marked.logs.append(told)
    assert process.returncode == -signal.SIGKILL


def _purge(marked: Marked) -> None:
    """Delete persons' data, as if the term were over."""
    path = marked.root / "studies" / marked.key / "measurement.toml"
    text = path.read_text(encoding="utf-8")
    over = re.sub(r"(?m)^retain_until = \S+", "retain_until = 2026-01-01", text)
    path.write_text(over, encoding="utf-8")
    marked.kcc("purge", marked.key, "--yes")
    path.write_text(text, encoding="utf-8")


def left_in_data(marked: Marked) -> list[str]:
    """Files of the study in data/ that are no result and no administration."""
    data, key = marked.root / "data", marked.key
    kept = (f"processed/{key}/results/", "processed/.administration/")
    folders = (data / "raw" / key, data / "processed" / key)
    names = [
        path.relative_to(data).as_posix()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    ]
    note = f"processed/{key}/purged.json"
    return [each for each in names if each != note and not each.startswith(kept)]
