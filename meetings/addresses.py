"""The address of a meeting: the day on which it is where the mentee lives; `times` while that is still to be chosen."""

from django.urls import reverse

from accounts.slugs import free_slug
from meetings.models import MeetingSlug
from pairings.days import today_of

OFFERED = "times"


def meeting_url(meeting) -> str:
    return reverse("meetings:meeting", args=[meeting.pairing.slug, meeting.slug])


def free_address(pairing, *, starts_at=None, of=None) -> str:
    """A slug for a meeting of the pairing, which is locked; perhaps one that it had before. `of`: its key, if any."""
    name = today_of(pairing.mentee, starts_at).isoformat() if starts_at else OFFERED
    taken = MeetingSlug.objects.filter(pairing=pairing, slug__startswith=name).exclude(meeting=of)
    return free_slug(name, taken=taken.values_list("slug", flat=True))


def keep_address(meeting) -> None:
    """The meeting can be found by its slug for good."""
    MeetingSlug.objects.get_or_create(meeting=meeting, pairing=meeting.pairing, slug=meeting.slug)
