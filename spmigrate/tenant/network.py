"""The one place that opens connections: for the client library and msal by `requests`, for bulk content by urllib3.

A rehearsal tenant differs from a real one in two things only, both set here: the address that is connected to and the
authority that is trusted. Host names in SNI, in the Host header and in the certificate check stay real. For a real
tenant HTTPS_PROXY, NO_PROXY and REQUESTS_CA_BUNDLE of the environment are honoured.
"""

import os
import socket
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH, get_environ_proxies
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.util import connection

from spmigrate.errors import ConfigError

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 120.0
"""How long a control request may take to answer; creating a site is the slowest."""
BULK_SECONDS = 300.0
"""How long a fragment may take to be answered: the last one of a large file is committed before the answer."""
_BLOCK = 1 << 20


class Network:
    """Connections to one tenant, shared by all threads."""

    def __init__(
        self, *, agent: str, address: tuple[str, int] | None = None, ca: Path | None = None, workers: int = 1
    ) -> None:
        """Prepare connections; `address` and `ca` are for a rehearsal tenant. Raises ConfigError for an absent CA."""
        self._direct = address is not None
        self._ca = _authority(ca)
        pools = _pools_to(address) if address else HTTPSConnectionPool
        self._adapter = _Adapter(pools, size=max(workers, 4), ca=self._ca)
        self._proxies: dict[str, str] = {}
        self.session = requests.Session()
        self.session.trust_env = False  # a .netrc would replace our Authorization header
        self.session.verify = self._ca
        self.session.headers["User-Agent"] = agent
        self.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.session.adapters.clear()  # nothing is ever sent without TLS
        self.session.mount("https://", self._adapter)

    def proxy_for(self, url: str) -> str | None:
        """The proxy that the environment names for this address, None for a direct connection."""
        if self._direct:
            return None
        host = urlsplit(url).netloc
        if host not in self._proxies:
            self._proxies[host] = get_environ_proxies(f"https://{host}/").get("https", "")
        return self._proxies[host] or None

    def pool_for(self, url: str) -> urllib3.PoolManager:
        """The pool of connections that reaches this address, for bulk content."""
        proxy = self.proxy_for(url)
        pool: urllib3.PoolManager = self._adapter.proxy_manager_for(proxy) if proxy else self._adapter.poolmanager
        return pool

    def close(self) -> None:
        """Close every connection."""
        self.session.close()


class _Adapter(HTTPAdapter):
    """The adapter of `requests` over our pools, which bulk content uses without `requests`."""

    def __init__(self, pools: type[HTTPSConnectionPool], *, size: int, ca: str) -> None:
        self._pools = pools
        trust = "ca_cert_dir" if Path(ca).is_dir() else "ca_certs"
        self._options: dict[str, Any] = {"cert_reqs": "CERT_REQUIRED", trust: ca, "blocksize": _BLOCK}
        super().__init__(pool_connections=10, pool_maxsize=size, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        """Build the pools of direct connections."""
        super().init_poolmanager(connections, maxsize, block, **{**self._options, **options})
        self.poolmanager.pool_classes_by_scheme = {"https": self._pools}

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """The pools behind a proxy."""
        return super().proxy_manager_for(proxy, **{**self._options, **options})


def _pools_to(address: tuple[str, int]) -> type[HTTPSConnectionPool]:
    """Pools whose connections go to `address`, whatever their host name."""

    class Connection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            try:
                return connection.create_connection(address, self.timeout, socket_options=self.socket_options)
            except TimeoutError as error:
                raise urllib3.exceptions.ConnectTimeoutError(self, "no answer to the connection") from error
            except ConnectionRefusedError:
                # Its own process has ended: waiting, which mends a network, would mend nothing here.
                raise ConfigError(
                    f"the rehearsal tenant at {address[0]}:{address[1]} is not running any more",
                    hint="start it in another terminal with: spmigrate rehearsal serve --state FOLDER "
                    "(the 'rehearsal' of spmigrate.yaml), then run the same command again",
                ) from None
            except OSError as error:
                raise urllib3.exceptions.NewConnectionError(self, f"no connection: {error.strerror}") from error

    class Pool(HTTPSConnectionPool):
        ConnectionCls = Connection

    return Pool


def _authority(ca: Path | None) -> str:
    named = str(ca) if ca else os.environ.get("REQUESTS_CA_BUNDLE", "")
    if named and not Path(named).exists():
        raise ConfigError(
            f"the certificate authority {named} does not exist",
            hint="start the rehearsal tenant anew" if ca else "correct or unset REQUESTS_CA_BUNDLE",
        )
    return named or DEFAULT_CA_BUNDLE_PATH
