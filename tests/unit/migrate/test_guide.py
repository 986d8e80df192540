"""What the guide for leads shows of settings is what the program reads."""

import re
from pathlib import Path

from spmigrate import config
from spmigrate.config import MailSection, Weekday
from tests.conftest import ROOT

GUIDE = (ROOT / "spmigrate" / "migrate" / "README.md").read_text("utf-8")


def test_windows_and_notify_of_the_guide_are_read(tmp_path: Path) -> None:
    blocks = [text for text in re.findall(r"```yaml\n(.*?)```", GUIDE, re.S) if "windows:" in text]
    file = tmp_path / "spmigrate.yaml"
    file.write_text(f"version: 1\ntenant: {{rehearsal: tenant}}\n{blocks[0]}")
    found = config.load(file).config.migrate
    assert [each.days[-1] for each in found.windows] == [Weekday.FRIDAY, Weekday.SUNDAY]
    assert found.notify.mail == MailSection(
        relay="relay.council.example", from_="spmigrate@council.example", to=("migration.lead@council.example",)
    )
    assert found.notify.silence_minutes == config.NotifySection().silence_minutes
    for key in ("zone", "windows", "notify › webhook file", "notify › mail", "notify › silence minutes"):
        assert f"| `{key}` |" in GUIDE
