"""Applications: their registrations, secrets and owners; what is said here counts at sign-in."""

from __future__ import annotations

import base64
import uuid
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from spmigrate.rehearsal.directory import application_id
from spmigrate.rehearsal.graph.call import VERSION, Call
from spmigrate.rehearsal.graph.credentials import password_routes
from spmigrate.rehearsal.graph.delta import Tracked, answer_delta
from spmigrate.rehearsal.graph.directory_types import APPLICATION, EXTENSION_PROPERTY
from spmigrate.rehearsal.graph.federated_credentials import KEPT, credential_routes
from spmigrate.rehearsal.graph.memberships import body_reference, relation
from spmigrate.rehearsal.graph.objects import bad, missing, show_all, show_app
from spmigrate.rehearsal.graph.querying import (
    Relations,
    answer_count,
    answer_list,
    answer_made,
    answer_one,
    answer_values,
)
from spmigrate.rehearsal.graph.routes import Route, also_by_key, route
from spmigrate.rehearsal.graph.values import is_guid, read_properties, require_given
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

READ_APPS = ("Application.Read.All", "Directory.Read.All", "Directory.AccessAsUser.All")
WRITE_APPS = ("Application.ReadWrite.All", "Application.ReadWrite.OwnedBy", "Directory.ReadWrite.All",
              "Directory.AccessAsUser.All")  # fmt: skip
_FIXED = frozenset({"appId", "passwordCredentials", "createdByAppId", "disabledByMicrosoftStatus"})


def find_app(call: Call) -> Entity:
    """The application that the path names, by object id or `appId=`."""
    directory, client = call.tenant.directory, call.parts.get("appId")
    found = directory.app(client) if client else directory.app_by_object(call.parts["id"])
    if found is None:
        raise missing(client or call.parts["id"])
    return found


def relations(call: Call) -> Relations:
    """What can be expanded of an application."""
    directory = call.tenant.directory

    def app(content: dict[str, Any]) -> Entity:
        found = directory.app(content["appId"])
        if found is None:
            raise missing(content["id"])
        return found

    return {
        "owners": lambda content: show_all(call, directory.linked(app(content), "owner")),
        "extensionproperties": lambda content: _extension_properties(call, app(content)),
        "federatedidentitycredentials": lambda content: list(app(content).props.get(KEPT, [])),
    }


def _every(call: Call) -> list[dict[str, Any]]:
    return [show_app(call, each) for each in call.tenant.store.every("app")]


def _list_apps(call: Call) -> Response:
    return answer_list(call, _every(call), context="applications", of=APPLICATION, relations=relations(call))


def _count_apps(call: Call) -> Response:
    return answer_count(call, _every(call), of=APPLICATION)


def _get_app(call: Call) -> Response:
    shown = show_app(call, find_app(call))
    return answer_one(call, shown, context="applications", of=APPLICATION, relations=relations(call))


def _read(call: Call) -> dict[str, Any]:
    props = read_properties(call.body(), APPLICATION, fixed=_FIXED)
    for address in props.get("identifierUris") or []:
        if not isinstance(address, str) or "://" not in address:
            raise bad("Invalid value specified for property 'identifierUris' of resource 'Application'.")
    keys = props.pop("keyCredentials", None)
    if keys is not None:
        props["_keys"], props["certificates"] = _read_keys(keys)
    addresses = (props.get("publicClient") or {}).get("redirectUris")
    more = [
        *((props.get("web") or {}).get("redirectUris") or []),
        *((props.get("spa") or {}).get("redirectUris") or []),
    ]
    if addresses is not None or more:
        props["redirectUris"] = [*(addresses or []), *more]
    return props


def _read_keys(given: list[Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """The certificates of an application: as Graph shows them, and as text for the sign-in."""
    shown, texts = [], []
    for each in given:
        try:
            certificate = _certificate(base64.b64decode(str(each["key"])))
        except (KeyError, TypeError, ValueError):
            raise bad("Key credential end date or value is invalid.", "KeyCredentialsInvalidEndDate") from None
        finger = certificate.fingerprint(hashes.SHA1())  # noqa: S303 - what Microsoft names a certificate by
        shown.append({
            "customKeyIdentifier": finger.hex().upper(),
            "displayName": each.get("displayName") or certificate.subject.rfc4514_string(),
            "endDateTime": certificate.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "key": None,
            "keyId": str(each.get("keyId") or uuid.uuid4()),
            "startDateTime": certificate.not_valid_before_utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "type": "AsymmetricX509Cert",
            "usage": "Verify",
        })  # fmt: skip
        texts.append(certificate.public_bytes(serialization.Encoding.PEM).decode())
    return shown, texts


def _certificate(content: bytes) -> x509.Certificate:
    if content.startswith(b"-----"):
        return x509.load_pem_x509_certificate(content)
    return x509.load_der_x509_certificate(content)


def _add_app(call: Call) -> Response:
    props = _read(call)
    require_given(props, ("displayName",), APPLICATION)
    props = {"appRoles": [], **props}
    _number_roles(props)
    usual: dict[str, Any] = {"roles": {}, "scopes": {}, "secrets": [], "certificates": []}
    client, name = str(uuid.uuid4()), str(props["displayName"])
    app = call.tenant.store.insert("app", name, at=call.tenant.clock.iso(), guid=client, props={**usual, **props})
    caller = call.request.caller
    maker = call.tenant.directory.user(caller.user) if caller.user else None
    if maker is not None:
        call.tenant.directory.add_person(app, "owner", maker)
    address = f"{VERSION}/directoryObjects/{application_id(client)}/Microsoft.DirectoryServices.Application"
    return answer_made(call, show_app(call, app), context="applications", of=APPLICATION, location=address)


def _number_roles(props: dict[str, Any]) -> None:
    for each in props.get("appRoles") or []:
        if not isinstance(each, dict) or not is_guid(str(each.get("id", ""))) or not each.get("displayName"):
            raise bad("Invalid value specified for property 'appRoles' of resource 'Application'.")


def _patch_app(call: Call) -> Response:
    app, patch = find_app(call), _read(call)
    _number_roles(patch)
    for part in ("web", "api", "spa", "publicClient", "info"):
        if isinstance(patch.get(part), dict):
            patch[part] = {**(show_app(call, app).get(part) or {}), **patch[part]}
    name = patch.get("displayName")
    call.tenant.store.update(app, patch, at=call.tenant.clock.iso(), name=str(name) if name else None)
    return Response(204)


def _delete_app(call: Call) -> Response:
    app, store, now = find_app(call), call.tenant.store, call.tenant.clock.iso()
    principal = call.tenant.directory.principal(app.guid)
    if principal is not None:
        store.recycle(principal, at=now)
    store.recycle(app, at=now)
    return Response(204)


def _add_owner(call: Call) -> Response:
    app, owner = find_app(call), body_reference(call)
    if owner.kind not in ("user", "principal"):
        raise bad("The reference target is invalid for the 'owners' reference.")
    if not call.tenant.directory.add_person(app, "owner", owner):
        raise bad("One or more added object references already exist for the following modified properties: 'owners'.")
    return Response(204)


def _remove_owner(call: Call) -> Response:
    if not call.tenant.directory.remove_person(find_app(call), "owner", call.parts["person"]):
        raise missing(call.parts["person"])
    return Response(204)


def _extension_properties(call: Call, app: Entity) -> list[dict[str, Any]]:
    return [
        {"id": each.guid, "deletedDateTime": None, "appDisplayName": app.name, **each.props}
        for each in call.tenant.store.children(app.id, "extensionproperty")
    ]


def _list_extensions(call: Call) -> Response:
    found = _extension_properties(call, find_app(call))
    return answer_list(call, found, context="extensionProperties", of=EXTENSION_PROPERTY)


def _add_extension(call: Call) -> Response:
    app, body = find_app(call), call.body()
    name, targets = body.get("name"), body.get("targetObjects") or ["User"]
    if not isinstance(name, str) or not name:
        raise bad("A value is required for property 'name' of resource 'ExtensionProperty'.")
    props: dict[str, Any] = {
        "name": f"extension_{app.guid.replace('-', '')}_{name}",
        "dataType": body.get("dataType") or "String",
        "isMultiValued": bool(body.get("isMultiValued")),
        "isSyncedFromOnPremises": False,
        "targetObjects": targets,
    }
    store = call.tenant.store
    if store.find("extensionproperty", app.id, props["name"]) is not None:
        raise bad("An extension property exists with the name specified.")
    store.insert("extensionproperty", props["name"], parent=app.id, at=call.tenant.clock.iso(), props=props)
    made = _extension_properties(call, app)[-1]
    return answer_made(call, made, context="extensionProperties", of=EXTENSION_PROPERTY)


def _delete_extension(call: Call) -> Response:
    app = find_app(call)
    found = call.tenant.store.get("extensionproperty", call.parts["extension"], parent=app.id)
    if found is None:
        raise missing(call.parts["extension"])
    call.tenant.store.delete(found)
    return Response(204)


def _available_extensions(call: Call) -> Response:
    if call.body().get("isSyncedFromOnPremises"):
        return answer_values("Collection(extensionProperty)", [])
    apps = call.tenant.store.every("app")
    return answer_values("Collection(extensionProperty)", [e for app in apps for e in _extension_properties(call, app)])


TRACKED = Tracked("app", APPLICATION, "applications", show_app)
_APP = "applications/{id}"
_ONE: tuple[Route, ...] = (
    route(f"GET {_APP}", READ_APPS, _get_app),
    route(f"PATCH {_APP}", WRITE_APPS, _patch_app),
    route(f"DELETE {_APP}", WRITE_APPS, _delete_app),
    *password_routes(_APP, WRITE_APPS, find_app),
    *credential_routes(_APP, READ_APPS, WRITE_APPS, find_app),
    *relation(f"{_APP}/owners", READ_APPS, lambda call: call.tenant.directory.linked(find_app(call), "owner")),
    route(f"POST {_APP}/owners/$ref", WRITE_APPS, _add_owner),
    route(f"DELETE {_APP}/owners/{{person}}/$ref", WRITE_APPS, _remove_owner),
    route(f"GET {_APP}/extensionProperties", READ_APPS, _list_extensions),
    route(f"POST {_APP}/extensionProperties", WRITE_APPS, _add_extension),
    route(f"DELETE {_APP}/extensionProperties/{{extension}}", WRITE_APPS, _delete_extension),
)
ROUTES: tuple[Route, ...] = (
    route("GET applications", READ_APPS, _list_apps),
    route("GET applications/$count", READ_APPS, _count_apps),
    route("GET applications/delta", READ_APPS, lambda call: answer_delta(call, TRACKED)),
    route("POST applications", WRITE_APPS, _add_app, standing="anyone"),
    *_ONE,
    *also_by_key(_ONE, "applications", "appId"),
    route("POST directoryObjects/getAvailableExtensionProperties", READ_APPS, _available_extensions, standing="anyone"),
)
