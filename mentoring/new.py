"""New for you: what a person has not seen, what they keep for later, and what they saw earlier; one row a thing."""

import re
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from notifications import actions, earlier
from notifications.models import Event
from notifications.news import Topic, topics, unseen
from pairings.pairs import pairs_of

A_PAGE = 20


class Row(NamedTuple):
    """`place` is its list and where in that it stands. `until` is when the newest of what it speaks of happened: what
    came later was not shown."""

    place: str
    topic: Topic
    until: datetime
    is_kept: bool


class ThingForm(forms.Form):
    """Which thing a button was pressed on, or all (no `thread`); and `place`, where in which list it stood."""

    thread = forms.CharField(max_length=60, required=False)
    until = forms.DateTimeField()
    page = forms.IntegerField(min_value=1, required=False)
    place = forms.RegexField("^(new|kept|seen)-[0-9]{1,3}$", required=False)


@require_safe
def new(request):
    """The oldest first, as on Home; a constant number of statements."""
    return render(request, "mentoring/new.html", _lists(request, request.GET.get("page")))


@require_POST
def seen(request):
    form = ThingForm(request.POST)
    if not form.is_valid():
        return redirect("new")
    thread, until = form.cleaned_data["thread"], form.cleaned_data["until"]
    if thread:
        events = Event.objects.filter(thread=thread, at__lte=until)
        actions.mark_seen(request.user, events)
        return _answer(request, form, _("Marked as seen."))
    actions.mark_all_seen(request.user, until=until)
    messages.success(request, _("All marked as seen. Look under Earlier to find it again."))
    return redirect("new")


@require_POST
def keep(request):
    """Keep a thing for later; with `release` in the form, let it go."""
    form = ThingForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["thread"]:
        return redirect("new")
    thread = form.cleaned_data["thread"]
    if "release" in request.POST:
        actions.release(request.user, thread=thread)
        return _answer(request, form, _("No longer kept for later."))
    actions.keep(request.user, thread=thread, until=form.cleaned_data["until"])
    return _answer(request, form, _("Kept for later."))


@require_safe
def earlier_things(request):
    """What was seen, the newest first."""
    before = request.GET.get("before", "")
    events, following = earlier.seen(request.user, int(before) if re.fullmatch("[0-9]{1,18}", before) else None)
    pairs, threads = pairs_of(request.user), _by_thread(events)
    context = {
        "rows": _rows("seen", threads, _topics(request.user, threads, pairs)),
        "before": before,
        "following": following,
        "both": _has_both_roles(request.user, pairs),
    }
    return render(request, "mentoring/earlier.html", context)


def _lists(request, number):
    me, pairs, threads = request.user, pairs_of(request.user), unseen(request.user)
    kept = _by_thread(earlier.kept(me))
    has_more = len(kept) > earlier.MOST_KEPT
    kept = dict(islice(kept.items(), earlier.MOST_KEPT))
    page = Paginator(list(threads), A_PAGE).get_page(number)
    shown = {thread: threads[thread] for thread in page}
    # A thing of which something new came stands with the new ones.
    put_by = {thread: events for thread, events in kept.items() if thread not in threads}
    found = _topics(me, shown | put_by, pairs)
    return {
        "new": _rows("new", shown, found, kept),
        "kept": _rows("kept", put_by, found, kept),
        "most_kept": earlier.MOST_KEPT if has_more else None,
        "page": page,
        "newest": max((event.at for events in threads.values() for event in events), default=None),
        "both": _has_both_roles(me, pairs),
    }


def _topics(me, threads, pairs):
    """By thread; without what the person may no longer read."""
    return {
        topic.thread: topic for topic in topics(me, [each for events in threads.values() for each in events], pairs)
    }


def _rows(name, threads, found, kept=()):
    present = [(thread, events) for thread, events in threads.items() if thread in found]
    return [
        Row(f"{name}-{number}", found[thread], max(event.at for event in events), thread in kept)
        for number, (thread, events) in enumerate(present)
    ]


def _by_thread(events):
    threads = {}
    for event in events:
        threads.setdefault(event.thread, []).append(event)
    return threads


def _has_both_roles(me, pairs):
    return len({pair.mentor.pk == me.pk for pair in pairs}) > 1


def _answer(request, form, said):
    """To a script the lists, with the focus where the row stood; else back to there. What was kept from among the
    earlier things stands with the kept ones."""
    page, place = form.cleaned_data["page"] or 1, form.cleaned_data["place"]
    if not request.htmx:
        messages.success(request, said)
        here = "#kept" if place.startswith("seen") else f"?page={page}#{place}"
        return redirect(reverse("new") + here)
    context = _lists(request, page)
    name, _dash, number = place.partition("-")
    rows = context.get(name) or []
    context["focus"] = f"{name}-{min(int(number), len(rows) - 1)}" if rows else "none"
    return trigger_client_event(render(request, "mentoring/new.html#lists", context), "announce", {"value": said})
