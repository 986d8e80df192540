"""The token endpoint's first version (`oauth2/token`), as ADAL and older scripts use it."""

from __future__ import annotations

from collections.abc import Mapping


def in_first_version(answer: Mapping[str, object], form: Mapping[str, str], *, now: float) -> dict[str, object]:
    """An answer of the token endpoint as its first version words it: times as text, bare scopes, the resource."""
    life = int(str(answer["expires_in"]))
    worded = {**answer, "expires_in": str(life), "ext_expires_in": str(life)}
    worded |= {"expires_on": str(int(now) + life), "not_before": str(int(now)), "resource": form.get("resource", "")}
    if "scope" in answer:
        worded["scope"] = " ".join(each.rpartition("/")[2] for each in str(answer["scope"]).split())
    return worded
