"""When meetings are, as one of the two sees it on a page."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings.clocks import in_both_zones, shows_the_same, span
from meetings.models import Meeting
from notifications.scheduling import zone_of

State = Meeting.State


@dataclass(frozen=True)
class When:
    """`both`: what both clocks show, "" where they show the same. `value`: the moment, as a form has it."""

    day: str
    time: str
    both: str
    starts_at: datetime
    is_past: bool

    @property
    def value(self):
        return f"{self.starts_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def when(starts_at, minutes, *, me, other, now) -> When:
    zone = zone_of(me)
    local = starts_at.astimezone(zone)
    return When(
        day=date_format(local, "l j F" if local.year == now.astimezone(zone).year else "l j F Y"),
        time=span(starts_at, minutes, zone),
        both=in_both_zones(starts_at, zone, zone_of(other), other.first_name),
        starts_at=starts_at,
        is_past=starts_at <= now,
    )


def when_of(meeting, me, now) -> When | None:
    """None while no time is chosen."""
    if meeting.starts_at is None:
        return None
    return when(meeting.starts_at, meeting.minutes, me=me, other=meeting.other_than(me), now=now)


def is_over(meeting, now) -> bool:
    """Also before a beat has noted that it was held."""
    return meeting.state == State.HELD or (meeting.state == State.BOOKED and meeting.ends_at <= now)


def clocks_of(me, other, now) -> str:
    """Whose time the times in a form are, and what the other's clocks show then."""
    zone, others = zone_of(me), zone_of(other)
    words = {"city": me.profile.zone_name, "name": other.first_name, "other_city": other.profile.zone_name}
    noon = now.astimezone(zone).replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)
    if shows_the_same(noon, zone, others):
        return _("Times are those of %(city)s, for %(name)s too.") % words
    words["both"] = in_both_zones(noon, zone, others, other.first_name)
    return _("Times are those of %(city)s, where you are. %(name)s is in %(other_city)s: %(both)s.") % words
