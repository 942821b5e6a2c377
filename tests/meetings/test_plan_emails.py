"""What is said by email before a meeting: in whose words, when, and what never."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail

from meetings.actions import read_plan
from meetings.models import Action
from meetings.planning import Given
from meetings.reminders import schedule_reminders, tell_due
from meetings.starters import CONFIDENCE, starters
from notifications import delivery
from notifications.actions import mute, set_preferences
from notifications.models import Email, Notification
from portfolios.actions import mark_read
from tests.meetings.making import make_meeting
from tests.meetings.planning import share

BOOKED = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
STARTS = datetime(2026, 12, 3, 17, 30, tzinfo=UTC)  # a Thursday
HARD = starters()[1].key


@pytest.fixture(autouse=True)
def clock():
    """A Monday, ten days before."""
    with time_machine.travel(datetime(2026, 11, 23, 10, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def meeting(pair):
    """Nothing else is new to them."""
    mark_read(pair.page, by=pair.mentor, until=datetime(2026, 11, 24, tzinfo=UTC))
    found = make_meeting(pair.pairing, starts_at=STARTS, at=BOOKED, where="https://video.example/room")
    schedule_reminders(found, at=BOOKED)
    return found


@pytest.fixture
def emails(clock):
    """`emails(moment)`: what is sent at that moment, reminders included."""

    def at(moment):
        clock.move_to(moment)
        mail.outbox.clear()
        tell_due(moment)
        delivery.deliver_due()
        return {message.to[0].split()[0]: message for message in mail.outbox}

    return at


def html_of(message):
    return " ".join(message.alternatives[0].content.split())


def test_a_plan_is_asked_for_at_nine_a_week_before(pair, meeting, emails):
    Action.objects.create(pairing=pair.pairing, person=pair.mentee, words="Draft page 2", created_by=pair.mentee)
    Action.objects.create(pairing=pair.pairing, person=pair.mentor, words="Send a link", created_by=pair.mentor)

    assert emails(STARTS - timedelta(days=7, hours=8, minutes=31)) == {}
    [message] = emails(STARTS - timedelta(days=7, hours=8, minutes=30)).values()

    assert message.to == ["Amina Okafor <amina@example.org>"]
    assert message.subject == "Meeting on 3 December: five short questions"
    assert "Draft page 2" in message.body
    assert "Send a link" not in message.body
    assert f'/meetings/{meeting.slug}/plan/">Write your plan</a>' in html_of(message)


def test_a_mentee_is_nudged_two_days_before_and_not_once_the_plan_is_shared(pair, meeting, emails):
    emails(STARTS - timedelta(days=7))
    [message] = emails(datetime(2026, 12, 1, 9, 0, tzinfo=UTC)).values()

    assert message.subject == "Thursday with Ruth: what would you like to talk about?"
    assert "There is no plan yet, and that is fine." in message.body


def test_a_plan_is_told_to_the_mentor_with_the_answers_but_no_scale(pair, meeting, emails, clock):
    given = {CONFIDENCE: Given(scale=2), HARD: Given("The talk with my manager.")}
    clock.move_to(STARTS - timedelta(days=5, hours=6))
    share(meeting, "Two projects for your-service", answers=given)

    assert emails(STARTS - timedelta(days=5, hours=5, minutes=40)) == {}
    message = emails(STARTS - timedelta(days=3, hours=5))["Ruth"]

    assert message.subject == "Amina’s plan for Thursday: “Two projects for your-service”"
    assert "The talk with my manager." in message.body
    assert "How confident" not in message.body + html_of(message)
    assert "2 of 5" not in message.body + html_of(message)
    assert ">Open plan</a>" in html_of(message)


def test_without_words_it_says_only_that_there_is_one(pair, meeting, emails, clock):
    set_preferences(pair.mentor, words_in_emails=False)
    clock.move_to(STARTS - timedelta(days=3, hours=7))
    share(meeting, "Two projects", answers={HARD: Given("The talk.")})

    message = emails(STARTS - timedelta(days=3, hours=5))["Ruth"]

    assert message.subject == "Amina shared a plan for Thursday"
    assert "projects" not in message.body + html_of(message)
    assert "The talk" not in message.body + html_of(message)


def test_a_day_before_it_is_told_at_once_and_alone(pair, meeting, emails, clock):
    emails(datetime(2026, 12, 2, 17, 0, tzinfo=UTC))
    clock.move_to(datetime(2026, 12, 2, 17, 45, tzinfo=UTC))
    share(meeting, "How to begin")

    message = emails(datetime(2026, 12, 2, 17, 45, tzinfo=UTC))["Ruth"]

    assert message.subject == "Amina’s plan for Thursday: “How to begin”"
    assert Notification.objects.get(event__kind="meetings.plan_shared").told_with.startswith("once-")


def test_a_change_says_what_was_and_what_is(pair, meeting, emails, clock):
    clock.move_to(STARTS - timedelta(days=6, hours=7))
    share(meeting, "How to begin", answers={HARD: Given("The talk.")})
    read_plan(meeting, by=pair.mentor, number=1)
    share(meeting, "How to end", answers={HARD: Given("The talk.")})

    message = emails(STARTS - timedelta(days=3, hours=5))["Ruth"]

    assert message.subject == "Amina changed the plan for Thursday: “How to end”"
    assert "was: How to begin\nnow: How to end" in message.body
    assert "The talk." not in message.body
    assert "<del>How to begin</del>" in html_of(message)


def test_what_was_read_is_not_emailed(pair, meeting, emails, clock):
    clock.move_to(STARTS - timedelta(days=6, hours=7))
    share(meeting)
    read_plan(meeting, by=pair.mentor, number=1)

    assert "Ruth" not in emails(STARTS - timedelta(days=3, hours=5))


def test_both_hear_of_it_the_day_before_each_in_their_own_words(pair, meeting, emails, clock):
    pair.mentor.profile.time_zone = "Pacific/Auckland"
    pair.mentor.profile.save()
    schedule_reminders(meeting, at=BOOKED)
    clock.move_to(STARTS - timedelta(days=6, hours=7))
    share(meeting, "How to begin")
    read_plan(meeting, by=pair.mentor, number=1)
    Action.objects.create(pairing=pair.pairing, person=pair.mentee, words="Draft page 2", created_by=pair.mentee)

    # Where Ruth is it is the fourth, half past six in the morning.
    amina = emails(datetime(2026, 12, 2, 17, 0, tzinfo=UTC))["Amina"]
    [(_name, ruth)] = emails(datetime(2026, 12, 3, 4, 0, tzinfo=UTC)).items()

    assert (amina.subject, ruth.subject) == ("Tomorrow 17:30 with Ruth", "Tomorrow 06:30 with Amina")
    assert "17:30–18:30\n17:30 for you, 06:30 Friday for Ruth" in amina.body
    assert "You’d like to talk about:\nHow to begin" in amina.body
    assert "Amina would like to talk about:\nHow to begin" in ruth.body
    assert "Video: https://video.example/room" in amina.body
    assert "- Amina: Draft page 2" in ruth.body
    assert f"/meetings/{meeting.slug}/prepare/" in ruth.body
    assert f"/meetings/{meeting.slug}/plan/" in amina.body


def test_what_quiet_hours_kept_back_says_today(pair, emails, clock):
    """Sunday's reminder of a meeting on Monday, to people who are quiet at weekends."""
    meeting = make_meeting(pair.pairing, starts_at=datetime(2026, 11, 30, 12, 0, tzinfo=UTC), at=BOOKED)
    schedule_reminders(meeting, at=BOOKED)
    share(meeting)

    assert emails(datetime(2026, 11, 29, 17, 0, tzinfo=UTC)) == {}
    message = emails(datetime(2026, 11, 30, 8, 0, tzinfo=UTC))["Amina"]

    assert message.subject == "Today 12:00 with Ruth"


@pytest.mark.parametrize("way", ["off", "muted"])
def test_whoever_wants_none_gets_none(pair, meeting, emails, way):
    if way == "off":
        set_preferences(pair.mentee, meetings="off")
    else:
        mute(pair.mentee, bundle=pair.pairing.bundle)

    assert emails(STARTS - timedelta(days=7, hours=8)) == {}
    assert Email.objects.get().state == Email.State.DROPPED


def test_one_email_a_week_still_leaves_reminders_on_their_day(pair, meeting, emails):
    set_preferences(pair.mentee, meetings="weekly")

    assert "Amina" in emails(STARTS - timedelta(days=7, hours=8))


def test_a_personal_pause_keeps_them_back_for_good(pair, meeting, emails):
    set_preferences(pair.mentee, paused_until=datetime(2026, 12, 10, tzinfo=UTC).date())

    assert "Amina" not in emails(STARTS - timedelta(days=1, minutes=30))
    assert "Amina" not in emails(datetime(2026, 12, 10, 12, 0, tzinfo=UTC))


def test_reminders_do_not_count_as_emails_of_the_day(pair, emails, clock):
    """Three meetings on one day, three reminders."""
    for hour in (9, 12, 15):
        found = make_meeting(
            pair.pairing, starts_at=datetime(2026, 12, 3, hour, 0, tzinfo=UTC), at=BOOKED, state="booked"
        )
        schedule_reminders(found, at=BOOKED)
        share(found)
    emails(datetime(2026, 12, 1, 12, 0, tzinfo=UTC))

    tell_due(datetime(2026, 12, 2, 17, 0, tzinfo=UTC))
    clock.move_to(datetime(2026, 12, 2, 17, 0, tzinfo=UTC))
    mail.outbox.clear()
    delivery.deliver_due()

    assert sorted(message.subject for message in mail.outbox if "Amina Okafor" in message.to[0]) == [
        "Tomorrow 09:00 with Ruth",
        "Tomorrow 12:00 with Ruth",
        "Tomorrow 15:00 with Ruth",
    ]


def test_nothing_of_a_meeting_that_has_begun_is_sent(pair, meeting, emails):
    tell_due(datetime(2026, 12, 2, 17, 0, tzinfo=UTC))

    assert emails(STARTS) == {}
