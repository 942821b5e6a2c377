"""The note of a meeting: to write, to agree, to read; and a jotter of one's own."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.drafts import let_go
from accounts.once import send_once
from accounts.rescue import words_sent
from meetings import actions
from meetings.booking_forms import LookedAtForm
from meetings.note_forms import NumberForm
from meetings.note_page import BOTH, NotePage, note_url
from meetings.notices.noting import events_of_note
from meetings.noting import notes_of
from meetings.views.finding import find_meeting, redirects_old_addresses
from notifications.actions import mark_seen
from pairings.models import MoveRefused


@require_http_methods(["GET", "HEAD", "POST"])
@redirects_old_addresses
def note(request, pairing_slug, meeting_slug):
    """The note: to read and agree, or, with `?change` and at first, to write. `?version=2`: as it read then."""
    meeting = find_meeting(request, pairing_slug, meeting_slug)
    page = NotePage(request.user, meeting, words_sent(request), wants_to_change="change" in request.GET)
    if request.method == "POST" and BOTH not in request.POST and page.form.is_valid():
        try:
            return redirect(send_once(request.user, page.form, lambda: _send(request, meeting, page.form)))
        except MoveRefused as refused:
            page.form.add_error(None, str(refused))
            page.notes = notes_of(meeting, request.user)
    asked = NumberForm({"number": request.GET.get("version")})
    context = page.context(asked.cleaned_data["number"] if asked.is_valid() else None)
    return render(request, "meetings/note.html", context, status=422 if page.is_amiss else 200)


@require_POST
def note_agree(request, pairing_slug, meeting_slug):
    """“I agree”."""
    meeting = find_meeting(request, pairing_slug, meeting_slug)
    form = NumberForm(request.POST)
    try:
        if form.is_valid():
            actions.agree_note(meeting, by=request.user, number=form.cleaned_data["number"])
            messages.success(request, _("Agreed. It stays here for you both."))
    except MoveRefused as refused:
        messages.warning(request, str(refused))
    return redirect(note_url(meeting))


@require_POST
def note_reading(request, pairing_slug, meeting_slug):
    """“I’ve read this”: it still waits to be agreed, and is no longer new."""
    meeting = find_meeting(request, pairing_slug, meeting_slug)
    notes, form = notes_of(meeting, request.user), LookedAtForm(request.POST)
    if notes.note and form.is_valid():
        mark_seen(request.user, events_of_note(notes.note).filter(at__lte=form.cleaned_data["until"]))
    return redirect(note_url(meeting))


@require_http_methods(["GET", "HEAD", "POST"])
@redirects_old_addresses
def jotter(request, pairing_slug, meeting_slug):
    """What one keeps for oneself of a meeting."""
    meeting = find_meeting(request, pairing_slug, meeting_slug)
    page, stale = NotePage(request.user, meeting, jotted=words_sent(request)), None
    if request.method == "POST" and page.jotter.is_valid():
        try:
            return redirect(send_once(request.user, page.jotter, lambda: _keep(request, meeting, page.jotter)))
        except actions.JotterChanged as changed:
            page.jotter.add_error(None, str(changed))
            page.jotter.look_again(changed.latest)
            stale = changed.latest
        except MoveRefused as refused:
            page.jotter.add_error(None, str(refused))
    context = page.common | {"jotter": page.jotter, "stale": stale}
    return render(request, "meetings/jotter.html", context, status=422 if page.jotter.errors else 200)


def _send(request, meeting, form):
    number = form.cleaned_data["number"]
    saved = actions.save_note(meeting, by=request.user, words=form.words, expected_number=number)
    let_go(request.user, form.draft_key)
    words = {"name": meeting.other_than(request.user).first_name}
    if saved.number == number:
        messages.success(request, _("Nothing was changed."))
    else:
        messages.success(request, _("Sent. Now it is for %(name)s to agree.") % words)
    return note_url(meeting)


def _keep(request, meeting, form):
    said = form.cleaned_data
    actions.keep_private_note(meeting, by=request.user, words=said["words"], based_on=said["based_on"])
    let_go(request.user, form.draft_key)
    messages.success(request, _("Kept, for you alone."))
    return f"{note_url(meeting)}#jotter"
