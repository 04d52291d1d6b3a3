"""``kcc vng``: the verdict on a protocol, and the file that VNG gets.

The verdict is that of the report. The file is made from the raw answers as checked,
with the weights of the analysis, in the mould of the user's own official template.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kcc_research.errors import (
    CallError,
    DataError,
    DefinitionError,
    problem,
)
from kcc_research.pipeline.store import Store
from kcc_research.pipeline.store.delivery import deliver
from kcc_research.pipeline.workspace import Workspace
from kcc_research.study.loading import load_study
from kcc_research.study.measurement import Source, Study

if TYPE_CHECKING:
    import pandas as pd

    from kcc_research.microdata.sav_template import SavTemplate, Unwritten
    from kcc_research.microdata.template_rows import TemplateRows
    from kcc_research.reporting.protocol import ProtocolVerdict

_MODES = {"web": 1, "paper": 2, "panel": 3}
_MADE_HERE = ("respondent", "gemnr", "jr", "kw", "veldwerkmodus", "weging")
"""What the measurement knows; an answer of the file goes before it."""

_INVENTED = "VERZONNEN GEGEVENS"
_HEADER = ("variabele", "onderwerp", "in het sjabloon", "in het bestand")


def verdict(workspace: Workspace, key: str) -> ProtocolVerdict:
    """Hold the measurement ``key`` against the protocol it declares.

    Before a first run only the definitions are looked at, and the verdict says so.
    Raises :class:`DefinitionError` (C004x) when it declares none.
    """
    from kcc_research.pipeline.results import load_results_of
    from kcc_research.reporting.protocol import judge_protocol

    study = load_study(workspace.root, key)
    try:
        estimates = load_results_of(workspace, key).estimates
    except DataError:
        estimates = None
    found = judge_protocol(study, estimates)
    if found is None:
        raise DefinitionError(problem("KCC-C004x", file=_definition(key)))
    return found


@dataclass(frozen=True, slots=True)
class Delivered:
    """The two files of a delivery, and what a person must know about them."""

    file: Path
    differences: Path
    rows: int
    measured: int
    notes: int


def export(store: Store, key: str, template: Path, to: Path) -> Delivered:
    """Write the file for VNG, and beside it what it lacks, to the folder ``to``.

    Raises the refusals of the raw file, of the template, and of the place.
    """
    from kcc_research.microdata.sav_template import (
        read_template,
        unwritten,
        write_like,
    )

    study = load_study(store.workspace.root, key)
    source = _source(study)
    mould = read_template(template)
    found, weights = _rows(store.workspace, study, source, mould)
    rows = _completed(study, found, weights)
    name = file_name(study)
    label = _INVENTED if study.measurement.synthetic else ""
    notes = list(_left_behind(mould, found, rows))

    def write_rows(path: Path) -> None:
        write_like(mould, rows, path, label)
        notes.extend(_lines(unwritten(mould, path)))

    # In this order: the second tells what the first could not hold.
    beside = name.replace(".sav", "-verschillen.csv")
    paths = deliver(store, to, {name: write_rows, beside: lambda _: _csv(notes)})
    return Delivered(paths[0], paths[1], len(rows), len(found.measured), len(notes))


def file_name(study: Study) -> str:
    """``BP-2019-1-Coevorden.sav``: year, number of the *peiling*, municipality."""
    declared = study.measurement
    number = declared.protocol.number if declared.protocol else 1
    plain = unicodedata.normalize("NFKD", study.place_name)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    place = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")
    return f"BP-{declared.fieldwork.end.year}-{number}-{place}.sav"


def _definition(key: str) -> str:
    return f"studies/{key}/measurement.toml"


def _source(study: Study) -> Source:
    """The source of the protocol, or the only survey there is."""
    declared = study.measurement.protocol_source
    if declared is not None:
        return declared
    surveys = [each for each in study.measurement.source if each.kind == "survey"]
    if len(surveys) != 1:
        raise CallError(problem("KCC-C004x", file=_definition(study.key)))
    return surveys[0]


def _rows(
    workspace: Workspace, study: Study, source: Source, mould: SavTemplate
) -> tuple[TemplateRows, np.ndarray]:
    """The answers in the codes of the mould, and a weight with mean 1 for each."""
    from kcc_research.estimation.study_design import study_design
    from kcc_research.microdata.cleaning import clean
    from kcc_research.microdata.survey import check_survey
    from kcc_research.microdata.template_rows import template_rows

    raw = workspace.raw(study.key)
    asked = study.questionnaires[source.id]
    # No pseudonyms: who is whom in an earlier wave is not for a delivery.
    unlinked = asked.model_copy(
        update={
            "question": tuple(
                each.model_copy(update={"link": False}) for each in asked.question
            )
        }
    )
    checked = check_survey(raw / source.file if source.file else raw, source, unlinked)
    responses = clean(checked, unlinked).responses
    weights = study_design(study, source.id, responses).weights
    return template_rows(checked, mould), weights / weights.mean()


def _completed(study: Study, found: TemplateRows, weights: np.ndarray) -> pd.DataFrame:
    """The rows with what the measurement knows; numbered anew, in file order."""
    measurement = study.measurement
    end = measurement.fieldwork.end
    code = measurement.municipality
    known: dict[str, Any] = {
        "respondent": np.arange(1.0, len(found.rows) + 1),
        "gemnr": float(code.removeprefix("GM")) if code else np.nan,
        "jr": float(end.year),
        "kw": float((end.month - 1) // 3 + 1),
        "veldwerkmodus": float(_MODES.get(measurement.fieldwork.mode, np.nan)),
        "weging": weights,
    }
    ours = {
        name: value
        for name, value in known.items()
        if name in found.rows and (name == "respondent" or name not in found.measured)
    }
    return found.rows.assign(**ours)


# --- what a reader of the delivery must know ------------------------------------------


def _left_behind(
    mould: SavTemplate, found: TemplateRows, rows: pd.DataFrame
) -> Iterator[tuple[str, str, str, str]]:
    for name in mould.names:
        if name in found.measured:
            wanted, asked = mould.labels.get(name) or "", found.measured[name]
            if " ".join(wanted.split()) != " ".join(asked.split()):
                yield name, "vraagtekst anders", wanted, asked
        elif name not in _MADE_HERE or rows[name].isna().all():
            yield name, "niet gemeten", mould.labels.get(name) or "", "leeg"
    yield from found.reworded
    for column, why in found.left_out.items():
        yield column, "niet geleverd", "", why


def _lines(found: list[Unwritten]) -> Iterator[tuple[str, str, str, str]]:
    for each in found:
        yield (
            each.variable,
            f"{each.what} niet over te nemen",
            each.template,
            each.written,
        )


def _csv(lines: list[tuple[str, str, str, str]]) -> bytes:
    from kcc_research.microdata.shown import formula_safe

    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEADER)
    writer.writerows([formula_safe(each) for each in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")
