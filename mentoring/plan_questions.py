"""What a programme asks its mentees before a meeting, in the admin. What a mentor asks in one pairing stays there."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.once import send_once
from accounts.rescue import words_sent
from meetings.actions import QuestionsChanged, keep_questions
from meetings.question_forms import QuestionsForm
from meetings.starters import template_of_programme
from mentoring.chosen_programme import chosen_programme
from pairings.models import MoveRefused

LOOK, ACT = "programmes.view_agreementquestion", "programmes.change_agreementquestion"


@require_http_methods(["GET", "HEAD", "POST"])
def show(request, site):
    """The questions, for whoever may change them as a form."""
    may_act = request.user.has_perm(ACT)
    if not request.user.has_perm(LOOK) or (request.method == "POST" and not may_act):
        raise PermissionDenied
    programme, mine = chosen_programme(request)
    context = {
        **site.each_context(request),
        "title": _("Questions before a meeting"),
        "programme": programme,
        "programmes": mine,
    }
    if programme is None:
        return TemplateResponse(request, "admin/programme/plan_questions.html", context)
    template = template_of_programme(programme)
    form = QuestionsForm(words_sent(request), questions=template.questions, number=template.number) if may_act else None
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(send_once(request.user, form, lambda: _keep(request, site, programme, form)))
        except QuestionsChanged as changed:
            form.add_error(None, str(changed))
            form.look_again(changed.number)
        except MoveRefused as refused:
            form.add_error(None, str(refused))
    context |= {"template": template, "form": form}
    status = 422 if form and form.errors else 200
    return TemplateResponse(request, "admin/programme/plan_questions.html", context, status=status)


def _keep(request, site, programme, form):
    number = form.cleaned_data["number"]
    kept = keep_questions(programme, by=request.user, questions=form.questions, expected_number=number)
    if kept.number != number:
        site.record("changed the questions of plans", kept, by=request.user)
    messages.success(request, _("Saved. The next plans are asked these; a mentor’s own questions stay as they are."))
    return reverse("admin:plan_questions") + f"?programme={programme.slug}"
