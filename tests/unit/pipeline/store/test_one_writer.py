"""No module but pipeline.store changes files under data/processed and outputs."""

import ast
from pathlib import Path

import pytest

import kcc_research

SOURCE = Path(kcc_research.__file__).parent
STORE = SOURCE / "pipeline" / "store"

# Ways to change a file. ``replace`` and ``remove`` are also methods of text and lists,
# so they count only as functions of os.
METHODS = {
    "chmod",
    "hardlink_to",
    "mkdir",
    "rename",
    "rmdir",
    "rmtree",
    "symlink_to",
    "to_csv",
    "to_excel",
    "to_feather",
    "to_json",
    "to_parquet",
    "to_pickle",
    "touch",
    "unlink",
    "write_bytes",
    "write_text",
}
FUNCTIONS = {"os": {"replace", "remove", "open", "fsync", "truncate", "makedirs"}}
READING = {"r", "rb", "rt", None}

# Temporary files of the system; frames and facts made into bytes in memory, by methods
# of that name that are our own or are given a buffer.
ALLOWED = {
    "microdata/contact_reading.py": {"unlink"},
    "microdata/record_copy.py": {"open"},
    "pipeline/execution.py": {"to_json"},
    "pipeline/kernel.py": {"mkdir", "rmtree"},
    "pipeline/notebook.py": {"open", "write_text"},
    "pipeline/report_files.py": {"to_csv"},
    "pipeline/run.py": {"to_json"},
    "pipeline/saving.py": {"to_json"},
    "pipeline/steps.py": {"to_parquet"},
}


def writes(tree):
    """Names of calls in ``tree`` that change a file."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name, owner = _name(node.func)
        if name == "rename" and node.keywords:
            continue  # columns of a frame, not a file
        if name == "open" and _mode(node, owner) not in READING:
            yield name
        elif (owner and name in METHODS) or name in FUNCTIONS.get(owner, ()):
            yield name


def _name(function):
    if isinstance(function, ast.Name):
        return function.id, ""
    if isinstance(function, ast.Attribute):
        owner = function.value
        return function.attr, owner.id if isinstance(owner, ast.Name) else "?"
    return "", ""


def _mode(call, owner):
    """The mode of an open; None when it is left at its default, reading."""
    given = {each.arg: each.value for each in call.keywords}.get("mode")
    position = 1 if owner == "" else 0
    if given is None and len(call.args) > position:
        given = call.args[position]
    return given.value if isinstance(given, ast.Constant) else None


def modules():
    for path in sorted(SOURCE.rglob("*.py")):
        if STORE not in path.parents:
            yield pytest.param(path, id=path.relative_to(SOURCE).as_posix())


@pytest.mark.parametrize("path", list(modules()))
def test_only_the_store_writes(path):
    name = path.relative_to(SOURCE).as_posix()
    found = set(writes(ast.parse(path.read_text(encoding="utf-8"))))
    assert found - ALLOWED.get(name, set()) == set()


def test_what_may_write_temporary_files_knows_no_folder_of_the_workspace():
    for name in (
        "microdata/contact_reading.py",
        "microdata/contacts.py",
        "microdata/record_copy.py",
        "pipeline/kernel.py",
        "pipeline/notebook.py",
    ):
        text = (SOURCE / name).read_text(encoding="utf-8")
        assert "Workspace" not in text
        assert ".processed(" not in text and ".output(" not in text


def test_sql_writes_in_one_place_where_the_caller_says():
    """DuckDB writes by itself: records, to a file that the caller names."""
    copying = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if "COPY (" in path.read_text(encoding="utf-8")
    }
    assert copying == {"microdata/contacts.py"}


@pytest.mark.parametrize(
    "code",
    [
        "path.write_text('x')",
        "open('x', 'w')",
        "open('x', mode='ab')",
        "path.open('wb')",
        "os.replace(a, b)",
        "shutil.rmtree(a)",
        "frame.to_parquet(path)",
        "Path('a').mkdir()",
    ],
)
def test_the_lint_sees_every_way_to_write(code):
    assert list(writes(ast.parse(code)))


@pytest.mark.parametrize(
    "code", ["open('x')", "path.open('rb')", "'a'.replace('a','')"]
)
def test_the_lint_lets_reading_pass(code):
    assert not list(writes(ast.parse(code)))
