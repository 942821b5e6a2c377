"""Times are offered and chosen; a meeting is recorded, moves, is called off, is held; or it never was."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from meetings.actions import (
    call_off,
    change_place,
    choose_time,
    did_not_happen,
    hold_meetings,
    move_meeting,
    offer_other_times,
    offer_times,
    record_meeting,
)
from meetings.models import Meeting, MeetingSlug, Plan, PlanTemplate, Seat, SessionNote
from notifications.models import Event
from pairings.actions import end_pairing
from pairings.models import MoveRefused, Pairing
from tests.factories import PairingFactory, PersonFactory

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 12, 3, 17, 30, tzinfo=UTC)
MONDAY = datetime(2026, 12, 7, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def pairing(db, clock):
    mentee, mentor = PersonFactory(name="Amina Okafor"), PersonFactory(name="Ruth Lindqvist")
    return PairingFactory(mentee=mentee, mentor=mentor, created_at=NOW - timedelta(days=100))


def offer(pairing, *times, by=None):
    return offer_times(pairing, by=by or pairing.mentee, times=list(times) or [THURSDAY, MONDAY], how="video")


def book(pairing, at=THURSDAY, **fields):
    return record_meeting(pairing, by=pairing.mentee, starts_at=at, minutes=60, how="video", **fields)


def move(meeting, to=MONDAY, *, minutes=60, sequence=None, by=None):
    expected = meeting.sequence if sequence is None else sequence
    by = by or meeting.pairing.mentor
    return move_meeting(meeting, by=by, starts_at=to, minutes=minutes, expected_sequence=expected)


def fresh(meeting):
    return Meeting.objects.select_related("pairing__mentee", "pairing__mentor").get(pk=meeting.pk)


def told(meeting):
    """[kind, first names of who was told], the oldest first, of this pairing."""
    events = Event.objects.filter(bundle=meeting.bundle).order_by("pk")
    return [
        (event.kind, sorted(each.person.first_name for each in event.notifications.select_related("person")))
        for event in events
    ]


BOTH = ["Amina", "Ruth"]


# Offering and choosing


def test_times_are_offered_and_one_is_chosen(pairing):
    meeting = offer_times(
        pairing, by=pairing.mentee, times=[MONDAY, THURSDAY], how="phone", where="0113 496 0000", minutes=45
    )

    assert (meeting.state, meeting.slug, meeting.round, meeting.offered_by) == ("proposed", "times", 1, pairing.mentee)
    assert list(meeting.offered_times.values_list("starts_at", flat=True)) == [THURSDAY, MONDAY]

    choose_time(meeting, by=pairing.mentor, starts_at=MONDAY, expected_round=1)

    booked = fresh(meeting)
    assert (booked.state, booked.starts_at, booked.ends_at) == ("booked", MONDAY, MONDAY + timedelta(minutes=45))
    assert (booked.slug, booked.sequence, booked.booked_by, booked.booked_at) == ("2026-12-07", 1, pairing.mentor, NOW)
    assert (booked.zone, booked.how, booked.where) == ("Europe/London", "phone", "0113 496 0000")
    assert {seat.person for seat in booked.seats.all()} == {pairing.mentee, pairing.mentor}
    assert told(booked) == [("meetings.offered", ["Ruth"]), ("meetings.booked", BOTH)]


def test_other_times_take_the_place_of_the_first(pairing):
    meeting = offer(pairing)

    offer_other_times(meeting, by=pairing.mentor, times=[MONDAY + HOUR], expected_round=1)

    meeting = fresh(meeting)
    assert (meeting.round, meeting.offered_by) == (2, pairing.mentor)
    for by, at, seen in ((pairing.mentor, MONDAY, 1), (pairing.mentee, MONDAY, 2), (pairing.mentee, MONDAY + HOUR, 1)):
        with pytest.raises(MoveRefused):
            choose_time(meeting, by=by, starts_at=at, expected_round=seen)
    choose_time(meeting, by=pairing.mentee, starts_at=MONDAY + HOUR, expected_round=2)
    assert fresh(meeting).starts_at == MONDAY + HOUR
    assert told(meeting) == [
        ("meetings.offered", ["Ruth"]),
        ("meetings.offered", ["Amina"]),
        ("meetings.booked", BOTH),
    ]


def test_nobody_chooses_among_their_own_times(pairing):
    meeting = offer(pairing)

    with pytest.raises(MoveRefused, match="It is for Ruth to choose one"):
        choose_time(meeting, by=pairing.mentee, starts_at=THURSDAY, expected_round=1)


def test_the_same_choice_again_changes_nothing(pairing):
    meeting = offer(pairing)

    for _click in range(2):
        choose_time(meeting, by=pairing.mentor, starts_at=THURSDAY, expected_round=1)

    assert fresh(meeting).sequence == 1
    assert told(meeting)[1:] == [("meetings.booked", BOTH)]
    with pytest.raises(MoveRefused, match="booked by now"):
        choose_time(meeting, by=pairing.mentor, starts_at=MONDAY, expected_round=1)


def test_a_time_that_passed_since_it_was_offered_is_not_chosen(pairing, clock):
    meeting = offer(pairing)
    clock.move_to(THURSDAY)

    with pytest.raises(MoveRefused, match="That time has passed"):
        choose_time(meeting, by=pairing.mentor, starts_at=THURSDAY, expected_round=1)
    choose_time(meeting, by=pairing.mentor, starts_at=MONDAY, expected_round=1)


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ([], "Offer at least one time."),
        ([THURSDAY + HOUR * n for n in range(6)], "Offer at most 5 times."),
        ([THURSDAY, THURSDAY], "twice"),
        ([NOW], "That time has passed. Choose a later one."),
        ([NOW + timedelta(days=367)], "within a year"),
    ],
)
def test_times_that_cannot_be_offered(pairing, times, words):
    with pytest.raises(MoveRefused, match=words):
        offer_times(pairing, by=pairing.mentee, times=times, how="video")
    assert not Meeting.objects.exists()


def test_only_one_meeting_has_its_times_open(pairing):
    offer(pairing)

    with pytest.raises(MoveRefused, match="Times are offered already"):
        offer(pairing, MONDAY, by=pairing.mentor)


def test_who_sits_in_another_meeting_then_offers_no_such_time(pairing):
    other = PairingFactory(mentee=PersonFactory(name="Tomasz Brandt"), mentor=pairing.mentor)
    book(other, THURSDAY)

    with pytest.raises(MoveRefused, match="You meet Tomasz"):
        offer(pairing, THURSDAY + HOUR / 2, by=pairing.mentor)
    meeting = offer(pairing, THURSDAY + HOUR / 2, by=pairing.mentee)
    with pytest.raises(MoveRefused, match="You meet Tomasz"):
        choose_time(meeting, by=pairing.mentor, starts_at=THURSDAY + HOUR / 2, expected_round=1)
    assert fresh(meeting).state == "proposed"


# Agreed elsewhere


def test_what_was_agreed_is_recorded_and_both_are_told(pairing):
    meeting = book(pairing, where="https://video.example/room")

    assert (meeting.state, meeting.slug, meeting.sequence) == ("booked", "2026-12-03", 1)
    assert told(meeting) == [("meetings.booked", BOTH)]


def test_what_was_agreed_elsewhere_closes_the_times_that_were_open(pairing):
    meeting = offer(pairing)

    book(pairing, MONDAY + HOUR)

    assert Meeting.objects.get() == meeting
    assert (fresh(meeting).state, fresh(meeting).starts_at) == ("booked", MONDAY + HOUR)


def test_a_meeting_that_is_over_was_held_and_nobody_is_told(pairing):
    meeting = book(pairing, NOW - 3 * HOUR)

    pairing.refresh_from_db()
    assert (meeting.state, pairing.first_met_at, pairing.last_met_at) == ("held", NOW - 3 * HOUR, NOW - 3 * HOUR)
    assert pairing.last_activity_at == NOW
    assert told(meeting) == []


def test_one_that_has_begun_is_held_when_it_is_over(pairing):
    meeting = book(pairing, NOW - HOUR / 2)

    assert (meeting.state, hold_meetings(NOW), hold_meetings(NOW + HOUR)) == ("booked", 0, 1)


def test_no_meeting_is_older_than_the_pairing_or_a_year_away(pairing):
    for at in (NOW - timedelta(days=101), NOW + timedelta(days=367)):
        with pytest.raises(MoveRefused):
            book(pairing, at)


def test_nobody_is_in_two_meetings_at_a_time(pairing):
    other = PairingFactory(mentee=PersonFactory(name="Tomasz Brandt"), mentor=pairing.mentor)
    book(pairing)

    with pytest.raises(MoveRefused, match="Ruth has another meeting then"):
        book(other, THURSDAY + HOUR / 2)
    with pytest.raises(MoveRefused, match="You meet Ruth"):
        book(pairing, THURSDAY - HOUR / 2)
    assert book(other, THURSDAY + HOUR).state == "booked"


# Moving


def test_a_meeting_moves_with_all_that_was_prepared(pairing):
    meeting = book(pairing)
    template = PlanTemplate.objects.create(programme=pairing.programme, number=2)
    Plan.objects.create(meeting=meeting, number=1, template=template, by=pairing.mentee)

    move(meeting, minutes=90)

    moved = fresh(meeting)
    assert (moved.pk, moved.uid, moved.slug, moved.sequence) == (meeting.pk, meeting.uid, "2026-12-07", 2)
    assert (moved.starts_at, moved.ends_at, moved.minutes) == (MONDAY, MONDAY + timedelta(minutes=90), 90)
    assert {(seat.during.lower, seat.during.upper) for seat in moved.seats.all()} == {(moved.starts_at, moved.ends_at)}
    assert list(moved.time_moves.values_list("was", "now", "by")) == [(THURSDAY, MONDAY, pairing.mentor.pk)]
    assert moved.plans.count() == 1
    assert told(moved) == [("meetings.booked", BOTH), ("meetings.moved", BOTH)]


def test_there_and_back_again_is_its_old_address(pairing):
    meeting = book(pairing)

    move(fresh(meeting))
    move(fresh(meeting), THURSDAY)

    assert fresh(meeting).slug == "2026-12-03"
    assert sorted(MeetingSlug.objects.values_list("slug", flat=True)) == ["2026-12-03", "2026-12-07"]


def test_two_on_a_day_have_two_addresses_also_when_the_first_has_gone(pairing):
    first = book(pairing)
    assert book(pairing, THURSDAY + 2 * HOUR).slug == "2026-12-03-2"

    move(first)

    assert book(pairing).slug == "2026-12-03-3"


def test_the_address_is_the_day_where_the_mentee_is(pairing):
    pairing.mentor.profile.time_zone = "Pacific/Auckland"
    pairing.mentor.profile.save()

    assert book(pairing, datetime(2026, 12, 3, 20, tzinfo=UTC)).slug == "2026-12-03"


def test_what_was_moved_meanwhile_is_not_moved_from_an_older_page(pairing):
    meeting = book(pairing)
    move(meeting)

    with pytest.raises(MoveRefused, match="changed meanwhile"):
        move(meeting, THURSDAY + HOUR, sequence=1)
    assert move(meeting, sequence=1).sequence == 2
    assert fresh(meeting).starts_at == MONDAY


def test_a_move_to_a_time_that_is_taken_leaves_everything_as_it_was(pairing):
    other = PairingFactory(mentor=pairing.mentor)
    book(other, MONDAY)
    meeting = book(pairing)

    with pytest.raises(MoveRefused, match="You meet"):
        move(meeting, MONDAY + HOUR / 2)

    assert (fresh(meeting).starts_at, fresh(meeting).slug, fresh(meeting).sequence) == (THURSDAY, "2026-12-03", 1)
    assert not meeting.time_moves.exists()


def test_a_meeting_is_longer_at_its_own_time(pairing):
    meeting = book(pairing)

    move(meeting, THURSDAY, minutes=90)

    assert (fresh(meeting).ends_at, fresh(meeting).sequence) == (THURSDAY + timedelta(minutes=90), 2)


@pytest.mark.parametrize("to", [NOW, NOW - HOUR, NOW + timedelta(days=400)])
def test_nothing_moves_to_a_time_that_has_passed_or_far_away(pairing, to):
    meeting = book(pairing)

    with pytest.raises(MoveRefused):
        move(meeting, to)


def test_another_place_is_told_once(pairing):
    meeting = book(pairing)

    for _click in range(2):
        change_place(meeting, by=pairing.mentor, how="in_person", where="The reading room")

    assert (fresh(meeting).how, fresh(meeting).where, fresh(meeting).sequence) == ("in_person", "The reading room", 2)
    assert told(meeting) == [("meetings.booked", BOTH), ("meetings.placed", BOTH)]


# Calling off, holding, and what never was


def test_a_meeting_is_called_off_and_both_are_free(pairing):
    meeting = book(pairing)

    call_off(meeting, by=pairing.mentor, why="I am ill.")

    gone = fresh(meeting)
    assert (gone.state, gone.why, gone.called_off_by, gone.called_off_at) == (
        "called_off",
        "I am ill.",
        pairing.mentor,
        NOW,
    )
    assert gone.sequence == 2
    assert not Seat.objects.exists()
    assert told(gone) == [("meetings.booked", BOTH), ("meetings.called_off", BOTH)]
    assert book(pairing).slug == "2026-12-03-2"


def test_times_are_taken_back_and_others_can_be_offered(pairing):
    meeting = offer(pairing)

    call_off(meeting, by=pairing.mentee)

    assert (fresh(meeting).state, fresh(meeting).sequence) == ("called_off", 0)
    assert told(meeting) == [("meetings.offered", ["Ruth"]), ("meetings.called_off", ["Ruth"])]
    assert offer(pairing).slug == "times-2"


def test_what_is_called_off_or_over_stays_as_it_is(pairing, clock):
    gone, over = call_off(book(pairing), by=pairing.mentee), book(pairing, NOW - 2 * HOUR)
    ending = book(pairing, MONDAY)
    clock.move_to(MONDAY + HOUR)

    for meeting in (gone, over, ending):
        for act in (
            lambda meeting=meeting: call_off(meeting, by=pairing.mentee),
            lambda meeting=meeting: move(meeting, MONDAY + 9 * HOUR, sequence=fresh(meeting).sequence),
            lambda meeting=meeting: change_place(meeting, by=pairing.mentee, how="phone", where=""),
        ):
            with pytest.raises(MoveRefused):
                act()


def test_what_is_over_was_held_once(pairing):
    meeting = book(pairing)

    assert [hold_meetings(THURSDAY + HOUR * hours) for hours in (0.5, 1, 2)] == [0, 1, 0]

    pairing.refresh_from_db()
    assert (fresh(meeting).state, pairing.last_met_at) == ("held", THURSDAY)


def test_we_did_not_meet(pairing, clock):
    earlier, meeting = book(pairing, NOW - 48 * HOUR), book(pairing)
    clock.move_to(THURSDAY + 2 * HOUR)
    hold_meetings(THURSDAY + HOUR)

    did_not_happen(meeting, by=pairing.mentor)

    pairing.refresh_from_db()
    assert fresh(meeting).state == "called_off"
    assert pairing.first_met_at == pairing.last_met_at == earlier.starts_at
    assert told(meeting) == [("meetings.booked", BOTH)]

    did_not_happen(earlier, by=pairing.mentor)
    pairing.refresh_from_db()
    assert (pairing.first_met_at, pairing.last_met_at) == (None, None)


def test_we_did_not_meet_is_not_said_of_what_is_to_come_or_has_a_note(pairing):
    with pytest.raises(MoveRefused, match="still to come"):
        did_not_happen(book(pairing), by=pairing.mentor)
    held = book(pairing, NOW - 2 * HOUR)
    SessionNote.objects.create(meeting=held, waits_for=pairing.mentor)
    with pytest.raises(MoveRefused, match="There is a note"):
        did_not_happen(held, by=pairing.mentor)


# Who may


def test_nobody_else_and_nobody_after_the_end(pairing):
    meeting, open_one = book(pairing), offer(pairing, MONDAY)
    acts = [
        lambda by: offer(pairing, MONDAY, by=by),
        lambda by: offer_other_times(open_one, by=by, times=[MONDAY], expected_round=1),
        lambda by: choose_time(open_one, by=by, starts_at=MONDAY, expected_round=1),
        lambda by: record_meeting(pairing, by=by, starts_at=MONDAY, minutes=30, how="video"),
        lambda by: move(meeting, by=by),
        lambda by: change_place(meeting, by=by, how="phone", where=""),
        lambda by: call_off(meeting, by=by),
        lambda by: did_not_happen(meeting, by=by),
    ]
    for act in acts:
        with pytest.raises(MoveRefused, match="Only the two"):
            act(PersonFactory())

    end_pairing(pairing, by=pairing.mentee, why="time")
    for act in acts:
        with pytest.raises(MoveRefused, match="Your time together has ended"):
            act(pairing.mentor)


def test_with_the_end_of_a_pairing_what_is_to_come_is_called_off(pairing, clock):
    before, after, open_one = book(pairing), book(pairing, MONDAY), offer(pairing, MONDAY + HOUR)
    clock.move_to(THURSDAY + HOUR / 2)
    end_pairing(Pairing.objects.get(), by=pairing.mentee, why="time")

    assert hold_meetings(THURSDAY + HOUR) == 1

    assert [fresh(each).state for each in (before, after, open_one)] == ["held", "called_off", "called_off"]
    assert told(after)[-1] == ("meetings.called_off", BOTH)
    assert not Seat.objects.filter(meeting=after).exists()
