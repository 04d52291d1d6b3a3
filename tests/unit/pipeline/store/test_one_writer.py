"""No module but pipeline.store changes files under data/processed and outputs."""

import ast
from pathlib import Path

import pytest

import kcc_research

SOURCE = Path(kcc_research.__file__).parent
STORE = SOURCE / "pipeline" / "store"

# What the lint sees: calls by these names, on any object or imported from anywhere.
# ``replace`` with one argument is that of a path (a text takes two, a dataclass and a
# date take keywords); ``open`` and ``ZipFile`` count unless they certainly read. What
# it cannot see is a function kept under another name (``f = path.unlink``), a name made
# at run time (``getattr``), and what a foreign library writes by itself.
METHODS = {
    "chmod",
    "copy2",
    "copyfile",
    "copymode",
    "copystat",
    "copytree",
    "hardlink_to",
    "lchmod",
    "makedirs",
    "mkdir",
    "move",
    "rename",
    "renames",
    "rmdir",
    "rmtree",
    "savefig",
    "savetxt",
    "savez",
    "savez_compressed",
    "symlink_to",
    "to_csv",
    "to_excel",
    "to_feather",
    "to_hdf",
    "to_html",
    "to_json",
    "to_latex",
    "to_parquet",
    "to_pickle",
    "to_sql",
    "to_stata",
    "to_xml",
    "tofile",
    "touch",
    "unlink",
    "write_bytes",
    "write_text",
}
# Words too common to count by themselves: only of these modules.
FUNCTIONS = {
    "os": {
        "chown",
        "fsync",
        "link",
        "mkfifo",
        "open",
        "remove",
        "removedirs",
        "replace",
        "symlink",
        "truncate",
        "utime",
    },
    "shutil": {"chown", "copy", "make_archive", "unpack_archive"},
    "numpy": {"save"},
    "nbformat": {"write"},
    "tempfile": {"NamedTemporaryFile", "TemporaryFile", "mkstemp", "mkdtemp"},
}
# Take a mode, at this position, and read when it is left out.
OPENING = {"open": 1, "ZipFile": 1, "TarFile": 1, "GzipFile": 1, "FileIO": 1}
READING = {"r", "rb", "rt"}
STORE_ONLY = {"FileOperations", "replace_file", "write_file"}

# Temporary files of the system; keys and the cache of names, outside the workspace;
# frames, pictures and facts
# made into bytes in memory, by methods of that name that are our own or are given a
# buffer.
ALLOWED = {
    "microdata/contact_reading.py": {"unlink"},
    "microdata/contacts.py": {"rmtree"},
    "microdata/names.py": {"mkdir", "mkstemp", "replace", "unlink"},
    "microdata/record_copy.py": {"open"},
    "pipeline/account.py": {"to_json"},
    "pipeline/check.py": {"to_csv", "to_html"},
    "pipeline/comparing.py": {"to_csv", "to_html"},
    "pipeline/execution.py": {"to_json"},
    "pipeline/forked_kernels/provisioner.py": {"open"},
    "pipeline/forked_kernels/server.py": {"chmod", "open"},
    "pipeline/kernel.py": {"mkdir", "rmtree"},
    "pipeline/keys.py": {"fsync", "link", "mkdir", "open", "unlink"},
    "pipeline/notebook.py": {"open", "write_text"},
    "pipeline/report_files.py": {"to_csv"},
    "pipeline/run.py": {"to_json"},
    "pipeline/saving.py": {"to_json"},
    "pipeline/steps.py": {"to_parquet"},
    "pipeline/unchanged.py": {"to_json"},
    "reporting/drawing.py": {"savefig"},
    "temporary_folders.py": {"mkdtemp", "rmtree"},
}


def writes(tree):
    """Names of calls in ``tree`` that change a file, and of what is the store's own."""
    known = dict(imported(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := written(node, known)):
            yield name
        elif isinstance(node, ast.ImportFrom):
            yield from STORE_ONLY.intersection(each.name for each in node.names)
        elif isinstance(node, ast.Attribute) and node.attr in STORE_ONLY:
            yield node.attr


def imported(tree):
    """Local name → (module, name there), of every import in ``tree``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                yield each.asname or each.name, (each.name, "")
        elif isinstance(node, ast.ImportFrom):
            for each in node.names:
                yield each.asname or each.name, (node.module or "", each.name)


def written(call, known):
    """The name of what ``call`` writes with; empty when it does not."""
    if isinstance(call.func, ast.Name):
        module, name = known.get(call.func.id, ("", call.func.id))
        name, bare = name or call.func.id, True
    elif isinstance(call.func, ast.Attribute):
        owner = call.func.value
        module = known.get(getattr(owner, "id", ""), ("?", ""))[0]
        name, bare = call.func.attr, False
    else:
        return ""
    if name == "rename" and call.keywords:
        return ""  # columns of a frame, not a file
    if name in FUNCTIONS.get(module, ()):
        return name
    if name in OPENING:
        takes_path = bare or module not in ("?", "")
        return "" if reads(call, OPENING[name] if takes_path else 0) else name
    one = len(call.args) == 1 and not call.keywords
    if name == "replace" and not bare and one:
        return name
    return name if name in METHODS and (not bare or module) else ""


def reads(call, position):
    """Whether an opening call certainly opens for reading."""
    given = {each.arg: each.value for each in call.keywords}.get("mode")
    if given is None and len(call.args) > position:
        given = call.args[position]
    if given is None:
        return not any(each.arg is None for each in call.keywords)
    return isinstance(given, ast.Constant) and given.value in READING


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
        "pipeline/keys.py",
        "pipeline/notebook.py",
        "temporary_folders.py",
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
        "import os\nos.replace(a, b)",
        "shutil.rmtree(a)",
        "frame.to_parquet(path)",
        "Path('a').mkdir()",
        "path.replace(other)",
        "(folder / 'a').replace(folder / 'b')",
        "import shutil\nshutil.copy(a, b)",
        "import shutil as s\ns.copy(a, b)",
        "shutil.move(a, b)",
        "shutil.copytree(a, b)",
        "from shutil import copytree as c\nc(a, b)",
        "import numpy as np\nnp.save(path, x)",
        "array.tofile(path)",
        "figure.savefig(path)",
        "import zipfile\nzipfile.ZipFile(path, 'w')",
        "from zipfile import ZipFile\nZipFile(path, mode='a')",
        "import gzip\ngzip.open(path, 'wb')",
        "from os import rename\nrename(a, b)",
        "from os import rename as r\nr(a, b)",
        "import os\nos.open(path, os.O_RDONLY)",
        "open(path, mode)",
        "path.open(mode)",
        "path.open(**options)",
        "from kcc_research.pipeline.store.operations import FileOperations",
        "operations.FileOperations()",
    ],
)
def test_the_lint_sees_every_way_to_write(code):
    assert list(writes(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "open('x')",
        "path.open('rb')",
        "path.open(encoding='utf-8')",
        "import gzip\ngzip.open(path, 'rt')",
        "import zipfile\nzipfile.ZipFile(path)",
        "'a'.replace('a','')",
        "moment.replace(tzinfo=None)",
        "from dataclasses import replace\nreplace(x, a=1)",
        "frame.rename(columns=names)",
        "values.copy()",
        "items.remove(3)",
        "def move(x): ...\nmove(3)",
    ],
)
def test_the_lint_lets_reading_pass(code):
    assert not list(writes(ast.parse(code)))
