"""What was found up to date, and how every file stood then.

How a measurement stands follows from files alone. While all of them stand as they
stood, so does the measurement, and nothing has to be read to know it. A file stands as
it stood when name, inode, size and both its times are the same: the time of change is
set by the system at every change of content, name or rights, and no program can set it
back.

As in the index of git, a file that changed less than a tick of the clock before it was
looked at may change again without a trace. Of such a state nothing is remembered;
neither is it where there are links, or on a system that keeps no time of change.

The memory is a convenience and no truth. It may be deleted; when it is damaged or of
other code it is not believed, and every file is read again. Bytes that rot on the disk
without being written leave no trace here: ``kcc verify`` reads them all.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kcc_research
from kcc_research.pipeline import keys
from kcc_research.pipeline.record import canonical_json, sha256_of
from kcc_research.pipeline.workspace import RUNS, STAGING, Workspace, is_key

if TYPE_CHECKING:
    from kcc_research.pipeline.store import Store

SCHEMA_VERSION = 1

_SECOND = 1_000_000_000
_FINE_TICK, _COARSE_TICK = _SECOND // 50, 3 * _SECOND
"""How far apart two changes are that surely get other times (ns): on file systems that
keep parts of a second, and on those that keep one or two whole ones."""

_KEEPS_TIME_OF_CHANGE = os.name == "posix"
_now = time.time_ns


# --- how files stand ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """How some files stand; ``is_settled`` when any change from now on would show."""

    hash: str
    is_settled: bool


def shows(stat: os.stat_result) -> str:
    """Of a file what no change of it leaves the same."""
    times = f"{stat.st_mtime_ns} {stat.st_ctime_ns}"
    return f"{stat.st_ino} {stat.st_size} {times}"


def is_settled(stat: os.stat_result, now: int) -> bool:
    """Whether a change at ``now`` (ns) or later gets another time of change."""
    changed = stat.st_ctime_ns
    return changed + (_FINE_TICK if changed % _SECOND else _COARSE_TICK) <= now


def settle() -> None:
    """Wait until what was written before is settled, where times have fractions."""
    time.sleep(_FINE_TICK / _SECOND)


def mark_of(
    path: Path, now: int, without: Collection[str] = frozenset()
) -> Mark | None:
    """How all files under ``path`` stand, but those in folders named ``without``.

    ``path`` may be one file, or be missing. None where it cannot be told: what a link
    leads to is not looked at, nor what may not be read.
    """
    total, settled = hashlib.sha256(), True
    try:
        for name, stat in _files(os.fspath(path), without):
            total.update(os.fsencode(f"{name}\0{shows(stat)}\n"))
            settled = settled and is_settled(stat, now)
    except FileNotFoundError:
        return Mark("none", is_settled=True) if not path.exists() else None
    except OSError:
        return None
    return Mark(total.hexdigest(), settled)


def _files(
    path: str, without: Collection[str], below: str = ""
) -> Iterator[tuple[str, os.stat_result]]:
    if not below and not os.path.isdir(path):  # noqa: PTH112 - thousands of times
        yield "", os.stat(path)  # noqa: PTH116
        return
    with os.scandir(path) as found:
        entries = sorted(found, key=lambda each: each.name)
    for entry in entries:
        if entry.is_symlink():
            raise OSError(entry.path)
        if not entry.is_dir():
            yield below + entry.name, entry.stat(follow_symlinks=False)
        elif entry.name not in without:
            yield from _files(entry.path, without, f"{below}{entry.name}/")


def joined(marks: Iterable[Mark | None], *facts: str) -> Mark | None:
    """All of these at once, and what else is to stay the same."""
    every = list(marks)
    known = [each for each in every if each is not None]
    if len(known) < len(every):
        return None
    told = [*facts, *(each.hash for each in known)]
    return Mark(sha256_of(ascii(told).encode()), all(e.is_settled for e in known))


class Look:
    """How files stand; each folder is looked at once.

    What is found out from files that are read after the look began, may be remembered
    with the marks it gives.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._begun = _now()
        self._own: dict[str, Mark | None] = {}

    def mark(self, measurements: Iterable[str]) -> Mark | None:
        """How all files stand that the plans of ``measurements`` look at."""
        if not _KEEPS_TIME_OF_CHANGE:
            return None
        each = sorted(set(measurements))
        return joined([self._everybodys, *map(self._of, each)], *each)

    def of_file(self, path: Path) -> Mark | None:
        """How one file stands."""
        return mark_of(path, self._begun)

    def _of(self, key: str) -> Mark | None:
        if key not in self._own:
            self._own[key] = joined(self._marks(key))
        return self._own[key]

    def _marks(self, key: str) -> Iterator[Mark | None]:
        """Everything that is of one measurement, whatever its plan looks at."""
        of = self._workspace
        for folder in (of.study(key), of.raw(key), of.output(key), of.releases(key)):
            yield mark_of(folder, self._begun)
        yield mark_of(of.processed(key), self._begun, {RUNS, STAGING})

    @functools.cached_property
    def _everybodys(self) -> Mark | None:
        """What every measurement looks at: notebooks, package, software, lock, keys."""
        package, secrets = Path(kcc_research.__file__).parent, keys.keys_folder()
        marks = [
            mark_of(package, self._begun, {"__pycache__"}),
            mark_of(self._workspace.notebooks, self._begun),
            mark_of(self._workspace.lock_file, self._begun),
            mark_of(secrets, self._begun),
        ]
        places = str(self._workspace.root), str(package), str(secrets)
        return joined(marks, *places, sys.version, sys.platform, *installed(sys.path))


def installed(folders: Iterable[str]) -> list[str]:
    """Names and versions of the packages in ``folders``, as installers write them."""
    found: set[str] = set()
    for folder in folders:
        try:
            names = [each.name for each in Path(folder or ".").iterdir()]
        except OSError:
            continue
        found.update(n for n in names if n.endswith((".dist-info", ".egg-info")))
    return sorted(found)


# --- what is remembered ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """A measurement as it was when its files stood as ``mark`` says.

    ``earlier`` are those it names under [[earlier]]; ``is_fresh`` says that all its
    steps were up to date, those it builds on included; ``notices`` are what
    ``kcc status`` tells besides.
    """

    mark: str
    earlier: tuple[str, ...]
    is_fresh: bool
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """All that is remembered; ``pages`` is how the list of reports stood."""

    measurements: Mapping[str, Known] = field(default_factory=dict)
    pages: str = ""

    def to_json(self) -> bytes:
        return canonical_json({"schema_version": SCHEMA_VERSION, **asdict(self)})


def read_kept(path: Path) -> Kept:
    """What is remembered at ``path``; nothing when it is damaged or of other code."""
    try:
        read: dict[str, Any] = json.loads(path.read_bytes())
        if read["schema_version"] != SCHEMA_VERSION:
            return Kept()
        known = {key: _known(each) for key, each in read["measurements"].items()}
        named = [*known, *(other for each in known.values() for other in each.earlier)]
        return Kept(known, str(read["pages"])) if all(map(is_key, named)) else Kept()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Kept()


def _known(read: Mapping[str, Any]) -> Known:
    earlier, notices = (tuple(map(str, read[n])) for n in ("earlier", "notices"))
    return Known(str(read["mark"]), earlier, read["is_fresh"] is True, notices)


class Memory:
    """What is remembered of a workspace, as far as it still stands as it stood.

    Whoever is to read every file gives another ``kept`` that holds nothing.
    """

    def __init__(self, workspace: Workspace, kept: Kept | None = None) -> None:
        self.look = Look(workspace)
        self.kept = read_kept(workspace.memory) if kept is None else kept
        self._before = self.kept
        self._found: dict[str, Known | None] = {}

    def known(self, key: str) -> Known | None:
        """``key`` as it was, and so is; None when its files have to be read."""
        if key not in self._found:
            self._found[key] = self._still_so(key)
        return self._found[key]

    def _still_so(self, key: str) -> Known | None:
        kept = self.kept.measurements
        behind = all_behind(key, lambda k: kept[k].earlier if k in kept else ())
        if not behind <= kept.keys():
            return None
        mark = self.look.mark(behind)
        return kept[key] if mark and mark.hash == kept[key].mark else None

    def learn(self, found: Mapping[str, Known]) -> None:
        """How measurements stand that were read after the look began."""
        every = {**self.kept.measurements, **found}
        self.kept = replace(self.kept, measurements=every)

    def learn_pages(self, pages: str) -> None:
        """How the pages over all reports stand."""
        self.kept = replace(self.kept, pages=pages)

    def keep(self, store: Store) -> None:
        """Let later commands know it too."""
        if self.kept != self._before:
            store.keep_memory(self.kept.to_json())


def all_behind(key: str, earlier: Callable[[str], Iterable[str]]) -> set[str]:
    """``key`` and every measurement that it builds on, directly or by way of others."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += earlier(one)
    return found
