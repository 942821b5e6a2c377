import re

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from accounts.drafts import Stale, TooMuch, drafts_of, keep, let_go
from accounts.once import send_once
from accounts.rescue import words_sent
from pairings import actions
from pairings.asking import asker_of, lists_of, when_taken
from pairings.models import MentorOffer, MentorRequest, MoveRefused, Wish
from pairings.register import as_listed
from pairings.request_forms import BOXES, AskForm, MoveForm, WantedForm
from programmes.team import leads_of


@require_safe
def mentors(request):
    """The register of the programme in which one is a mentee; a mentor sees their own card and nobody else's."""
    asker = asker_of(request.user, request.GET.get("programme"))
    if asker is None:
        return _own_card(request)
    form = WantedForm(request.GET, lists=lists_of(asker.programme))
    page = asker.register(form.wanted).page(form.page)
    said = {name: said for name, said in form.said.items() if said not in ("", "only")}
    query = asker.query + urlencode(said) + ("&" if said else "")
    context = {
        "asker": asker,
        "form": form,
        "page": page,
        "team": [] if page.listed else leads_of(asker.programme, "pairings.add_pairing"),
        "query": query,
        "wishes": asker.wishes(),
        "most_wishes": Wish.MOST,
    }
    if request.htmx:
        results = render(request, "pairings/mentors.html#results", context)
        results["HX-Push-Url"] = f"{request.path}?{query}".rstrip("?&")
        count = ngettext("%(count)d mentor", "%(count)d mentors", page.found) % {"count": page.found}
        return trigger_client_event(results, "announce", {"value": count})
    return render(request, "pairings/mentors.html", context)


@require_safe
def mentor(request, slug):
    """Who a mentor is, and how they work."""
    asker, listed = _find(request, slug)
    wishes = asker.wishes() if asker else []
    context = {
        "asker": asker,
        "listed": listed,
        "is_wished": any(wish.offer_id == listed.offer.pk for wish in wishes),
        "may_wish": len(wishes) < Wish.MOST,
        "most_wishes": Wish.MOST,
    }
    return render(request, "pairings/mentor.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, slug):
    """Three boxes. Their words are kept for whomever one asks next, in the same programme."""
    asker, listed = _find(request, slug)
    if asker is None:
        raise Http404
    data, key = words_sent(request), f"ask-{asker.programme.pk}"
    draft = drafts_of(request.user, [key]).get(key)
    name = listed.person.first_name
    form = AskForm(data, name=name, draft=draft, draft_key=key, initial=_said_before(asker))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(send_once(request.user, form, lambda: _ask(request, listed.offer, form)))
        except actions.NoPlaceLeft:
            return _show_taken(request, asker, listed, form)
        except MoveRefused as refused:
            form.add_error(None, str(refused))
    if not form.is_bound and asker.may_ask and not listed.has_space:
        return _show_taken(request, asker, listed, form)
    context = {"asker": asker, "listed": listed, "form": form, "most": MentorRequest.MOST_WORDS}
    return render(request, "pairings/ask.html", context, status=422 if form.errors else 200)


@require_POST
def wish(request, slug):
    """Put a mentor among one's wishes, take them away, or move them."""
    asker, listed = _find(request, slug)
    form = MoveForm(request.POST)
    if asker is None:
        raise Http404
    if form.is_valid():
        try:
            _change_wish(listed.offer, form.cleaned_data["move"], request.user)
        except MoveRefused as refused:
            messages.error(request, str(refused))
    query = f"?{asker.query}".rstrip("?&")
    if form.cleaned_data.get("back") == "list":
        return redirect(reverse("pairings:mentors") + query + "#wishes")
    return redirect(reverse("pairings:mentor", args=[slug]) + query)


def _own_card(request):
    offers = MentorOffer.objects.editable_by(request.user).select_related("enrolment__programme")
    if not offers:
        raise Http404
    return render(request, "pairings/own_card.html", {"cards": [as_listed(offer) for offer in offers]})


def _find(request, slug):
    """(Asker, Listed) of a mentor in a register that the person may look at; (None, Listed) of oneself. 404 for
    anybody else, and for whom the rules bar."""
    mine = re.fullmatch("mentor-([0-9]{1,9})", slug)
    by_slug = Q(enrolment__person__profile__slug=slug) | Q(pk=int(mine[1]) if mine else None)
    offers = MentorOffer.objects.visible_to(request.user).filter(by_slug).select_related("enrolment__programme")
    wanted = request.GET.get("programme")
    offer = next((each for each in offers if wanted in (None, each.enrolment.programme.slug)), None)
    if offer is None:
        raise Http404
    if offer.enrolment.person_id == request.user.pk:
        return None, as_listed(offer)
    asker = asker_of(request.user, offer.enrolment.programme.slug)
    listed = asker.register().one(offer) if asker else None
    if listed is None:
        raise Http404
    return asker, listed


def _ask(request, offer, form):
    words = {name: form.cleaned_data[name] for name in BOXES}
    made = actions.ask(offer, by=request.user, **words)
    let_go(request.user, form.draft_key)
    name = {"name": made.mentor.first_name}
    messages.success(
        request, _("Sent. %(name)s has your words now, and you hear from us as soon as they answer.") % name
    )
    return reverse("pairings:request", args=[made.slug])


def _show_taken(request, asker, listed, form):
    """The place went to somebody else meanwhile: whoever wrote goes on with the same words."""
    is_kept = _keep_words(request, form)
    context = {
        "asker": asker,
        "listed": listed,
        "words": when_taken(listed.offer),
        "others": asker.register().like(listed.offer),
        "is_kept": is_kept,
        "form": form,
    }
    return render(request, "pairings/taken.html", context, status=409 if form.is_bound else 200)


def _keep_words(request, form):
    """Whether what was sent stands in the draft now. Other words that another window saved there are not written
    over."""
    if not form.is_bound:
        return form.draft is not None
    fields = {name: form.cleaned_data.get(name, "") for name in BOXES}
    counter = request.POST.get("draft_saves", "")
    try:
        keep(request.user, form.draft_key, fields=fields, saves=int(counter) if counter.isdecimal() else 0)
    except (Stale, TooMuch):
        return False
    return True


def _said_before(asker):
    """Of the last request, what is as true of the next: all but why it was them."""
    last = MentorRequest.objects.filter(
        programme=asker.programme, mentee=asker.enrolment.person, suggested_by=None
    ).first()
    return {"hopes": last.hopes, "how_we_work": last.how_we_work} if last else {"hopes": asker.enrolment.hopes}


def _change_wish(offer, move, person):
    if move == "add":
        actions.add_wish(offer, by=person)
    elif move == "remove":
        actions.remove_wish(offer, by=person)
    else:
        actions.move_wish(offer, by=person, steps=-1 if move == "up" else 1)
