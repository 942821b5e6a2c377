"""What the world of the pages leaves out: requests in all their states, and what the programme team does and hears."""

from datetime import timedelta

from django.utils import timezone

from meetings.actions import add_action, answer_from_calendar, call_off, change_place, move_meeting, record_meeting
from meetings.monday import tell_due_actions
from meetings.reminders import schedule_reminders, tell_due
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
from tests.meetings.making import make_meeting
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
    declined = make_meeting(PairingFactory(programme=programme))
    answer_from_calendar(declined, by=declined.pairing.mentee, answer="declined", sequence=declined.sequence)
    _meetings(PairingFactory(programme=programme))
    _reminders(programme)
    _due_action(PairingFactory(programme=programme))
    approve(world.application, by=lead, answer="Welcome.")
    imported = world.lists.import_
    imported.state = imported.State.DONE
    imported.save()
    thread = import_notices.thread_of(imported.pk)
    notify(import_notices.IMPORTED, about=imported, to=[imported.by], by=None, thread=thread, bundle=thread)


def _meetings(pairing):
    now = timezone.now()
    meetings = [
        record_meeting(pairing, by=pairing.mentee, starts_at=now + timedelta(days=days), minutes=60, how="video")
        for days in (20, 30, 40, 50)
    ]
    move_meeting(meetings[0], by=pairing.mentee, starts_at=now + timedelta(days=22), minutes=60, expected_sequence=1)
    change_place(meetings[1], by=pairing.mentee, how="phone", where="0113 496 0000")
    call_off(meetings[2], by=pairing.mentee, why="I am away.")


def _due_action(pairing):
    """Something that was said two weeks ago; one of the two moments is past nine on a Monday."""
    now = timezone.now()
    due, said_at = (now - timedelta(days=1)).date(), now - timedelta(days=14)
    add_action(pairing, by=pairing.mentee, person=pairing.mentee, words="Draft the page.", due=due, at=said_at)
    for hours in (10, 0):
        tell_due_actions(now - timedelta(hours=hours))


def _reminders(programme):
    """A plan is asked for; somebody is nudged; two meet tomorrow."""
    now = timezone.now()
    for hours in (6, 36, 5 * 24):
        meeting = make_meeting(PairingFactory(programme=programme), starts_at=now + timedelta(hours=hours))
        schedule_reminders(meeting, at=now - timedelta(days=30))
    for days in (4, 1, 0):
        tell_due(now - timedelta(days=days))


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
