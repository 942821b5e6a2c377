"""What a mentor offers: how many places, and whether they take anybody just now."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.addresses import give_slug
from pairings.models import MentorOffer, MoveRefused
from pairings.places import lock_offer
from programmes.models import Enrolment

_SAID = {"capacity", "how_i_work", "can_help", "holds", "trained_until"}


@transaction.atomic
def make_offer(enrolment, *, by, **said) -> MentorOffer:
    """A mentor's offer, from now on in their programme's register. `said`: as `set_offer` takes it.

    Raises MoveRefused when they have one already, and for anybody but a mentor who takes part.
    """
    _check_said(said)
    holds = said.pop("holds", ())
    if enrolment.role != Enrolment.Role.MENTOR or enrolment.ended_at:
        raise MoveRefused(_("Only a mentor who takes part offers places."))
    _check_levels(enrolment.programme, holds)
    try:
        with transaction.atomic():
            offer = MentorOffer.objects.create(enrolment=enrolment, **said)
    except IntegrityError as error:
        raise MoveRefused(_("They offer places already.")) from error
    offer.holds.set(holds)
    give_slug(enrolment.person)
    return _lock(offer)


@transaction.atomic
def set_offer(offer, *, by, **said) -> MentorOffer:
    """Change what a mentor offers: `capacity`, `how_i_work`, `can_help`, `holds` (levels), `trained_until`, those that
    are given. Returns it as it is now.

    Raises MoveRefused, of `capacity`, when it is below the places that are taken, talks and hand-overs among them.
    """
    _check_said(said)
    offer = _lock(offer)
    holds = said.pop("holds", None)
    _check_levels(offer.enrolment.programme, holds or ())
    if said.get("capacity", offer.capacity) < offer.held:
        raise MoveRefused(_too_few(offer.held))
    for name, value in said.items():
        setattr(offer, name, value)
    offer.save(update_fields=list(said))
    if holds is not None:
        offer.holds.set(holds)
    return offer


@transaction.atomic
def pause_offer(offer, *, by, until=None) -> MentorOffer:
    """Take nobody just now: mentees do not find the mentor before the day `until`, or before they say so themselves.
    Whoever has a place, or asked already, is not touched by it. Raises MoveRefused when that day is not to come."""
    if until and until <= timezone.localdate():
        raise MoveRefused(_("Choose a day that is still to come, or leave it empty."))
    return _set_pause(offer, is_paused=True, until=until)


@transaction.atomic
def open_offer(offer, *, by) -> MentorOffer:
    """Take mentees again, from now on."""
    return _set_pause(offer, is_paused=False, until=None)


def _set_pause(offer, *, is_paused, until):
    offer = _lock(offer)
    offer.is_paused, offer.paused_until = is_paused, until
    offer.save(update_fields=["is_paused", "paused_until"])
    return offer


def _lock(offer):
    """The offer as it stands now, with its places counted anew."""
    return lock_offer(programme=offer.enrolment.programme_id, mentor=offer.enrolment.person_id)


def _check_said(said):
    if unknown := said.keys() - _SAID:
        raise ValueError(f"an offer does not say this: {', '.join(sorted(unknown))}")


def _check_levels(programme, levels):
    if any(level.programme_id != programme.pk for level in levels):
        raise MoveRefused(_("Choose levels of this programme."))


def _too_few(held):
    return ngettext(
        "%(count)d place is taken, so the least is %(count)d. To take nobody else, pause the offer.",
        "%(count)d places are taken, so the least is %(count)d. To take nobody else, pause the offer.",
        held,
    ) % {"count": held}
