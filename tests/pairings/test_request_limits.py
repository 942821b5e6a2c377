"""Asking is for one who means it: so many a day, and whatever somebody is called."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pairings.actions import ask, suggest_talk, withdraw_request
from pairings.actions.requests import MOST_A_DAY
from pairings.models import MentorRequest, MoveRefused
from tests.factories import PersonFactory
from tests.pairings.asking import WORDS, make_mentee, make_mentor

pytestmark = pytest.mark.django_db


def ask_and_take_back(offer, mentee, at):
    withdraw_request(ask(offer, by=mentee, at=at, **WORDS), by=mentee, at=at)


def test_nobody_writes_to_mentors_all_day_long():
    hana, now = make_mentee(), timezone.now()
    ruth = make_mentor(hana.programme)
    for minutes in range(MOST_A_DAY):
        ask_and_take_back(ruth, hana.person, now + timedelta(minutes=minutes))

    with pytest.raises(MoveRefused, match="ask again tomorrow"):
        ask(ruth, by=hana.person, at=now + timedelta(hours=1), **WORDS)

    ask_and_take_back(ruth, hana.person, now + timedelta(days=1, minutes=1))
    assert MentorRequest.objects.count() == MOST_A_DAY + 1


def test_what_the_team_suggests_is_not_counted_and_another_is_not_held_up():
    hana, now = make_mentee(), timezone.now()
    ruth = make_mentor(hana.programme)
    for _each in range(MOST_A_DAY):
        withdraw_request(suggest_talk(hana, ruth, by=PersonFactory(), at=now), by=hana.person, at=now)
    for _each in range(MOST_A_DAY):
        ask_and_take_back(ruth, hana.person, now)

    leon = make_mentee(hana.programme, "Leon Whitaker")
    assert ask(ruth, by=leon.person, at=now, **WORDS).is_open


@pytest.mark.parametrize(
    ("name", "slugs"),
    [
        ("—", ["request", "request-2"]),
        ("李 明", ["li-ming", "li-ming-2"]),
        ("\u202e\u200b", ["request", "request-2"]),
        ("Request", ["request", "request-2"]),
    ],
)
def test_two_whose_name_makes_no_address_can_both_ask(name, slugs):
    programme = make_mentee().programme
    ruth = make_mentor(programme)
    both = [make_mentee(programme, f"Nobody {number}") for number in range(2)]
    for each in both:
        each.person.name = name
        each.person.save()

    assert [ask(ruth, by=each.person, **WORDS).slug for each in both] == slugs
