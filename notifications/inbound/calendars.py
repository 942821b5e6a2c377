"""What a calendar file that came by email answers (RFC 5546). No Django.

Made by strangers: it is read line by line, and whoever calls it limits time and memory.
"""

from icalendar.parser import Contentline, Contentlines

LONGEST = 100_000  # characters of a file that are looked at
LONGEST_COMMENT = 10_000
MOST_GUESTS = 100
_MEANT = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}


def answer_in(text: str) -> dict | None:
    """`method` (“REPLY” or “COUNTER”), and of its first event `uid`, `sequence`, `comment`, and `guests`: [address, and
    “accepted”, “declined”, “tentative” or "" for anything else]. None when it answers nothing."""
    found = {"method": "", "uid": "", "sequence": 0, "comment": "", "guests": []}
    inside = []
    for name, parameters, value in _lines(text[:LONGEST]):
        if name == "BEGIN":
            inside.append(value.upper())
        elif name == "END":
            if inside[-1:] == ["VEVENT"]:
                break
            inside = inside[:-1]
        elif inside == ["VCALENDAR"] and name == "METHOD":
            found["method"] = value.strip().upper()
        elif inside == ["VCALENDAR", "VEVENT"]:
            _read(found, name, parameters, value)
    return found if found["method"] in ("REPLY", "COUNTER") and found["uid"] else None


def _lines(text):
    """(name, parameters, value) of each line that can be read."""
    for line in Contentlines.from_ical(text):
        try:
            name, parameters, value = Contentline(line, strict=False).parts()
        except ValueError:
            continue
        yield name.upper(), parameters, value


def _read(found, name, parameters, value):
    if name == "UID":
        found["uid"] = value.strip()
    elif name == "SEQUENCE" and value.strip().isascii() and value.strip().isdigit():
        found["sequence"] = int(value.strip()[:9])
    elif name == "COMMENT":
        found["comment"] = value[:LONGEST_COMMENT].strip()
    elif name == "ATTENDEE" and len(found["guests"]) < MOST_GUESTS:
        address = value.strip()
        address = address[7:] if address.lower().startswith("mailto:") else address
        answer = str(parameters.get("PARTSTAT", "")).upper()
        found["guests"].append([address, _MEANT.get(answer, "")])
