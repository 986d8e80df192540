"""The refusals of SharePoint's REST interface, with the codes and texts that clients read."""

from __future__ import annotations

ARGUMENT = "-2147024809, System.ArgumentException"
INVALID_QUERY = "-1, Microsoft.SharePoint.Client.InvalidClientQueryException"
SP_EXCEPTION = "Microsoft.SharePoint.SPException"


class ODataError(Exception):
    """A refusal: HTTP status, SharePoint's code (``<number>, <type>``) and its text.

    ``plain`` marks the few answers that SharePoint gives as text instead of JSON.
    """

    def __init__(self, status: int, code: str, message: str, *, plain: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.plain = plain


def bad_argument(message: str) -> ODataError:
    """A value that SharePoint does not accept (400)."""
    return ODataError(400, ARGUMENT, message)


def invalid_query(message: str) -> ODataError:
    """A malformed path, option or body (400)."""
    return ODataError(400, INVALID_QUERY, message)


def unknown_property(name: str, type_name: str) -> ODataError:
    """A property that the entity type does not declare, in a body (400)."""
    return invalid_query(
        f"The property '{name}' does not exist on type '{type_name}'. "
        "Make sure to only use property names that are defined by the type."
    )


def unknown_selection(name: str) -> ODataError:
    """A name in ``$select``, ``$expand``, ``$filter`` or ``$orderby`` that does not exist (400)."""
    return ODataError(
        400,
        f"-1, {SP_EXCEPTION}",
        f"The field or property '{name}' does not exist.",
    )


def unknown_resource(name: str) -> ODataError:
    """A path segment that SharePoint does not have (404)."""
    return ODataError(
        404,
        "-1, Microsoft.SharePoint.Client.ResourceNotFoundException",
        f"Cannot find resource for the request {name}.",
    )


def not_built(method: str, path: str) -> ODataError:
    """Something that SharePoint has and the rehearsal tenant does not (501)."""
    return ODataError(
        501,
        "-1, System.NotImplementedException",
        f"The rehearsal tenant does not implement {method} {path}.",
    )


def wrong_method(method: str, name: str) -> ODataError:
    """A verb that the resource does not accept (405)."""
    return ODataError(
        405,
        "-1, Microsoft.SharePoint.Client.ClientServiceException",
        f"The HTTP method '{method}' cannot be used to access the resource '{name}'. The operation type of "
        "the resource is specified as 'Default'. Please use correct HTTP method to invoke the resource.",
    )


def access_denied() -> ODataError:
    """The caller's token lacks the permission (403)."""
    return ODataError(
        403,
        "-2147024891, System.UnauthorizedAccessException",
        "Access denied. You do not have permission to perform this action or access this resource.",
    )


def site_missing() -> ODataError:
    """No site has this address: plain text, not JSON."""
    return ODataError(404, "", "404 FILE NOT FOUND", plain=True)


def file_not_found() -> ODataError:
    """A list, folder or path that is not there (404)."""
    return ODataError(404, "-2147024894, System.IO.FileNotFoundException", "File Not Found.")


def directory_not_found() -> ODataError:
    """The folder that something is to be put into is not there (404; PnPjs issue 1013)."""
    name = "System.IO.DirectoryNotFoundException"
    return ODataError(404, f"-2147024893, {name}", name)


def file_missing(server_relative: str) -> ODataError:
    """A file that is not there (404)."""
    return ODataError(404, f"-2130575338, {SP_EXCEPTION}", f"The file {server_relative} does not exist.")


def item_missing() -> ODataError:
    """A list item that is not there (404)."""
    return ODataError(
        404,
        "-2130575338, System.ArgumentException",
        "Item does not exist. It may have been deleted by another user.",
    )


def list_missing(title: str, web_url: str) -> ODataError:
    """A list title that is not there (404)."""
    return ODataError(
        404,
        "-1, System.ArgumentException",
        f"List '{title}' does not exist at site with URL '{web_url}'.",
    )


def list_id_missing() -> ODataError:
    """A list id that is not there (404)."""
    return ODataError(
        404,
        "-2130575322, Microsoft.SharePoint.SPException",
        "List does not exist. The page you selected contains a list that does not exist. "
        "It may have been deleted by another user.",
    )


def duplicate_list() -> ODataError:
    """A list title that is taken (500, as the service answers)."""
    return ODataError(
        500,
        f"-2130575342, {SP_EXCEPTION}",
        "A list, survey, discussion board, or document library with the specified title already exists in "
        "this Web site.  Please choose another title.",
    )


def duplicate_field(name: str) -> ODataError:
    """A column name or id that is taken (500)."""
    return ODataError(500, f"-2146232832, {SP_EXCEPTION}", f'A duplicate field name "{name}" was found.')


def duplicate_content_type(name: str) -> ODataError:
    """A content type name or id that is taken (500)."""
    return ODataError(500, f"-2130575183, {SP_EXCEPTION}", f'A duplicate content type "{name}" was found.')


def duplicate_name() -> ODataError:
    """A group or permission level name that is taken (500)."""
    return ODataError(500, f"-2130575293, {SP_EXCEPTION}", "The specified name is already in use.")


def duplicate_file(name: str) -> ODataError:
    """A file or folder name that is taken (400)."""
    return ODataError(400, f"-2130575257, {SP_EXCEPTION}", f"A file or folder with the name {name} already exists.")


def user_missing(login: str) -> ODataError:
    """``ensureuser`` with somebody whom the directory does not know (400)."""
    return ODataError(400, f"-2146232832, {SP_EXCEPTION}", f"The specified user {login} could not be found.")


def principal_missing() -> ODataError:
    """A principal id that is not there (500)."""
    return ODataError(500, f"-2146232832, {SP_EXCEPTION}", "User cannot be found.")


def site_user_missing() -> ODataError:
    """A user whom the site's own collection of users does not have (404; seen in 2024 at ``siteUsers(6)``)."""
    return ODataError(404, f"-2146232832, {SP_EXCEPTION}", "User cannot be found.")


def unknown_member(number: int) -> ODataError:
    """Somebody to be taken out of a SharePoint group who is not in it (404)."""
    return ODataError(404, f"-2146232832, {SP_EXCEPTION}", f"Can not find the user with ID: {number}.")


def group_missing() -> ODataError:
    """A SharePoint group that is not there (404)."""
    return ODataError(404, f"-2146232832, {SP_EXCEPTION}", "Group cannot be found.")


def view_missing() -> ODataError:
    """A view that is not there (404)."""
    return ODataError(404, f"-2130575322, {SP_EXCEPTION}", "The specified view is invalid.")


def field_missing(name: str) -> ODataError:
    """A column that is not there (400)."""
    return bad_argument(f"Column '{name}' does not exist. It may have been deleted by another user. ")


def field_protected() -> ODataError:
    """Deleting a hidden, sealed or built-in column (400)."""
    return ODataError(
        400,
        f"-2130575214, {SP_EXCEPTION}",
        "The field cannot be deleted because it is a sealed or hidden field.",
    )


def content_type_in_use() -> ODataError:
    """Deleting a content type that a list still uses (500)."""
    return ODataError(500, f"-2146232832, {SP_EXCEPTION}", "The content type is in use.")


def invalid_operation(message: str) -> ODataError:
    """Something that the present state does not allow (400)."""
    return ODataError(400, "-1, System.InvalidOperationException", message)


def changed_meanwhile(given: str, present: str) -> ODataError:
    """``If-Match`` names an older state (412)."""
    return ODataError(
        412,
        "-1, Microsoft.SharePoint.Client.ClientServiceException",
        f"The request ETag value '{given}' does not match the object's ETag value '{present}'.",
    )


def over_threshold() -> ODataError:
    """A query over more rows than the list view threshold (500)."""
    return ODataError(
        500,
        "-2147024860, Microsoft.SharePoint.SPQueryThrottledException",
        "The attempted operation is prohibited because it exceeds the list view threshold.",
    )


def not_opened(url: str) -> ODataError:
    """A link into the site that leads nowhere (500)."""
    return ODataError(500, f"-2130247139, {SP_EXCEPTION}", f'Cannot open "{url}": no such file or folder.')


def unknown_field_type(kind: str) -> ODataError:
    """A column of a type that SharePoint does not have (500)."""
    message = f"Field type {kind} is not installed properly. Go to the list settings page to delete this field."
    return ODataError(500, f"-2146232832, {SP_EXCEPTION}", message)


def item_needs_file() -> ODataError:
    """An item added to a library without a file (400)."""
    message = "To add an item to a document library, use SPFileCollection.Add()"
    return ODataError(400, f"-2147467259, {SP_EXCEPTION}", message)
