#!/usr/bin/env python3
"""What `make test-browser` needs beyond the lock, installed where it may be.

Chromium, a Java runtime, npm, qpdf and poppler come from the system: as root on Debian
they are installed when absent, elsewhere what is missing is named. axe-core,
html-validate and vnu come from npm, held to the hashes of
tests/browser/package-lock.json; none of their scripts is run. Exit codes: 0 all is
there, 3 something of the system is missing and this user cannot install it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "browser"
LOCK = FOLDER / "package-lock.json"
INSTALLED = FOLDER / "node_modules" / ".package-lock.json"
DEBIAN = {
    "chromium": "chromium",
    "java": "default-jre-headless",
    "npm": "npm",
    "qpdf": "qpdf",
    "pdftotext": "poppler-utils",
}
MISSING = 3


def absent() -> list[str]:
    """The programs of the system that are not on the path."""
    return [program for program in DEBIAN if shutil.which(program) is None]


def install_programs(programs: list[str]) -> None:
    """Install what is absent; apt's own messages say why when it cannot."""
    packages = [DEBIAN[each] for each in programs]
    print(f"Installing {', '.join(packages)}.", flush=True)
    apt = ["apt-get", "-q", "-y", "-o", "Dpkg::Use-Pty=0"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*apt, "update"], check=True, env=quiet)
    install = [*apt, "install", "--no-install-recommends", *packages]
    subprocess.run(install, check=True, env=quiet)


def may_install() -> bool:
    return (
        hasattr(os, "geteuid")
        and os.geteuid() == 0
        and shutil.which("apt-get") is not None
    )


def install_checkers() -> None:
    """The checkers of the lock, unless they are there already."""
    if INSTALLED.exists() and INSTALLED.stat().st_mtime > LOCK.stat().st_mtime:
        return
    npm = shutil.which("npm") or "npm"
    subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=FOLDER,
        check=True,
    )


def main() -> int:
    programs = absent()
    if programs and may_install():
        install_programs(programs)
    elif programs:
        packages = " ".join(DEBIAN[each] for each in programs)
        print(f"Missing: {', '.join(programs)}. On Debian: apt-get install {packages}")
        return MISSING
    install_checkers()
    return 0


if __name__ == "__main__":
    sys.exit(main())
