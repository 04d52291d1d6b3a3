"""Taking a release back: a notice in its place, and nothing left of it.

Whoever follows an old link to the report finds why it is gone and what came after. What
the workspace remembers of the release stays, with the day and the reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from kcc_research.errors import DisclosureError, Problem, problem
from kcc_research.pipeline.kernel_names import ACCOUNT_FILE
from kcc_research.pipeline.record import canonical_json
from kcc_research.pipeline.release_note import (
    NOTE,
    Release,
    read_release,
    releases,
)
from kcc_research.pipeline.store import Files, Held, Store
from kcc_research.reporting.notice import Notice, notebook

PAGE = "index.html"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Why a release is taken back, and who says so: a name or a team."""

    reason: str
    by: str


def withdraw(
    store: Store, key: str, to: Path, said: Withdrawal, number: int, today: date
) -> Path:
    """Replace release ``number`` (0: the last that stands) of ``key`` below ``to``.

    Returns its folder. A command that was killed halfway is finished by the same one.
    Raises :class:`DisclosureError` with everything that stands in the way.
    """
    workspace = store.workspace
    with store.hold(key, writing=False) as held:
        found = _chosen(releases(workspace, key), number)
        folder = to.resolve() / key / str(found.number if found else number)
        held.restore_release(folder)
        refused = list(_refusals(key, found, folder, said))
        if refused or found is None:
            raise DisclosureError(refused)
        gone = replace(
            found, withdrawn=today.isoformat(), reason=said.reason, by=said.by
        )
        told = {
            **asdict(gone),
            "status": "ingetrokken",
            **_facts(folder),
        }
        held.replace_release(folder, notice_files(told, _successor(folder)))
        note = workspace.releases(key) / f"{gone.number}.json"
        held.note_release(note, gone.content)
        renew_notices(held, folder.parent)
    return folder


def _chosen(known: tuple[Release, ...], number: int) -> Release | None:
    standing = [each for each in known if number in (0, each.number)]
    if not number:
        standing = [each for each in standing if not each.is_withdrawn]
    return standing[-1] if standing else None


def _refusals(
    key: str, found: Release | None, folder: Path, said: Withdrawal
) -> Iterator[Problem]:
    if not said.reason.strip() or not said.by.strip():
        yield problem("KCC-S016j")
    if found is None:
        yield problem("KCC-S016i", value=key)
    elif found.is_withdrawn:
        day = f"{date.fromisoformat(found.withdrawn):%d-%m-%Y}"
        yield problem("KCC-S016k", value=found.number, day=day)
    elif not _is_there(found, folder):
        yield problem("KCC-S016h", value=found.number)


def _is_there(found: Release, folder: Path) -> bool:
    """Whether ``folder`` holds this very release, or what is left of withdrawing it."""
    told = read_note(folder)
    return told is not None and told.get("manifest") == found.manifest


def read_note(folder: Path) -> dict[str, Any] | None:
    """What the release in ``folder`` says of itself; None where there is none."""
    try:
        told = json.loads((folder / NOTE).read_bytes())
        read_release(told)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return dict(told)


def _facts(folder: Path) -> Mapping[str, Any]:
    """What the release was about, also when the notice stands there already."""
    told = read_note(folder) or {}
    if "about" not in told:
        about = json.loads((folder / ACCOUNT_FILE).read_bytes())["measurement"]
        return {"title": told.get("title", about["title"]), "about": about}
    return {"title": told["title"], "about": told["about"]}


def notice_files(told: Mapping[str, Any], successor: int) -> dict[str, bytes]:
    """All that stands in the place of a withdrawn release."""
    from kcc_research.pipeline.report_files import notice

    found = Notice(
        title=told["title"],
        number=told["number"],
        released=date.fromisoformat(told["released"]),
        withdrawn=date.fromisoformat(told["withdrawn"]),
        reason=told["reason"],
        by=told["by"],
        successor=successor,
        synthetic=bool(told["about"]["synthetic"]),
    )
    pages = notice(notebook(found))
    return {**pages, PAGE: pages["report.html"], NOTE: canonical_json(told)}


def _successor(folder: Path) -> int:
    """The highest number beside ``folder`` that stands and is higher; 0 without."""
    higher = (
        number
        for number, told in _beside(folder.parent)
        if number > int(folder.name) and not told.get("withdrawn")
    )
    return max(higher, default=0)


def _beside(folder: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every release of one measurement below a public folder, by number."""
    for path in folder.glob(f"*/{NOTE}"):
        told = read_note(path.parent)
        if told is not None and path.parent.name.isdecimal():
            yield int(path.parent.name), told


def renew_notices(held: Held, folder: Path) -> None:
    """Let every notice below ``folder`` lead to what took its place by now."""
    for number, told in list(_beside(folder)):
        if told.get("withdrawn"):
            place = folder / str(number)
            files = notice_files(told, _successor(place))
            if not _are_there(place, files):
                held.replace_release(place, files)


def _are_there(folder: Path, files: Files) -> bool:
    present = {each.name for each in folder.iterdir()}
    return present == set(files) and all(
        (folder / name).read_bytes() == content for name, content in files.items()
    )
