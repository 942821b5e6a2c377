"""Meetings as they stand in the database, before and without the verbs that book them."""

from datetime import timedelta

from django.utils import timezone

from meetings.models import Meeting, MeetingSlug, Seat

_COUNT = iter(range(1, 10**9))


def make_meeting(pairing, *, starts_at=None, minutes=60, state=Meeting.State.BOOKED, at=None, **fields):
    """A meeting of `pairing` with its address and, while it is booked or held, a seat for each of the two.

    `starts_at`: in a week when nobody says. `at`: when it was arranged (default: now). One whose times are only
    offered (`state="proposed"`) has no time yet.
    """
    at = at or timezone.now()
    if state == Meeting.State.PROPOSED:
        times = {"offered_by": pairing.mentee, "round": 1}
    else:
        starts_at = starts_at or (timezone.now() + timedelta(days=7)).replace(minute=0, second=0, microsecond=0)
        times = {
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=minutes),
            "booked_at": at,
            "booked_by": pairing.mentor,
            "zone": pairing.mentee.profile.time_zone,
        }
    if state == Meeting.State.CALLED_OFF:
        times |= {"called_off_at": at, "called_off_by": pairing.mentee}
    defaults = {
        "slug": f"meeting-{next(_COUNT)}",
        "where": "https://video.example/room",
        "created_at": at,
        "created_by": pairing.mentee,
    }
    meeting = Meeting.objects.create(pairing=pairing, state=state, minutes=minutes, **defaults | times | fields)
    MeetingSlug.objects.create(meeting=meeting, pairing=pairing, slug=meeting.slug)
    if state in (Meeting.State.BOOKED, Meeting.State.HELD):
        for person in (pairing.mentee, pairing.mentor):
            Seat.objects.create(meeting=meeting, person=person, during=(meeting.starts_at, meeting.ends_at))
    return meeting
