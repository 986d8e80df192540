"""Requests to ProcessQuery as programs write them."""

from __future__ import annotations

from xml.sax.saxutils import escape

TENANT = '<Constructor Id="1" TypeId="{268004ae-ef6b-4e9b-8425-127220d84719}" />'
CURRENT = '<StaticProperty Id="1" TypeId="{3747adcd-a3c3-41b9-bfab-4a64dd2f1e0a}" Name="Current" />'
WEB = f'{CURRENT}<Property Id="2" ParentId="1" Name="Web" />'
SESSION = '<StaticMethod Id="1" TypeId="{981cbc68-9edc-4f8d-872f-71146fcbb84f}" Name="GetTaxonomySession" />'
STORE = f'{SESSION}<Method Id="2" ParentId="1" Name="GetDefaultSiteCollectionTermStore" />'
WHOLE = '<Query SelectAllProperties="true"><Properties /></Query>'
MEMBERS = f'{WHOLE}<ChildItemQuery SelectAllProperties="true"><Properties /></ChildItemQuery>'


def packed(actions: str, paths: str) -> bytes:
    """A request as programs write it."""
    return (
        '<Request AddExpandoFieldTypeSuffix="true" SchemaVersion="15.0.0.0" LibraryVersion="16.0.0.0" '
        'ApplicationName="test" xmlns="http://schemas.microsoft.com/sharepoint/clientquery/2009">'
        f"<Actions>{actions}</Actions><ObjectPaths>{paths}</ObjectPaths></Request>"
    ).encode()


def parameters(*given: tuple[str, object]) -> str:
    return (
        "<Parameters>"
        + "".join(f'<Parameter Type="{k}">{escape(str(v))}</Parameter>' for k, v in given)
        + "</Parameters>"
    )
