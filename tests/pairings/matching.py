"""A cohort that is matched."""

from datetime import UTC, datetime, timedelta

from pairings.actions import begin_match_run
from pairings.match_runs import run_match
from tests.factories import EnrolmentFactory, MentorOfferFactory

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def mentee(programme, name, *, days=3, **fields):
    since = NOW - timedelta(days=days)
    return EnrolmentFactory(programme=programme, person__name=name, created_at=since, **fields)


def mentor(programme, name, capacity=1, held=0, **fields):
    enrolment = EnrolmentFactory(programme=programme, person__name=name, role="mentor", **fields)
    return MentorOfferFactory(enrolment=enrolment, capacity=capacity, held=held)


def match(programme, **options):
    """A run that is done."""
    run = begin_match_run(programme, by=programme.lead, weights={}, **options)
    run_match(run.pk)
    run.refresh_from_db()
    return run


def pairs(run):
    rows = run.proposals.select_related("mentee__person", "offer__enrolment__person")
    return {row.mentee.person.first_name: row.offer.enrolment.person.first_name for row in rows}
