"""A plan is written by the mentee, and read by the mentor."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.drafts import drafts_of, let_go
from accounts.once import send_once
from accounts.rescue import words_sent
from meetings import actions
from meetings.open_actions import open_actions
from meetings.plan_forms import MOST, PlanForm, keys_in
from meetings.planning import answers_in, answers_of, can_be_written, how_late, revisions_of, show
from meetings.starters import also_asked, template_of
from meetings.views.finding import find_meeting
from pairings.models import MoveRefused


class NumberForm(forms.Form):
    """Which revision somebody was shown when they pressed a button."""

    number = forms.IntegerField(min_value=1, max_value=MOST)


def plan(request, meeting, *, unsettled):
    """The plan of a meeting, to read; for its mentee to write while nothing is shared yet, and with `?change`.
    `unsettled`: list of `planning.Unsettled`, of the mentee's portfolio. The shell calls it."""
    answers, form = answers_of(meeting), None
    number = max((each.plan.number for each in answers), default=0)
    may_write = request.user.pk == meeting.pairing.mentee_id
    if request.method == "POST" and not may_write:
        raise Http404
    if may_write and can_be_written(meeting) and (request.method == "POST" or "change" in request.GET or not number):
        form = _form(request, meeting, answers, number, unsettled)
    if request.method == "POST" and form and form.is_valid():
        try:
            return redirect(send_once(request.user, form, lambda: _share(request, meeting, form)))
        except MoveRefused as refused:
            form.add_error(None, str(refused))
            form.look_again(getattr(refused, "number", number))
    context = _shown(request, meeting, answers, number) | {"form": form}
    if form and not number:
        context["late"] = how_late(meeting, [each.question for each in form.asked], timezone.now())
    return render(request, "meetings/plan.html", context, status=422 if form and form.errors else 200)


@require_POST
def plan_reading(request, pairing_slug, meeting_slug):
    """“I’ve read this”: from here on the mentor is shown what changed since."""
    meeting = find_meeting(request, pairing_slug, meeting_slug)
    if request.user.pk != meeting.pairing.mentor_id:
        raise Http404
    form = NumberForm(request.POST)
    if form.is_valid():
        actions.read_plan(meeting, by=request.user, number=form.cleaned_data["number"])
    return redirect("meetings:plan", pairing_slug=meeting.pairing.slug, meeting_slug=meeting.slug)


def _shown(request, meeting, answers, number):
    is_mentor = request.user.pk == meeting.pairing.mentor_id
    return {
        "meeting": meeting,
        "pairing": meeting.pairing,
        "other": meeting.other_than(request.user),
        "is_mentor": is_mentor,
        "can_be_written": can_be_written(meeting),
        "plan": show(answers, read=meeting.plan_read if is_mentor else number),
        "revisions": revisions_of(answers),
    }


def _form(request, meeting, answers, number, unsettled):
    pairing, key = meeting.pairing, f"plan-{meeting.pk}"
    draft = drafts_of(request.user, [key]).get(key)
    given, sent = answers_in(answers, number), words_sent(request)
    # Questions may have been left out since somebody wrote to them: their words stay.
    template = template_of(pairing)
    written_to = keys_in([*(sent or ()), *(draft.fields if draft else ())]) | given.keys()
    mine = [each for each in open_actions(pairing) if each.person_id == pairing.mentee_id]
    form = PlanForm(
        sent,
        questions=[*template.questions, *also_asked(pairing, template, written_to)],
        given=given,
        number=number,
        actions=mine,
        unsettled=unsettled,
        draft=draft,
        draft_key=key,
    )
    name = pairing.mentor.first_name
    form.submit_label = _("Share the change with %(name)s") if number else _("Share plan with %(name)s")
    form.submit_label %= {"name": name}
    return form


def _share(request, meeting, form):
    number = form.cleaned_data["number"]
    shared = actions.share_plan(meeting, by=request.user, answers=form.answers, expected_number=number)
    let_go(request.user, form.draft_key)
    words = {"name": meeting.pairing.mentor.first_name}
    if shared.number == number:
        messages.success(request, _("Nothing was changed."))
    elif number:
        messages.success(request, _("Shared. %(name)s sees what changed.") % words)
    else:
        messages.success(request, _("Shared. %(name)s reads it before you meet.") % words)
    return reverse("meetings:plan", args=[meeting.pairing.slug, meeting.slug])
