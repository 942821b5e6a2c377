"""What an email says, read by another process (`reader`), so that no email can hold up or bring down this one."""

import json
import logging
import subprocess
import sys
from dataclasses import dataclass, field

from django.conf import settings

from notifications.inbound.stripping import cut

logger = logging.getLogger(__name__)

# The reader ends itself after two seconds of work; this is for when the machine has no time for it.
PATIENCE = 20  # seconds


class Unreadable(Exception):
    """It cannot be read, or not in reasonable time."""


@dataclass(frozen=True)
class Report:
    """What became of another email (RFC 3464): `said` are the other mail server's words."""

    action: str
    status: str
    said: str
    recipients: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class FromCalendar:
    """What a calendar answers: the fields as of `calendars.answer_in`."""

    method: str
    uid: str
    sequence: int
    comment: str
    guests: list[list[str]]


@dataclass(frozen=True)
class Read:
    """`words` are the writer's own, `whole` is all that stands there, `files` are the names of attached files."""

    words: str
    whole: str
    files: list[str]
    report: Report | None = None
    calendar: FromCalendar | None = None


def read(raw: bytes) -> Read:
    """What the email says. Raises Unreadable."""
    lines = _ask(raw).splitlines()
    try:
        found = json.loads(lines[0])
    except (IndexError, ValueError) as error:
        raise Unreadable from error
    whole = found["text"] if found["text"].strip() else found["html"]
    try:
        words = json.loads(lines[1])
    except (IndexError, ValueError):
        words = cut(whole)
    report = found["report"] and Report(**found["report"])
    calendar = found["calendar"] and FromCalendar(**found["calendar"])
    return Read(words, whole.strip(), found["files"], report, calendar)


def _ask(raw):
    command = [sys.executable, "-m", "notifications.inbound.reader"]
    try:
        done = subprocess.run(
            command, input=raw, capture_output=True, timeout=PATIENCE, cwd=settings.BASE_DIR, check=False
        )
    except subprocess.TimeoutExpired as late:
        logger.warning("An email took too long to be read")
        return late.stdout or b""
    if done.returncode:
        logger.warning("The reader of an email ended with %s", done.returncode)
    return done.stdout
