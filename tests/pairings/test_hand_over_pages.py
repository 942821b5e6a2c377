"""The pages that lead all three through a hand-over, and nobody else."""

from datetime import date

import pytest
import time_machine

from pairings.actions import (
    withdraw_hand_over,
)
from pairings.models import HandOver, MentorOffer, Pairing
from tests.factories import (
    PairingFactory,
    PersonFactory,
)
from tests.pairings.handing_over import offer_of, page_of, proposed, state


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel("2026-11-24 12:00+00:00", tick=True):
        yield


@pytest.fixture
def pair(pair):
    """Amina and Ruth, whose programme Gwen mentors in, too, with one place."""
    programme = pair.pairing.programme
    pair.ruths = offer_of(programme, pair.mentor)
    pair.gwens = offer_of(programme, PersonFactory(name="Gwen Prosser", email="gwen@example.org"))
    pair.gwen = pair.gwens.enrolment.person
    return pair


def test_the_pages_lead_all_three_through_it(pair, client):
    def browser(person):
        client.force_login(person, backend="accounts.backends.EmailBackend")
        return client

    assert browser(pair.gwen).get(page_of(pair)).status_code == 404
    browser(pair.mentor).post(page_of(pair), {"mentor": pair.gwens.pk, "words": "She knows museums."})
    assert browser(pair.gwen).get(page_of(pair)).status_code == 404

    asked = browser(pair.mentee).get(page_of(pair)).content.decode()
    assert "Ruth suggests that Gwen Prosser carries on as mentor of Amina." in asked
    assert "What may Gwen read?" in asked
    no_day = browser(pair.mentee).post(page_of(pair), {"window": "since"})
    assert (no_day.status_code, "Choose the day from which they may read" in no_day.content.decode()) == (422, True)
    browser(pair.mentee).post(page_of(pair), {"window": "since", "since": "2026-11-01"})

    answer = browser(pair.gwen).get(page_of(pair)).content.decode()
    assert "You could read what Amina has shared since 1 November 2026" in answer
    browser(pair.gwen).post(f"{page_of(pair)}answer/", {"yes": 1})

    following = Pairing.objects.live().get()
    assert (following.mentor, following.reads_from.date()) == (pair.gwen, date(2026, 11, 1))
    assert "Gwen Prosser is your mentor now." in browser(pair.mentee).get(page_of(pair)).content.decode()
    assert "carries on as Amina’s mentor" in browser(pair.mentor).get(page_of(pair)).content.decode()
    assert "You are Amina’s mentor now" in browser(pair.gwen).get(page_of(pair)).content.decode()


def test_the_page_offers_only_those_who_may_and_have_room(pair, signed_in):
    programme = pair.pairing.programme
    for name, fields in (("Full House", {"capacity": 0}), ("Away Day", {"is_paused": True})):
        MentorOffer.objects.filter(pk=offer_of(programme, PersonFactory(name=name)).pk).update(**fields)
    offer_of(PairingFactory().programme, PersonFactory(name="Else Where"))

    page = signed_in(pair.mentor).get(page_of(pair)).content.decode()

    names = ("Gwen Prosser", "Full House", "Away Day", "Else Where")
    assert [name in page for name in names] == [True, False, False, False]


def test_a_stale_page_is_answered_with_words(pair, signed_in):
    hand_over = proposed(pair)
    withdraw_hand_over(hand_over, by=pair.mentor)
    browser = signed_in(pair.mentee)

    consent = browser.post(page_of(pair), {"window": "all"})
    answered = browser.post(f"{page_of(pair)}answer/", {"no": 1})

    assert (consent.status_code, answered.status_code) == (422, 404)
    assert state(pair.pairing) == "active"


def test_a_mentor_who_is_not_asked_yet_finds_nothing(pair, signed_in):
    """Whoever knows or guesses the address of a pairing learns neither that it exists nor that they were proposed."""
    proposed(pair)
    browser = signed_in(pair.gwen)
    looked = {"page": "hand_over", "until": "2026-11-24 12:00"}

    for url, said in (("", {}), ("answer/", {"yes": 1})):
        assert browser.post(f"{page_of(pair)}{url}", said).status_code == 404
    assert browser.post(f"/pairings/{pair.pairing.slug}/looked-at/", looked).status_code == 404
    assert browser.post("/pairings/nobody-here/looked-at/", looked).status_code == 404
    assert list(HandOver.objects.visible_to(pair.gwen)) == []


def test_the_pages_of_others_are_not_found(pair, signed_in):
    proposed(pair)
    browser = signed_in(PairingFactory(programme=pair.pairing.programme).mentor)

    assert browser.get(page_of(pair)).status_code == 404
    assert browser.post(f"{page_of(pair)}answer/", {"yes": 1}).status_code == 404
