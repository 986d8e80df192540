"""What Entra says about itself before anybody signs in: endpoints, aliases, and who a user name belongs to."""

from __future__ import annotations

from spmigrate.rehearsal.tenant import Names

SHARED = ("common", "organizations", "consumers")


def configuration(names: Names, host: str, place: str, *, v2: bool) -> dict[str, object]:
    """The OpenID configuration of a tenant (`place` is its name, its id, or a shared one), of either version."""
    where = place if place.lower() in SHARED else names.tenant_id
    base = f"https://{host}/{where}"
    oauth = f"{base}/oauth2/v2.0" if v2 else f"{base}/oauth2"
    issued = where if where not in SHARED else "{tenantid}"
    return {
        "token_endpoint": f"{oauth}/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": f"{base}/discovery/v2.0/keys" if v2 else f"{base}/discovery/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": f"https://login.microsoftonline.com/{issued}/v2.0" if v2 else f"https://sts.windows.net/{issued}/",
        "request_uri_parameter_supported": False,
        "userinfo_endpoint": "https://graph.microsoft.com/oidc/userinfo",
        "authorization_endpoint": f"{oauth}/authorize",
        "device_authorization_endpoint": f"{oauth}/devicecode",
        "http_logout_supported": True,
        "frontchannel_logout_supported": True,
        "end_session_endpoint": f"{oauth}/logout",
        "claims_supported": [
            "sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name",
            "msgraph_host", "aud", "exp", "iat", "auth_time", "acr", "nonce", "preferred_username", "name", "tid",
            "ver", "at_hash", "c_hash", "email",
        ],
        "kerberos_endpoint": f"{base}/kerberos",
        "tenant_region_scope": "EU",
        "cloud_instance_name": "microsoftonline.com",
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": names.graph,
        "rbac_url": "https://pas.windows.net",
    }  # fmt: skip


def instances(names: Names) -> dict[str, object]:
    """The names under which this cloud's sign-in is known."""
    network = names.sign_in[0]
    return {
        "tenant_discovery_endpoint": f"https://{network}/{names.tenant_id}/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [
            {"preferred_network": network, "preferred_cache": names.sign_in[1], "aliases": list(names.sign_in)}
        ],
    }


def realm(names: Names, upn: str) -> dict[str, object]:
    """Whether a user name is this tenant's."""
    known = upn.lower().endswith("@" + names.domain)
    return {
        "ver": "1.0",
        "account_type": "Managed" if known else "Unknown",
        "domain_name": upn.rpartition("@")[2],
        "cloud_instance_name": "microsoftonline.com",
        "cloud_audience_urn": "urn:federation:MicrosoftOnline",
    }


def access_control(names: Names, realm_id: str) -> dict[str, object]:
    """What the old access control service says of itself: older programs look up there where tokens are given."""
    base, issuer = f"https://{names.access_control}", "00000001-0000-0000-c000-000000000000"
    place = realm_id or names.tenant_id
    return {
        "version": "1.0",
        "realm": place,
        "name": names.access_control,
        "issuer": f"{issuer}@{place}",
        "allowedAudiences": [f"{issuer}/{names.access_control}@{place}"],
        "endpoints": [
            {"location": f"{base}/{place}/tokens/OAuth/2", "protocol": "OAuth2", "usage": "issuance"},
            {"location": f"{base}/metadata/json/1", "protocol": "metadata", "usage": "metadata"},
        ],
        "keys": [],
    }
