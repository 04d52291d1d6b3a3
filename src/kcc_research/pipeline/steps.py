"""What notebooks call to read and write; they know keys and sources, never paths.

Reading gives only what a finished step made; when it is not there the notebook stops
with what to run first. Writing goes the same way in a run and by hand (:mod:`saving`).
"""

from __future__ import annotations

import functools
import io
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow.parquet as pq

from kcc_research.disclosure import protect
from kcc_research.disclosure.quotes import Quotation, Remarks, choose_quotes
from kcc_research.disclosure.record import disclosure_record
from kcc_research.disclosure.registry import EarlierTables, period
from kcc_research.disclosure.sensitivity import has_sensitive
from kcc_research.errors import (
    DataError,
    DefinitionError,
    PrivacyError,
    problem,
)
from kcc_research.estimation import tables
from kcc_research.microdata.municipalities import load_municipalities
from kcc_research.microdata.raw_table import FileFacts
from kcc_research.microdata.remarks import load_remarks
from kcc_research.microdata.survey import load_survey
from kcc_research.pipeline import (
    cleaning_log,
    keys,
    person_rows,
    review_list,
    saving,
)
from kcc_research.pipeline.account import Account, RawFile, SourceAccount, read_account
from kcc_research.pipeline.kernel_names import (
    ACCOUNT_FILE,
    STAGE_VARIABLE,
    STAGING_VARIABLE,
)
from kcc_research.pipeline.record import (
    canonical_json,
)
from kcc_research.pipeline.results import (
    PROTECTION,
    Results,
    load_results_of,
    read_table,
    require,
    unmade,
)
from kcc_research.pipeline.review_list import ReviewList
from kcc_research.pipeline.saving import StepFiles
from kcc_research.pipeline.workspace import find_workspace
from kcc_research.study.coding_scheme import QUOTATION
from kcc_research.study.loading import load_study
from kcc_research.study.measurement import Earlier, Study

if TYPE_CHECKING:
    from kcc_research.microdata.cleaning import Cleaned, CleaningLog
    from kcc_research.microdata.contacts import ContactRecords

QUOTES = "quotes.parquet"


@dataclass(frozen=True, slots=True)
class EarlierWave:
    """An earlier measurement: how it was declared, its definitions, its results."""

    declared: Earlier
    study: Study
    results: Results


@dataclass(frozen=True, slots=True)
class Saved:
    """What a saving call wrote, for the last cell of a notebook to show."""

    lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.lines)

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        return "\n".join(f"- {line}" for line in self.lines)


def load_measurement(key: str) -> Study:
    """The measurement ``key`` (``<owner>/<slug>``) of this workspace.

    Raises :class:`DefinitionError` with every fault of its files.
    """
    return load_study(find_workspace().root, key)


# --- cleaning -------------------------------------------------------------------------


def read_responses(study: Study, source: str) -> Cleaned:
    """Read and check the raw files of ``source``; nothing is written.

    Raises :class:`DataError` with every problem of the files, and
    :class:`PrivacyError` (P004) in a report, as do all that read or save answers.
    """
    _refuse_in_report("read_responses")
    declared = study.measurement.sources[source]
    secret = functools.partial(keys.obtain, study.key, find_workspace().root)
    asked = study.questionnaires[source]
    read = load_survey(_raw(study, source), declared, asked, secret)
    person_rows.note(read.responses, _of_persons(study, source))
    return read


def read_municipalities(study: Study, source: str) -> Cleaned:
    """Read and check a file in which every row is about a municipality.

    Of answers by municipalities one row each is kept; of mystery contacts and a desk
    scan all rows. Which municipalities there are depends on the day the fieldwork
    began. Raises :class:`DataError` with every problem of the files.
    """
    read = load_municipalities(
        _raw(study, source),
        study.measurement.sources[source],
        study.questionnaires[source],
        on=study.measurement.fieldwork.start,
        invented=study.measurement.synthetic,
    )
    person_rows.note(read.responses, _of_persons(study, source))
    return read


def read_remarks(study: Study, source: str) -> Cleaned:
    """Read and check coded fragments: one row per fragment, coder and theme.

    Raises :class:`DataError` with every problem of the files.
    """
    _refuse_in_report("read_remarks")
    declared = study.measurement.sources[source]
    read = load_remarks(_raw(study, source), declared, study.schemes[source])
    person_rows.note(read.responses, _of_persons(study, source))
    return read


def _of_persons(study: Study, source: str) -> tuple[str, ...]:
    """The columns with open answers and pseudonyms; names of norms are neither."""
    if source in study.schemes:
        return (QUOTATION,)
    asked = study.questionnaires[source].question
    return tuple(
        each.id
        for each in asked
        if each.type in ("text", "identifier") and each.role in (None, "person")
    )


def _raw(study: Study, source: str) -> Path:
    """The raw file of a source, or the folder with its files."""
    declared = study.measurement.sources[source]
    folder = find_workspace().raw(study.key)
    return folder / declared.file if declared.file else folder


def save_responses(study: Study, source: str, cleaned: Cleaned) -> Saved:
    """Save checked answers, and every change that was made to get them.

    Of remarks also the list of words from which a person chooses what is printed.
    """
    _refuse_in_report("save_responses")
    rows = cleaned.responses
    facts = _facts(source, cleaned, cleaned.facts, len(rows), rows.shape[1])
    to_read = review_list.of(cleaned, source) if source in study.schemes else None
    return _save_source(study, source, _parquet(rows), facts, cleaned.log, to_read)


def _save_source(
    study: Study,
    source: str,
    content: bytes | Path,
    facts: SourceAccount,
    log: CleaningLog,
    to_read: ReviewList | None = None,
) -> Saved:
    """Save one cleaned source: its rows, its facts, its part of the log."""
    workspace = find_workspace()
    frame = log.frame
    own = [{cleaning_log.SOURCE: source, **row} for row in _text_rows(frame)]
    files: dict[str, bytes | Path] = {
        f"{source}.parquet": content,
        f"{source}.json": canonical_json(asdict(facts)),
        cleaning_log.NAME: cleaning_log.as_csv(own, list(frame.columns)),
    }
    if to_read is not None:
        files[to_read.name] = to_read.content
    made = StepFiles(f"clean-{source}", files, shared=frozenset({cleaning_log.NAME}))
    saving.save(workspace, study.key, made)
    folder = workspace.relative(workspace.processed(study.key))
    return Saved(
        (
            f"{folder}/{source}.parquet: {facts.rows} rijen, {facts.columns} kolommen",
            f"{folder}/{cleaning_log.NAME}: {len(own)} wijzigingen in deze bron",
            *([f"{folder}/{to_read}"] if to_read is not None else ()),
        )
    )


def load_responses(study: Study, source: str) -> pd.DataFrame:
    """Checked answers of ``source``: one row per respondent.

    Raises :class:`DataError` (D039a) when the source was not cleaned yet.
    """
    _refuse_in_report("load_responses")
    workspace = find_workspace()
    require(workspace, study.key, f"clean-{source}")
    rows = read_table(workspace.processed(study.key) / f"{source}.parquet")
    person_rows.note(rows, _of_persons(study, source))
    return rows


def _facts(
    source: str,
    cleaned: Cleaned | ContactRecords,
    files: Iterable[FileFacts],
    rows: int,
    columns: int,
) -> SourceAccount:
    return SourceAccount(
        id=source,
        files=tuple(
            RawFile(PurePosixPath(each.file).name, each.sha256, each.size, each.rows)
            for each in files
        ),
        rows=rows,
        columns=columns,
        changes=dict(Counter(each.rule for each in cleaned.log.changes)),
        warnings=tuple(
            each.title for each in cleaned.problems if each.severity == "warning"
        ),
    )


# --- registrations --------------------------------------------------------------------


def read_contacts(study: Study, source: str) -> ContactRecords:
    """Read and check the raw files of a registration; nothing is saved.

    Raises :class:`DataError` with every problem of the files.
    """
    from kcc_research.microdata import contacts

    _refuse_in_report("read_contacts")
    declared = study.measurement.sources[source]
    return contacts.read_contacts(_raw(study, source), declared, study.layouts[source])


def save_contacts(study: Study, source: str, records: ContactRecords) -> Saved:
    """Save the records that were kept, and what was left out."""
    _refuse_in_report("save_contacts")
    columns = len(pq.read_schema(records.path))
    kept = records.kept
    facts = _facts(source, records, kept.facts, kept.records, columns)
    return _save_source(study, source, records.path, facts, records.log)


def load_contacts(study: Study, source: str) -> Path:
    """The saved records of a registration, for ``estimate_contacts``.

    A file, not a frame: there may be millions. Raises :class:`DataError` (D039a) when
    the source was not cleaned yet.
    """
    _refuse_in_report("load_contacts")
    workspace = find_workspace()
    require(workspace, study.key, f"clean-{source}")
    return workspace.processed(study.key) / f"{source}.parquet"


def _text_rows(log: pd.DataFrame) -> list[dict[str, str]]:
    texts = log.astype(object).where(log.notna(), "").map(str)
    return [{str(k): v for k, v in row.items()} for row in texts.to_dict("records")]


# --- results --------------------------------------------------------------------------


def save_results(
    study: Study,
    estimates: pd.DataFrame,
    comparisons: pd.DataFrame,
    verdicts: pd.DataFrame,
    *,
    remarks: Remarks | None = None,
) -> Saved:
    """Protect the three tables and save what may be published of them.

    ``remarks``: per source the coded fragments from which quotes.toml chose words to
    print. Nothing unprotected is ever written (DESIGN §2).
    """
    _refuse_in_report("save_results")
    earlier = _overlapping(study)
    safe = protect(study, estimates, comparisons, verdicts, earlier=earlier)
    found = {
        "estimates": tables.tidy(safe.estimates, tables.ESTIMATE_COLUMNS),
        "comparisons": tables.tidy(safe.comparisons, tables.COMPARISON_COLUMNS),
        "verdicts": tables.tidy(safe.verdicts, tables.VERDICT_COLUMNS),
    }
    record = disclosure_record(study.measurement.disclosure, safe)
    protection = {"schema_version": tables.SCHEMA_VERSION, **record}
    files = {f"results/{name}.parquet": _parquet(each) for name, each in found.items()}
    files[f"results/{PROTECTION}"] = canonical_json(protection)
    quotes = choose_quotes(study, remarks or {})
    if quotes:
        frame = pd.DataFrame(quotes, columns=list(Quotation._fields), dtype="str")
        files[f"results/{QUOTES}"] = _parquet(frame)
    workspace = find_workspace()
    saving.save(workspace, study.key, StepFiles("analyse", files))
    folder = workspace.relative(workspace.results(study.key))
    return Saved(
        (
            *(f"{folder}/{n}.parquet: {len(each)} rijen" for n, each in found.items()),
            *[f"{folder}/{QUOTES}: {len(quotes)} citaten"] * bool(quotes),
            f"{safe.suppressed} van {safe.tested} uitkomsten afgeschermd",
            *safe.notices,
        )
    )


def _overlapping(study: Study) -> list[EarlierTables]:
    """What is published of earlier measurements that may hold the same people."""
    workspace = find_workspace()
    found = []
    for declared in study.measurement.earlier if has_sensitive(study) else ():
        key = declared.measurement
        before = load_study(workspace.root, key)
        if period(study.measurement, before.measurement):
            found.append(
                EarlierTables(before, load_results_of(workspace, key).estimates)
            )
    return found


def load_results(study: Study) -> Results:
    """The protected tables of ``study``: the only numbers a report may read.

    Raises :class:`DataError` (D039a) when the analysis was not run yet.
    """
    return load_results_of(find_workspace(), study.key)


def load_earlier(study: Study) -> tuple[EarlierWave, ...]:
    """The measurements named under [[earlier]], in that order, with their results.

    Raises :class:`DataError` (D039a) naming every one that has no results yet.
    """
    workspace = find_workspace()
    declared = study.measurement.earlier
    missing = [
        found
        for each in declared
        if (found := unmade(workspace, each.measurement, "analyse")) is not None
    ]
    if missing:
        raise DataError(missing)
    return tuple(
        EarlierWave(
            each,
            load_study(workspace.root, each.measurement),
            load_results_of(workspace, each.measurement),
        )
        for each in declared
    )


def load_quotes(study: Study) -> tuple[Quotation, ...]:
    """Words of respondents that may be printed, by theme; most studies have none.

    Raises :class:`DataError` (D039a) when the analysis was not run yet.
    """
    workspace = find_workspace()
    require(workspace, study.key, "analyse")
    path = workspace.results(study.key) / QUOTES
    if not path.is_file():
        return ()
    return tuple(Quotation(*row) for row in read_table(path).itertuples(index=False))


def load_logo(study: Study) -> bytes | None:
    """The logo beside the measurement file (SVG or PNG), if one is declared."""
    logo = study.measurement.report.logo
    if logo is None:
        return None
    workspace = find_workspace()
    path = workspace.study(study.key) / logo
    if not path.is_file():
        folder = workspace.relative(path.parent)
        raise DefinitionError(
            problem("KCC-C010a", file=workspace.relative(path), folder=folder)
        )
    return path.read_bytes()


# --- the report -----------------------------------------------------------------------


def load_account(study: Study) -> Account:
    """What the *verantwoording* prints: files, cleaning, code and versions.

    In a run it is ``inputs.json`` as it was frozen; by hand it is made on the spot.
    """
    staging = os.environ.get(STAGING_VARIABLE)
    if staging:
        return read_account((Path(staging) / ACCOUNT_FILE).read_bytes())
    from kcc_research.pipeline.freezing import account_by_hand

    return account_by_hand(find_workspace(), study)


# --- helpers --------------------------------------------------------------------------


def _refuse_in_report(name: str) -> None:
    """A report never sees a person's row, and changes no result (DESIGN §2)."""
    if os.environ.get(STAGE_VARIABLE) == "report":
        raise PrivacyError(problem("KCC-P004", value=f"kcc.{name}"))


def _parquet(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer, engine="pyarrow", index=False)
    return buffer.getvalue()
