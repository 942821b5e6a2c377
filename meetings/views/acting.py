"""What the two said they would do: to tick, to move, to drop, and to add to."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from accounts.drafts import drafts_of, let_go
from accounts.once import send_once
from accounts.rescue import words_sent
from meetings import actions
from meetings.action_forms import ActionForm, DayForm, DropForm
from meetings.listing_actions import find, list_actions
from meetings.models import Action
from meetings.views.finding import find_pairing
from pairings.days import today_of
from pairings.models import MoveRefused


@require_http_methods(["GET", "HEAD", "POST"])
def action_list(request, pairing_slug):
    """What is open, what is done, and the form for one more."""
    pairing = find_pairing(request, pairing_slug)
    form = _form(request, pairing) if pairing.is_live or request.method == "POST" else None
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(send_once(request.user, form, lambda: _add(request, pairing, form)))
        except MoveRefused as refused:
            form.add_error("due" if form.cleaned_data["due"] else None, str(refused))
    context = _common(request, pairing) | {
        "form": form,
        "listed": list_actions(pairing, just=request.GET.get("just", ""), all_closed="all" in request.GET),
    }
    return render(request, "meetings/actions.html", context, status=422 if form and form.errors else 200)


@require_POST
def action_done(request, pairing_slug, key):
    action = find_action(request, pairing_slug, key)
    return _act(request, action, actions.finish_action, _("Done: “%(words)s”."))


@require_POST
def action_open(request, pairing_slug, key):
    """Undo, or take it up again."""
    action = find_action(request, pairing_slug, key)
    return _act(request, action, actions.reopen_action, _("Open again: “%(words)s”."))


@require_http_methods(["GET", "HEAD", "POST"])
def action_day(request, pairing_slug, key):
    """To another day."""
    action = find_action(request, pairing_slug, key)
    form = DayForm(words_sent(request), initial={"due": action.due}, auto_id=f"{action.key}-%s")
    if request.method == "POST" and form.is_valid():
        due = form.cleaned_data["due"]
        words = _("Moved to %(day)s.") % {"day": date_format(due, "j F")}
        return _act(request, action, lambda *args, **kwargs: actions.move_action(*args, due=due, **kwargs), words, form)
    return _ask(request, action, form)


@require_http_methods(["GET", "HEAD", "POST"])
def action_dropped(request, pairing_slug, key):
    """It won't be done any more."""
    action = find_action(request, pairing_slug, key)
    form = DropForm(words_sent(request), auto_id=f"{action.key}-%s")
    if request.method == "POST" and form.is_valid():
        why, words = form.cleaned_data["why"], _("Dropped: “%(words)s”.")
        return _act(request, action, lambda *args, **kwargs: actions.drop_action(*args, why=why, **kwargs), words, form)
    return _ask(request, action, form)


def find_action(request, pairing_slug, key) -> Action:
    """One of a pairing of one's own, with its people."""
    pairing = find_pairing(request, pairing_slug)
    return get_object_or_404(find(pairing), key=key)


def _form(request, pairing):
    key = f"actions-{pairing.pk}"
    return ActionForm(
        words_sent(request),
        people=[pairing.mentee, pairing.mentor],
        initial={"person": str(request.user.pk)},
        draft=drafts_of(request.user, [key]).get(key),
        draft_key=key,
    )


def _add(request, pairing, form):
    said = form.cleaned_data
    added = actions.add_action(pairing, by=request.user, person=said["person"], words=said["words"], due=said["due"])
    let_go(request.user, form.draft_key)
    messages.success(request, _("Added. It stands in the next plan, too."))
    return _place_of(added)


def _act(request, action, act, said, form=None):
    """Do it and show what came of it: the row of the list, where htmx asked, else the list."""
    try:
        action = act(action, by=request.user)
    except MoveRefused as refused:
        if form is not None:
            form.add_error(None, str(refused))
            return _ask(request, action, form)
        said, refusal = str(refused), True
    else:
        said, refusal = said % {"words": action.words}, False
    if request.htmx:
        row = _row(request, find(action.pairing).get(pk=action.pk), just=not refusal)
        return trigger_client_event(row, "announce", {"value": said})
    (messages.warning if refusal else messages.success)(request, said)
    return redirect(_place_of(action))


def _ask(request, action, form):
    """The row with a form in it, where htmx asked, else a page of its own."""
    status = 422 if form.errors else 200
    if request.htmx:
        return _row(request, action, status=status, form=form)
    context = _common(request, action.pairing) | {"action": action, "form": form}
    return render(request, "meetings/action.html", context, status=status)


def _row(request, action, *, status=200, **more):
    context = _common(request, action.pairing) | {"action": action} | more
    return render(request, "meetings/parts/action_row.html", context, status=status)


def _common(request, pairing):
    return {
        "pairing": pairing,
        "other": pairing.other_than(request.user),
        "today": today_of(request.user, timezone.now()),
    }


def _place_of(action):
    url = reverse("meetings:actions", args=[action.pairing.slug])
    return f"{url}?just={action.key}#action-{action.key}"
