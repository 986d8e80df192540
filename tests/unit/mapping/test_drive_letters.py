"""What people call a drive, from what spmigrate.yaml says of letters and shares."""

import pytest

from spmigrate.mapping.drive_letters import known_as

DRIVES = {"G": r"\\fs01\AdultSocialCare", "H:": r"\\fs01\AdultSocialCare\Placements"}
SHARES = {r"\\FS01\AdultSocialCare": "/mnt/adult"}


@pytest.mark.parametrize(
    ("root", "name"),
    [
        ("/mnt/adult", "G:"),
        ("/mnt/adult/Reablement", "G: > Reablement"),
        ("/mnt/adult/Placements", "H:"),
        ("/mnt/adult/placements/Panel Minutes", "H: > Panel Minutes"),
        ("smb://fs01/adultsocialcare", "G:"),
        ("smb://fs01:8445/AdultSocialCare/Reablement/2019", "G: > Reablement > 2019"),
        ("/mnt/adulterated", ""),
        ("/mnt", ""),
        ("smb://fs02/AdultSocialCare", ""),
    ],
)
def test_a_source_is_known_by_the_letter_that_leads_closest(root: str, name: str) -> None:
    assert known_as(root, DRIVES, SHARES) == name


def test_without_letters_nobody_knows_one() -> None:
    assert known_as("/mnt/adult", {}, SHARES) == ""
