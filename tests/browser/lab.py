"""JupyterLab in a browser, driven as a researcher does: by its menus and its cells.

Waiting is for what the page or the kernel says, never for a number of seconds.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from playwright.sync_api import Browser, Download, Locator

PATIENCE = 240  # seconds for a server or a notebook on a busy machine
SIZE = {"width": 1400, "height": 1000}
# No news from outside, no saving by itself, and every cell in the page at once.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}
FRONT = ".jp-NotebookPanel:not(.lm-mod-hidden)"
# What the page shows of the notebook in front: its kernel has a name and waits (before
# it has one, it is idle too); every cell of code has a number, and none a star; its tab
# has no dot of unsaved work.
IDLE = f"{FRONT} .jp-Notebook-ExecutionIndicator[data-status='idle']"
DONE = f"""() => document.querySelector("{IDLE}") &&
  [...document.querySelectorAll("{FRONT} .jp-CodeCell .jp-InputPrompt")]
    .every(each => /\\d/.test(each.textContent))"""
UNSAVED = "#jp-main-dock-panel .lm-TabBar-tab.jp-mod-current.jp-mod-dirty"


class Lab:
    """A JupyterLab on a free port for the workspace ``root``, and a page showing it."""

    def __init__(self, browser: Browser, root: Path) -> None:
        self.browser = browser
        self.root = root

    def __enter__(self) -> Lab:
        self._home = tempfile.TemporaryDirectory()
        home = Path(self._home.name)
        for name, values in SETTINGS.items():
            folder = home / "settings" / "@jupyterlab" / Path(name).parent
            folder.mkdir(parents=True, exist_ok=True)
            file = folder / f"{Path(name).name}.jupyterlab-settings"
            file.write_text(json.dumps(values), encoding="utf-8")
        self._process = self._started(home)
        self._context = self.browser.new_context(viewport=SIZE, accept_downloads=True)
        self._context.set_default_timeout(PATIENCE * 1000)
        self.page = self._context.new_page()
        told = self._announced(home)
        self.page.goto(f"http://127.0.0.1:{told['port']}/lab?token={told['token']}")
        self.page.locator("#jp-MainMenu").wait_for()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._context.close()
        self._process.terminate()
        self._process.wait()
        self._home.cleanup()

    def _started(self, home: Path) -> subprocess.Popen[bytes]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("KCC_")}
        environment |= {
            "HOME": str(home),
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        }
        options = [
            "--no-browser",
            "--allow-root",
            "--ServerApp.ip=127.0.0.1",
            "--ServerApp.port=0",
        ]
        return subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            cwd=self.root,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _announced(self, home: Path) -> dict[str, Any]:
        """What the server says of itself once it listens: port and token."""
        file = home / "runtime" / f"jpserver-{self._process.pid}.json"
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if file.exists() and (text := file.read_text(encoding="utf-8")):
                return dict(json.loads(text))
            if self._process.poll() is not None:
                raise RuntimeError("JupyterLab stopped while starting")
            time.sleep(0.1)
        raise TimeoutError("JupyterLab did not start")

    def opened(self, path: str) -> Notebook:
        """The notebook at ``path`` with its kernel idle, opened from the file menu."""
        self.menu("File", "Open from Path…")
        dialog = self.page.locator(".jp-Dialog")
        dialog.locator("input").fill(path)
        dialog.locator("button.jp-mod-accept").click()
        tab = self.page.locator("#jp-main-dock-panel .lm-TabBar-tab.jp-mod-current")
        tab.filter(has_text=Path(path).name).wait_for()
        named = self.page.locator(FRONT).get_by_text("Python 3", exact=False)
        named.first.wait_for()
        self.page.locator(IDLE).wait_for()
        return Notebook(self, path)

    def menu(self, *names: str) -> None:
        """Choose an entry of the menu bar, level by level."""
        bar = self.page.locator("#jp-MainMenu .lm-MenuBar-itemLabel")
        bar.get_by_text(names[0], exact=True).click()
        for name in names[1:]:
            whole = re.compile(f"^{re.escape(name)}$")
            self.page.locator(".lm-Menu-itemLabel").filter(has_text=whole).click()


class Notebook:
    """One open notebook."""

    def __init__(self, lab: Lab, path: str) -> None:
        self.lab = lab
        self.path = path

    @property
    def panel(self) -> Locator:
        """The notebook that is in front."""
        return self.lab.page.locator(FRONT)

    @property
    def errors(self) -> list[str]:
        """What went wrong in its cells."""
        shown = self.panel.locator("[data-mime-type='application/vnd.jupyter.error']")
        return (
            shown.all_inner_texts()
            + self.panel.locator(
                "[data-mime-type='application/vnd.jupyter.stderr']"
            ).all_inner_texts()
        )

    def run_all(self) -> None:
        """Run every cell; ends when the kernel is idle and each cell has run."""
        self.lab.menu("Run", "Run All Cells")
        self.lab.page.wait_for_function(DONE)

    def edit(self, sentence: str, other: str) -> None:
        """Put ``other`` in the place of ``sentence`` in a cell of text, by typing."""
        cell = self.panel.locator(".jp-MarkdownCell").filter(has_text=sentence)
        cell.locator(".jp-MarkdownOutput").dblclick()
        editor = cell.locator(".cm-content")
        editor.wait_for()
        source = self._source_of(sentence)
        editor.click()  # a double click alone leaves the keys with another cell
        editor.press("Control+A")
        self.lab.page.keyboard.insert_text(source.replace(sentence, other))
        self.lab.page.keyboard.press("Shift+Enter")
        self.panel.locator(".jp-MarkdownOutput").filter(has_text=other).wait_for()

    def _source_of(self, sentence: str) -> str:
        notebook = json.loads((self.lab.root / self.path).read_text(encoding="utf-8"))
        sources = ("".join(each["source"]) for each in notebook["cells"])
        return next(each for each in sources if sentence in each)

    def save(self) -> None:
        self.lab.menu("File", "Save Notebook")
        self.lab.page.locator(UNSAVED).wait_for(state="detached")

    def exported(self, name: str) -> Download:
        """What the export menu downloads under ``name``, as ``Kcc_pdf``."""
        with self.lab.page.context.expect_event("download") as download:
            self.lab.menu("File", "Save and Export Notebook As", name)
        return download.value

    def picture(self, selector: str) -> bytes:
        """The window with the first output that has ``selector`` in sight."""
        found = self.panel.locator(f".jp-OutputArea-output {selector}").first
        found.scroll_into_view_if_needed()
        return self.lab.page.screenshot()
