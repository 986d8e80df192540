"""An evidence pack of a wave, written from the ledger. Memory stays flat, however many files the wave has."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from spmigrate.formats import long_zip
from spmigrate.migrate.evidence import content
from spmigrate.store import verification, wave_evidence, waves
from spmigrate.store.ledger import Ledger
from spmigrate.store.wave_evidence import PackEntry
from spmigrate.store.waves import Wave


def write(
    ledger: Ledger,
    wave: Wave,
    path: Path,
    *,
    signoffs: Mapping[str, bytes],
    exceptions: Iterable[Mapping[str, Any]],
    steps: Iterable[Mapping[str, Any]],
) -> PackEntry:
    """Write the pack at `path`, whole or not at all, and note its head in the ledger.

    `signoffs` are the files of a pack of sign-offs, `exceptions` what did not pass and who accepted it, `steps` what
    was recorded of the wave's steps. The caller holds the run lock, so that nothing changes meanwhile. Raises OSError.
    """
    standing = waves.standing(ledger, wave)
    verified = verification.counts(ledger, wave)
    with long_zip.writing(path) as book:
        book.add(content.README, [content.readme(wave, standing, verified)])
        book.add(content.WAVE, content.document(content.told(wave, standing, verified)))
        book.add(content.ROWS, content.document([dict(row) for row in wave_evidence.rows_of(ledger, wave)]))
        book.add(content.ITEMS, content.lines(wave_evidence.items_of(ledger, wave)))
        book.add(content.EVENTS, content.lines(wave_evidence.events_of(ledger, wave)))
        book.add(content.EXCEPTIONS, content.document([dict(each) for each in exceptions]))
        book.add(content.STEPS, content.document([dict(each) for each in steps]))
        for name in sorted(signoffs):
            book.add(content.SIGNOFFS + name, [signoffs[name]])
        listed = content.sums(book.digests)
        book.add(content.SUMS, [listed])
        entry = wave_evidence.append(ledger, wave, hashlib.sha256(listed).hexdigest())
        book.add(content.HEAD, content.document(asdict(entry)))
    return entry
