"""What other people's checkers say of the files as they are published."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import playwright
import pytest

from tests.browser import gathering
from tests.browser.chromium import CHECKERS, FOLDER

pytestmark = pytest.mark.browser

# Playwright brings a node of its own, newer than html-validate asks for.
NODE = Path(playwright.__file__).parent / "driver" / "node"
HTML_VALIDATE = CHECKERS / "html-validate" / "bin" / "html-validate.mjs"
VNU = CHECKERS / "vnu-jar" / "build" / "dist" / "vnu.jar"
# vnu knows neither hashes nor `data:` in the policy of a meta element; that the browser
# has no complaint is held by test_pages.
NOT_VNU = ".*violates Content Security Policy.*"


@pytest.fixture(scope="module")
def pages(workspace) -> list[Path]:
    return [gathering.page(name) for name in gathering.PAGES]


def test_html_validate_finds_nothing(pages, tmp_path) -> None:
    told = tmp_path / "told.json"  # on a pipe it is cut off (PUB-F15)
    config = FOLDER / "htmlvalidate.json"
    subprocess.run(
        [NODE, HTML_VALIDATE, "--config", config, "-f", f"json={told}", *pages],
        check=False,
        capture_output=True,
    )
    found = json.loads(told.read_text("utf-8"))
    assert [
        f"{Path(each['filePath']).name}:{message['line']} {message['message']}"
        for each in found
        for message in each["messages"]
    ] == []


def test_vnu_finds_nothing(pages) -> None:
    ran = subprocess.run(
        ["java", "-Xss4m", "-jar", VNU, "--format", "json", "--filterpattern", NOT_VNU]
        + list(pages),
        capture_output=True,
        check=False,
    )
    found = json.loads(ran.stderr)["messages"]
    assert [f"{each['url'][-40:]}: {each['message']}" for each in found] == []
    assert ran.returncode == 0


@pytest.mark.parametrize("key", gathering.REPORTS)
def test_qpdf_finds_nothing(workspace, key) -> None:
    file = workspace / "outputs" / key / "report.pdf"
    ran = subprocess.run(["qpdf", "--check", file], capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr.decode()
