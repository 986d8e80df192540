"""Signing in with Kerberos: a real key distribution centre, a real file server, and no password anywhere."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.programs import program
from tests.samba import READER, Samba, free_port

ROOT = Path(__file__).parent.parent.parent
_LIBRARY = """
[libdefaults]
 default_realm = COUNCIL.EXAMPLE
 dns_lookup_kdc = false
 dns_canonicalize_hostname = false
 rdns = false
 udp_preference_limit = 1
[realms]
 COUNCIL.EXAMPLE = {{
  kdc = 127.0.0.1:{port}
 }}
"""
_CENTRE = """
[kdcdefaults]
 kdc_listen = 127.0.0.1:{port}
 kdc_tcp_listen = 127.0.0.1:{port}
[realms]
 COUNCIL.EXAMPLE = {{
  database_name = {folder}/principal
  key_stash_file = {folder}/stash
  kdc_listen = 127.0.0.1:{port}
  kdc_tcp_listen = 127.0.0.1:{port}
  disable_pac = true
 }}
"""
_LIST = (
    "import sys; from spmigrate.scan.places import smb; place = smb.find(sys.argv[1]);"
    "print([entry.name for entry in place.read(b'')[0]])"
)


@dataclass(frozen=True)
class Realm:
    """A realm with an account, whose key is in a keytab."""

    folder: Path
    keytab: Path
    environment: dict[str, str]


@pytest.fixture(scope="module")
def bindings(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where Python finds gssapi: with it, or in Debian's package, as building it takes minutes and a compiler.

    pyspnego asks for the module krb5 too, and uses it for passwords alone, which no test here has.
    """
    if importlib.util.find_spec("gssapi") and importlib.util.find_spec("krb5"):
        return ""
    program(["kinit"], package="krb5-user python3-gssapi python3-decorator")
    system, folder = Path("/usr/lib/python3/dist-packages"), tmp_path_factory.mktemp("bindings")
    made_for = f"cpython-{sys.version_info.major}{sys.version_info.minor}-"
    if not any(made_for in each.name for each in (system / "gssapi" / "raw").glob("*.so")):
        pytest.skip("gssapi is not there for this Python: pip install 'spmigrate[kerberos]'")
    shutil.copytree(system / "gssapi", folder / "gssapi")
    shutil.copy(system / "decorator.py", folder)
    (folder / "krb5.py").touch()
    return str(folder)


@pytest.fixture
def realm(samba: Samba, tmp_path: Path) -> Iterator[Realm]:
    centre, admin, create = (
        program([name], package="krb5-kdc krb5-admin-server krb5-user")
        for name in ("krb5kdc", "kadmin.local", "kdb5_util")
    )
    port = free_port()
    (tmp_path / "krb5.conf").write_text(_LIBRARY.format(port=port))
    (tmp_path / "kdc.conf").write_text(_CENTRE.format(port=port, folder=tmp_path))
    names = {"KRB5_CONFIG": tmp_path / "krb5.conf", "KRB5_KDC_PROFILE": tmp_path / "kdc.conf"}
    environment = {**os.environ, **{name: str(path) for name, path in names.items()}}

    def run(*command: object) -> None:
        subprocess.run([str(each) for each in command], env=environment, check=True, capture_output=True)

    run(create, "create", "-s", "-P", "rehearsal")
    for who, keytab in ((READER, tmp_path / "account"), ("cifs/localhost", samba.keytab)):
        run(admin, "-q", f"addprinc -randkey {who}")
        run(admin, "-q", f"ktadd -k {keytab} {who}")
    process = subprocess.Popen([centre, "-n"], env=environment, start_new_session=True, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield Realm(tmp_path, tmp_path / "account", environment)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(15)
        samba.keytab.unlink(missing_ok=True)


def listed(samba: Samba, realm: Realm, bindings: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The names of a share, for whoever the environment says."""
    kept = {key: value for key, value in realm.environment.items() if not key.startswith("SPMIGRATE_")}
    path = os.pathsep.join(filter(None, (str(ROOT), bindings)))
    return subprocess.run(
        [sys.executable, "-c", _LIST, f"smb://localhost:{samba.port}/plain"],
        env={**kept, "PYTHONPATH": path, **environment}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_keytab_and_tickets_sign_in_and_nothing_does_not(samba: Samba, realm: Realm, bindings: str) -> None:
    (samba.root("plain") / "one.txt").touch()
    by_keytab = listed(samba, realm, bindings, KRB5CCNAME="MEMORY:", KRB5_CLIENT_KTNAME=str(realm.keytab))
    assert by_keytab.stdout == "['one.txt']\n", by_keytab.stderr

    tickets = f"FILE:{realm.folder / 'tickets'}"
    subprocess.run(
        ["kinit", "-k", "-t", str(realm.keytab), READER], env={**realm.environment, "KRB5CCNAME": tickets}, check=True
    )
    by_tickets = listed(samba, realm, bindings, KRB5CCNAME=tickets)
    assert by_tickets.stdout == "['one.txt']\n", by_tickets.stderr

    nobody = listed(samba, realm, bindings, KRB5CCNAME=f"FILE:{realm.folder / 'none'}")
    assert nobody.returncode != 0
    assert "ConfigError: signing in to localhost failed" in nobody.stderr
