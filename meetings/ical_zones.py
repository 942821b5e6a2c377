"""What a calendar must know of a time zone (VTIMEZONE, RFC 5545, section 3.6.5). Pure; no Django.

`icalendar` can make it, too, but begins summer time an hour late (7.3): it gives the first time that the clock shows
after the change, where the last before it is asked for. A meeting right after such a change was read an hour off.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=512)
def time_zone(zone: ZoneInfo, first_year: int, last_year: int) -> tuple[str, ...]:
    """The content lines that tell how the clocks go there in these years, and where it is New Year somewhat before."""
    start = datetime(first_year, 1, 1, tzinfo=UTC) - 2 * _DAY
    end = datetime(last_year + 1, 1, 1, tzinfo=UTC) + 2 * _DAY
    local = start.astimezone(zone)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone.key}"]
    lines += _observance("DAYLIGHT" if local.dst() > timedelta() else "STANDARD", local, local.utcoffset())
    for moment in _changes(zone, start, end):
        before, after = (moment - _SECOND).astimezone(zone).utcoffset(), moment.astimezone(zone)
        lines += _observance("DAYLIGHT" if after.utcoffset() > before else "STANDARD", after, before)
    return (*lines, "END:VTIMEZONE")


def _observance(kind, local, before):
    """From the moment `local` on. Its DTSTART is what clocks showed that still went as before."""
    begins = local.replace(tzinfo=None) - local.utcoffset() + before
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{begins:%Y%m%dT%H%M%S}",
        f"TZNAME:{local.tzname()}",
        f"TZOFFSETFROM:{_offset(before)}",
        f"TZOFFSETTO:{_offset(local.utcoffset())}",
        f"END:{kind}",
    ]


def _changes(zone, start, end):
    """The moments between the two at which clocks are put forward or back; never two within a day."""
    at, offset = start, start.astimezone(zone).utcoffset()
    while at < end:
        later = at + _DAY
        if (changed := later.astimezone(zone).utcoffset()) != offset:
            yield _first_with(changed, zone, at, later)
            offset = changed
        at = later


def _first_with(offset, zone, before, after):
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def _offset(delta):
    seconds = int(delta.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    text = f"{'-' if seconds < 0 else '+'}{hours:02}{rest // 60:02}"
    return f"{text}{rest % 60:02}" if rest % 60 else text
