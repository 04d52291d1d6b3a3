"""The secret keys of pseudonyms: one per series, outside the project (TRUST-P2).

A key stands in the user's own configuration folder, or in that of ``KCC_KEYS``; in a
folder with the project it would travel with the answers. It is made on first use, for
the owner of the measurements only, and is never shown or logged.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from kcc_research.errors import PrivacyError, problem
from kcc_research.microdata.pseudonyms import KEY_BYTES
from kcc_research.user_folders import user_folder

KEYS_VARIABLE = "KCC_KEYS"


def keys_folder(given: Mapping[str, str] = os.environ) -> Path:
    """Where this user's keys stand, whether or not there are any."""
    return user_folder("settings", KEYS_VARIABLE, given, "keys")


def key_file(key: str) -> Path:
    """The key of the series that the measurement ``key`` belongs to: its owner's."""
    return keys_folder() / f"{key.split('/', maxsplit=1)[0]}.key"


def obtain(key: str, root: Path) -> bytes:
    """The secret of a series, made when it is not there yet.

    Raises :class:`PrivacyError` when the folder lies in the project at ``root``
    (P002a), when others may read the key (P002b), when it is no key (P002), and when
    it cannot be made (P002d).
    """
    path = key_file(key)
    if path.is_relative_to(root.resolve()):
        raise PrivacyError(problem("KCC-P002a", value=KEYS_VARIABLE))
    if not path.exists():
        try:
            _make(path)
        except OSError:
            raise PrivacyError(problem("KCC-P002d", value=KEYS_VARIABLE)) from None
    return _read(path)


def identity(key: str) -> str:
    """A mark by which a key is known again, and which tells nothing of it.

    The step that uses it is stale when the key is another one: pseudonyms of one
    series would no longer link. ``none`` when there is no key.
    """
    path = key_file(key)
    if not path.exists():
        return "none"
    return hmac.new(_read(path), b"identity", hashlib.sha256).hexdigest()[:16]


def delete(path: Path) -> None:
    """Remove a key: what it made can then no longer be linked by anyone."""
    path.unlink(missing_ok=True)


def _read(path: Path) -> bytes:
    """The bytes of a key, when they are its owner's alone."""
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise PrivacyError(problem("KCC-P002b", value=path.name))
    secret = path.read_bytes()
    if len(secret) != KEY_BYTES:
        raise PrivacyError(problem("KCC-P002"))
    return secret


def _make(path: Path) -> None:
    """Put a whole new key in place; of two that are made at once the first stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
