"""Hand-overs that are under way, when places and pairings are locked."""

from django.db.models import Q
from django.utils.translation import gettext as _

from pairings.models import HandOver, MentorOffer, MoveRefused
from pairings.places import recount


def lock_places(pairing) -> HandOver | None:
    """Lock the offers that the end of this pairing frees a place of, in the order of their keys, and then the hand-over
    that is under way; returns it."""
    open_one = HandOver.objects.open().filter(pairing=pairing)
    theirs = Q(enrolment__programme=pairing.programme_id, enrolment__person=pairing.mentor_id)
    offers = MentorOffer.objects.filter(theirs | Q(pk__in=open_one.values("offer"))).order_by("pk")
    list(offers.select_for_update(of=("self",), no_key=True).values_list("pk"))
    return open_one.select_for_update(of=("self",), no_key=True).first()


def take_back(pairing, hand_over, *, at) -> None:
    """Close what `lock_places` found, since the pairing ends. Raises MoveRefused when a hand-over was proposed in
    between."""
    if HandOver.objects.open().filter(pairing=pairing).exclude(pk=hand_over and hand_over.pk).exists():
        raise MoveRefused(_("Another mentor was proposed at this very moment. Look at it first."))
    if hand_over:
        hand_over.state, hand_over.closed_at = HandOver.State.WITHDRAWN, at
        hand_over.save(update_fields=["state", "closed_at"])
        offers = MentorOffer.objects.select_related("enrolment__programme")
        recount(offers.get(pk=hand_over.offer_id))
