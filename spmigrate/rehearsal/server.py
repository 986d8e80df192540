"""`serve`: one process, one TLS port for every host name, a CONNECT proxy, and the ready line."""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import json
import os
import signal
import socket
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import uvicorn

from spmigrate.rehearsal.app import App
from spmigrate.rehearsal.certificates import thumbprint
from spmigrate.rehearsal.control import Control, Levers
from spmigrate.rehearsal.directory import ADMINISTRATOR
from spmigrate.rehearsal.environment import NODE_HOSTS, write_node_hosts
from spmigrate.rehearsal.errors import RehearsalError
from spmigrate.rehearsal.faults import Faults
from spmigrate.rehearsal.identity import CLIENT_ID, Identity, ensure_identity, host_names, is_own_host, write_private
from spmigrate.rehearsal.proxy import Proxy
from spmigrate.rehearsal.request_log import RequestLog
from spmigrate.rehearsal.seeding import Seeder
from spmigrate.rehearsal.service import LOCAL, Instruments, Service
from spmigrate.rehearsal.switches import Switches
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from spmigrate.rehearsal.tokens import Tokens

_KEEP_ALIVE = 75
_GRACE = 3


@dataclass(frozen=True, slots=True)
class Options:
    """How to serve. `seed` is a built-in name or a file; `latency` is in milliseconds, None means the profile's own."""

    state: Path
    listen: str = "127.0.0.1:8443"
    seed: str | Path | None = None
    profile: str = "open"
    latency: int | None = None
    expose: bool = False


def serve(options: Options, announce: Callable[[str], None]) -> None:
    """Serve a tenant until SIGTERM or SIGINT; `announce` gets the ready line.

    `RehearsalError` when the address is not a loopback one, the port is taken, the seed is wrong, or another
    server holds the state folder.
    """
    host, port = _read_listen(options.listen, expose=options.expose)
    with _private():
        options.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        _serve(options, announce, host, port)


def _serve(options: Options, announce: Callable[[str], None], host: str, port: int) -> None:
    with _only_server(options.state), _listener(host, port) as listener:
        _clear_remains(options.state)
        tenant = open_tenant(options.state, profile=options.profile)
        try:
            identity = ensure_identity(options.state, tenant.names, address=host)
            write_node_hosts(options.state)
            seeder = Seeder(tenant, identity)
            seeder.ensure(options.seed)
            service = build_service(
                tenant, identity, seeder, profile=options.profile, latency=options.latency, address=host
            )
            _run(App(service), service, identity, listener, _Ready(options.state, announce))
        finally:
            tenant.store.close()


@contextmanager
def _private() -> Iterator[None]:
    """Whatever is kept meanwhile is for its owner alone, also in a folder that was there before."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _clear_remains(state: Path) -> None:
    """Remove what a killed server left: its ready file, and bodies that were still arriving."""
    (state / "ready.json").unlink(missing_ok=True)
    for file in (state / "uploads").glob("*"):
        if file.suffix != ".session":
            file.unlink()


def build_service(
    tenant: Tenant,
    identity: Identity,
    seeder: Seeder,
    *,
    profile: str,
    latency: int | None = None,
    address: str = LOCAL[0],
) -> Service:
    """The service over a tenant, with the instruments that steer it as they were left; `address` is where it
    listens."""
    tokens = Tokens(identity.certificates.token_key, tenant.clock, tenant_id=tenant.names.tenant_id)
    instruments = Instruments(Faults(tenant.steering), tenant.throttle, RequestLog())
    switches = Switches(tenant, (profile, latency))
    switches.begin()

    def reset() -> None:
        seeder.reset()
        instruments.faults.clear()
        instruments.throttle.forget()
        instruments.log.clear()

    levers = Levers(
        clock=tenant.clock,
        faults=instruments.faults,
        switches=switches,
        log=instruments.log,
        seed=lambda text: seeder.apply(text, source="the request"),
        reset=reset,
        office=tenant.office,
    )
    return Service(tenant, tokens, instruments, Control(identity.secrets.control_token, levers), address=address)


@dataclass(frozen=True, slots=True)
class _Ready:
    """Says that the server is ready, and takes it back at the end."""

    state: Path
    announce: Callable[[str], None]

    def say(self, facts: dict[str, Any]) -> None:
        line = json.dumps(facts)
        write_private(self.state / "ready.json", line + "\n")
        self.announce(line)

    def withdraw(self) -> None:
        (self.state / "ready.json").unlink(missing_ok=True)


class _Server(uvicorn.Server):
    """uvicorn that says when it listens."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        await self._listening()


def _run(app: App, service: Service, identity: Identity, listener: socket.socket, ready: _Ready) -> None:
    names = service.tenant.names
    address = listener.getsockname()[:2]
    proxy = Proxy(
        lambda host: is_own_host(names, host),
        (address[0], address[1]),
        lambda host: service.instruments.log.add(**_refused_connect(service, host)),
    )

    async def listening() -> None:
        _tune_collector()
        proxy_port = await proxy.start(address[0])
        ready.say(ready_facts(service.tenant, identity, address, proxy_port))

    fast = importlib.util.find_spec("httptools") is not None
    config = uvicorn.Config(
        cast("Any", app),
        http=_protocol() if fast else "h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ssl_certfile=identity.certificates.server,
        ssl_keyfile=identity.certificates.server,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
    )
    server = _Server(config, listening)
    # uvicorn raises the signal once more after it has stopped; by then it must not kill the process.
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: None)
    try:
        server.run(sockets=[listener])
    finally:
        proxy.stop()
        ready.withdraw()


def _protocol() -> type[asyncio.Protocol]:
    from spmigrate.rehearsal.protocol import NamesKept

    return NamesKept


def _tune_collector() -> None:
    """An answer of a thousand items is tens of thousands of small objects that no cycle holds; looking through them as
    often as Python does by itself takes as long as making them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def ready_facts(tenant: Tenant, identity: Identity, address: tuple[str, int], proxy_port: int) -> dict[str, Any]:
    """What a client needs to know to reach the tenant and sign in."""
    names, certificates = tenant.names, identity.certificates
    place = f"{address[0]}:{address[1]}"
    site = tenant.store.read_value("site") or "/sites/team"
    return {
        "address": place,
        "proxy": f"http://{address[0]}:{proxy_port}",
        "ca": str(certificates.authority.resolve()),
        "hosts": host_names(names),
        "node_hosts": str(identity.folder.resolve() / NODE_HOSTS),
        "tenant": names.domain,
        "tenant_id": names.tenant_id,
        "sharepoint": f"https://{names.sharepoint}",
        "site": f"https://{names.sharepoint}{site}",
        "client_id": CLIENT_ID,
        "client_secret": identity.secrets.client_secret,
        "cert": str(certificates.app.resolve()),
        "thumbprint": thumbprint(certificates.app_certificate()),
        "pfx": str(certificates.app_pfx.resolve()),
        "pfx_password": certificates.pfx_password,
        "admin_user": f"{ADMINISTRATOR}@{names.domain}",
        "users": [each.name for each in tenant.directory.users() if each.props.get("userType") == "Member"],
        "password": identity.secrets.password,
        "pid": os.getpid(),
        "control": f"https://{place}/_rehearsal",
        "control_token_file": str(identity.control_token_file.resolve()),
    }


def _refused_connect(service: Service, host: str) -> dict[str, Any]:
    facts = {"query": "", "retry_after": "", "received": 0, "sent": 0, "ms": 0.0, "user_agent": "", "app": ""}
    return {**facts, "at": service.tenant.clock.iso(), "method": "CONNECT", "host": host, "path": "", "status": 403}


def _read_listen(text: str, *, expose: bool) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or not host:
        raise RehearsalError(f"{text!r} is not an address with a port", "for example --listen 127.0.0.1:8443")
    if host not in LOCAL and not expose:
        raise RehearsalError(
            f"{host} is not a loopback address: other machines could reach the tenant and sign in to it",
            "listen on 127.0.0.1, or add --expose if they are meant to",
        )
    return host, int(port)


@contextmanager
def _only_server(state: Path) -> Iterator[None]:
    lock = sqlite3.connect(state / "server.lock", timeout=0, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        lock.close()
        raise RehearsalError(
            f"another rehearsal tenant is running on {state}", "stop it, or give this one a --state of its own"
        ) from None
    try:
        yield
    finally:
        lock.close()


@contextmanager
def _listener(host: str, port: int) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except (OSError, OverflowError) as problem:
            raise RehearsalError(
                f"can't listen on {host}:{port}: {problem}", "take another port, or 0 for a free one"
            ) from None
        yield listener
