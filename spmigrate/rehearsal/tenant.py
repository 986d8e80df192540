"""The tenant: what every area needs to answer a request."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spmigrate.rehearsal.azure.account import Account, open_account
from spmigrate.rehearsal.change_log import keep_log
from spmigrate.rehearsal.clock import Clock
from spmigrate.rehearsal.content import Content
from spmigrate.rehearsal.delays import Delays
from spmigrate.rehearsal.directory import Directory
from spmigrate.rehearsal.migration_jobs import Jobs
from spmigrate.rehearsal.office import OfficeRewriting
from spmigrate.rehearsal.steering import Steering
from spmigrate.rehearsal.storage import Store
from spmigrate.rehearsal.throttle import Throttle
from spmigrate.rehearsal.transfer_links import TransferLinks
from spmigrate.rehearsal.uploads import Uploads


@dataclass(frozen=True, slots=True)
class Names:
    """The tenant's identity and host names (Microsoft's samples call it Contoso)."""

    tenant_id: str = "0b5f9f2e-6c1d-4a53-9a35-3f4b7f0c2d11"
    domain: str = "contoso.onmicrosoft.com"
    sharepoint: str = "contoso.sharepoint.com"
    admin: str = "contoso-admin.sharepoint.com"
    personal: str = "contoso-my.sharepoint.com"
    graph: str = "graph.microsoft.com"
    reports: str = "reportsweu.office.com"
    management: str = "management.azure.com"
    sign_in: tuple[str, ...] = (
        "login.microsoftonline.com",
        "login.windows.net",
        "login.microsoft.com",
        "sts.windows.net",
    )
    access_control: str = "accounts.accesscontrol.windows.net"
    storage: tuple[str, ...] = ("blob.core.windows.net", "queue.core.windows.net")

    @property
    def content_type_hub(self) -> str:
        """Where the content types of all sites are kept."""
        return f"{self.sharepoint}/sites/contentTypeHub"

    @property
    def unlisted_sites(self) -> tuple[str, ...]:
        """Sites of the service itself, which the admin host does not list."""
        return (self.admin, self.personal, self.content_type_hub)


@dataclass(frozen=True, slots=True)
class Tenant:
    """State and identity of the one tenant that this process serves."""

    names: Names
    store: Store
    clock: Clock
    content: Content
    uploads: Uploads
    directory: Directory
    azure: Account
    jobs: Jobs
    office: OfficeRewriting
    delays: Delays
    steering: Steering
    throttle: Throttle
    links: TransferLinks


def open_tenant(folder: Path, *, profile: str = "open") -> Tenant:
    """Open (or begin) the tenant whose state lies in a folder; `council` delays what the service delays."""
    store = Store(folder)
    clock = Clock(store)
    keep_log(store, clock)
    names = Names()
    content = Content(store, clock)
    office = content.office = OfficeRewriting(store, content.blobs, usual=profile == "council")
    uploads = Uploads(store, content, clock, holds_names=profile == "council")
    directory, azure = Directory(store, clock, names.domain), open_account(store, clock, content.blobs)
    jobs = Jobs(store, clock, azure, delayed=profile == "council")
    delays = Delays(sites=profile == "council", gzip=profile == "council")
    steering = Steering(store)
    throttle = Throttle(profile, steering)
    links = TransferLinks(steering, clock)
    return Tenant(
        names, store, clock, content, uploads, directory, azure, jobs, office, delays, steering, throttle, links
    )
