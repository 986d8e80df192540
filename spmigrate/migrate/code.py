"""What an outcome code is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """An outcome code: what it means, and what to do about it.

    `again`: a failure behind which nothing but a cause outside lies, so that `wave retry` may offer the file once more.
    """

    code: str
    title: str
    remedy: str
    again: bool = False
