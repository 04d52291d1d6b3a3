"""Deleting persons' data when their time is over (*bewaartermijn*, TRUST-P3).

What goes: ``data/raw`` of the measurement, all of its ``data/processed`` but the
protected results, and the key of pseudonyms that no other data of the series need.
What stays: the definitions, the results, what was published, and a note of what was
deleted. After that a report can be verified, not made again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kcc_research.errors import PrivacyError, UserError, problem
from kcc_research.pipeline import keys
from kcc_research.pipeline.fingerprint import links
from kcc_research.pipeline.purge_note import NOTE, files_at
from kcc_research.pipeline.record import canonical_json
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.loading import load_study
from kcc_research.study.measurement import Study
from kcc_research.study.measurement_key import list_keys


@dataclass(frozen=True, slots=True)
class Purge:
    """What is, or would be, deleted of one measurement."""

    key: str
    retain_until: date
    files: tuple[Path, ...]
    folders: tuple[Path, ...]
    bytes: int
    keys: tuple[Path, ...] = ()


def planned(workspace: Workspace, key: str) -> Purge:
    """Every file with rows of persons, sorted; nothing is changed.

    Raises :class:`PrivacyError` (P003c) for links: deleting a link would leave the
    answers where they really stand.
    """
    study = load_study(workspace.root, key)
    until = study.measurement.retain_until
    folders = _folders(workspace, key)
    files = sorted({path for each in folders for path in files_at(each)})
    links = [each for each in (*folders, *files) if each.is_symlink()]
    if links:
        shown = [workspace.relative(each) for each in links]
        raise PrivacyError([problem("KCC-P003c", file=each) for each in shown])
    size = sum(each.stat().st_size for each in files)
    secrets = _keys_to_go(workspace, study)
    return Purge(key, until, tuple(files), tuple(folders), size, secrets)


def purge(store: Store, key: str, today: date) -> Purge:
    """Delete what :func:`planned` lists, and note it; under the measurement's lock.

    Raises :class:`PrivacyError` (P003) before the retention date. A command that is
    killed halfway is finished by the next one that holds the measurement.
    """
    with store.hold(key, writing=False) as held:
        found = planned(store.workspace, key)
        if today <= found.retain_until:
            file = f"studies/{key}/measurement.toml"
            until = f"{found.retain_until:%d-%m-%Y}"
            raise PrivacyError(problem("KCC-P003", file=file, value=until))
        held.purge(found.files, found.folders, NOTE, _note(found, today))
        for path in found.keys:
            keys.delete(path)
    return found


def _keys_to_go(workspace: Workspace, study: Study) -> tuple[Path, ...]:
    """The key of the series, when this was the last measurement to need it.

    A measurement that cannot be read keeps the key: it may need it.
    """
    path = keys.key_file(study.key)
    if not path.exists() or not _links(study):
        return ()
    owner = study.key.split("/")[0] + "/"
    others = (k for k in list_keys(workspace.root) if k.startswith(owner))
    needed = any(_needs_key(workspace, k) for k in others if k != study.key)
    return () if needed else (path,)


def _needs_key(workspace: Workspace, key: str) -> bool:
    """Whether a measurement links respondents and still has data of them."""
    try:
        study = load_study(workspace.root, key)
    except UserError:
        return True
    folders = _folders(workspace, key)
    return _links(study) and any(files_at(each) for each in folders)


def _links(study: Study) -> bool:
    return any(links(study, each.id) for each in study.measurement.source)


def _folders(workspace: Workspace, key: str) -> list[Path]:
    """The raw folder, and what stands in the processed one beside results and note."""
    processed, kept = workspace.processed(key), {workspace.results(key).name, NOTE}
    inside = processed.iterdir() if processed.is_dir() else ()
    found = [each for each in inside if each.name not in kept]
    return sorted(each for each in (workspace.raw(key), *found) if _exists(each))


def _exists(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _note(purge: Purge, today: date) -> bytes:
    """Counts only: a name, or the hash of a small file, can be personal (TRUST-P5)."""
    return canonical_json(
        {
            "measurement": purge.key,
            "purged": today.isoformat(),
            "retain_until": purge.retain_until.isoformat(),
            "files": len(purge.files),
            "bytes": purge.bytes,
            "keys": len(purge.keys),
        }
    )


def lines(workspace: Workspace, purge: Purge) -> Sequence[str]:
    """Each file as a call shows it; of a key its name, which is the owner's."""
    found = [workspace.relative(each) for each in purge.files]
    return [*found, *(f"key of pseudonyms {each.name}" for each in purge.keys)]
