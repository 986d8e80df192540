"""What of a batch goes into its package: nothing that would overwrite what somebody else put or altered there.

Decided from what the library holds, again after the content has been sent and just before the job is made of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from spmigrate.migrate import codes
from spmigrate.migrate.code import Code
from spmigrate.migrate.job_codes import TOO_LARGE
from spmigrate.migrate.package.xml import is_writable
from spmigrate.migrate.routes.package_target import PackageTarget, View
from spmigrate.migrate.target import join
from spmigrate.model import Outcome
from spmigrate.store.batches import Transfer
from spmigrate.store.library_items import LibraryItem
from spmigrate.store.package_identities import Identity
from spmigrate.store.packages import PackedFile

MOST_BYTES = 15 * 1024**3
"""The largest file of a package. Source: "Preparing the content for Migration API"."""


@dataclass(slots=True)
class Choice:
    """Transfers to send, those to compare with what an earlier attempt may have left, and those with an outcome."""

    going: list[Transfer] = field(default_factory=list)
    compared: list[tuple[Transfer, LibraryItem]] = field(default_factory=list)
    left_out: list[PackedFile] = field(default_factory=list)
    identities: Mapping[int, Identity] = field(default_factory=dict)


def choose(target: PackageTarget, transfers: Sequence[Transfer]) -> Choice:
    """Sort the transfers of a batch, from what the library holds at the last refresh."""
    choice = Choice()
    fitting = []
    for each in transfers:
        refusal = _unfit(each)
        if refusal is None:
            fitting.append(each)
        else:
            choice.left_out.append(left_out(each, refusal))
    choice.identities = target.identities(fitting)
    view = target.view(fitting, [each.file_id for each in choice.identities.values()])
    for each in fitting:
        _sort(view, each, choice.identities[each.id], choice)
    return choice


def left_out(transfer: Transfer, code: Code, reason: str = "", *, outcome: Outcome = Outcome.FAILED) -> PackedFile:
    """A transfer that does not go, and why."""
    return PackedFile(transfer.id, outcome=outcome, code=code.code, reason=reason or code.title)


def _unfit(transfer: Transfer) -> Code | None:
    if not is_writable(join(transfer.target_folder, transfer.target_name)):
        return codes.NAME_UNREADABLE
    return TOO_LARGE if transfer.size > MOST_BYTES else None


def _sort(view: View, transfer: Transfer, identity: Identity, choice: Choice) -> None:
    there, in_the_way = view.at(transfer)
    if in_the_way or (there is not None and there.folder):
        choice.left_out.append(left_out(transfer, codes.TARGET_TAKEN))
    elif transfer.action == "copy":
        _sort_new(view, transfer, identity, there, choice)
    else:
        _sort_known(view, transfer, there, choice)


def _sort_new(view: View, transfer: Transfer, identity: Identity, there: LibraryItem | None, choice: Choice) -> None:
    if there is None:
        elsewhere = view.by_unique_id(identity.file_id)
        if elsewhere is None:
            choice.going.append(transfer)
        else:
            choice.left_out.append(left_out(transfer, codes.TARGET_EDITED))
    elif transfer.intended or there.unique_id == identity.file_id:
        choice.compared.append((transfer, there))
    else:
        choice.left_out.append(left_out(transfer, codes.TARGET_TAKEN))


def _sort_known(view: View, transfer: Transfer, there: LibraryItem | None, choice: Choice) -> None:
    """A copy that is replaced or renamed: only while it is as we left it, and where we left it."""
    known = view.known(transfer)
    if known is None or known.folder:
        choice.left_out.append(left_out(transfer, codes.TARGET_EDITED))
    elif there is not None and there.id != known.id:
        choice.left_out.append(left_out(transfer, codes.TARGET_TAKEN))
    elif known.etag == transfer.known_etag:
        if transfer.action == "replace" and there is None:
            choice.left_out.append(left_out(transfer, codes.TARGET_EDITED))
        else:
            choice.going.append(transfer)
    elif there is not None:
        choice.compared.append((transfer, known))  # an earlier job may have replaced it already
    else:
        choice.left_out.append(left_out(transfer, codes.TARGET_EDITED))
