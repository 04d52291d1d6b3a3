"""Importing notebook libraries without what they import in vain.

jsonschema, which nbformat imports, compiles 39 grammars when it finds
``rfc3987_syntax``: 1.4 seconds, to judge international web addresses by a rule that no
notebook asks for. It does without when that package is not there.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

IN_VAIN = "rfc3987_syntax"


@contextlib.contextmanager
def without(name: str = IN_VAIN) -> Iterator[None]:
    """Whatever is imported meanwhile does not find the package ``name``.

    Unless it was imported before: then nothing is gained. For one thread at a time.
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        sys.modules.pop(name, None)
