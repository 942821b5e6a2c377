"""A pairing that is handed over, step by step."""

from pairings.actions import (
    accept_hand_over,
    consent_to_hand_over,
    propose_hand_over,
)
from pairings.models import MentorOffer
from programmes.models import Enrolment
from tests.factories import (
    EnrolmentFactory,
    MentorOfferFactory,
)


def offer_of(programme, person, capacity=1):
    enrolment = EnrolmentFactory(programme=programme, person=person, role=Enrolment.Role.MENTOR)
    return MentorOfferFactory(enrolment=enrolment, capacity=capacity, held=0)


def proposed(pair, by=None):
    return propose_hand_over(pair.pairing, pair.gwens, by=by or pair.mentor, words="She knows museums.")


def consented(pair, window="all", since=None):
    return consent_to_hand_over(proposed(pair), by=pair.mentee, window=window, since=since)


def done(pair, window="all", since=None):
    return accept_hand_over(consented(pair, window, since), by=pair.gwen)


def held(offer):
    return MentorOffer.objects.get(pk=offer.pk).held


def state(thing):
    thing.refresh_from_db()
    return thing.state


def page_of(pair):
    return f"/pairings/{pair.pairing.slug}/hand-over/"
