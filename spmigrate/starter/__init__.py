"""The working folders as they ship: what `spmigrate init` copies for a council to make its own."""

from pathlib import Path

from spmigrate.errors import SpmigrateError

NAMES = ("site_templates", "mappings", "governance_rules")


def folders() -> dict[str, Path]:
    """The shipped folders by name: beside this file in an installed package, at the top of a checkout."""
    here = Path(__file__).parent
    found = {}
    for name in NAMES:
        places = (here / name, here.parent.parent / name)
        place = next((each for each in places if each.is_dir()), None)
        if place is None:
            raise SpmigrateError(
                f"the shipped folder {name} is missing", hint="install again: pip install --force-reinstall spmigrate"
            )
        found[name] = place
    return found
