"""Files that appear whole or not at all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """A file beside `path` to write to: it takes the place of `path` at the end, and goes when anything fails.

    Raises OSError that names `path` when the disk refuses.
    """
    partial = path.parent / f".{path.name}.{os.getpid()}.part"
    try:
        if path.is_dir():
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
        yield partial
        partial.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        if partial.parent.is_dir():
            partial.unlink(missing_ok=True)
