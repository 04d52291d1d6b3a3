"""The notebook contract (STYLE §6, N1–N5), over every notebook of the project.

Each rule is a function that yields what is wrong with one notebook. The second half
of this module breaks a good notebook on purpose, once for each rule.
"""

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import nbformat
import papermill
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import kcc_research
from kcc_research.reporting import chapters, review
from kcc_research.study.contact_indicator import CONTACT_INDICATORS
from kcc_research.study.loading import load_study
from kcc_research.study.measurement_key import list_keys
from kcc_research.study.text_slots import TEXT_SLOTS

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LONGEST = 40
SIMPLE_TYPES = {"str", "int", "float", "bool", "list[int]"}
SHOWS = {"title", "text", "table", "figure", "quote"}
ALLOWED_PACKAGES = {"kcc_research", "seaborn", "matplotlib"}
FORBIDDEN_NAMES = {"open", "exec", "eval", "print", "display", "get_ipython", "input"}
FORBIDDEN_ATTRIBUTES = {
    "filterwarnings",
    "simplefilter",
    "savefig",
    "read_csv",
    "read_excel",
    "read_parquet",
    "read_spss",
    "to_csv",
    "to_excel",
    "to_html",
    "to_parquet",
}
FORBIDDEN_SYNTAX = {
    ast.FunctionDef: "def",
    ast.AsyncFunctionDef: "def",
    ast.ClassDef: "class",
    ast.Try: "try",
    ast.TryStar: "try",
    ast.Global: "global",
}
PATH = re.compile(
    r"^(?:/|~|\.{1,2}/|[A-Za-z]:\\)"
    r"|(?:^|/)(?:data|outputs|studies|notebooks)/"
    r"|\.(?:csv|gz|html|ipynb|json|md|parquet|pdf|png|sav|svg|toml|txt|xlsx|zip)$"
)


def stage(name: str) -> str:
    """What the tens of a notebook's name stand for."""
    stages = {"0": "start", "1": "clean", "2": "analyse", "3": "report"}
    return stages.get(name[:1], "unknown")


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def trees(notebook: NotebookNode) -> Iterator[tuple[int, ast.Module]]:
    """Number and syntax tree of each code cell that is Python."""
    for number, cell in enumerate(code_cells(notebook), start=1):
        try:
            yield number, ast.parse(cell.source)
        except SyntaxError:
            continue  # reported by only_python


def only_python(name: str, notebook: NotebookNode) -> Iterator[str]:
    parsed = {number for number, _ in trees(notebook)}
    for number, _ in enumerate(code_cells(notebook), start=1):
        if number not in parsed:
            yield f"code cell {number}: a magic, or not Python"


def opens_with_prose(name: str, notebook: NotebookNode) -> Iterator[str]:
    """N1: question, what it reads, what it writes; *intern* in a report."""
    first = notebook.cells[0]
    if first.cell_type != "markdown":
        yield "cell 1 is not markdown"
        return
    for word in ("leest", "schrijft"):
        if word not in first.source.lower():
            yield f"cell 1 does not say what it {word}"
    if "tags" in first.metadata and "intern" in first.metadata.tags:
        return
    if stage(name) == "report":
        yield "cell 1 of a report lacks the tag intern"


def one_title(name: str, notebook: NotebookNode) -> Iterator[str]:
    """N1: in a report ``kcc.title`` makes the only h1."""
    if stage(name) != "report":
        return
    for number, cell in enumerate(notebook.cells, start=1):
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "markdown" and "intern" not in tags:
            if re.search(r"(?m)^# |^=+$", cell.source):
                yield f"cell {number} makes an h1"
    titles = [
        node
        for _, tree in trees(notebook)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "kcc.title"
    ]
    if len(titles) != 1:
        yield f"kcc.title is called {len(titles)} times"


def parameters(notebook: NotebookNode) -> list[ast.AnnAssign]:
    """The parameters that the first code cell declares."""
    _, tree = next(trees(notebook))
    return [each for each in tree.body if isinstance(each, ast.AnnAssign)]


def comments(source: str) -> dict[int, str]:
    """Line number → comment."""
    return {
        token.start[0]: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }


def declares_parameters(name: str, notebook: NotebookNode) -> Iterator[str]:
    """N1: the first code cell holds annotated literals and nothing else."""
    cells = code_cells(notebook)
    tagged = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    if tagged != cells[:1]:
        yield "the first code cell, and only that, carries the tag parameters"
    _, tree = next(trees(notebook))
    said = comments(cells[0].source)
    for each in tree.body:
        yield from parameter_problems(each, said)
    names = [ast.unparse(each.target) for each in parameters(notebook)]
    wanted = ["measurement", "source"] if stage(name) == "clean" else ["measurement"]
    if names[: len(wanted)] != wanted:
        yield f"parameters begin with {', '.join(wanted)}, not {', '.join(names)}"


def parameter_problems(node: ast.stmt, said: dict[int, str]) -> Iterator[str]:
    """L2–L4: what papermill's inspection would drop or cut off without a word."""
    line = ast.unparse(node)
    if not isinstance(node, ast.AnnAssign) or node.value is None:
        yield f"parameters: {line!r} is not an annotated literal"
        return
    if ast.unparse(node.annotation) not in SIMPLE_TYPES:
        yield f"parameters: {line!r} has a type that papermill does not read"
    try:
        value = ast.literal_eval(node.value)
    except ValueError:
        yield f"parameters: {line!r} is not an annotated literal"
        return
    if re.search("[#=]", str(value)):
        yield f"parameters: {line!r} has a # or = in its default"
    comment = said.get(node.lineno, "")
    if not comment:
        yield f"parameters: {line!r} has no comment"
    if "=" in comment:
        yield f"parameters: {line!r} has an = in its comment"


def loads_the_measurement(name: str, notebook: NotebookNode) -> Iterator[str]:
    """N2: the second code cell imports, and loads the measurement as ``m``."""
    for number, tree in trees(notebook):
        imports = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        for node in imports:
            yield from import_problems(number, node)
        lines = {ast.unparse(node) for node in tree.body}
        if number == 2:
            for wanted in (
                "import kcc_research as kcc",
                "m = kcc.load_measurement(measurement)",
            ):
                if wanted not in lines:
                    yield f"code cell 2 lacks {wanted!r}"


def import_problems(number: int, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    modules = (
        [alias.name for alias in node.names]
        if isinstance(node, ast.Import)
        else [node.module or ""]
    )
    for module in modules:
        if module.partition(".")[0] not in ALLOWED_PACKAGES:
            yield f"code cell {number} imports {module}"
        if module.startswith("kcc_research") and (
            ast.unparse(node) != "import kcc_research as kcc"
        ):
            yield f"code cell {number} imports past the top level: {ast.unparse(node)}"
    if number != 2:
        yield f"code cell {number} imports; that belongs in code cell 2"


def thin_cells(name: str, notebook: NotebookNode) -> Iterator[str]:
    """N3: no definitions, no exceptions caught, no files, no paths."""
    for number, tree in trees(notebook):
        for node in ast.walk(tree):
            for each in thickness(node, is_parameters=number == 1):
                yield f"code cell {number}: {each}"


def thickness(node: ast.AST, *, is_parameters: bool) -> Iterator[str]:
    if type(node) in FORBIDDEN_SYNTAX:
        yield FORBIDDEN_SYNTAX[type(node)]
    elif isinstance(node, ast.Name) and node.id in FORBIDDEN_NAMES:
        yield node.id
    elif isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_ATTRIBUTES:
        yield node.attr
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        if PATH.search(node.value) and not is_parameters:
            yield f"path {node.value!r}"


def kcc_names(notebook: NotebookNode) -> list[str]:
    """Every name of the package that the notebook uses, in order."""
    return [
        node.attr
        for _, tree in trees(notebook)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "kcc"
    ]


def public_names_only(name: str, notebook: NotebookNode) -> Iterator[str]:
    """N4: the top level of kcc_research, and nothing that is not in ``__all__``."""
    for each in sorted(set(kcc_names(notebook)) - set(kcc_research.__all__)):
        yield f"kcc.{each} is not public"


def ends_by_saving(name: str, notebook: NotebookNode) -> Iterator[str]:
    """N4: cleaning and analysis end with the one call that saves."""
    if stage(name) not in ("clean", "analyse"):
        return
    saves = [each for each in kcc_names(notebook) if each.startswith("save")]
    _, last = list(trees(notebook))[-1]
    if len(saves) != 1 or f"kcc.{saves[0]}(" not in ast.unparse(last.body[-1]):
        yield "does not end with its one saving call"


def starts_without_saving(name: str, notebook: NotebookNode) -> Iterator[str]:
    """A guided tour changes nothing: whoever tries things out can break nothing."""
    if stage(name) == "start":
        for each in kcc_names(notebook):
            if each.startswith("save"):
                yield f"a start notebook does not use kcc.{each}"


def shows_by_helpers(name: str, notebook: NotebookNode) -> Iterator[str]:
    """N4: a report shows things through the five helpers only, and saves nothing."""
    if stage(name) != "report":
        return
    for each in kcc_names(notebook):
        if each.startswith("save") or "responses" in each:
            yield f"a report does not use kcc.{each}"
    for number, tree in trees(notebook):
        last = tree.body[-1] if tree.body else None
        if isinstance(last, ast.Expr) and not is_helper(last.value):
            yield f"code cell {number} shows {ast.unparse(last.value)}"


def is_helper(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in {
        f"kcc.{each}" for each in SHOWS
    }


def is_not_too_long(name: str, notebook: NotebookNode) -> Iterator[str]:
    if len(notebook.cells) > LONGEST:
        yield f"has {len(notebook.cells)} cells"


REGISTRATION = {"afspraak", "kanaal", "product"}
"""Groups of every registration; a survey may ask for them under the same name."""


@cache
def own_names() -> frozenset[str]:
    """What the demonstration studies call their own parts."""
    found = set()
    for key in list_keys(ROOT):
        study = load_study(ROOT, key)
        found |= {*study.measurement.sources, *chapters.list_dimensions(study)}
        for each in study.questionnaires.values():
            found |= {*each.questions, *each.indicators, *each.filters}
            found |= {question.theme for question in each.question}
    ours = {each.id for each in CONTACT_INDICATORS} | REGISTRATION | {*TEXT_SLOTS}
    return frozenset(found - ours - {*review.CHAPTERS, ""})


def names_no_study(name: str, notebook: NotebookNode) -> Iterator[str]:
    """What a study calls its sources, outcomes and themes comes from the study.

    The guided tour is about one study.
    """
    if stage(name) == "start":
        return
    for number, tree in list(trees(notebook))[1:]:
        words = {  # of whom marks are told is a word in a sentence, no name
            id(word)
            for call in ast.walk(tree)
            if isinstance(call, ast.Call)
            and ast.unparse(call.func) == "kcc.describe_marks"
            for word in call.args
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and id(node) not in words:
                if node.value in own_names():
                    yield f"code cell {number} names '{node.value}' of one study"


RULES = (
    only_python,
    opens_with_prose,
    one_title,
    declares_parameters,
    loads_the_measurement,
    thin_cells,
    public_names_only,
    ends_by_saving,
    starts_without_saving,
    shows_by_helpers,
    is_not_too_long,
    names_no_study,
)


def stored_problems(notebook: NotebookNode) -> Iterator[str]:
    """N5: what may not be in git, and the kernel that must be (L8)."""
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.get("outputs"):
            yield f"cell {number} has outputs"
        if cell.get("execution_count") is not None:
            yield f"cell {number} has an execution count"
    if "papermill" in notebook.metadata:
        yield "metadata of a run"
    if not notebook.metadata.get("kernelspec", {}).get("name"):
        yield "no kernel"


def problems(name: str, notebook: NotebookNode) -> list[str]:
    return [each for rule in RULES for each in rule(name, notebook)]


def as_stored(path: Path) -> str:
    """The notebook as git holds it; the file itself outside a checkout."""
    if (ROOT / ".git").exists():
        name = path.relative_to(ROOT).as_posix()
        done = subprocess.run(
            ["git", "show", f":{name}"], cwd=ROOT, capture_output=True, check=False
        )
        if done.returncode == 0:
            return done.stdout.decode("utf-8")
    return path.read_text(encoding="utf-8")


def rows_of_readme() -> dict[str, list[str]]:
    """Notebook → the cells of its row in notebooks/README.md."""
    content = (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in content.splitlines()
        if re.match(r"\| *\[?`", line)
    ]
    return {re.findall(r"`([^`]+)`", row[0])[0]: row[1:] for row in rows}


def test_there_are_notebooks_of_every_stage():
    assert {stage(path.name) for path in NOTEBOOKS} >= {"clean", "analyse", "report"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestEveryNotebook:
    def test_it_obeys_the_contract(self, path):
        assert problems(path.name, nbformat.read(path, as_version=4)) == []

    def test_it_is_stored_without_outputs(self, path):
        stored = nbformat.reads(as_stored(path), as_version=4)
        assert list(stored_problems(stored)) == []

    def test_it_is_a_valid_notebook_with_cell_ids(self, path):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        identifiers = [cell.id for cell in notebook.cells]
        assert len(set(identifiers)) == len(identifiers)

    def test_papermill_reads_the_parameters_as_they_are_written(self, path):
        found = papermill.inspect_notebook(str(path))
        declared = parameters(nbformat.read(path, as_version=4))
        assert {name: each["inferred_type_name"] for name, each in found.items()} == {
            ast.unparse(each.target): ast.unparse(each.annotation) for each in declared
        }
        for each in declared:
            default = found[ast.unparse(each.target)]["default"]
            assert ast.literal_eval(default) == ast.literal_eval(each.value)

    def test_its_defaults_are_a_demonstration_measurement(self, path):
        first = parameters(nbformat.read(path, as_version=4))[0]
        key = ast.literal_eval(first.value)
        assert (ROOT / "studies" / key / "measurement.toml").is_file()

    def test_the_table_of_notebooks_names_it_and_its_parameters(self, path):
        *_, last = rows_of_readme()[path.stem]
        declared = parameters(nbformat.read(path, as_version=4))
        assert re.findall(r"`(\w+)`", last) == [
            ast.unparse(each.target) for each in declared
        ]


def test_the_table_names_no_other_notebooks():
    assert sorted(rows_of_readme()) == [path.stem for path in NOTEBOOKS]


# A good notebook of each stage, and what each rule says when it is broken.


def good(name: str) -> NotebookNode:
    declared = 'measurement: str = "gm0001-a/2023-b"  # sleutel van de meting'
    if stage(name) == "clean":
        declared += '\nsource: str = "algemeen"  # bron uit de meting'
    last = {
        "clean": 'kcc.save_x(m, "rijen")',
        "analyse": "kcc.save_x(m)",
        "report": 'kcc.title("Klantbeleving")',
        "start": "kcc.text(m)",
    }[stage(name)]
    cells = [
        new_markdown_cell("# Vraag\n\nLeest: a. Schrijft: b."),
        new_code_cell(declared),
        new_code_cell(
            "import kcc_research as kcc\n\nm = kcc.load_measurement(measurement)"
        ),
        new_markdown_cell("## Kop"),
        new_code_cell(last),
    ]
    cells[0].metadata.tags = ["intern"]
    cells[1].metadata.tags = ["parameters"]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


@pytest.fixture
def names(monkeypatch):
    public = sorted({"load_measurement", "save_x", "load_responses", *SHOWS})
    monkeypatch.setattr(kcc_research, "__all__", public, raising=False)


CLEAN, ANALYSE, REPORT = "10_clean_x.ipynb", "20_analyse_x.ipynb", "30_report_x.ipynb"
START = "00_start_x.ipynb"


@pytest.mark.parametrize("name", [START, CLEAN, ANALYSE, REPORT])
def test_a_good_notebook_has_no_problems(names, name):
    assert problems(name, good(name)) == []
    assert list(stored_problems(good(name))) == []


@pytest.mark.parametrize(
    ("name", "line", "expected"),
    [
        (REPORT, "%matplotlib inline", "code cell 3: a magic, or not Python"),
        (REPORT, "def f():\n    return 1", "code cell 3: def"),
        (REPORT, "class A:\n    x = 1", "code cell 3: class"),
        (REPORT, "try:\n    x = 1\nexcept KeyError:\n    x = 2", "code cell 3: try"),
        (REPORT, "with open(m) as file:\n    x = file", "code cell 3: open"),
        (REPORT, "x = m.read_csv(m)", "code cell 3: read_csv"),
        (REPORT, "m.warnings.filterwarnings()", "code cell 3: filterwarnings"),
        (REPORT, "x = 'a.csv'", "code cell 3: path 'a.csv'"),
        (REPORT, "x = f'data/raw/{m}'", "code cell 3: path 'data/raw/'"),
        (REPORT, "x = '../b'", "code cell 3: path '../b'"),
        (REPORT, "print(m)", "code cell 3: print"),
        (REPORT, "import pandas as pd", "code cell 3 imports pandas"),
        (
            REPORT,
            "from kcc_research.study import model",
            "code cell 3 imports past the top level: "
            "from kcc_research.study import model",
        ),
        (REPORT, "kcc.hidden()", "kcc.hidden is not public"),
        (REPORT, "m", "code cell 3 shows m"),
        (
            REPORT,
            "x = kcc.load_responses(m)",
            "a report does not use kcc.load_responses",
        ),
        (REPORT, "kcc.title('Nog een')", "kcc.title is called 2 times"),
        (REPORT, "x = 'deskundig'", "code cell 3 names 'deskundig' of one study"),
        (ANALYSE, "x = 1", "does not end with its one saving call"),
        (CLEAN, "kcc.save_x(m)", "does not end with its one saving call"),
        (START, "kcc.save_x(m)", "a start notebook does not use kcc.save_x"),
    ],
)
def test_a_line_that_breaks_the_contract(names, name, line, expected):
    notebook = good(name)
    cell = notebook.cells[4]
    cell.source = line if line.startswith("%") else f"{cell.source}\n{line}"
    assert expected in problems(name, notebook)


@pytest.mark.parametrize("text", ["en/of", "4,5% per jaar", "telefoon/balie", "e.d."])
def test_ordinary_text_is_no_path(names, text):
    notebook = good(REPORT)
    notebook.cells[4].source += f"\nkcc.text({text!r})"
    assert problems(REPORT, notebook) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x = 1  # los", "'x = 1' is not an annotated literal"),
        ("x: int = 1 + m  # som", "'x: int = 1 + m' is not an annotated literal"),
        ("x: int = 1", "'x: int = 1' has no comment"),
        ("x: int = 1  # 0 = nulmeting", "'x: int = 1' has an = in its comment"),
        ("x: str = 'a#b'  # tekst", "\"x: str = 'a#b'\" has a # or = in its default"),
        (
            "x: str | None = None  # tekst",
            "'x: str | None = None' has a type that papermill does not read",
        ),
    ],
)
def test_a_parameter_that_breaks_the_contract(names, line, expected):
    notebook = good(REPORT)
    notebook.cells[1].source += f"\n{line}"
    assert f"parameters: {expected}" in problems(REPORT, notebook)


def test_parameters_in_another_order(names):
    notebook = good(CLEAN)
    lines = notebook.cells[1].source.splitlines()
    notebook.cells[1].source = "\n".join(reversed(lines))
    assert problems(CLEAN, notebook) == [
        "parameters begin with measurement, source, not source, measurement"
    ]


def without_prose(notebook: NotebookNode) -> None:
    del notebook.cells[0]


def without_tags(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        cell.metadata.pop("tags", None)


def with_h1(notebook: NotebookNode) -> None:
    notebook.cells[3].source = "# Kop"


def with_silent_intro(notebook: NotebookNode) -> None:
    notebook.cells[0].source = "# Vraag"


def without_loading(notebook: NotebookNode) -> None:
    notebook.cells[2].source = "import kcc_research as kcc"


def too_long(notebook: NotebookNode) -> None:
    notebook.cells += [new_markdown_cell("tekst") for _ in range(LONGEST)]


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (without_prose, ["cell 1 is not markdown"]),
        (
            without_tags,
            [
                "cell 1 of a report lacks the tag intern",
                "cell 1 makes an h1",
                "the first code cell, and only that, carries the tag parameters",
            ],
        ),
        (with_h1, ["cell 4 makes an h1"]),
        (
            with_silent_intro,
            [
                "cell 1 does not say what it leest",
                "cell 1 does not say what it schrijft",
            ],
        ),
        (
            without_loading,
            ["code cell 2 lacks 'm = kcc.load_measurement(measurement)'"],
        ),
        (too_long, ["has 45 cells"]),
    ],
)
def test_a_notebook_of_the_wrong_shape(names, damage, expected):
    notebook = good(REPORT)
    damage(notebook)
    assert problems(REPORT, notebook) == expected


def test_what_a_run_leaves_behind_is_noticed():
    notebook = good(REPORT)
    notebook.cells[4].execution_count = 3
    notebook.cells[4].outputs = [nbformat.v4.new_output("stream", text="x")]
    notebook.metadata = {"papermill": {}}
    assert list(stored_problems(notebook)) == [
        "cell 5 has outputs",
        "cell 5 has an execution count",
        "metadata of a run",
        "no kernel",
    ]
