"""Addresses of links in one form, so that what people write and what SharePoint gives back can be compared.

An address on the tenant's own host is a path, readable and without what SharePoint adds. Any other address keeps its
words: views, `%26` and `%2F` mean there what the other host says.
"""

import re
from urllib.parse import quote, unquote

_RESERVED = "%/?#[]@!$&'()*+,;=:~"
_ADDED = re.compile(r"(?<=.)/(Forms/AllItems\.aspx|SitePages/Home\.aspx)$", re.IGNORECASE)
_VIEW = re.compile(r"(?<=.)/Forms/[^/?#]+\.aspx$", re.IGNORECASE)


def plain_address(url: str, host: str) -> str:
    """An address in its one form; `host` is the tenant's own, such as `https://contoso.sharepoint.com`.

    Our host, a library's first view, a site's home page and a last slash are left out.
    """
    own = _own(url.strip(), host)
    if not own.startswith("/"):
        return _foreign(own)
    path = re.split(r"[?#]", own, maxsplit=1)[0]
    tail = own[len(path) :]
    path = re.sub(r"[%?#]", lambda found: quote(found[0]), unquote(path))
    return (path if tail else _ADDED.sub("", path).rstrip("/ ") or "/") + tail


def leads_to(actual: str, wanted: str, host: str) -> bool:
    """Whether a link goes where it should. A link to a library may open any view that an owner made the first."""
    there, target = plain_address(actual, host), plain_address(wanted, host)
    return there == target or (there.startswith("/") and _VIEW.sub("", there) == target)


def _own(url: str, host: str) -> str:
    """The path of an address on our host; any other address as it is."""
    rest = url[len(host) :]
    if host and url[: len(host)].casefold() == host.casefold() and rest[:1] in ("", "/", "?", "#"):
        return rest if rest.startswith("/") else f"/{rest}"
    return url


def _foreign(url: str) -> str:
    text = re.sub(r"^[^/?#]+//[^/?#]*", lambda host: host[0].lower(), quote(url, safe=_RESERVED))
    return text.rstrip("/")
