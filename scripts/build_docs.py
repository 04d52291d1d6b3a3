#!/usr/bin/env python3
"""Build the documentation site: ``make docs``, into docs/_build/html.

Sphinx works from a copy of docs/, to which the pages outside it (glossary, changelog,
notebooks) and the reference from the code are added; links that leave the site become
plain names. Warnings are errors, and so is a page that loads anything from elsewhere.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
BUILD = DOCS / "_build"
SOURCE, HTML = BUILD / "source", BUILD / "html"
sys.path.insert(0, str(ROOT / "scripts"))

import reference_pages  # noqa: E402

OUTSIDE = {
    "docs/README.md": "index.md",
    "GLOSSARY.md": "glossary.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "notebooks/README.md": "notebooks.md",
    "notebooks/00_start.ipynb": "00_start.ipynb",
}
"""Files of the repository → their page on the site."""


@dataclass(frozen=True)
class Part:
    """One entry of the navigation: a heading, a sentence, groups of pages."""

    page: str
    title: str
    intro: str
    groups: tuple[tuple[str, tuple[str, ...]], ...]


MORE = "*"
"""Stands for the pages that the navigation does not name."""

NAVIGATION = (
    Part(
        "nederlands",
        "Voor onderzoekers",
        "Alles om zelf een meting te doen, in het Nederlands.",
        (
            ("Leren", ("eerste-rapport", "00_start")),
            (
                "Doen",
                (
                    "installeren",
                    "nieuwe-meting",
                    "wegen-en-vergelijken",
                    "opmerkingen-en-citaten",
                    "eigen-notebook",
                    "uitgeven-en-bewaren",
                ),
            ),
            ("Begrijpen", ("uitleg", "glossary")),
            ("Opzoeken", ("reference/meldingen",)),
        ),
    ),
    Part(
        "reference",
        "Reference",
        "Written from the code, the models and the tests.",
        (
            (
                "Using",
                (
                    "reference/commands",
                    "reference/definitions",
                    "reference/studies",
                    "notebooks",
                    "reference/python",
                    "reference/messages",
                    "faults",
                ),
            ),
            ("Methods", ("methods/index", "methods/coverage")),
        ),
    ),
    Part(
        "contributors",
        "For contributors",
        "For whoever runs it for others, changes it, or has to trust it.",
        (
            ("Doing", ("contributing", "extending", "recipes")),
            ("Privacy", ("privacy", "disclosure", "disclosure-attack")),
            ("Evidence", ("kill-loop", "looks", "benchmarks/*")),
            ("Decisions", ("changelog", "adr/*")),
            ("More", (MORE,)),
        ),
    ),
)
DUTCH_HOME = "nederlands"
_NOT_PAGES = {"_build", "schema"}


def stage() -> None:
    """Make the copy that Sphinx works from."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    ignored = shutil.ignore_patterns(*_NOT_PAGES, "README.md")
    shutil.copytree(DOCS, SOURCE, ignore=ignored)
    for page in SOURCE.rglob("*.md"):
        original = DOCS / page.relative_to(SOURCE)
        page.write_text(on_site(original.read_text("utf-8"), original), "utf-8")
    for name, page in OUTSIDE.items():
        text = (ROOT / name).read_text("utf-8")
        target = SOURCE / page
        target.write_text(
            on_site(text, ROOT / name) if target.suffix == ".md" else text, "utf-8"
        )
    (SOURCE / "reference").mkdir()
    for name, text in reference_pages.pages().items():
        (SOURCE / "reference" / f"{name}.md").write_text(text, "utf-8")
    _navigate()


def _navigate() -> None:
    tops = "\n".join(f"{part.title} <{part.page}>" for part in NAVIGATION)
    with (SOURCE / "index.md").open("a", encoding="utf-8") as index:
        index.write(f"\n```{{toctree}}\n:hidden:\n\n{tops}\n```\n")
    for part in NAVIGATION:
        (SOURCE / f"{part.page}.md").write_text(_landing(part), "utf-8")
    with (SOURCE / "conf.py").open("a", encoding="utf-8") as settings:
        settings.write(f"\nDUTCH = {dutch_pages()!r}\n")


def dutch_pages() -> tuple[str, ...]:
    """The pages whose language is Dutch: one part of the navigation, glossary apart."""
    [part] = [each for each in NAVIGATION if each.page == DUTCH_HOME]
    listed = (name for _, names in part.groups for name in names if name != "glossary")
    return (part.page, *listed)


def _landing(part: Part) -> str:
    text = [f"# {part.title}", part.intro]
    for heading, names in part.groups:
        pages = [
            each
            for name in names
            for each in (_unnamed() if name == MORE else _existing(name))
        ]
        listed = "\n".join(pages)
        if pages:
            text.append(
                f"```{{toctree}}\n:caption: {heading}\n:maxdepth: 1\n\n{listed}\n```"
            )
    return "\n\n".join(text) + "\n"


def _existing(name: str) -> list[str]:
    """The page of that name, or the pages of a pattern, in their order."""
    found = sorted(
        each.relative_to(SOURCE).with_suffix("").as_posix()
        for suffix in (".md", ".ipynb")
        for each in SOURCE.glob(f"{name}{suffix}")
    )
    if not found:
        raise SystemExit(f"docs: no page {name} for the navigation")
    return found


def _unnamed() -> list[str]:
    names = {name for part in NAVIGATION for _, each in part.groups for name in each}
    named = {page for name in names - {MORE} for page in _existing(name)}
    landings = {"index", *(part.page for part in NAVIGATION)}
    return [each for each in _existing("**/*") if each not in named | landings]


# --- links ----------------------------------------------------------------------------

_LINK = re.compile(
    r"(!?)\[((?:[^\]`]|`[^`]*`)*)\]\((?!https?:|mailto:|#)([^)#\s]+)(#[^)\s]*)?\)"
)


def on_site(text: str, original: Path) -> str:
    """``text`` with links as they work on the site.

    A link to a file that has a page goes there; one to another file of the repository
    becomes its name.
    """

    def replaced(found: re.Match[str]) -> str:
        picture, words, target, anchor = found.groups()
        path = (original.parent / target).resolve().relative_to(ROOT).as_posix()
        page = OUTSIDE.get(path) or _page_of(path)
        if page:
            return f"{picture}[{words}](/{page}{anchor or ''})"
        plain = words.strip("`")
        return (
            f"`{path}`" if plain in (path, Path(path).name) else f"{words} (`{path}`)"
        )

    return _LINK.sub(replaced, text)


def _page_of(path: str) -> str:
    """The place on the site of a file under docs/, if it has one."""
    inside = Path(path)
    if inside.parts[0] != DOCS.name or len(inside.parts) < 2 or not inside.suffix:
        return ""
    return (
        "" if inside.parts[1] in _NOT_PAGES else inside.relative_to("docs").as_posix()
    )


# --- building and checking ------------------------------------------------------------


def build() -> int:
    """Run Sphinx; its exit code."""
    environment = os.environ | {
        "KCC_HOME": str(ROOT),
        "PYTHONPATH": os.pathsep.join(
            (str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")]))
        ),
    }
    shutil.rmtree(HTML, ignore_errors=True)
    words = ["-q", "-W", "--keep-going", "-b", "html", "-d", str(BUILD / "doctrees")]
    command = [sys.executable, "-m", "sphinx", *words, str(SOURCE), str(HTML)]
    return subprocess.run(command, env=environment, check=False).returncode


_LOADS = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed|object|link)\b[^>]*?"""
    r"""\b(?:src|href|data|srcset)\s*=\s*["'](?:https?:)?//[^"']+["'][^>]*>"""
    r"""|(?:url\(|@import\s)\s*["']?(?:https?:)?//[^)"'\s]+"""
)


def loads_from_elsewhere(folder: Path) -> list[str]:
    """Everything a page or style sheet of ``folder`` would fetch from outside it."""
    return [
        f"{page.relative_to(folder).as_posix()}: {found.group()}"
        for page in sorted(folder.rglob("*"))
        if page.suffix in (".html", ".css")
        for found in _LOADS.finditer(page.read_text("utf-8", errors="replace"))
    ]


_ID = re.compile(r'\bid="([^"]+)"')
_HREF = re.compile(r'<a\b[^>]*?\bhref="(?!\w+:)([^"#]*)#([^"]+)"')


def lost_anchors(folder: Path) -> list[str]:
    """Links within the site to a place on a page that is not there."""
    texts = {page: page.read_text("utf-8") for page in folder.rglob("*.html")}
    ids = {page: set(_ID.findall(text)) for page, text in texts.items()}
    return sorted(
        f"{page.relative_to(folder).as_posix()}: {name}#{anchor}"
        for page, text in texts.items()
        for name, anchor in _HREF.findall(text)
        if anchor not in ids.get((page.parent / name).resolve() if name else page, ())
    )


def main() -> int:
    stage()
    code = build()
    wrong = [f"loads from elsewhere: {each}" for each in loads_from_elsewhere(HTML)]
    wrong += [f"leads nowhere: {each}" for each in lost_anchors(HTML)]
    for each in wrong:
        sys.stderr.write(f"{each}\n")
    if not code and not wrong:
        sys.stdout.write(f"{(HTML / 'index.html').relative_to(ROOT)}\n")
    return 1 if wrong else code


if __name__ == "__main__":
    sys.exit(main())
