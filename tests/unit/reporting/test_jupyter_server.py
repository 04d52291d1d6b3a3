"""Both exporters answer in a running Jupyter server, as JupyterLab's menu asks them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import nbformat
import pytest

from kcc_research.reporting import html_gate, pdf_gate

PATIENCE = 60  # seconds for a server to start on a busy machine


@pytest.fixture(scope="module")
def server(tmp_path_factory, report_notebook) -> Iterator[dict[str, str]]:
    """A server on a free port, with the report in its folder: url and token."""
    home: Path = tmp_path_factory.mktemp("jupyter")
    nbformat.write(report_notebook, home / "rapport.ipynb")
    folders = {
        f"JUPYTER_{each}_DIR": str(home / each) for each in ("CONFIG", "RUNTIME")
    }
    options = [
        "--no-browser",
        "--allow-root",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=0",
        f"--ServerApp.root_dir={home}",
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyter_server", *options],
        env=os.environ | folders | {"HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _announced(home / "RUNTIME" / f"jpserver-{process.pid}.json")
    finally:
        process.terminate()
        process.wait()


def _announced(file: Path) -> dict[str, str]:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if file.exists() and (text := file.read_text(encoding="utf-8")):
            return json.loads(text)
        time.sleep(0.1)
    raise TimeoutError("the Jupyter server did not start")


def downloaded(server: dict[str, str], path: str) -> bytes:
    headers = {"Authorization": f"token {server['token']}"}
    request = Request(f"http://127.0.0.1:{server['port']}{path}", headers=headers)
    with urlopen(request) as answer:
        assert answer.status == 200
        return answer.read()


def test_the_menu_knows_both(server) -> None:
    known = json.loads(downloaded(server, "/api/nbconvert"))
    assert {"kcc_html", "kcc_pdf"} <= known.keys()


def test_html_is_downloaded_and_good(server, report_notebook) -> None:
    page = downloaded(server, "/nbconvert/kcc_html/rapport.ipynb?download=true")
    assert html_gate.check(page.decode(), report_notebook) == []


def test_pdf_is_downloaded_and_good(server, report_notebook) -> None:
    pdf = downloaded(server, "/nbconvert/kcc_pdf/rapport.ipynb?download=true")
    assert pdf_gate.check(pdf, report_notebook) == []
