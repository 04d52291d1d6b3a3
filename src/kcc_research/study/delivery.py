"""Where a raw file comes from (*levering*): who sent it, when, how, by what agreement.

The hash of a file says that it is still what it was, not whose it is. A successor, and
a privacy officer, ask for that first. It is optional: what nobody wrote down, the
handover leaves open to fill in.
"""

from __future__ import annotations

from datetime import date

from kcc_research import dutch
from kcc_research.study.model import Definition, Text


class Delivery(Definition):
    """Who delivered the files of a source: an organisation, for reports print it.

    ``received`` is the day they came in, of a series that of the last file. ``via``
    says how they were sent, ``agreement`` under which contract or processing agreement.
    """

    by: Text
    received: date
    via: Text | None = None
    agreement: Text | None = None

    @property
    def words(self) -> str:
        """``van Bureau X, ontvangen op 3 mei 2024, via een beveiligde server``."""
        told = f"van {self.by}, ontvangen op {dutch.long_date(self.received)}"
        if self.via is not None:
            told += f", via {self.via}"
        if self.agreement is not None:
            told += f"; afspraak: {self.agreement}"
        return told
