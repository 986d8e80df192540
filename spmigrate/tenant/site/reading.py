"""Reading one site: the questions of the kinds that are wanted, in up to three rounds, in as few requests as can be."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from spmigrate.errors import AccessDenied, NotFound, TenantError
from spmigrate.tenant.contents import Kind, Part, SiteContents
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site import (
    access,
    columns,
    content_types,
    default_values,
    features,
    folders,
    group,
    hubs,
    lists,
    look,
    navigation,
    pages,
    people,
    permission_levels,
    region,
    rights,
    seeded_files,
    sharing,
    team,
    views,
    web,
)
from spmigrate.tenant.site.asking import send
from spmigrate.tenant.site.question import Answers, Question, Service

ROUNDS = (1, 2, 3)


class Noun(Protocol):
    """A module that knows one noun of a site."""

    @property
    def QUESTIONS(self) -> tuple[Question, ...]:  # noqa: N802 - a module's constant
        """What it asks."""

    def parts(self, answers: Answers) -> Iterable[Part]:
        """The parts that the answers tell of; none where a question was not asked."""


NOUNS: tuple[Noun, ...] = (
    web, region, group, features, permission_levels, people, access, columns, content_types, lists, views,
    default_values, folders, seeded_files, rights, pages, look, navigation, hubs, sharing, team,
)  # fmt: skip
"""Every noun of which there is something to be read."""


def read(
    tenant: Tenant,
    address: str,
    hub_addresses: Mapping[str, str],
    kinds: Collection[Kind] | None = None,
    *,
    only: Mapping[tuple[Kind, str], Part] | None = None,
) -> SiteContents | None:
    """What the site at this address holds of the `kinds`, all of them by default; None when there is no site.

    With `only` the parts that it is compared with, what is costly is asked for these parts and for the attributes that
    they have; nothing can be concluded from the absence of any other. `hub_addresses` as `hubs.hub_addresses` gives
    them. Raises TenantError.
    """
    wanted = frozenset(Kind if kinds is None else kinds)
    answers = Answers(address, tenant.settings.sharepoint, hub_addresses, wanted, only=only)
    questions = [each for noun in NOUNS for each in noun.QUESTIONS if each.kinds & wanted or each in web.BASE]
    try:
        for number in ROUNDS:
            answers = ask(tenant, answers, [each for each in questions if each.round == number])
    except _NoSite:
        return None
    except AccessDenied as error:
        if sharing.lock_of(tenant, address) != sharing.CLOSED:
            raise
        text = f"{address} is locked ({sharing.CLOSED}): nothing in it can be read"
        hint = "unlock it in the SharePoint admin centre before you plan it again"
        raise AccessDenied(text, hint=hint, status=error.status, code=error.code) from None
    found = [part for noun in NOUNS for part in noun.parts(answers) if part.kind in wanted]
    site = answers["web"]
    return SiteContents.of(address, found, url=site["Url"], site_id=answers.site_id, ready=web.is_ready(site))


class _NoSite(Exception):
    """There is no site at the address."""


def ask(tenant: Tenant, answers: Answers, questions: Iterable[Question]) -> Answers:
    """The answers with those to these questions added, of which equal ones are asked once. Raises TenantError."""
    found = dict(answers.found)
    by_service: dict[Service, list[tuple[Question, str, str]]] = {}
    for question in dict.fromkeys(questions):
        if not isinstance(question.path, str):
            found[question.name] = {}
        for key, path in question.paths(answers):
            by_service.setdefault(question.service, []).append((question, key, path))
    for service, asked in by_service.items():
        given = _send(tenant, service, answers, [path for _, _, path in asked])
        for (question, key, _), answer in zip(asked, given, strict=True):
            value = _value(question, answer)
            if value is not None:
                into = found[question.name] if key else found
                into[key or question.name] = value
    return replace(answers, found=found)


def _send(tenant: Tenant, service: Service, answers: Answers, paths: list[str]) -> list[Any]:
    try:
        return send(tenant, service, answers.host + answers.address, paths)
    except NotFound:
        raise _NoSite from None


def _value(question: Question, answer: Any) -> Any:
    if not isinstance(answer, TenantError):
        return answer
    if question in web.BASE and isinstance(answer, NotFound):
        raise _NoSite from None
    if question.optional and isinstance(answer, NotFound | AccessDenied):
        return None
    raise answer
