"""Runs are hermetic (TRUST-T10, T11; DESIGN §8.21): another world, the same bytes.

Every case runs the real command line in a workspace of its own and compares what is
published, and the results below it, byte by byte with a plain run.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.ready_command import ready_kcc
from tests.workspaces import WAVES, fresh_copy

HOSTILE = "raise SystemExit('HOSTILE')\n"


def kcc(
    root: Path,
    *words: str,
    given: Mapping[str, str] | None = None,
    within: Sequence[str] = (),
) -> None:
    """The command line in ``root``; ``within`` is a command that it is run by."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("KCC_")}
    done = subprocess.run(
        [*within, sys.executable, "-m", "kcc_research", *words],
        cwd=root,
        env=kept | dict(given or {}),
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "HOSTILE" not in done.stdout + done.stderr


def published(root: Path, key: str) -> dict[str, bytes]:
    """Name → content of the report, its tables and the results behind it."""
    folders = (root / "outputs" / key, root / "data" / "processed" / key / "results")
    found = {
        f"{folder.name}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert any(name.endswith("report.pdf") for name in found)
    return found


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(k for k in one.keys() | other.keys() if one.get(k) != other.get(k))


def hostile_world(base: Path, root: Path) -> dict[str, str]:
    """A home and a working folder full of things that change an ordinary kernel."""
    home = base / "thuis"
    startup = home / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("print('HOSTILE')\nimport builtins\n" + HOSTILE)
    profile = startup.parent
    (profile / "ipython_config.py").write_text(HOSTILE)
    (profile / "ipython_kernel_config.py").write_text(HOSTILE)
    (home / ".jupyter").mkdir()
    (home / ".jupyter" / "jupyter_config.py").write_text(HOSTILE)
    matplotlib = home / ".config" / "matplotlib"
    matplotlib.mkdir(parents=True)
    (matplotlib / "matplotlibrc").write_text("figure.dpi: 33\nfont.size: 4\n")
    (base / "startup.py").write_text(HOSTILE)
    for name in ("numpy", "pandas", "random", "matplotlib"):
        (root / f"{name}.py").write_text(HOSTILE)
    return {
        "HOME": str(home),
        "IPYTHONDIR": str(home / ".ipython"),
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        "MPLCONFIGDIR": str(matplotlib),
        "MPLBACKEND": "nonsense",
        "PYTHONSTARTUP": str(base / "startup.py"),
        "PYTHONHASHSEED": "7",
        "LC_ALL": "C",
        "LANG": "tr_TR.UTF-8",
        "TZ": "Pacific/Auckland",
    }


def can(*words: str) -> bool:
    """Whether this system lets us make a world of our own."""
    if not sys.platform.startswith("linux") or not shutil.which("unshare"):
        return False
    done = subprocess.run(["unshare", *words, "true"], capture_output=True, check=False)
    return done.returncode == 0


NO_MOUNTS = "unshare -m (an own mount table) is not allowed here"
NO_NETS = "unshare -n (an own network) is not allowed here"
mounts = pytest.mark.skipif(not can("-m"), reason=NO_MOUNTS)
nets = pytest.mark.skipif(not can("-n"), reason=NO_NETS)


def read_only(folder: Path) -> list[str]:
    """The words that run a command with ``folder`` mounted to be read only."""
    at = shlex.quote(str(folder))
    mount = f"mount --bind {at} {at} && mount -o remount,bind,ro {at}"
    proof = f"! touch {at}/proef 2>/dev/null"
    return ["unshare", "-m", "sh", "-c", f'{mount} && {proof} && exec "$@"', "sh"]


@pytest.fixture(scope="module")
def plain(tmp_path_factory, tiny) -> dict[str, bytes]:
    root = tiny.make_workspace(tmp_path_factory.mktemp("gewoon") / "project")
    assert ready_kcc(root, "run", tiny.KEY).returncode == 0
    return published(root, tiny.KEY)


@pytest.fixture
def root(tmp_path, tiny) -> Path:
    return tiny.make_workspace(tmp_path / "project")


def test_a_hostile_profile_locale_zone_and_folder(plain, root, tiny, tmp_path):
    kcc(root, "run", tiny.KEY, given=hostile_world(tmp_path, root))
    assert differing(plain, published(root, tiny.KEY)) == []


def test_a_path_with_spaces_and_an_accent(plain, tmp_path, tiny):
    root = tiny.make_workspace(tmp_path / "Mijn gegevens" / "privé één")
    kcc(root, "run", tiny.KEY, given={"LC_ALL": "C"})
    assert differing(plain, published(root, tiny.KEY)) == []


@mounts
def test_a_home_that_cannot_be_written(plain, root, tiny, tmp_path):
    home = tmp_path / "thuis"
    home.mkdir()
    kcc(root, "run", tiny.KEY, given={"HOME": str(home)}, within=read_only(home))
    assert differing(plain, published(root, tiny.KEY)) == []
    assert list(home.iterdir()) == []


@nets
def test_without_a_network(plain, root, tiny):
    """All of it offline: check, run, release; the report asks for nothing outside."""
    within = ["unshare", "-n"]
    kcc(root, "check", tiny.KEY, within=within)
    kcc(root, "run", tiny.KEY, within=within)
    assert differing(plain, published(root, tiny.KEY)) == []
    kcc(root, "verify", tiny.KEY, within=within)
    path = root / "studies" / tiny.KEY / "measurement.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f'{text}[report]\nlicense = "CC-BY-4.0"\n', encoding="utf-8")
    kcc(root, "run", tiny.KEY, within=within)
    to = ("--to", str(root.parent / "uit"), "--maker", "A", "--checker", "B")
    kcc(root, "release", tiny.KEY, *to, within=within)
    assert list((root.parent / "uit").rglob("datapackage.json"))


def test_these_worlds_are_hostile_indeed(root, tmp_path):
    """Controls: what is no kernel of ours is changed by them, or cut off."""
    given = {**os.environ, **hostile_world(tmp_path, root)}
    for words in (("-m", "IPython", "-c", "1"), ("-c", "import numpy")):
        done = subprocess.run(
            [sys.executable, *words],
            cwd=root,
            env=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "HOSTILE" in done.stdout + done.stderr, words


@nets
def test_the_network_is_cut_indeed():
    code = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=9)"
    words = ["unshare", "-n", sys.executable, "-c", code]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert "unreachable" in done.stderr


@mounts
def test_the_home_is_read_only_indeed(tmp_path):
    home = tmp_path / "thuis"
    home.mkdir()
    words = [*read_only(home), "touch", str(home / "x")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and list(home.iterdir()) == []


def test_a_report_asks_for_nothing_outside(plain):
    [page] = [c.decode() for name, c in plain.items() if name.endswith("report.html")]
    assert not re.search(r"<script|\son[a-z]+\s*=|<link|<iframe|@import|url\(", page)
    sources = re.findall(r'\bsrc="([^"]*)"', page)
    assert all(each.startswith("data:") for each in sources)
    assert "Content-Security-Policy" in page and "default-src 'none'" in page


@pytest.mark.slow
@nets
@mounts
def test_a_whole_study_in_the_worst_of_worlds(tmp_path):
    """Figures and weights too: everything hostile at once, offline, home read-only."""
    key = WAVES[0]
    good = fresh_copy(tmp_path / "gewoon", key)
    assert ready_kcc(good, "run", key).returncode == 0
    bad = fresh_copy(tmp_path / "Mijn gegevens" / "privé één", key)
    given = hostile_world(tmp_path, bad)
    within = ["unshare", "-n", *read_only(Path(given["HOME"]))]
    kcc(bad, "run", key, given=given, within=within)
    one, other = published(good, key), published(bad, key)
    assert differing(one, other) == []
    assert sum(name.endswith(".csv") for name in one) >= 3
