"""The page of a pairing: who they are, the next step, and everything the two did. Nobody but the two sees it."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.db.models import Exists, OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.compiled import Compiled, Given
from meetings import notices as of_meetings
from meetings.models import Meeting
from mentoring import timeline
from mentoring.happenings import Month, in_words
from mentoring.mentees import month_of
from notifications.news import unseen
from pairings import notices
from pairings.addresses import pairing_url
from pairings.models import CompletionForm, Pairing, ThankYou
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
    """Which month to show, and up to which moment of it; or before which month the one to show is."""

    month = forms.DateField(required=False, input_formats=["%Y-%m"])
    before = forms.DateField(required=False, input_formats=["%Y-%m"])
    until = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"])


@require_safe
def pairing(request, pairing_slug):
    """The newest of their timeline, or one month of it."""
    found = _find(request, pairing_slug)
    asked = StretchForm(request.GET)
    if asked.is_valid() and (before := asked.cleaned_data["before"]):
        month = timeline.month_with_something(found, request.user, _beginning(before))
        return redirect(f"{pairing_url(found.slug)}?month={month:%Y-%m}")
    return _show(request, found)


def _find(request, slug):
    """One of the person's own, also when it has ended."""
    return get_object_or_404(Pairing.objects.visible_to(request.user).with_people(), slug=slug)


def _make_facts():
    """When and where on the site the next meeting is; of times that are open, where and by whom offered; and what was
    said at the end."""
    mine = Meeting.objects.filter(pairing=OuterRef("pk")).order_by("starts_at")
    coming = mine.filter(state=Meeting.State.BOOKED, ends_at__gt=Given("now"))
    offered = mine.filter(state=Meeting.State.PROPOSED)
    found = Pairing.objects.visible_to(Given("viewer")).filter(pk=Given("pairing")).order_by()
    return found.values(
        meets=Subquery(coming.values("slug")[:1]),
        meets_at=Subquery(coming.values("starts_at")[:1]),
        offered=Subquery(offered.values("slug")[:1]),
        offered_by=Subquery(offered.values("offered_by_id")[:1]),
        has_form=Exists(CompletionForm.objects.filter(pairing=OuterRef("pk"))),
        has_thanked=Exists(ThankYou.objects.filter(pairing=OuterRef("pk"), by=Given("viewer"))),
    )


_facts = Compiled(_make_facts)


def _show(request, pairing):
    me = request.user
    asked = StretchForm(request.GET)
    stretch = _stretch(pairing, me, asked)
    new = _New(me, pairing)
    months = in_words(stretch.happenings, pairing, me, new.has)
    (facts,) = _facts(viewer=me.pk, pairing=pairing.pk, now=timezone.now())
    context = {
        "pairing": pairing,
        "other": pairing.other_than(me),
        "role": "mentor" if me.pk == pairing.mentor_id else "mentee",
        "month": month_of(pairing),
        "facts": facts,
        "next": _next(pairing, me, facts),
        "is_empty": _is_empty(months, stretch) and pairing.is_live,
        "months": months,
        "stretch": stretch,
        "is_newest": not (asked.is_valid() and asked.cleaned_data["month"]),
        "new_since": new.since,
        "has_older_news": bool(new.since and stretch.happenings and new.since < stretch.happenings[-1].moment),
    }
    return render(request, "mentoring/pairing.html", context)


def _stretch(pairing, me, asked):
    given = asked.cleaned_data if asked.is_valid() else {}
    if given.get("month"):
        return timeline.of_month(pairing, me, _beginning(given["month"]), given["until"])
    return timeline.newest(pairing, me)


def _beginning(month):
    return datetime(month.year, month.month, 1, tzinfo=timezone.get_current_timezone())


def _is_empty(months: list[Month], stretch):
    """Nothing but that they began."""
    return not stretch.has_older and [each.what for each in stretch.happenings] == ["began"]


def _next(pairing, me, facts):
    """In this order: agree, the mentor's form, thanks, choose or suggest times; else write to each other."""
    name = pairing.other_than(me).first_name
    if pairing.state == State.AGREEING:
        return _step(pairing, _("Agree how you’ll work"), "agreement")
    if pairing.state == State.COMPLETING and me.pk == pairing.mentor_id and not facts.has_form:
        return _step(pairing, _("Fill in the completion form"), "completion")
    is_time = pairing.state == State.ENDED or (pairing.state == State.COMPLETING and facts.has_form)
    if is_time and not facts.has_thanked:
        return _step(pairing, _("Say thank you"), "thanks")
    if pairing.state == State.ENDED:
        return None
    if facts.offered and facts.offered_by != me.pk:
        return Next(_("Choose a time"), reverse("meetings:meeting", args=[pairing.slug, facts.offered]))
    if pairing.state == State.ACTIVE and not facts.offered and not facts.meets:
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
