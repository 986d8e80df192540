"""Site scripts run once on a site, registered nowhere: they reach what REST alone does not, with an owner's rights.

The service answers 200 even when an action failed; each action has its own code.
"""

import json
from collections.abc import Mapping
from typing import Any

from spmigrate.errors import Refused
from spmigrate.tenant.session import Tenant

_RUN = "_api/Microsoft.Sharepoint.Utilities.WebTemplateExtensions.SiteScriptUtility.ExecuteTemplateScript()"


def script(*actions: Mapping[str, Any]) -> str:
    """The actions as a script."""
    return json.dumps({"$schema": "schema.json", "actions": actions, "version": 1}, ensure_ascii=False)


def failures(answer: Any) -> list[str]:
    """What the actions that failed say, each with its verb."""
    results = answer["value"] if isinstance(answer, Mapping) else answer or ()
    return [
        f"{each.get('Verb') or each.get('Title') or 'an action'}: {each.get('OutcomeText') or 'it failed'}"
        for each in results
        if each.get("ErrorCode")
    ]


def run(tenant: Tenant, site: str, *actions: Mapping[str, Any]) -> None:
    """Run actions on the site at this full address; they may be repeated. Raises Refused when one failed."""
    answer = tenant.rest("POST", f"{site}/{_RUN}", {"script": script(*actions)}, repeatable=True)
    wrong = failures(answer)
    if wrong:
        raise Refused(f"SharePoint did not run all of a site script: {'; '.join(wrong)}")
