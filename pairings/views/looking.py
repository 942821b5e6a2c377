from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from notifications.actions import mark_seen
from notifications.models import Event
from pairings.ending_forms import LookedAtForm
from pairings.models import HandOver, Pairing
from pairings.notices import SHOWN_ON


@require_POST
def looked_at(request, pairing_slug):
    """“I’ve read this”, on any of the pages about a pairing's life: it is no longer new, and no email is needed."""
    pairings = list(Pairing.objects.visible_to(request.user).filter(slug=pairing_slug).values_list("pk", flat=True))
    hand_overs = HandOver.objects.visible_to(request.user).filter(pairing__slug=pairing_slug)
    asked = list(hand_overs.values_list("pk", flat=True))
    if not pairings and not asked:
        raise Http404
    form = LookedAtForm(request.POST)
    if not form.is_valid():
        return redirect("pairings:agreement" if pairings else "pairings:hand_over", pairing_slug=pairing_slug)
    page = form.cleaned_data["page"]
    shown = Event.objects.filter(kind__in=SHOWN_ON[page], about_id__in=asked if page == "hand_over" else pairings)
    mark_seen(request.user, shown.filter(at__lte=form.cleaned_data["until"]))
    return redirect(f"pairings:{page}", pairing_slug=pairing_slug)
