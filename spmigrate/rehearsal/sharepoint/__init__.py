"""SharePoint as the rehearsal tenant answers it: ``handle(request, tenant)`` is the whole interface."""

from spmigrate.rehearsal.sharepoint.service import handle

__all__ = ["handle"]
