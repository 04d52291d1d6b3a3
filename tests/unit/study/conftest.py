"""A measurement folder that tests may damage."""

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
OWNER = "gm0575-noordwijk"
KEY = f"{OWNER}/2023-klantbeleving"


class Folder:
    """A copy of the Noordwijk definitions, and edits in one of them."""

    def __init__(self, root: Path, key: str) -> None:
        self.root = root
        self.key = key
        self.path = root / "studies" / key

    def edit(self, name: str, old: str, new: str) -> int:
        """Replace the first ``old`` by ``new``; returns the line it stood on."""
        path = self.path / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def line(self, name: str, text: str) -> int:
        """Number of the first line that holds ``text``."""
        lines = (self.path / name).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if text in line)


@pytest.fixture
def noordwijk(tmp_path: Path) -> Folder:
    """The 2023 measurement, with the two before it."""
    source = REPOSITORY / "studies" / OWNER
    for path in source.rglob("*"):
        if path.is_file():
            target = tmp_path / "studies" / OWNER / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return Folder(tmp_path, KEY)
