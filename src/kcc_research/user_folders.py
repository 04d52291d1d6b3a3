"""Where the system keeps what belongs to a user and not to a project."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

_WINDOWS = {"settings": ("APPDATA", "Roaming"), "cache": ("LOCALAPPDATA", "Local")}
_MACOS = {"settings": "Application Support", "cache": "Caches"}
_OTHERS = {
    "settings": ("XDG_CONFIG_HOME", ".config"),
    "cache": ("XDG_CACHE_HOME", ".cache"),
}


def user_folder(
    kind: Literal["settings", "cache"],
    variable: str,
    given: Mapping[str, str],
    below: str = "",
) -> Path:
    """This user's folder for ``kind``, whether or not there is one.

    ``variable`` of the environment ``given`` overrules it; otherwise it is ``below``
    our own folder in the place of the system.
    """
    if given.get(variable):
        return Path(given[variable]).expanduser().resolve()
    home = Path.home()
    if sys.platform == "win32":
        name, folder = _WINDOWS[kind]
        parent = Path(given.get(name) or home / "AppData" / folder)
    elif sys.platform == "darwin":
        parent = home / "Library" / _MACOS[kind]
    else:
        name, folder = _OTHERS[kind]
        parent = Path(given.get(name) or home / folder)
    return (parent / "kcc_research" / below).resolve()
