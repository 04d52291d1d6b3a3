#!/usr/bin/env python3
"""Makes the pictures of README.md and the documentation anew.

    python scripts/pictures.py [WORKSPACE]

docs/pictures/report.png, catalogue.png and lab.png are photographs of what a workspace
published (this one unless another is named): the report as a page, the catalogue, and a
report notebook in JupyterLab. They need what `make test-browser` needs. Each is at most
200 kB: 128 colours are enough for text and figures.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.chromium import chromium, opened  # noqa: E402
from tests.browser.lab import Lab  # noqa: E402

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
    return 0


if __name__ == "__main__":
    sys.exit(main())
