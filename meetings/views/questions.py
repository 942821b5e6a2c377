"""What a mentor asks in one pairing: both can read it, the mentor adapts it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.once import send_once
from accounts.rescue import words_sent
from meetings import actions
from meetings.question_forms import QuestionsForm
from meetings.starters import template_of
from meetings.views.finding import find_pairing
from pairings.models import MoveRefused


@require_http_methods(["GET", "HEAD", "POST"])
def questions(request, pairing_slug):
    """The questions of the next plan; for the mentor to change with `?change`."""
    pairing = find_pairing(request, pairing_slug)
    template, is_mentor = template_of(pairing), request.user.pk == pairing.mentor_id
    if request.method == "POST" and not (is_mentor and pairing.is_live):
        raise Http404
    form = None
    if is_mentor and pairing.is_live and (request.method == "POST" or "change" in request.GET):
        number = template.number if template.is_own else 0
        form = QuestionsForm(words_sent(request), questions=template.questions, number=number)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(send_once(request.user, form, lambda: _keep(request, pairing, form)))
        except actions.QuestionsChanged as changed:
            form.add_error(None, str(changed))
            form.look_again(changed.number)
        except MoveRefused as refused:
            form.add_error(None, str(refused))
    context = {
        "pairing": pairing,
        "other": pairing.other_than(request.user),
        "template": template,
        "is_mentor": is_mentor,
        "form": form,
    }
    return render(request, "meetings/questions.html", context, status=422 if form and form.errors else 200)


def _keep(request, pairing, form):
    number = form.cleaned_data["number"]
    actions.keep_questions(pairing, by=request.user, questions=form.questions, expected_number=number)
    words = {"name": pairing.mentee.first_name}
    messages.success(request, _("Saved. %(name)s is asked these from the next plan on.") % words)
    return reverse("meetings:questions", args=[pairing.slug])
