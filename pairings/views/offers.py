"""A mentor's own offer: one for each programme that they mentor in."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.drafts import drafts_of, let_go
from accounts.rescue import words_sent
from pairings import actions
from pairings.models import MoveRefused
from pairings.offer_forms import OfferForm, PauseForm
from pairings.own_offers import own_offers
from programmes.actions import describe_part


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request):
    """What one offers as a mentor. The address says in which programme, where there are several."""
    own, others = _own(request)
    words, key = words_sent(request), f"offer-{own.offer.pk}"
    draft = None if words else drafts_of(request.user, [key]).get(key)
    form = OfferForm(words, offer=own.offer, draft=draft, draft_key=key)
    if request.method == "POST" and form.is_valid():
        try:
            _save(own.offer, form, request.user)
        except MoveRefused as refused:
            form.add_error("capacity", str(refused))
        else:
            messages.success(request, _("Saved. This is what mentees read from now on."))
            return redirect(_address(own))
    return _show(request, own, others, form, PauseForm())


@require_POST
def pause(request):
    """Nobody new for a while; with `open`, mentees again from now on."""
    own, others = _own(request)
    form = PauseForm(request.POST)
    try:
        if "open" in request.POST:
            actions.open_offer(own.offer, by=request.user)
            messages.success(request, _("You take mentees again."))
            return redirect(_address(own))
        if form.is_valid():
            actions.pause_offer(own.offer, by=request.user, until=form.cleaned_data["until"])
            messages.success(request, _("Pausing is fine. Whom you work with already is not touched by it."))
            return redirect(_address(own))
    except MoveRefused as refused:
        form.add_error("until", str(refused))
    return _show(request, own, others, OfferForm(offer=own.offer), form)


def _own(request):
    """One's own offer that the address is about, and the others."""
    owns, slug = own_offers(request.user, timezone.localdate()), request.GET.get("programme")
    chosen = next((own for own in owns if slug in (None, own.programme.slug)), None)
    if chosen is None:
        raise Http404
    return chosen, [own for own in owns if own is not chosen]


def _address(own):
    return f"{reverse('pairings:offer')}?programme={own.programme.slug}"


@transaction.atomic
def _save(offer, form, by):
    said = dict(form.cleaned_data)
    describe_part(offer.enrolment, by=by, meets_by=said.pop("meets_by"))
    actions.set_offer(offer, by=by, **said)
    let_go(by, form.draft_key)


def _show(request, own, others, form, pause_form):
    wrong = form if form.errors else pause_form
    context = {"own": own, "others": others, "form": form, "pause_form": pause_form, "wrong": wrong}
    return render(request, "pairings/offer.html", context, status=422 if wrong.errors else 200)
