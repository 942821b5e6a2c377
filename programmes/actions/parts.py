"""What people say of their own part in a programme."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.actions import mark_seen
from notifications.models import Event
from programmes import notices
from programmes.models import Application, Enrolment
from programmes.refusal import MoveRefused

_LISTED = ("sector", "region", "level")
_SAID = {*_LISTED, "meets_by", "line_manager", "hopes"}


@transaction.atomic
def describe_part(enrolment, *, by, **said) -> Enrolment:
    """Change what is said of somebody's part: `sector`, `region`, `level`, `meets_by`, `line_manager`, `hopes`, those
    that are given. Returns it as it is now.

    Raises MoveRefused when they no longer take part, for an entry of another programme's list, and for a level of
    anybody but a mentee.
    """
    if unknown := said.keys() - _SAID:
        raise ValueError(f"a part does not say this: {', '.join(sorted(unknown))}")
    enrolment = _lock(enrolment)
    for name in _LISTED:
        entry = said.get(name)
        if entry and entry.programme_id != enrolment.programme_id:
            raise MoveRefused(_("Choose an entry from the list of this programme."))
    if said.get("level") and enrolment.role != Enrolment.Role.MENTEE:
        raise MoveRefused(_("Only a mentee works towards a level."))
    for name, value in said.items():
        setattr(enrolment, name, value)
    enrolment.save(update_fields=list(said))
    _know_that_they_are_in(enrolment)
    return enrolment


@transaction.atomic
def finish_welcome(enrolment, *, by, at=None) -> Enrolment:
    """Somebody has looked over what they said of themselves. Once is enough. Raises MoveRefused when they no longer
    take part."""
    enrolment = _lock(enrolment)
    if enrolment.welcomed_at is None:
        enrolment.welcomed_at = at or timezone.now()
        enrolment.save(update_fields=["welcomed_at"])
    return enrolment


def _know_that_they_are_in(enrolment):
    """Whoever says something of their part need not be told any more that they have it."""
    asked = Application.objects.filter(programme=enrolment.programme_id, person=enrolment.person_id).values("pk")
    mark_seen(enrolment.person, Event.objects.filter(kind=notices.ANSWER.kind, about_id__in=asked))


def _lock(enrolment):
    parts = Enrolment.objects.select_for_update(of=("self",), no_key=True).select_related("programme")
    enrolment = parts.get(pk=enrolment.pk)
    if enrolment.ended_at:
        raise MoveRefused(_("This part in %(programme)s has ended.") % {"programme": enrolment.programme})
    return enrolment
