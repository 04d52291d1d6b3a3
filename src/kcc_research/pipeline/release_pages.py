"""The pages of a release beside the report: about it, and what was checked on it."""

from __future__ import annotations

from collections.abc import Mapping

import nbformat

from kcc_research import dutch
from kcc_research.errors import OutputError
from kcc_research.pipeline.release_note import NOTE
from kcc_research.pipeline.release_package import CRATE, Facts
from kcc_research.reporting import (
    accessibility,
    citation,
    html_gate,
    pdf_gate,
    phrases,
    release_page,
)
from kcc_research.reporting.accessibility import Evidence
from kcc_research.reporting.release_page import ReleasePage


def described(facts: Facts, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """``files`` with the pages about them.

    Both gates judge the report once more, as it goes out: what the page of evidence
    says was done then, was done. Raises :class:`OutputError` with what they refuse.
    """
    found = facts.citation
    with_more = {
        **files,
        citation.FILE: found.cff(),
        accessibility.FILE: _evidence(facts, files).encode(),
    }
    sizes = {name: len(content) for name, content in with_more.items()}
    declared = facts.study.measurement
    about = ReleasePage(
        citation=found,
        status=phrases.STATUS[declared.status],
        contact=declared.report.contact or "",
        corrections=declared.correction,
        sizes={**sizes, NOTE: 0, CRATE: 0},
        synthetic=declared.synthetic,
    )
    return {**with_more, release_page.FILE: release_page.render(about).encode()}


def _evidence(facts: Facts, files: Mapping[str, bytes]) -> str:
    page, paper = files["report.html"].decode(), files["report.pdf"]
    notebook = nbformat.reads(  # type: ignore[no-untyped-call]
        files["report.ipynb"].decode(), as_version=4
    )
    found = [*html_gate.check(page, notebook), *pdf_gate.check(paper, notebook)]
    refused = [each for each in found if each.severity == "error"]
    if refused:
        raise OutputError(refused)
    return accessibility.render(
        Evidence(
            title=facts.title,
            released=dutch.long_date(facts.released),
            version=facts.number,
            html=page,
            pdf=paper,
            contact=facts.study.measurement.report.contact or "",
            software=facts.account.software,
        )
    )
