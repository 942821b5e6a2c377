"""What the world of the pages leaves out: requests in all their states, and what the programme team does and hears."""

from datetime import timedelta

from django.utils import timezone

from mentoring.imports import notices as import_notices
from notifications.actions import notify
from pairings.actions import (
    answer_request,
    ask,
    chase_requests,
    say_yes,
    send_kind_note,
    suggest_talk,
    withdraw_request,
)
from pairings.quiet import tell_quiet_pairs
from programmes.actions import approve
from tests.factories import MentorOfferFactory, PairingFactory
from tests.pairings.asking import WORDS, make_mentee, make_mentor

LONG = timedelta(days=400)


def happen(world):
    """One event of each kind that `world` has none of."""
    lead, programme = world.people["lead"], world.programme
    _requests(programme, lead)
    pairing = PairingFactory(programme=programme)
    MentorOfferFactory(enrolment__programme=programme, enrolment__person=pairing.mentor)
    send_kind_note(pairing, by=lead, words="How are you both?")
    _quiet(programme)
    approve(world.application, by=lead, answer="Welcome.")
    imported = world.lists.import_
    imported.state = imported.State.DONE
    imported.save()
    thread = import_notices.thread_of(imported.pk)
    notify(import_notices.IMPORTED, about=imported, to=[imported.by], by=None, thread=thread, bundle=thread)


def _requests(programme, lead):
    now = timezone.now()
    refused = _asked(programme, "Ada")
    answer_request(refused, by=refused.mentor, yes=False, words="Not this spring.")
    talking = _asked(programme, "Bea")
    answer_request(talking, by=talking.mentor, yes=True, words="Let us talk.")
    say_yes(talking, by=talking.mentee)
    say_yes(talking, by=talking.mentor)
    undecided, half = _asked(programme, "Bob"), _asked(programme, "Ben")
    for request in (undecided, half):
        answer_request(request, by=request.mentor, yes=True, words="Gladly.")
    say_yes(half, by=half.mentee)
    taken_back = _asked(programme, "Cat")
    withdraw_request(taken_back, by=taken_back.mentee)
    suggest_talk(make_mentee(programme, "Dora Dale"), make_mentor(programme, "Dirk Dale"), by=lead)
    for name, days in (("Eve", programme.nudge_days), ("Fay", programme.tell_team_days), ("Gil", programme.lapse_days)):
        _asked(programme, name, at=now - timedelta(days=days, hours=1))
    long = _asked(programme, "Ida", at=now - timedelta(weeks=5))
    answer_request(long, by=long.mentor, yes=True, at=now - timedelta(weeks=4))
    chase_requests(now)


def _asked(programme, name, at=None):
    offer, part = make_mentor(programme, f"{name} Mentor"), make_mentee(programme, f"{name} Mentee")
    return ask(offer, by=part.person, at=at, **WORDS)


def _quiet(programme):
    now = timezone.now()
    PairingFactory(programme=programme, created_at=now - LONG, last_activity_at=now - LONG)
    tell_quiet_pairs(now)
