"""A package of the SharePoint Migration API, made with plain strings, and the calls that bring it into a site."""

from __future__ import annotations

import base64
import json
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from xml.sax.saxutils import quoteattr

from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import padding as signature_padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.contract.rehearsal_client import PlainClient

VERBOSE = "application/json;odata=verbose"


def attributes(**given: object) -> str:
    return "".join(f" {name}={quoteattr(str(value))}" for name, value in given.items() if value is not None)


def seal(content: bytes, key: bytes) -> tuple[bytes, str]:
    vector = secrets.token_bytes(16)
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    sealed = encryptor.update(padder.update(content) + padder.finalize()) + encryptor.finalize()
    return sealed, base64.b64encode(vector).decode()


def unseal(content: bytes, key: bytes, vector: str) -> bytes:
    decryptor = Cipher(algorithms.AES(key), modes.CBC(base64.b64decode(vector))).decryptor()
    unpadder = padding.PKCS7(128).unpadder()
    return unpadder.update(decryptor.update(content) + decryptor.finalize()) + unpadder.finalize()


class CertifiedClient(PlainClient):
    """Signs in with the application's certificate, as SharePoint demands."""

    def token(self, host: str) -> str:
        if host not in self._tokens:
            ready = self._tenant.ready
            url = f"https://login.microsoftonline.com/{ready['tenant_id']}/oauth2/v2.0/token"
            form = {
                "grant_type": "client_credentials",
                "client_id": ready["client_id"],
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": _assertion(ready, url, self._tenant.control.call("GET", "clock")["now"]),
                "scope": f"https://{host}/.default",
            }
            kind = "application/x-www-form-urlencoded"
            answer = self.send("POST", url, urlencode(form).encode(), token=False, Content_Type=kind)
            self._tokens[host] = answer.json["access_token"]
        return self._tokens[host]


def _assertion(ready: dict[str, Any], audience: str, moment: str) -> str:
    key = serialization.load_pem_private_key(Path(ready["cert"]).read_bytes(), None)
    print_ = base64.urlsafe_b64encode(bytes.fromhex(ready["thumbprint"])).decode().rstrip("=")
    now = int(datetime.fromisoformat(moment).timestamp())
    claims = {"aud": audience, "iss": ready["client_id"], "sub": ready["client_id"], "jti": secrets.token_hex(8),
              "nbf": now - 60, "exp": now + 600}  # fmt: skip
    parts = [{"alg": "RS256", "typ": "JWT", "x5t": print_}, claims]
    text = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    signature = key.sign(text.encode(), signature_padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


@dataclass
class Site:
    """A site of the tenant, seen through REST."""

    client: PlainClient
    url: str

    def api(self, method: str, path: str, content: object = None) -> Any:
        answer = self.client.send(method, f"{self.url}/_api/{path}", content, Accept=VERBOSE)
        body = answer.json if answer.body else None
        assert answer.status < 300, body
        return body["d"] if body else None

    def refused(self, method: str, path: str, content: object = None) -> tuple[int, str, str]:
        answer = self.client.send(method, f"{self.url}/_api/{path}", content, Accept=VERBOSE)
        error = answer.json["error"]
        return answer.status, error["code"], error["message"]["value"]


@dataclass
class Package:
    """Files of one library, as XML and content."""

    site: Site
    library: str = "Documents"
    content: dict[str, bytes] = field(default_factory=dict)
    objects: list[str] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    source_type: str = "FileShare"
    ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = self.site.api("GET", f"web/lists/getbytitle('{self.library}')?$select=Id,RootFolder/UniqueId,"
                              "RootFolder/ServerRelativeUrl&$expand=RootFolder")  # fmt: skip
        self.list = found["Id"]
        self.root = found["RootFolder"]["UniqueId"]
        self.leaf = found["RootFolder"]["ServerRelativeUrl"].rpartition("/")[2]
        self.web = self.site.api("GET", "web?$select=Id")["Id"]

    def identity(self, path: str) -> str:
        return self.ids.setdefault(path, str(uuid.uuid4()))

    def parent(self, path: str) -> str:
        above = path.rpartition("/")[0]
        return self.identity(above) if above else self.root

    def user(self, number: int, login: str, **more: str) -> Package:
        given = attributes(Id=number, Name=login, Login=login, **more)
        self.users.append(f"<User{given} />")
        return self

    def folder(self, path: str, **more: str) -> Package:
        url = f"{self.leaf}/{path}"
        given = attributes(Id=self.identity(path), Name=path.rpartition("/")[2], Url=url,
                           ParentFolderId=self.parent(path), ParentWebId=self.web,
                           ContainingDocumentLibrary=self.list, **more)  # fmt: skip
        self._object("SPFolder", self.identity(path), f"<Folder{given} />")
        return self

    def file(self, path: str, *states: tuple[str, bytes], described: bool = True, fields: str = "",
             **more: str) -> Package:  # fmt: skip
        identity, url = self.identity(path), f"{self.leaf}/{path}"
        common = {"Id": identity, "Name": path.rpartition("/")[2], "Url": url, "ParentId": self.parent(path),
                  "ParentWebId": self.web, "ListId": self.list}  # fmt: skip
        versions = ""
        for label, content in states:
            name = f"{identity}.{label}"
            self.content[name] = content
            versions += f"<File{attributes(**common, FileValue=name, Version=label, **more)} />"
        last = states[-1][0]
        outer = attributes(**common, FileValue=f"{identity}.{last}", Version=last, **more)
        inner = f"<Versions>{versions}</Versions>" if len(states) > 1 else ""
        self._object("SPFile", identity, f"<File{outer}>{inner}</File>")
        if described:
            given = attributes(Id=uuid.uuid4(), DocId=identity, DocType="File", FileUrl=url, ParentListId=self.list,
                               ParentWebId=self.web, Version=last, **more)  # fmt: skip
            self._object("SPListItem", str(uuid.uuid4()), f"<ListItem{given}><Fields>{fields}</Fields></ListItem>")
        return self

    def _object(self, kind: str, identity: str, inner: str) -> None:
        given = attributes(Id=identity, ObjectType=kind, ParentWebId=self.web)
        self.objects.append(f"<SPObject{given}>{inner}</SPObject>")

    def documents(self) -> dict[str, bytes]:
        def empty(root: str, name: str) -> str:
            return f'<{root} xmlns="urn:deployment-{name}-schema" />'

        texts = {
            "ExportSettings.xml": '<ExportSettings xmlns="urn:deployment-exportsettings-schema" SiteUrl="https://x"'
            f' IncludeSecurity="All" SourceType="{self.source_type}" />',
            "SystemData.xml": '<SystemData xmlns="urn:deployment-systemdata-schema"><SchemaVersion Version="15.0.0.0"'
            ' Build="16.0.3111.1200" DatabaseVersion="11552" SiteVersion="15" /><ManifestFiles>'
            '<ManifestFile Name="Manifest.xml" /></ManifestFiles></SystemData>',
            "UserGroup.xml": '<UserGroupMap xmlns="urn:deployment-usergroupmap-schema"><Users>'
            f"{''.join(self.users)}</Users><Groups /></UserGroupMap>",
            "Manifest.xml": f'<SPObjects xmlns="urn:deployment-manifest-schema">{"".join(self.objects)}</SPObjects>',
            "Requirements.xml": empty("Requirements", "requirements"),
            "RootObjectMap.xml": empty("RootObjects", "rootobjectmap"),
            "LookupListMap.xml": empty("LookupLists", "lookuplistmap"),
            "ViewFormsList.xml": empty("ViewFormsList", "viewformlist"),
        }
        return {name: text.encode() for name, text in texts.items()}


@dataclass
class Shipment:
    """A package in its containers."""

    site: Site
    given: dict[str, str]
    key: bytes

    def put(self, package: Package, *, key: bytes | None = None, plain: bool = False,
            without_snapshot: tuple[str, ...] = ()) -> Shipment:  # fmt: skip
        key = None if plain else key or self.key
        for name, content in package.content.items():
            self._put(self.given["DataContainerUri"], name, content, key, snapshot=name not in without_snapshot)
        for name, content in package.documents().items():
            self._put(self.given["MetadataContainerUri"], name, content, key, snapshot=True)
        return self

    def _put(self, container: str, name: str, content: bytes, key: bytes | None, *, snapshot: bool) -> None:
        base, _, query = container.partition("?")
        headers = {"x_ms_blob_type": "BlockBlob"}
        if key is not None:
            content, headers["x_ms_meta_IV"] = seal(content, key)
        url = f"{base}/{quote(name)}?{query}"
        client = self.site.client
        assert client.send("PUT", url, content, token=False, **headers).status == 201
        if snapshot:
            assert client.send("PUT", f"{url}&comp=snapshot", b"", token=False).status == 201

    def submit(self, *, key: bytes | None = None, encrypted: bool = True, queue: str | None = None) -> str:
        web = self.site.api("GET", "web?$select=Id")["Id"]
        body: dict[str, Any] = {
            "gWebId": web,
            "azureContainerSourceUri": self.given["DataContainerUri"],
            "azureContainerManifestUri": self.given["MetadataContainerUri"],
            "azureQueueReportUri": queue,
        }
        name = "CreateMigrationJob"
        if encrypted:
            name += "Encrypted"
            body["options"] = {"AES256CBCKey": base64.b64encode(key or self.key).decode()}
        return str(self.site.api("POST", f"site/{name}", body)[name])

    def log(self, name: str) -> str:
        base, _, query = self.given["MetadataContainerUri"].partition("?")
        answer = self.site.client.send("GET", f"{base}/{name}?{query}", token=False)
        assert answer.status == 200, answer.body
        return unseal(answer.body, self.key, answer.headers["x-ms-meta-IV"]).decode()


def provision(site: Site) -> Shipment:
    given = site.api("POST", "site/ProvisionMigrationContainers")["ProvisionMigrationContainers"]
    return Shipment(site, given, base64.b64decode(given["EncryptionKey"]))


def progress(site: Site, job: str, token: str = "0") -> tuple[list[dict[str, str]], str]:
    found = site.api("GET", f"site/GetMigrationJobProgress(jobId='{job}',nextToken={token})")
    found = found["GetMigrationJobProgress"]
    return [json.loads(line) for line in found["Logs"]["results"]], found["NextToken"]
