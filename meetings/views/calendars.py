"""Meetings in people's own calendars: one as a file, all of them at a secret address, and the page about that."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import spoken_to
from meetings import ical
from meetings.actions import replace_calendar_address
from meetings.calendar_feed import Snapshot, feed_path
from meetings.invitations import thread_of_invitation, write_invitation
from meetings.models import CalendarFeed
from meetings.views.finding import find_meeting, redirects_old_addresses
from notifications.invitations import FILE_NAME, answers_to


@require_safe
@redirects_old_addresses
def invite(request, pairing_slug, meeting_slug):
    """The file that the emails about this meeting bring."""
    meeting = find_meeting(request, pairing_slug, meeting_slug)
    if meeting.starts_at is None:
        raise Http404
    file = write_invitation(meeting, request.user, answers_to(request.user, thread_of_invitation(meeting)))
    return HttpResponse(
        file,
        content_type=ical.MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{FILE_NAME}"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request):
    """The person's secret address, and another one instead."""
    if request.method == "POST":
        replace_calendar_address(by=request.user)
        messages.success(request, _("Here is your address. Any you had before no longer works."))
        return redirect("meetings:calendar")
    feed = CalendarFeed.objects.filter(person=request.user).first()
    address = feed and settings.SITE_URL + feed_path(feed)
    context = {"address": address, "opens": address and "webcal://" + address.partition("://")[2]}
    return render(request, "meetings/calendar.html", context)


@require_safe
@login_not_required
def feed(request, secret, slug):
    """A person's meetings, for their calendar program: it knows the secret, and cannot sign in. The last part of the
    address is for people: a site may be called otherwise tomorrow."""
    known = CalendarFeed.objects.select_related("person__profile")
    person = get_object_or_404(known, secret=secret, person__is_active=True).person
    with spoken_to(person):
        snapshot = Snapshot(person, timezone.now())
        response = get_conditional_response(request, etag=snapshot.etag)
        if response is None:
            response = HttpResponse(snapshot.file(), content_type=ical.MEDIA_TYPE)
        response.headers["ETag"] = snapshot.etag
    # Kept by the calendar alone, and asked for each time; what somebody pastes into the open must not be found there.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
