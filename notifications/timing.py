"""When an email is due. Pure: no database, no clock; times in are aware, times out are in UTC.

The sending and the forecast in the settings both ask here, so that the promise and the practice are one.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from notifications.models import Preference

Choice = Preference.Choice

EXTENSION = timedelta(minutes=10)
LONGEST = timedelta(hours=2)
MORNING = time(8)
A_DAY_AT_MOST = 2
# Who writes from after work until late does it in one evening: its end is counted to the day on which it began.
EVENING_FROM, EVENING_UNTIL = time(17), time(4)


class Wishes(NamedTuple):
    """When a person wants no emails: in their zone, between two hours, at weekends, and before a day (or None)."""

    zone: ZoneInfo
    quiet_from: time = time(18)
    quiet_until: time = time(8)
    weekends: bool = True
    paused_until: date | None = None


def due(choice, now, *, opened, last, wishes, window, delay=timedelta(0), happened=None) -> datetime:
    """When what happens `now` is due for somebody who made this choice for it.

    happened: when it did, where the question is asked anew. A weekly letter of that week may be due at once then.
    opened: when the first thing happened that waits to be told together with it (`now` when nothing does).
    last: when an email of the same bundle was made last, or is about to be, or None. In one evening there is only one
    with what is bundled; what comes after it has until the morning.
    window: how long a bundle is gathered at first, and how long “soon” is after an email of the same bundle.
    delay: how long “soon” is otherwise.

    What is switched off is timed as if it were bundled, in case it is switched on again before that.
    """
    if choice == Choice.WEEKLY:
        return calm(max(now, next_monday(happened or now, wishes.zone)), wishes)
    if choice == Choice.NOW:
        return calm(max(now + delay, last + window) if last else now + delay, wishes)
    # What opened long ago and was put off was due before now; what joins it is no reason to send it in the night.
    return once_an_evening(calm(max(now, bundle_due(now, opened, window)), wishes), last, wishes)


def once_an_evening(at: datetime, last: datetime | None, wishes: Wishes) -> datetime:
    """`at`, or the morning after when an email of the same bundle was made in that evening already, at `last`."""
    evening = _evening(at, wishes.zone)
    if last is None or evening is None or evening != _evening(last, wishes.zone):
        return at
    return calm(_at(evening + timedelta(days=1), MORNING, wishes.zone), wishes)


def after_hold(until: datetime, is_weekly: bool, zone: ZoneInfo) -> datetime:
    """When what a hold kept back is due: at its end, in a weekly letter with the next one."""
    return next_monday(until, zone) if is_weekly else until


def in_the_morning(now: datetime, wishes: Wishes) -> datetime:
    """When somebody who had their emails for today gets the next."""
    return calm(next_morning(now, wishes.zone), wishes)


def in_time(at: datetime, begins: datetime, wishes: Wishes) -> datetime:
    """`at`, or the first moment after it at which the person wants emails. Where that is no sooner than `begins`, quiet
    hours and weekends do not count; a pause does."""
    due_at = calm(at, wishes)
    return (
        due_at
        if due_at < begins
        else calm(at, wishes._replace(quiet_from=time(0), quiet_until=time(0), weekends=False))
    )


def calm(at: datetime, wishes: Wishes) -> datetime:
    """`at`, or the first moment after it at which the person wants emails."""
    if wishes.paused_until and at.astimezone(wishes.zone).date() < wishes.paused_until:
        at = _at(wishes.paused_until, MORNING, wishes.zone)
    return after_quiet(at, wishes.zone, wishes.quiet_from, wishes.quiet_until, wishes.weekends)


def bundle_due(now: datetime, opened: datetime, window: timedelta) -> datetime:
    """When a bundle that opened at `opened` and grows at `now` is due: each event extends the window a little."""
    return min(max(opened + window, now + EXTENSION if now > opened else now), opened + max(window, LONGEST))


def after_quiet(at: datetime, zone: ZoneInfo, quiet_from: time, quiet_until: time, weekends: bool) -> datetime:
    """`at`, or the end of the quiet hours (and weekend) that it falls into, in the person's own zone.

    `quiet_from` equal to `quiet_until` means no quiet hours. A wall-clock time that a change to summer time
    skips is as much later as the clock jumped.
    """
    local = at.astimezone(zone)
    for _ in range(8):
        end = _quiet_end(local, quiet_from, quiet_until, weekends)
        if end is None:
            break
        local = end.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    # An hour that a clock shows twice may have ended once already.
    return max(local, at).astimezone(UTC)


def next_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """Eight o'clock of the day after `now`, there."""
    return _at(now.astimezone(zone).date() + timedelta(days=1), MORNING, zone)


def next_monday(now: datetime, zone: ZoneInfo) -> datetime:
    """The next time that it is eight o'clock on a Monday there."""
    today = now.astimezone(zone).date()
    monday = _at(today + timedelta(days=-today.weekday() % 7), MORNING, zone)
    return monday if monday > now else _at(today + timedelta(days=7 - today.weekday()), MORNING, zone)


def _evening(moment, zone):
    """The date of the evening that a moment belongs to; None for one by day."""
    local = moment.astimezone(zone)
    if local.time() < EVENING_UNTIL:
        return local.date() - timedelta(days=1)
    return local.date() if local.time() >= EVENING_FROM else None


def _quiet_end(local, quiet_from, quiet_until, weekends):
    clock = local.time()
    if weekends:
        # Whose nights are not quiet does not want to hear at midnight what the weekend left.
        nights = quiet_from > quiet_until or quiet_from == time(0) < quiet_until
        end = time(0) if nights else MORNING
        if local.weekday() >= 5 or (local.weekday() == 0 and clock < end):
            return datetime.combine(local.date() + timedelta(days=-local.weekday() % 7), end)
    if quiet_from < quiet_until:
        return datetime.combine(local.date(), quiet_until) if quiet_from <= clock < quiet_until else None
    if quiet_from > quiet_until:
        if clock >= quiet_from:
            return datetime.combine(local.date() + timedelta(days=1), quiet_until)
        if clock < quiet_until:
            return datetime.combine(local.date(), quiet_until)
    return None


def _at(day, clock, zone):
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
