"""Keeping secrets: what must be read again is sealed, what must only be compared is marked.

Sealed: AES-256-GCM with a random 96-bit nonce in front. Marked: HMAC-SHA256 with the hall's key,
because a million six-digit codes fall to any hash without one. Both keys come from one master key
(HKDF, RFC 5869).
"""

from __future__ import annotations

import hmac
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12  # octets
KEY = 32  # octets
TOGETHER = 64  # nonces that are drawn at a time


class UnusableKey(Exception):
    """The file of the hall's key holds none; the text says what to do."""


class WrongKey(Exception):
    """What is stored was sealed with another key."""


class Seal:
    def __init__(self, master: bytes) -> None:
        if len(master) < KEY:
            raise ValueError(f"the hall's key must have at least {KEY} octets")
        self._cipher = AESGCM(_derive(master, b"hallgate seal"))
        self._mark_key = _derive(master, b"hallgate mark")
        self.fingerprint_key = _derive(master, b"hallgate fingerprint")
        self._chain_key = _derive(master, b"hallgate audit")

    def seal(self, text: str) -> bytes:
        nonce = _nonce()
        return nonce + self._cipher.encrypt(nonce, text.encode(), None)

    def open(self, sealed: bytes) -> str:
        try:
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], None).decode()
        except InvalidTag as error:
            raise WrongKey("stored text was sealed with another key") from error

    def mark(self, *words: str) -> str:
        """Equal words give equal marks; nothing can be read back. Words are kept apart."""
        message = "\x00".join(words).encode()
        return hmac.digest(self._mark_key, message, "sha256").hex()

    @property
    def key_mark(self) -> str:
        """Tells by which key a store, or a backup of it, was made."""
        return self.mark("the hall's key")

    def link(self, before: str, row: bytes) -> str:
        """The hash of a row in a chain: of the row, and of the hash before it. Who has the rows
        and not the hall's key cannot make one."""
        return hmac.digest(self._chain_key, before.encode() + b"\x00" + row, "sha256").hex()


_drawn: list[bytes] = []
"""Random numbers that no text was sealed with yet. A process that is split off draws its own: two
texts with one would lay both open."""
os.register_at_fork(after_in_child=_drawn.clear)


def _nonce() -> bytes:
    """Drawn by the dozen: to ask the kernel costs as much as to seal, and gives other threads a
    turn."""
    try:
        return _drawn.pop()
    except IndexError:
        octets = os.urandom(NONCE * TOGETHER)
        fresh = [octets[at : at + NONCE] for at in range(0, len(octets), NONCE)]
        nonce = fresh.pop()
        _drawn.extend(fresh)
        return nonce


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY, salt=None, info=purpose).derive(master)


def key_file(path: Path) -> bytes:
    """The master key in `path`, made at the first use, readable by its owner alone. Of several that
    make one in the same moment, one's is everybody's. Raises UnusableKey."""
    try:
        if not path.exists():
            _make_key(path)
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        what = f"{path}: the hall's key cannot be read: {error.strerror}"
        raise UnusableKey(f"{what}. Run this as the user of the hall") from None
    except ValueError:
        key = b""
    if len(key) < KEY:
        what = f"{path} holds no key of a hall, which has {2 * KEY} hex digits"
        raise UnusableKey(f"{what}. Put back the one that belongs to this store")
    return key


def _make_key(path: Path) -> None:
    """It has its name only once it is whole."""
    descriptor, draft = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(os.urandom(KEY).hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)
    folder = os.open(path.parent, os.O_RDONLY)
    try:  # a store without its key is lost: after a power cut the name must be there as well
        os.fsync(folder)
    finally:
        os.close(folder)
