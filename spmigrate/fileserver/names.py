"""Names as servers keep them and as the ledger keeps them. Pure.

A Windows server keeps a name as UTF-16, and takes half of a surrogate pair for a character. The ledger keeps bytes:
UTF-8, in which such a half is written as the three bytes that it would have as a character of its own (known as
WTF-8). Every name has exactly one such form and comes back unchanged; it is readable UTF-8 unless it has such a half.
"""


def kept(name: bytes) -> bytes:
    """A name in UTF-16 as the ledger keeps it."""
    return name.decode("utf-16-le", "surrogatepass").encode("utf-8", "surrogatepass")


def sent(raw: bytes) -> str:
    """A path of the ledger, with slashes, as a server is asked for it, with backslashes."""
    return raw.decode("utf-8", "surrogatepass").replace("/", "\\")


def shown(raw: bytes) -> str:
    """A name of the ledger as people read it."""
    return raw.decode("utf-8", "replace")
