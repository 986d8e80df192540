"""Waves of signed rows: batches, routes, verification and accounting."""

from spmigrate.store.batches import Progress, progress

__all__ = ["Progress", "progress"]
