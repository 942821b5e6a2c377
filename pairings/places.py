"""Places of mentors: a live pairing takes one, and so do a talk about one and a hand-over that is under way."""

from django.utils.translation import gettext as _

from pairings.models import HandOver, MentorOffer, MentorRequest, MoveRefused, Pairing


def lock_offer(*, programme, mentor) -> MentorOffer | None:
    """A mentor's offer, locked, with its places counted anew; None when they have none. All that takes or frees a
    place begins with this, so that two people cannot take one last place."""
    offers = MentorOffer.objects.select_for_update(of=("self",), no_key=True).select_related("enrolment__programme")
    offer = offers.filter(enrolment__programme=programme, enrolment__person=mentor).first()
    if offer:
        recount(offer)
    return offer


def recount(offer) -> None:
    """Count the places taken of a locked offer."""
    pairings = Pairing.objects.live().filter(programme=offer.enrolment.programme_id, mentor=offer.enrolment.person_id)
    talks = MentorRequest.objects.filter(offer=offer, state=MentorRequest.State.TALKING)
    held = pairings.count() + talks.count() + HandOver.objects.open().filter(offer=offer).count()
    if held != offer.held:
        offer.held = held
        offer.save(update_fields=["held"])


def check_room(offer, mentor) -> None:
    """Raises MoveRefused unless a locked offer has a place left."""
    if offer is None or offer.held >= offer.capacity:
        raise MoveRefused(_("%(mentor)s has no place left.") % {"mentor": mentor})
