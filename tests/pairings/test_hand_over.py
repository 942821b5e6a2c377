"""Another mentor carries on: with the mentee's consent, then their own yes; who decides what, and places."""

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from notifications import delivery
from notifications.models import Notification
from pairings.actions import (
    accept_hand_over,
    begin_pairing,
    consent_to_hand_over,
    decline_hand_over,
    end_pairing,
    move_pairing,
    propose_hand_over,
    withdraw_hand_over,
)
from pairings.models import HandOver, MentorOffer, MoveRefused, Pairing
from portfolios import actions
from programmes.models import Enrolment
from tests.factories import (
    EnrolmentFactory,
    PairingFactory,
    PersonFactory,
)
from tests.pairings.handing_over import consented, done, held, offer_of, proposed, state


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


def emails():
    mail.outbox.clear()
    delivery.deliver_due()
    return sorted((message.to[0].split()[0], message.subject) for message in mail.outbox)


def test_from_the_proposal_to_the_next_pairing(pair):
    hand_over = proposed(pair)
    assert (hand_over.state, held(pair.gwens), state(pair.pairing)) == ("asked", 1, "active")

    consent_to_hand_over(hand_over, by=pair.mentee, window="new")
    assert (state(hand_over), held(pair.gwens), state(pair.pairing)) == ("consented", 1, "active")

    following = accept_hand_over(hand_over, by=pair.gwen)

    assert (state(hand_over), hand_over.next) == ("done", following)
    assert (state(pair.pairing), following.state, following.mentor) == ("ended", "agreeing", pair.gwen)
    assert pair.pairing.reads_until == following.reads_from == following.created_at
    assert (held(pair.gwens), held(pair.ruths)) == (1, 0)


def test_a_mentee_proposes_it_too_and_their_mentor_hears_of_it(pair):
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now())
    proposed(pair, by=pair.mentee)

    assert emails() == [("Ruth", "Amina suggests that Gwen carries on as mentor of Amina")]


def test_the_team_proposes_and_both_hear_of_it(pair):
    lead = EnrolmentFactory(programme=pair.pairing.programme, role="coordinator").person
    elsewhere = EnrolmentFactory(role="coordinator").person

    with pytest.raises(MoveRefused, match="Only the two"):
        proposed(pair, by=elsewhere)
    hand_over = proposed(pair, by=lead)

    told = Notification.objects.filter(event__kind="pairings.hand_over").values_list("person__name", flat=True)
    assert sorted(told) == ["Amina Okafor", "Ruth Lindqvist"]
    assert hand_over.by == lead


@pytest.mark.parametrize("close", [decline_hand_over, withdraw_hand_over])
def test_who_says_no_or_takes_it_back_frees_the_place(pair, close):
    hand_over = proposed(pair)

    close(hand_over, by=pair.mentee)

    assert (held(pair.gwens), state(pair.pairing)) == (0, "active")
    with pytest.raises(MoveRefused, match="This hand-over is “"):
        consent_to_hand_over(hand_over, by=pair.mentee, window="all")
    # And there may be another.
    assert proposed(pair).state == "asked"


def test_the_new_mentor_says_not_this_time(pair):
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now())
    hand_over = consented(pair)
    emails()

    decline_hand_over(hand_over, by=pair.gwen)

    assert (held(pair.gwens), state(pair.pairing)) == (0, "active")
    assert emails() == [("Amina", "Gwen said “not this time”"), ("Ruth", "Gwen said “not this time”")]


def test_nobody_decides_for_somebody_else(pair):
    hand_over = proposed(pair)

    for by in (pair.mentor, pair.gwen):
        with pytest.raises(MoveRefused, match="Only the mentee decides"):
            consent_to_hand_over(hand_over, by=by, window="all")
    with pytest.raises(MoveRefused, match="somebody else"):
        decline_hand_over(hand_over, by=pair.gwen)
    with pytest.raises(MoveRefused, match="This hand-over is “Waiting for the mentee”"):
        accept_hand_over(hand_over, by=pair.gwen)
    consent_to_hand_over(hand_over, by=pair.mentee, window="all")
    for by in (pair.mentor, pair.mentee):
        with pytest.raises(MoveRefused, match="Only the mentor who"):
            accept_hand_over(hand_over, by=by)

    assert (state(pair.pairing), Pairing.objects.count()) == ("active", 1)


def test_the_database_lets_nobody_hand_over_without_the_mentees_consent(pair):
    hand_over = proposed(pair)

    with pytest.raises(IntegrityError, match="a_hand_over_has_the_mentees_consent"), transaction.atomic():
        HandOver.objects.filter(pk=hand_over.pk).update(state="done")


def test_it_is_proposed_only_to_somebody_who_may_and_has_room(pair):
    programme, refused = pair.pairing.programme, {}
    full = offer_of(programme, PersonFactory(name="Full House"))
    mentee = EnrolmentFactory(programme=programme).person
    begin_pairing(programme=programme, mentee=mentee, mentor=full.enrolment.person, by=pair.mentor)
    away = offer_of(programme, PersonFactory(name="Away Day"))
    MentorOffer.objects.filter(pk=away.pk).update(is_paused=True)
    boss = offer_of(programme, PersonFactory(name="Big Boss"))
    Enrolment.objects.filter(person=pair.mentee).update(line_manager="Big Boss")
    elsewhere = offer_of(PairingFactory().programme, PersonFactory(name="Else Where"))

    for offer in (full, away, boss, elsewhere, pair.ruths):
        with pytest.raises(MoveRefused) as error:
            propose_hand_over(pair.pairing, offer, by=pair.mentor)
        refused[offer.enrolment.person.name] = str(error.value)

    assert refused == {
        "Full House": "Full House has no place left.",
        "Away Day": "Away Day takes nobody just now. Choose somebody else.",
        "Big Boss": "Big can’t be the mentor of Amina: is the line manager.",
        "Else Where": "Else Where does not take part here. Choose somebody else.",
        "Ruth Lindqvist": "Ruth Lindqvist is the mentor already. Choose somebody else.",
    }
    assert not HandOver.objects.exists()


def test_one_is_under_way_at_a_time(pair):
    proposed(pair)
    other = offer_of(pair.pairing.programme, PersonFactory())

    with pytest.raises(MoveRefused, match="proposed already"):
        propose_hand_over(pair.pairing, other, by=pair.mentee)

    assert held(other) == 0


def test_an_end_meanwhile_closes_it_and_frees_the_place(pair):
    hand_over = consented(pair)

    end_pairing(pair.pairing, by=pair.mentee, why="other")

    assert (state(hand_over), held(pair.gwens), held(pair.ruths)) == ("withdrawn", 0, 0)
    with pytest.raises(MoveRefused, match="This hand-over is “Taken back”"):
        accept_hand_over(hand_over, by=pair.gwen)


def test_a_mentor_who_pauses_meanwhile_still_carries_on_where_they_were_asked(pair):
    hand_over = consented(pair)
    MentorOffer.objects.filter(pk=pair.gwens.pk).update(is_paused=True)

    accept_hand_over(hand_over, by=pair.gwen)

    assert (state(hand_over), held(pair.gwens)) == ("done", 1)


def test_a_mentor_who_left_meanwhile_does_not_carry_on(pair):
    hand_over = consented(pair)
    pair.gwens.enrolment.ended_at = timezone.now()
    pair.gwens.enrolment.save()

    with pytest.raises(MoveRefused, match="does not mentor here any more"):
        accept_hand_over(hand_over, by=pair.gwen)

    assert (state(hand_over), state(pair.pairing)) == ("consented", "active")


def test_a_paused_pairing_is_handed_over_like_any_other(pair):
    move_pairing(pair.pairing, "paused", by=pair.mentee)

    assert done(pair).state == "agreeing"
