"""The places that a scan can read, and the choice between them by what a person typed."""

from pathlib import Path

from spmigrate.errors import ConfigError
from spmigrate.fileserver.address import PREFIX
from spmigrate.scan.place import Place


def find(text: str) -> Place:
    """The place at this path or address. Raises SpmigrateError when it cannot be listed."""
    if text.lower().startswith(PREFIX):
        return _share(text)
    from spmigrate.scan.places import local

    return local.find(Path(text))


def _share(text: str) -> Place:
    try:
        from spmigrate.scan.places import smb
    except ModuleNotFoundError as error:
        if error.name not in ("smbprotocol", "spnego"):
            raise
        raise ConfigError("reading file servers needs one more package", hint="pip install 'spmigrate[smb]'") from None
    return smb.find(text)
