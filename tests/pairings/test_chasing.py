"""Requests that nobody answers: reminded on day 5, the team on day 10, closed on day 14; each once, without blame."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from notifications import delivery
from notifications.actions import set_preferences
from notifications.models import Notification
from pairings.actions import answer_request, ask, begin_pairing, chase_requests, say_yes, suggest_talk, withdraw_request
from programmes.models import Enrolment
from tests.at_once import all_at_once
from tests.factories import EnrolmentFactory, PersonFactory
from tests.pairings.asking import WORDS, make_mentee, make_mentor

ASKED = timezone.datetime.fromisoformat("2026-11-24T10:00+00:00")


@pytest.fixture
def hana(db):
    return make_mentee()


@pytest.fixture
def ruth(hana):
    return make_mentor(hana.programme)


@pytest.fixture
def lead(hana):
    person = PersonFactory(name="Marguerite Fell", email="marguerite@example.org", is_staff=True, is_superuser=True)
    return EnrolmentFactory(programme=hana.programme, person=person, role=Enrolment.Role.COORDINATOR).person


@pytest.fixture
def request_to_ruth(hana, ruth):
    return ask(ruth, by=hana.person, at=ASKED, **WORDS)


@pytest.fixture(autouse=True)
def _at_once(settings):
    settings.NOTICE_BUNDLE_MINUTES = 0


def deliver(at):
    """What is emailed at this moment, as (to whom, subject)."""
    mail.outbox.clear()
    with time_machine.travel(at, tick=False):
        delivery.deliver_due()
    return sorted((message.to[0].partition(" ")[0], message.subject) for message in mail.outbox)


def chase(days, hours=0):
    """The emails of a chase so long after the request."""
    at = ASKED + timedelta(days=days, hours=hours)
    with time_machine.travel(at, tick=False):
        chase_requests(at)
    return deliver(at)


def test_a_year_of_beats_says_each_thing_once(hana, ruth, lead, request_to_ruth):
    assert deliver(ASKED) == [("Ruth", "Hana Sato would like you to be their mentor")]

    said = {day: emails for day in range(20) for hours in (0, 1, 23) if (emails := chase(day, hours))}

    assert said == {
        5: [("Ruth", "Hana Sato would like you to be their mentor")],
        10: [("Marguerite", "Hana Sato is waiting for an answer from Ruth Lindqvist")],
        14: [("Hana", "Ruth didn’t get to your request"), ("Ruth", "The request from Hana has closed")],
    }
    request_to_ruth.refresh_from_db()
    assert (request_to_ruth.state, request_to_ruth.closed_at) == ("lapsed", ASKED + timedelta(days=14))


def test_a_dead_beat_says_nothing_late_twice(request_to_ruth, lead):
    deliver(ASKED)

    assert [to for to, _subject in chase(12)] == ["Marguerite", "Ruth"]
    assert [to for to, _subject in chase(30)] == ["Hana", "Ruth"]
    assert chase(60) == []


def test_a_beat_that_was_dead_for_a_month_only_closes(request_to_ruth, lead):
    deliver(ASKED)

    assert [subject for _to, subject in chase(40)] == [
        "Ruth didn’t get to your request",
        "The request from Hana has closed",
    ]


def test_an_answer_ends_it(ruth, request_to_ruth, lead):
    deliver(ASKED)
    answer_request(request_to_ruth, by=ruth.enrolment.person, yes=True, at=ASKED + timedelta(days=1))
    deliver(ASKED + timedelta(days=1))

    assert [chase(day) for day in (5, 10, 14)] == [[], [], []]


def test_a_reminder_not_sent_yet_is_not_sent_after_the_answer(ruth, request_to_ruth):
    deliver(ASKED)
    at = ASKED + timedelta(days=6)
    chase_requests(at)
    withdraw_request(request_to_ruth, by=request_to_ruth.mentee, at=at)

    assert deliver(at) == []


def test_the_programmes_own_days(hana, ruth, lead):
    hana.programme.nudge_days, hana.programme.tell_team_days, hana.programme.lapse_days = 1, 2, 3
    hana.programme.save()
    ask(ruth, by=hana.person, at=ASKED, **WORDS)
    deliver(ASKED)

    assert [len(chase(day)) for day in (1, 2, 3, 4)] == [1, 1, 2, 0]


def test_who_left_or_may_not_sign_in_hears_nothing_and_the_mentee_is_not_left_waiting(
    hana, ruth, lead, request_to_ruth
):
    deliver(ASKED)
    ruth.enrolment.person.is_active = False
    ruth.enrolment.person.save()

    assert chase(6) == [("Hana", "Your request to Ruth is closed")]

    request_to_ruth.refresh_from_db()
    assert request_to_ruth.state == "withdrawn"
    assert chase(20) == []


def test_a_mentee_who_left_frees_the_place_of_a_talk(hana, ruth):
    suggest_talk(hana, ruth, by=PersonFactory(name="Marguerite Fell"), at=ASKED)
    deliver(ASKED)
    hana.ended_at = ASKED
    hana.save()

    assert chase(1) == [("Ruth", "Hana won’t be going on with you this time")]

    ruth.refresh_from_db()
    assert ruth.held == 0


def test_nobody_is_told_of_a_request_of_their_own_as_the_team(hana, ruth, request_to_ruth):
    EnrolmentFactory(programme=hana.programme, person=ruth.enrolment.person, role=Enrolment.Role.COORDINATOR)
    ruth.enrolment.person.is_staff = ruth.enrolment.person.is_superuser = True
    ruth.enrolment.person.save()
    deliver(ASKED)

    assert [to for to, _subject in chase(11)] == ["Ruth"]


def test_the_email_of_a_request_holds_the_three_answers_and_one_button(request_to_ruth):
    deliver(ASKED)

    [message] = mail.outbox
    html = " ".join(message.alternatives[0].content.split())
    for words in (*WORDS.values(), "Why Ruth?", "What they hope for", "How they like to work"):
        assert words in html
        assert words in message.body
    assert html.count('class="a"') == 1
    assert "Answer Hana</a>" in html
    assert "Stop these" not in html
    assert "Reply-To" not in message.extra_headers


def test_who_wants_no_words_in_emails_gets_none(hana, ruth):
    set_preferences(ruth.enrolment.person, words_in_emails=False)
    ask(ruth, by=hana.person, at=ASKED, **WORDS)

    deliver(ASKED)

    assert WORDS["hopes"] not in f"{mail.outbox[0].body} {mail.outbox[0].alternatives[0].content}"
    assert mail.outbox[0].subject == "Hana Sato would like you to be their mentor"


def test_the_email_of_a_yes_says_how_to_reach_the_mentor(ruth, request_to_ruth):
    deliver(ASKED)
    answer_request(request_to_ruth, by=ruth.enrolment.person, yes=True, at=ASKED)

    assert deliver(ASKED) == [("Hana", "Ruth said yes: suggest a first conversation")]
    assert "Write to Ruth at ruth.lindqvist@example.org" in mail.outbox[0].body


def test_the_email_of_a_refusal_brings_her_words_and_three_others(hana, ruth, request_to_ruth):
    for number in range(4):
        make_mentor(hana.programme, f"Mentor Number{number}")
    deliver(ASKED)
    answer_request(request_to_ruth, by=ruth.enrolment.person, yes=False, words="My year filled up.", at=ASKED)

    assert deliver(ASKED) == [("Hana", "Ruth can’t take this on: three others to consider")]
    assert "My year filled up." in mail.outbox[0].body
    assert mail.outbox[0].body.count("/mentors/mentor-number") == 3


def test_both_saying_yes_tells_the_other(hana, ruth, request_to_ruth):
    answer_request(request_to_ruth, by=ruth.enrolment.person, yes=True, at=ASKED)
    deliver(ASKED)
    say_yes(request_to_ruth, by=hana.person, at=ASKED)
    assert deliver(ASKED) == [("Ruth", "Hana would like to go on with you")]
    say_yes(request_to_ruth, by=ruth.enrolment.person, at=ASKED)

    assert deliver(ASKED) == [("Hana", "You and Ruth are a pairing")]


def test_a_suggestion_tells_both_by_whom(hana, ruth):
    suggest_talk(hana, ruth, by=PersonFactory(name="Marguerite Fell"), at=ASKED)

    assert deliver(ASKED) == [
        ("Hana", "Marguerite Fell suggests that you and Ruth Lindqvist talk"),
        ("Ruth", "Marguerite Fell suggests that you and Hana Sato talk"),
    ]


def test_a_mentee_who_is_paired_otherwise_waits_for_nobody(hana, ruth, request_to_ruth):
    gwen = make_mentor(hana.programme, "Gwen Prosser")
    deliver(ASKED)
    begin_pairing(programme=hana.programme, mentee=hana.person, mentor=gwen.enrolment.person, by=None, at=ASKED)

    assert [chase(day) for day in (5, 10, 14)] == [[], [], []]


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_and_a_third_later_say_it_once():
    hana = make_mentee()
    for number in range(6):
        mentor = make_mentor(hana.programme, f"Mentor Number{number}")
        ask(mentor, by=make_mentee(hana.programme, f"Mentee Number{number}").person, at=ASKED, **WORDS)
    now = ASKED + timedelta(days=6)

    came = all_at_once([lambda: chase_requests(now)] * 6)

    assert came == {"done": 6}
    assert Notification.objects.filter(event__kind="pairings.nudge").count() == 6
    assert chase_requests(now) == 0


def test_after_three_weeks_of_talking_whoever_did_not_say_yes_is_asked_once_how_it_went(request_to_ruth):
    asked = request_to_ruth
    answer_request(asked, by=asked.mentor, yes=True, at=ASKED + timedelta(days=6))
    say_yes(asked, by=asked.mentee, at=ASKED + timedelta(days=7))

    found = [chase_requests(ASKED + timedelta(days=days)) for days in (26, 27, 28, 60)]

    assert found == [0, 1, 0, 0]
    told = Notification.objects.filter(event__kind="pairings.how_it_went")
    assert [each.person for each in told] == [asked.mentor]
