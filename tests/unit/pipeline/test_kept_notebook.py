"""What is kept of a notebook that saw answers; in real kernels."""

import json
import os
from datetime import date

import nbformat
import pytest

from kcc_research.errors import PrivacyError
from kcc_research.pipeline.kept_notebook import kept, kept_log, refuse_rows
from kcc_research.pipeline.kernel import KernelRoom
from kcc_research.pipeline.notebook import Assignment, Failed, Limits, run_notebook
from kcc_research.pipeline.run_cells import cell_numbers

PARAMETERS = 'measurement: str = "a/b"'
SECRET = "Mevrouw Jansen was boos op mij"
NOTED = (
    "import pandas as pd\n"
    "from kcc_research.pipeline import person_rows\n"
    f"df = pd.DataFrame({{'cijfer': range(9), 'open': ['{SECRET}'] * 9}})\n"
    "person_rows.note(df, ['open'])"
)


@pytest.fixture(scope="module")
def room(ready_kernels):
    with KernelRoom() as opened:
        yield opened


@pytest.fixture
def run(tmp_path, tiny, room):
    def run_cells(*cells, stage="clean"):
        path = tmp_path / "proef.ipynb"
        tiny.write_notebook(path, (PARAMETERS, NOTED, *cells), "Proef")
        assignment = Assignment(
            path=path,
            shown="notebooks/proef.ipynb",
            parameters={"measurement": "x/y"},
            home=tmp_path,
            staging=tmp_path,
            stage=stage,
            published=date(2024, 3, 29),
            failed_folder="runs/1",
            environment=os.environ,
            limits=Limits(cell=60, total=120),
        )
        return run_notebook(room, assignment)

    return run_cells


# One notebook for all of them: a kernel takes a second to start.
SLIPS = (
    "print(df['open'][0])",
    "import sys; sys.stderr.write(df['open'][0])",
    "import warnings; warnings.warn(df['open'][0], stacklevel=1)",
    "import logging; logging.getLogger('x').warning('read %s', df['open'][0])",
    "import os; n = os.write(1, df['open'][0].encode())",
    "import subprocess; done = subprocess.run(['echo', df['open'][0]])",
    "df['open'][0]",
    "list(df['open'])",
    "{'said': df['open'][0]}",
    "df['open'].to_numpy()",
    "from IPython.display import Markdown, display; Markdown(df['open'][0])",
    "display({'text/plain': df['open'][0]}, raw=True)",
    "print(df.to_string())",
    "pd.DataFrame({'naam': df['open'].str.upper()})",
    "%pprint",
    "df.info()",
)
ROWS = ("df", "df.head(3)", "print(df)", "print(f'{df.cijfer}')", "display(df.open)")
SUMMARIES = ("len(df)", "df['cijfer'].describe()", "df.groupby('cijfer').size()")


def shown(notebook, position):
    """All outputs of a cell as text, counted from the first after the preparation."""
    cell = [each for each in notebook.cells if each.cell_type == "code"][position + 3]
    return json.dumps(cell["outputs"], ensure_ascii=False)


def test_what_a_notebook_lets_slip_is_not_kept(run):
    made = kept(run(*SLIPS), "clean")
    told = nbformat.writes(made)
    lines = [line for line in told.splitlines() if '"source"' not in line]
    outputs = [cell["outputs"] for cell in made.cells if cell.cell_type == "code"]
    text = json.dumps(outputs, ensure_ascii=False)
    assert lines and "jansen" not in text.casefold()
    assert "kcc_shown" not in text
    assert "[afgeschermd: str, 30 tekens]" in shown(made, SLIPS.index("df['open'][0]"))
    assert "[afgeschermd: tekst, 31 tekens]" in shown(made, 0)


def test_rows_of_persons_are_refused_with_their_cells(run):
    made = run(*SUMMARIES, *ROWS)
    text = json.dumps(
        [cell.get("outputs", []) for cell in made.cells], ensure_ascii=False
    )
    assert "Jansen" not in text
    assert "rijen van personen, 9 × 2" in text
    with pytest.raises(PrivacyError) as caught:
        refuse_rows(made, cell_numbers(made), "notebooks/proef.ipynb")
    found = caught.value.problems
    assert {each.code for each in found} == {"KCC-P004b"}
    assert [each.row for each in found] == ["7", "8", "9", "10", "11"]
    assert "9.0" in shown(made, 1)  # a summary is shown as it is


def test_a_failed_notebook_and_its_log_are_kept_masked(run):
    with pytest.raises(Failed) as caught:
        run("import os; n = os.write(2, df['open'][0].encode())", "df['open'][0] + 1")
    made = kept(caught.value.notebook, "clean")
    outputs = [cell.get("outputs", []) for cell in made.cells]
    assert "Jansen" not in json.dumps(outputs)
    assert b"Jansen" not in kept_log(caught.value.log)


def test_a_log_keeps_the_places_of_a_crash_and_no_other_words():
    log = (
        b"Fatal Python error: Segmentation fault\n\n"
        b'Current thread 0x1 (most recent call first):\n  File "a.py", line 3 in f\n'
        b"ArrowInvalid: could not parse 'Mevrouw Jansen'\n"
    )
    told = kept_log(log).decode()
    assert '  File "a.py", line 3 in f' in told
    assert "Segmentation fault" in told
    assert told.splitlines()[-1] == "[afgeschermd: regel, 46 tekens]"


def test_a_report_is_kept_as_it_is(run):
    made = run("print('x')", stage="report")
    assert kept(made, "report") is made
