"""What arrays say of a whole cohort is what the rules say of two people; and who belongs to a cohort at all."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from pairings import rules
from pairings.cohort import gather
from pairings.models import EndReason, MentorRequest, Wish
from pairings.waiting import offers_with_room, waiting_mentees
from pairings.weights import WEIGHTS, complete, points_of_waiting, points_of_wish
from programmes.models import Region, Sector
from tests.factories import EnrolmentFactory, LevelFactory, MentorOfferFactory, PairingFactory, ProgrammeFactory

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NAMES = ["Ruth Lindqvist", "Amina Okafor", "Zoë Świątek", "Dr. Joan O’Hara", "Li Wei"]
EMPLOYERS = [
    "",
    "Leeds Libraries",
    "leeds  libraries!",
    "Université de Lyon",
    "Universite de Lyon",
    "NHS",
    "Self-employed",
]
MANAGERS = ["", "Ruth Lindqvist", "Lindqvist, Ruth", "zoe swiatek", "p3@example.org", "Joan", "Prof Li Wei (NHS)"]


def people_at_random(chance, programme, role, count):
    levels = [None, *programme.levels.all()]
    for number in range(count):
        is_mentee = role == "mentee"
        enrolment = EnrolmentFactory(
            programme=programme,
            role=role,
            sector=chance.choice([None, *programme.sectors.all()]),
            region=chance.choice([None, *programme.regions.all()]),
            meets_by=chance.sample(["video", "in_person", "phone"], chance.randrange(4)),
            line_manager=chance.choice(MANAGERS) if is_mentee else "",
            level=chance.choice(levels) if is_mentee else None,
            created_at=NOW - timedelta(days=chance.randrange(200)),
        )
        person = enrolment.person
        person.name, person.email = chance.choice(NAMES), f"{role[3]}{person.pk}-{number}@example.org"
        person.save()
        person.profile.employer = chance.choice(EMPLOYERS)
        person.profile.save()
        if not is_mentee:
            trained = chance.choice([None, date(2026, 11, 24), date(2026, 11, 23), date(2027, 5, 1)])
            offer = MentorOfferFactory(enrolment=enrolment, trained_until=trained)
            offer.holds.set(chance.sample(levels[1:], chance.randrange(3)))


@pytest.fixture
def crowd(db, request):
    """Some people of a programme with rules at random, and one who is both."""
    chance = random.Random(request.param)
    flags = ("needs_training", "needs_level", "bars_line_manager", "bars_same_employer", "advises_other_sector")
    programme = ProgrammeFactory(**{flag: chance.random() < 0.5 for flag in flags})
    for name in ("A", "B"):
        Sector.objects.create(programme=programme, name=name)
        Region.objects.create(programme=programme, name=name)
        LevelFactory(programme=programme, name=name)
    people_at_random(chance, programme, "mentee", 12)
    people_at_random(chance, programme, "mentor", 12)
    mentor = programme.enrolments.filter(role="mentor").first()
    EnrolmentFactory(programme=programme, person=mentor.person, role="mentee", created_at=NOW)
    return programme


@pytest.mark.parametrize("crowd", range(8), indirect=True)
def test_arrays_and_rules_say_the_same_of_random_people(crowd):
    cohort = gather(crowd, NOW)
    rows = slice(0, len(cohort.mentees))
    barred, facts = cohort.bars(rows), cohort.facts(rows)

    for row, mentee in enumerate(cohort.mentee_parties):
        for column, mentor in enumerate(cohort.mentor_parties):
            assert barred[row, column] == bool(rules.barred(mentee, mentor, crowd, cohort.today))
            found = [fact[row, column] for fact in facts]
            assert found == [
                rules.suits_by_sector(mentee.sector, mentor.sector, crowd),
                rules.same_region(mentee.region, mentor.region),
                bool(mentee.meets_by & mentor.meets_by),
            ]
            assert sum(found) == len(rules.fit(mentee, mentor, crowd))


@pytest.mark.parametrize("crowd", range(3), indirect=True)
def test_a_score_is_points_times_weights_and_barred_pairs_have_none(crowd):
    for rank, offer in enumerate(offers_with_room(crowd, NOW.date())[:5], start=1):
        Wish.objects.create(enrolment=waiting_mentees(crowd).order_by("pk")[0], offer=offer, rank=rank)
    weights = {weight.name: 2 + number for number, weight in enumerate(WEIGHTS)}
    cohort = gather(crowd, NOW)
    done = []

    scores = cohort.scores(weights, tell=done.append)

    assert done == [13]
    for row, mentee in enumerate(cohort.mentee_parties):
        for column, mentor in enumerate(cohort.mentor_parties):
            rank = cohort.wishes[row].get(column)
            expected = (
                10 * weights["sector"] * rules.suits_by_sector(mentee.sector, mentor.sector, crowd)
                + 10 * weights["region"] * rules.same_region(mentee.region, mentor.region)
                + 10 * weights["meets_by"] * bool(mentee.meets_by & mentor.meets_by)
                + weights["waiting"] * points_of_waiting(NOW - cohort.mentees[row].since)
                + (weights["wishes"] * points_of_wish(rank) if rank else 0)
            )
            barred = rules.barred(mentee, mentor, crowd, cohort.today)
            assert scores[row, column] == (-1 if barred else expected)


def test_wishes_count_by_their_rank_and_waiting_by_its_weeks():
    assert [points_of_wish(rank) for rank in range(1, 6)] == [10, 8, 6, 4, 2]
    assert [points_of_waiting(timedelta(weeks=weeks)) for weeks in (0, 1, 2, 5, 20, 60)] == [0, 0, 1, 2, 10, 10]


def test_weights_are_whole_numbers_from_nought_to_ten():
    assert complete({"region": 0}) == {"wishes": 8, "meets_by": 5, "sector": 4, "region": 0, "waiting": 3, "load": 2}
    for wrong in (-1, 11, "3", 2.5, None):
        with pytest.raises(ValueError, match="region"):
            complete({"region": wrong})


def test_who_waits_has_no_mentor_and_no_open_request_and_still_takes_part(db):
    programme = ProgrammeFactory()
    waits, paired, asks, talked, through, left, gone = (EnrolmentFactory(programme=programme) for _ in range(7))
    EnrolmentFactory()
    PairingFactory(programme=programme, mentee=paired.person)
    for enrolment, why in ((talked, "time"), (through, "finished")):
        ended = PairingFactory(programme=programme, mentee=enrolment.person, ended=True, ended_at=NOW)
        EndReason.objects.create(pairing=ended, by=enrolment.person, why=why)
    PairingFactory(mentee=waits.person)  # in another programme
    offer = MentorOfferFactory(enrolment__programme=programme)
    made = {"programme": programme, "mentor": offer.enrolment.person, "offer": offer}
    MentorRequest.objects.create(**made, mentee=asks.person, slug="asks")
    MentorRequest.objects.create(**made, mentee=talked.person, slug="talked", state="declined", closed_at=NOW)
    left.ended_at = timezone.now()
    left.save()
    gone.person.is_active = False
    gone.person.save()

    assert set(waiting_mentees(programme)) == {waits, talked}


def test_somebody_waits_since_their_last_pairing_ended(db):
    enrolment = EnrolmentFactory(created_at=NOW - timedelta(days=300))
    for days in (90, 40):
        ended = NOW - timedelta(days=days)
        pairing = PairingFactory(programme=enrolment.programme, mentee=enrolment.person, ended=True, ended_at=ended)
        EndReason.objects.create(pairing=pairing, by=enrolment.person, why="silent")

    assert waiting_mentees(enrolment.programme).get().since == NOW - timedelta(days=40)


def test_room_is_with_mentors_who_take_part_take_mentees_and_have_a_place(db):
    programme = ProgrammeFactory()
    roomy, full, left, paused = (MentorOfferFactory(enrolment__programme=programme) for _ in range(4))
    MentorOfferFactory()
    full.held = 1
    full.save()
    left.enrolment.ended_at = timezone.now()
    left.enrolment.save()
    paused.is_paused = True
    paused.save()

    assert list(offers_with_room(programme, timezone.localdate())) == [roomy]
    assert [offer.pk for offer in gather(programme, timezone.now()).offers] == [roomy.pk]


@pytest.mark.parametrize("amount", [1, 3])
def test_a_cohort_is_gathered_in_four_statements(db, django_assert_num_queries, amount):
    programme = ProgrammeFactory()
    for _ in range(amount):
        EnrolmentFactory(programme=programme)
        MentorOfferFactory(enrolment__programme=programme).holds.add(LevelFactory(name=f"L{_}"))

    with django_assert_num_queries(4):
        gather(programme, NOW)
