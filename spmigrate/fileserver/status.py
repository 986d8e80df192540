"""What a server says when it refuses, as errors of the operating system with one phrase. Pure."""

import errno

PATH_NOT_COVERED = 0xC0000257
BAD_NETWORK_NAME = 0xC00000CC
NO_MORE_FILES = 0x80000006
NO_SUCH_FILE = 0xC000000F
END_OF_FILE = 0xC0000011
ACCESS_DENIED = 0xC0000022

_GONE = frozenset([0xC0000203, 0xC00000C9, 0xC000035C, 0xC0000128, 0xC0000140, 0xC000026E])
"""The session, the share or the handle ended at the server: sign in again."""
_ACCOUNT = frozenset([0xC000006D, 0xC000006A, 0xC0000064, 0xC000006E, 0xC0000070, 0xC0000071, 0xC0000072, 0xC0000193,
                      0xC0000234, 0xC000015B, 0xC0000224, ACCESS_DENIED])  # fmt: skip
_ERRORS = {
    ACCESS_DENIED: (errno.EACCES, "permission denied"),
    0xC0000061: (errno.EACCES, "this account lacks the right"),
    NO_SUCH_FILE: (errno.ENOENT, "no such file or folder"),
    0xC0000034: (errno.ENOENT, "no such file or folder"),
    0xC000003A: (errno.ENOENT, "no such file or folder"),
    0xC0000033: (errno.EINVAL, "the server cannot open a name like this"),
    0xC0000043: (errno.EBUSY, "another program has it open"),
    0xC0000054: (errno.EBUSY, "another program has locked a part of it"),
    0xC0000056: (errno.EBUSY, "it is being deleted"),
    0xC0000103: (errno.ENOTDIR, "not a folder"),
    0xC00000BA: (errno.EISDIR, "a folder"),
    0x8000002D: (errno.ELOOP, "a link"),
    0xC0000279: (errno.EIO, "a link that the server cannot follow"),
    PATH_NOT_COVERED: (errno.EXDEV, "it lies on another server, which the referral does not name"),
    BAD_NETWORK_NAME: (errno.ENOENT, "the server has no such share"),
    0xC000009A: (errno.EBUSY, "the server lacks memory"),
    0xC00000BE: (errno.EHOSTUNREACH, "the server cannot reach it"),
    0xC000009C: (errno.EIO, "the disk of the server cannot be read"),
    0xC0000102: (errno.EIO, "the file system of the server is damaged"),
    0xC0000465: (errno.EBUSY, "it is encrypted or offline"),
    0xC000CE01: (errno.EAGAIN, "it lies in a cloud and is not here"),
    0xC0000072: (errno.EACCES, "the account is disabled"),
    0xC0000193: (errno.EACCES, "the account has expired"),
    0xC0000234: (errno.EACCES, "the account is locked"),
    0xC0000071: (errno.EACCES, "the password has expired"),
    0xC0000224: (errno.EACCES, "the password must be changed first"),
    0xC000015B: (errno.EACCES, "the account may not sign in over the network"),
    0xC000006D: (errno.EACCES, "wrong name or password"),
    0xC000006A: (errno.EACCES, "wrong name or password"),
    0xC0000064: (errno.EACCES, "wrong name or password"),
}


class Lost(OSError):
    """The connection broke, or nobody answers: it may work after connecting again."""

    def __init__(self, reason: str) -> None:
        super().__init__(errno.ECONNABORTED, f"the file server does not answer ({reason})")


class Status(Exception):
    """An answer of the server that is no success."""

    def __init__(self, code: int) -> None:
        super().__init__(f"0x{code:08x}")
        self.code = code

    @property
    def reason(self) -> str:
        """The answer as one phrase."""
        return _ERRORS.get(self.code, (0, f"the server refuses with status 0x{self.code:08x}"))[1]

    @property
    def lost(self) -> bool:
        """Whether signing in again may help."""
        return self.code in _GONE

    @property
    def refuses_account(self) -> bool:
        """Whether it means that this account may not sign in."""
        return self.code in _ACCOUNT

    def error(self) -> OSError:
        """The same as an error of the operating system, so that callers need to know one kind only."""
        number = _ERRORS.get(self.code, (errno.EIO, ""))[0]
        return OSError(number, self.reason)
