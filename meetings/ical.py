"""Calendar files of meetings: invitations, how they move and are called off, and a feed of many. Pure; no Django.

RFC 5545 is the format, RFC 5546 (section 3.2) what an invitation holds. Content lines are written here: `icalendar`
takes a third of a second for a feed of 500 meetings, most of it to check what is known to be right.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote
from zoneinfo import ZoneInfo

from meetings.ical_zones import time_zone

REQUEST, CANCEL = "REQUEST", "CANCEL"
NEEDS_ACTION = "NEEDS-ACTION"
MEDIA_TYPE = "text/calendar; charset=utf-8"

_PRODUCT = "-//Mentoring//Meetings//EN"
_WIDEST = 75  # bytes of a line, its end not counted (RFC 5545, section 3.1)
_FETCH_AGAIN = "PT1H"  # how often a calendar may ask for a feed
_BREAKS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]+")
_ESCAPES = (("\\", r"\\"), (";", r"\;"), (",", r"\,"), ("\n", r"\n"))
_IN_ADDRESSES = "@!$'*+-=^_`{|}~."


class Entry(NamedTuple):
    """One meeting as one reader's calendar shows it. A NamedTuple: a feed makes many.

    `uid` is the same for good, `sequence` higher with each change; `changed_at`, `starts_at`, `ends_at` are moments,
    `zone` is the reader's. The words may hold anything that a person wrote.
    """

    uid: str
    sequence: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    summary: str
    location: str
    description: str
    url: str
    is_called_off: bool = False


@dataclass(frozen=True)
class Party:
    """Who invites or is invited: a name, and the email address at which their calendar is reached."""

    name: str
    address: str


def invitation(entry: Entry, *, organizer: Party, guest: Party, answer: str = NEEDS_ACTION, asks: bool = True) -> bytes:
    """What one guest's calendar is sent (iTIP): to come, to move what it has, or to strike it out.

    `answer`: the guest's PARTSTAT so far. `asks`: whether `organizer` is an address that takes answers.
    """
    people = [
        f"ORGANIZER;CN={_name(organizer)}:{_mailto(organizer)}",
        f"ATTENDEE;CN={_name(organizer)};ROLE=CHAIR;PARTSTAT=ACCEPTED:{_mailto(organizer)}",
        f"ATTENDEE;CN={_name(guest)};ROLE=REQ-PARTICIPANT;PARTSTAT={answer};"
        f"RSVP={'TRUE' if asks and answer == NEEDS_ACTION else 'FALSE'}:{_mailto(guest)}",
    ]
    method = CANCEL if entry.is_called_off else REQUEST
    return _calendar([f"METHOD:{method}"], [entry], people)


def feed(entries: Iterable[Entry], *, name: str, zone: ZoneInfo) -> bytes:
    """All that somebody's calendar fetches again and again. It has no METHOD: a snapshot, to which nobody answers."""
    about = [
        _folded(f"NAME:{_text(name)}"),
        _folded(f"X-WR-CALNAME:{_text(name)}"),
        f"X-WR-TIMEZONE:{zone.key}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{_FETCH_AGAIN}",
        f"X-PUBLISHED-TTL:{_FETCH_AGAIN}",
    ]
    return _calendar(about, list(entries), [])


def _calendar(about, entries, people):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", "CALSCALE:GREGORIAN", *about]
    lines += _time_zones(entries)
    people = [_folded(line) for line in people]
    for entry in entries:
        lines += _event(entry, people)
    lines += ["END:VCALENDAR", ""]
    return "\r\n".join(lines).encode()


def _event(entry, people):
    """Only what people wrote, and addresses, can be too long for a line."""
    yield "BEGIN:VEVENT"
    yield _folded(f"UID:{entry.uid}")
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTAMP:{_moment(entry.changed_at)}"
    yield f"DTSTART{_time(entry.starts_at, entry.zone)}"
    yield f"DTEND{_time(entry.ends_at, entry.zone)}"
    yield _folded(f"SUMMARY:{_text(entry.summary)}")
    if entry.location:
        yield _folded(f"LOCATION:{_text(entry.location)}")
    if entry.description:
        yield _folded(f"DESCRIPTION:{_text(entry.description)}")
    yield _folded(f"URL:{entry.url}")
    yield f"STATUS:{'CANCELLED' if entry.is_called_off else 'CONFIRMED'}"
    yield f"TRANSP:{'TRANSPARENT' if entry.is_called_off else 'OPAQUE'}"
    yield from people
    yield "END:VEVENT"


def _time_zones(entries):
    """Each zone that is named, for the years in which it is."""
    years = {}
    for entry in entries:
        first, last = years.get(entry.zone, (entry.starts_at.year, entry.ends_at.year))
        years[entry.zone] = min(first, entry.starts_at.year), max(last, entry.ends_at.year)
    for zone, (first, last) in years.items():
        if not _is_utc(zone):
            yield from time_zone(zone, first, last)


@lru_cache(maxsize=10_000)
def _time(moment, zone):
    """With the zone's name; in UTC where the clock on the wall shows the same time twice, and in UTC itself."""
    local = moment.astimezone(zone)
    if _is_utc(zone) or local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset():
        return f":{_moment(moment)}"
    return f";TZID={zone.key}:{_written(local)}"


def _is_utc(zone):
    return zone.key in ("UTC", "Etc/UTC")


def _moment(moment):
    return f"{_written(moment.astimezone(UTC))}Z"


def _written(moment):
    """As `%Y%m%dT%H%M%S`, which takes three times as long."""
    return moment.isoformat()[:19].replace("-", "").replace(":", "")


@lru_cache(maxsize=1000)
def _text(words):
    """Words as a TEXT value (section 3.3.11): in one line, without what would begin another."""
    words = _CONTROLS.sub(" ", _BREAKS.sub("\n", words))
    for character, written in _ESCAPES:
        words = words.replace(character, written)
    return words


def _name(party):
    """A name as the value of a parameter, in quotation marks (section 3.2), which cannot stand in it themselves."""
    words = " ".join(_CONTROLS.sub(" ", _BREAKS.sub(" ", party.name)).split())
    return '"{}"'.format(words.replace('"', "'"))


def _mailto(party):
    return f"mailto:{quote(party.address, safe=_IN_ADDRESSES)}"


def _folded(line):
    """With a break and a blank wherever it would be too long, never within a character."""
    if len(line) <= _WIDEST and line.isascii():
        return line
    raw = line.encode()
    pieces, start, room = [], 0, _WIDEST
    while len(raw) - start > room:
        end = start + room
        while raw[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(raw[start:end])
        start, room = end, _WIDEST - 1
    return b"\r\n ".join([*pieces, raw[start:]]).decode()
