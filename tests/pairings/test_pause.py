"""Pausing is fine: nothing is emailed until the day that one of them chose, and then it is, in one."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from notifications import delivery
from notifications.actions import choose, mark_seen, mute
from notifications.models import Email, Event, Hold, Notification
from notifications.outbox import gather
from pairings.actions import (
    end_pairing,
    move_pairing,
    pause_pairing,
    propose_hand_over,
    resume_pairing,
    resume_pairings,
    send_message,
)
from pairings.models import MoveRefused
from portfolios.actions import mark_read
from tests.factories import (
    EnrolmentFactory,
    MentorOfferFactory,
    PairingFactory,
    PersonFactory,
    make_page,
    make_portfolio,
    share,
)

TUESDAY_NOON = "2026-11-24 12:00+00:00"
MONDAY = date(2026, 12, 7)


@pytest.fixture
def clock():
    with time_machine.travel(TUESDAY_NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def pair(clock, pair):
    """Nothing is new to them."""
    mark_read(pair.page, by=pair.mentor, until=timezone.now())
    return pair


def deliver():
    mail.outbox.clear()
    delivery.deliver_due()
    return sorted((message.to[0].split()[0], message.subject) for message in mail.outbox)


def at(clock, day, hour=12):
    clock.move_to(f"{day}T{hour:02}:00:00+00:00")


def state(pair):
    pair.pairing.refresh_from_db()
    return pair.pairing.state, pair.pairing.paused_until


def test_both_are_told_of_the_pause_once_and_at_once(pair, clock):
    pause_pairing(pair.pairing, by=pair.mentee, until=MONDAY)

    assert state(pair) == ("paused", MONDAY)
    assert deliver() == [
        ("Amina", "You and Ruth pause until 7 December"),
        ("Ruth", "You and Amina pause until 7 December"),
    ]
    clock.shift(timedelta(hours=1))
    assert deliver() == []


def test_in_a_pause_nothing_is_emailed_and_after_it_all_in_one(pair, clock):
    pause_pairing(pair.pairing, by=pair.mentee, until=MONDAY)
    deliver()

    for day in ("2026-11-25", "2026-11-27", "2026-11-30", "2026-12-04"):
        at(clock, day)
        send_message(pair.pairing, by=pair.mentee, body=f"Written on {day}.")
        share(pair.page, f"<p>Written on {day}.</p>")
        clock.shift(timedelta(hours=3))
        assert deliver() == []
    assert Notification.objects.unseen().filter(person=pair.mentor).count() == 9

    at(clock, "2026-12-07", 0)
    assert resume_pairings(timezone.now()) == 1
    assert deliver() == []  # it is night
    at(clock, "2026-12-07", 9)
    [(to, _subject)] = deliver()

    assert to == "Ruth"
    assert all(f"Written on {day}." in mail.outbox[0].body for day in ("2026-11-25", "2026-12-04"))
    clock.shift(timedelta(days=1))
    assert deliver() == []


def test_what_was_due_already_waits_too(pair, clock):
    send_message(pair.pairing, by=pair.mentor, body="Just before.")
    pause_pairing(pair.pairing, by=pair.mentor, until=MONDAY)
    clock.shift(timedelta(hours=1))

    assert [subject for to, subject in deliver()] == [
        "You and Ruth pause until 7 December",
        "You and Amina pause until 7 December",
    ]
    at(clock, "2026-12-07", 9)
    assert deliver() == [("Amina", "Ruth: “Just before.”")]


def test_an_email_that_was_made_and_not_sent_before_the_pause_is_not_sent_in_it(pair, clock):
    send_message(pair.pairing, by=pair.mentor, body="Just before.")
    clock.shift(timedelta(minutes=6))
    assert gather(timezone.now()) == 1
    pause_pairing(pair.pairing, by=pair.mentor, until=MONDAY)
    Notification.objects.filter(event__kind="pairings.paused").delete()

    assert deliver() == []
    assert Email.objects.get().reason == "held"
    at(clock, "2026-12-07", 9)
    assert deliver() == [("Amina", "Ruth: “Just before.”")]


def test_another_pairing_of_the_same_mentor_goes_on(pair, clock):
    other = PairingFactory(mentor=pair.mentor, mentee=PersonFactory(name="Tomasz Brandt"))
    pause_pairing(pair.pairing, by=pair.mentee, until=MONDAY)
    deliver()

    send_message(other, by=other.mentee, body="Hello.")
    send_message(pair.pairing, by=pair.mentee, body="Held.")
    clock.shift(timedelta(hours=1))

    assert deliver() == [("Ruth", "Tomasz: “Hello.”")]


def test_the_weekly_letter_leaves_it_out_until_the_next_after_the_pause(pair, clock):
    choose(pair.mentor, group="messages", choice="weekly")
    choose(pair.mentor, group="portfolio", choice="weekly")
    other = PairingFactory(mentor=pair.mentor, mentee=PersonFactory(name="Tomasz Brandt"))
    pause_pairing(pair.pairing, by=pair.mentee, until=date(2026, 12, 2))
    deliver()
    send_message(pair.pairing, by=pair.mentee, body="Held.")
    send_message(other, by=other.mentee, body="Hello.")

    at(clock, "2026-11-30", 9)
    assert deliver() == [("Ruth", "Tomasz: “Hello.”")]
    at(clock, "2026-12-02", 9)
    assert deliver() == []
    at(clock, "2026-12-07", 9)
    assert deliver() == [("Ruth", "Amina: “Held.”")]


def test_one_email_about_many_pairings_leaves_it_out(pair, clock):
    for name in ("Tomasz Brandt", "Priya Raman", "Callum Reid"):
        other = PairingFactory(mentor=pair.mentor, mentee=PersonFactory(name=name))
        make_page(make_portfolio(other.mentee, other.programme), body="<p>Hello.</p>")
    share(pair.page, "<p>Held.</p>")
    pause_pairing(pair.pairing, by=pair.mentor, until=MONDAY)
    deliver()
    clock.shift(timedelta(hours=3))

    assert deliver() == [("Ruth", "3 things are new for you")]
    assert "Amina" not in mail.outbox[0].body


def test_whoever_read_it_in_the_pause_is_not_emailed_after_it(pair, clock):
    pause_pairing(pair.pairing, by=pair.mentee, until=MONDAY)
    deliver()
    send_message(pair.pairing, by=pair.mentee, body="Read already.")
    mark_seen(pair.mentor, Event.objects.all())

    at(clock, "2026-12-08")

    assert deliver() == []


def test_going_on_by_hand_tells_the_other_and_all_that_waited(pair, clock):
    pause_pairing(pair.pairing, by=pair.mentee, until=MONDAY)
    deliver()
    send_message(pair.pairing, by=pair.mentee, body="Held.")
    clock.shift(timedelta(days=1))
    assert deliver() == []

    resume_pairing(pair.pairing, by=pair.mentee)
    clock.shift(timedelta(minutes=10))

    assert state(pair) == ("active", None)
    [(to, _subject)] = deliver()
    assert to == "Ruth"
    assert "Held." in mail.outbox[0].body
    assert "Amina is ready to go on: your pause is over" in mail.outbox[0].body
    assert not Hold.objects.exists()


def test_an_end_lifts_the_pause(pair, clock):
    pause_pairing(pair.pairing, by=pair.mentee, until=MONDAY)
    deliver()
    send_message(pair.pairing, by=pair.mentee, body="Held.")

    end_pairing(pair.pairing, by=pair.mentee, why="time")
    clock.shift(timedelta(minutes=10))

    assert [to for to, _subject in deliver()] == ["Ruth", "Ruth"]
    assert "Held." in "".join(message.body for message in mail.outbox)


def test_what_nobody_can_switch_off_waits_as_well(pair, clock):
    pause_pairing(pair.pairing, by=pair.mentee, until=MONDAY)
    deliver()
    EnrolmentFactory(programme=pair.pairing.programme, person=pair.mentor, role="mentor")
    offer = MentorOfferFactory(enrolment__programme=pair.pairing.programme)
    propose_hand_over(pair.pairing, offer, by=pair.mentor)
    clock.shift(timedelta(hours=1))
    assert deliver() == []

    resume_pairing(pair.pairing, by=pair.mentee)

    assert [to for to, _subject in deliver()] == ["Amina"]


def test_a_muted_pairing_stays_muted_after_its_pause(pair, clock):
    mute(pair.mentor, bundle=pair.pairing.bundle)
    pause_pairing(pair.pairing, by=pair.mentee, until=MONDAY)
    deliver()
    send_message(pair.pairing, by=pair.mentee, body="Held.")

    at(clock, "2026-12-08")

    assert deliver() == []


def test_another_day_can_be_chosen_and_both_hear_of_that(pair, clock):
    pause_pairing(pair.pairing, by=pair.mentee, until=MONDAY)
    deliver()
    clock.shift(timedelta(hours=1))

    pause_pairing(pair.pairing, by=pair.mentor, until=date(2026, 12, 14))

    assert deliver() == [
        ("Amina", "You and Ruth pause until 14 December"),
        ("Ruth", "You and Amina pause until 14 December"),
    ]
    send_message(pair.pairing, by=pair.mentee, body="Held.")
    at(clock, "2026-12-08")
    assert resume_pairings(timezone.now()) == 0
    assert deliver() == []


@pytest.mark.parametrize(("zone", "before", "after"), [("Pacific/Auckland", 10, 12), ("America/New_York", 28, 30)])
def test_it_is_over_when_the_day_begins_where_the_mentee_is(pair, clock, zone, before, after):
    pair.mentee.profile.time_zone = zone
    pair.mentee.profile.save()
    pause_pairing(pair.pairing, by=pair.mentee, until=MONDAY)
    sunday = timezone.datetime(2026, 12, 6, tzinfo=timezone.get_default_timezone())

    came = [resume_pairings(sunday + timedelta(hours=hours)) for hours in (before, after, after + 1)]

    assert came == [0, 1, 0]
    assert state(pair) == ("active", None)


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (date(2026, 11, 24), "after today"),
        (date(2026, 11, 1), "after today"),
        (date(2027, 11, 26), "within a year"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused(pair, until, words):
    with pytest.raises(MoveRefused, match=words):
        pause_pairing(pair.pairing, by=pair.mentee, until=until)

    assert state(pair) == ("active", None)


@pytest.mark.parametrize("now", ["agreeing", "completing", "ended"])
def test_only_an_active_pairing_pauses(pair, now):
    if now == "agreeing":
        pair.pairing.state = now
        pair.pairing.save()
    else:
        move_pairing(pair.pairing, now, by=pair.mentee)

    with pytest.raises(MoveRefused):
        pause_pairing(pair.pairing, by=pair.mentee, until=MONDAY)


def test_only_the_two_pause_and_go_on(pair):
    with pytest.raises(MoveRefused, match="Only the two"):
        pause_pairing(pair.pairing, by=PersonFactory(), until=MONDAY)
    with pytest.raises(MoveRefused, match="over already"):
        resume_pairing(pair.pairing, by=pair.mentee)


def test_the_page_pauses_and_goes_on(pair, signed_in):
    browser, url = signed_in(pair.mentor), f"/pairings/{pair.pairing.slug}/pause/"

    assert "We stop all reminders until the date you choose." in browser.get(url).content.decode()
    late = browser.post(url, {"until": "2026-11-01"})
    browser.post(url, {"until": "2026-12-07"})

    assert late.status_code == 422
    assert "Choose a day after today." in late.content.decode()
    assert state(pair) == ("paused", MONDAY)
    assert "You pause until Monday 7 December 2026." in browser.get(url).content.decode()

    browser.post(url, {"go_on": 1})
    assert state(pair) == ("active", None)


def test_the_page_of_others_is_not_found(pair, signed_in):
    stranger = PairingFactory(programme=pair.pairing.programme).mentor

    assert signed_in(stranger).post(f"/pairings/{pair.pairing.slug}/pause/", {"until": "2026-12-07"}).status_code == 404
    assert state(pair) == ("active", None)
