"""A mail server that counts what it takes, and is as unkind as a case asks it to be."""

import asyncio
import random
import re
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

MARK = re.compile(r"alert-\w+-\d+")
HANG = 60  # seconds


@dataclass(frozen=True)
class Accepted:
    """One message that was taken. `at` is a time.monotonic(); `mark` names the alert that it tells of."""

    at: float
    message_id: str
    sender: str
    recipient: str
    mark: str
    content: bytes


class Sink:
    """Runs in a thread of its own at 127.0.0.1:`port`."""

    def __init__(self):
        self.port = free_port()
        self.be_kind()
        self._server = Controller(self, hostname="127.0.0.1", port=self.port)

    def be_kind(self) -> None:
        """Forget what came, and take everything from now on."""
        self.accepted: list[Accepted] = []
        self.attempts = Counter()  # by recipient
        self.doubt: dict[str, int] = {}  # Message-ID: how many copies had come when its sender was hurt
        self.later = 0.0  # the share of attempts that get a 451
        self.pause = 0.0  # seconds between taking a message and saying so
        self.refused: set[str] = set()  # addresses that get a 550
        self.hanging: set[str] = set()  # addresses at which it falls silent
        self.closing: set[str] = set()  # addresses at which it says 421 and hangs up, once
        self.dropping: set[str] = set()  # addresses whose message it takes and hangs up without a word, once
        # Called with what was just taken and the sender's port, before the sender is told.
        self.on_accept: Callable[[Accepted, int], None] | None = None
        self._chance = random.Random(2026)

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop(no_assert=True)

    def marks(self) -> set[str]:
        return {message.mark for message in self.accepted}

    def copies(self) -> Counter:
        """How often each Message-ID came."""
        return Counter(message.message_id for message in self.accepted)

    def note_doubt(self, message_ids: Iterable[str]) -> None:
        """The senders of these were hurt before the mark: those that came already may come once more."""
        copies = self.copies()
        self.doubt.update({key: copies[key] for key in message_ids if copies[key]})

    def call_later(self, seconds: float, call: Callable) -> None:
        """For `on_accept`: call it after the answer went out."""
        self._server.loop.call_later(seconds, call)

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.attempts[address] += 1
        if address in self.refused:
            return "550 5.1.1 Nobody of that name lives here"
        if address in self.hanging:
            await asyncio.sleep(HANG)
        if address in self.closing:
            self.closing.discard(address)
            return "421 4.3.2 Closing for a moment"
        envelope.refusal = "451 4.7.1 Not now, please" if self._chance.random() < self.later else ""
        if envelope.refusal and self._chance.random() < 0.5:
            return envelope.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.refusal:
            return envelope.refusal
        message = _read(envelope)
        self.accepted.append(message)
        await asyncio.sleep(self.pause)
        if message.recipient in self.dropping:
            self.dropping.discard(message.recipient)
            self.note_doubt([message.message_id])
            server.transport.close()
        if self.on_accept:
            self.on_accept(message, session.peer[1])
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _read(envelope) -> Accepted:
    message = message_from_bytes(envelope.content, policy=policy.default)
    mark = MARK.search(message.get_body(("plain",)).get_content())
    return Accepted(
        at=time.monotonic(),
        message_id=message["Message-ID"],
        sender=envelope.mail_from,
        recipient=envelope.rcpt_tos[0],
        mark=mark.group() if mark else "",
        content=envelope.content,
    )
