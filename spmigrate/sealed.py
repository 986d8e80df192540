"""Secrets that a run needs to go on after it was stopped: upload addresses, SAS, keys of packages.

They are kept outside the ledger, which names them by id alone, and are erased when what they were for has ended. A
secret that is missing is not an error: whoever asks for it begins anew. Each one is sealed with AES-GCM and bound to
its id, so that an altered or exchanged file is found out and never used.
"""

import os
import re
import secrets
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from spmigrate.errors import SealedError

KEY_FILE = "key"
KEY_BYTES = 32
_NONCE_BYTES = 12
_ID = re.compile(r"[0-9a-f]{32}")
_LOOSE = stat.S_IRWXG | stat.S_IRWXO
_AGAIN = "what it was for begins anew"


class Sealed(Protocol):
    """Where secrets lie. All calls may be made from any thread."""

    def put(self, value: bytes) -> str:
        """Keep a secret; returns its id, which is no secret itself."""

    def get(self, secret_id: str) -> bytes | None:
        """The secret; None where there is none of this id. Raises SealedError when it cannot be trusted or opened."""

    def erase(self, secret_id: str) -> None:
        """Forget a secret; nothing happens where there is none."""

    def ids(self) -> frozenset[str]:
        """All that are kept, so that those which nothing names any more can be erased."""


class FileSealed:
    """One file a secret, in a folder that nobody else can look into, sealed with the key that lies beside them."""

    def __init__(self, folder: Path) -> None:
        """Nothing is made or read before the first secret is. `folder` is made when it is needed."""
        self._folder = folder
        self._key: bytes | None = None

    def put(self, value: bytes) -> str:
        """Keep a secret on disk before this returns. Raises SealedError."""
        self._make_folder()
        secret_id = new_id()
        _write(self._folder / secret_id, seal(self._load_key(), secret_id, value))
        return secret_id

    def get(self, secret_id: str) -> bytes | None:
        """The secret of this id; None where there is none. Raises SealedError."""
        if not self._folder.exists():
            return None
        _refuse_loose(self._folder)
        file = self._folder / _checked(secret_id)
        sealed = _read(file)
        if sealed is None:
            return None
        return unseal(self._load_key(), secret_id, sealed, where=str(file))

    def erase(self, secret_id: str) -> None:
        """Remove the file of this id, if there is one. Raises SealedError."""
        file = self._folder / _checked(secret_id)
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise SealedError(f"{file} cannot be removed: {error.strerror}", hint=f"remove it: {_AGAIN}") from None

    def ids(self) -> frozenset[str]:
        """The ids of all secrets in the folder."""
        if not self._folder.exists():
            return frozenset()
        return frozenset(each.name for each in self._folder.iterdir() if _ID.fullmatch(each.name))

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise SealedError(f"{self._folder} cannot be made: {error.strerror}") from None
        _refuse_loose(self._folder)

    def _load_key(self) -> bytes:
        """The key, made with the first secret. Never made anew while there are secrets that another one sealed."""
        if self._key is None:
            file = self._folder / KEY_FILE
            key = _read(file)
            if key is None and not self.ids():
                key = _make_key(file)
            if key is None:
                raise SealedError(
                    f"{file} is gone, and with it what was sealed with it",
                    hint=f"put it back, or remove {self._folder} as a whole: {_AGAIN}",
                )
            if len(key) != KEY_BYTES:
                raise SealedError(
                    f"{file} is not a key of {KEY_BYTES} bytes",
                    hint=f"put it back, or remove {self._folder} as a whole: {_AGAIN}",
                )
            self._key = key
        return self._key


def read_key(file: Path) -> bytes:
    """The key that several machines share. Raises SealedError when it is missing, open to others, or no key."""
    key = _read(file)
    if key is None:
        raise SealedError(
            f"there is no sealing key in {file}",
            hint=f"make one for all machines, for its owner alone: openssl rand {KEY_BYTES} > {file.name}",
        )
    if len(key) != KEY_BYTES:
        raise SealedError(f"{file} is not a key of {KEY_BYTES} bytes", hint="put the one there that the others have")
    return key


def new_id() -> str:
    """An id that no other secret has."""
    return secrets.token_hex(16)


def seal(key: bytes, secret_id: str, value: bytes) -> bytes:
    """A secret as it may be kept: nothing of it is seen, and it opens under this id alone."""
    # Here, because commands that have no secrets should not wait for it.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, value, secret_id.encode())


def unseal(key: bytes, secret_id: str, sealed: bytes, *, where: str) -> bytes:
    """The secret again. Raises SealedError when it was altered, or sealed with another key; `where` names its place."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], secret_id.encode())
    except (InvalidTag, ValueError):
        raise SealedError(
            f"{where} was altered, or sealed with another key", hint=f"see who wrote there, then remove it: {_AGAIN}"
        ) from None


def _checked(secret_id: str) -> str:
    if not _ID.fullmatch(secret_id):
        raise SealedError("this is not the id of a sealed secret")
    return secret_id


def _make_key(file: Path) -> bytes:
    """A new key; where another program made one at the same moment, that one."""
    mine = file.with_name(f".{new_id()}")
    key = secrets.token_bytes(KEY_BYTES)
    _write(mine, key)
    try:
        os.link(mine, file)  # whole, or not at all, and never over one that is there
    except FileExistsError:
        return _read(file) or key
    finally:
        mine.unlink()
    return key


def _write(file: Path, content: bytes) -> None:
    """Write a file that appears whole and readable by its owner alone, or not at all."""
    temporary = None
    try:
        descriptor, name = tempfile.mkstemp(prefix=".", dir=file.parent)  # of mode 0600 whatever the umask says
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(file)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
        raise SealedError(
            f"{file.parent} cannot be written: {error.strerror}",
            hint="free some space, then run the same command again",
        ) from None


def _read(file: Path) -> bytes | None:
    """The content of a file that only its owner can read; None when there is none."""
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SealedError(f"{file} cannot be read: {error.strerror}", hint=f"remove it: {_AGAIN}") from None
    with os.fdopen(descriptor, "rb") as source:
        _refuse_loose(file, os.fstat(descriptor))
        return source.read()


def _refuse_loose(path: Path, found: os.stat_result | None = None) -> None:
    """Raises SealedError where others than its owner can come at it, or its owner is somebody else."""
    if sys.platform == "win32":  # who may read there is a matter of inherited lists, which the folder has from its own
        return
    known = found or path.stat()
    mode = stat.S_IMODE(known.st_mode)
    if mode & _LOOSE:
        wanted = "700" if stat.S_ISDIR(known.st_mode) else "600"
        raise SealedError(
            f"{path} holds secrets and is open to others (mode {mode:o})",
            hint=f"look who may have read it, then: chmod {wanted} {path}",
        )
    if known.st_uid != os.geteuid():
        raise SealedError(
            f"{path} holds secrets and belongs to somebody else", hint="run the command as the account that made it"
        )
