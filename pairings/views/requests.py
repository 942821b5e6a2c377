from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.drafts import drafts_of, let_go
from accounts.once import send_once
from accounts.rescue import words_sent
from notifications.models import Notification
from pairings import actions
from pairings.models import MentorRequest, MoveRefused
from pairings.notices.request_words import others_for, questions_of
from pairings.request_forms import ReadRequestForm, RefusalForm
from programmes.models import Wording
from programmes.wordings import words_of

State = MentorRequest.State
A_PAGE = 20
# After so many days a mentee is asked whether they would rather ask somebody else.
LONG = timedelta(days=7)


@require_safe
def requests(request):
    """All that one asked or was asked, the newest first."""
    mine = MentorRequest.objects.visible_to(request.user).with_people()
    page = Paginator(mine, A_PAGE).get_page(request.GET.get("page"))
    for each in page:
        each.other = each.other_than(request.user)
        each.is_mine = each.mentee_id == request.user.pk
    return render(request, "pairings/requests.html", {"page": page})


@require_safe
def request_page(request, slug):
    """One request, as the one of the two sees it who looks."""
    found = find_request(request, slug)
    is_mentor = found.mentor_id == request.user.pk
    closed_without = found.state in (State.DECLINED, State.LAPSED, State.WITHDRAWN)
    context = {
        "found": found,
        "other": found.other_than(request.user),
        "is_mentor": is_mentor,
        "questions": questions_of(found, reader=request.user),
        "others": others_for(found) if closed_without and not is_mentor else [],
        "waits_long": found.state == State.ASKED and found.asked_at <= timezone.now() - LONG,
        "said_yes": found.mentor_said_yes_at if is_mentor else found.mentee_said_yes_at,
        "other_said_yes": found.mentee_said_yes_at if is_mentor else found.mentor_said_yes_at,
        "has_news": Notification.objects.unseen().filter(person=request.user, event__bundle=found.bundle).exists(),
        "now": timezone.now(),
    }
    return render(request, "pairings/request.html", context)


@require_POST
def acceptance(request, slug):
    """“Yes, let’s talk first.”"""
    found = find_request(request, slug)
    try:
        actions.answer_request(found, by=request.user, yes=True)
    except MoveRefused as refused:
        messages.error(request, str(refused))
    return redirect("pairings:request", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def refusal(request, slug):
    """“Not this time”, by the mentor."""
    found = get_object_or_404(_of(request).filter(mentor=request.user), slug=slug)
    if request.method != "POST" and not found.is_open:
        return redirect("pairings:request", slug)
    data, key = words_sent(request), f"request-{found.pk}-refusal"
    ready = {"words": words_of(found.programme, Wording.Kind.NOT_THIS_TIME)}
    draft = drafts_of(request.user, [key]).get(key)
    form = RefusalForm(data, name=found.mentee.first_name, draft=draft, draft_key=key, initial=ready)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(send_once(request.user, form, lambda: _refuse(request, found, form)))
        except MoveRefused as refused:
            form.add_error(None, str(refused))
    context = {"found": found, "other": found.mentee, "form": form}
    return render(request, "pairings/refusal.html", context, status=422 if form.errors else 200)


@require_POST
def say_yes(request, slug):
    """After the talk: “yes”."""
    found = find_request(request, slug)
    try:
        pairing = actions.say_yes(found, by=request.user)
    except MoveRefused as refused:
        messages.error(request, str(refused))
        return redirect("pairings:request", slug)
    name = {"name": found.other_than(request.user).first_name}
    if pairing:
        messages.success(request, _("You and %(name)s are a pairing now. First, say hello.") % name)
        return redirect("pairings:messages", pairing.slug)
    messages.success(request, _("%(name)s knows that you said yes.") % name)
    return redirect("pairings:request", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal(request, slug):
    """The mentee takes it back, or says “not this time” after the talk: asks first."""
    found = get_object_or_404(_of(request).filter(mentee=request.user), slug=slug)
    if not found.is_open:
        return redirect("pairings:request", slug)
    if request.method != "POST":
        return render(request, "pairings/withdrawal.html", {"found": found, "other": found.mentor})
    try:
        actions.withdraw_request(found, by=request.user)
    except MoveRefused as refused:
        messages.error(request, str(refused))
        return redirect("pairings:request", slug)
    messages.success(request, _("Taken back. What you wrote is kept for whom you ask next."))
    return redirect("pairings:mentors")


@require_POST
def reading(request, slug):
    """What happened to it was read."""
    found = find_request(request, slug)
    form = ReadRequestForm(request.POST)
    if form.is_valid():
        actions.mark_request_read(found, by=request.user, until=form.cleaned_data["until"])
    if request.htmx:
        return HttpResponse(status=204)
    return redirect("pairings:request", slug)


def find_request(request, slug) -> MentorRequest:
    """One of the person's own, with both people; 404 for any other."""
    return get_object_or_404(_of(request), slug=slug)


def _of(request):
    people = ("offer__enrolment", "suggested_by__profile", "pairing")
    return MentorRequest.objects.visible_to(request.user).with_people().select_related(*people)


def _refuse(request, found, form):
    actions.answer_request(found, by=request.user, yes=False, words=form.cleaned_data["words"])
    let_go(request.user, form.draft_key)
    name = {"name": found.mentee.first_name}
    messages.success(request, _("Sent, kindly. %(name)s hears of others to ask.") % name)
    return reverse("pairings:request", args=[found.slug])
