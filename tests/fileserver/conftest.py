"""The file server is here for every test of this folder."""

from tests.samba import samba, samba_server

__all__ = ["samba", "samba_server"]
