"""Matching a cohort from the press of a button: begun once, carried out by a worker, stopped, taken up again."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from pairings import match_runs
from pairings.actions import begin_match_run, stop_match_run
from pairings.match_runs import run_match, take_up
from pairings.models import MatchRun, MoveRefused, Proposal
from pairings.tasks import take_up_match_runs
from pairings.weights import complete
from programmes.models import Region
from tests.at_once import all_at_once
from tests.factories import PersonFactory, ProgrammeFactory
from tests.pairings.matching import NOW, mentee, mentor, pairs

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


def test_weights_are_kept_whole_with_the_run(cohort):
    run = begin_match_run(cohort, by=cohort.lead, weights={"region": 9})

    assert run.weights == complete({"region": 9})
    with pytest.raises(ValueError, match="region"):
        begin_match_run(ProgrammeFactory(), by=cohort.lead, weights={"region": 11})


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
