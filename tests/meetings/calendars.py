"""Two programs that read calendar files, neither of which wrote them: what one of them finds, the other has to find."""

from datetime import UTC
from typing import NamedTuple

import icalendar
import vobject

_ZONES = vars(vobject.icalendar)["__tzidMap"]


class Found(NamedTuple):
    """An entry as a calendar understands it: times in UTC, people as (address, answer)."""

    uid: str
    sequence: int
    starts_at: object
    ends_at: object
    summary: str
    location: str
    status: str
    people: tuple


def read(file: bytes) -> tuple[str, list[Found]]:
    """The METHOD ("" when there is none) and all entries; two programs agree on them."""
    first, second = _by_vobject(file), _by_icalendar(file)
    assert first == second
    return first


def read_one(file: bytes) -> tuple[str, Found]:
    method, (entry,) = read(file)
    return method, entry


def _by_vobject(file):
    _ZONES.clear()  # it believes the first definition of a zone that it ever read
    vobject.icalendar.registerTzid("UTC", vobject.icalendar.utc)
    calendar = vobject.readOne(file.decode(), validate=False)
    return getattr(getattr(calendar, "method", None), "value", ""), [
        Found(
            event.uid.value,
            int(event.sequence.value),
            event.dtstart.value.astimezone(UTC),
            event.dtend.value.astimezone(UTC),
            event.summary.value,
            event.location.value if hasattr(event, "location") else "",
            event.status.value,
            tuple((each.value, each.params["PARTSTAT"][0]) for each in getattr(event, "attendee_list", [])),
        )
        for event in getattr(calendar, "vevent_list", [])
    ]


def _by_icalendar(file):
    calendar = icalendar.Calendar.from_ical(file)
    return str(calendar.get("METHOD", "")), [
        Found(
            str(event["UID"]),
            int(event["SEQUENCE"]),
            event["DTSTART"].dt.astimezone(UTC),
            event["DTEND"].dt.astimezone(UTC),
            str(event["SUMMARY"]),
            str(event.get("LOCATION", "")),
            str(event["STATUS"]),
            tuple((str(each), each.params["PARTSTAT"]) for each in _list(event.get("ATTENDEE", []))),
        )
        for event in calendar.walk("VEVENT")
    ]


def _list(value):
    return value if isinstance(value, list) else [value]
