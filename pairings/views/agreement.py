from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.drafts import drafts_of, let_go
from accounts.once import send_once
from accounts.rescue import words_sent
from pairings import actions
from pairings.agreement import given_in, questions_of, suggested
from pairings.agreement_forms import AgreementForm, NumberForm
from pairings.models import MoveRefused
from pairings.reading_agreement import read
from pairings.views.finding import common, find_own


@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request, pairing_slug):
    """How the two work together: to read and tick, or, with `?change` and at first, to write."""
    pairing = find_own(request, pairing_slug)
    shown = read(pairing, by=request.user)
    form = stale = None
    if pairing.is_live and (request.method == "POST" or "change" in request.GET or not shown.latest):
        form = _form(request, pairing, shown)
    if request.method == "POST" and form and form.is_valid():
        try:
            return redirect(send_once(request.user, form, lambda: _save(request, pairing, form)))
        except actions.AgreementChanged as changed:
            form.add_error(None, str(changed))
            form.look_again(changed.latest.number if changed.latest else 0)
            stale = changed.latest
        except MoveRefused as refused:
            form.add_error(None, str(refused))
    context = common(request, pairing, page="agreement") | {
        "shown": shown,
        "form": form,
        "stale": stale and read(pairing, by=request.user),
    }
    return render(request, "pairings/agreement.html", context, status=422 if form and form.errors else 200)


@require_POST
def tick(request, pairing_slug):
    """“I agree”, “Still right”, or “Begin” where nothing is asked."""
    pairing = find_own(request, pairing_slug)
    form = NumberForm(request.POST)
    try:
        if "begin" in request.POST:
            actions.begin_without_questions(pairing, by=request.user)
            messages.success(request, _("You have begun. All the best to you both."))
        elif form.is_valid():
            messages.success(request, _tick(request, pairing, form.cleaned_data["number"]))
    except MoveRefused as refused:
        messages.warning(request, str(refused))
    return redirect("pairings:agreement", pairing_slug=pairing.slug)


def _tick(request, pairing, number):
    if "still_right" in request.POST:
        actions.still_right(pairing, by=request.user, number=number)
        return _("Good. We’ll ask again in a while.")
    agreed = actions.agree(pairing, by=request.user, number=number)
    words = {"name": pairing.other_than(request.user).first_name}
    if agreed.is_agreed:
        return _("Agreed by both of you. That is how you and %(name)s work together.") % words
    return _("Noted. Now it is for %(name)s to agree.") % words


def _form(request, pairing, shown):
    questions, key = questions_of(pairing.programme), f"agreement-{pairing.pk}"
    if not questions:
        return None
    return AgreementForm(
        words_sent(request),
        questions=questions,
        given=given_in(shown.latest.answers) if shown.latest else suggested(questions),
        number=shown.latest.number if shown.latest else 0,
        draft=drafts_of(request.user, [key]).get(key),
        draft_key=key,
    )


def _save(request, pairing, form):
    number = form.cleaned_data["number"]
    saved = actions.revise_agreement(
        pairing, by=request.user, answers=form.answers, expected_number=number, agrees=True
    )
    let_go(request.user, form.draft_key)
    words = {"name": pairing.other_than(request.user).first_name}
    if saved.is_agreed:
        messages.success(request, _("Agreed by both of you. Nothing was changed."))
    else:
        messages.success(request, _("Saved. Now it is for %(name)s to agree.") % words)
    return reverse("pairings:agreement", args=[pairing.slug])
