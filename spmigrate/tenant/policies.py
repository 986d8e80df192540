"""Policies of the directory: who may invite, and what is agreed with other tenants. Needs Graph `Policy.Read.All`."""

from typing import Any

from spmigrate.tenant.session import Tenant

_CROSS_TENANT = "/v1.0/policies/crossTenantAccessPolicy"


def read_authorization(tenant: Tenant) -> dict[str, Any]:
    """The authorization policy: invitations, and the directory rights of guests."""
    policy: dict[str, Any] = tenant.graph("GET", "/v1.0/policies/authorizationPolicy")
    return policy


def read_cross_tenant_default(tenant: Tenant) -> dict[str, Any]:
    """What holds for every tenant that has no settings of its own."""
    default: dict[str, Any] = tenant.graph("GET", f"{_CROSS_TENANT}/default")
    return default


def list_cross_tenant_partners(tenant: Tenant) -> list[dict[str, Any]]:
    """The tenants with settings of their own; a block that is null inherits the default's whole block."""
    return list(tenant.graph_pages(f"{_CROSS_TENANT}/partners"))
