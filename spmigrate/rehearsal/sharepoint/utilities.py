"""`SP.Utilities.Utility`: principals by name, mail, and what the caller is."""

from __future__ import annotations

from spmigrate.rehearsal.odata.errors import bad_argument, invalid_operation
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.rights import level_masks, standing, web_holder
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Node, Result, action, function
from spmigrate.rehearsal.sharepoint.principal_search import ALL, USERS, Found, find_one, search, show_user
from spmigrate.rehearsal.sharepoint.principals import ensure_user
from spmigrate.rehearsal.sharepoint.properties import TEXTS, plain
from spmigrate.rehearsal.sharepoint.roles import Roles
from spmigrate.rehearsal.storage import Entity

_INFO = "SP.Utilities.PrincipalInfo"
_INFOS = f"Collection({_INFO})"
_NOBODY = {
    "Department": None, "DisplayName": None, "Email": None, "JobTitle": None, "LoginName": None, "Mobile": None,
    "PrincipalId": -1, "PrincipalType": 0, "SIPAddress": None,
}  # fmt: skip


def principal_info(found: Found | None) -> Complex:
    """An SP.Utilities.PrincipalInfo; of nobody an empty one."""
    if found is None:
        return Complex(_INFO, _NOBODY)
    shown = {
        "Department": found.department, "DisplayName": found.title, "Email": found.email, "JobTitle": found.job,
        "LoginName": found.login, "Mobile": found.mobile, "PrincipalId": found.number, "PrincipalType": found.kind,
        "SIPAddress": found.email if found.kind == USERS else None,
    }  # fmt: skip
    return Complex(_INFO, shown)


class UtilityCalls(Node):
    """The static methods, at the root."""

    @function("SP.Utilities.Utility.GetCurrentUserEmailAddresses")
    def email_addresses(self, _call: Call) -> Result:
        """The caller's address; an application has none."""
        user = self._caller()
        return Result("GetCurrentUserEmailAddresses", "" if user is None else str(user.props.get("mail") or ""))

    @function("SP.Utilities.Utility.GetUserPermissionLevels")
    def permission_levels(self, _call: Call) -> Result:
        """The names of the permission levels that the caller has on the web."""
        scope = self.scope
        who = standing(scope.tenant, scope.claims.login, scope.site)
        held: set[int] = set()
        for row in scope.store.children(web_holder(scope.tenant, scope.web).id, "assignment"):
            if int(row.name) in who.numbers:
                held.update(row.props.get("Roles", []))
        known = level_masks(scope.tenant, scope.site)
        names = [
            str(each.props["Name"]) for each in Roles(scope, wanted=[each for each in held if each in known]).all()
        ]
        return Result("GetUserPermissionLevels", Bag(TEXTS, tuple(names)))

    @function("SP.Utilities.Utility.ResolvePrincipalInCurrentContext")
    def resolve_principal(self, call: Call) -> Result:
        """The one principal that an input names; an empty one when it names nobody or several."""
        found = find_one(self.scope, call.text("input"), call.number("scopes", default=ALL))
        if found is not None and call.flag("inputIsEmailOnly", default=False):
            found = found if found.email.lower() == call.text("input").strip().lower() else None
        if found is not None and found.number < 0 and call.flag("addToUserInfoList", default=False):
            ensure_user(self.scope, found.login)
            found = find_one(self.scope, found.login, call.number("scopes", default=ALL))
        return Result("ResolvePrincipalInCurrentContext", principal_info(found))

    @function("SP.Utilities.Utility.SearchPrincipalsUsingContextWeb")
    def search_principals(self, call: Call) -> Result:
        """The principals that an input partly names."""
        kinds, limit = call.number("scopes", default=ALL), call.number("maxCount", default=30)
        group = call.text("groupName", default="")
        row = self.scope.store.find("sitegroup", self.scope.site.id, group) if group else None
        found = search(self.scope, call.text("input"), kinds, limit, group=int(row.props["Id"]) if row else 0)
        return Result("SearchPrincipalsUsingContextWeb", Bag(_INFOS, tuple(principal_info(each) for each in found)))

    @function("SP.Utilities.Utility.ExpandGroupsToPrincipals")
    def expand_groups(self, call: Call) -> Result:
        """The people in groups, each once."""
        limit = call.number("maxCount", default=30)
        people: dict[str, Found] = {}
        for text in call.texts("inputs"):
            people |= {each.login: each for each in self._people_of(text)}
        shown = tuple(principal_info(each) for each in list(people.values())[:limit])
        return Result("ExpandGroupsToPrincipals", Bag(_INFOS, shown))

    @function("SP.Utilities.Utility.CreateEmailBodyForInvitation")
    def invitation_body(self, call: Call) -> Result:
        """The text of a message that invites to a page of the site."""
        address = call.text("pageAddress")
        title = self.scope.web.props.get("Title", "")
        text = f'<p>You are invited to <a href="{address}">{title}</a>.</p>'
        return Result("CreateEmailBodyForInvitation", text)

    @action("SP.Utilities.Utility.SendEmail", Level.READ)
    def send_email(self, call: Call) -> None:
        """Send a message to people of the tenant; the rehearsal keeps it and sends nothing."""
        given = call.record("properties")
        recipients = [str(each) for key in ("To", "CC", "BCC") for each in plain(given.get(key)) or []]
        if not recipients or any(self.scope.tenant.directory.user_by_login(each) is None for each in recipients):
            raise invalid_operation("The e-mail message cannot be sent. Make sure the e-mail has a valid recipient.")
        kept = {"to": recipients, "subject": given.get("Subject"), "body": given.get("Body")}
        self.scope.store.insert("mail", str(given.get("Subject") or ""), at=self.scope.now, props=kept)

    @action("SP.Utilities.Utility.LogCustomAppError", Level.READ)
    def log_error(self, call: Call) -> Result:
        """Note the error of an add-in; 0 says that this is no add-in's web."""
        if not call.text("error"):
            raise bad_argument("Value cannot be null.\r\nParameter name: error")
        return Result("LogCustomAppError", 0)

    def _caller(self) -> Entity | None:
        claims = self.scope.claims
        return None if claims.app_only else self.scope.tenant.directory.user(claims.user)

    def _people_of(self, text: str) -> list[Found]:
        directory, site = self.scope.tenant.directory, self.scope.site
        row = self.scope.store.find("sitegroup", site.id, text)
        if row is not None:
            numbers = set(row.props.get("_Users", []))
            logins = [each for each in self.scope.store.children(site.id, "siteuser") if each.props["Id"] in numbers]
            return [found for each in logins if (found := find_one(self.scope, each.name, USERS)) is not None]
        found = find_one(self.scope, text, ALL)
        if found is None:
            return []
        group = directory.group(found.login.rpartition("|")[2].removesuffix("_o"))
        return [found] if group is None else [show_user(self.scope, each) for each in directory.people(group, "member")]
