#!/usr/bin/env python3
"""Makes the pictures of README.md and the documentation anew.

    python scripts/pictures.py [WORKSPACE]

docs/pictures/report.png, catalogue.png and lab.png are photographs of what a workspace
published (this one unless another is named): the report as a page, the catalogue, and a
report notebook in JupyterLab. new.png and check.png are of files made for it: a
proposal of `kcc new`, and the *controlerapport* of answers with faults in them. They
need what `make test-browser` needs. Each is at most 200 kB: 128 colours are enough for
text and figures.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TOMLLexer

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests import messy_files  # noqa: E402
from tests.browser.chromium import chromium, opened  # noqa: E402
from tests.browser.lab import Lab  # noqa: E402
from tests.workspaces import WAVES, fresh_copy, kcc  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
REPORT = "gm0575-noordwijk/2023-klantbeleving"
NOTEBOOK = "notebooks/30_report_experience.ipynb"
COLOURS = 128
LARGEST = 200_000


def save(name: str, *shots: bytes) -> None:
    """The shots side by side, with few colours, as docs/pictures/``name``."""
    images = [Image.open(io.BytesIO(shot)).convert("RGB") for shot in shots]
    gap = 24 * (len(images) > 1)
    width = sum(image.width for image in images) + gap * (len(images) - 1)
    whole = Image.new("RGB", (width, max(image.height for image in images)), "#c8d3df")
    left = 0
    for image in images:
        whole.paste(image, (left, 0))
        left += image.width + gap
    few = whole.quantize(COLOURS, dither=Image.Dither.NONE)
    PICTURES.mkdir(parents=True, exist_ok=True)
    few.save(PICTURES / name, optimize=True)
    size = (PICTURES / name).stat().st_size
    print(f"{name}: {whole.width} x {whole.height}, {size // 1000} kB")
    if size > LARGEST:
        raise SystemExit(f"{name} is larger than {LARGEST} bytes")


def of_report(browser: Browser, outputs: Path) -> None:
    """The first page of a report, and beside it a figure with its table."""
    page = browser.new_page()
    opened(page, outputs / REPORT / "report.html", width=1100, height=1180)
    first = page.screenshot()
    page.locator("main figure").first.evaluate(
        "e => window.scrollTo({top: e.getBoundingClientRect().top - 120,"
        " behavior: 'instant'})"
    )
    save("report.png", first, page.screenshot())
    page.close()


def of_catalogue(browser: Browser, outputs: Path) -> None:
    page = browser.new_page()
    opened(page, outputs / "index.html", width=1280, height=1000)
    save("catalogue.png", page.screenshot())
    page.close()


def of_lab(browser: Browser, workspace: Path) -> None:
    """A report notebook, run in JupyterLab on a copy of the workspace."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "kcc"
        for part in ("studies", "notebooks", "data", "outputs"):
            shutil.copytree(workspace / part, copy / part, symlinks=True)
        with Lab(browser, copy) as lab:
            notebook = lab.opened(NOTEBOOK)
            notebook.run_all()
            save("lab.png", notebook.picture("figure"))


EDITOR = """<!doctype html><title>bewoners.toml</title><style>{style}
body {{ margin: 0; background: #fff; }} .highlight {{ padding: 12px 20px; }}
pre {{ font: 15px/1.5 "DejaVu Sans Mono", monospace; margin: 0; }}</style>{code}"""
TO_DECIDE = "# BESLIS"
FIRST_SHOWN, SHOWN_LINES = 2, 27


def of_new(browser: Browser) -> None:
    """Some points to decide of a proposal, as an editor shows them."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "studies").mkdir()
        raw = messy_files.windows_csv(root / "bewoners.csv")
        kcc(root, "new", WAVES[0], "--from", str(raw))
        text = (root / "studies" / WAVES[0] / "bewoners.toml").read_text("utf-8")
        lines = text.splitlines()
        marks = [at for at, each in enumerate(lines) if each.startswith(TO_DECIDE)]
        shown = "\n".join(lines[marks[FIRST_SHOWN] :][:SHOWN_LINES])
        look = HtmlFormatter(hl_lines=_marked(shown), style="default")
        page_file = root / "editor.html"
        code = highlight(shown, TOMLLexer(), look)
        style = look.get_style_defs()
        page_file.write_text(EDITOR.format(style=style, code=code), "utf-8")
        page = browser.new_page()
        opened(page, page_file, width=900, height=100)
        save("new.png", page.screenshot(full_page=True))
        page.close()


def _marked(text: str) -> list[int]:
    lines = enumerate(text.splitlines(), start=1)
    return [at for at, each in lines if each.startswith(TO_DECIDE)]


def of_check(browser: Browser) -> None:
    """The *controlerapport* of answers that the questionnaire does not know."""
    with tempfile.TemporaryDirectory() as folder:
        root = fresh_copy(Path(folder) / "kcc", WAVES[0])
        file = root / "data" / "raw" / WAVES[0] / "algemeen.csv"
        rows = [each.split(";") for each in file.read_text("utf-8").splitlines()]
        for column, value in (("cijfer", "77"), ("datum", "gisteren")):
            rows[30][rows[0].index(column)] = value
        file.write_text("".join(f"{';'.join(each)}\n" for each in rows), "utf-8")
        kcc(root, "check", WAVES[0])
        [report] = (root / "data" / "processed").rglob("controlerapport.html")
        page = browser.new_page()
        opened(page, report, width=1000, height=900)
        page.locator("main h2").last.evaluate(
            "e => window.scrollTo({top: e.offsetTop - 20, behavior: 'instant'})"
        )
        save("check.png", page.screenshot())
        page.close()


def main() -> int:
    workspace = Path(sys.argv[1]).resolve() if sys.argv[1:] else ROOT
    outputs = workspace / "outputs"
    if not (outputs / REPORT / "report.html").exists():
        print(f"no {REPORT} in outputs: run `kcc run --all` first")
        return 1
    with chromium() as browser:
        of_report(browser, outputs)
        of_catalogue(browser, outputs)
        of_lab(browser, workspace)
        of_new(browser)
        of_check(browser)
    return 0


if __name__ == "__main__":
    sys.exit(main())
