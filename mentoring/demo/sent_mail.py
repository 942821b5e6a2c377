"""The emails that the demo sent, read back from the files that Django's file backend wrote."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

_BETWEEN = re.compile(rb"\n-{79}\n")


@dataclass
class Sent:
    """One email. `name` addresses it: its file and its place in the file."""

    name: str
    message: EmailMessage

    @property
    def subject(self):
        return self.message["Subject"]

    @property
    def to(self):
        return self.message["To"]

    @property
    def at(self) -> datetime:
        return parsedate_to_datetime(self.message["Date"])

    @property
    def takes_replies(self):
        return "Reply-To" in self.message

    @property
    def headers(self):
        """Name and value of each, as they were sent."""
        return self.message.items()

    @property
    def text(self):
        return self.message.get_body(("plain",)).get_content()

    @property
    def html(self):
        part = self.message.get_body(("html",))
        return part.get_content() if part else ""


def sent(most=100) -> list[Sent]:
    """The newest emails first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    found = [each for path in sorted(folder.glob("*.log"), reverse=True)[:most] for each in _read(path)]
    return sorted(found, key=lambda each: each.at, reverse=True)[:most]


def find(name: str) -> Sent | None:
    """The email of that name; None when there is none."""
    stem, _, _number = name.rpartition(".")
    path = Path(settings.EMAIL_FILE_PATH) / f"{Path(stem).name}.log"
    return next((each for each in _read(path) if each.name == name), None) if path.is_file() else None


def _read(path):
    # The backend ends each message with a line of 79 dashes.
    parts = [part for part in _BETWEEN.split(path.read_bytes()) if part.strip()]
    return [
        Sent(f"{path.stem}.{number}", message_from_bytes(part, policy=policy.default))
        for number, part in enumerate(parts)
    ]
