"""What takes time in the service, or the processor, each with a switch of its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Delays:
    """`sites`: making sites and the long operations of the admin host; `latency`: seconds before every answer; `gzip`:
    answers in JSON and XML are compressed for whoever asks for it."""

    sites: bool = False
    latency: float = 0.0
    gzip: bool = False
