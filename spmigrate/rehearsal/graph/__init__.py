"""Microsoft Graph v1.0, as far as a migration and its governance need it."""

from spmigrate.rehearsal.graph.reports import download
from spmigrate.rehearsal.graph.router import handle

__all__ = ["download", "handle"]
