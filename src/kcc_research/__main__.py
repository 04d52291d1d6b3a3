"""``python -m kcc_research`` is ``kcc``, for whom scripts are not on the path."""

import sys
from pathlib import Path

# ``-m`` looks in the working folder first, where a stray numpy.py may stand (F61).
if not sys.flags.safe_path and Path(sys.path[0]) == Path.cwd():
    del sys.path[0]

from kcc_research.cli import app  # noqa: E402

app(prog_name="kcc")
