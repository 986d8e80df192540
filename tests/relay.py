"""A mail relay on this machine: with STARTTLS, refusing, silent, or not offering what is asked of it."""

from __future__ import annotations

import datetime as dt
import ipaddress
import queue
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Relay:
    """Where it is, what it was sent, and what it was told of accounts."""

    port: int
    ca: Path
    letters: queue.SimpleQueue[bytes] = field(default_factory=queue.SimpleQueue)
    signed_in: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    sessions: int = 0


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "relay.pem"
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*form))
    return path


@contextmanager
def relaying(
    folder: Path, *, starttls: bool = True, recipient: str = "250 ok", greeting: str | None = "220 relay.example"
) -> Iterator[Relay]:
    """A relay while it is needed; `greeting` None never says a word."""
    listener = socket.create_server(("127.0.0.1", 0))
    relay = Relay(listener.getsockname()[1], certificate(folder))
    done = threading.Event()

    def serve() -> None:
        while not done.is_set():
            with suppress(OSError):
                connection, _ = listener.accept()
                relay.sessions += 1
                if greeting is None:
                    done.wait(10)
                else:
                    _Session(relay, connection, starttls=starttls, recipient=recipient).hold(greeting)
                connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield relay
    finally:
        done.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


class _Session:
    """One conversation."""

    def __init__(self, relay: Relay, connection: socket.socket, *, starttls: bool, recipient: str) -> None:
        self.relay, self.connection, self.starttls, self.recipient = relay, connection, starttls, recipient
        self.stream = connection.makefile("rwb")
        self.encrypted = False

    def hold(self, greeting: str) -> None:
        with suppress(OSError, ValueError):
            self.say(greeting)
            while line := self.stream.readline().decode().strip():
                if not self.answer(line):
                    break
        with suppress(OSError, ValueError):
            self.stream.close()
            self.connection.close()

    def say(self, text: str) -> None:
        self.stream.write(f"{text}\r\n".encode())
        self.stream.flush()

    def answer(self, line: str) -> bool:
        verb = line.partition(" ")[0].upper()
        if verb == "EHLO":
            self.say("250-relay.example" + ("\r\n250-STARTTLS" if self.starttls else "") + "\r\n250 AUTH PLAIN")
        elif verb == "STARTTLS":
            self.say("220 go on")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.relay.ca)
            self.connection = context.wrap_socket(self.connection, server_side=True)
            self.stream = self.connection.makefile("rwb")
            self.encrypted = True
        elif verb == "AUTH":
            self.relay.signed_in.append(line)
            self.say("235 welcome")
        elif verb == "RCPT":
            self.say(self.recipient)
        elif verb == "DATA":
            self.data()
        else:
            self.say("221 bye" if verb == "QUIT" else "250 ok")
        return verb != "QUIT"

    def data(self) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.stream.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.relay.encrypted.append(self.encrypted)
        self.relay.letters.put(b"".join(lines))
        self.say("250 taken")
