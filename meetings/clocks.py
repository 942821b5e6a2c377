"""What clocks show. Pure: zones are `ZoneInfo`, moments are aware, times of day are as a clock on the wall has them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def moments(day: date, clock: time, zone: ZoneInfo) -> list[datetime]:
    """When it is `clock` on `day` there, in UTC: once, as a rule; never in the hour that is left out when clocks go
    forward; twice in the one that is repeated when they go back, the earlier first."""
    first, second = (datetime.combine(day, clock, tzinfo=zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return [first]
    return [] if second < first else [first, second]


def instead_of(day: date, clock: time, zone: ZoneInfo) -> time:
    """What the clocks there show at a time that is left out: as much later as they are put forward."""
    return datetime.combine(day, clock, tzinfo=zone).replace(fold=0).astimezone(UTC).astimezone(zone).time()


def shows_the_same(moment: datetime, zone: ZoneInfo, other: ZoneInfo) -> bool:
    return moment.astimezone(zone).utcoffset() == moment.astimezone(other).utcoffset()


def in_both_zones(moment: datetime, zone: ZoneInfo, other: ZoneInfo, name: str) -> str:
    """“18:00 for you, 07:00 Friday for Daniel”; "" where both clocks show the same. `name`: whose the other zone is."""
    if shows_the_same(moment, zone, other):
        return ""
    mine, theirs = moment.astimezone(zone), moment.astimezone(other)
    words = {"mine": date_format(mine, "H:i"), "theirs": date_format(theirs, "H:i"), "name": name}
    if mine.date() == theirs.date():
        return _("%(mine)s for you, %(theirs)s for %(name)s") % words
    words["day"] = date_format(theirs, "l")
    return _("%(mine)s for you, %(theirs)s %(day)s for %(name)s") % words


def span(starts_at: datetime, minutes: int, zone: ZoneInfo) -> str:
    """“17:30–18:30”, there."""
    ends_at = (starts_at + timedelta(minutes=minutes)).astimezone(zone)
    return f"{date_format(starts_at.astimezone(zone), 'H:i')}–{date_format(ends_at, 'H:i')}"


def day_and_time(moment: datetime, zone: ZoneInfo) -> str:
    """“Thu 3 Dec, 17:30”, there."""
    return date_format(moment.astimezone(zone), "D j M, H:i")


def how_long(minutes: int) -> str:
    """“7 hours 30 minutes”."""
    hours, rest = divmod(minutes, 60)
    in_hours = ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    in_minutes = ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest}
    if hours and rest:
        return f"{in_hours} {in_minutes}"
    return in_hours if hours else in_minutes
