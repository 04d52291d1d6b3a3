"""Where each key of a TOML file stands: key path → line.

The standard reader gives values without their place, and of a key written twice only
the second position. A researcher needs the line in the editor. This is no second
parser: it follows keys, brackets and quotes, and leaves judging values to tomllib.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

KeyPath = tuple[str | int, ...]

DEEPEST = 20
"""Parts of a key path; a definition needs six. Deeper is no definition (TRUST-F8)."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_INLINE_BLANK = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_QUOTED = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}\n#]+")


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A key or table written twice; lines count from 1."""

    path: KeyPath
    first: int
    second: int


@dataclass(slots=True)
class KeyLines:
    """Lines of all keys that could be followed, and the keys written twice.

    ``stopped`` is the line that could not be followed, when there is one; ``too_deep``
    says that it nests more than ``DEEPEST`` levels.
    """

    lines: dict[KeyPath, int] = field(default_factory=dict)
    duplicates: list[Duplicate] = field(default_factory=list)
    stopped: int | None = None
    too_deep: bool = False

    def line(self, path: KeyPath) -> int:
        """Line of ``path``, else of the nearest key above it; 1 when there is none."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1


def key_lines(text: str) -> KeyLines:
    """Follow ``text``; what comes after a syntax error is simply not known.

    >>> key_lines('a = 1\\n[[b]]\\nc = 2').line(("b", 0, "c"))
    3
    """
    scanner = _Scanner(text.replace("\r\n", "\n"))
    try:
        scanner.document()
    except _CannotFollowError as error:
        scanner.found.stopped = scanner.line()
        scanner.found.too_deep = isinstance(error, _TooDeepError)
    return scanner.found


class _CannotFollowError(Exception):
    """The text is not TOML from here on."""


class _TooDeepError(_CannotFollowError):
    """Nested more deeply than any definition: the reader could not bear it."""


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found = KeyLines()
        self.tables: set[KeyPath] = set()
        self.arrays: dict[KeyPath, int] = {}

    def document(self) -> None:
        prefix: KeyPath = ()
        while self._skip(_BLANK) < len(self.text):
            if self.text.startswith("[[", self.at):
                prefix = self._array_header()
            elif self.text.startswith("[", self.at):
                prefix = self._table_header()
            else:
                self._pair(prefix)

    def _skip(self, blank: re.Pattern[str]) -> int:
        match = blank.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at

    def _take(self, token: str) -> None:
        if not self.text.startswith(token, self.at):
            raise _CannotFollowError
        self.at += len(token)

    def line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def _array_header(self) -> KeyPath:
        line = self.line()
        self._take("[[")
        path = self._resolved(self._key())
        self._take("]]")
        self.arrays[path] = self.arrays.get(path, -1) + 1
        element = (*path, self.arrays[path])
        self.found.lines.setdefault(path, line)
        self.found.lines[element] = line
        return element

    def _table_header(self) -> KeyPath:
        line = self.line()
        self._take("[")
        path = self._resolved(self._key())
        self._take("]")
        if path in self.tables:
            self._twice(path, line)
        self.tables.add(path)
        self.found.lines.setdefault(path, line)
        return path

    def _resolved(self, key: tuple[str, ...]) -> KeyPath:
        """Point into the last element of every array of tables on the way."""
        path: KeyPath = ()
        for position, part in enumerate(key, start=1):
            path = (*path, part)
            if position < len(key) and path in self.arrays:
                path = (*path, self.arrays[path])
        return path

    def _pair(self, prefix: KeyPath) -> None:
        line = self.line()
        path = (*prefix, *self._key())
        if path in self.found.lines:
            self._twice(path, line)
        self.found.lines.setdefault(path, line)
        for length in range(len(prefix) + 1, len(path)):
            self.found.lines.setdefault(path[:length], line)
        self._take("=")
        self._value(path)

    def _twice(self, path: KeyPath, line: int) -> None:
        first = self.found.lines.get(path, line)
        self.found.duplicates.append(Duplicate(path, first, line))

    def _key(self) -> tuple[str, ...]:
        parts = []
        while True:
            self._skip(_INLINE_BLANK)
            parts.append(self._key_part())
            if len(parts) > DEEPEST:
                raise _TooDeepError
            self._skip(_INLINE_BLANK)
            if not self.text.startswith(".", self.at):
                return tuple(parts)
            self.at += 1

    def _key_part(self) -> str:
        for pattern, quotes in ((_BARE_KEY, 0), (_QUOTED, 1)):
            match = pattern.match(self.text, self.at)
            if match:
                self.at = match.end()
                return match[0][quotes : len(match[0]) - quotes]
        raise _CannotFollowError

    def _value(self, path: KeyPath) -> None:
        if len(path) > DEEPEST:
            raise _TooDeepError
        self._skip(_INLINE_BLANK)
        if self.text.startswith("[", self.at):
            self._array(path)
        elif self.text.startswith("{", self.at):
            self._inline_table(path)
        else:
            is_quoted = self.text[self.at : self.at + 1] in ('"', "'")
            pattern = _QUOTED if is_quoted else _SCALAR
            match = pattern.match(self.text, self.at)
            if match is None:
                raise _CannotFollowError
            self.at = match.end()

    def _array(self, path: KeyPath) -> None:
        self._take("[")
        index = 0
        while not self._closes("]"):
            self.found.lines[(*path, index)] = self.line()
            self._value((*path, index))
            index += 1
            self._comma_unless("]")

    def _inline_table(self, path: KeyPath) -> None:
        self._take("{")
        while not self._closes("}"):
            self._pair(path)
            self._comma_unless("}")

    def _closes(self, bracket: str) -> bool:
        self._skip(_BLANK)
        if self.text.startswith(bracket, self.at):
            self.at += 1
            return True
        return False

    def _comma_unless(self, bracket: str) -> None:
        self._skip(_BLANK)
        if not self.text.startswith(bracket, self.at):
            self._take(",")
