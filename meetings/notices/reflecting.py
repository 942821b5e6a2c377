"""What people are told of reflections: the other shared what they learnt. Its words stay on the page."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from meetings.addresses import meeting_url
from meetings.models import Reflection
from meetings.notices.telling import hat_of, of_the_two
from notifications.models import Event
from notifications.notices import Notice, Section
from pairings.models import Pairing


def thread_of_learnt(pk) -> str:
    return f"learnt-{pk}"


def events_of_learning(meeting):
    """That either of the two shared what they learnt from it."""
    return Event.objects.filter(kind=LEARNT.kind, about_id__in=meeting.reflections.order_by().values("pk"))


def render_learnt(person, reflections):
    return [_section(person, reflection) for reflection in reflections]


def _find(pks):
    people = "meeting__pairing__mentee__profile", "meeting__pairing__mentor__profile"
    shared = Reflection.objects.filter(pk__in=pks, is_shared=True, meeting__pairing__state__in=Pairing.LIVE)
    return shared.select_related(*people).order_by("pk")


def _unless_own(reflection, person):
    return None if reflection.author_id == person.pk else reflection.meeting


def _section(person, reflection):
    meeting = reflection.meeting
    other = meeting.other_than(person)
    words = {"name": other.first_name, "day": date_format(localtime(meeting.starts_at), "j F")}
    headline = _("%(name)s shared what they learnt on %(day)s") % words
    return Section(
        thread=thread_of_learnt(reflection.pk),
        headline=headline,
        discreet=headline,
        summary=_("what %(name)s learnt on %(day)s") % words,
        count=_("what they learnt"),
        url=f"{meeting_url(meeting)}#learnt",
        button=_("Read it"),
        by=other,
        hat=hat_of(meeting, person),
        why=_("You get this because you and %(name)s are a pairing.") % words,
        takes_replies=False,
        context=lambda: words,
    )


LEARNT = Notice(
    kind="meetings.learnt",
    group="meetings",
    template="meetings/email/learnt",
    render=render_learnt,
    **of_the_two(_find, _unless_own),
)
