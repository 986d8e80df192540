"""The pages that a person meets on signing in: the form, the device form, and the ways back to the application."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import urlencode

from spmigrate.rehearsal.http import Response

_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "x-frame-options": "DENY",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{}'; base-uri 'none'",
}
_STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:28rem;margin:3rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}"
    "label{display:block;margin-top:1rem}input,button{font:inherit;padding:.5rem;width:100%;box-sizing:border-box}"
    "button{margin-top:1.5rem;background:#0b5394;color:#fff;border:0}.problem{color:#a4262c}"
)
_SUBMIT = "document.forms[0].submit()"
_SUBMIT_HASH = "ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE="


def sign_in_page(users: Iterable[str], *, app: str, hint: str = "", problem: str = "") -> Response:
    """The form of a user's name and password; it is sent back to the address that it came from."""
    body = f"<p>to continue to <strong>{escape(app)}</strong></p>{_said(problem)}<form method='post'>"
    return _page("Sign in", body + _credentials(users, hint) + "<button>Sign in</button></form>")


def device_page(users: Iterable[str], *, code: str = "", problem: str = "") -> Response:
    """The form where the code that an application shows is typed, with a user's name and password."""
    body = (
        f"{_said(problem)}<form method='post'><label for='otc'>Code</label>"
        f"<input id='otc' name='otc' value='{escape(code)}' autocomplete='off' required>"
        f"{_credentials(users, '')}<button>Sign in</button></form>"
    )
    return _page("Enter code", body)


def message_page(title: str, text: str, *, status: int = 200) -> Response:
    """A page that says one thing."""
    return _page(title, f"<p>{escape(text)}</p>", status=status)


def consent_page(title: str, text: str) -> Response:
    """What somebody is asked to agree to; their answer is sent back to the address that it came from."""
    return _page(title, f"<p>{escape(text)}</p><form method='post'><button>Accept</button></form>")


def way_back(redirect_uri: str, mode: str, values: Mapping[str, str]) -> Response:
    """Back to the application with what it waits for, in the response mode that it asked for."""
    if mode == "form_post":
        inputs = "".join(
            f"<input type='hidden' name='{escape(name)}' value='{escape(value)}'>" for name, value in values.items()
        )
        body = (
            f"<form method='post' action='{escape(redirect_uri)}'>{inputs}"
            f"<noscript><button>Continue</button></noscript></form><script>{_SUBMIT}</script>"
        )
        return _page("Working…", body)
    mark = "#" if mode == "fragment" else "&" if "?" in redirect_uri else "?"
    return Response(302, {"location": redirect_uri + mark + urlencode(values), "cache-control": "no-store"})


def _credentials(users: Iterable[str], hint: str) -> str:
    options = "".join(f"<option value='{escape(user)}'></option>" for user in users)
    return (
        f"<label for='login'>User</label><input id='login' name='login' list='users' value='{escape(hint)}'"
        f" autocomplete='username' required><datalist id='users'>{options}</datalist>"
        "<label for='passwd'>Password</label>"
        "<input id='passwd' name='passwd' type='password' autocomplete='current-password' required>"
    )


def _said(problem: str) -> str:
    return f"<p class='problem' role='alert'>{escape(problem)}</p>" if problem else ""


def _page(title: str, body: str, *, status: int = 200) -> Response:
    text = (
        f"<!DOCTYPE html><html lang='en-GB'><head><meta charset='utf-8'><title>{escape(title)}</title>"
        f"<meta name='viewport' content='width=device-width'><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
    headers = {name: value.replace("{}", _SUBMIT_HASH) for name, value in _HEADERS.items()}
    return Response(status, headers, text.encode())
