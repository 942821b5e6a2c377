from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.drafts import drafts_of, let_go
from accounts.once import send_once
from accounts.rescue import words_sent
from pairings import actions
from pairings.certificate import certificate_of, file_name, pdf
from pairings.ending_forms import CompletionAnswersForm, EndForm, ThanksForm
from pairings.models import CompletionForm, MoveRefused, Pairing, ThankYou
from pairings.views.finding import common, find_own
from programmes.models import Wording
from programmes.wordings import words_of

State = Pairing.State


@require_http_methods(["GET", "HEAD", "POST"])
def end(request, pairing_slug):
    """To finish together, or to end now: says what closes, and asks why."""
    pairing = find_own(request, pairing_slug)
    if not pairing.is_live:
        return redirect("pairings:thanks", pairing_slug=pairing.slug)
    key = f"end-{pairing.pk}"
    data = None if "finish" in request.POST or "go_on" in request.POST else words_sent(request)
    form = EndForm(data, draft=drafts_of(request.user, [key]).get(key), draft_key=key)
    try:
        if request.method == "POST" and data is None:
            return _begin_finishing(request, pairing)
        if request.method == "POST" and form.is_valid():
            return redirect(send_once(request.user, form, lambda: _end(request, pairing, form)))
    except MoveRefused as refused:
        messages.warning(request, str(refused))
        return redirect("pairings:end", pairing_slug=pairing.slug)
    context = common(request, pairing, page="end") | {"form": form}
    return render(request, "pairings/end.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def completion(request, pairing_slug):
    """The mentor's form, once; both can read it then."""
    pairing = find_own(request, pairing_slug)
    sent = CompletionForm.objects.visible_to(request.user).filter(pairing=pairing).first()
    may_fill_in = request.user.pk == pairing.mentor_id and pairing.state in (State.COMPLETING, State.ENDED)
    form = _completion_form(request, pairing) if may_fill_in and not sent else None
    if request.method == "POST" and form and form.is_valid():
        try:
            return redirect(send_once(request.user, form, lambda: _complete(request, pairing, form)))
        except MoveRefused as refused:
            form.add_error(None, str(refused))
    context = common(request, pairing, page="completion") | {"sent": sent, "form": form}
    return render(request, "pairings/completion.html", context, status=422 if form and form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def thanks(request, pairing_slug):
    """What each says to the other at the end."""
    pairing = find_own(request, pairing_slug)
    if pairing.state not in (State.COMPLETING, State.ENDED):
        return redirect("pairings:end", pairing_slug=pairing.slug)
    said = list(ThankYou.objects.visible_to(request.user).filter(pairing=pairing).select_related("by__profile"))
    key = f"thanks-{pairing.pk}"
    form = None
    if not any(each.by_id == request.user.pk for each in said):
        draft, name = drafts_of(request.user, [key]).get(key), pairing.other_than(request.user).first_name
        form = ThanksForm(words_sent(request), name=name, draft=draft, draft_key=key)
    if request.method == "POST" and form and form.is_valid():
        try:
            return redirect(send_once(request.user, form, lambda: _thank(request, pairing, form)))
        except MoveRefused as refused:
            form.add_error(None, str(refused))
    context = common(request, pairing, page="thanks") | {
        "said": said,
        "form": form,
        "programme_says": "" if pairing.is_live else words_of(pairing.programme, Wording.Kind.ENDING),
        "has_form": CompletionForm.objects.filter(pairing=pairing).exists(),
    }
    return render(request, "pairings/thanks.html", context, status=422 if form and form.errors else 200)


@require_safe
def certificate(request, pairing_slug):
    """Of the hours that a mentor gave, for their own development: theirs alone, once their form is sent."""
    pairing = find_own(request, pairing_slug)
    form = CompletionForm.objects.filter(pairing=pairing, hours__isnull=False).first()
    if request.user.pk != pairing.mentor_id or form is None:
        raise Http404
    response = HttpResponse(pdf(certificate_of(pairing, form)), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, file_name(pairing))
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _begin_finishing(request, pairing):
    name = {"name": pairing.other_than(request.user).first_name}
    if "go_on" in request.POST:
        actions.go_on_after_all(pairing, by=request.user)
        messages.success(request, _("You go on as before."))
        return redirect("pairings:end", pairing_slug=pairing.slug)
    actions.ask_for_completion(pairing, by=request.user)
    if request.user.pk == pairing.mentor_id:
        messages.success(request, _("You are finishing. We tell %(name)s. Your form comes first.") % name)
        return redirect("pairings:completion", pairing_slug=pairing.slug)
    messages.success(request, _("You are finishing. We ask %(name)s for the completion form.") % name)
    return redirect("pairings:end", pairing_slug=pairing.slug)


def _end(request, pairing, form):
    actions.end_pairing(pairing, by=request.user, **form.cleaned_data)
    let_go(request.user, form.draft_key)
    messages.success(request, _("Your time together has ended."))
    return reverse("pairings:thanks", args=[pairing.slug])


def _completion_form(request, pairing):
    key = f"completion-{pairing.pk}"
    questions = list(pairing.programme.completion_questions.filter(retired_at=None))
    draft = drafts_of(request.user, [key]).get(key)
    return CompletionAnswersForm(words_sent(request), questions=questions, draft=draft, draft_key=key)


def _complete(request, pairing, form):
    hours = form.cleaned_data["hours"]
    actions.fill_in_completion(pairing, by=request.user, answers=form.answers, hours=hours)
    let_go(request.user, form.draft_key)
    messages.success(request, _("Thank you. Your certificate of hours is ready."))
    return reverse("pairings:completion", args=[pairing.slug])


def _thank(request, pairing, form):
    actions.thank(pairing, by=request.user, words=form.cleaned_data["words"])
    let_go(request.user, form.draft_key)
    name = {"name": pairing.other_than(request.user).first_name}
    messages.success(request, _("Sent. %(name)s gets your words by email, too.") % name)
    return reverse("pairings:thanks", args=[pairing.slug])
