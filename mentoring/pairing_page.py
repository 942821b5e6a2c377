"""The page of a pairing: who they are, the next step, and everything the two did. Nobody but the two sees it."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.once import send_once
from meetings import notices as of_meetings
from meetings.actions import record_meeting
from meetings.booking_forms import MetForm
from meetings.models import Meeting
from mentoring import timeline
from mentoring.happenings import Month, in_words
from mentoring.mentees import month_of
from notifications.news import unseen
from pairings import notices
from pairings.addresses import pairing_url
from pairings.models import CompletionForm, MoveRefused, Pairing, ThankYou
from portfolios.notices import COMMENTED, PAGE_SHARED

State = Pairing.State
# By kind of event, what it is in the timeline: about the very thing, or about the pair, at that moment.
_OF_THINGS = {
    PAGE_SHARED.kind: "shared",
    COMMENTED.kind: "commented",
    notices.MESSAGE.kind: "message",
    notices.KIND_NOTE.kind: "note",
}
_OF_THE_PAIR = {
    notices.AGREEMENT_CHANGED.kind: "proposed",
    notices.AGREED.kind: "agreed",
    notices.PAUSED.kind: "paused",
    notices.RESUMED.kind: "resumed",
    notices.HAND_OVER.kind: "hand-over",
    notices.COMPLETED.kind: "form",
    notices.THANKS.kind: "thanked",
    notices.ENDED.kind: "ended",
    of_meetings.BOOKED.kind: "booked",
    of_meetings.MOVED.kind: "moved",
    of_meetings.CALLED_OFF.kind: "called-off",
    of_meetings.PLAN_SHARED.kind: "planned",
    of_meetings.NOTE.kind: "written",
}


@dataclass(frozen=True)
class Next:
    """The one thing to do."""

    label: str
    url: str


class StretchForm(forms.Form):
    """Which month to show, and up to which moment of it."""

    month = forms.DateField(input_formats=["%Y-%m"])
    until = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"])


@require_safe
def pairing(request, pairing_slug):
    """The newest of their timeline, or one month of it."""
    found = _find(request, pairing_slug)
    return _show(request, found, _met_form(request))


@require_POST
def met(request, pairing_slug):
    """They met without booking it here: one of them says so."""
    found = _find(request, pairing_slug)
    form = _met_form(request)
    if form.is_valid():
        try:
            return redirect(send_once(request.user, form, lambda: _record(request, found, form)))
        except MoveRefused as refused:
            form.add_error("time_day", str(refused))
    return _show(request, found, form)


def _met_form(request):
    data = request.POST if request.method == "POST" else None
    today = {"time_day": timezone.localdate(), "minutes": 60}
    return MetForm(data, zone=timezone.get_current_timezone(), initial=today)


def _record(request, pairing, form):
    """In the way in which they met last."""
    last = Meeting.objects.held().filter(pairing=pairing).order_by("-starts_at").first()
    record_meeting(
        pairing,
        by=request.user,
        starts_at=form.starts_at,
        minutes=form.cleaned_data["minutes"],
        how=last.how if last else Meeting.How.VIDEO,
    )
    messages.success(request, _("Noted. It stands in your timeline."))
    return pairing_url(pairing.slug)


def _find(request, slug):
    """One of the person's own, also when it has ended."""
    mine = Pairing.objects.visible_to(request.user).select_related(
        "mentee__profile", "mentor__profile", "handed_over_from__pairing__mentor"
    )
    return get_object_or_404(
        mine.annotate(
            has_form=Exists(CompletionForm.objects.filter(pairing=OuterRef("pk"))),
            has_thanked=Exists(ThankYou.objects.filter(pairing=OuterRef("pk"), by=request.user)),
            **_meetings_of(timezone.now()),
        ),
        slug=slug,
    )


def _meetings_of(now):
    """When and where on the site the next meeting is; and of times that are open, where and by whom offered."""
    mine = Meeting.objects.filter(pairing=OuterRef("pk"))
    coming, offered = mine.upcoming(now), mine.filter(state=Meeting.State.PROPOSED)
    return {
        "meets_at": Subquery(coming.values("starts_at")[:1]),
        "meets": Subquery(coming.values("slug")[:1]),
        "offered": Subquery(offered.values("slug")[:1]),
        "offered_by": Subquery(offered.values("offered_by")[:1]),
    }


def _show(request, pairing, met_form):
    me = request.user
    asked = StretchForm(request.GET)
    stretch = _stretch(pairing, me, asked)
    new = _New(me, pairing)
    months = in_words(stretch.happenings, pairing, me, new.has)
    context = {
        "pairing": pairing,
        "other": pairing.other_than(me),
        "role": "mentor" if me.pk == pairing.mentor_id else "mentee",
        "month": month_of(pairing),
        "next": _next(pairing, me),
        "is_empty": _is_empty(months, stretch) and pairing.is_live,
        "months": months,
        "stretch": stretch,
        "is_newest": not asked.is_valid(),
        "new_since": new.since,
        "has_older_news": bool(new.since and stretch.happenings and new.since < stretch.happenings[-1].moment),
        "met_form": met_form,
    }
    return render(request, "mentoring/pairing.html", context, status=422 if met_form.errors else 200)


def _stretch(pairing, me, asked):
    if not asked.is_valid():
        return timeline.newest(pairing, me)
    month, until = asked.cleaned_data["month"], asked.cleaned_data["until"]
    first = datetime(month.year, month.month, 1, tzinfo=timezone.get_current_timezone())
    return timeline.of_month(pairing, me, first, until)


def _is_empty(months: list[Month], stretch):
    """Nothing but that they began."""
    return stretch.older is None and [each.what for each in stretch.happenings] == ["began"]


def _next(pairing, me):
    """In this order: agree, the mentor's form, thanks, choose or suggest times; else write to each other."""
    name = pairing.other_than(me).first_name
    if pairing.state == State.AGREEING:
        return _step(pairing, _("Agree how you’ll work"), "agreement")
    if pairing.state == State.COMPLETING and me.pk == pairing.mentor_id and not pairing.has_form:
        return _step(pairing, _("Fill in the completion form"), "completion")
    is_time = pairing.state == State.ENDED or (pairing.state == State.COMPLETING and pairing.has_form)
    if is_time and not pairing.has_thanked:
        return _step(pairing, _("Say thank you"), "thanks")
    if pairing.state == State.ENDED:
        return None
    if pairing.offered and pairing.offered_by != me.pk:
        return Next(_("Choose a time"), reverse("meetings:meeting", args=[pairing.slug, pairing.offered]))
    if pairing.state == State.ACTIVE and not pairing.offered and not pairing.meets:
        return Next(_("Book a meeting"), reverse("meetings:new", args=[pairing.slug]))
    return _step(pairing, _("Message %(name)s") % {"name": name}, "messages")


def _step(pairing, label, page):
    return Next(label, reverse(f"pairings:{page}", args=[pairing.slug]))


class _New:
    """What the viewer has not seen of a pairing's timeline; `since` is the moment of the oldest of it, or None."""

    def __init__(self, me, pairing):
        mine = [each for found in unseen(me).values() for each in found if each.bundle == pairing.bundle]
        events = [each for each in mine if each.kind in _OF_THINGS or each.kind in _OF_THE_PAIR]
        self.since = min((event.at for event in events), default=None)
        self._things = {(_OF_THINGS[event.kind], event.about_id) for event in events if event.kind in _OF_THINGS}
        self._moments = {(_OF_THE_PAIR[event.kind], event.at) for event in events if event.kind in _OF_THE_PAIR}

    def has(self, happening):
        about = (happening.what, happening.which)
        return about in self._things or (happening.what, happening.moment) in self._moments
