"""The served rehearsal tenant: how it starts, is reached, goes wrong on purpose, and comes back."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import urllib3

from spmigrate.rehearsal.errors import RehearsalError
from spmigrate.rehearsal.server import Options, serve
from tests.contract.rehearsal_client import PlainClient
from tests.rehearsal_fixtures import RunningTenant, serve_tenant

UNIT = 327_680


@pytest.fixture
def client(rehearsal: RunningTenant) -> Iterator[PlainClient]:
    made = PlainClient(rehearsal)
    yield made
    made.close()


@pytest.fixture
def folder(client: PlainClient) -> str:
    """The path of a new folder in the team site's library, after `v1.0/`."""
    drive = client.graph("GET", "sites/contoso.sharepoint.com:/sites/team:/drive").json["id"]
    made = client.graph("POST", f"drives/{drive}/root/children", {"name": f"t{uuid.uuid4().hex}", "folder": {}})
    return f"drives/{drive}/items/{made.json['id']}"


def test_ready_line_and_file_say_the_same_and_are_private(rehearsal: RunningTenant) -> None:
    file = rehearsal.state / "ready.json"
    assert rehearsal.control.ready == rehearsal.ready
    assert file.stat().st_mode & 0o077 == 0
    assert rehearsal.ready["pid"] == rehearsal.process.pid
    told = {
        "address", "proxy", "ca", "tenant", "tenant_id", "site", "client_id", "client_secret", "cert", "thumbprint",
        "pfx", "pfx_password", "admin_user", "users", "password",
    }  # fmt: skip
    assert [name for name in sorted(told) if not rehearsal.ready.get(name)] == []
    assert len(rehearsal.ready["users"]) > 10
    assert rehearsal.ready["admin_user"] in rehearsal.ready["users"]


def test_upload_session_end_to_end(client: PlainClient, folder: str) -> None:
    content = os.urandom(UNIT * 4 + 17)
    session = client.graph("POST", f"{folder}:/big%20%231.bin:/createUploadSession", {"item": {}}).json
    for start in range(0, len(content), UNIT * 2):
        piece = content[start : start + UNIT * 2]
        span = f"bytes {start}-{start + len(piece) - 1}/{len(content)}"
        answer = client.send("PUT", session["uploadUrl"], piece, token=False, Content_Range=span)
    assert (answer.status, answer.json["size"]) == (201, len(content))
    location = client.graph("GET", f"{folder}:/big%20%231.bin:/content").headers["Location"]
    assert client.send("GET", location, token=False).body == content
    assert client.send("GET", location, token=False, Range="bytes=10-19").body == content[10:20]


def test_throttling_fault_carries_retry_after_and_is_seen_in_the_log(
    rehearsal: RunningTenant, client: PlainClient, folder: str
) -> None:
    mark = rehearsal.mark()
    rehearsal.fault({"status": 429, "retry_after": 3}, method="GET", path="/children", count=2)
    answers = [client.graph("GET", f"{folder}/children", User_Agent="NONISV|Test|1") for _ in range(3)]
    assert [each.status for each in answers] == [429, 429, 200]
    assert answers[0].headers["Retry-After"] == "3"
    seen = [each for each in rehearsal.requests(mark) if each["path"].endswith("/children")]
    assert [(each["status"], each["retry_after"]) for each in seen] == [(429, "3"), (429, "3"), (200, "")]
    assert seen[0]["user_agent"] == "NONISV|Test|1"


def test_reset_before_leaves_nothing_and_after_leaves_the_file(
    rehearsal: RunningTenant, client: PlainClient, folder: str
) -> None:
    rehearsal.fault({"reset": "before"}, method="PUT", path="before.txt")
    rehearsal.fault({"reset": "after"}, method="PUT", path="after.txt")
    for name in ("before", "after"):
        with pytest.raises(urllib3.exceptions.HTTPError):
            client.graph("PUT", f"{folder}:/{name}.txt:/content", b"x")
    assert client.graph("GET", f"{folder}:/before.txt").status == 404
    assert client.graph("GET", f"{folder}:/after.txt").status == 200


def test_truncated_download_is_noticed(rehearsal: RunningTenant, client: PlainClient, folder: str) -> None:
    client.graph("PUT", f"{folder}:/a.bin:/content", b"x" * 1000)
    location = client.graph("GET", f"{folder}:/a.bin:/content").headers["Location"]
    rehearsal.fault({"truncate": 100}, method="GET", path="download.aspx")
    with pytest.raises(urllib3.exceptions.HTTPError):
        client.send("GET", location, token=False)


def test_secret_is_enough_for_graph_and_not_for_sharepoint(client: PlainClient) -> None:
    answer = client.send("GET", "https://contoso.sharepoint.com/_api/web")
    assert answer.status == 401
    assert "Unsupported app only token" in answer.json["error_description"]
    assert 'client_id="00000003-0000-0ff1-ce00-000000000000"' in answer.headers["WWW-Authenticate"]


def test_token_for_one_host_is_refused_by_another(client: PlainClient) -> None:
    token = client.token("contoso.sharepoint.com")
    answer = client.send(
        "GET", "https://graph.microsoft.com/v1.0/sites/root", token=False, Authorization=f"Bearer {token}"
    )
    assert (answer.status, answer.json["error"]["code"]) == (401, "InvalidAuthenticationToken")


def test_token_ends_when_the_clock_says_so(rehearsal: RunningTenant, client: PlainClient) -> None:
    client.graph("GET", "sites/root")
    rehearsal.advance(3700)
    assert client.graph("GET", "sites/root").status == 401
    client.forget_tokens()
    assert client.graph("GET", "sites/root").status == 200


def test_control_calls_need_the_token(client: PlainClient) -> None:
    assert client.send("GET", "https://localhost/_rehearsal/clock", token=False).status == 401
    assert client.send("GET", "https://graph.microsoft.com/_rehearsal/clock").status == 400


def test_proxy_carries_own_hosts_only_and_notes_the_others(rehearsal: RunningTenant) -> None:
    mark = rehearsal.mark()
    host, _, port = rehearsal.ready["proxy"].removeprefix("http://").partition(":")
    for name, status in (("graph.microsoft.com", b"200"), ("elsewhere.example", b"403")):
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(f"CONNECT {name}:443 HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
            assert connection.recv(100).split(b" ")[1] == status
    refused = [each["host"] for each in rehearsal.requests(mark) if each["method"] == "CONNECT"]
    assert refused == ["elsewhere.example"]


def test_answers_are_compressed_for_whoever_asks_while_the_switch_is_on(
    rehearsal: RunningTenant, client: PlainClient, folder: str
) -> None:
    for number in range(3):
        client.graph("PUT", f"{folder}:/{number}.json:/content", b'"x"' + b" " * 5000)

    def listed(encoding: str) -> urllib3.HTTPHeaderDict:
        answer = client.graph("GET", f"{folder}/children", Accept_Encoding=encoding)
        assert [each["name"] for each in answer.json["value"]] == ["0.json", "1.json", "2.json"]
        return answer.headers

    assert "Content-Encoding" not in listed("gzip")
    rehearsal.control.call("POST", "throttle", {"on": ["gzip"]})
    try:
        short = listed("gzip, deflate")
        assert (short["Content-Encoding"], short["Vary"], int(short["Content-Length"]) < 2000) == (
            "gzip", "Accept-Encoding", True,
        )  # fmt: skip
        plain = listed("gzip;q=0, identity")
        assert ("Content-Encoding" in plain, plain["Vary"]) == (False, "Accept-Encoding")
        bytes_of = client.graph("GET", f"{folder}:/0.json:/content").headers["Location"]
        assert "Content-Encoding" not in client.send("GET", bytes_of, token=False, Accept_Encoding="gzip").headers
    finally:
        rehearsal.control.call("POST", "throttle", {"off": ["gzip"]})


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://graph.microsoft.com/v1.0/users", 200),
        ("https://graph.microsoft.com/v1.0/sites/root", 200),
        ("https://graph.microsoft.com/v1.0/users/nobody", 404),
        ("https://graph.microsoft.com/v1.0/nonsense", 400),
    ],
)
def test_head_is_get_without_the_body(client: PlainClient, url: str, status: int) -> None:
    asked, told = client.send("HEAD", url), client.send("GET", url)
    assert (asked.status, told.status, asked.body) == (status, status, b"")
    assert asked.headers["Content-Type"] == told.headers["Content-Type"]
    assert abs(int(asked.headers["Content-Length"]) - len(told.body)) < 5
    assert client.send("GET", url).status == status


def test_killed_tenant_comes_back_with_everything(tmp_path: Path) -> None:
    with serve_tenant(tmp_path) as first:
        client = PlainClient(first)
        drive = client.graph("GET", "sites/contoso.sharepoint.com:/sites/team:/drive").json["id"]
        client.graph("PUT", f"drives/{drive}/root:/kept.txt:/content", b"kept")
        client.close()
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.wait(timeout=10)
    with serve_tenant(tmp_path) as second:
        client = PlainClient(second)
        location = client.graph("GET", f"drives/{drive}/root:/kept.txt:/content").headers["Location"]
        assert client.send("GET", location, token=False).body == b"kept"
        client.close()
        with pytest.raises(RehearsalError, match="another rehearsal tenant"):
            serve(Options(tmp_path, "127.0.0.1:0"), print)
    assert not (tmp_path / "ready.json").exists()


def test_what_was_steered_survives_a_kill_until_it_is_served_in_another_way(tmp_path: Path) -> None:
    wanted = {"on": ["search", "app-day", "jobs", "sites", "names"], "band": "50000+", "latency": 1}
    with serve_tenant(tmp_path) as first:
        first.control.call("POST", "throttle", wanted)
        first.fault({"status": 503}, path="/me", count=3, skip=1)
        first.advance(86_400)
        client = PlainClient(first)
        assert [client.graph("GET", "me/drive").status for _ in range(2)] == [400, 503]
        assert client.graph("GET", "sites/root").status == 200
        client.close()
        before = first.control.call("GET", "throttle")
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.wait(timeout=10)
    with serve_tenant(tmp_path) as second:
        after = second.control.call("GET", "throttle")
        assert after == before
        assert {name for name, on in after["on"].items() if on} == set(wanted["on"])
        assert [used["day"] for used in after["usage"].values()] == [3]
        (fault,) = second.control.call("GET", "faults")
        assert (fault["count"], fault["skip"], fault["action"]["status"]) == (2, 0, 503)
        now = datetime.fromisoformat(second.control.call("GET", "clock")["now"])
        assert now > datetime.now(UTC) + timedelta(hours=23)
        second.clear_faults()
        second.control.call("POST", "reset")
        assert second.control.call("GET", "throttle") == {**before, "usage": {}}
    with serve_tenant(tmp_path, profile="council") as third:
        told = third.control.call("GET", "throttle")
        assert (told["profile"], told["latency"], third.control.call("GET", "faults")) == ("council", 40, [])


@pytest.mark.parametrize(
    ("listen", "said"),
    [("0.0.0.0:0", "loopback"), ("nonsense", "address with a port"), ("127.0.0.1:99999", "can't listen")],
)
def test_wrong_addresses_are_refused_with_a_reason(tmp_path: Path, listen: str, said: str) -> None:
    with pytest.raises(RehearsalError, match=said):
        serve(Options(tmp_path, listen), print)


def test_port_that_is_taken_is_named(rehearsal: RunningTenant, tmp_path: Path) -> None:
    with pytest.raises(RehearsalError, match="in use"):
        serve(Options(tmp_path, rehearsal.ready["address"]), print)


def test_missing_seed_is_named_and_nothing_listens(tmp_path: Path) -> None:
    with pytest.raises(RehearsalError, match=r"no-such\.yaml"):
        serve(Options(tmp_path, "127.0.0.1:0", tmp_path / "no-such.yaml"), print)


def test_signal_ends_it_cleanly(tmp_path: Path) -> None:
    with serve_tenant(tmp_path) as running:
        os.kill(running.process.pid, signal.SIGTERM)
        assert running.process.wait(timeout=15) == 0


def test_seed_reaches_the_running_tenant_and_a_wrong_one_changes_nothing(
    rehearsal: RunningTenant, client: PlainClient
) -> None:
    rehearsal.seed("guests:\n  - {mail: consultant@nhstrust.example, sponsors: [service.desk]}\n")
    found = client.graph("GET", "users?$filter=userType%20eq%20'Guest'&$select=id,mail,signInActivity").json["value"]
    guest = next(each for each in found if each["mail"] == "consultant@nhstrust.example")
    assert guest["signInActivity"] is None
    sponsors = client.graph("GET", f"users/{guest['id']}/sponsors").json["value"]
    assert [each["userPrincipalName"] for each in sponsors] == ["service.desk@contoso.onmicrosoft.com"]
    text = "users:\n  - {upn: new.person, name: New}\nguests:\n  - {mail: a@b.example, sponsors: [nobody]}\n"
    with pytest.raises(RehearsalError, match="nobody"):
        rehearsal.seed(text)
    assert client.graph("GET", "users/new.person@contoso.onmicrosoft.com").status == 404


def test_command_group_steers_the_tenant(rehearsal: RunningTenant) -> None:
    def run(*arguments: str) -> str:
        code = "import sys; from spmigrate.cli.rehearsal import rehearsal; rehearsal(sys.argv[1:])"
        command = [sys.executable, "-c", code, arguments[0], "--state", str(rehearsal.state), *arguments[1:]]
        root = Path(__file__).parents[2]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, cwd=root)
        return done.stdout

    assert f"export HTTPS_PROXY={rehearsal.ready['proxy']}" in run("env")
    assert '"status": 429' in run("fault", "--path", "/never", "--status", "429", "--retry-after", "1")
    assert run("fault", "--clear").strip() == "[]"
    assert '"profile": "open"' in run("throttle")
    assert run("clock").startswith("20")
    assert '"number"' in run("requests")
    assert json.loads(run("env", "--json"))["HTTPS_PROXY"] == rehearsal.ready["proxy"]
    assert json.loads(run("clock", "--json"))["now"].startswith("20")
    assert json.loads(run("throttle", "--json"))["profile"] == "open"
    assert json.loads(run("fault", "--json")) == []
    assert json.loads(run("seed", "default", "--json"))["sites"] == 2
