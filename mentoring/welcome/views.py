from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions import describe_oneself
from accounts.drafts import drafts_of, let_go
from accounts.rescue import words_sent
from mentoring.welcome.answers import answers_of
from mentoring.welcome.finishing import NotYet, finish
from mentoring.welcome.forms import AboutForm, HopesForm, PlacesStep, WhoStep
from mentoring.welcome.kept import keep_offer
from mentoring.welcome.steps import PARTS, Role, parts_to_welcome
from programmes.actions import describe_part
from programmes.models import Enrolment
from programmes.refusal import MoveRefused


@require_safe
def welcome(request):
    """The steps of everything that one takes part in, and which of them is next."""
    parts = _parts(request)
    open_parts = [part for part in parts if not part.is_over]
    context = {
        "parts": parts,
        "first": next(iter(open_parts), None),
        "is_over": not open_parts,
        "is_first_visit": all(part.is_first_visit for part in parts),
        "count": sum(len(part.steps) for part in parts),
        "done": sum(part.done for part in parts),
    }
    return render(request, "mentoring/welcome/checklist.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def you(request):
    part = _part(request, "you", *PARTS)
    return _step(request, part, "you", AboutForm, _describe, enrolment=part.enrolment)


@require_http_methods(["GET", "HEAD", "POST"])
def hopes(request):
    """What a mentee hopes for."""
    part = _part(request, "hopes", Role.MENTEE)
    may_choose = part.enrolment.level_id is None or not part.enrolment.has_pages
    return _step(request, part, "hopes", HopesForm, _hope, enrolment=part.enrolment, may_choose=may_choose)


@require_http_methods(["GET", "HEAD", "POST"])
def role(request):
    """Whom a mentor can help. Once there is an offer, it is changed on its own page."""
    part = _part(request, "role", Role.MENTOR)
    if part.offer:
        return redirect(part.step("role").url)
    return _step(request, part, "role", WhoStep, _keep, initial=part.kept, programme=part.enrolment.programme)


@require_http_methods(["GET", "HEAD", "POST"])
def places(request):
    """How many a mentor takes, and how they meet."""
    part = _part(request, "places", Role.MENTOR)
    if part.offer:
        return redirect(part.step("places").url)
    initial = {"capacity": part.kept.get("capacity", 1), "meets_by": part.enrolment.meets_by}
    return _step(request, part, "places", PlacesStep, _keep_places, initial=initial)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request):
    """All that was said, before others see it."""
    part = _part(request, None, *PARTS)
    if part.unsaid:
        return redirect(part.unsaid.url)
    if request.method == "POST":
        try:
            finish(part, by=request.user)
        except NotYet as missing:
            messages.warning(request, str(missing))
            return redirect(part.url(missing.name))
        messages.success(request, _said_at_the_end(part))
        return redirect("welcome")
    return render(request, "mentoring/welcome/check.html", {"part": part, "answers": answers_of(part)})


def _parts(request):
    parts = parts_to_welcome(request.user)
    if not parts:
        raise Http404
    return parts


def _part(request, key, *roles):
    """The part in one of these roles that the address is about; where it does not say, the first in which the step
    `key` is still to take (None: in which it is time to look it over)."""
    asked = {"role": request.GET.get("as"), "programme": request.GET.get("programme")}
    found = [part for part in _parts(request) if part.enrolment.role in roles and part.is_called(**asked)]
    if not found:
        raise Http404
    waiting = [part for part in found if (part.can_check if key is None else not part.step(key).is_done)]
    return (waiting or found)[0]


def _step(request, part, key, form_class, save, **options):
    """The page of a step; once it is saved, what comes next."""
    words, draft_key = words_sent(request), f"welcome-{key}-{part.enrolment.pk}"
    draft = None if words else drafts_of(request.user, [draft_key]).get(draft_key)
    form = form_class(words, draft=draft, draft_key=draft_key if form_class.draft_fields else "", **options)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                save(request.user, part, form)
                let_go(request.user, draft_key)
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect(_onward(request))
    context = {"part": part, "step": part.step(key), "form": form, "person": request.user}
    return render(request, "mentoring/welcome/step.html", context, status=422 if form.errors else 200)


def _onward(request):
    """The next step whose questions are not answered, or the look at all of them, or the list."""
    for part in parts_to_welcome(request.user):
        if part.unsaid and not part.is_checked:
            return part.unsaid.url
        if part.can_check:
            return part.check_url
    return "welcome"


def _describe(person, part, form):
    describe_oneself(person, **form.of_person)
    describe_part(part.enrolment, by=person, **form.of_part)
    # Somebody who is both in a programme says once where they are.
    listed = {name: entry for name, entry in form.of_part.items() if name in ("sector", "region")}
    mine = Enrolment.objects.editable_by(person).filter(programme=part.enrolment.programme, role__in=PARTS)
    for other in mine.exclude(pk=part.enrolment.pk):
        describe_part(other, by=person, **listed)


def _hope(person, part, form):
    only = part.enrolment.programme.levels.all()[:2]
    said = {"level": only[0]} if part.enrolment.level_id is None and len(only) == 1 else {}
    describe_part(part.enrolment, by=person, **said, **form.cleaned_data)


def _keep(person, part, form):
    keep_offer(person, part.enrolment, **form.cleaned_data)


def _keep_places(person, part, form):
    keep_offer(person, part.enrolment, capacity=form.cleaned_data["capacity"])
    describe_part(part.enrolment, by=person, meets_by=form.cleaned_data["meets_by"])


def _said_at_the_end(part):
    if part.is_mentee:
        return _("Thank you. Now find a mentor, or begin your first page.")
    if part.enrolment.programme.needs_training:
        return _("Thank you. Mentees find you once the programme team has your training date.")
    return _("Thank you. You’re listed: most mentors hear from someone within a few weeks.")
