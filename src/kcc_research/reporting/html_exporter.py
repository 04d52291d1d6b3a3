"""The HTML of a report: nbconvert's exporter with our own template (PUB-D2).

One self-contained file without scripts. Nothing of nbconvert's own markdown, pictures
or alt texts reaches it: everything comes from the records.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

import markupsafe
import nbformat
from nbconvert.exporters import TemplateExporter
from traitlets import Bool, default

from kcc_research.reporting import phrases
from kcc_research.reporting.content import Content, Text
from kcc_research.reporting.html_markup import (
    CONTENT_SECURITY_POLICY,
    prose,
    svg_uri,
)
from kcc_research.reporting.notebook_check import read

TEMPLATE = "kcc_html"
READ = "kcc_read"
"""Name among the resources of what :func:`read` made of the notebook, if known."""


@functools.lru_cache(maxsize=8)
def exporter(thread: int, *, draft: bool) -> HtmlReportExporter:
    """The exporter of a thread: it keeps its templates, compiled, for the next one.

    ``thread`` is the caller's own number: an exporter is not for two at a time.
    """
    return HtmlReportExporter(draft=draft)


class HtmlReportExporter(TemplateExporter):
    """``jupyter nbconvert --to kcc_html``, and JupyterLab's export menu.

    Not built on nbconvert's own exporter of HTML: that parses the finished page and
    writes it anew, to mend what our templates never leave to be mended.

    Raises OutputError with everything that is wrong, unless ``draft`` is set: then all
    that can be shown is shown, marked CONCEPT, the faults in front.
    """

    output_mimetype = "text/html"
    export_from_notebook = "Rapport (HTML)"

    # Of every step of nbconvert's own, the end is proof enough.
    optimistic_validation = Bool(True).tag(config=True)

    draft = Bool(False, help="Render a report with faults, marked as a draft").tag(
        config=True
    )

    def __init__(self, config: Any = None, **kw: Any) -> None:
        # The name must be there at construction: set later, it is ignored (PUB-F1).
        templates = Path(str(files("kcc_research"))) / "data" / "templates"
        kw |= {"template_name": TEMPLATE, "extra_template_basedirs": [str(templates)]}
        super().__init__(config, **kw)  # type: ignore[no-untyped-call]

    def _create_environment(self) -> Any:
        environment = super()._create_environment()  # type: ignore[no-untyped-call]
        environment.autoescape = True
        environment.globals |= {
            # Our own constant, between double quotes: its single ones stay readable.
            "content_security_policy": markupsafe.Markup(CONTENT_SECURITY_POLICY),
            "phrases": phrases,
        }
        return environment

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def default_filters(self) -> Iterable[tuple[str, Any]]:
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield "kcc_kind", lambda content: type(content).__name__
        yield "kcc_prose", _prose
        yield "kcc_svg_uri", svg_uri

    def from_notebook_node(  # type: ignore[override]
        self, nb: Any, resources: Any = None, **kw: Any
    ) -> tuple[str, Any]:
        given = dict(resources or {})
        found = given.pop(READ, None) or read(nb)
        given["report"] = found.ready(draft=self.draft)
        page, resources = super().from_notebook_node(bare(nb), given, **kw)
        del resources["report"]
        return f"{page}\n", resources


def bare(nb: Any) -> Any:
    """As many empty cells: a page is made of what was read, and nbconvert copies all.

    Its preprocessors thus see no outputs; a report has none that are not in the
    records.
    """
    empty = {"cell_type": "raw", "source": "", "metadata": {}}
    cells = [empty | {"id": f"cell-{number}"} for number in range(len(nb.cells))]
    return nbformat.from_dict(  # type: ignore[no-untyped-call]
        {"nbformat": 4, "nbformat_minor": 5, "metadata": nb.metadata, "cells": cells}
    )


def _prose(content: Content) -> markupsafe.Markup:
    """Running text; the one place where markup is taken as it is."""
    nodes = content.nodes if isinstance(content, Text) else ()
    return markupsafe.Markup(prose(nodes))
