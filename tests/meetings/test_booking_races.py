"""Many at once: one time is chosen, nobody is in two meetings, and everybody else hears why."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.actions import call_off, choose_time, hold_meetings, move_meeting, offer_times, record_meeting
from meetings.models import Meeting, Seat
from notifications.models import Event
from pairings.models import Pairing
from tests.at_once import all_at_once
from tests.factories import PairingFactory, PersonFactory

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
SOON = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=10)


def record(pairing, at=SOON):
    return record_meeting(pairing, by=pairing.mentee, starts_at=at, minutes=60, how="video")


def overlaps():
    seats = [(seat.person_id, seat.during.lower, seat.during.upper) for seat in Seat.objects.order_by("pk")]
    return [
        (one, two)
        for number, one in enumerate(seats)
        for two in seats[number + 1 :]
        if one[0] == two[0] and one[1] < two[2] and two[1] < one[2]
    ]


def test_twenty_mentees_book_one_mentor_at_overlapping_times():
    ruth = PersonFactory(name="Ruth Lindqvist")
    pairings = [PairingFactory(mentor=ruth) for _number in range(20)]

    came = all_at_once(
        [lambda n=n, each=each: record(each, SOON + timedelta(minutes=n)) for n, each in enumerate(pairings)]
    )

    assert came == {"MoveRefused": 19, "done": 1}
    assert (Meeting.objects.count(), Seat.objects.count(), overlaps()) == (1, 2, [])
    assert Event.objects.filter(kind="meetings.booked").count() == 1


def test_two_who_mentor_each_other_and_others_book_all_over_one_another():
    """Seats of two people at a time, in both orders."""
    gwen, priya = PersonFactory(), PersonFactory()
    pairings = [
        PairingFactory(mentee=gwen, mentor=priya),
        PairingFactory(mentee=priya, mentor=gwen),
        *[PairingFactory(mentor=mentor) for mentor in (gwen, priya) for _number in range(4)],
    ]

    came = all_at_once(
        [lambda each=each, n=n: record(each, SOON + n * HOUR / 2) for each in pairings for n in range(2)]
    )

    assert set(came) <= {"MoveRefused", "done"}
    assert came["done"] == Meeting.objects.count() >= 1
    assert overlaps() == []


def test_twenty_clicks_on_one_time_book_it_once():
    pairing = PairingFactory()
    meeting = offer_times(pairing, by=pairing.mentee, times=[SOON, SOON + HOUR], how="video")

    came = all_at_once(
        [lambda: choose_time(meeting, by=pairing.mentor, starts_at=SOON, expected_round=1) for _click in range(20)]
    )

    meeting.refresh_from_db()
    assert came == {"done": 20}
    assert (meeting.sequence, Event.objects.filter(kind="meetings.booked").count()) == (1, 1)


def test_twenty_offers_of_times_are_one():
    pairing = PairingFactory()

    came = all_at_once(
        [
            lambda by=by, n=n: offer_times(pairing, by=by, times=[SOON + n * HOUR], how="video")
            for n in range(10)
            for by in (pairing.mentee, pairing.mentor)
        ]
    )

    assert came == {"MoveRefused": 19, "done": 1}
    assert Event.objects.filter(kind="meetings.offered").count() == 1


def test_twenty_moves_from_one_page_are_one_move():
    pairing = PairingFactory()
    meeting = record(pairing)

    came = all_at_once(
        [
            lambda n=n: move_meeting(
                meeting, by=pairing.mentor, starts_at=SOON + n * 2 * HOUR, minutes=60, expected_sequence=1
            )
            for n in range(1, 21)
        ]
    )

    meeting.refresh_from_db()
    assert came == {"MoveRefused": 19, "done": 1}
    assert (meeting.sequence, meeting.time_moves.count(), meeting.slugs.filter(slug=meeting.slug).count()) == (2, 1, 1)


def test_moving_while_it_is_called_off_and_held_is_one_after_another():
    pairing = PairingFactory()
    meeting = record(pairing)

    came = all_at_once(
        [
            *[
                lambda n=n: move_meeting(
                    meeting, by=pairing.mentor, starts_at=SOON + n * 2 * HOUR, minutes=60, expected_sequence=1
                )
                for n in range(1, 6)
            ],
            *[lambda: call_off(meeting, by=pairing.mentee) for _click in range(5)],
            *[lambda: hold_meetings(timezone.now()) for _beat in range(2)],
        ]
    )

    meeting.refresh_from_db()
    assert set(came) <= {"MoveRefused", "done"}
    assert meeting.state == "called_off"
    assert Seat.objects.count() == 0
    assert Event.objects.filter(kind="meetings.called_off").count() == 1


def test_many_beats_hold_a_meeting_once():
    pairing = PairingFactory()
    meeting = record(pairing)
    over = SOON + HOUR

    came = all_at_once([lambda: hold_meetings(over) for _beat in range(8)])

    meeting.refresh_from_db()
    assert came == {"done": 8}
    assert (meeting.state, Pairing.objects.get().last_met_at) == ("held", SOON)
