"""The programme team reminds a mentor of a request."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from notifications.actions import notify
from pairings import notices
from pairings.models import MentorRequest, MoveRefused
from programmes import audit

BETWEEN = timedelta(days=2)


@transaction.atomic
def remind_of_request(request, *, by, at=None) -> MentorRequest:
    """Remind the mentor once more, kindly. Raises MoveRefused when it is answered, when they were reminded in the last
    two days, and when `by` is one of the two."""
    at = at or timezone.now()
    rows = MentorRequest.objects.select_for_update(of=("self",), no_key=True).with_people()
    request = rows.get(pk=request.pk)
    if by in (request.mentee, request.mentor):
        raise MoveRefused(_("You are one of the two. Please ask another coordinator."))
    if request.state != MentorRequest.State.ASKED:
        raise MoveRefused(_("This request is answered or closed by now."))
    if request.nudged_at and at - request.nudged_at < BETWEEN:
        day = date_format(timezone.localtime(request.nudged_at), "j F")
        raise MoveRefused(
            _("%(name)s was reminded on %(day)s. Give it a day or two.")
            % {"name": request.mentor.first_name, "day": day}
        )
    request.nudged_at = at
    request.save(update_fields=["nudged_at"])
    audit.record("reminded of a request", request, by=by, programme=request.programme, at=at)
    notify(
        notices.NUDGE,
        about=request,
        occasion=f"team {at:%Y-%m-%d %H:%M:%S}",
        to=[request.mentor],
        by=by,
        thread=notices.thread_of_request("nudge", request.pk),
        bundle=request.bundle,
        at=at,
    )
    return request
