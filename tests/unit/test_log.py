"""Events: secrets never leave, and nothing goes to stdout."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from spmigrate import log

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJyb2xlcyI6W119.c2lnbmF0dXJl"


@pytest.fixture(autouse=True)
def _default_log() -> Iterator[None]:
    yield
    for processor in structlog.get_config()["processors"]:
        if isinstance(processor, log._FileCopy):
            processor.stream.close()
    log.configure()


@pytest.mark.parametrize(
    "key",
    ["authorization", "Authorization", "client_secret", "password", "access_token", "assertion", "upload_url",
     "uploadUrl", "sas", "cookie", "key", "private_key"],
)  # fmt: skip
def test_secret_key_is_hidden(key: str) -> None:
    assert log.scrub(None, "info", {key: "hush", "event": "x"}) == {key: "(hidden)", "event": "x"}


@given(before=st.text(), after=st.text(alphabet=" ,;\n"))
@pytest.mark.parametrize("secret", [JWT, "sig=hush%2F", "tempauth=hush", "access_token=hush", "client_secret=hush"])
def test_secret_shape_is_hidden_wherever_it_stands(secret: str, before: str, after: str) -> None:
    shown = log.scrub(None, "info", {"event": f"{before} {secret} {after}"})["event"]
    assert "hush" not in shown.removeprefix(before)
    assert secret not in shown


@pytest.mark.parametrize("text", ["monkey", "Keyworth Road.docx", "authority", "signature.pdf", "tokenise this"])
def test_ordinary_words_stay(text: str) -> None:
    assert log.hide(text) == text


def test_events_go_to_stderr_from_the_level_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure()
    log.logger().info("scan.started")
    log.logger().warning("folder.unreadable", path="/x")
    out, err = capsys.readouterr()
    assert out == ""
    assert "folder.unreadable" in err
    assert "scan.started" not in err


@pytest.mark.parametrize(("verbose", "seen"), [(0, []), (1, ["x.info"]), (2, ["x.info", "x.debug"])])
def test_verbose_shows_more(capsys: pytest.CaptureFixture[str], verbose: int, seen: list[str]) -> None:
    log.configure(verbose=verbose)
    log.logger().info("x.info")
    log.logger().debug("x.debug")
    err = capsys.readouterr().err
    assert [name for name in ("x.info", "x.debug") if name in err] == seen


def test_file_gets_every_event_as_a_json_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "events.jsonl"
    log.configure(file=path)
    log.logger().debug("request.answered", token=JWT, path=tmp_path)
    log.logger().info("scan.started", folder="Straße")
    first, second = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    assert first["event"] == "request.answered"
    assert first["token"] == "(hidden)"
    assert first["level"] == "debug"
    assert second["folder"] == "Straße"
    assert capsys.readouterr().err == ""
