"""What the team does about a pairing, from its page in the admin: propose another mentor, or end it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from accounts.once import send_once
from mentoring.board_admin import ACT
from mentoring.matching_admin import needs
from pairings.actions import end_pairing, propose_hand_over, withdraw_hand_over
from pairings.carrying_on import offers_to_carry_on
from pairings.ending_forms import EndForm, HandOverForm
from pairings.models import EndReason, HandOver, MoveRefused, Pairing
from programmes import audit

MOST = 100  # pairings that are ended at once: each writes two emails
Why = EndReason.Why


class AnotherMentorForm(HandOverForm):
    draft_fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].help_text = gettext_lazy("All three read them.")


class EndTheirsForm(EndForm):
    once = False
    draft_fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["why"].help_text = gettext_lazy("For coordinators alone: neither the two nor helpers read it.")
        self.fields["why"].choices = [
            (Why.FINISHED, gettext_lazy("They did what they set out to do")),
            (Why.TIME, gettext_lazy("One of them has no time just now")),
            (Why.FIT, gettext_lazy("It wasn’t the right fit")),
            (Why.SILENT, gettext_lazy("They lost touch")),
            (Why.OTHER, gettext_lazy("Something else")),
        ]
        self.fields["words"].help_text = gettext_lazy("For coordinators alone, too.")


@needs(ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def another_mentor(request, site, pk):
    """Propose who carries on; while somebody is proposed, say so, and take it back."""
    pairing = get_object_or_404(_administered(request.user).live(), pk=pk)
    if request.user.pk in (pairing.mentee_id, pairing.mentor_id):
        return redirect("pairings:hand_over", pairing_slug=pairing.slug)
    proposed = HandOver.objects.open().filter(pairing=pairing).with_people().first()
    if request.method == "POST" and "back" in request.POST:
        return _take_back(request, pairing, proposed)
    if request.method == "POST" and proposed:  # a second click, or a page that was open for long: it says who and when
        return redirect("admin:board_another_mentor", pairing.pk)
    form = AnotherMentorForm(request.POST or None, offers=_offers(pairing, request.user))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(send_once(request.user, form, lambda: _propose(request, pairing, form)))
        except MoveRefused as refused:
            form.add_error(None, str(refused))
    title = _("Another mentor for %(name)s") % {"name": pairing.mentee.name}
    context = _context(request, site, title) | {"pairing": pairing, "proposed": proposed, "form": form}
    page = "admin/programme/board_another_mentor.html"
    return TemplateResponse(request, page, context, status=422 if form.errors else 200)


@needs(ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request, site):
    """Asks why, then ends the pairings that `?pairing=` names, each of them told to its two."""
    pairings = _chosen(request)
    form = EndTheirsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _end_all(request, pairings, form)
        return redirect(_list())
    title = ngettext("End this pairing?", "End these pairings?", len(pairings))
    context = _context(request, site, title) | {"pairings": pairings, "form": form}
    return TemplateResponse(request, "admin/programme/board_end.html", context, status=422 if form.errors else 200)


def _administered(user):
    return Pairing.objects.administered_by(user).with_people().select_related("programme")


def _list():
    return reverse("admin:pairings_pairing_changelist")


def _context(request, site, title):
    return {**site.each_context(request), "title": title, "list": _list()}


def _offers(pairing, user):
    """But for the one who looks: nobody gives themselves somebody's portfolio to read."""
    return [offer for offer in offers_to_carry_on(pairing) if offer.enrolment.person_id != user.pk]


def _propose(request, pairing, form):
    made = propose_hand_over(pairing, form.offer, by=request.user, words=form.cleaned_data["words"])
    audit.record("proposed another mentor", made, by=request.user, programme=pairing.programme)
    words = {"mentee": pairing.mentee.name, "mentor": pairing.mentor.name}
    messages.success(request, _("%(mentee)s and %(mentor)s are told. Now %(mentee)s decides.") % words)
    return reverse("admin:pairings_pairing_change", args=[pairing.pk])


def _take_back(request, pairing, proposed):
    try:
        if proposed is None:
            raise MoveRefused(_("Nobody is proposed any more."))
        withdraw_hand_over(proposed, by=request.user)
        audit.record("took back another mentor", proposed, by=request.user, programme=pairing.programme)
        messages.success(request, _("Taken back. They go on as they were."))
    except MoveRefused as refused:
        messages.warning(request, str(refused))
    return redirect("admin:board_another_mentor", pairing.pk)


def _chosen(request):
    """The pairings of the address, without the reader's own. Raises Http404 when they look after none of them."""
    keys = [key for key in request.GET.getlist("pairing") if key.isdecimal() and len(key) < 10]
    found = list(_administered(request.user).filter(pk__in=keys[:MOST]).order_by("mentee__name", "pk"))
    others = [pairing for pairing in found if request.user.pk not in (pairing.mentee_id, pairing.mentor_id)]
    if not others:
        raise Http404
    return others


def _end_all(request, pairings, form):
    ended = 0
    for pairing in pairings:
        try:
            end_pairing(pairing, by=request.user, **form.cleaned_data)
        except MoveRefused as refused:
            messages.warning(request, f"{pairing}: {refused}")
        else:
            audit.record("ended", pairing, by=request.user, programme=pairing.programme)
            ended += 1
    if ended:
        words = ngettext("%(count)d pairing ended. Both are told.", "%(count)d pairings ended. All are told.", ended)
        messages.success(request, words % {"count": ended})
