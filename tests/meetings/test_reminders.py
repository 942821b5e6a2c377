"""What is due is said: once each, late rather than never, and not when it is of no use any more."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from meetings.actions import hold_meetings
from meetings.models import Meeting, Reminder
from meetings.reminders import dates, schedule_reminders, tell_due
from notifications.models import Event, Notification
from pairings.actions import pause_pairing, resume_pairing
from pairings.actions.pairing import move_pairing
from pairings.models import Pairing
from tests.factories import PairingFactory
from tests.meetings.making import make_meeting
from tests.meetings.planning import share

Kind = Reminder.Kind
BOOKED = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
STARTS = datetime(2026, 12, 3, 17, 30, tzinfo=UTC)  # a Thursday, in London


@pytest.fixture
def meeting(pair):
    found = make_meeting(pair.pairing, starts_at=STARTS, at=BOOKED)
    schedule_reminders(found, at=BOOKED)
    return found


def told():
    """(kind, first name of who is told) of each reminder that was said, in order."""
    found = Notification.objects.filter(event__kind__startswith="meetings.").order_by("pk")
    return [
        (each.event.kind.partition(".")[2], each.person.first_name) for each in found.select_related("event", "person")
    ]


def days_before(days, hour=9):
    return (STARTS - timedelta(days=days)).replace(hour=hour, minute=0)


ALL = [("plan_due", "Amina"), ("plan_nudge", "Amina"), ("tomorrow", "Amina"), ("tomorrow", "Ruth")]


def test_each_is_said_at_its_moment_and_once(meeting):
    moments = [
        days_before(7) - timedelta(seconds=1),
        days_before(7),
        days_before(7),
        days_before(2),
        days_before(1, 17),
    ]

    counts = [tell_due(moment) for moment in moments]

    assert counts == [0, 1, 0, 1, 2]
    assert told() == ALL
    assert tell_due(STARTS + timedelta(days=1)) == 0


def test_a_beat_that_was_away_says_it_late(meeting):
    assert tell_due(days_before(5)) == 1
    assert told() == ALL[:1]


def test_nothing_is_said_of_a_meeting_that_has_begun(meeting):
    assert tell_due(STARTS) == 0
    assert told() == []
    assert not Reminder.objects.filter(dropped_at=None).exists()


def test_a_plan_that_is_shared_is_not_asked_for(meeting):
    tell_due(days_before(7))
    share(meeting, at=days_before(4))

    assert tell_due(days_before(2)) == 0
    assert not Notification.objects.unseen().filter(person=meeting.pairing.mentee, event__about_id=meeting.pk).exists()


def test_a_pair_that_no_longer_wants_it_is_not_nudged(meeting):
    Pairing.objects.update(chasing=Pairing.Chasing.NOT)

    assert tell_due(days_before(2)) == 1
    assert told() == ALL[:1]


def test_what_is_called_off_is_not_spoken_of_and_what_was_said_is_no_longer_new(meeting):
    tell_due(days_before(7))
    Meeting.objects.update(state="called_off", called_off_at=BOOKED)
    meeting.refresh_from_db()
    schedule_reminders(meeting, at=days_before(6))

    assert tell_due(days_before(1, 18)) == 0
    assert not Notification.objects.unseen().filter(event__kind="meetings.plan_due").exists()


def test_what_was_said_of_a_meeting_that_was_held_is_no_longer_new(meeting):
    tell_due(days_before(1, 17))

    hold_meetings(STARTS + timedelta(hours=2))

    assert not Notification.objects.unseen().filter(event__kind="meetings.tomorrow").exists()


def test_a_pause_keeps_them_back_and_its_end_says_what_is_still_of_use(pair, meeting):
    with time_machine.travel(days_before(8), tick=False):
        pause_pairing(pair.pairing, by=pair.mentee, until=days_before(3).date())
    assert tell_due(days_before(6)) == 0

    resume_pairing(pair.pairing, by=pair.mentee, at=days_before(4))

    assert tell_due(days_before(4)) == 1
    assert told()[-1] == ("plan_due", "Amina")


def test_after_the_end_nothing_is_said(pair, meeting):
    move_pairing(pair.pairing, "ended", by=pair.mentee, at=days_before(8))

    assert tell_due(days_before(1, 18)) == 0


def move(meeting, starts_at, at):
    meeting.starts_at, meeting.ends_at = starts_at, starts_at + timedelta(hours=1)
    meeting.save()
    schedule_reminders(meeting, at=at)


def test_a_meeting_that_moves_takes_its_reminders_along(meeting):
    move(meeting, STARTS + timedelta(days=14), at=days_before(20))

    assert tell_due(days_before(1, 18)) == 0
    assert tell_due(STARTS + timedelta(days=7)) == 1
    assert tell_due(STARTS + timedelta(days=12)) == 1
    assert told() == ALL[:2]


def test_who_is_asked_for_a_plan_late_is_not_nudged_in_the_same_breath(meeting):
    assert tell_due(days_before(1, 10)) == 1
    assert tell_due(days_before(1, 11)) == 0
    assert told() == ALL[:1]


def test_what_was_said_is_said_again_for_another_day_to_come(meeting):
    for days, hour in ((7, 9), (2, 9), (1, 17)):
        tell_due(days_before(days, hour))
    move(meeting, STARTS + timedelta(days=28), at=days_before(1, 18))

    for days, hour in ((7, 9), (2, 9), (1, 17)):
        tell_due(days_before(days, hour) + timedelta(days=28))

    assert told() == ALL * 2


def test_later_on_the_same_day_nothing_is_said_twice(meeting):
    assert tell_due(days_before(1, 17)) == 3

    move(meeting, STARTS + timedelta(hours=2), at=STARTS - timedelta(hours=8))

    assert tell_due(STARTS) == 0


def test_another_place_changes_no_reminder(meeting):
    tell_due(days_before(7))

    schedule_reminders(meeting, at=days_before(6))

    assert tell_due(days_before(6)) == 0


def test_each_email_comes_when_quiet_hours_are_over_or_at_once_where_that_is_too_late(pair):
    """Sunday evening, of people who are quiet at weekends and until eight."""
    late, early = (datetime(2026, 11, 30, hour, 0, tzinfo=UTC) for hour in (10, 7))
    for starts_at in (late, early):
        pairing = PairingFactory()
        schedule_reminders(make_meeting(pairing, starts_at=starts_at, at=BOOKED), at=BOOKED)
    Reminder.objects.exclude(kind=Kind.TOMORROW).delete()
    sunday = datetime(2026, 11, 29, 17, 0, tzinfo=UTC)

    assert tell_due(sunday) == 4

    due = Notification.objects.filter(event__kind="meetings.tomorrow").order_by("event__about_id", "pk")
    assert [each.due_at for each in due] == [datetime(2026, 11, 30, 8, 0, tzinfo=UTC)] * 2 + [sunday] * 2
    assert {each.told_with.partition("-")[0] for each in due} == {"once"}


@pytest.mark.django_db(transaction=True)
def test_two_beats_say_each_once(pair):
    for number in range(6):
        found = make_meeting(PairingFactory(), starts_at=STARTS + timedelta(minutes=10 * number), at=BOOKED)
        schedule_reminders(found, at=BOOKED)
    said = []

    def beat():
        try:
            said.append(tell_due(days_before(7, 23)))
        finally:
            connection.close()

    beats = [Thread(target=beat) for _ in range(3)]
    for each in beats:
        each.start()
    for each in beats:
        each.join()
    said.append(tell_due(days_before(7, 23)))

    assert sum(said) == 6
    assert Event.objects.filter(kind="meetings.plan_due").count() == 6


ZONES = ("Europe/London", "Pacific/Auckland", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe")


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_each_is_said_once_for_its_day(pair, seed):
    """Meetings are booked, and moved, over a clock change; beats come now and then. What was due for the day that held
    when it was due is said once, in order, and never before its moment."""
    chance = random.Random(seed)
    for person in (pair.mentee, pair.mentor):
        person.profile.time_zone = chance.choice(ZONES)
        person.profile.save()
    zones = [ZoneInfo(person.profile.time_zone) for person in (pair.mentee, pair.mentor)]
    now = datetime(2026, chance.choice([3, 9, 10]), 10, 6, 0, tzinfo=UTC)
    starts_at = now + timedelta(days=chance.randint(1, 40), minutes=15 * chance.randrange(96))
    meeting = make_meeting(pair.pairing, starts_at=starts_at, at=now)
    schedule_reminders(meeting, at=now)
    moves = sorted(chance.uniform(0, 1) for _ in range(chance.randint(0, 3)))
    for part in moves:
        at = now + (meeting.starts_at - now) * part
        tell_all(now, at, chance)
        starts_at = at + timedelta(days=chance.randint(10, 40), minutes=15 * chance.randrange(96))
        move(meeting, starts_at, at=at)
        now = at
    moved_at, before = now, Notification.objects.filter(event__kind__startswith="meetings.").count()

    tell_all(now, meeting.starts_at, chance)

    wanted = dates(meeting.starts_at, moved_at, *zones, pair.pairing.chasing)
    found = Notification.objects.filter(event__kind__startswith="meetings.").order_by("pk")[before:]
    assert Counter(each.event.kind for each in found) == Counter(
        {"plan": "meetings.plan_due", "plan_nudge": "meetings.plan_nudge", "tomorrow": "meetings.tomorrow"}[kind]
        for kind, _role in wanted
    )
    due = Counter(wanted.values())
    assert sum(due.values()) == len(found)
    assert all(any(moment <= each.event.at for moment in due) for each in found)


def tell_all(begins, ends, chance):
    """Beats between the two moments, some hours apart, and one shortly before the end."""
    at = begins
    while at < ends:
        tell_due(at)
        at += timedelta(minutes=chance.randint(60, 500))
    tell_due(max(begins, ends - timedelta(seconds=1)))


def test_what_is_asked_of_the_database_does_not_grow(meeting, django_assert_num_queries):
    with django_assert_num_queries(1):
        tell_due(timezone.now().replace(year=2026, month=11, day=3))
