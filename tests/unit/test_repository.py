"""The house: documents promise what is there, and `make check` sees what it should."""

import importlib.util
import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    path
    for folder in (ROOT, ROOT / "docs", ROOT / "notebooks", ROOT / "data")
    for path in (folder.glob("*.md") if folder == ROOT else folder.rglob("*.md"))
    if "_build" not in path.parts
)
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
# Put together here, so that this file itself holds no path of a machine.
MACHINE_PATH = "/" + "home/iemand/onderzoek"


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def project() -> dict:
    return tomllib.loads(text("pyproject.toml"))["project"]


@pytest.fixture(scope="module")
def check():
    """scripts/check_repository.py as a module."""
    path = ROOT / "scripts" / "check_repository.py"
    spec = importlib.util.spec_from_file_location("check_repository", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def notebook(source: str = "1 + 1", **cell: object) -> dict:
    code = {
        "cell_type": "code",
        "execution_count": None,
        "id": "een",
        "metadata": {},
        "outputs": [],
        "source": source,
    }
    return {
        "cells": [code | cell],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


OUTPUT = {"output_type": "stream", "name": "stdout", "text": "rij van een persoon"}


class TestDocuments:
    @pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
    def test_every_link_leads_somewhere(self, path):
        links = re.findall(
            r"\]\((?!https?:|mailto:|#)([^)#\s]+)", path.read_text("utf-8")
        )
        assert [each for each in links if not (path.parent / each).exists()] == []

    def test_both_quick_starts_stand_on_the_first_screen(self):
        first = "\n".join(text("README.md").splitlines()[:60])
        for promise in ("Aan de slag", "Quick start", "PowerShell", "make report"):
            assert promise in first
        assert first.count("--require-hashes -r requirements.lock") >= 1
        assert first.count("--no-deps --no-build-isolation -e .") >= 1

    def test_the_readme_has_its_sections(self):
        headings = re.findall(r"(?m)^##+ (.+)$", text("README.md"))
        for wanted in (
            "Who it is for",
            "What you need",
            "What you get",
            "With conda",
            "An example",
            "Structure",
            "Methods",
            "Data and privacy",
            "RAP levels",
            "Accessibility",
            "Tests",
            "How to cite",
            "Licence",
        ):
            assert wanted in headings

    def test_versions_agree(self):
        version = project()["version"]
        released = re.findall(r"(?m)^## \[?([0-9.]+)", text("CHANGELOG.md"))
        citation = yaml.safe_load(text("CITATION.cff"))
        assert released[0] == version == citation["version"]
        assert citation["license"] == project()["license"]
        assert {"cff-version", "message", "title", "authors"} <= set(citation)

    def test_the_conda_route_installs_the_same_lock(self):
        *_, pip = conda = yaml.safe_load(text("environment.yml"))["dependencies"]
        assert conda[:-1] == [f"python{project()['requires-python']}", "pip"]
        assert pip == {"pip": ["--require-hashes", "-r requirements.lock"]}

    @pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
    def test_a_decision_is_short_and_has_its_parts(self, path):
        content = path.read_text("utf-8")
        assert len(content.splitlines()) <= 22
        assert re.match(rf"# {int(path.name[:4])}\. \S", content)
        for part in ("Status:", "**Why.**", "**Decision.**", "**Consequences.**"):
            assert part in content

    def test_decisions_are_numbered_without_gaps(self):
        numbers = [int(path.name[:4]) for path in DECISIONS]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= 9

    def test_the_glossary_names_classes_that_exist(self):
        rows = re.findall(r"(?m)^\|.*\| `(\w+)` \| class \|", text("GLOSSARY.md"))
        sources = "\n".join(
            path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py")
        )
        absent = [
            name
            for name in rows
            if not re.search(rf"(?m)^(?:class {name}\b|{name} = )", sources)
        ]
        assert len(rows) > 8
        assert absent == []


needs_make = pytest.mark.skipif(
    shutil.which("make") is None, reason="make is not installed"
)


@needs_make
class TestMakefile:
    def make(self, *arguments: str, folder: Path = ROOT) -> str:
        done = subprocess.run(
            ["make", "--no-print-directory", *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    @pytest.fixture
    def fresh(self, tmp_path):
        for name in ("Makefile", "pyproject.toml", *ROOT.glob("*.lock")):
            shutil.copy(ROOT / name, tmp_path)
        return tmp_path

    def test_help_is_the_default_and_names_every_target(self):
        shown = self.make()
        targets = re.findall(r"(?m)^([a-z-]+):", text("Makefile"))
        assert shown == self.make("help")
        assert {f"make {each}" for each in targets} - {
            "make help",
            "make filter",
        } == set(re.findall(r"(?m)^make [a-z-]+", shown))

    @pytest.mark.parametrize(
        ("target", "lock"),
        [("report", "requirements.lock"), ("test", "requirements-dev.lock")],
    )
    def test_a_fresh_clone_is_set_up_from_the_lock_first(self, fresh, target, lock):
        lines = self.make("-n", target, folder=fresh).splitlines()
        steps = [
            " -m venv ",
            f"install -q --require-hashes -r {lock}",
            "install -q --no-deps --no-build-isolation -e .",
            {"report": "kcc run --all", "test": "pytest -n"}[target],
        ]
        places = [
            next(place for place, line in enumerate(lines) if step in line)
            for step in steps
        ]
        assert places == sorted(places)

    def test_a_set_up_clone_is_not_set_up_again(self, fresh):
        for name in (".created", ".runtime", ".dev"):
            (fresh / ".venv").mkdir(exist_ok=True)
            (fresh / ".venv" / name).touch()
        for target in ("report", "test"):
            assert "pip" not in self.make("-n", target, folder=fresh)

    def test_clean_spares_data_and_outputs(self):
        removed = self.make("-n", "clean")
        assert "rm -rf" in removed
        assert not re.search(r"\b(data|outputs|studies)\b", removed)

    @pytest.mark.parametrize("version", [(3, 10), (3, 14)])
    def test_an_unfit_python_is_refused_in_words(self, fresh, version):
        python = fresh / "oldpython"
        python.write_text(
            "#!/bin/sh\n"
            f'exec python3 -c "import sys; sys.version_info = (*{version}, 0); $2"\n'
        )
        python.chmod(0o755)
        done = subprocess.run(
            ["make", ".venv/.created", f"PYTHON={python}"],
            cwd=fresh,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode != 0
        assert "needs Python 3.11, 3.12 or 3.13" in done.stderr
        assert f"is {version[0]}.{version[1]}." in done.stderr
        assert not (fresh / ".venv").exists()

    def test_the_checks_of_every_change_are_all_targets_that_check(self):
        script = ROOT / ".ci" / "run"
        assert script.stat().st_mode & 0o111
        assert 'targets="test check docs test-browser"' in script.read_text("utf-8")


class TestCheckRepository:
    def write(self, root: Path, name: str, content: str | dict) -> None:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))

    def found(self, check, root: Path, name: str, content: str | dict) -> list[str]:
        self.write(root, name, content)
        return check.problems(root)

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({"outputs": [OUTPUT]}, "cell 1 has stored outputs"),
            ({"execution_count": 3}, "cell 1 has an execution count"),
            ({"metadata": {"papermill": {}}}, "cell 1 carries metadata of a run"),
            ({"source": "# bel mw@gemeente.nl"}, "cell 1 holds an e-mail address"),
            (
                {"source": "x = '123456782'"},
                "cell 1 holds a number that passes as BSN",
            ),
            ({"source": "# NL91ABNA0417164300"}, "cell 1 holds an IBAN"),
        ],
    )
    def test_a_notebook_with_a_fault(self, check, tmp_path, change, expected):
        found = self.found(check, tmp_path, "notebooks/a.ipynb", notebook(**change))
        assert found == [f"notebooks/a.ipynb: {expected}"]

    def test_a_good_notebook(self, check, tmp_path):
        good = notebook("# onderzoek@voorbeeldgemeente.nl, 123456789, kcc.load()")
        assert self.found(check, tmp_path, "notebooks/a.ipynb", good) == []

    def test_a_notebook_without_a_kernel(self, check, tmp_path):
        bare = notebook() | {"metadata": {}}
        assert self.found(check, tmp_path, "a.ipynb", bare) == [
            "a.ipynb: names no kernel"
        ]

    @pytest.mark.parametrize(
        ("name", "content", "expected"),
        [
            ("key.txt", "-----BEGIN RSA " + "PRIVATE KEY-----", "holds a private key"),
            ("docs/a.md", f"zie {MACHINE_PATH}", "holds a path of one machine"),
            ("a.lock", "--index-url https://index.example", "holds an address"),
            ("b/package-lock.json", '{"resolved": "https://b.example"}', "holds an"),
            ("big.bin", "x" * 5_000_001, "is larger than 5 MB"),
            ("outputs/gm1/a/report.html", "x", "is made by a run"),
            ("data/processed/gm1/a/x.csv", "x", "is made by a run"),
            ("data/raw/gm1/a/x.csv", "x", "is raw data of a measurement"),
        ],
    )
    def test_a_file_with_a_fault(self, check, tmp_path, name, content, expected):
        (found,) = self.found(check, tmp_path, name, content)
        assert found.startswith(f"{name}: {expected}")

    @pytest.mark.parametrize(("synthetic", "problems"), [("true", 0), ("false", 1)])
    def test_invented_raw_data_may_be_in_git(
        self, check, tmp_path, synthetic, problems
    ):
        self.write(
            tmp_path, "studies/gm1/a/measurement.toml", f"synthetic = {synthetic}"
        )
        found = self.found(check, tmp_path, "data/raw/gm1/a/x.csv", "x")
        assert len(found) == problems

    def test_readmes_keep_the_folders(self, check, tmp_path):
        for name in ("data/raw", "data/processed", "outputs"):
            self.write(tmp_path, f"{name}/README.md", "x")
        assert check.problems(tmp_path) == []

    def test_the_index_counts_and_not_the_working_tree(self, check, tmp_path):
        def git(*arguments: str) -> None:
            subprocess.run(["git", *arguments], cwd=tmp_path, check=True)

        git("init", "-q")
        self.write(tmp_path, "a.ipynb", notebook())
        git("add", "a.ipynb")
        self.write(tmp_path, "a.ipynb", notebook(outputs=[OUTPUT]))
        assert check.problems_in_index(tmp_path) == []
        git("add", "a.ipynb")
        self.write(tmp_path, "a.ipynb", notebook())
        assert check.problems_in_index(tmp_path) == [
            "a.ipynb: cell 1 has stored outputs"
        ]

    @needs_make
    def test_the_filter_of_the_makefile_strips_on_the_way_in(self, check, tmp_path):
        """As `make report` sets it up: outputs and counts go, ids and tags stay."""
        for name in ("Makefile", ".gitattributes"):
            shutil.copy(ROOT / name, tmp_path)
        (tmp_path / ".venv" / "bin").mkdir(parents=True)
        launcher = tmp_path / ".venv" / "bin" / "python"
        launcher.write_text(f'#!/bin/sh\nexec "{check.sys.executable}" "$@"\n')
        launcher.chmod(0o755)
        (tmp_path / ".venv" / ".created").touch()
        run = {"cwd": tmp_path, "check": True, "capture_output": True, "text": True}
        subprocess.run(["git", "init", "-q"], **run)
        subprocess.run(["make", "filter"], **run)
        tagged = notebook(
            outputs=[OUTPUT], execution_count=7, metadata={"tags": ["intern"]}
        )
        self.write(tmp_path, "notebooks/a.ipynb", tagged)
        subprocess.run(["git", "add", "notebooks"], **run)
        shown = subprocess.run(["git", "show", ":notebooks/a.ipynb"], **run)
        (cell,) = json.loads(shown.stdout)["cells"]
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
        assert cell["id"] == "een"
        assert cell["metadata"]["tags"] == ["intern"]
