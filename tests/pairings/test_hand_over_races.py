"""Hand-overs at the same moment: one yes, one proposal, no place too many, and nobody waits for each other for ever."""

import pytest
import time_machine

from pairings.actions import (
    accept_hand_over,
    consent_to_hand_over,
    end_pairing,
    propose_hand_over,
    withdraw_hand_over,
)
from pairings.models import HandOver, Pairing
from tests.at_once import all_at_once, in_a_queue
from tests.factories import (
    EnrolmentFactory,
    PairingFactory,
    PersonFactory,
)
from tests.pairings.handing_over import consented, held, offer_of, proposed, state


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


@pytest.mark.django_db(transaction=True)
def test_twenty_yeses_at_once_make_one_pairing(pair):
    hand_over = consented(pair)

    came = all_at_once([lambda: accept_hand_over(hand_over, by=pair.gwen) for _click in range(20)])

    assert came == {"MoveRefused": 19, "done": 1}
    assert (Pairing.objects.live().get().mentor, held(pair.gwens)) == (pair.gwen, 1)


@pytest.mark.django_db(transaction=True)
def test_a_yes_an_end_and_a_withdrawal_at_once_end_in_one_of_them(pair):
    hand_over = consented(pair)

    came = all_at_once(
        [
            lambda: accept_hand_over(hand_over, by=pair.gwen),
            lambda: end_pairing(pair.pairing, by=pair.mentor, why="time"),
            lambda: withdraw_hand_over(hand_over, by=pair.mentee),
        ]
    )

    assert came.keys() <= {"MoveRefused", "done"}
    handed_over = state(hand_over) == "done"
    assert Pairing.objects.live().filter(mentor=pair.gwen).exists() is handed_over
    assert held(pair.gwens) == handed_over


@pytest.mark.django_db(transaction=True)
def test_of_ten_proposals_for_one_place_one_holds_it(pair):
    programme = pair.pairing.programme
    others = [
        PairingFactory(programme=programme, mentee=EnrolmentFactory(programme=programme).person)
        for _number in range(10)
    ]

    came = all_at_once([lambda other=other: propose_hand_over(other, pair.gwens, by=other.mentee) for other in others])

    assert came == {"MoveRefused": 9, "done": 1}
    assert held(pair.gwens) == 1


@pytest.mark.django_db(transaction=True)
def test_a_consent_and_an_end_wait_for_each_other_in_one_order(pair):
    """Whoever ends a pairing closes its hand-over, too: nobody holds the one and waits for the other."""
    hand_over = proposed(pair)

    came = in_a_queue(
        HandOver.objects.filter(pk=hand_over.pk),
        [
            lambda: consent_to_hand_over(hand_over, by=pair.mentee, window="new"),
            lambda: end_pairing(pair.pairing, by=pair.mentor, why="time"),
        ],
    )

    assert came == ["done", "done"]
    assert (state(hand_over), state(pair.pairing), held(pair.gwens)) == ("withdrawn", "ended", 0)


@pytest.mark.django_db(transaction=True)
def test_a_pairing_does_not_end_with_a_hand_over_proposed_at_that_moment(pair):
    came = in_a_queue(
        Pairing.objects.filter(pk=pair.pairing.pk),
        [lambda: proposed(pair), lambda: end_pairing(pair.pairing, by=pair.mentee, why="time")],
    )

    assert came == ["done", "MoveRefused"]
    assert (state(pair.pairing), held(pair.gwens)) == ("active", 1)


@pytest.mark.django_db(transaction=True)
def test_nobody_is_proposed_for_a_pairing_that_ended_at_that_moment(pair):
    came = in_a_queue(
        Pairing.objects.filter(pk=pair.pairing.pk),
        [lambda: end_pairing(pair.pairing, by=pair.mentee, why="time"), lambda: proposed(pair)],
    )

    assert came == ["done", "MoveRefused"]
    assert (state(pair.pairing), held(pair.gwens)) == ("ended", 0)
