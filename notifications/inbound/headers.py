"""What the headers of an email say. They are their sender's claims: read with limits, and never passed on."""

import re
from email.parser import BytesHeaderParser
from functools import cached_property

from django.conf import settings
from django.utils.encoding import punycode

LONGEST_BLOCK = 256 * 1024  # bytes
LONGEST = 4_000  # characters of a sender with all their names
MOST_NAMED = 100  # emails that one refers to
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"\([^()]*\)")
_ADDRESS = r"[^\s<>()\[\],:;\"@]+@[^\s<>()\[\],:;\"@]+"
_MAILBOX = re.compile(rf"[^<>,:;]*<({_ADDRESS})>|({_ADDRESS})")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_ABSENCE = re.compile(
    r"\W*(auto(matic)?[ -]?reply|auto(mated)?[ -]?response|out of (the )?office|abwesen|automatische antwort|"
    r"réponse automatique|respuesta automática|risposta automatica|automatisch antwoord|autosvar|away from)",
    re.IGNORECASE,
)


class Headers:
    """Of the email `raw`; `envelope_sender` is its return path as the mail server knows it, None when it does not."""

    def __init__(self, raw: bytes, envelope_sender: str | None = None):
        end = _BLANK_LINE.search(raw, 0, LONGEST_BLOCK)
        block = raw[: end.start() if end else LONGEST_BLOCK]
        self.body = raw[end.end() if end else LONGEST_BLOCK :]
        self._items = [
            (name.lower(), _plain(value)) for name, value in BytesHeaderParser().parsebytes(block).raw_items()
        ]
        self._envelope_sender = envelope_sender

    def all(self, name) -> list[str]:
        """The values of every header of that name, each in one line without control characters."""
        return [value for other, value in self._items if other == name.lower()]

    def first(self, name) -> str:
        return next(iter(self.all(name)), "")

    @cached_property
    def sender(self) -> str | None:
        """The address that it is from, as `plain_address`; None unless exactly one header names exactly one."""
        values = self.all("From")
        if len(values) != 1 or len(values[0]) > LONGEST:
            return None
        bare = _COMMENT.sub(" ", _QUOTED.sub(" ", values[0])).strip()
        found = _MAILBOX.fullmatch(bare)
        return plain_address(found[1] or found[2]) if found else None

    @property
    def message_id(self) -> str:
        found = _MESSAGE_ID.search(self.first("Message-ID"))
        return found[0] if found else ""

    @property
    def named(self) -> list[str]:
        """The Message-IDs of the emails that it answers, the nearest first."""
        ids = _MESSAGE_ID.findall(self.first("In-Reply-To"))
        ids += reversed(_MESSAGE_ID.findall(self.first("References")))
        return list(dict.fromkeys(ids))[:MOST_NAMED]

    @property
    def automatic(self) -> str:
        """What shows that no person wrote it (RFC 3834, section 2, and what is common); "" when nothing does."""
        if self.first("Auto-Submitted").partition(";")[0].strip().lower() not in ("", "no"):
            return "Auto-Submitted"
        if self.first("Precedence").lower() in ("bulk", "junk", "list", "auto_reply"):
            return "Precedence"
        if found := next((name for name in _AUTOMATIC if self.all(name)), None):
            return found
        if self.first("Content-Type").lower().startswith("multipart/report"):
            return "multipart/report"
        if self._return_path in ("", "<>"):
            return "no return path"
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].lower()
        if self.sender == plain_address(settings.DEFAULT_FROM_EMAIL) or domain in self.first("List-Id").lower():
            return "from ourselves"
        # People write of their absence, too: only together with what Exchange adds is it an automatic reply.
        if _ABSENCE.match(self.first("Subject")) and self.all("X-Auto-Response-Suppress"):
            return "absence"
        return ""

    @property
    def fails_dmarc(self) -> bool:
        """Whether our own mail server says so (RFC 8601); what others say of it in our name, it takes away."""
        ours = settings.INBOUND_AUTHSERV.lower()
        return bool(ours) and any(
            value.partition(";")[0].split()[:1] == [ours] and re.search(r"\bdmarc\s*=\s*fail\b", value)
            for value in map(str.lower, self.all("Authentication-Results"))
        )

    @property
    def _return_path(self):
        if self._envelope_sender is not None:
            return self._envelope_sender.strip()
        return next(iter(self.all("Return-Path")), None)


_AUTOMATIC = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-AutoReply-From", "X-Mail-Autoreply", "X-Loop")


def plain_address(address: str) -> str:
    """As addresses are compared: in lower case, the host in the letters that mail servers take."""
    local, _, host = address.strip().lower().rpartition("@")
    try:
        return f"{local}@{punycode(host)}"
    except UnicodeError:
        return f"{local}@{host}"


def _plain(value):
    text = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return _CONTROLS.sub(" ", text).strip()
