"""Survey weights are no frequencies: what statsmodels does with them is banned.

``DescrStatsW``, ``CompareMeans`` and ``ttest_ind`` with weights take a weight of 100
for a hundred respondents; on the fixtures the standard error is ten times too small
(STAT-L2, T2). No module, notebook or script may use them, under any name. Without
weights ``scipy.stats.ttest_ind`` is right, and allowed.
"""

import ast
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("src", "notebooks", "scripts", "studies", "tests")
BANNED = {"DescrStatsW", "CompareMeans"}
BANNED_MODULE = "statsmodels.stats.weightstats"


def offences(source: str) -> list[str]:
    """What is banned in a piece of Python, by line."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            modules = [f"{node.module}.{each.name}" for each in node.names]
            modules.append(str(node.module))
        elif isinstance(node, ast.Import):
            modules = [each.name for each in node.names]
        else:
            modules = []
        found += [
            f"{node.lineno}: {each}" for each in modules if _is_banned_import(each)
        ]
        if isinstance(node, ast.Attribute | ast.Name) and _name(node) in BANNED:
            found.append(f"{node.lineno}: {_name(node)}")
        if isinstance(node, ast.Call) and _is_weighted_t_test(node):
            found.append(f"{node.lineno}: ttest_ind with weights")
    return sorted(found)


def _is_banned_import(module: str) -> bool:
    return BANNED_MODULE in module or module.rpartition(".")[2] in BANNED


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _is_weighted_t_test(call: ast.Call) -> bool:
    weighted = any(each.arg == "weights" for each in call.keywords)
    return _name(call.func) == "ttest_ind" and weighted


def python_of(path: Path) -> str:
    """The code of a module, or of all cells of a notebook."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    return "\n".join("".join(cell["source"]) for cell in cells)


FILES = sorted(
    path
    for folder in FOLDERS
    for pattern in ("*.py", "*.ipynb")
    for path in (ROOT / folder).rglob(pattern)
    if ".ipynb_checkpoints" not in path.parts
)


def test_nobody_uses_them():
    found = {
        str(path.relative_to(ROOT)): offences(python_of(path))
        for path in FILES
        if path != Path(__file__).resolve()
    }
    assert {name: each for name, each in found.items() if each} == {}


def test_all_code_is_looked_at():
    names = {path.name for path in FILES}
    assert {"design.py", "30_report_experience.ipynb", "check_repository.py"} <= names


@pytest.mark.parametrize(
    "source",
    [
        "from statsmodels.stats.weightstats import DescrStatsW",
        "from statsmodels.stats.weightstats import DescrStatsW as Stats",
        "from statsmodels.stats.weightstats import *",
        "from statsmodels.stats import weightstats",
        "import statsmodels.stats.weightstats as ws",
        "from statsmodels.stats.api import CompareMeans",
        "import statsmodels.stats.api as sms\nsms.DescrStatsW(y, weights=w).std_mean",
        "stats.ttest_ind(x, y, weights=(w, v))",
        "ttest_ind(x, y, usevar='unequal', weights=(w, v))",
    ],
)
def test_the_lint_sees_them(source):
    assert offences(source)


@pytest.mark.parametrize(
    "source",
    [
        "from scipy import stats\nstats.ttest_ind(x, y, equal_var=False)",
        "import statsmodels.api as sm\nsm.WLS(y, X, weights=w).fit()",
        "text = 'DescrStatsW'",
    ],
)
def test_and_nothing_else(source):
    assert offences(source) == []
