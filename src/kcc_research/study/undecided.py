"""Open decisions in a definition file: a comment that says ``BESLIS``.

``kcc new`` proposes and a person decides. As long as one such comment stands, the file
is refused, with its line: a proposal never becomes a definition by itself.
"""

from __future__ import annotations

import re

from kcc_research.errors import Problem, problem

MARK = "# BESLIS:"
_OPEN = re.compile(r"#\s*BESLIS\b[:.]?\s*(?P<what>.*)")
_LONGEST = 100


def open_decisions(text: str, name: str) -> list[Problem]:
    """One problem (C014) for each open decision in ``text``; ``name`` is the file."""
    return [
        problem("KCC-C014", file=name, row=row, value=match["what"][:_LONGEST])
        for row, line in enumerate(text.splitlines(), start=1)
        if (match := _OPEN.search(line)) is not None
    ]
