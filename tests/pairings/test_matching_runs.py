"""Matching a cohort from the press of a button to a talk: begun once, carried out by a worker, stopped, taken up again,
proposed and skipped."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from notifications.models import Notification
from pairings import match_runs
from pairings.actions import begin_match_run, begin_pairing, propose, skip, stop_match_run, suggest_talk
from pairings.cohort import gather
from pairings.match_runs import lots_of, run_match, take_up
from pairings.models import MatchRun, MentorRequest, MoveRefused, Proposal, Wish
from pairings.tasks import take_up_match_runs
from pairings.weights import complete
from programmes.models import Act, Region, Sector
from tests.at_once import all_at_once
from tests.factories import EnrolmentFactory, MentorOfferFactory, PersonFactory, ProgrammeFactory

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
State = MatchRun.State


def mentee(programme, name, *, days=3, **fields):
    since = NOW - timedelta(days=days)
    return EnrolmentFactory(programme=programme, person__name=name, created_at=since, **fields)


def mentor(programme, name, capacity=1, held=0, **fields):
    enrolment = EnrolmentFactory(programme=programme, person__name=name, role="mentor", **fields)
    return MentorOfferFactory(enrolment=enrolment, capacity=capacity, held=held)


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


def match(programme, **options):
    """A run that is done."""
    run = begin_match_run(programme, by=programme.lead, weights={}, **options)
    run_match(run.pk)
    run.refresh_from_db()
    return run


def pairs(run):
    rows = run.proposals.select_related("mentee__person", "offer__enrolment__person")
    return {row.mentee.person.first_name: row.offer.enrolment.person.first_name for row in rows}


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


def test_one_at_a_time_in_a_programme(cohort):
    begin_match_run(cohort, by=cohort.lead, weights={})

    with pytest.raises(MoveRefused, match="under way already"):
        begin_match_run(cohort, by=cohort.lead, weights={})

    begin_match_run(ProgrammeFactory(), by=cohort.lead, weights={})
    assert MatchRun.objects.count() == 2


def test_one_that_waits_is_stopped_at_once(cohort):
    run = begin_match_run(cohort, by=cohort.lead, weights={})

    stop_match_run(run, by=cohort.lead)
    run_match(run.pk)

    run.refresh_from_db()
    assert (run.state, run.ended_at, run.proposals.count()) == (State.STOPPED, NOW, 0)
    with pytest.raises(MoveRefused, match="over"):
        stop_match_run(run, by=cohort.lead)


def test_one_that_is_under_way_stops_when_its_worker_looks_up(cohort, monkeypatch):
    run = begin_match_run(cohort, by=cohort.lead, weights={})
    found = match_runs.gather

    def stopped_meanwhile(*args):
        stop_match_run(run, by=cohort.lead)
        return found(*args)

    monkeypatch.setattr(match_runs, "gather", stopped_meanwhile)
    run_match(run.pk)

    run.refresh_from_db()
    assert (run.state, run.proposals.count()) == (State.STOPPED, 0)


def test_how_far_it_is_can_be_seen_as_it_goes(cohort, monkeypatch):
    run = begin_match_run(cohort, by=cohort.lead, weights={})
    seen = []
    tell = match_runs.Progress.__call__

    def watch(progress, stage, *counts):
        tell(progress, stage, *counts)
        seen.append(MatchRun.objects.values_list("stage", "done", "total").get(pk=run.pk))

    monkeypatch.setattr(match_runs.Progress, "__call__", watch)
    run_match(run.pk)

    assert seen == [
        ("Gathering who waits and who has room", 0, 0),
        ("Comparing 2 mentees, 2 mentors", 2, 2),
        ("Looking for the best for all together", 0, 0),
        ("Proving that nothing is better", 2, 2),
        ("Writing down why", 2, 2),
    ]


def test_what_goes_wrong_ends_it_with_words(cohort, monkeypatch, caplog):
    run = begin_match_run(cohort, by=cohort.lead, weights={})
    monkeypatch.setattr(match_runs, "gather", lambda *args: 1 / 0)

    run_match(run.pk)

    run.refresh_from_db()
    assert (run.state, run.ended_at) == (State.FAILED, NOW)
    assert run.problem == "Something went wrong on our side. Nobody was told of anything. Run it again."
    assert "ZeroDivisionError" in caplog.text


def test_a_run_whose_wake_up_was_lost_is_taken_up_by_the_beat(cohort):
    run = begin_match_run(cohort, by=cohort.lead, weights={})

    take_up_match_runs()
    run.refresh_from_db()
    assert run.state == State.WAITING

    take_up(NOW + timedelta(seconds=30))
    run.refresh_from_db()
    assert run.state == State.DONE


def test_a_run_whose_worker_died_is_taken_up_again(cohort):
    run = begin_match_run(cohort, by=cohort.lead, weights={})
    beat = NOW - timedelta(minutes=3)
    MatchRun.objects.filter(pk=run.pk).update(state=State.RUNNING, started_at=beat, beat_at=beat)
    Proposal.objects.create(run=run, mentee=cohort.hana, offer=cohort.gwen, score=1)

    take_up(NOW)

    run.refresh_from_db()
    assert (run.state, run.started_at) == (State.DONE, beat)
    assert pairs(run) == {"Hana": "Ruth", "Bronwen": "Gwen"}


def test_a_run_that_a_worker_is_at_is_left_alone(cohort):
    run = begin_match_run(cohort, by=cohort.lead, weights={})
    beat = NOW - timedelta(seconds=90)
    MatchRun.objects.filter(pk=run.pk).update(state=State.RUNNING, started_at=beat, beat_at=beat)

    take_up(NOW)
    run_match(run.pk)

    run.refresh_from_db()
    assert (run.state, run.beat_at, run.proposals.count()) == (State.RUNNING, beat, 0)


@pytest.mark.parametrize(
    ("fields", "state", "words"),
    [
        ({"stop_asked": True, "started_at": NOW - timedelta(minutes=4)}, State.STOPPED, ""),
        ({"started_at": NOW - timedelta(hours=1)}, State.FAILED, "again and again"),
    ],
)
def test_a_run_that_lost_its_workers_never_goes_on_for_ever(cohort, fields, state, words):
    run = begin_match_run(cohort, by=cohort.lead, weights={})
    MatchRun.objects.filter(pk=run.pk).update(state=State.RUNNING, beat_at=NOW - timedelta(minutes=3), **fields)

    take_up(NOW)

    run.refresh_from_db()
    assert (run.state, run.ended_at) == (state, NOW)
    assert words in run.problem


def test_a_worker_that_was_given_up_does_not_write_over_the_next(cohort, monkeypatch):
    run = begin_match_run(cohort, by=cohort.lead, weights={})
    found = match_runs.gather

    def taken_up_meanwhile(*args):
        MatchRun.objects.filter(pk=run.pk).update(beat_at=NOW + timedelta(minutes=5))
        return found(*args)

    monkeypatch.setattr(match_runs, "gather", taken_up_meanwhile)
    run_match(run.pk)

    run.refresh_from_db()
    assert (run.state, run.proposals.count()) == (State.RUNNING, 0)


def test_proposing_asks_both_to_talk_and_keeps_a_place(cohort):
    run = match(cohort)
    proposal = run.proposals.get(mentee=cohort.hana)

    propose(proposal, by=cohort.lead)

    proposal.refresh_from_db()
    request = MentorRequest.objects.get()
    assert (proposal.state, proposal.decided_by, proposal.decided_at) == ("proposed", cohort.lead, NOW)
    assert (proposal.request, request.state, request.suggested_by) == (request, "talking", cohort.lead)
    cohort.ruth.refresh_from_db()
    assert cohort.ruth.held == 1
    told = Notification.objects.values_list("person__name", flat=True)
    assert sorted(told) == ["Hana Sato", "Ruth Lindqvist"]


def test_a_pair_is_proposed_once_and_then_not_skipped(cohort):
    proposal = match(cohort).proposals.get(mentee=cohort.hana)
    propose(proposal, by=cohort.lead)

    for act in (propose, skip):
        with pytest.raises(MoveRefused, match="proposed already"):
            act(proposal, by=cohort.lead)

    assert MentorRequest.objects.count() == 1


def test_what_was_skipped_can_still_be_proposed(cohort):
    proposal = match(cohort).proposals.get(mentee=cohort.hana)

    assert skip(proposal, by=cohort.lead).state == "skipped"
    assert skip(proposal, by=cohort.lead).state == "skipped"
    assert (Notification.objects.count(), MentorRequest.objects.count()) == (0, 0)
    assert propose(proposal, by=cohort.lead).state == "proposed"


def test_a_mentee_or_a_place_gone_meanwhile_is_refused_and_nothing_changes(cohort):
    run = match(cohort)
    hana, bronwen = run.proposals.get(mentee=cohort.hana), run.proposals.get(mentee=cohort.bronwen)
    begin_pairing(programme=cohort, mentee=cohort.hana.person, mentor=cohort.gwen.enrolment.person, by=cohort.lead)
    cohort.gwen.capacity = 1
    cohort.gwen.save()

    with pytest.raises(MoveRefused, match="Hana Sato has a mentor already"):
        propose(hana, by=cohort.lead)
    with pytest.raises(MoveRefused, match="Gwen has no place left"):
        propose(bronwen, by=cohort.lead)

    assert set(run.proposals.values_list("state", "request")) == {("open", None)}
    assert MentorRequest.objects.count() == 0


def test_a_pair_of_ones_own_is_for_another_coordinator(cohort):
    proposal = match(cohort).proposals.get(mentee=cohort.hana)

    for person in (cohort.hana.person, cohort.ruth.enrolment.person):
        with pytest.raises(MoveRefused, match="another coordinator"):
            propose(proposal, by=person)


def test_nothing_of_a_run_that_is_not_done_is_proposed(cohort):
    run = begin_match_run(cohort, by=cohort.lead, weights={})
    proposal = Proposal.objects.create(run=run, mentee=cohort.hana, offer=cohort.gwen, score=1)

    with pytest.raises(MoveRefused, match="not finished"):
        propose(proposal, by=cohort.lead)


def test_every_act_is_in_the_log(cohort):
    run = match(cohort)
    first, second = run.proposals.order_by("pk")
    propose(first, by=cohort.lead)
    skip(second, by=cohort.lead)
    stop_match_run(begin_match_run(cohort, by=cohort.lead, weights={}), by=cohort.lead)

    acts = Act.objects.filter(programme=cohort, by=cohort.lead, noun__in=["matchrun", "proposal"])
    assert sorted(acts.values_list("verb", "noun")) == [
        ("began", "matchrun"),
        ("began", "matchrun"),
        ("proposed", "proposal"),
        ("skipped", "proposal"),
        ("stopped", "matchrun"),
    ]


def test_weights_are_kept_whole_with_the_run(cohort):
    run = begin_match_run(cohort, by=cohort.lead, weights={"region": 9})

    assert run.weights == complete({"region": 9})
    with pytest.raises(ValueError, match="region"):
        begin_match_run(ProgrammeFactory(), by=cohort.lead, weights={"region": 11})


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_never_exceed_two_places():
    programme, lead = ProgrammeFactory(), PersonFactory()
    offer = mentor(programme, "Ruth Lindqvist", capacity=2)
    run = MatchRun.objects.create(programme=programme, by=lead, state=State.DONE, created_at=NOW)
    proposals = [
        Proposal.objects.create(run=run, mentee=mentee(programme, f"Mentee {number}"), offer=offer, score=1)
        for number in range(50)
    ]

    came = {"done": 0, "NoPlaceLeft": 0}
    for start in range(0, 50, 10):  # a database takes only so many connections
        results = all_at_once([lambda each=each: propose(each, by=lead) for each in proposals[start : start + 10]])
        assert results.keys() <= came.keys()
        came = {kind: came[kind] + results.get(kind, 0) for kind in came}

    assert came == {"done": 2, "NoPlaceLeft": 48}
    assert MentorRequest.objects.filter(offer=offer).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_press_propose_at_once_suggest_one_talk():
    programme, leads = ProgrammeFactory(), [PersonFactory(), PersonFactory()]
    run = MatchRun.objects.create(programme=programme, by=leads[0], state=State.DONE, created_at=NOW)
    offer = mentor(programme, "Ruth Lindqvist", capacity=2)
    proposal = Proposal.objects.create(run=run, mentee=mentee(programme, "Hana Sato"), offer=offer, score=1)

    came = all_at_once([lambda by=by: propose(proposal, by=by) for by in leads])

    assert came == {"MoveRefused": 1, "done": 1}
    assert Notification.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_at_once_begin_one():
    programme, leads = ProgrammeFactory(), [PersonFactory(), PersonFactory()]

    came = all_at_once([lambda by=by: begin_match_run(programme, by=by, weights={}) for by in leads])

    assert came == {"MoveRefused": 1, "done": 1}


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_carry_out_one_run():
    programme = ProgrammeFactory()
    mentee(programme, "Hana Sato")
    mentor(programme, "Ruth Lindqvist")
    with transaction.atomic():
        run = MatchRun.objects.create(programme=programme, by=PersonFactory(), weights=complete({}))

    assert all_at_once([lambda: run_match(run.pk)] * 2) == {"done": 2}

    run.refresh_from_db()
    assert (run.state, run.proposals.count()) == (State.DONE, 1)


def test_a_wish_without_a_free_place_is_a_near_miss(cohort):
    full = mentor(cohort, "Joan Applegarth", held=1)
    Wish.objects.create(enrolment=cohort.hana, offer=full, rank=1)
    Wish.objects.create(enrolment=cohort.hana, offer=cohort.gwen, rank=2)

    near = match(cohort).proposals.get(mentee=cohort.hana).near

    assert [(miss["name"], miss["wish"], miss["why"], miss["barred"]) for miss in near] == [
        ("Joan Applegarth", "their first wish", ["has no free place"], True),
        ("Ruth Lindqvist", "", ["not a wish of theirs"], False),
    ]
