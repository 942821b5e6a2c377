"""What a matching proposes and why, in words: wishes, waiting, pins, near misses, nobody."""

import pytest
import time_machine

from notifications.models import Notification
from pairings.actions import begin_match_run, suggest_talk
from pairings.cohort import gather
from pairings.match_runs import lots_of, run_match
from pairings.models import MatchRun, MentorRequest, MoveRefused, Wish
from programmes.models import Region, Sector
from tests.factories import EnrolmentFactory, MentorOfferFactory, PersonFactory, ProgrammeFactory
from tests.pairings.matching import NOW, match, mentee, mentor, pairs

State = MatchRun.State


@pytest.fixture
def cohort(db):
    """Hana and Bronwen wait; Ruth has a place in Hana's region, Gwen two elsewhere. It is noon."""
    programme = ProgrammeFactory()
    regions = [Region.objects.create(programme=programme, name=name) for name in ("Wales", "Scotland")]
    programme.hana = mentee(programme, "Hana Sato", region=regions[0], meets_by=["video"])
    programme.bronwen = mentee(programme, "Bronwen Price", days=100)
    programme.ruth = mentor(programme, "Ruth Lindqvist", region=regions[0], meets_by=["video"])
    programme.gwen = mentor(programme, "Gwen Parry", 2, region=regions[1], meets_by=["video"])
    programme.lead = PersonFactory(name="Marguerite Fell")
    with time_machine.travel(NOW, tick=False):
        yield programme


def test_a_run_proposes_the_best_for_all_and_tells_nobody(cohort):
    run = match(cohort)

    assert (run.state, run.problem, run.ended_at) == (State.DONE, "", NOW)
    assert pairs(run) == {"Hana": "Ruth", "Bronwen": "Gwen"}
    assert run.total_score == run.bound
    assert (Notification.objects.count(), MentorRequest.objects.count()) == (0, 0)


def test_reasons_and_near_misses_are_words(cohort):
    run = match(cohort)

    hana, bronwen = run.proposals.order_by("mentee__person__name")[::-1]

    assert hana.reasons == ["same region", "both meet by video"]
    assert hana.near == [
        {"offer": cohort.gwen.pk, "name": "Gwen Parry", "why": ["not in their region"], "barred": False, "wish": ""}
    ]
    assert bronwen.reasons == ["has waited 14 weeks"]
    assert bronwen.near == [
        {
            "offer": cohort.ruth.pk,
            "name": "Ruth Lindqvist",
            "why": ["the place went to Hana Sato"],
            "barred": False,
            "wish": "",
        }
    ]


def test_a_barred_mentor_is_named_with_the_rule(cohort):
    for person in (cohort.hana.person, cohort.ruth.enrolment.person):
        person.profile.employer = "Leeds Libraries"
        person.profile.save()

    run = match(cohort)

    assert pairs(run) == {"Hana": "Gwen", "Bronwen": "Ruth"}
    near = run.proposals.get(mentee=cohort.hana).near
    assert [(miss["name"], miss["why"], miss["barred"]) for miss in near] == [
        ("Ruth Lindqvist", ["works for the same employer"], True)
    ]


def test_for_whom_there_is_nobody_it_says_why(cohort):
    cohort.gwen.delete()
    alone = mentee(cohort, "Marcus Bell", line_manager="Ruth Lindqvist")

    run = match(cohort)

    assert pairs(run) == {"Hana": "Ruth"}
    assert {row["mentee"]: row["why"] for row in run.unmatched} == {
        cohort.bronwen.pk: ["there are too few places: those who could be their mentor have others"],
        alone.pk: ["no mentor with a free place may be theirs: see below why not"],
    }
    assert [row["near"][0]["why"] for row in run.unmatched] == [
        ["the place went to Hana Sato"],
        ["is the line manager"],
    ]


def test_without_any_mentor_it_says_that(cohort):
    cohort.ruth.delete()
    cohort.gwen.delete()

    run = match(cohort)

    assert {row["why"][0] for row in run.unmatched} == {"no mentor has a free place"}
    assert (run.state, run.total_score, run.bound) == (State.DONE, 0, 0)


def test_wishes_outweigh_the_region_unless_the_team_says_otherwise(cohort):
    Wish.objects.create(enrolment=cohort.bronwen, offer=cohort.ruth, rank=1)

    assert pairs(match(cohort)) == {"Hana": "Gwen", "Bronwen": "Ruth"}

    run = begin_match_run(cohort, by=cohort.lead, weights={"wishes": 0, "region": 10})
    run_match(run.pk)

    assert pairs(run)["Hana"] == "Ruth"


def test_who_waited_longest_gets_the_last_place(cohort):
    cohort.gwen.delete()
    cohort.hana.region = None
    cohort.hana.meets_by = []
    cohort.hana.save()

    assert pairs(match(cohort)) == {"Bronwen": "Ruth"}


def test_another_sector_or_the_same_counts_as_the_rule_says(cohort):
    health, law = (Sector.objects.create(programme=cohort, name=name) for name in ("Health", "Law"))
    for enrolment, sector in (
        (cohort.hana, health),
        (cohort.bronwen, law),
        (cohort.ruth.enrolment, health),
        (cohort.gwen.enrolment, law),
    ):
        enrolment.sector, enrolment.region, enrolment.meets_by = sector, None, []
        enrolment.save()

    assert pairs(match(cohort)) == {"Hana": "Gwen", "Bronwen": "Ruth"}

    cohort.advises_other_sector = False
    cohort.save()

    assert pairs(match(cohort)) == {"Hana": "Ruth", "Bronwen": "Gwen"}


def test_what_if_by_pinning_and_forbidding(cohort):
    pin = match(cohort, pinned=[(cohort.hana.pk, cohort.gwen.pk)])
    never = match(cohort, forbidden=[(cohort.hana.pk, cohort.ruth.pk)])

    assert pairs(pin) == pairs(never) == {"Hana": "Gwen", "Bronwen": "Ruth"}
    assert pin.proposals.get(mentee=cohort.hana).reasons == ["you pinned this pair", "both meet by video"]
    assert pin.proposals.get(mentee=cohort.hana).near[0]["why"] == ["you pinned another"]
    assert never.proposals.get(mentee=cohort.hana).near[0]["why"] == ["you said: never these two"]


def test_the_same_people_get_the_same_lots(cohort):
    for number in range(6):
        mentee(cohort, f"Alike {number}")

    first, second = (list(match(cohort).proposals.order_by("mentee").values_list("mentee", "offer")) for _ in range(2))
    lots = lots_of(gather(cohort, NOW)).getstate()
    mentee(cohort, "Alike 6")

    assert first == second
    assert lots_of(gather(cohort, NOW)).getstate() != lots


def test_pins_that_the_rules_bar_are_refused_in_words(cohort):
    cohort.hana.line_manager = "ruth lindqvist"
    cohort.hana.save()

    with pytest.raises(MoveRefused, match="Ruth Lindqvist can’t be the mentor of Hana Sato: is the line manager"):
        begin_match_run(cohort, by=cohort.lead, weights={}, pinned=[(cohort.hana.pk, cohort.ruth.pk)])


def test_a_pair_chosen_twice_or_of_another_programme_is_refused(cohort):
    pair, other = (cohort.hana.pk, cohort.ruth.pk), (cohort.hana.pk, cohort.gwen.pk)
    foreign = EnrolmentFactory().pk, MentorOfferFactory().pk

    for pinned, forbidden in (([pair], [pair]), ([pair, other], []), ([foreign], []), ([], [foreign])):
        with pytest.raises(MoveRefused):
            begin_match_run(cohort, by=cohort.lead, weights={}, pinned=pinned, forbidden=forbidden)

    assert MatchRun.objects.count() == 0


def test_a_pin_that_fell_through_meanwhile_is_left_out(cohort):
    run = begin_match_run(cohort, by=cohort.lead, weights={}, pinned=[(cohort.hana.pk, cohort.gwen.pk)])
    suggest_talk(cohort.hana, cohort.gwen, by=cohort.lead)

    run_match(run.pk)

    assert pairs(run) == {"Bronwen": "Ruth"}


def test_a_wish_without_a_free_place_is_a_near_miss(cohort):
    full = mentor(cohort, "Joan Applegarth", held=1)
    Wish.objects.create(enrolment=cohort.hana, offer=full, rank=1)
    Wish.objects.create(enrolment=cohort.hana, offer=cohort.gwen, rank=2)

    near = match(cohort).proposals.get(mentee=cohort.hana).near

    assert [(miss["name"], miss["wish"], miss["why"], miss["barred"]) for miss in near] == [
        ("Joan Applegarth", "their first wish", ["has no free place"], True),
        ("Ruth Lindqvist", "", ["not a wish of theirs"], False),
    ]
