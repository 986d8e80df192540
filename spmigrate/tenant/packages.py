"""The SharePoint Migration API's calls: containers for a package, a job made of it, and what that job tells.

Source: "SharePoint Migration API reference" and "GetMigrationJobProgress API" (sp-dev-docs). The queue and
GetMigrationJobStatus, which Microsoft removes in 2026, are not used.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from spmigrate.errors import Refused, Throttled, Unavailable
from spmigrate.tenant.files import Library
from spmigrate.tenant.session import Tenant

_VERBOSE: Mapping[str, str] = MappingProxyType({"Accept": "application/json;odata=verbose"})
_FORGOTTEN = ("-2147213145", "-2147213146")
_FULL_SECONDS = 300.0
_KEY = 32


@dataclass(frozen=True, slots=True)
class ListFacts:
    """What a package has to say of the library that it is for."""

    site_url: str
    web_id: str
    list_id: str
    root_id: str
    title: str


@dataclass(frozen=True, slots=True, repr=False)
class Containers:
    """A pair of containers and the key for both: a secret."""

    data: str
    metadata: str
    key: bytes

    def dump(self) -> bytes:
        """As bytes, to be sealed."""
        return json.dumps([self.data, self.metadata, base64.b64encode(self.key).decode()]).encode()

    @classmethod
    def load(cls, sealed: bytes) -> "Containers":
        """From what `dump` made."""
        data, metadata, key = json.loads(sealed)
        return cls(data, metadata, base64.b64decode(key))

    def expires(self) -> float | None:
        """Until when both addresses work, in seconds since 1970; None when they do not say it."""
        ends = [parse_qs(urlsplit(each).query).get("se", [""])[0] for each in (self.data, self.metadata)]
        try:
            return min(datetime.fromisoformat(each).replace(tzinfo=UTC).timestamp() for each in ends)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Progress:
    """Events of a job after a token, as they are written, and the token behind them."""

    lines: tuple[str, ...]
    token: str


class JobForgotten(Refused):
    """The service knows no job of this id, or what it told has expired: asking again changes nothing."""


class ContainersUsed(Refused):
    """A job was made of these containers already."""


def list_facts(tenant: Tenant, library: Library) -> ListFacts:
    """The ids of a library and its web, as SharePoint knows them. Raises TenantError."""
    site = tenant.settings.sharepoint + library.site
    web = tenant.rest("GET", f"{site}/_api/web?$select=Id")
    path = quote(f"{library.site}/{library.name}".replace("'", "''"), safe="/")
    found = tenant.rest(
        "GET", f"{site}/_api/web/GetList(@list)?@list='{path}'&$select=Id,Title,RootFolder/UniqueId&$expand=RootFolder"
    )
    return ListFacts(
        site, web["Id"].lower(), found["Id"].lower(), found["RootFolder"]["UniqueId"].lower(), found["Title"]
    )


def highest_number(tenant: Tenant, facts: ListFacts) -> int:
    """The highest number that an item of a list has, 0 for an empty one. Raises TenantError."""
    items = f"{facts.site_url}/_api/web/lists(guid'{facts.list_id}')/items?$select=Id&$orderby=Id%20desc&$top=1"
    found = tenant.rest("GET", items)["value"]
    return int(found[0]["Id"]) if found else 0


def provide(tenant: Tenant, site_url: str) -> Containers:
    """A new pair of containers. A pair that nobody uses costs nothing, so this may be repeated. Raises TenantError."""
    answer = tenant.rest(
        "POST", f"{site_url}/_api/site/ProvisionMigrationContainers", headers=_VERBOSE, repeatable=True
    )
    given = _result(answer, "ProvisionMigrationContainers")
    try:
        key = base64.b64decode(given["EncryptionKey"], validate=True)
        containers = Containers(given["DataContainerUri"], given["MetadataContainerUri"], key)
    except (KeyError, TypeError, binascii.Error):
        raise _odd("containers") from None
    addresses = (containers.data, containers.metadata)
    if len(key) != _KEY or any(urlsplit(each).scheme != "https" for each in addresses):
        raise _odd("containers")
    return containers


def submit(tenant: Tenant, facts: ListFacts, containers: Containers) -> str:
    """Make a job of a package; returns the job's id.

    Raises Unavailable when nobody knows whether the job was made: look before repeating. Raises ContainersUsed when one
    was made of these containers before, Throttled when the service's queue is full.
    """
    body = {
        "gWebId": facts.web_id,
        "azureContainerSourceUri": containers.data,
        "azureContainerManifestUri": containers.metadata,
        "options": {"AES256CBCKey": base64.b64encode(containers.key).decode()},
    }
    url = f"{facts.site_url}/_api/site/CreateMigrationJobEncrypted"
    try:
        job = _result(tenant.rest("POST", url, body, headers=_VERBOSE), "CreateMigrationJobEncrypted")
    except Refused as error:
        if "used by another" in error.message:
            raise ContainersUsed(error.message, status=error.status) from None
        raise
    if not job or not str(job).strip("0-"):
        # No id, no job. Source: the reference of CreateMigrationJob; 5,000 jobs wait at most.
        raise Throttled("the service's queue of migration jobs is full", retry_after=_FULL_SECONDS)
    return str(job).lower()


def progress(tenant: Tenant, site_url: str, job_id: str, token: str) -> Progress:
    """What a job has told after a token. Asking the same again gives the same. Raises JobForgotten, TenantError."""
    url = f"{site_url}/_api/site/GetMigrationJobProgress(jobId='{job_id}',nextToken={quote(token, safe='')})"
    try:
        found = _result(tenant.rest("GET", url, headers=_VERBOSE), "GetMigrationJobProgress")
    except Refused as error:
        if (error.code or "").split(",")[0].strip() in _FORGOTTEN:
            raise JobForgotten(error.message, status=error.status, code=error.code) from None
        raise
    try:
        return Progress(tuple(map(str, found["Logs"]["results"])), str(found["NextToken"]))
    except (KeyError, TypeError):
        raise _odd("progress") from None


def unfinished(tenant: Tenant, site_url: str) -> tuple[str, ...]:
    """The ids of all jobs of a site that are queued or being worked on, whoever made them. Raises TenantError."""
    found = _result(tenant.rest("GET", f"{site_url}/_api/site/GetMigrationStatus", headers=_VERBOSE), "")
    try:
        rows = found.get("results") or found["GetMigrationStatus"]["results"]
        return tuple(str(each["JobId"]).lower() for each in rows)
    except (KeyError, TypeError, AttributeError):
        return ()


def cancel(tenant: Tenant, site_url: str, job_id: str) -> None:
    """Take a job out of the service's queue, if it is there. Raises TenantError."""
    tenant.rest("POST", f"{site_url}/_api/site/DeleteMigrationJob", {"id": job_id}, headers=_VERBOSE, repeatable=True)


def _result(answer: Any, name: str) -> Any:
    """What a function returned, in the form that Microsoft's reference shows (`odata=verbose`)."""
    found = answer.get("d") if isinstance(answer, dict) else None
    if not isinstance(found, dict):
        raise _odd(name)
    return found.get(name) if name else found


def _odd(what: str) -> Unavailable:
    return Unavailable(
        f"{what}: the answer is not what the service says", hint="see whether a proxy answers: spmigrate doctor"
    )
