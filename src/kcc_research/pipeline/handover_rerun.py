"""Of a handover: where the raw files come from, and how to make the report again."""

from __future__ import annotations

from collections.abc import Iterator

from kcc_research import dutch
from kcc_research.pipeline.account import Account, RawFile, read_account
from kcc_research.pipeline.kernel_names import ACCOUNT_FILE
from kcc_research.pipeline.record import sha256_of_file
from kcc_research.pipeline.workspace import Workspace
from kcc_research.reporting.handover_page import Section
from kcc_research.study.measurement import Study

_SHOWN = 12


def raw_files(workspace: Workspace, key: str, study: Study | None) -> Section:
    """What was received, as far as the last report told; from whom, or to fill in."""
    account = _account(workspace, key)
    files = [file for each in account.sources for file in each.files] if account else []
    facts = [(each.name, _file_words(each)) for each in files]
    declared = study.measurement.source if study is not None else ()
    if not facts:
        facts = [(each.pattern, f"bron {each.id}") for each in declared]
    facts += [
        (f"Bron {each.id}", dutch.capitalised(each.delivery.words))
        for each in declared
        if each.delivery is not None
    ]
    is_told = declared and all(each.delivery is not None for each in declared)
    unknown = "Van wie, langs welke weg en volgens welke afspraak ze komen:"
    return Section(
        "Bronbestanden",
        sentences=(
            f"Ze horen in data/raw/{key}, zoals ze zijn ontvangen, en staan niet in "
            "versiebeheer. Het controlegetal is het begin van de sha256.",
        ),
        facts=facts,
        blanks=() if is_told else (unknown,),
    )


def _file_words(file: RawFile) -> str:
    return (
        f"{dutch.counted(file.rows, 'regel', 'regels')}, "
        f"{dutch.number(file.bytes)} bytes, controlegetal {file.sha256[:_SHOWN]}"
    )


def how(workspace: Workspace, key: str) -> Section:
    """The commands in their order, and what the report that stands was made with."""
    return Section(
        "Opnieuw maken",
        sentences=(
            "Met een verse kopie van het project en de bronbestanden terug op hun "
            "plaats geven deze regels hetzelfde rapport, byte voor byte. Wat al is "
            "uitgegeven blijft met rust; --reopen haalt dat weg.",
        ),
        facts=list(_environment(workspace, key)),
        lines=(
            "pip install --require-hashes -r requirements.lock",
            f"kcc check {key}",
            f"kcc run {key}",
            f"kcc verify {key} --rerun",
            f"kcc status {key}",
        ),
    )


def _environment(workspace: Workspace, key: str) -> Iterator[tuple[str, str]]:
    lock = workspace.lock_file
    now = sha256_of_file(lock)[:_SHOWN] if lock.is_file() else ""
    account = _account(workspace, key)
    if account is None:
        yield "Rapport", "er is nog geen rapport gepubliceerd"
    else:
        python = account.software.get("Python", "")
        package = account.software.get("kcc-research", "")
        yield "Gemaakt met", f"Python {python}, kcc_research {package}"
        yield "Versies (requirements.lock) toen", account.lock_sha256[:_SHOWN]
    if now:
        yield "Versies (requirements.lock) nu", now


def _account(workspace: Workspace, key: str) -> Account | None:
    try:
        return read_account((workspace.output(key) / ACCOUNT_FILE).read_bytes())
    except (OSError, ValueError, KeyError, TypeError):
        return None
