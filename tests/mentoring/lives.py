"""Pairs at every turn of their life, from agreeing to thanks: one of whatever they can be told."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from notifications.models import Notification
from pairings.actions import (
    accept_hand_over,
    agree,
    ask_for_completion,
    consent_to_hand_over,
    decline_hand_over,
    end_pairing,
    fill_in_completion,
    offer_reviews,
    pause_pairing,
    propose_hand_over,
    resume_pairing,
    revise_agreement,
    thank,
)
from tests.factories import EnrolmentFactory, MentorOfferFactory, PairingFactory, PersonFactory


def live_on(programme, mark):
    """The pairings by name; `old` and `new` are their mentors."""
    old, new = (_mentor(programme, mark, name) for name in ("Nora", "Olaf"))
    lives = SimpleNamespace(old=old, new=new)
    for name in ("going", "paused", "asked", "handed", "finishing", "ended"):
        setattr(lives, name, _pair(programme, mark, name, old))
    _agree(lives.going, mark)
    _go_on(lives.going)
    pause_pairing(lives.paused, by=old, until=timezone.localdate() + timedelta(days=30))
    _hand_over(lives, programme, mark)
    for pairing in (lives.ended, lives.finishing):
        ask_for_completion(pairing, by=pairing.mentee)
    _finish(lives.ended, mark)
    return lives


def _mentor(programme, mark, name):
    person = PersonFactory(name=mark(f"{name} Lund"), known_as=mark(name), email=f"{name.lower()}@example.org")
    enrolment = EnrolmentFactory(programme=programme, person=person, role="mentor")
    MentorOfferFactory(enrolment=enrolment, capacity=20)
    return person


def _pair(programme, mark, name, mentor):
    person = PersonFactory(name=mark(f"{name} Berg"), known_as=mark(name), email=f"{name}@example.org")
    EnrolmentFactory(programme=programme, person=person)
    return PairingFactory(programme=programme, mentee=person, mentor=mentor)


def _agree(pairing, mark):
    """Long ago, changed since, and up for a review."""
    asked = pairing.programme.agreement_questions.get()

    def answers(words):
        return [{"question": asked.pk, "text": asked.text, "answer": [mark(words)]}]

    ago, people = timezone.now() - timedelta(days=200), (pairing.mentee, pairing.mentor)
    revise_agreement(pairing, by=people[0], answers=answers("monthly"), expected_number=0, agrees=True, at=ago)
    revise_agreement(pairing, by=people[1], answers=answers("weekly"), expected_number=1, agrees=True, at=ago)
    agree(pairing, by=people[0], number=2, at=ago)
    offer_reviews(timezone.now())
    Notification.objects.filter(event__kind__startswith="pairings.agreement").update(seen_at=None)


def _go_on(pairing):
    pause_pairing(pairing, by=pairing.mentee, until=timezone.localdate() + timedelta(days=10))
    resume_pairing(pairing, by=pairing.mentee)


def _hand_over(lives, programme, mark):
    offer = lives.new.enrolments.get(programme=programme).offer
    handed, closed, open_one = (
        consent_to_hand_over(
            propose_hand_over(pairing, offer, by=lives.old, words=mark("Because.")), by=pairing.mentee, window="new"
        )
        for pairing in (lives.handed, lives.going, lives.asked)
    )
    decline_hand_over(closed, by=lives.new)
    lives.open_hand_over = open_one
    lives.following = accept_hand_over(handed, by=lives.new)


def _finish(pairing, mark):
    mentee, mentor = pairing.mentee, pairing.mentor
    answers = [{"text": each.text, "answer": mark("A lot.")} for each in pairing.programme.completion_questions.all()]
    fill_in_completion(pairing, by=mentor, answers=answers, hours=12)
    thank(pairing, by=mentee, words=mark("Thank you."))
    end_pairing(pairing, by=mentee, why="finished", words=mark("All done."))
    thank(pairing, by=mentor, words=mark("It was a pleasure."))
