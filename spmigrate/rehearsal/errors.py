"""What can go wrong while the rehearsal tenant is started, seeded or steered."""

from __future__ import annotations


class RehearsalError(Exception):
    """Something a person can put right; `hint` says what to type next."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
