"""Proposing and skipping: once, with a place kept, never beyond what there is."""

import pytest
import time_machine

from notifications.models import Notification
from pairings.actions import begin_match_run, begin_pairing, propose, skip, stop_match_run
from pairings.models import MatchRun, MentorOffer, MentorRequest, MoveRefused, Proposal
from programmes.models import Act, Region
from tests.at_once import all_at_once, in_a_queue
from tests.factories import PersonFactory, ProgrammeFactory
from tests.pairings.matching import NOW, match, mentee, mentor

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
def test_what_one_proposes_nobody_skips_at_that_moment():
    programme, lead = ProgrammeFactory(), PersonFactory()
    run = MatchRun.objects.create(programme=programme, by=lead, state=State.DONE, created_at=NOW)
    offer = mentor(programme, "Ruth Lindqvist")
    proposal = Proposal.objects.create(run=run, mentee=mentee(programme, "Hana Sato"), offer=offer, score=1)

    came = in_a_queue(
        MentorOffer.objects.filter(pk=offer.pk), [lambda: propose(proposal, by=lead), lambda: skip(proposal, by=lead)]
    )

    proposal.refresh_from_db()
    assert came == ["done", "MoveRefused"]
    assert (proposal.state, proposal.request.state) == ("proposed", "talking")
