"""Five mistakes people make: one clear message each, and the last report untouched."""

import csv
import io
import shutil

import pytest

from tests.ready_command import ready_kcc
from tests.workspaces import (
    fresh_copy,
)

KEY = "gm0575-noordwijk/2021-klantbeleving"
MEASUREMENT = f"studies/{KEY}/measurement.toml"
QUESTIONNAIRE = f"studies/{KEY}/algemeen.toml"
RAW = f"data/raw/{KEY}/algemeen.csv"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    root = fresh_copy(tmp_path_factory.mktemp("werkplek"))
    done = ready_kcc(root, "run", KEY)
    assert done.returncode == 0, done.stdout + done.stderr
    return root


@pytest.fixture
def workspace(published, tmp_path):
    root = tmp_path / "kopie"
    shutil.copytree(published, root)
    return root


def edit(root, file, old, new):
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def content(root):
    folder = root / "outputs" / KEY
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def refused(root):
    """What ``kcc run`` says, after checking that it changed no report."""
    before = content(root)
    assert len(before) > 10
    done = ready_kcc(root, "run", KEY)
    assert done.returncode == 1
    assert content(root) == before
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    return said


def test_an_unknown_parameter(workspace):
    last = (workspace / MEASUREMENT).read_text(encoding="utf-8")
    added = "\n[parameters]\nheadlyne = 3\n"
    (workspace / MEASUREMENT).write_text(last + added, encoding="utf-8")
    said = refused(workspace)
    assert "KCC-C003" in said or "KCC-C002" in said
    assert "headlyne" in said
    assert "measurement.toml" in said


def test_an_undeclared_column_that_the_questionnaire_expects(workspace):
    edit(workspace, RAW, ";cijfer;", ";rapportcijfer;")
    said = refused(workspace)
    assert "KCC-D014" in said
    assert "cijfer" in said
    assert "algemeen.csv" in said


def column(root, name):
    header = (root / RAW).read_text(encoding="utf-8-sig").splitlines()[0]
    return header.split(";").index(name)


def put(root, row, name, value):
    """Change one cell; ``row`` as an editor counts it."""
    path = root / RAW
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    cells = lines[row - 1].rstrip("\r\n").split(";")
    end = lines[row - 1][len(lines[row - 1].rstrip("\r\n")) :]
    cells[column(root, name)] = value
    lines[row - 1] = ";".join(cells) + end
    path.write_text("".join(lines), encoding="utf-8")


def test_a_99_where_only_grades_and_declared_codes_may_stand(workspace):
    edit(workspace, QUESTIONNAIRE, ', 99 = "no_answer"', "")
    put(workspace, 7, "cijfer", "99")
    said = refused(workspace)
    assert "KCC-D028" in said
    assert "99" in said
    assert "cijfer" in said


def test_a_decimal_point_in_a_file_with_decimal_commas(workspace):
    put(workspace, 9, "invultijd_min", "6.5")
    said = refused(workspace)
    assert "KCC-D018" in said
    assert "rij      9" in said
    assert "6.5" in said


def test_a_decimal_comma_in_a_file_with_commas(workspace):
    """`6,5` without quotes in a comma-separated file is read as two fields."""
    path = workspace / RAW
    text = path.read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    rows = [[cell.replace(",", ".") for cell in row] for row in rows]
    lines = [",".join(quoted(cell) for cell in row) for row in rows]
    name = "cijfer"
    cells = lines[8].split(",")
    cells[rows[0].index(name)] = "6,5"
    lines[8] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    edit(workspace, MEASUREMENT, 'delimiter = ";"', 'delimiter = ","')
    edit(workspace, MEASUREMENT, 'decimal = ","', 'decimal = "."')
    said = refused(workspace)
    problem = said[said.index("KCC-D016") :]
    assert "rij      9" in problem
    assert f"kolom    {name}" in problem
    assert '"6,5"' in problem


def quoted(cell):
    return f'"{cell}"' if not cell.replace(".", "").isdigit() and cell else cell


def test_an_expired_municipality(workspace):
    folder = workspace / "studies" / KEY
    owner = workspace / "studies" / "gm0501-brielle" / "2023-klantbeleving"
    shutil.copytree(folder, owner)
    path = owner / "measurement.toml"
    text = path.read_text(encoding="utf-8").replace("GM0575", "GM0501")
    for year in ("2021", "2022"):
        text = text.replace(f"{year}-", "2023-")
    text = text.replace("published = 2023-", "published = 2024-")
    path.write_text(text, encoding="utf-8")
    before = content(workspace)
    done = ready_kcc(workspace, "run", "gm0501-brielle/2023-klantbeleving")
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert "KCC-C013" in said
    assert "Voorne aan Zee" in said
    assert "GM1992" in said
    assert content(workspace) == before
