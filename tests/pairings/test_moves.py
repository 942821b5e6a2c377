"""How a pairing begins and moves: by the table, under locks, and so that a race ends in words, never in an error."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from pairings.actions import begin_pairing, move_pairing
from pairings.models import MoveRefused, Pairing
from programmes.models import Enrolment
from tests.at_once import all_at_once
from tests.factories import EnrolmentFactory, MentorOfferFactory, PairingFactory, PersonFactory, ProgrammeFactory

STATES = ("agreeing", "active", "paused", "completing", "ended")
MOVES = {
    ("agreeing", "active"),
    ("agreeing", "ended"),
    ("active", "paused"),
    ("active", "completing"),
    ("active", "ended"),
    ("paused", "active"),
    ("paused", "ended"),
    ("completing", "active"),
    ("completing", "ended"),
}


def pairing_in(state):
    return PairingFactory(ended=True) if state == "ended" else PairingFactory(state=state)


@pytest.mark.parametrize("now", STATES)
@pytest.mark.parametrize("then", STATES)
def test_a_pairing_moves_by_the_table_alone(db, now, then):
    pairing = pairing_in(now)

    if (now, then) in MOVES:
        move_pairing(pairing, then, by=pairing.mentee)
    else:
        with pytest.raises(MoveRefused, match="This pairing is “"):
            move_pairing(pairing, then, by=pairing.mentee)

    pairing.refresh_from_db()
    assert pairing.state == (then if (now, then) in MOVES else now)


def test_ending_closes_the_window_at_that_moment_and_says_who(db):
    pairing = PairingFactory()
    at = timezone.now() - timedelta(hours=1)

    move_pairing(pairing, "ended", by=pairing.mentor, at=at)

    pairing.refresh_from_db()
    assert (pairing.ended_at, pairing.reads_until, pairing.ended_by) == (at, at, pairing.mentor)


def test_a_move_is_checked_against_what_stands_in_the_database(db):
    pairing = PairingFactory()
    same = Pairing.objects.get(pk=pairing.pk)
    move_pairing(same, "ended", by=pairing.mentee)

    with pytest.raises(MoveRefused):
        move_pairing(pairing, "paused", by=pairing.mentee)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "ended"},
        {"ended_at": timezone.now()},
        {"reads_until": timezone.now()},
        {"state": "ended", "ended_at": timezone.now()},
    ],
)
def test_the_database_knows_an_end_only_with_the_window_closed(db, wrong):
    pairing = PairingFactory()

    with pytest.raises(IntegrityError, match="ended_pairings_stop_reading"), transaction.atomic():
        Pairing.objects.filter(pk=pairing.pk).update(**wrong)


def test_the_database_lets_nobody_mentor_themselves(db):
    person = PersonFactory()

    with pytest.raises(IntegrityError, match="nobody_mentors_themselves"), transaction.atomic():
        PairingFactory(mentee=person, mentor=person)


def test_the_database_holds_one_live_pairing_for_a_mentee_and_any_number_of_ended_ones(db):
    pairing = PairingFactory()
    for _ in range(2):
        PairingFactory(programme=pairing.programme, mentee=pairing.mentee, ended=True)
    PairingFactory(mentee=pairing.mentee)

    with pytest.raises(IntegrityError, match="one_live_pairing_per_mentee"), transaction.atomic():
        PairingFactory(programme=pairing.programme, mentee=pairing.mentee, state="paused")


def mentee_in(programme, **person):
    enrolment = EnrolmentFactory(programme=programme, role=Enrolment.Role.MENTEE)
    for name, value in person.items():
        setattr(enrolment.person, name, value)
    enrolment.person.save()
    return enrolment.person


def mentor_in(programme, capacity, **person):
    enrolment = EnrolmentFactory(programme=programme, role=Enrolment.Role.MENTOR)
    for name, value in person.items():
        setattr(enrolment.person, name, value)
    enrolment.person.save()
    MentorOfferFactory(enrolment=enrolment, capacity=capacity)
    return enrolment.person


def test_a_pairing_begins_by_agreeing_how_to_work(db):
    programme = ProgrammeFactory()
    mentee, mentor = mentee_in(programme), mentor_in(programme, 1)

    pairing = begin_pairing(programme=programme, mentee=mentee, mentor=mentor, by=mentor)

    assert (pairing.state, pairing.created_by, pairing.reads_until) == ("agreeing", mentor, None)


def test_a_pairing_begins_only_between_two_who_take_part_and_have_room(db):
    programme = ProgrammeFactory()
    mentee, mentor, full = mentee_in(programme), mentor_in(programme, 1), mentor_in(programme, 0)
    left = EnrolmentFactory(programme=programme, role="mentee", ended_at=timezone.now()).person
    no_offer = EnrolmentFactory(programme=programme, role="mentor").person
    elsewhere = mentor_in(ProgrammeFactory(), 1)

    refusals = {}
    for name, one, other in (
        ("the same", mentee, mentee),
        ("full", mentee, full),
        ("left", left, mentor),
        ("no offer", mentee, no_offer),
        ("elsewhere", mentee, elsewhere),
        ("not a mentee", no_offer, mentor),
    ):
        with pytest.raises(MoveRefused) as refused:
            begin_pairing(programme=programme, mentee=one, mentor=other, by=mentor)
        refusals[name] = str(refused.value)

    part = "{} does not take part in {} as a {}.".format
    assert refusals == {
        "the same": "Nobody can be their own mentor.",
        "full": f"{full} has no place left.",
        "left": part(left, programme, "mentee"),
        "no offer": f"{no_offer} has no place left.",
        "elsewhere": part(elsewhere, programme, "mentor"),
        "not a mentee": part(no_offer, programme, "mentee"),
    }
    assert not Pairing.objects.exists()


def test_nobody_pairs_two_whom_the_rules_keep_apart(db):
    programme = ProgrammeFactory(bars_line_manager=True)
    mentee, mentor = mentee_in(programme, name="Mina Holt"), mentor_in(programme, 1, name="Big Boss")
    Enrolment.objects.filter(person=mentee).update(line_manager="Big Boss")

    with pytest.raises(MoveRefused, match=r"^Big can’t be the mentor of Mina: is the line manager\.$"):
        begin_pairing(programme=programme, mentee=mentee, mentor=mentor, by=None)

    assert not Pairing.objects.exists()


def test_a_place_is_free_again_when_a_pairing_has_ended(db):
    programme = ProgrammeFactory()
    mentor = mentor_in(programme, 1)
    first = begin_pairing(programme=programme, mentee=mentee_in(programme), mentor=mentor, by=mentor)
    move_pairing(first, "ended", by=mentor)

    begin_pairing(programme=programme, mentee=mentee_in(programme), mentor=mentor, by=mentor)

    assert Pairing.objects.live().count() == 1


def begin(programme, mentee, mentor):
    return lambda: begin_pairing(programme=programme, mentee=mentee, mentor=mentor, by=mentor)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_fill_two_places_with_two():
    programme = ProgrammeFactory()
    mentor = mentor_in(programme, 2)
    calls = [begin(programme, mentee_in(programme), mentor) for _ in range(20)]

    assert all_at_once(calls) == {"MoveRefused": 18, "done": 2}
    assert Pairing.objects.live().filter(mentor=mentor).count() == 2


@pytest.mark.django_db(transaction=True)
def test_twenty_mentors_at_once_for_one_mentee_make_one_pairing():
    programme = ProgrammeFactory()
    mentee = mentee_in(programme)
    calls = [begin(programme, mentee, mentor_in(programme, 1)) for _ in range(20)]

    assert all_at_once(calls) == {"MoveRefused": 19, "done": 1}
    assert Pairing.objects.live().filter(mentee=mentee).count() == 1


@pytest.mark.django_db(transaction=True)
def test_pairs_of_the_same_first_names_begin_at_once_with_addresses_of_their_own():
    programme = ProgrammeFactory()
    calls = [
        begin(programme, mentee_in(programme, known_as="Amina"), mentor_in(programme, 1, known_as="Ruth"))
        for _ in range(8)
    ]

    assert all_at_once(calls) == {"done": 8}
    assert Pairing.objects.values("slug").distinct().count() == 8


@pytest.mark.django_db(transaction=True)
def test_an_end_and_a_pause_at_once_end_in_one_of_both_orders():
    pairing = PairingFactory()

    def move(state):
        return lambda: move_pairing(pairing, state, by=pairing.mentee)

    came = all_at_once([move("paused"), move("ended"), move("ended")])

    assert came in ({"MoveRefused": 1, "done": 2}, {"MoveRefused": 2, "done": 1})
    pairing.refresh_from_db()
    assert (pairing.state, pairing.reads_until) == ("ended", pairing.ended_at)
