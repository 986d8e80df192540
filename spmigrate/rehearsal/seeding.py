"""Making a tenant what a seed says."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization

from spmigrate.rehearsal.built_in import read_seed_text
from spmigrate.rehearsal.directory_seeding import add_directory, add_principals
from spmigrate.rehearsal.errors import RehearsalError
from spmigrate.rehearsal.group_sites import create_group_site
from spmigrate.rehearsal.identity import CLIENT_ID, Identity
from spmigrate.rehearsal.permissions import API_ROLES, API_SCOPES
from spmigrate.rehearsal.policy_defaults import (
    PARTNER_BLOCKS,
    authorisation_policy,
    cross_tenant_default,
    merge_block,
    sharepoint_settings,
)
from spmigrate.rehearsal.retention import LABELS as RETENTION_LABELS
from spmigrate.rehearsal.seed import AppSeed, GroupSeed, GuestSeed, PartnerSeed, Seed, TenantSeed, UserSeed, read_seed
from spmigrate.rehearsal.shared_settings import SHARED, to_sharepoint, write_settings
from spmigrate.rehearsal.site_seeding import add_system_sites, seed_site
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant


class Seeder:
    """Applies seeds to a tenant."""

    def __init__(self, tenant: Tenant, identity: Identity) -> None:
        self._tenant = tenant
        self._identity = identity

    def ensure(self, seed: str | Path | None) -> None:
        """Seed a new tenant; apply a seed (a built-in name, or a file) that has not been applied before."""
        if self._tenant.store.read_value("seeds") is None:
            self.begin()
        if seed is None:
            return
        text, source = read_seed_text(seed)
        if _digest(text) not in self._tenant.store.read_value("seeds"):
            self.apply(text, source=source)

    def begin(self) -> None:
        """Make the default tenant."""
        store = self._tenant.store
        text, source = read_seed_text("default")
        with store.transaction():
            store.write_value("password", self._identity.secrets.password)
            at = self._tenant.clock.iso()
            for name, props in (
                ("crossTenantDefault", cross_tenant_default()),
                ("authorizationPolicy", authorisation_policy()),
                ("sharepointSettings", sharepoint_settings()),
            ):
                store.insert("policy", name, at=at, props=props)
            self._add_own_app()
            self._apply(Seed(users=(UserSeed("admin", "Tenant Administrator"),)))
            add_directory(self._tenant)
            add_system_sites(self._tenant)
            self.apply(text, source=source)

    def apply(self, text: str, *, source: str) -> dict[str, int]:
        """Apply a seed in one step, all or nothing; returns what was seeded, counted by kind."""
        seed = read_seed(text, source=source)
        store = self._tenant.store
        with store.transaction():
            self._apply(seed)
            store.write_value("seeds", [*(store.read_value("seeds") or []), _digest(text)])
        kinds = ("apps", "users", "guests", "groups", "partners", "sites")
        return {kind: len(getattr(seed, kind)) for kind in kinds}

    def reset(self) -> None:
        """Forget everything and make the default tenant again, with the other seeds gone."""
        self._tenant.clock.reset()
        with self._tenant.store.transaction():
            self._tenant.store.clear()
        for folder in ("blobs", "uploads"):
            for each in (self._tenant.store.folder / folder).iterdir():
                shutil.rmtree(each) if each.is_dir() else each.unlink()
        self.begin()

    def _apply(self, seed: Seed) -> None:
        self._set_tenant(seed.tenant)
        for app in seed.apps:
            self._add_app(app)
        for user in seed.users:
            self._add_user(user)
        for guest in seed.guests:
            self._add_guest(guest)
        for group in seed.groups:
            self._add_group(group)
        for partner in seed.partners:
            self._add_partner(partner)
        hubs_first = sorted(seed.sites, key=lambda each: each.hub is not True)
        for site in hubs_first:
            seed_site(self._tenant, site)

    def _set_tenant(self, seed: TenantSeed) -> None:
        store, at = self._tenant.store, self._tenant.clock.iso()
        if seed.licences:
            store.write_value("licences", seed.licences)
        if seed.site:
            store.write_value("site", seed.site)
        tenants = store.read_value("tenants") or {}
        for domain, facts in seed.known_tenants.items():
            tenants[domain.lower()] = {"tenantId": facts.get("tenant_id"), "displayName": facts.get("name", domain)}
        store.write_value("tenants", tenants)
        for label, tooltip in seed.labels.items():
            if store.find("sensitivitylabel", 0, label) is None:
                store.insert("sensitivitylabel", label, at=at, props={"name": label, "tooltip": str(tooltip or "")})
        if seed.retention_labels:
            published = {each["TagName"]: each for each in store.read_value(RETENTION_LABELS) or []}
            published |= {name: _retention_label(name, days) for name, days in seed.retention_labels.items()}
            store.write_value(RETENTION_LABELS, list(published.values()))
        for name, patch in (
            ("authorizationPolicy", seed.authorization),
            ("sharepointSettings", {name: value for name, value in seed.settings.items() if name not in SHARED}),
            ("crossTenantDefault", seed.cross_tenant_default),
        ):
            policy = store.find("policy", 0, name)
            unknown = sorted(set(patch) - set(policy.props)) if policy else []
            if unknown:
                raise RehearsalError(f"the seed sets {', '.join(unknown)}, which {name} doesn't have")
            if policy is not None and patch:
                merged = {key: merge_block(policy.props[key], value) for key, value in patch.items()}
                if name == "crossTenantDefault":
                    merged["isServiceDefault"] = False
                store.update(policy, merged, at=at)
        try:
            write_settings(store, {**to_sharepoint(seed.settings), **seed.sharepoint})
        except ValueError as problem:
            raise RehearsalError(
                f"the seed gives {problem} a value that it can't have",
                "settings take the words of Graph, sharepoint the numbers of SPO.Tenant",
            ) from None

    def _add_own_app(self) -> None:
        pem = self._identity.certificates.app_certificate().public_bytes(serialization.Encoding.PEM).decode()
        self._add_app(
            AppSeed(
                client_id=CLIENT_ID,
                name="spmigrate rehearsal",
                roles={api: [each for each in roles if "Selected" not in each] for api, roles in API_ROLES.items()},
                scopes={api: list(scopes) for api, scopes in API_SCOPES.items()},
                secrets=[self._identity.secrets.client_secret],
                certificates=[pem],
            )
        )

    def _add_app(self, seed: AppSeed) -> None:
        for api, roles in (seed.roles or {}).items():
            unknown = sorted(set(roles) - set(API_ROLES.get(api, ())))
            if unknown:
                raise RehearsalError(f"app {seed.client_id}: {api} has no application permission {', '.join(unknown)}")
        given = {
            "displayName": seed.name,
            "roles": seed.roles,
            "scopes": seed.scopes,
            "secrets": seed.secrets,
            "certificates": seed.certificates,
        }
        props = {name: value for name, value in given.items() if value is not None}
        store, at = self._tenant.store, self._tenant.clock.iso()
        found = self._tenant.directory.app(seed.client_id)
        if found is not None:
            store.update(found, props, at=at, name=seed.name)
        elif seed.name is None:
            raise RehearsalError(f"app {seed.client_id}: name is missing", "an app that is new needs one")
        else:
            nothing: dict[str, Any] = {"roles": {}, "scopes": {}, "secrets": [], "certificates": []}
            store.insert("app", seed.name, at=at, guid=seed.client_id, props={**nothing, **props})
            add_principals(self._tenant)

    def _add_user(self, seed: UserSeed) -> None:
        first, _, last = seed.name.rpartition(" ")
        props = {
            "displayName": seed.name,
            "givenName": first or seed.name,
            "surname": last if first else None,
            "jobTitle": seed.job or None,
            "department": seed.department or None,
            "accountEnabled": seed.enabled,
            "signInActivity": self._sign_in(seed.signed_in_days_ago),
            **seed.properties,
        }
        self._put_user(self._upn(seed.upn), props)

    def _add_guest(self, seed: GuestSeed) -> None:
        upn = f"{seed.mail.replace('@', '_')}#EXT#@{self._tenant.directory.domain}"
        invited = self._days_ago(seed.invited_days_ago)
        props = {
            "displayName": seed.name or seed.mail,
            "mail": seed.mail,
            "userType": seed.user_type,
            "accountEnabled": seed.enabled,
            "creationType": "Invitation",
            "createdDateTime": invited,
            "externalUserState": "Accepted" if seed.accepted else "PendingAcceptance",
            "externalUserStateChangeDateTime": invited,
            "signInActivity": self._sign_in(seed.signed_in_days_ago),
            "sponsors": [self._known_user(each, f"guest {seed.mail}").guid for each in seed.sponsors],
            "identities": [{"signInType": "federated", "issuer": "ExternalAzureAD", "issuerAssignedId": None}],
        }
        self._put_user(upn, props)

    def _put_user(self, upn: str, props: dict[str, Any]) -> None:
        found = self._tenant.directory.user(upn)
        if found is None:
            self._tenant.directory.add_user(upn, props=props)
        else:
            self._tenant.store.update(found, props, at=self._tenant.clock.iso())

    def _add_group(self, seed: GroupSeed) -> None:
        nickname = seed.nickname or seed.name.replace(" ", "").lower()
        unified = {
            "groupTypes": ["Unified"], "mailEnabled": True, "securityEnabled": False, "visibility": "Private",
            "mail": f"{nickname}@{self._tenant.directory.domain}",
        }  # fmt: skip
        props = {
            "mailNickname": nickname,
            **(unified if seed.unified else {}),
            **seed.properties,
        }
        directory = self._tenant.directory
        found = self._tenant.store.find("group", 0, seed.name)
        group = found or directory.add_group(seed.name, props=props)
        for role, people in (("owner", seed.owners), ("member", seed.members)):
            for upn in people:
                directory.add_person(group, role, self._known_user(upn, f"group {seed.name}"))
        if seed.unified and found is None:
            owners = directory.people(group, "owner")
            create_group_site(self._tenant, group, owner=owners[0].name if owners else "")

    def _add_partner(self, seed: PartnerSeed) -> None:
        blocks: dict[str, Any] = dict.fromkeys(PARTNER_BLOCKS)
        flags = {"isServiceProvider": None, "isInMultiTenantOrganization": False}
        props = {**flags, **blocks, **seed.properties}
        store, at = self._tenant.store, self._tenant.clock.iso()
        found = store.find("partner", 0, seed.tenant_id)
        if found is None:
            store.insert("partner", seed.tenant_id, at=at, props=props)
        else:
            store.update(found, props, at=at)

    def _known_user(self, upn: str, wanted_by: str) -> Entity:
        found = self._tenant.directory.user(upn)
        if found is None:
            raise RehearsalError(f"{wanted_by}: there is no user {upn}", "add the user to the seed, above it")
        return found

    def _upn(self, name: str) -> str:
        return name if "@" in name else f"{name}@{self._tenant.directory.domain}"

    def _days_ago(self, days: int) -> str:
        return (self._tenant.clock.now() - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _sign_in(self, days: int | None) -> dict[str, Any] | None:
        if days is None:
            return None
        moment = self._days_ago(days)
        names = ("lastSignInDateTime", "lastNonInteractiveSignInDateTime", "lastSuccessfulSignInDateTime")
        return dict.fromkeys(names, moment)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _retention_label(name: str, days: Any) -> dict[str, Any]:
    """A published retention label; without days it keeps for good."""
    return {
        "TagName": name, "DisplayName": name, "TagId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"retention label/{name}")),
        "TagDuration": int(days or 0), "HasRetentionAction": True, "TagRetentionBasedOn": "ModificationAgeInDays",
    }  # fmt: skip
