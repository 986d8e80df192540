"""In-place records (``SP.RecordsRepository.Records``): items that may not be altered."""

from __future__ import annotations

from spmigrate.rehearsal.odata.errors import ODataError, bad_argument
from spmigrate.rehearsal.sharepoint.access import Level, require_at
from spmigrate.rehearsal.sharepoint.items import ListItem

_DECLARED = "_vti_ItemDeclaredRecord"
_EXCEPTION = "Microsoft.Office.RecordsManagement.RecordsRepository.RecordException"


def is_record(*arguments: object) -> bool:
    """Whether an item is a record."""
    return bool(_item(arguments).item.fields.get(_DECLARED))


def declare(*arguments: object) -> None:
    """Make an item a record, as of now or of a date."""
    item = _item(arguments)
    require_at(item, Level.MANAGE)
    if item.item.fields.get(_DECLARED):
        raise ODataError(400, f"-1, {_EXCEPTION}", "The item is a record already.")
    date = str(arguments[1]) if len(arguments) > 1 else item.scope.now
    item.write({_DECLARED: date}, keep_version=True, quietly=True)


def take_back(*arguments: object) -> None:
    """Make a record an ordinary item."""
    item = _item(arguments)
    require_at(item, Level.MANAGE)
    item.write({_DECLARED: None}, keep_version=True, quietly=True)


def _item(arguments: tuple[object, ...]) -> ListItem:
    if not arguments or not isinstance(arguments[0], ListItem):
        raise bad_argument("Value cannot be null.\r\nParameter name: item")
    return arguments[0]
