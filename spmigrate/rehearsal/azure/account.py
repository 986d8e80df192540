"""The storage account: its containers and its queues."""

from __future__ import annotations

from dataclasses import dataclass

from spmigrate.rehearsal.azure.containers import Containers
from spmigrate.rehearsal.azure.queue_service import Queues
from spmigrate.rehearsal.blobs import Blobs
from spmigrate.rehearsal.clock import Clock
from spmigrate.rehearsal.storage import Store


@dataclass(frozen=True, slots=True)
class Account:
    """What SharePoint lends of Azure Storage."""

    containers: Containers
    queues: Queues


def open_account(store: Store, clock: Clock, blobs: Blobs) -> Account:
    """The account whose state lies in a store."""
    containers = Containers(store, clock, blobs)
    return Account(containers, Queues(store, containers))
