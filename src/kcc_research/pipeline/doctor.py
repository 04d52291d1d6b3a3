"""``kcc doctor``: is this installation fit to work, and are persons' data safe in it.

Each finding says what was looked at, whether it is in order, and what to do when not.
Nothing is changed but a probe file beside the processed data, which is removed again.
"""

from __future__ import annotations

import functools
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from kcc_research.errors import UserError
from kcc_research.pipeline import keys
from kcc_research.pipeline.store import Store, new_run_id
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.loading import load_study
from kcc_research.study.measurement_key import list_keys

LEAST_FREE_GIB = 2
_GIB = 1024**3
_GIT_SECONDS = 10
_MOST_NAMED = 5
_WINDOWS_PATH = 259
_LONGEST_RUN_FILE = 40  # such as clean-<source>.ipynb
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(;[^\\]*)?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; ``remedy`` is empty when all is well."""

    check: str
    found: str
    remedy: str = ""

    @property
    def is_good(self) -> bool:
        return not self.remedy

    def __str__(self) -> str:
        if self.is_good:
            return f"ok       {self.check}: {self.found}"
        return f"not ok   {self.check}: {self.found}\n         → {self.remedy}"


def examine(store: Store) -> Iterator[Finding]:
    """Every finding, in a fixed order; none of them raises."""
    workspace = store.workspace
    checks: tuple[tuple[str, Callable[[], tuple[str, str]]], ...] = (
        ("versions", functools.partial(versions, workspace)),
        ("fonts", fonts),
        ("notebook filter", functools.partial(notebook_filter, workspace)),
        ("raw files", functools.partial(raw_files, workspace)),
        ("keys", key_files),
        ("free space", functools.partial(free_space, store)),
        ("path lengths", functools.partial(path_lengths, workspace)),
        ("lock and exchange", functools.partial(lock_and_exchange, store)),
        ("kernels", kernels),
    )
    for name, check in checks:
        try:
            found, remedy = check()
        except (OSError, UserError) as error:
            found, remedy = str(error), "See what is said here, and try again."
        yield Finding(name, found, remedy)


def versions(workspace: Workspace) -> tuple[str, str]:
    """Installed packages against the lock of the workspace.

    What the lock asks for under a condition may be absent; what is there must be of
    the version it names.
    """
    if not workspace.lock_file.is_file():
        return "there is no requirements.lock", "Take it from the repository."
    pinned = _PINNED.findall(workspace.lock_file.read_text(encoding="utf-8"))
    names = [name for name, _, _ in pinned]
    wrong = [
        f"{name} {found or 'not installed'}, not {version}"
        for name, version, condition in pinned
        if (found := _installed(name)) != version
        and (found or not condition)
        and names.count(name) == 1
    ]
    told = f"Python {sys.version.split()[0]}, {len(pinned)} packages in the lock"
    if not wrong:
        return told, ""
    return f"{told}; {_some(wrong)}", "Install what the lock says: make setup"


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def fonts() -> tuple[str, str]:
    """The fonts that travel with the package."""
    from kcc_research.reporting.fonts import FILES, folder

    absent = [name for name in FILES if not (folder() / name).is_file()]
    if absent:
        return f"absent: {_some(absent)}", "Install kcc-research again."
    return f"{len(FILES)} files", ""


def notebook_filter(workspace: Workspace) -> tuple[str, str]:
    """Whether git takes the outputs out of notebooks before they are committed."""
    if not (workspace.root / ".git").exists():
        return "this workspace is no git clone", ""
    command = ["git", "config", "--get", "filter.nbstripout.clean"]
    try:
        done = subprocess.run(
            command,
            cwd=workspace.root,
            capture_output=True,
            text=True,
            timeout=_GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "git does not answer", "Install git, or repair it."
    if "nbstripout" not in done.stdout:
        remedy = "Outputs of notebooks would be committed. Run: make lab"
        return "nbstripout is not set up in this clone", remedy
    return "nbstripout is set up", ""


def raw_files(workspace: Workspace) -> tuple[str, str]:
    """Raw files of real persons that other users of the machine can read (P4).

    A measurement that cannot be read counts as real. Without file modes, as on
    Windows, nothing can be said.
    """
    if os.name != "posix":
        return "this system has no file modes to look at", ""
    real = [key for key in list_keys(workspace.root) if _is_real(workspace, key)]
    files = [p for key in real for p in workspace.raw(key).rglob("*") if p.is_file()]
    open_to_all = [p for p in files if _others_reach(p, workspace.root)]
    if open_to_all:
        named = _some([workspace.relative(each) for each in sorted(open_to_all)])
        remedy = "Give only the owner access: chmod -R go= data/raw"
        return f"{len(open_to_all)} can be read by others: {named}", remedy
    return f"{len(real)} measurements with real data, {len(files)} files", ""


def _is_real(workspace: Workspace, key: str) -> bool:
    try:
        return not load_study(workspace.root, key).measurement.synthetic
    except UserError:
        return True


def _others_reach(path: Path, root: Path) -> bool:
    """Whether group or others may read it and enter every folder below the root."""
    folders = [each for each in path.parents if each.is_relative_to(root)]
    return any(
        path.stat().st_mode & read
        and all(each.stat().st_mode & enter for each in folders)
        for read, enter in ((0o040, 0o010), (0o004, 0o001))
    )


def key_files() -> tuple[str, str]:
    """The keys of pseudonyms: how many, and whether they are this user's alone."""
    folder = keys.keys_folder()
    found = sorted(folder.glob("*.key")) if folder.is_dir() else []
    shared = [each.name for each in found if each.stat().st_mode & 0o077]
    if shared and os.name == "posix":
        return f"others can read {_some(shared)}", "Give only the owner access."
    return f"{len(found)} found", ""


def free_space(store: Store) -> tuple[str, str]:
    """Room on the disk of the workspace."""
    free = store.operations.free_bytes(store.workspace.root) / _GIB
    if free < LEAST_FREE_GIB:
        return f"{free:.1f} GiB", f"Make room: at least {LEAST_FREE_GIB} GiB."
    return f"{free:.1f} GiB", ""


def path_lengths(workspace: Workspace) -> tuple[str, str]:
    """Whether what a run writes keeps within the longest path of Windows."""
    if os.name != "nt":
        return "this system takes long ones", ""
    longest = max(
        (len(str(workspace.runs(key))) for key in list_keys(workspace.root)), default=0
    )
    longest += len(f"/{new_run_id()}/") + _LONGEST_RUN_FILE
    if longest <= _WINDOWS_PATH:
        return f"at most {longest} characters", ""
    remedy = (
        "Move the project to a folder such as C:\\onderzoek, or have the administrator"
        " allow long paths in Windows (LongPathsEnabled)."
    )
    return f"up to {longest} characters, Windows takes {_WINDOWS_PATH}", remedy


def lock_and_exchange(store: Store) -> tuple[str, str]:
    """Whether locks hold and folders can trade places here; not on some shares."""
    try:
        store.probe()
    except UserError as error:
        return error.problems[0].title, error.problems[0].remedy
    return "both work here", ""


def kernels() -> tuple[str, str]:
    """How kernels are started; the ordinary way is slower and no fault."""
    from kcc_research.pipeline.forked_kernels import provisioner

    if provisioner.is_available():
        return "forked from one server", ""
    return "started one by one, which is slower", ""


def _some(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def as_facts(finding: Finding) -> Mapping[str, object]:
    """A finding as a script reads it."""
    return {
        "check": finding.check,
        "ok": finding.is_good,
        "found": finding.found,
        "remedy": finding.remedy,
    }
