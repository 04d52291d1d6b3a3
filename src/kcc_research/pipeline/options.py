"""What a call of ``kcc run`` asks for, apart from which measurements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Options:
    """``asks_more`` than to bring up to date: also what is up to date is done."""

    force: bool = False
    dry_run: bool = False
    draft: bool = False
    reopen: bool = False
    kernels: Literal["auto", "ordinary"] = "auto"
    settings: tuple[str, ...] = ()
    cell_seconds: float = 600
    total_seconds: float = 3600
    memory: int = 0

    @property
    def asks_more(self) -> bool:
        return bool(self.force or self.draft or self.settings)
