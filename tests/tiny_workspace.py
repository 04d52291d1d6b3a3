"""A whole workspace in miniature: one question, twelve answers, three notebooks.

Loaded by the conftest files of tests that run the pipeline; it writes to the folder it
is given and nowhere else.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

KEY = "xx-teststad/2024-meting"
EARLIER = "xx-teststad/2023-meting"

MEASUREMENT = """\
title = "Proefmeting"
study = "experience"
place = "Teststad"
wave = {wave}
synthetic = true
published = {year}-03-29
retain_until = 2030-12-31
commissioner = "Gemeente Teststad"
status = "definitief"
[fieldwork]
start = {year}-01-08
end = {year}-02-04
mode = "web"
recruitment = "random-sample"
[[source]]
id = "algemeen"
kind = "survey"
file = "algemeen.csv"
format = {{ delimiter = ";", decimal = ",", encoding = "utf-8" }}
questionnaire = "algemeen.toml"
invited = 100
"""

AFTER_EARLIER = """\
[[earlier]]
measurement = "xx-teststad/2023-meting"
comparable = false
reason = "Andere vraag."
"""

QUESTIONNAIRE = """\
title = "Vragenlijst"
population = "inwoners"
[[question]]
id = "cijfer"
column = "v1"
text = "Welk cijfer geeft u?"
type = "grade"
range = [1, 10]
direction = "higher_is_better"
sensitive = false
[[indicator]]
id = "rapportcijfer"
question = "cijfer"
label = "Rapportcijfer"
statistic = "mean"
"""

GRADES = (7, 8, 6, 7, 5, 9, 7, 6, 8, 7, 4, 7)

CLEAN = (
    'measurement: str = "xx-teststad/2024-meting"\nsource: str = "algemeen"',
    "from kcc_research.pipeline import steps\nm = steps.load_measurement(measurement)",
    "responses = steps.read_responses(m, source)",
    "steps.save_responses(m, source, responses)",
)
ANALYSE = (
    'measurement: str = "xx-teststad/2024-meting"\nseed: int = 1',
    "import pandas as pd\nfrom kcc_research.pipeline import steps\n"
    "from kcc_research.estimation import tables\n"
    "m = steps.load_measurement(measurement)",
    'answers = steps.load_responses(m, "algemeen")["cijfer"]',
    "row = {'measurement': m.key, 'source': 'algemeen', 'indicator': 'rapportcijfer',"
    " 'statistic': 'mean', 'by': 'totaal', 'group': 'totaal',"
    " 'estimate': answers.mean(), 'n': len(answers), 'base': 'inwoners',"
    " 'weighted': False, 'uncertainty': 'none', 'method': 'mean',"
    " 'status': 'published'}\n"
    "estimates = tables.tidy(pd.DataFrame([row]), tables.ESTIMATE_COLUMNS)",
    "steps.save_results(m, estimates, tables.empty_comparisons(),"
    " tables.empty_verdicts())",
)
REPORT = (
    'measurement: str = "xx-teststad/2024-meting"',
    "from kcc_research import dutch\n"
    "from kcc_research.pipeline import steps\n"
    "from kcc_research.reporting import document as kcc\n"
    "m = steps.load_measurement(measurement)\n"
    "estimates, comparisons, verdicts = steps.load_results(m)\n"
    "account = steps.load_account(m)",
    "kcc.title(m)",
    'kcc.text(f"## Samenvatting\\n\\nHet rapportcijfer is een'
    " {dutch.grade(estimates['estimate'][0])}.\")",
    'kcc.text(f"## Verantwoording\\n\\nEr zijn {account.sources[0].rows} antwoorden.")',
)


def make_workspace(root: Path, *, with_earlier: bool = False) -> Path:
    """A workspace with one measurement, or with its predecessor as well."""
    for name, sources, intro in (
        ("10_clean_survey", CLEAN, "Opschonen"),
        ("20_analyse_experience", ANALYSE, "Analyseren"),
        ("30_report_experience", REPORT, "Rapporteren"),
    ):
        write_notebook(root / "notebooks" / f"{name}.ipynb", sources, intro)
    add_measurement(root, KEY, 2024, AFTER_EARLIER if with_earlier else "")
    if with_earlier:
        add_measurement(root, EARLIER, 2023)
    (root / "requirements.lock").write_text("pandas==3.1.1\n")
    return root


def add_measurement(root: Path, key: str, year: int, extra: str = "") -> None:
    """Definitions and raw answers of one measurement."""
    study, raw = root / "studies" / key, root / "data" / "raw" / key
    study.mkdir(parents=True)
    raw.mkdir(parents=True)
    text = MEASUREMENT.format(wave=year - 2023, year=year) + extra
    (study / "measurement.toml").write_text(text)
    (study / "algemeen.toml").write_text(QUESTIONNAIRE)
    write_grades(root, key, GRADES)


def write_grades(root: Path, key: str, grades: tuple[Any, ...]) -> None:
    """Raw answers: one column, one grade a row."""
    lines = "\n".join(str(each) for each in ("v1", *grades))
    (root / "data" / "raw" / key / "algemeen.csv").write_text(f"{lines}\n")


def write_notebook(path: Path, sources: tuple[str, ...], intro: str) -> None:
    """A notebook without outputs: an intern introduction, parameters, code."""
    cells: list[dict[str, Any]] = [_markdown("intro", f"# {intro}", "intern")]
    cells += [
        _code(f"cell-{n}", source, *(["parameters"] if n == 0 else []))
        for n, source in enumerate(sources)
    ]
    content = {
        "cells": cells,
        "metadata": {
            "kernelspec": {
                "display_name": "Python 3",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1))


def edit_cell(path: Path, number: int, source: str) -> None:
    """Replace the source of a cell, counted from 1."""
    content = json.loads(path.read_text())
    content["cells"][number - 1]["source"] = source
    path.write_text(json.dumps(content, indent=1))


def _markdown(name: str, source: str, *tags: str) -> dict[str, Any]:
    return {
        "cell_type": "markdown",
        "id": name,
        "metadata": {"tags": list(tags)},
        "source": source,
    }


def _code(name: str, source: str, *tags: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": {"tags": list(tags)},
        "outputs": [],
        "source": source,
    }
