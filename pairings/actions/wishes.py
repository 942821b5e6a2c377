"""Whom a mentee would like as a mentor, in their order, for when a whole cohort is matched."""

from django.db import transaction
from django.utils.translation import gettext as _

from pairings.models import MentorOffer, MoveRefused, Wish
from programmes.models import Enrolment


@transaction.atomic
def add_wish(offer, *, by) -> Wish:
    """Put a mentor last among one's wishes; the same one again changes nothing. Raises MoveRefused beyond `Wish.MOST`,
    and for anybody but a mentee of the mentor's programme."""
    enrolment = _lock(offer, by)
    if not MentorOffer.objects.visible_to(by).filter(pk=offer.pk).exists():
        raise MoveRefused(_("This mentor is not in your programme’s register."))
    wishes = list(enrolment.wishes.all())
    if there := next((wish for wish in wishes if wish.offer_id == offer.pk), None):
        return there
    if len(wishes) >= Wish.MOST:
        raise MoveRefused(_("You have %(count)d wishes. Take one away first.") % {"count": Wish.MOST})
    return Wish.objects.create(enrolment=enrolment, offer=offer, rank=len(wishes) + 1)


@transaction.atomic
def remove_wish(offer, *, by) -> None:
    """Take a mentor from one's wishes; those below move up."""
    enrolment = _lock(offer, by)
    wishes = [wish for wish in enrolment.wishes.all() if wish.offer_id != offer.pk]
    enrolment.wishes.filter(offer=offer).delete()
    _rank(wishes)


@transaction.atomic
def move_wish(offer, *, by, steps) -> None:
    """Move a mentor among one's wishes, up by -1, down by 1; at an end it stays where it is."""
    wishes = list(_lock(offer, by).wishes.all())
    place = next((place for place, wish in enumerate(wishes) if wish.offer_id == offer.pk), None)
    if place is None:
        raise MoveRefused(_("This mentor is no longer among your wishes."))
    wishes.insert(max(0, place + steps), wishes.pop(place))
    _rank(wishes)


def _lock(offer, by):
    """The mentee's part in the mentor's programme, locked, so that their ranks change one after the other."""
    parts = Enrolment.objects.current().filter(
        programme=offer.enrolment.programme_id, person=by, role=Enrolment.Role.MENTEE
    )
    enrolment = parts.select_for_update(of=("self",), no_key=True).first()
    if enrolment is None:
        raise MoveRefused(_("Only mentees of this programme have wishes."))
    return enrolment


def _rank(wishes):
    for rank, wish in enumerate(wishes, 1):
        if wish.rank != rank:
            wish.rank = rank
            wish.save(update_fields=["rank"])
