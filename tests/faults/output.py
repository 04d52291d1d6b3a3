"""F65–F72: what a report may hold, and what its files do on another machine."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys

from tests.faults.bench import KEY, Bench
from tests.faults.content import estimates, page
from tests.faults.corpus import ANSWERS, QUESTIONNAIRE, RUN, Fault, Proof
from tests.workspaces import REPOSITORY

CARELESS = (
    'kcc.text("Let op <script>alert(1)</script>")',
    'kcc.text("![kaart](https://voorbeeld.nl/kaart.png)")',
    'print("Mevr. Jansen 06-12345678")',
    "import matplotlib.pyplot as plt\nplt.scatter([1, 2], [3, 4])",
    'from IPython.display import HTML\nHTML("<h1 onclick=alert(1)>x</h1>")',
)
"""What a hurried author adds to the report; one run tells all of it."""


def careless(bench: Bench) -> None:
    content = json.loads(bench.notebook.read_text(encoding="utf-8"))
    for number, source in enumerate(CARELESS):
        content["cells"].append(
            {
                "cell_type": "code",
                "execution_count": None,
                "id": f"haast-{number}",
                "metadata": {},
                "outputs": [],
                "source": source,
            }
        )
    bench.notebook.write_text(json.dumps(content), encoding="utf-8")


def raising(bench: Bench) -> None:
    """A cell of the analysis whose error repeats an answer."""
    path = bench.root / "notebooks" / "20_analyse_experience.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    cell = content["cells"][2]
    cell["source"] = "float('Mevr. Jansen 06-12345678')"
    path.write_text(json.dumps(content), encoding="utf-8")


def escaped(bench: Bench) -> str:
    html = bench.published("report.html")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    found = page(bench)
    assert not found.find_all("script")
    assert not [t for t in found.find_all(True) if any(a[:2] == "on" for a in t.attrs)]
    [policy] = found.find_all("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert policy["content"].startswith("default-src 'none'")
    return "The text itself, as text: Indruk <script>alert(1)</script>"


def nothing_loaded(bench: Bench) -> str:
    found = page(bench)
    loads = [
        tag
        for tag in found.find_all(["script", "link", "img", "iframe", "object"])
        if not str(tag.get("src", tag.get("href", ""))).startswith("data:")
    ]
    assert loads == []
    assert "url(" not in bench.published("report.html").replace("url(data:", "")
    return "A page that asks nothing of the network"


def harmless_cells(bench: Bench) -> str:
    groups = {row["group"] for row in estimates(bench, by="kanaal")}
    assert {"'=2+5 balie", "'+telefoon & co"} <= groups
    for path in (bench.outputs / KEY / "tables").glob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"))):
            assert not [c for c in row if re.match(r"[=+@\t\r]", c)]
    return "'=2+5 balie: text in a spreadsheet, not a formula"


def pdf_without_conversion(bench: Bench) -> str:
    from importlib.metadata import version

    data = (bench.outputs / KEY / "report.pdf").read_bytes()
    assert data.startswith(b"%PDF-")
    assert tuple(map(int, version("nbconvert").split(".")[:2])) >= (7, 17)
    return "The PDF comes from the same content; no other program converts a picture"


def checked_aggregates(bench: Bench) -> str:
    html = bench.published("report.html")
    pictures = re.findall(r"data:image/([a-z+]+)", html)
    assert pictures
    return f"{len(pictures)} pictures"


def kept_out_of_git(bench: Bench) -> str:
    """``make check`` looks at what git holds, whatever lies in the working tree."""
    root = bench.root.parent / "in git"
    for folder in ("scripts", "notebooks", "outputs"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    script = shutil.copy(
        REPOSITORY / "scripts" / "check_repository.py", root / "scripts"
    )
    content = json.loads(bench.notebook.read_text(encoding="utf-8"))
    shown = {"output_type": "stream", "name": "stdout", "text": "een antwoord"}
    content["cells"][2]["outputs"] = [shown]
    (root / "notebooks" / "eigen.ipynb").write_text(json.dumps(content), "utf-8")
    (root / "outputs" / "report.html").write_text("<p>rapport", "utf-8")
    git = ["git", "-c", "core.hooksPath=/dev/null"]
    subprocess.run([*git, "init", "-q"], cwd=root, check=True)
    subprocess.run([*git, "add", "."], cwd=root, check=True)
    command = [sys.executable, script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    first, second, _ = done.stdout.splitlines()
    assert first == "notebooks/eigen.ipynb: cell 3 has stored outputs"
    assert second == "outputs/report.html: is made by a run and has no place in git"
    return f"`make check` fails: {first}; {second}"


REPORT = "notebooks/30_report_experience.ipynb"
FAULTS: tuple[Fault | Proof, ...] = (
    Proof("F65", "A question with <script> and onerror in its text", escaped),
    Fault(
        "F65",
        "An answer called <script>",
        lambda bench: bench.ask('B = "=2+5', 'B = "<script>x</script>'),
        "KCC-C001a",
        QUESTIONNAIRE,
        "14",
        "question.codes.B",
    ),
    Fault(
        "F65", "kcc.text with <script>", careless, "KCC-O065", REPORT, "40", call=RUN
    ),
    Proof("F66", "A published page", nothing_loaded),
    Fault(
        "F66", "A picture from elsewhere", careless, "KCC-O065b", REPORT, "41", call=RUN
    ),
    Fault(
        "F67",
        "print() of an answer in the report",
        careless,
        "KCC-O067",
        REPORT,
        "42",
        call=RUN,
    ),
    Fault(
        "F67",
        "An error whose text repeats an answer",
        raising,
        "KCC-R056a",
        "notebooks/20_analyse_experience.ipynb",
        "3",
        call=RUN,
    ),
    Proof("F68", "Categories that start with = and +", harmless_cells),
    Fault(
        "F69",
        "An invisible bell in an open answer",
        lambda bench: None,
        "KCC-D027b",
        ANSWERS,
        "6",
        "toelichting",
        exit=0,
    ),
    Fault(
        "F69",
        "An escape sequence in a code",
        lambda bench: bench.put(3, "kanaal", "B\x1b[2J"),
        "KCC-D044i",
        ANSWERS,
        "3",
        "kanaal",
    ),
    Proof("F70", "A report with figures, as PDF", pdf_without_conversion),
    Proof("F71", "Figures of a published report", checked_aggregates),
    Fault(
        "F71",
        "A scatter plot of one's own",
        careless,
        "KCC-O067",
        REPORT,
        "43",
        call=RUN,
    ),
    Proof("F72", "A notebook with outputs, and a report, put in git", kept_out_of_git),
)
