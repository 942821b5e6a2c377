"""Suggesting times, recording what was agreed, moving, another place, calling off."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.drafts import drafts_of, let_go
from accounts.once import send_once
from accounts.rescue import words_sent
from meetings import actions
from meetings.addresses import meeting_url
from meetings.booking_forms import CallOffForm, MoveForm, OffersForm, OtherTimesForm, PlaceForm, RecordForm
from meetings.models import Meeting
from meetings.rhythm import next_day
from meetings.showing import clocks_of, is_over, when_of
from meetings.views.finding import find_meeting, find_pairing, redirects_old_addresses
from notifications.scheduling import zone_of
from pairings.days import today_of
from pairings.models import MoveRefused

State = Meeting.State
READS_AND_SENDS = require_http_methods(["GET", "HEAD", "POST"])


@READS_AND_SENDS
def new(request, pairing_slug):
    """“Suggest times”; with `?agreed`, “Already agreed? Just record it”, and with `?agreed=met`, “We met”."""
    pairing = find_pairing(request, pairing_slug)
    other = pairing.other_than(request.user)
    is_agreed = "agreed" in request.GET
    mine = Meeting.objects.filter(pairing=pairing)
    last = mine.filter(state__in=[State.BOOKED, State.HELD]).order_by("-starts_at").first()
    context = {
        "is_agreed": is_agreed,
        "open_one": mine.filter(state=State.PROPOSED).first(),
        "suggested": _suggested(request, pairing, last),
        "is_first": last is None,
    }
    form = _new_form(request, pairing, last, context["suggested"], is_agreed)
    act = _record if is_agreed else _offer
    return _answer(request, pairing, form, lambda: act(request, pairing, form), "new", context | {"other": other})


@READS_AND_SENDS
@redirects_old_addresses
def other_times(request, pairing_slug, meeting_slug):
    """“None of these”: others instead."""
    meeting = find_meeting(request, pairing_slug, meeting_slug)
    form = OtherTimesForm(
        words_sent(request),
        zone=zone_of(request.user),
        name=meeting.other_than(request.user).first_name,
        initial={"round": meeting.round},
    )

    def offer():
        actions.offer_other_times(meeting, by=request.user, times=form.times, expected_round=form.cleaned_data["round"])
        return _sent(request, meeting)

    return _answer(request, meeting.pairing, form, offer, "other_times", _about(request, meeting, State.PROPOSED))


@READS_AND_SENDS
@redirects_old_addresses
def move(request, pairing_slug, meeting_slug):
    meeting = find_meeting(request, pairing_slug, meeting_slug)
    zone = zone_of(request.user)
    initial = {"minutes": meeting.minutes, "sequence": meeting.sequence}
    if meeting.starts_at:
        local = meeting.starts_at.astimezone(zone)
        initial |= {"time_day": local.date(), "time_at": local.time()}
    form = MoveForm(words_sent(request), zone=zone, initial=initial)

    def act():
        moved = actions.move_meeting(
            meeting,
            by=request.user,
            starts_at=form.starts_at,
            minutes=form.cleaned_data["minutes"],
            expected_sequence=form.cleaned_data["sequence"],
        )
        messages.success(request, _("Moved. We email both of you; in your calendars it moves along."))
        return meeting_url(moved)

    return _answer(request, meeting.pairing, form, act, "move", _about(request, meeting, State.BOOKED))


@READS_AND_SENDS
@redirects_old_addresses
def place(request, pairing_slug, meeting_slug):
    """Another way to meet, another place, another link."""
    meeting = find_meeting(request, pairing_slug, meeting_slug)
    form = PlaceForm(words_sent(request), initial={"how": meeting.how, "where": meeting.where})

    def act():
        changed = actions.change_place(meeting, by=request.user, **_place_in(form))
        messages.success(request, _("Saved. We email both of you."))
        return meeting_url(changed)

    return _answer(request, meeting.pairing, form, act, "place", _about(request, meeting, State.BOOKED))


@READS_AND_SENDS
@redirects_old_addresses
def call_off(request, pairing_slug, meeting_slug):
    """Asks first. Also to take back times that were offered."""
    meeting = find_meeting(request, pairing_slug, meeting_slug)
    key = f"meeting-{meeting.pk}-call-off"
    form = CallOffForm(
        words_sent(request),
        name=meeting.other_than(request.user).first_name,
        draft=drafts_of(request.user, [key]).get(key),
        draft_key=key,
    )

    def act():
        gone = actions.call_off(meeting, by=request.user, why=form.cleaned_data["why"])
        let_go(request.user, key)
        said = _("Called off. We email both of you.") if gone.starts_at else _("Noted. We tell %(name)s.")
        messages.success(request, said % {"name": gone.other_than(request.user).first_name})
        return meeting_url(gone)

    context = _about(request, meeting, *_TO_COME) | {"is_own": meeting.offered_by_id == request.user.pk}
    return _answer(request, meeting.pairing, form, act, "call_off", context)


@require_POST
def did_not_happen(request, pairing_slug, meeting_slug):
    """“We didn’t meet.”"""
    meeting = find_meeting(request, pairing_slug, meeting_slug)
    try:
        actions.did_not_happen(meeting, by=request.user)
        messages.success(request, _("Noted: you didn’t meet. Shall we find another time?"))
    except MoveRefused as refused:
        messages.error(request, str(refused))
    return redirect(meeting_url(meeting))


_TO_COME = (State.PROPOSED, State.BOOKED)


def _answer(request, pairing, form, act, name, context):
    """The page of a form, or on to where `act()` leads; what cannot be done stands in the form."""
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(send_once(request.user, form, act))
        except MoveRefused as refused:
            form.add_error(None, str(refused))
    other = pairing.other_than(request.user)
    context |= {
        "pairing": pairing,
        "other": other,
        "form": form,
        "clocks": clocks_of(request.user, other, timezone.now()),
    }
    return render(request, f"meetings/{name}.html", context, status=422 if form.errors else 200)


def _about(request, meeting, *states):
    """`can_be`: whether the meeting, in one of these states, can still be changed so."""
    now = timezone.now()
    return {
        "meeting": meeting,
        "when": when_of(meeting, request.user, now),
        "can_be": meeting.pairing.is_live and meeting.state in states and not is_over(meeting, now),
    }


def _suggested(request, pairing, last):
    """The day on which they would meet next, as they agreed; and never more than a suggestion."""
    last_met = last.starts_at if last else pairing.last_met_at
    day = last_met and last_met.astimezone(zone_of(request.user)).date()
    return next_day(day, pairing.rhythm_weeks, today_of(request.user, timezone.now()))


def _new_form(request, pairing, last, suggested, is_agreed):
    """As they met last time."""
    place = {"how": last.how, "where": last.where, "minutes": last.minutes} if last else {"how": "video"}
    initial = {"minutes": 60 if pairing.last_met_at else 30} | place
    sent, zone = words_sent(request), zone_of(request.user)
    if request.GET.get("agreed") == "met":
        initial["time_day"] = today_of(request.user, timezone.now())
    if is_agreed:
        return RecordForm(sent, zone=zone, initial=initial)
    name = pairing.other_than(request.user).first_name
    return OffersForm(sent, zone=zone, suggested=suggested, name=name, initial=initial)


def _offer(request, pairing, form):
    meeting = actions.offer_times(
        pairing, by=request.user, times=form.times, minutes=form.cleaned_data["minutes"], **_place_in(form)
    )
    return _sent(request, meeting)


def _record(request, pairing, form):
    meeting = actions.record_meeting(
        pairing,
        by=request.user,
        starts_at=form.starts_at,
        minutes=form.cleaned_data["minutes"],
        **_place_in(form),
    )
    if meeting.state == State.HELD:
        messages.success(request, _("Noted. It stands in your timeline."))
    else:
        messages.success(request, _("Booked. We email both of you the invitation."))
    return meeting_url(meeting)


def _sent(request, meeting):
    words = {"name": meeting.other_than(request.user).first_name}
    messages.success(request, _("Sent. We email %(name)s the times to choose from.") % words)
    return meeting_url(meeting)


def _place_in(form):
    return {"how": form.cleaned_data["how"], "where": form.cleaned_data["where"]}
