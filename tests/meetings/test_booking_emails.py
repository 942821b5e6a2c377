"""Emails 6 and 7: times to choose from; booked, moved, somewhere else, called off. Each in its reader's own zone."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail

from meetings.actions import (
    call_off,
    change_place,
    choose_time,
    move_meeting,
    offer_other_times,
    offer_times,
    record_meeting,
)
from meetings.looking import let_go_of_own, to_look_at
from meetings.models import Meeting
from notifications import delivery
from notifications.actions import set_preferences
from notifications.models import Notification
from pairings.actions import end_pairing, pause_pairing
from tests.factories import PairingFactory, PersonFactory

# After ten in the evening, on a Saturday.
NIGHT = datetime(2026, 11, 28, 22, 30, tzinfo=UTC)
THURSDAY = datetime(2026, 12, 3, 18, 0, tzinfo=UTC)
MONDAY = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NIGHT, tick=False) as clock:
        yield clock


@pytest.fixture
def pairing(db, clock, settings):
    settings.SITE_URL = "https://mentoring.example"
    isla, daniel = PersonFactory(name="Isla Burns"), PersonFactory(name="Daniel Achterberg")
    daniel.profile.time_zone = "Pacific/Auckland"
    daniel.profile.save()
    return PairingFactory(mentee=isla, mentor=daniel, slug="isla-and-daniel", created_at=NIGHT - timedelta(days=90))


def deliver():
    """{first name: message} of what is sent now."""
    mail.outbox.clear()
    delivery.deliver_due()
    return {message.to[0].split()[0]: message for message in mail.outbox}


def html(message):
    return next(each.content for each in message.alternatives if each.mimetype == "text/html")


def calendar(message):
    """(method, the lines of its calendar file), None when it has none."""
    found = [each for each in message.alternatives if each.mimetype.startswith("text/calendar")]
    return (found[0].mimetype.partition("method=")[2], found[0].content.splitlines()) if found else None


def test_times_are_offered_in_the_readers_zone_each_with_a_link(pairing):
    offer_times(pairing, by=pairing.mentee, times=[MONDAY, THURSDAY], how="video", where="https://video.example/room")

    told = deliver()

    assert list(told) == ["Daniel"]
    message = told["Daniel"]
    assert message.subject == "Two times to meet with Isla"
    assert "Your times are those of Auckland." in message.body
    assert "Friday 4 December, 07:00–08:00\n07:00 for you, 18:00 Thursday for Isla" in message.body
    links = [f"https://mentoring.example/pairings/isla-and-daniel/meetings/times/?time={moment}#choose"
             for moment in ("2026-12-03T18:00Z", "2026-12-07T09:00Z")]  # fmt: skip
    assert all(link in message.body and link in html(message) for link in links)
    assert "https://video.example/room" in message.body
    assert html(message).count('class="a"') == 1
    assert calendar(message) is None


def test_a_booking_is_told_to_both_at_once_also_at_night_with_an_invitation(pairing):
    meeting = offer_times(pairing, by=pairing.mentee, times=[THURSDAY], how="video")
    deliver()

    choose_time(meeting, by=pairing.mentor, starts_at=THURSDAY, expected_round=1)
    told = deliver()

    assert {name: message.subject for name, message in told.items()} == {
        "Isla": "Thu 3 Dec, 18:00: you and Daniel",
        "Daniel": "Fri 4 Dec, 07:00: you and Isla",
    }
    assert "18:00 for you, 07:00 Friday for Daniel" in told["Isla"].body
    for message in told.values():
        method, lines = calendar(message)
        assert (method, "SEQUENCE:1" in lines, "METHOD:REQUEST" in lines) == ("REQUEST", True, True)


def test_a_move_says_was_and_now_and_takes_the_place_of_what_was_unsent(pairing):
    meeting = record_meeting(pairing, by=pairing.mentee, starts_at=THURSDAY, minutes=60, how="video")
    move_meeting(meeting, by=pairing.mentor, starts_at=MONDAY, minutes=60, expected_sequence=1)

    told = deliver()

    assert {name: message.subject for name, message in told.items()} == {
        "Isla": "Moved to Mon 7 Dec, 09:00: you and Daniel",
        "Daniel": "Moved to Mon 7 Dec, 22:00: you and Isla",
    }
    assert "was: Thursday 3 December, 18:00\nnow: Monday 7 December, 09:00–10:00" in told["Isla"].body
    assert "<del>Thursday 3 December, 18:00</del>" in html(told["Isla"])
    assert "SEQUENCE:2" in calendar(told["Isla"])[1]
    assert deliver() == {}


def test_each_move_has_its_own_subject(pairing):
    meeting = record_meeting(pairing, by=pairing.mentee, starts_at=THURSDAY, minutes=60, how="video")
    subjects = []
    for number, to in enumerate((MONDAY, THURSDAY), start=1):
        move_meeting(meeting, by=pairing.mentor, starts_at=to, minutes=60, expected_sequence=number)
        subjects.append(deliver()["Isla"].subject)

    assert subjects == ["Moved to Mon 7 Dec, 09:00: you and Daniel", "Moved to Thu 3 Dec, 18:00: you and Daniel"]


def test_each_round_of_times_says_how_many(pairing):
    meeting = offer_times(pairing, by=pairing.mentee, times=[THURSDAY, MONDAY], how="video")
    first = deliver()["Daniel"].subject
    offer_other_times(meeting, by=pairing.mentee, times=[MONDAY], expected_round=1)

    assert (first, deliver()["Daniel"].subject) == ("Two times to meet with Isla", "One time to meet with Isla")


def test_another_place_and_a_longer_time(pairing):
    meeting = record_meeting(pairing, by=pairing.mentee, starts_at=THURSDAY, minutes=60, how="video")
    deliver()

    change_place(meeting, by=pairing.mentee, how="phone", where="0113 496 0000")
    told = deliver()["Daniel"]
    assert told.subject == "You and Isla meet somewhere else"
    assert "Phone: 0113 496 0000" in told.body

    move_meeting(meeting, by=pairing.mentee, starts_at=THURSDAY, minutes=90, expected_sequence=2)
    assert deliver()["Isla"].subject == "Thu 3 Dec, 18:00, 90 minutes now: you and Daniel"


def test_calling_off_says_why_and_strikes_it_from_calendars(pairing):
    meeting = record_meeting(pairing, by=pairing.mentee, starts_at=THURSDAY, minutes=60, how="video")
    deliver()

    call_off(meeting, by=pairing.mentor, why="The ferry does not run.")
    told = deliver()

    assert told["Isla"].subject == "Called off: Thu 3 Dec, 18:00, you and Daniel"
    assert "Daniel wrote:\n\nThe ferry does not run." in told["Isla"].body
    assert sorted(told) == ["Daniel", "Isla"]
    method, lines = calendar(told["Isla"])
    assert (method, "STATUS:CANCELLED" in lines, "SEQUENCE:2" in lines) == ("CANCEL", True, True)


def test_times_that_are_taken_back_are_told_to_the_other_alone(pairing):
    meeting = offer_times(pairing, by=pairing.mentee, times=[THURSDAY], how="video")
    deliver()
    call_off(meeting, by=pairing.mentee)

    assert {name: message.subject for name, message in deliver().items()} == {
        "Daniel": "Isla took back the times offered"
    }


def test_who_can_choose_none_just_now_says_so(pairing):
    meeting = offer_times(pairing, by=pairing.mentee, times=[THURSDAY], how="video")
    deliver()
    call_off(meeting, by=pairing.mentor)

    assert {name: message.subject for name, message in deliver().items()} == {
        "Isla": "Daniel can’t choose a time just now"
    }


def test_who_wants_no_words_in_emails_hears_when_but_not_why(pairing):
    set_preferences(pairing.mentee, words_in_emails=False)
    meeting = record_meeting(pairing, by=pairing.mentee, starts_at=THURSDAY, minutes=60, how="video", where="My shed")
    booked = deliver()["Isla"]
    call_off(meeting, by=pairing.mentor, why="The ferry does not run.")
    gone = deliver()["Isla"]

    assert booked.subject == "Thu 3 Dec, 18:00: you and Daniel"
    assert "My shed" not in booked.body
    assert "ferry" not in gone.body + html(gone)


def test_nobody_is_emailed_of_what_is_no_more(pairing, clock):
    meeting = offer_times(pairing, by=pairing.mentee, times=[THURSDAY], how="video")
    clock.move_to(THURSDAY)
    assert deliver() == {}

    clock.move_to(NIGHT)
    other = record_meeting(pairing, by=pairing.mentee, starts_at=MONDAY, minutes=60, how="video")
    end_pairing(pairing, by=pairing.mentee, why="time")
    assert [name for name, message in deliver().items() if "Mon 7 Dec" in message.subject] == []
    assert Meeting.objects.get(pk=other.pk) == meeting


def test_in_a_pause_what_is_booked_is_told_after_it_unless_it_is_over_then(pairing, clock):
    until = NIGHT.date() + timedelta(days=7)
    pause_pairing(pairing, by=pairing.mentee, until=until)
    deliver()
    record_meeting(pairing, by=pairing.mentee, starts_at=THURSDAY, minutes=60, how="video")
    record_meeting(pairing, by=pairing.mentee, starts_at=MONDAY, minutes=60, how="video")
    assert deliver() == {}

    clock.move_to(datetime(2026, 12, 5, 12, tzinfo=UTC))

    assert {message.subject for message in deliver().values()} == {
        "Mon 7 Dec, 09:00: you and Daniel",
        "Mon 7 Dec, 22:00: you and Isla",
    }


def test_a_name_with_line_breaks_ends_no_header(pairing):
    pairing.mentee.name = pairing.mentee.known_as = "Isla\r\nBcc: everyone@example.org"
    pairing.mentee.save()
    record_meeting(pairing, by=pairing.mentee, starts_at=THURSDAY, minutes=60, how="video", where="a\r\nb")

    told = deliver()["Daniel"]

    assert len(told.subject.splitlines()) == 1
    assert told.message()["Bcc"] is None


# On the page, and as new things


def test_looking_at_the_page_stops_an_offer_and_never_an_invitation(pairing, signed_in):
    meeting = offer_times(pairing, by=pairing.mentee, times=[THURSDAY], how="video")
    shown = signed_in(pairing.mentor).get("/pairings/isla-and-daniel/meetings/times/").content.decode()
    signed_in(pairing.mentor).post("/pairings/isla-and-daniel/meetings/times/reading/", {"until": NIGHT.isoformat()})
    assert "I’ve read this" in shown
    assert deliver() == {}

    choose_time(meeting, by=pairing.mentor, starts_at=THURSDAY, expected_round=1)
    url = "/pairings/isla-and-daniel/meetings/2026-12-03/"
    signed_in(pairing.mentor).post(f"{url}reading/", {"until": NIGHT.isoformat()})
    assert sorted(deliver()) == ["Daniel", "Isla"]

    signed_in(pairing.mentee).post(f"{url}reading/", {"until": NIGHT.isoformat()})
    assert not Notification.objects.unseen().filter(person=pairing.mentee).exists()


def test_what_one_did_oneself_is_not_new_once_the_invitation_is_sent(pairing):
    meeting = record_meeting(pairing, by=pairing.mentee, starts_at=THURSDAY, minutes=60, how="video")
    assert let_go_of_own(NIGHT) == 0
    deliver()

    assert [let_go_of_own(NIGHT), let_go_of_own(NIGHT)] == [1, 0]
    assert [to_look_at(person, meeting).count() for person in (pairing.mentee, pairing.mentor)] == [0, 1]
