"""The board in the admin: what `mentoring.board` found, and the one thing to do about each."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.once import send_once
from accounts.rescue import words_sent
from accounts.site_form import SiteForm
from mentoring import board
from mentoring.chosen_programme import chosen_programme
from pairings.actions import remind_of_request, send_kind_note, suggest_talk
from pairings.models import KindNote, MentorOffer, MentorRequest, MoveRefused, Pairing
from pairings.register import Register
from programmes import audit
from programmes.models import Enrolment, Wording
from programmes.wordings import words_of

LOOK, ACT = "pairings.view_pairing", "pairings.change_pairing"
BEST = 3


class KindNoteForm(SiteForm, forms.ModelForm):
    once = True
    messages = {"words": gettext_lazy("Write a few words first.")}

    class Meta:
        model = KindNote
        fields = ("words",)
        widgets = {"words": forms.Textarea(attrs={"rows": 9, "cols": 60})}
        help_texts = {"words": gettext_lazy("Both read the same words, and who wrote them. Change them as you like.")}


class OfferForm(forms.Form):
    """Which of the mentors was chosen."""

    offer = forms.IntegerField(min_value=1, max_value=2**31 - 1)


@require_safe
def show(request, site):
    """Five counts, and one of the lists."""
    _check(request, LOOK)
    programme, mine = chosen_programme(request)
    context = {**site.each_context(request), "title": _("Board"), "programme": programme, "programmes": mine}
    if programme:
        context |= _found(request, programme)
    return TemplateResponse(request, "admin/programme/board.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def mentors(request, site, pk):
    """Three mentors for somebody who waits. Nobody is paired: they are asked to talk."""
    _check(request, ACT)
    enrolment = _waiting(request, pk)
    if request.method == "POST" and (offer := _offer(request, enrolment)):
        return _suggest(request, enrolment, offer)
    context = {
        **site.each_context(request),
        "title": _("Mentors for %(name)s") % {"name": enrolment.person.name},
        "programme": enrolment.programme,
        "enrolment": enrolment,
        "best": _best(enrolment, request.user),
        "back": address_of(enrolment.programme, "waiting"),
    }
    return TemplateResponse(request, "admin/programme/board_mentors.html", context)


@require_POST
def reminder(request, site, pk):
    """A mentor is reminded of a request."""
    _check(request, ACT)
    asked = get_object_or_404(MentorRequest.objects.administered_by(request.user).with_people(), pk=pk)
    try:
        remind_of_request(asked, by=request.user)
    except MoveRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("%(name)s gets a friendly reminder.") % {"name": asked.mentor.name})
    return redirect(address_of(asked.programme, "waiting"))


@require_http_methods(["GET", "HEAD", "POST"])
def note(request, site, pk):
    """A kind note to a quiet pair."""
    _check(request, ACT)
    pairings = Pairing.objects.administered_by(request.user).live().select_related("programme", "mentee", "mentor")
    pairing = get_object_or_404(pairings, pk=pk)
    form = KindNoteForm(words_sent(request), initial={"words": words_of(pairing.programme, Wording.Kind.KIND_NOTE)})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(send_once(request.user, form, lambda: _send(request, pairing, form)))
        except MoveRefused as refused:
            form.add_error(None, str(refused))
    context = {
        **site.each_context(request),
        "title": _("A kind note to %(mentee)s and %(mentor)s")
        % {"mentee": pairing.mentee.name, "mentor": pairing.mentor.name},
        "pairing": pairing,
        "form": form,
        "back": address_of(pairing.programme, "quiet"),
    }
    return TemplateResponse(request, "admin/programme/board_note.html", context, status=422 if form.errors else 200)


def address_of(programme, name="") -> str:
    """Of the board, or one of its lists."""
    return reverse("admin:board") + f"?programme={programme.slug}" + (f"&list={name}" if name else "")


def _check(request, permission):
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _found(request, programme):
    now = timezone.now()
    counts = board.count(programme, now, reader=request.user)
    name = request.GET.get("list")
    name = name if name in board.LISTS else counts.first
    page = board.page_of(name, programme, now, number=request.GET.get("page"), total=getattr(counts, name))
    return {
        "counts": counts,
        "lists": [(each, label, getattr(counts, each)) for each, label in board.LISTS.items()],
        "chosen": name,
        "heading": board.LISTS[name],
        "page": page,
        "now": now,
        "may_act": request.user.has_perm(ACT),
    }


def _waiting(request, pk):
    mentees = Enrolment.objects.administered_by(request.user).current().filter(role=Enrolment.Role.MENTEE)
    return get_object_or_404(mentees.select_related("person__profile", "programme", "level"), pk=pk)


def _best(enrolment, by):
    """The mentors with room who suit them best, but for whom they asked before, and who looks."""
    mine = MentorRequest.objects.filter(programme=enrolment.programme, mentee=enrolment.person)
    asked = {*mine.values_list("mentor_id", flat=True), by.pk}
    return [each for each in Register(enrolment).page(1).listed if each.person.pk not in asked][:BEST]


def _offer(request, enrolment):
    form = OfferForm(request.POST)
    if not form.is_valid():
        return None
    offers = MentorOffer.objects.administered_by(request.user).filter(enrolment__programme=enrolment.programme)
    return get_object_or_404(
        offers.select_related("enrolment__person", "enrolment__programme"), pk=form.cleaned_data["offer"]
    )


def _suggest(request, enrolment, offer):
    words = {"mentee": enrolment.person.name, "mentor": offer.enrolment.person.name}
    try:
        if request.user.pk in (enrolment.person_id, offer.enrolment.person_id):
            raise MoveRefused(_("You are one of the two. Please ask another coordinator."))
        asked = suggest_talk(enrolment, offer, by=request.user)
    except MoveRefused as refused:
        messages.warning(request, str(refused))
        return redirect(request.get_full_path())
    audit.record("suggested a talk", asked, by=request.user, programme=enrolment.programme)
    messages.success(request, _("%(mentee)s and %(mentor)s are both told: they talk first.") % words)
    return redirect(address_of(enrolment.programme))


def _send(request, pairing, form):
    send_kind_note(pairing, by=request.user, words=form.cleaned_data["words"])
    words = {"mentee": pairing.mentee.name, "mentor": pairing.mentor.name}
    messages.success(request, _("Sent to %(mentee)s and %(mentor)s.") % words)
    return address_of(pairing.programme, "quiet")
