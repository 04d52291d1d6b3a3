"""A notebook as a file: its cells, its parameters, and what it may not do.

Read with ``json`` and ``ast`` only, before any kernel starts: papermill passes an
unknown parameter or a wrong type on with a log line (TRUST-F3, F4), and its own
inspection drops what it does not understand (STYLE §6, L2-L4).
"""

from __future__ import annotations

import ast
import functools
import json
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kcc_research.errors import Problem, RunError, problem

PARAMETERS_TAG = "parameters"
MEASUREMENT = "measurement"
SOURCE = "source"
MUNICIPALITY = "municipality"

TYPES: Mapping[str, type] = {"str": str, "int": int, "float": float, "bool": bool}
LIST_OF_INT = "list[int]"

_FORBIDDEN_NAMES = frozenset({"input", "exit", "quit"})
_FORBIDDEN_ATTRIBUTES = frozenset({("sys", "exit"), ("os", "_exit"), ("os", "abort")})
# What reads files or answers, or saves: a report reads protected tables, and shows.
_NOT_IN_REPORTS = ("load_responses", "load_survey", "read_", "save_")

# Notebooks of which a process remembers what is in them.
_REMEMBERED = 64

Value = str | int | float | bool | list[int]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; ``number`` counts from 1, as a reader does."""

    number: int
    kind: str
    source: str
    tags: frozenset[str]

    @property
    def is_code(self) -> bool:
        return self.kind == "code"

    @property
    def tree(self) -> ast.Module:
        """The syntax tree; magics count as blank lines. SyntaxError if not Python."""
        return syntax_tree(_without_magics(self.source))


@dataclass(frozen=True, slots=True)
class Parameter:
    """A line of the parameters cell: name, type as written, default, line."""

    name: str
    type: str
    default: Value
    line: int

    def accepts(self, value: object) -> bool:
        """Whether ``value`` has exactly the declared type: nothing is coerced."""
        if self.type == LIST_OF_INT:
            return isinstance(value, list) and all(type(v) is int for v in value)
        return type(value) is TYPES[self.type]


@dataclass(frozen=True, slots=True)
class NotebookFile:
    """A notebook read from ``path``; ``shown`` is how messages name it."""

    path: Path
    shown: str
    cells: tuple[Cell, ...]

    @property
    def parameters_cell(self) -> Cell | None:
        for cell in self.cells:
            if cell.is_code and PARAMETERS_TAG in cell.tags:
                return cell
        return None

    @property
    def parameters(self) -> dict[str, Parameter]:
        """Declared parameters by name; empty when the cell is not in order."""
        cell = self.parameters_cell
        if cell is None:
            return {}
        try:
            nodes = cell.tree.body
        except SyntaxError:
            return {}
        read = (_parameter(node) for node in nodes)
        return {each.name: each for each in read if each is not None}


def read_notebook(path: Path, shown: str) -> NotebookFile:
    """Read ``path``; :class:`RunError` (R053d, R056f) when it is no notebook."""
    if not path.is_file():
        raise RunError(problem("KCC-R053d", file=shown))
    return _notebook(path, shown, path.read_bytes())


@functools.lru_cache(maxsize=_REMEMBERED)
def _notebook(path: Path, shown: str, text: bytes) -> NotebookFile:
    """Many measurements have the same notebooks: each content is taken apart once."""
    try:
        content = json.loads(text)
        if content["nbformat"] != 4 or type(content["nbformat_minor"]) is not int:
            raise ValueError(content["nbformat"])
        cells = tuple(
            _cell(number, cell) for number, cell in enumerate(content["cells"], 1)
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise RunError(problem("KCC-R056f", file=shown)) from None
    return NotebookFile(path, shown, cells)


@functools.lru_cache(maxsize=_REMEMBERED)
def faults(
    notebook: NotebookFile, required: tuple[str, ...], *, for_report: bool = False
) -> tuple[Problem, ...]:
    """Everything that keeps ``notebook`` from an unattended run (F56).

    ``required`` are the parameters its stage passes: measurement, perhaps source. A
    notebook ``for_report`` may not even name what reads answers (P004a).
    """
    return tuple(_faults(notebook, required, for_report=for_report))


def _faults(
    notebook: NotebookFile, required: tuple[str, ...], *, for_report: bool
) -> Iterator[Problem]:
    for cell in notebook.cells:
        if cell.is_code:
            yield from _cell_faults(notebook.shown, cell)
            if for_report:
                yield from _person_faults(notebook.shown, cell)
    declaring = notebook.parameters_cell
    if declaring is None:
        yield problem("KCC-R056c", file=notebook.shown)
        return
    yield from _parameter_faults(notebook, declaring, required)


def syntax_tree(source: str) -> ast.Module:
    """What Python reads in ``source``; SyntaxError whatever is wrong with it."""
    try:
        return ast.parse(source)
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(type(error).__name__) from None


def literal(written: str | ast.expr) -> Any:
    """The value of a literal; None when it is anything else, such as ``{[]: 1}``."""
    try:
        return ast.literal_eval(written)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None


def _cell(number: int, cell: Mapping[str, Any]) -> Cell:
    source, kind = cell["source"], cell["cell_type"]
    if not isinstance(kind, str):
        raise TypeError(kind)
    text = source if isinstance(source, str) else "".join(source)
    tags = frozenset(cell.get("metadata", {}).get("tags", ()))
    return Cell(number, kind, text, tags)


def _without_magics(source: str) -> str:
    lines = source.splitlines()
    if lines and lines[0].startswith("%%"):
        return ""
    kept = ("" if line.lstrip().startswith(("%", "!")) else line for line in lines)
    return textwrap.dedent("\n".join(kept))


def _parameter(node: ast.stmt) -> Parameter | None:
    if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
        return None
    if node.value is None:
        return None
    default = literal(node.value)
    kind = ast.unparse(node.annotation)
    if kind not in TYPES and kind != LIST_OF_INT:
        return None
    parameter = Parameter(node.target.id, kind, default, node.lineno)
    return parameter if parameter.accepts(default) else None


def _cell_faults(shown: str, cell: Cell) -> Iterator[Problem]:
    try:
        tree = cell.tree
    except SyntaxError as error:
        yield problem(
            "KCC-R056b",
            file=shown,
            row=cell.number,
            value=error.msg,
            line=error.lineno or 1,
        )
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := _forbidden(node.func)):
            yield problem("KCC-R056", file=shown, row=cell.number, value=name)


def _person_faults(shown: str, cell: Cell) -> Iterator[Problem]:
    try:
        tree = cell.tree
    except SyntaxError:
        return
    named = (name for node in ast.walk(tree) for name in _names(node))
    for name in sorted({each for each in named if each.startswith(_NOT_IN_REPORTS)}):
        yield problem("KCC-P004a", file=shown, row=cell.number, value=name)


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.ImportFrom):
        yield from (each.name for each in node.names)


def _forbidden(function: ast.expr) -> str:
    if isinstance(function, ast.Name) and function.id in _FORBIDDEN_NAMES:
        return f"{function.id}()"
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        pair = (function.value.id, function.attr)
        if pair in _FORBIDDEN_ATTRIBUTES:
            return f"{pair[0]}.{pair[1]}()"
    return ""


def _parameter_faults(
    notebook: NotebookFile, cell: Cell, required: tuple[str, ...]
) -> Iterator[Problem]:
    try:
        nodes = cell.tree.body
    except SyntaxError:
        return
    for node in nodes:
        if _parameter(node) is None:
            where = {"file": notebook.shown, "row": cell.number, "line": node.lineno}
            yield problem("KCC-R056d", **where)  # type: ignore[arg-type]
    for name in required:
        declared = notebook.parameters.get(name)
        if declared is None or declared.type != "str":
            yield problem("KCC-R056e", file=notebook.shown, value=name)
