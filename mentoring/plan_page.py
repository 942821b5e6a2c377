"""The plan of a meeting, with what is open in the mentee's portfolio: meetings and portfolios know nothing of each
other, so the shell hands it over as plain values."""

from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meetings.planning import Unsettled, can_be_written
from meetings.views import plans
from meetings.views.finding import find_meeting, redirects_old_addresses
from pairings.notices import first_words
from portfolios.models import Comment

MOST = 6


@require_http_methods(["GET", "HEAD", "POST"])
@redirects_old_addresses
def plan(request, pairing_slug, meeting_slug):
    meeting = find_meeting(request, pairing_slug, meeting_slug)
    is_theirs = request.user.pk == meeting.pairing.mentee_id and can_be_written(meeting)
    return plans.plan(request, meeting, unsettled=unsettled_in(meeting.pairing) if is_theirs else [])


def unsettled_in(pairing) -> list[Unsettled]:
    """What the mentor asked in the mentee's portfolio and nobody settled, the newest first. One statement."""
    asked = (
        Comment.objects.visible_to(pairing.mentee)
        .open()
        .filter(
            kind=Comment.Kind.QUESTION,
            author=pairing.mentor_id,
            page__portfolio__enrolment__programme=pairing.programme_id,
            page__portfolio__enrolment__person=pairing.mentee_id,
            page__archived_at=None,
        )
    )
    found = asked.select_related("version", "page__portfolio").defer("version__body").order_by("-created_at", "-pk")
    said = _("%(name)s asked on “%(title)s”: “%(words)s”")
    return [
        Unsettled(
            comment.pk,
            said
            % {"name": pairing.mentor.first_name, "title": comment.version.title, "words": first_words(comment.body)},
            comment.page.get_absolute_url() + f"#comment-{comment.pk}",
        )
        for comment in found[:MOST]
    ]


# Among the addresses of meetings.
ROUTE = path("pairings/<slug:pairing_slug>/meetings/<slug:meeting_slug>/plan/", plan, name="plan")
