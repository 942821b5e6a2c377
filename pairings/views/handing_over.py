from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.drafts import drafts_of, let_go
from accounts.once import send_once
from accounts.rescue import words_sent
from pairings import actions
from pairings.carrying_on import offers_to_carry_on
from pairings.ending_forms import ConsentForm, HandOverForm
from pairings.models import HandOver, MoveRefused
from pairings.views.finding import common, find_own

State = HandOver.State


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request, pairing_slug):
    """Another mentor is to carry on: propose one, consent, see what came of it. For the mentor who is asked, too."""
    latest = HandOver.objects.visible_to(request.user).with_people().filter(pairing__slug=pairing_slug).first()
    if latest and request.user.pk == latest.mentor_id:
        return _as_new_mentor(request, latest)
    pairing = find_own(request, pairing_slug)
    form, act = _form(request, pairing, latest)
    if request.method == "POST" and form and form.is_valid():
        try:
            return redirect(act())
        except MoveRefused as refused:
            form.add_error(None, str(refused))
    context = common(request, pairing, page="hand_over", about=latest and latest.pk) | {"latest": latest, "form": form}
    return render(request, "pairings/hand_over.html", context, status=422 if form and form.errors else 200)


@require_POST
def hand_over_answer(request, pairing_slug):
    """“Yes”, “Not this time” or “Take it back”, to the hand-over that is under way."""
    found = HandOver.objects.visible_to(request.user).open().with_people().filter(pairing__slug=pairing_slug).first()
    if found is None:
        raise Http404
    try:
        if "yes" in request.POST:
            actions.accept_hand_over(found, by=request.user)
            name = {"name": found.pairing.mentee.first_name}
            messages.success(request, _("Thank you. You are %(name)s’s mentor now.") % name)
        elif "back" in request.POST:
            actions.withdraw_hand_over(found, by=request.user)
            messages.success(request, _("Taken back. You go on as you were."))
        elif "no" in request.POST:
            actions.decline_hand_over(found, by=request.user)
            messages.success(request, _("Thank you for saying so. We tell the others."))
    except MoveRefused as refused:
        messages.warning(request, str(refused))
    return redirect("pairings:hand_over", pairing_slug=pairing_slug)


def _form(request, pairing, latest):
    """The form of this step, and what to do with it, which returns where to go; (None, None) when there is none."""
    data = words_sent(request)
    if not pairing.is_live:
        return None, None
    if latest is None or not latest.is_open:
        key = f"hand-over-{pairing.pk}"
        draft = drafts_of(request.user, [key]).get(key)
        form = HandOverForm(data, offers=offers_to_carry_on(pairing), draft=draft, draft_key=key)
        return form, lambda: send_once(request.user, form, lambda: _propose(request, pairing, form))
    if latest.state == State.ASKED and request.user.pk == pairing.mentee_id:
        form = ConsentForm(data, name=latest.mentor.first_name)
        return form, lambda: _consent(request, latest, form)
    return None, None


def _propose(request, pairing, form):
    actions.propose_hand_over(pairing, form.offer, by=request.user, words=form.cleaned_data["words"])
    let_go(request.user, form.draft_key)
    if request.user.pk == pairing.mentor_id:
        messages.success(request, _("Proposed. Now it is for %(name)s to say.") % {"name": pairing.mentee.first_name})
    return reverse("pairings:hand_over", args=[pairing.slug])


def _consent(request, latest, form):
    said = form.cleaned_data
    actions.consent_to_hand_over(latest, by=request.user, window=said["window"], since=said["since"])
    messages.success(request, _("Thank you. We ask %(name)s now.") % {"name": latest.mentor.first_name})
    return reverse("pairings:hand_over", args=[latest.pairing.slug])


def _as_new_mentor(request, latest):
    """What somebody sees who is asked to carry on: whose mentor, why, and what they may read."""
    if request.method == "POST":
        return hand_over_answer(request, pairing_slug=latest.pairing.slug)
    context = common(request, latest.pairing, page="hand_over", about=latest.pk)
    return render(request, "pairings/hand_over_answer.html", context | {"latest": latest})
