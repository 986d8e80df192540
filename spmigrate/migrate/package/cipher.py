"""AES-256-CBC with PKCS #7, which all that lies in containers of the service is in, a new vector for each blob."""

import secrets
from collections.abc import Iterable, Iterator

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 16
KEY = 32


def new_vector() -> bytes:
    """A vector that no blob had before."""
    return secrets.token_bytes(BLOCK)


def encrypted_size(size: int) -> int:
    """How long so many bytes are when they are encrypted."""
    return size + BLOCK - size % BLOCK


def encrypt(content: bytes, key: bytes, vector: bytes) -> bytes:
    """A whole content, encrypted."""
    padding = BLOCK - len(content) % BLOCK
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    return encryptor.update(content) + encryptor.update(bytes([padding]) * padding) + encryptor.finalize()


def encrypt_pieces(pieces: Iterable[bytes], key: bytes, vector: bytes) -> Iterator[bytes]:
    """The same, piece by piece, so that memory holds one."""
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    length = 0
    for piece in pieces:
        length += len(piece)
        yield encryptor.update(piece)
    padding = BLOCK - length % BLOCK
    yield encryptor.update(bytes([padding]) * padding) + encryptor.finalize()


def decrypt(content: bytes, key: bytes, vector: bytes) -> bytes:
    """The plain content. Raises ValueError when it is not what was encrypted with this key and vector."""
    decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    plain = decryptor.update(content) + decryptor.finalize()
    padding = plain[-1] if plain else 0
    if not 1 <= padding <= BLOCK or plain[-padding:] != bytes([padding]) * padding:
        raise ValueError("the padding is not right")
    return plain[:-padding]
