"""A meeting as it stands in people's calendars: the words of its entry, and the file that invites one of the two."""

from datetime import datetime
from functools import partial
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import punycode
from django.utils.translation import gettext as _

from meetings import ical
from meetings.models import Meeting, Seat
from notifications.notices import Invitation

_PARTSTAT = {
    Seat.CalendarAnswer.ACCEPTED: "ACCEPTED",
    Seat.CalendarAnswer.TENTATIVE: "TENTATIVE",
    Seat.CalendarAnswer.DECLINED: "DECLINED",
}


def thread_of_invitation(meeting) -> str:
    """In which the answers of calendars arrive, whatever the emails that ask for them tell."""
    return f"meeting-{meeting.pk}"


def invitation_of(meeting, person) -> Invitation | None:
    """What goes with an email to one of the two that tells when and where they meet, or that they don't; None while no
    time was chosen. Written in the language and the zone of who is spoken to."""
    if meeting.starts_at is None:
        return None
    return Invitation(thread_of_invitation(meeting), partial(write_invitation, meeting, person))


def write_invitation(meeting, person, address: str) -> bytes:
    """The file, in which the other of the two invites; `address` takes the answers of `person`, "" when none does."""
    other = meeting.other_than(person)
    user, _at, host = person.email.rpartition("@")
    return ical.invitation(
        _entry(meeting, person, other),
        organizer=ical.Party(other.name, address or settings.DEFAULT_FROM_EMAIL),
        guest=ical.Party(person.name, f"{user}@{punycode(host)}"),
        answer=_answer_so_far(meeting, person),
        asks=bool(address),
    )


def uid_of(uid: UUID | str) -> str:
    """Of a meeting's entry in every calendar (RFC 5545, section 3.8.4.7)."""
    return f"{uid}@{urlsplit(settings.SITE_URL).hostname}"


def words_of(*, name, how, where, url, is_called_off) -> dict:
    """What an entry says to one of the two: nothing that was planned or noted. Calendars are read by colleagues, too.
    `name`: of the other; `how`: of `Meeting.How`."""
    title = _("Called off: meeting with %(name)s") if is_called_off else _("Meeting with %(name)s")
    way = {"how": Meeting.How(how).label, "url": url}
    return {
        "summary": title % {"name": name},
        "location": where,
        "description": _("%(how)s. See it on the site: %(url)s") % way,
        "url": url,
    }


def _entry(meeting, person, other):
    path = reverse("meetings:meeting", args=[meeting.pairing.slug, meeting.slug])
    is_called_off = meeting.state == Meeting.State.CALLED_OFF
    words = words_of(
        name=other.name,
        how=meeting.how,
        where=meeting.where,
        url=settings.SITE_URL + path,
        is_called_off=is_called_off,
    )
    return ical.Entry(
        uid=uid_of(meeting.uid),
        sequence=meeting.sequence,
        changed_at=_now(),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        zone=person.profile.zone,
        is_called_off=is_called_off,
        **words,
    )


def _now() -> datetime:
    """An invitation says when it was written (RFC 5545, section 3.8.7.2)."""
    return timezone.now()


def _answer_so_far(meeting, person):
    """As their calendar answered to how the meeting stands now. Who chose the time need not be asked."""
    seat = Seat.objects.filter(meeting=meeting, person=person).first()
    if seat and seat.answer and seat.answered_sequence == meeting.sequence:
        return _PARTSTAT[seat.answer]
    last = meeting.time_moves.order_by("at", "pk").last()
    chose = last.by_id if last else meeting.booked_by_id
    return "ACCEPTED" if chose == person.pk else ical.NEEDS_ACTION
