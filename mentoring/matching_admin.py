"""Matching a whole cohort, in the admin: begin it, see how far it is, look at each proposal, have it matched again with
other weights or with pairs pinned and kept apart. Nobody is told of anything but by *Propose*."""

from functools import wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mentoring import matching
from mentoring.chosen_programme import chosen_programme
from mentoring.matching_choices import choices_for, keep, let_go
from mentoring.matching_forms import ChoiceForm, ProposalForm, WeightsForm
from mentoring.work import done, is_under_way, show_work
from pairings.actions import begin_match_run, propose, skip, stop_match_run
from pairings.models import MatchRun, MoveRefused, Proposal

LOOK, ACT = "pairings.view_pairing", "pairings.change_pairing"
AT_ONCE = 100  # proposals: each writes two emails
State = MatchRun.State


def needs(permission):
    """For somebody of the staff who may open the admin but not this."""

    def decorate(view):
        @wraps(view)
        def guarded(request, site, **kwargs):
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, site, **kwargs)

        return guarded

    return decorate


@needs(LOOK)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request, site):
    """Who waits, who has room, the weights, and earlier runs."""
    programme, mine = chosen_programme(request)
    runs = list(matching.runs_of(programme)) if programme else []
    form = WeightsForm(request.POST or None, weights=runs[0].weights if runs else {})
    if request.method == "POST":
        _check(request, programme)
        if form.is_valid() and (run := _begin(request, programme, form)):
            return redirect("admin:match_run", run.pk)
    context = {
        **site.each_context(request),
        "title": _("Matching"),
        "programme": programme,
        "programmes": mine,
        "runs": runs,
        "under_way": next((run for run in runs if is_under_way(run)), None),
        "form": form,
        "may_act": request.user.has_perm(ACT),
        "lobby": matching.Lobby(programme) if programme else None,
    }
    return TemplateResponse(request, "admin/programme/matching.html", context, status=422 if form.errors else 200)


@needs(LOOK)
@require_safe
def run(request, site, pk):
    """How far a run is; then its proposals, one list at a time."""
    found = _run(request, pk)
    context = {**site.each_context(request), "title": _("Matching of %(day)s") % {"day": _day(found)}, "run": found}
    context["parent"] = {"url": _address(found.programme), "title": _("Matching")}
    may_act = request.user.has_perm(ACT)
    if is_under_way(found):
        stop_address = reverse("admin:match_stop", args=[pk]) if may_act else ""
        note = _("Nobody is told of anything.")
        return show_work(request, found, context, stop=stop_address, counted=_("mentees"), note=note)
    if request.htmx:
        return done()
    context |= _shown(request, found) if found.state == State.DONE else {}
    return TemplateResponse(request, "admin/programme/match_run.html", context | {"may_act": may_act})


@needs(ACT)
@require_POST
def stop(request, site, pk):
    _try(request, lambda: stop_match_run(_run(request, pk), by=request.user), _("It stops now."))
    return redirect("admin:match_run", pk)


@needs(ACT)
@require_POST
def propose_one(request, site, pk):
    """The two are asked to talk: both are told at once."""
    proposal = _proposal(request, pk)
    told = _("%(mentee)s and %(mentor)s are both told: they talk first, and both say yes.") % _names(proposal)
    _try(request, lambda: propose(proposal, by=request.user), told)
    return _back(request, pk)


@needs(ACT)
@require_POST
def skip_one(request, site, pk):
    proposal = _proposal(request, pk)
    skipped = _("Skipped: %(mentee)s and %(mentor)s. Nobody is told.") % _names(proposal)
    _try(request, lambda: skip(proposal, by=request.user), skipped)
    return _back(request, pk)


@needs(ACT)
@require_POST
def choose(request, site, pk):
    """Pin a pair, keep one apart, or let go of such a choice: for the next time."""
    found, form = _run(request, pk), ChoiceForm(request.POST)
    if not form.is_valid() or not matching.takes_part(found, form.cleaned_data["mentee"], form.cleaned_data["offer"]):
        raise Http404
    choices = choices_for(request.session, found)
    act = {ChoiceForm.PIN: choices.pin, ChoiceForm.NEVER: choices.forbid, ChoiceForm.FREE: choices.free}
    act[form.cleaned_data["what"]](form.cleaned_data["mentee"], form.cleaned_data["offer"])
    keep(request.session, found, choices)
    messages.info(request, _("Kept for when you match again."))
    return _back(request, pk)


@needs(ACT)
@require_POST
def again(request, site, pk):
    """The same once more, with the weights and choices of now."""
    found = _run(request, pk)
    form = WeightsForm(request.POST, weights=found.weights)
    if not form.is_valid():
        messages.warning(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return _back(request, pk)
    next_run = _begin(request, found.programme, form, choices_for(request.session, found))
    if next_run is None:
        return _back(request, pk)
    let_go(request.session)
    return redirect("admin:match_run", next_run.pk)


@needs(ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def propose_rest(request, site, pk):
    """Asks first; then all that nobody has looked at, so many at a time."""
    found = _run(request, pk)
    left = matching.proposals_of(found, "open") if found.state == State.DONE else Proposal.objects.none()
    if request.method == "POST":
        _propose_all(request, left[:AT_ONCE])
        return redirect("admin:match_run", pk)
    count = left.count()
    context = {
        **site.each_context(request),
        "title": _("Propose all that are left?"),
        "run": found,
        "count": min(count, AT_ONCE),
        "others": max(0, count - AT_ONCE),
        "parent": {"url": _address(found.programme), "title": _("Matching")},
    }
    return TemplateResponse(request, "admin/programme/match_all.html", context)


def _shown(request, run):
    counts = matching.counts_of(run)
    name = request.GET.get("list")
    name = name if name in matching.LISTS else next((each for each in matching.LISTS if counts[each]), "open")
    choices = choices_for(request.session, run)
    chosen = matching.named(run, choices) if choices.pinned or choices.forbidden else []
    return {
        "counts": counts,
        "lists": [(each, label, counts[each]) for each, label in matching.LISTS.items()],
        "chosen": name,
        "page": matching.page_of(run, name, request.GET.get("page"), total=counts[name], choices=choices),
        "named_choices": chosen,
        "form": WeightsForm(weights=run.weights),
        "is_best": run.total_score == run.bound,
    }


def _begin(request, programme, form, choices=None):
    pairs = {"pinned": choices.pinned, "forbidden": choices.forbidden} if choices else {}
    try:
        return begin_match_run(programme, by=request.user, weights=form.cleaned_data, **pairs)
    except MoveRefused as refused:
        messages.warning(request, str(refused))


def _propose_all(request, proposals):
    proposed = 0
    for proposal in proposals:
        try:
            propose(proposal, by=request.user)
            proposed += 1
        except MoveRefused as refused:
            messages.warning(request, _("%(mentee)s and %(mentor)s: %(why)s") % {**_names(proposal), "why": refused})
    if proposed:
        words = ngettext("%(count)d pair is told.", "%(count)d pairs are told.", proposed)
        messages.success(request, words % {"count": proposed})


def _try(request, act, words):
    try:
        act()
    except MoveRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, words)


def _check(request, programme):
    if programme is None or not request.user.has_perm(ACT):
        raise PermissionDenied


def _run(request, pk):
    return get_object_or_404(matching.runs_administered_by(request.user), pk=pk)


def _proposal(request, pk):
    form = ProposalForm(request.POST)
    if not form.is_valid():
        raise Http404
    mine = Proposal.objects.administered_by(request.user).select_related("mentee__person", "offer__enrolment__person")
    return get_object_or_404(mine, run=pk, pk=form.cleaned_data["proposal"])


def _names(proposal):
    return {"mentee": proposal.mentee.person.name, "mentor": proposal.offer.enrolment.person.name}


def _day(run):
    return date_format(localtime(run.created_at), "j F, H:i")


def _address(programme):
    return f"{reverse('admin:matching')}?programme={programme.slug}"


def _back(request, pk):
    """To where the button stood."""
    place = {name: request.GET[name] for name in ("list", "page") if name in request.GET}
    return redirect(reverse("admin:match_run", args=[pk]) + (f"?{urlencode(place)}" if place else ""))
