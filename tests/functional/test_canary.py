"""The canary test (TRUST-T9): marks in every raw column that must never be seen again.

Raw files of the demonstration studies are marked, and everything that is written is
searched: after a check, a failed run, a good run, a run that was killed, a release.
Declared exceptions: words that a person ticked; the list from which they are ticked, in
the private notebook that cleans remarks (TRUST-Q5); processed answers, which hold open
answers by design. Identifiers, staff and undeclared columns are nowhere at all.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kcc_research.pipeline.plan import plan_measurement
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.loading import load_study
from tests.canary import RARE_MINUTES, RARE_SECONDS, Planted, Row, Search, plant
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

KILL_AFTER_SECONDS = 60
EVERYTHING, NO_ANSWERS = "iust", "ius"


def _first_filled(column: str, value: str):
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


@dataclass(frozen=True)
class Case:
    """A study, where a rare number goes, and a source with open answers."""

    key: str
    rare: dict[str, object] = field(default_factory=dict)
    answers: str = ""


CASES = [
    Case(
        WAVES[0],
        {"algemeen.csv": _first_filled("invultijd_min", RARE_MINUTES)},
        "algemeen",
    ),
    Case(COUNTER, {"tickets.csv.gz": _long_wait}, "balie"),
    Case(PHONE, {}, "enquete"),
    Case(ASSURANCE),
    Case(
        BENCHMARK,
        {"contacten.csv.gz": _first_filled("wachttijd_s", str(RARE_SECONDS))},
    ),
    Case(CONTINUOUS),
    Case(CONTACTS, {"contactmomenten.csv.gz": _long_contact}),
]
SLOW = {COUNTER, PHONE, ASSURANCE, BENCHMARK, CONTINUOUS, CONTACTS}


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(
            each, id=each.key, marks=[pytest.mark.slow] if each.key in SLOW else []
        )
        for each in CASES
    ],
)
def marked(request) -> Iterator[Marked]:
    """A workspace with marked raw files, and a folder for temporary files."""
    # Sockets have short names, so the folder for temporary files stands high up.
    base = Path(tempfile.mkdtemp(prefix="kcn-"))
    try:
        root = fresh_copy(base / "project", request.param.key)
        _allow_release(root, request.param.key)
        planted = plant(root, request.param.key, request.param.rare)
        (base / "tmp").mkdir()
        yield Marked(request.param, base, root, planted)
    finally:
        shutil.rmtree(base)


@dataclass
class Marked:
    """The marked workspace, with the command line at hand."""

    case: Case
    base: Path
    root: Path
    planted: Planted
    logs: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.case.key

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("KCC_")}
        own = {"TMPDIR": str(self.base / "tmp"), "KCC_KEYS": str(self.base / "keys")}
        return kept | own

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
        told, _ = process.communicate(timeout=600)
        self.logs.append(told)
        assert process.returncode == code, told
        return told

    def search(self) -> Search:
        """Everything but the raw files, which hold the marks."""
        found = Search()
        outputs = self.root / "outputs"
        processed = self.root / "data" / "processed"
        results = processed / self.key / "results"
        found.folder(outputs, EVERYTHING, numbers=True)
        found.folder(results, EVERYTHING)
        remarks = load_study(self.root, self.key).schemes
        lists = {f"clean-{source}.ipynb" for source in remarks}
        found.folder(processed / self.key / "runs", EVERYTHING, reviewed=lists)
        found.folder(processed, NO_ANSWERS)
        found.folder(self.base / "tmp", EVERYTHING)
        for folder in (self.root / "studies", self.root / "notebooks"):
            found.folder(folder, NO_ANSWERS)
        if (self.base / "uit").is_dir():
            found.folder(self.base / "uit", EVERYTHING, numbers=True)
        for number, told in enumerate(self.logs):
            found.content(f"what command {number} said", told.encode(), EVERYTHING)
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


def _breaking(source: str) -> str:
    """A library's own exception, which quotes the cell it could not read."""
    return (
        "import pandas as pd\n"
        f"answers = kcc.load_responses(m, '{source}')\n"
        "words = answers.select_dtypes('string')\n"
        "told = words.stack()\n"
        "pd.to_numeric(told[told.str.contains('zqx' 'jvt')])"
    )


def _clean(search: Search, marked: Marked, after: str, record) -> None:
    record(f"{marked.key} after {after}: files", search.files)
    record(f"{marked.key} after {after}: hits", len(search.hits))
    print(f"{marked.key} after {after}: {search.files} files, {search.bytes} bytes,")
    print(f"  {len(search.hits)} hits")
    assert search.hits == []


def test_nothing_that_was_marked_is_ever_seen_again(marked, record_property):
    """One story, in the order of a day's work; a study is marked once."""
    print(f"{marked.key}: planted {dict(marked.planted.counts)}")
    for kind, count in marked.planted.counts.items():
        record_property(f"{marked.key}: planted in {kind}", count)
    assert marked.planted.counts["undeclared"] > 0

    marked.kcc("check", marked.key)
    _clean(marked.search(), marked, "check", record_property)

    if marked.case.answers:
        notebook = _analysis(marked)
        before = notebook.read_text(encoding="utf-8")
        content = json.loads(before)
        content["cells"].append(
            {
                "cell_type": "code",
                "execution_count": None,
                "id": "kanarie",
                "metadata": {},
                "outputs": [],
                "source": _breaking(marked.case.answers),
            }
        )
        notebook.write_text(json.dumps(content), encoding="utf-8")
        told = marked.kcc("run", marked.key, code=1)
        assert "KCC-R056a" in told and "ValueError" in told
        kept = list((marked.root / "data" / "processed").rglob("*.failed.ipynb"))
        assert kept
        _clean(marked.search(), marked, "a failed run", record_property)
        notebook.write_text(before, encoding="utf-8")

    marked.kcc("run", marked.key)
    assert (marked.root / "outputs" / marked.key / "report.pdf").is_file()
    _clean(marked.search(), marked, "a good run", record_property)
    if marked.case.answers:
        control = Search()
        control.folder(marked.root / "data" / "processed", "t")
        assert control.hits  # the marks did get in, where open answers belong

    _kill_halfway(marked)
    _clean(marked.search(), marked, "a run that was killed", record_property)

    marked.kcc("run", marked.key)  # finishes whatever was killed
    words = ("--to", str(marked.base / "uit"), "--maker", "A", "--checker", "B")
    marked.kcc("release", marked.key, *words)
    _clean(marked.search(), marked, "a release", record_property)

    _purge(marked)
    assert _left_in_data(marked) == []
    search = marked.search()
    search.folder(marked.root, EVERYTHING)
    _clean(search, marked, "a purge", record_property)
    marked.kcc("verify", marked.key)


def _analysis(marked: Marked) -> Path:
    """The notebook of the analysis, as the plan of the measurement names it."""
    study = load_study(marked.root, marked.key)
    steps = plan_measurement(Workspace(marked.root), study)
    return next(each.notebook for each in steps if each.stage == "analyse")


def _purge(marked: Marked) -> None:
    """Delete persons' data, as if the term were over."""
    path = marked.root / "studies" / marked.key / "measurement.toml"
    text = path.read_text(encoding="utf-8")
    over = re.sub(r"(?m)^retain_until = \S+", "retain_until = 2026-01-01", text)
    path.write_text(over, encoding="utf-8")
    marked.kcc("purge", marked.key, "--yes")
    path.write_text(text, encoding="utf-8")


def _left_in_data(marked: Marked) -> list[str]:
    """Files in data/ that are no protected result and no administration."""
    data = marked.root / "data"
    kept = (f"processed/{marked.key}/results/", "processed/.administration/")
    names = [p.relative_to(data).as_posix() for p in data.rglob("*") if p.is_file()]
    note = f"processed/{marked.key}/purged.json"
    return [each for each in names if each != note and not each.startswith(kept)]


def _kill_halfway(marked: Marked) -> None:
    """SIGKILL while a kernel of the analysis, which has the answers, is at work."""
    process = marked.start("run", marked.key, "--force")
    runs = marked.root / "data" / "processed" / marked.key / "runs"
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


@pytest.mark.parametrize("kind", ["i", "u", "s", "t"])
def test_the_search_itself_finds_a_mark_wherever_it_is(tmp_path, kind):
    """A search that cannot find would prove nothing."""
    import base64
    import gzip
    import io
    import zipfile
    import zlib

    import pandas as pd
    import pikepdf

    mark = Planted().mark(kind, "x")

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + b"\0\0\0\0"

    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(mark.encode()))
    picture = b"\x89PNG\r\n\x1a\n" + text
    (tmp_path / "plain.html").write_text(f"<p>{mark.upper()}</p>", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(picture)
    inside = base64.b64encode(picture).decode()
    (tmp_path / "inside.html").write_text(f"src='data:image/png;base64,{inside}'")
    (tmp_path / "notebook.ipynb").write_text(json.dumps({"image/png": inside}))
    (tmp_path / "packed.csv.gz").write_bytes(gzip.compress(mark.encode()))
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", mark)
    frame = pd.DataFrame({"a": [mark] * 9})
    buffer = io.BytesIO()
    frame.to_parquet(buffer, compression="zstd")
    (tmp_path / "rows.parquet").write_bytes(buffer.getvalue())
    document = pikepdf.new()
    document.add_blank_page()
    document.pages[0].Contents = document.make_stream(zlib.compress(mark.encode()))
    document.pages[0].Contents.stream_dict.Filter = pikepdf.Name.FlateDecode
    document.pages[0].Contents.write(mark.encode())
    document.save(tmp_path / "streams.pdf", compress_streams=True)
    (tmp_path / f"{mark}.txt").write_text("")
    expected = {p.name for p in tmp_path.iterdir()}
    found = Search()
    found.folder(tmp_path, kind)
    missed = {n for n in expected if not any(n in hit for hit in found.hits)}
    assert missed == set()
    others = Search()
    others.folder(tmp_path, "".join({"i", "u", "s", "t"} - {kind}))
    assert others.hits == []


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("<td>7919</td>", True),
        ("<td>7.919</td>", True),
        ("<p>langste: 2:11:59</p>", True),
        ("<p>79,19 minuten</p>", True),
        ("<p>a7919f 17919 79190 0,7919 7919,5</p>", False),
    ],
)
def test_the_search_finds_a_rare_number(text, is_found):
    found = Search()
    found.numbers("x.html", text.encode())
    assert bool(found.hits) is is_found
