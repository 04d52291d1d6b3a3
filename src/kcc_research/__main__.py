"""``python -m kcc_research`` is ``kcc``, for whom scripts are not on the path."""

from kcc_research.cli import app

app(prog_name="kcc")
