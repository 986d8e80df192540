"""rclone as it is, by its onedrive backend: files go up, are checked, moved, copied, shared and deleted."""

import hashlib
import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.conftest import Done
from tests.rehearsal_fixtures import RunningTenant

Rclone = Callable[..., Done]
AWKWARD = (
    "trailing dot.", " leading space", "trailing space ", "quote'd \"x\".txt", "#hash%20.txt", "émoji😀.txt",
    "a:b*c?d<e>f|g", "back\\slash", "~tilde", "semi;colon & amp+plus,comma=eq", "$dollar{brace}", "nbsp\u00a0here",
    "en\u2013dash", "100%", "%41", "[brackets]", "a~b", "..two dots", "日本語.docx",
    unicodedata.normalize("NFC", "nfc é.txt"), unicodedata.normalize("NFD", "nfd é.txt"),
)  # fmt: skip


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with some files, one of them in a folder below, one empty."""
    folder = tmp_path / "source"
    (folder / "below").mkdir(parents=True)
    (folder / "plain.txt").write_text("plain")
    (folder / "empty").touch()
    (folder / "below" / "inner.bin").write_bytes(bytes(range(256)))
    os.utime(folder / "plain.txt", (981_173_106, 981_173_106))
    return folder


def names(done: Done) -> set[str]:
    assert done.code == 0, done.stderr
    return set(done.stdout.splitlines())


def ok(done: Done) -> str:
    assert done.code == 0, done.stderr
    return done.stdout


def test_copied_files_pass_the_check_by_hash_and_by_content(rclone: Rclone, source: Path) -> None:
    ok(rclone("copy", source, "team:R1"))
    ok(rclone("check", source, "team:R1"))
    ok(rclone("check", "--download", source, "team:R1"))
    listed = {each["Path"]: each for each in rclone("lsjson", "-R", "--hash", "team:R1").json}
    assert set(listed) == {"below", "below/inner.bin", "empty", "plain.txt"}
    assert listed["plain.txt"]["ModTime"] == "2001-02-03T04:05:06Z"
    assert listed["empty"]["Hashes"]["quickxor"] == "0" * 40


def test_altered_file_fails_the_check(rclone: Rclone, source: Path) -> None:
    ok(rclone("copy", source, "team:R2"))
    (source / "plain.txt").write_text("PLAIN")
    assert rclone("check", source, "team:R2").code != 0


def test_awkward_names_come_back_as_they_were(rclone: Rclone, tmp_path: Path) -> None:
    folder, back = tmp_path / "names", tmp_path / "back"
    folder.mkdir()
    for number, name in enumerate(AWKWARD):
        (folder / name).write_text(str(number))
    ok(rclone("copy", folder, "team:R3"))
    ok(rclone("copy", "team:R3", back))
    assert {each.name: each.read_text() for each in back.iterdir()} == {
        name: str(number) for number, name in enumerate(AWKWARD)
    }


def test_reserved_names_are_refused(rclone: Rclone, tmp_path: Path) -> None:
    folder = tmp_path / "reserved"
    folder.mkdir()
    (folder / "CON").write_text("x")
    (folder / "good.txt").write_text("x")
    done = rclone("copy", folder, "team:R4")
    assert done.code != 0 and "invalidRequest" in done.stderr
    assert names(rclone("lsf", "team:R4")) == {"good.txt"}


def test_path_of_400_characters_is_taken_and_a_longer_one_is_not(rclone: Rclone, tmp_path: Path) -> None:
    used = len("sites/team/Shared Documents/R5/") + 201
    fits = tmp_path / "fits" / ("d" * 200)
    fits.mkdir(parents=True)
    (fits / ("f" * (400 - used))).write_text("x")
    ok(rclone("copy", tmp_path / "fits", "team:R5"))
    (fits / ("g" * (401 - used))).write_text("x")
    done = rclone("copy", tmp_path / "fits", "team:R5")
    assert done.code != 0 and "pathIsTooLong" in done.stderr


def test_sync_sends_what_is_new_and_deletes_what_is_gone(rclone: Rclone, source: Path) -> None:
    ok(rclone("sync", source, "team:R6"))
    (source / "plain.txt").write_text("changed")
    (source / "below" / "inner.bin").unlink()
    os.utime(source / "empty", (1_000_000_000, 1_000_000_000))
    ok(rclone("sync", source, "team:R6"))
    assert names(rclone("lsf", "-R", "--files-only", "--format", "pst", "--separator", "|", "team:R6")) >= {
        "empty|0|2001-09-09 01:46:40"
    }
    assert ok(rclone("cat", "team:R6/plain.txt")) == "changed"
    assert "below/inner.bin" not in names(rclone("lsf", "-R", "team:R6"))


def test_changed_date_is_set_without_sending_the_file(rclone: Rclone, source: Path, rehearsal: RunningTenant) -> None:
    ok(rclone("copy", source, "team:R7"))
    os.utime(source / "plain.txt", (1_100_000_000, 1_100_000_000))
    mark = rehearsal.mark()
    ok(rclone("copy", source, "team:R7"))
    asked = [each for each in rehearsal.requests(mark) if each["method"] in ("PUT", "PATCH", "POST")]
    assert [each["method"] for each in asked if "token" not in each["path"]] == ["PATCH"]


def test_large_file_goes_in_chunks_and_comes_back_in_ranges(rclone: Rclone, tmp_path: Path) -> None:
    content = hashlib.shake_128(b"large").hexdigest(6 * 1024 * 1024 + 7).encode()
    (tmp_path / "large.bin").write_bytes(content)
    ok(rclone("copyto", tmp_path / "large.bin", "team:R8/large.bin", "--onedrive-chunk-size", "5M"))
    ok(rclone("copyto", "team:R8/large.bin", tmp_path / "back.bin", "--multi-thread-streams", "4",
              "--multi-thread-cutoff", "1M"))  # fmt: skip
    assert (tmp_path / "back.bin").read_bytes() == content
    part = rclone("cat", "--offset", "5242878", "--count", "2", "team:R8/large.bin", "--dump", "headers")
    assert "Range: bytes=5242878-5242879" in part.stderr and part.stdout.encode() == content[5242878:5242880]


@pytest.mark.parametrize("action", [{"status": 503}, {"status": 429, "retry_after": 1}, {"reset": "before"}])
def test_large_file_survives_trouble_with_a_fragment(
    rclone: Rclone, tmp_path: Path, rehearsal: RunningTenant, action: dict[str, object]
) -> None:
    content = hashlib.shake_128(str(action).encode()).digest(11 * 1024 * 1024)
    (tmp_path / "large.bin").write_bytes(content)
    rehearsal.fault(action, count=1, skip=1, method="PUT", path="uploadSession")
    name = f"team:R9/{'-'.join(map(str, action.values()))}.bin"
    ok(rclone("copyto", tmp_path / "large.bin", name, "--onedrive-chunk-size", "5M", "--low-level-retries", "5"))
    assert rehearsal.faults_left() == 0
    ok(rclone("copyto", name, tmp_path / "back.bin"))
    assert (tmp_path / "back.bin").read_bytes() == content


def test_download_that_breaks_off_is_gone_on_with(rclone: Rclone, tmp_path: Path, rehearsal: RunningTenant) -> None:
    content = hashlib.shake_128(b"download").digest(3_000_000)
    (tmp_path / "file.bin").write_bytes(content)
    ok(rclone("copyto", tmp_path / "file.bin", "team:R10/file.bin"))
    rehearsal.fault({"truncate": 1_000_000}, count=1, method="GET", path="download.aspx")
    ok(rclone("copyto", "team:R10/file.bin", tmp_path / "back.bin", "--low-level-retries", "3"))
    assert rehearsal.faults_left() == 0
    assert (tmp_path / "back.bin").read_bytes() == content


def test_move_and_copy_happen_on_the_server(rclone: Rclone, source: Path) -> None:
    ok(rclone("copy", source, "team:R11"))
    copied = rclone("copy", "-v", "team:R11", "team:R12")
    assert copied.code == 0 and "Copied (server-side copy)" in copied.stderr
    ok(rclone("check", "team:R11", "team:R12"))
    moved = rclone("moveto", "-v", "team:R12/plain.txt", "team:R12/below/renamed.txt")
    assert moved.code == 0 and "Moved (server-side)" in moved.stderr
    whole = rclone("move", "-v", "team:R12", "team:R13")
    assert whole.code == 0 and "Server side directory move succeeded" in whole.stderr
    assert names(rclone("lsf", "-R", "team:R13")) == {"below/", "below/inner.bin", "below/renamed.txt", "empty"}
    assert rclone("lsf", "team:R12").code != 0


def test_copy_overwrites_on_the_server(rclone: Rclone, source: Path) -> None:
    ok(rclone("copy", source, "team:R14"))
    (source / "plain.txt").write_text("newer and longer")
    ok(rclone("copy", source, "team:R15"))
    ok(rclone("copy", "team:R15", "team:R14"))
    assert ok(rclone("cat", "team:R14/plain.txt")) == "newer and longer"


def test_deleting_files_and_folders(rclone: Rclone, source: Path) -> None:
    ok(rclone("copy", source, "team:R16"))
    ok(rclone("deletefile", "team:R16/plain.txt"))
    assert rclone("rmdir", "team:R16").code != 0
    ok(rclone("mkdir", "team:R16/a/b"))
    ok(rclone("rmdirs", "--leave-root", "team:R16/a"))
    ok(rclone("delete", "--onedrive-hard-delete", "team:R16/below"))
    assert names(rclone("lsf", "-R", "team:R16")) == {"a/", "below/", "empty"}
    ok(rclone("purge", "team:R16"))
    assert rclone("lsf", "team:R16").code == 3


def test_delta_shows_the_same_tree_as_the_folders(rclone: Rclone, source: Path) -> None:
    ok(rclone("copy", source, "team:R17/one"))
    ok(rclone("move", "team:R17/one", "team:R17/two"))
    ok(rclone("touch", "-R", "team:R17"))
    walked = names(rclone("lsf", "-R", "team:"))
    assert names(rclone("lsf", "-R", "--fast-list", "--onedrive-delta", "team:")) == walked
    assert "R17/two/below/inner.bin" in walked


def test_old_versions_are_cleaned_up(rclone: Rclone, tmp_path: Path) -> None:
    file = tmp_path / "file.txt"
    for text in ("one", "two!", "three"):
        file.write_text(text)
        ok(rclone("copyto", file, "team:R18/file.txt"))
    cleaned = rclone("cleanup", "-v", "team:R18")
    assert cleaned.code == 0 and "removing version" in cleaned.stderr
    assert "removing version" not in rclone("cleanup", "-v", "team:R18").stderr
    assert ok(rclone("cat", "team:R18/file.txt")) == "three"


def test_about_tells_what_is_used(rclone: Rclone, source: Path) -> None:
    ok(rclone("copy", source, "team:R19"))
    told = rclone("about", "--json", "team:").json
    assert told["total"] > told["used"] > 0 and told["free"] + told["used"] <= told["total"]


def test_links_are_given_as_far_as_the_site_allows_them(rclone: Rclone, source: Path, rehearsal: RunningTenant) -> None:
    ok(rclone("copy", source, "team:R20"))
    scope = ("--onedrive-link-scope", "organization")
    first = ok(rclone("link", *scope, "team:R20"))
    assert first.startswith("https://contoso.sharepoint.com/:f:/s/team/E")
    assert ok(rclone("link", *scope, "team:R20")) == first
    site = "contoso.sharepoint.com/sites/team"
    assert ok(rclone("link", *scope, "team:R20/plain.txt")).startswith(
        f"https://{site}/_layouts/15/download.aspx?share=E"
    )
    anyone = ("link", "--onedrive-link-scope", "anonymous", "team:R20/plain.txt")
    assert ok(rclone(*anyone)).startswith(f"https://{site}/_layouts/15/download.aspx?share=E")
    team = "{url: /sites/team, title: Rehearsal team, properties: {SharingCapability: %d}}"
    rehearsal.seed(f"sites: [{team % 0}]")
    refused = rclone(*anyone)
    rehearsal.seed(f"sites: [{team % 2}]")
    assert refused.code != 0 and "permitted by the org admin" in refused.stderr


def test_two_way_sync_takes_changes_from_both_sides(rclone: Rclone, source: Path) -> None:
    work = source.parent / "work"
    flags = ("--workdir", work, "--resync-mode", "newer")
    ok(rclone("mkdir", "team:R22"))
    ok(rclone("bisync", source, "team:R22", *flags, "--resync"))
    (source / "here.txt").write_text("here")
    (source.parent / "there.txt").write_text("there")
    ok(rclone("copyto", source.parent / "there.txt", "team:R22/there.txt"))
    ok(rclone("bisync", source, "team:R22", "--workdir", work))
    assert (source / "there.txt").read_text() == "there"
    assert "here.txt" in names(rclone("lsf", "team:R22"))


def test_names_that_differ_in_case_alone_are_one_file(rclone: Rclone, tmp_path: Path) -> None:
    for name in ("File.txt", "fILE.TXT"):
        (tmp_path / name).write_text(name)
        ok(rclone("copyto", tmp_path / name, f"team:R23/{name}"))
    assert len(names(rclone("lsf", "team:R23"))) == 1
