"""When an email is due. Pure: no database, no clock; times in are aware, times out are in UTC."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

EXTENSION = timedelta(minutes=10)
LONGEST = timedelta(hours=2)
MORNING = time(8)


def bundle_due(now: datetime, opened: datetime, window: timedelta) -> datetime:
    """When a bundle that opened at `opened` and grows at `now` is due: each event extends the window a little."""
    return min(max(opened + window, now + EXTENSION if now > opened else now), opened + max(window, LONGEST))


def after_quiet(at: datetime, zone: ZoneInfo, quiet_from: time, quiet_until: time, weekends: bool) -> datetime:
    """`at`, or the end of the quiet hours (and weekend) that it falls into, in the person's own zone.

    `quiet_from` equal to `quiet_until` means no quiet hours. A wall-clock time that a change to summer time
    skips is the moment the clock jumped over it.
    """
    local = at.astimezone(zone)
    for _ in range(8):
        end = _quiet_end(local, quiet_from, quiet_until, weekends)
        if end is None:
            return local.astimezone(UTC)
        local = end.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    return local.astimezone(UTC)


def next_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """Eight o'clock of the day after `now`, there."""
    return _at(now.astimezone(zone) + timedelta(days=1), MORNING, zone)


def next_monday(now: datetime, zone: ZoneInfo) -> datetime:
    """Eight o'clock of the Monday after `now`, there."""
    local = now.astimezone(zone)
    return _at(local + timedelta(days=7 - local.weekday()), MORNING, zone)


def _quiet_end(local, quiet_from, quiet_until, weekends):
    if weekends and local.weekday() >= 5:
        return datetime.combine(local.date() + timedelta(days=7 - local.weekday()), time(0))
    clock = local.time()
    if quiet_from < quiet_until:
        return datetime.combine(local.date(), quiet_until) if quiet_from <= clock < quiet_until else None
    if quiet_from > quiet_until:
        if clock >= quiet_from:
            return datetime.combine(local.date() + timedelta(days=1), quiet_until)
        if clock < quiet_until:
            return datetime.combine(local.date(), quiet_until)
    return None


def _at(local, clock, zone):
    return datetime.combine(local.date(), clock, tzinfo=zone).astimezone(UTC)
