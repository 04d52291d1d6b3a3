"""Whether names can be found here, by what, and where its cache is (TRUST-Q4).

Apart from the finding itself (:mod:`.names`), so that to ask takes no time.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import metadata, util
from pathlib import Path

from kcc_research.user_folders import user_folder

LIBRARY = "deduce"
CACHE_VARIABLE = "KCC_CACHE"


def is_available() -> bool:
    """Whether the recogniser is installed."""
    return util.find_spec(LIBRARY) is not None


def version() -> str:
    """Which recogniser it is: another one finds other names."""
    return metadata.version(LIBRARY) if is_available() else "none"


def cache_folder(given: Mapping[str, str] = os.environ) -> Path:
    """Where this user's caches stand, whether or not there are any."""
    return user_folder("cache", CACHE_VARIABLE, given)
