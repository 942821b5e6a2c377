"""What an email holds: its words, the names of its files, a calendar file, and a report on another email's delivery.
No Django.

Made by strangers: nothing here recurses, and whoever calls it limits time and memory.
"""

import re
from email import message_from_bytes
from email.header import decode_header, make_header

from notifications.inbound.markup import text_of

MOST_PARTS = 1_000
LONGEST_NAME = 80
# Made by programs for programs: nobody meant to send them.
_NO_FILES = (
    "application/pgp-",
    "application/pkcs7-",
    "application/x-pkcs7-",
    "application/ms-tnef",
    "message/delivery",
)
_CALENDAR = ("text/calendar", "application/ics")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]")
# What programs write and what they mean by it: https://encoding.spec.whatwg.org/#names-and-labels
_MEANT = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "utf-8"}
_FLOWED_QUOTE = re.compile(r">*")


def read(raw: bytes) -> dict:
    """`text` and `html` (as text), each "" when there is none; `files`, the names of attached files ("" for one without
    a name); `calendar`, the first file of that kind, or ""; `report`, or None: `action`, `status`, `said` and
    `recipients` of RFC 3464."""
    found = {"text": [], "html": [], "files": [], "calendar": "", "report": None}
    # Nothing that may be sent holds a NUL, and what reads headers stumbles over it.
    for part, is_embedded in _parts(message_from_bytes(raw.replace(b"\x00", b""))):
        kind = "text/plain" if part.get_content_maintype() == "multipart" else part.get_content_type()
        if kind in _CALENDAR and not found["calendar"]:
            found["calendar"] = _decoded(part)
        if kind in ("message/delivery-status", "message/global-delivery-status"):
            found["report"] = found["report"] or _report(part)
        elif kind in ("text/plain", "text/html") and not _is_file(part):
            words = _decoded(part)
            found["text" if kind == "text/plain" else "html"].append(words if kind == "text/plain" else text_of(words))
        elif not is_embedded and not kind.startswith(_NO_FILES) and (_is_file(part) or not kind.startswith("text/")):
            found["files"].append(_name(part))
    return found | {kind: clean("\n\n".join(filter(str.strip, found[kind]))) for kind in ("text", "html")}


def clean(text: str) -> str:
    """In lines that end in a line feed, without control characters or halves of characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\xa0", " ")
    return _CONTROLS.sub("", text).encode("utf-8", "ignore").decode()


def _parts(message):
    """(part, is_embedded): every part that holds something itself; pictures within the words are embedded."""
    waiting, count = [(message, False)], 0
    while waiting and count < MOST_PARTS:
        part, is_embedded = waiting.pop()
        count += 1
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            related = is_embedded or part.get_content_subtype() == "related"
            waiting += [(inner, related) for inner in reversed(part.get_payload())]
        else:
            yield part, is_embedded and part.get_content_disposition() != "attachment"


def _is_file(part):
    return part.get_content_disposition() == "attachment" or part.get_filename() is not None


def _name(part):
    name = str(part.get_filename() or "")
    try:
        name = str(make_header(decode_header(name)))
    except (LookupError, ValueError):
        pass
    return " ".join(clean(name).replace("\\", "/").rpartition("/")[2].split())[:LONGEST_NAME]


def _decoded(part):
    raw = part.get_payload(decode=True) or b""
    named = part.get_content_charset() or "utf-8"
    for charset in (_MEANT.get(named, named), "utf-8"):
        try:
            text = raw.decode(charset)
            break
        except (LookupError, ValueError):
            pass
    else:
        text = raw.decode("cp1252", "replace")
    if str(part.get_param("format", "")).lower() == "flowed":
        return _unwrapped(clean(text), deletes=str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _unwrapped(text, deletes):
    """Lines that were broken only to be sent stand in one again (RFC 3676, sections 4.1 to 4.5)."""
    lines, goes_on, depth = [], False, 0
    for line in text.split("\n"):
        marks = _FLOWED_QUOTE.match(line)[0]
        words = line[len(marks) :].removeprefix(" ")
        is_delimiter = words == "-- "
        if goes_on and len(marks) == depth and not is_delimiter:
            lines[-1].append(words)
        else:
            lines.append([f"{marks} {words}" if marks else words])
        goes_on, depth = words.endswith(" ") and not is_delimiter, len(marks)
        if goes_on and deletes:
            lines[-1][-1] = lines[-1][-1][:-1]
    return "\n".join("".join(pieces) for pieces in lines)


def _report(part):
    """Of the first recipient for whom it failed, or of the first at all."""
    groups = part.get_payload() if part.is_multipart() else []
    groups = [{name.lower(): clean(str(value)).strip() for name, value in group.items()} for group in groups[:20]]
    groups = [group for group in groups if "action" in group]
    failed = [group for group in groups if group["action"].lower() == "failed"]
    for group in (failed or groups)[:1]:
        recipients = [group.get(name, "") for name in ("original-recipient", "final-recipient")]
        return {
            "action": group["action"].lower(),
            "status": group.get("status", ""),
            "said": group.get("diagnostic-code", "").partition(";")[2].strip(),
            "recipients": [value.partition(";")[2].strip(" <>") for value in recipients if ";" in value],
        }
    return None
