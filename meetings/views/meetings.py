"""All of one's meetings; and one of them, from the times that were offered to what was learnt."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Max, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from meetings import actions
from meetings.addresses import meeting_url
from meetings.booking_forms import ChosenForm, LookedAtForm
from meetings.calendar_answers import answers_at
from meetings.looking import to_look_at
from meetings.models import Meeting
from meetings.noting import note_of_meeting
from meetings.planning import plan_of_meeting
from meetings.reflecting import learnt_at
from meetings.showing import is_over, when, when_of
from meetings.views.finding import find_meeting, redirects_old_addresses
from notifications.actions import mark_seen
from notifications.models import Event
from pairings.models import MoveRefused, Pairing

State = Meeting.State
A_PAGE = 20


@require_safe
def meetings(request):
    """What is to be chosen, what is to come, and what was; of all one's pairings."""
    me, now = request.user, timezone.now()
    mine = Meeting.objects.visible_to(me)
    to_come = Q(state=State.PROPOSED) | Q(state=State.BOOKED, ends_at__gt=now)
    times = Count("offered_times", filter=Q(offered_times__round=F("round")))
    coming = mine.filter(to_come).annotate(times=times).order_by(F("starts_at").asc(nulls_first=True), "pk")
    page = Paginator(mine.exclude(to_come).order_by(F("starts_at").desc(nulls_last=True), "-pk"), A_PAGE)
    # People are fetched once for each pairing, not once for each meeting.
    by_pk = {pairing.pk: pairing for pairing in Pairing.objects.visible_to(me).with_people()}
    pairings = [pairing for pairing in by_pk.values() if pairing.is_live]
    coming, page = list(coming), page.get_page(request.GET.get("page"))
    for meeting in [*coming, *page]:
        meeting.pairing = by_pk[meeting.pairing_id]
        _add_words(meeting, me, now)
    to_choose = next((meeting for meeting in coming if meeting.is_mine_to_choose), None)
    open_ones = {meeting.pairing_id for meeting in coming if meeting.state == State.PROPOSED}
    free = [pairing for pairing in pairings if pairing.pk not in open_ones]
    for pairing in free:
        pairing.other = pairing.other_than(me)
    context = {
        "coming": coming,
        "page": page,
        "free": free,
        "to_choose": to_choose,
        "both": len({pairing.mentor_id == me.pk for pairing in pairings}) > 1,
    }
    return render(request, "meetings/meetings.html", context)


@require_safe
@redirects_old_addresses
def meeting(request, pairing_slug, meeting_slug):
    """One meeting; with `?time=`, one of the times offered is chosen in the form."""
    found = find_meeting(request, pairing_slug, meeting_slug)
    context = _shown(request, found)
    for part in (plan_of_meeting, note_of_meeting, learnt_at):
        context |= part(found, request.user)
    return render(request, "meetings/meeting.html", context)


@require_POST
def choose(request, pairing_slug, meeting_slug):
    """One of the times offered."""
    found = find_meeting(request, pairing_slug, meeting_slug)
    form = ChosenForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the times."))
        return redirect(meeting_url(found))
    try:
        found = actions.choose_time(
            found, by=request.user, starts_at=form.cleaned_data["time"], expected_round=form.cleaned_data["round"]
        )
        messages.success(request, _("Booked. We email both of you the invitation."))
    except MoveRefused as refused:
        messages.error(request, str(refused))
    return redirect(meeting_url(found))


@require_POST
def meeting_reading(request, pairing_slug, meeting_slug):
    """When and where it is was seen. What its email is to bring into a calendar is sent all the same."""
    found = find_meeting(request, pairing_slug, meeting_slug)
    form = LookedAtForm(request.POST)
    if form.is_valid():
        shown = to_look_at(request.user, found).filter(event__at__lte=form.cleaned_data["until"])
        mark_seen(request.user, Event.objects.filter(notifications__in=shown))
    return HttpResponse(status=204) if request.htmx else redirect(meeting_url(found))


def _shown(request, meeting):
    me, now = request.user, timezone.now()
    pairing, other = meeting.pairing, meeting.other_than(me)
    has_begun = meeting.starts_at is not None and meeting.starts_at <= now
    return {
        "meeting": meeting,
        "pairing": pairing,
        "other": other,
        "is_mentor": me.pk == pairing.mentor_id,
        "when": when_of(meeting, me, now),
        "is_over": is_over(meeting, now),
        "has_begun": has_begun,
        "is_next": meeting.state == State.BOOKED and not has_begun,
        "offered": _offered(request, meeting, now) if meeting.state == State.PROPOSED else [],
        "is_mine_to_choose": meeting.offered_by_id not in (None, me.pk),
        "moves": [
            {
                "was": when(move.was, meeting.minutes, me=me, other=other, now=now),
                "now": when(move.now, meeting.minutes, me=me, other=other, now=now),
                "by": move.by,
            }
            for move in meeting.time_moves.select_related("by")
            if move.was != move.now
        ],
        "new_until": to_look_at(me, meeting).aggregate(last=Max("event__at"))["last"],
        **answers_at(meeting, me),
    }


def _offered(request, meeting, now):
    """The times to choose from, each with whether it is chosen in the form."""
    times = meeting.offered_times.filter(round=meeting.round)
    other = meeting.other_than(request.user)
    found = [when(each.starts_at, meeting.minutes, me=request.user, other=other, now=now) for each in times]
    return [(each, each.value == request.GET.get("time") and not each.is_past) for each in found]


def _add_words(meeting, me, now):
    meeting.other = meeting.other_than(me)
    meeting.when = when_of(meeting, me, now)
    meeting.is_mine_to_choose = meeting.state == State.PROPOSED and meeting.offered_by_id != me.pk
    meeting.was_held = is_over(meeting, now)
