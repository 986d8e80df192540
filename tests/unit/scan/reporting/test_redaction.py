"""A copy without names has none: every name of an estate is looked for in everything that can be written."""

import csv
import html
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spmigrate.formats import csv as csv_files
from spmigrate.formats import workbook
from spmigrate.report import document
from spmigrate.scan import estate
from spmigrate.scan.codes import CODES
from spmigrate.scan.places import local
from spmigrate.scan.reporting import exchange, kinds, whole
from spmigrate.scan.reporting.figures import gather
from spmigrate.scan.reporting.homes import Home
from spmigrate.scan.reporting.naming import CodedNames, Names, PlainNames
from spmigrate.scan.survey import survey
from spmigrate.store import inventory, profile_access
from spmigrate.store.ledger import Ledger
from spmigrate.store.listing import Access
from tests.scan_sample import DOMAIN, File, add_finding, right, scanned

_ACCOUNTS = ("COUNTY\\clerk.one", "COUNTY\\Panel Members", f"{DOMAIN}1099", f"{DOMAIN}500")
_MADE = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)


def everything(ledger: Ledger, names: Names, folder: Path, homes: dict[int, list[Home]]) -> str:
    """All that a report writes, as one text: the page, every part of the workbook, and the lists."""
    figures = [gather(ledger, each) for each in inventory.sources(ledger)]
    report = whole.report(figures, [], homes, names)
    said = [html.unescape(document.build(whole.page(report), made=_MADE))]
    workbook.write(folder / "r.xlsx", whole.book(report))
    with zipfile.ZipFile(folder / "r.xlsx") as package:
        said += [html.unescape(package.read(each).decode()) for each in package.namelist() if each.endswith("xml")]
    for number, each in enumerate(exchange.lists(ledger, figures, names)):
        csv_files.write(folder / f"{number}.csv", each.headings, each.rows)
        said.append((folder / f"{number}.csv").read_text("utf-8"))
    return "\n".join(said)


def _nothing_but_our_words(ledger: Ledger) -> Ledger:
    """A source that makes a report say every word that it has of its own, and no name longer than a letter."""
    files = [File(f"y.{extension}", n % 2) for kind in kinds.KINDS.values() for n, extension in enumerate(kind.split())]
    source = scanned(ledger, "x", {"": files}, access={"": Access("o", True, (right("9"),))})
    scan = inventory.by_id(ledger, source).scan_id
    for code in CODES.values():
        add_finding(ledger, scan, code.code, code.treatment.value, 1)
    return ledger


def whole_words(text: str) -> set[str]:
    """The text's words, for names that are one."""
    return set(re.findall(r"[\w.~$@+'-]+", text))


@pytest.fixture(scope="module")
def surveyed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """A ledger with a generated estate, access lists and a row of a sheet; and every name in it."""
    folder = tmp_path_factory.mktemp("redaction")
    made = estate.generate(folder / "share", files=600, seed=3, mean_size=4000)
    with Ledger(folder / "ledger.db") as ledger:
        source = survey(ledger, local.find(made.share))
        access = Access(_ACCOUNTS[3], False, (right("1003", _ACCOUNTS[0], allows=False), right("1002", _ACCOUNTS[1]),
                                              right("1099")))  # fmt: skip
        letters = {"Meadow Close": [File("Ashdown referral.docx", 20_000_000_000)]}
        extra = scanned(ledger, "Childrens Placements", letters, access={"": access, "Meadow Close": access})
        paths = [row["path"] for row in ledger.rows("SELECT path FROM folder")]
        names = {row["name"] for row in ledger.rows("SELECT name FROM item")}
        names |= {part for path in paths for part in path.split("/")}
    assert source.id != extra
    return folder / "ledger.db", names | {"Childrens Placements", "Highways", str(made.share), *_ACCOUNTS}


def test_no_name_of_the_estate_is_in_a_redacted_report(surveyed: tuple[Path, set[str]], tmp_path: Path) -> None:
    file, names = surveyed
    with Ledger(file) as ledger, Ledger(tmp_path / "empty.db") as nothing:
        control = everything(_nothing_but_our_words(nothing), CodedNames(), tmp_path, {})
        sources = {each.id: [Home("Meadow Close", "tree", True, "Move", "Meadow Close > Cases", "Named group", "Panel")]
                   for each in inventory.sources(ledger)}  # fmt: skip
        coded = CodedNames(profile_access.accounts(ledger))
        text = everything(ledger, coded, tmp_path, sources)
        plain = everything(ledger, PlainNames(), tmp_path, sources)
    ours = whole_words(control)  # words that a report says of itself, such as Drawings and Archive
    told = [each for each in names if each not in ours and len(each) > 3 and not each.isdecimal() and each in plain]
    assert len(told) > 50
    leaked = [each for each in told if (each in text if " " in each else each in whole_words(text))]
    assert leaked == []
    assert "S-1-5-21" not in text


def test_no_account_or_answer_is_in_a_redacted_report(surveyed: tuple[Path, set[str]], tmp_path: Path) -> None:
    with Ledger(surveyed[0]) as ledger:
        homes = {each.id: [Home("Meadow Close", "tree", True, "Move", "Meadow > Cases", "Named group", "The Panel")]
                 for each in inventory.sources(ledger)}  # fmt: skip
        text = everything(ledger, CodedNames(profile_access.accounts(ledger)), tmp_path, homes)
    for name in (*_ACCOUNTS, "clerk.one", "Panel Members", "The Panel", "Meadow > Cases"):
        assert name not in text
    for code in ("A-0002", "F-", "L-01", "S-02"):
        assert code in text


def test_codes_stay_when_the_report_is_made_again_and_the_key_leads_back(surveyed: tuple[Path, set[str]]) -> None:
    with Ledger(surveyed[0]) as ledger:
        source = inventory.source(ledger, "Childrens Placements")
        folder = next(iter(gather(ledger, source).access.own)).folder_id
        first, second = (CodedNames(profile_access.accounts(ledger)) for _ in range(2))
        assert first.account(_ACCOUNTS[2], "") == second.account(_ACCOUNTS[2], "")
        code = first.folder(folder, "Meadow Close")
        assert code == second.folder(folder, "Meadow Close") == f"F-{folder:04d}"
        assert first.key[code] == ("folder", "Meadow Close")


def test_an_extension_that_may_be_a_name_is_left_out() -> None:
    coded = CodedNames()
    assert coded.file(4, 17, "Letters/To J.Ashdown") == "F-0004/17"
    assert coded.file(4, 18, "Letters/To J.docx") == "F-0004/18.docx"
    assert coded.extension("ashdown") == ""
    assert coded.reason("cannot open /srv/Ashdown: Permission denied") == "permission denied"


def test_every_cell_of_a_redacted_list_is_a_code_a_number_or_a_word_of_ours(ledger: Ledger, tmp_path: Path) -> None:
    scanned(ledger, "Ashdown", {"Ashdown": [File("Ashdown.Ashdown", 20_000_000_000)]})
    figures = [gather(ledger, each) for each in inventory.sources(ledger)]
    for each in exchange.lists(ledger, figures, CodedNames()):
        csv_files.write(tmp_path / "l.csv", each.headings, each.rows)
        with (tmp_path / "l.csv").open(encoding="utf-8-sig", newline="") as file:
            assert "ashdown" not in str(list(csv.reader(file))).lower()
