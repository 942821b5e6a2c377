"""How a programme is doing: activity and timing in numbers."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from meetings.actions import record_meeting
from mentoring import plots
from mentoring.programme_health import health
from pairings.models import Pairing
from programmes.models import Enrolment
from tests.factories import (
    EnrolmentFactory,
    MentorOfferFactory,
    PairingFactory,
    PersonFactory,
    ProgrammeFactory,
    make_page,
    make_portfolio,
)

# A Monday.
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def programme(db):
    return ProgrammeFactory(slug="chartership")


def pair(programme, *, began=100, waited=10, active=1, **fields):
    """A pair that began so many days ago, whose mentee had waited so long."""
    at = NOW - began * A_DAY
    mentee = EnrolmentFactory(programme=programme, created_at=at - waited * A_DAY).person
    return PairingFactory(
        **{"programme": programme, "mentee": mentee, "created_at": at, "last_activity_at": NOW - active * A_DAY}
        | fields
    )


def held_before(pairing, days):
    record_meeting(pairing, by=pairing.mentee, starts_at=NOW - days * A_DAY, minutes=60, how="video")


@pytest.fixture
def lead(programme):
    person = PersonFactory(is_staff=True, is_superuser=True)
    EnrolmentFactory(programme=programme, person=person, role=Enrolment.Role.COORDINATOR)
    return person


def test_there_are_no_numbers_in_the_first_four_weeks(programme, lead, signed_in):
    browser = signed_in(lead)
    assert "Numbers appear after the first four weeks." in browser.get("/admin/programme/health/").content.decode()

    pair(programme, began=27)
    assert not health(programme, NOW).has_numbers
    Pairing.objects.update(created_at=NOW - 28 * A_DAY)
    assert health(programme, NOW).has_numbers


def test_the_wait_is_the_median_of_first_pairings_in_a_year(programme):
    for waited in (5, 11, 300):
        pair(programme, waited=waited)
    pair(programme, began=400, waited=1)
    again = pair(programme, waited=20, ended=True)
    Pairing.objects.filter(pk=again.pk).update(created_at=NOW - 500 * A_DAY)
    PairingFactory(programme=programme, mentee=again.mentee)
    pair(ProgrammeFactory(), waited=1)

    assert health(programme, NOW).wait == 11


def test_of_those_who_work_together_how_many_met_in_eight_weeks(programme):
    pair(programme, last_met_at=NOW - 56 * A_DAY)
    pair(programme, last_met_at=NOW - 57 * A_DAY)
    pair(programme, state="completing")
    pair(programme, state="paused", last_met_at=NOW)
    pair(programme, ended=True, last_met_at=NOW)

    found = health(programme, NOW)

    assert (found.met, found.pairs, found.met_percent) == (1, 3, 33)


def test_shares_and_meetings_stand_in_their_weeks(programme):
    for days in (90, 20, 10, 2):
        held_before(pair(programme), days)
    held_before(pair(ProgrammeFactory()), 2)
    portfolio = make_portfolio(programme=programme)
    for days in (0, 1, 7, 90):
        make_page(portfolio, title=f"Page {days}", body="<p>One.</p>", at=NOW - days * A_DAY)
    make_page(make_portfolio(), body="<p>Elsewhere.</p>", at=NOW)

    weeks = [(week.first, week.shares, week.meetings) for week in health(programme, NOW).weeks]

    assert weeks[-4:] == [
        (date(2026, 11, 2), 0, 1),
        (date(2026, 11, 9), 0, 1),
        (date(2026, 11, 16), 2, 1),
        (date(2026, 11, 23), 1, 0),
    ]
    assert len(weeks) == 12
    assert sum(shares for _first, shares, _meetings in weeks) == 3


def test_how_many_mentors_have_how_many_mentees(programme):
    pair(programme)
    for held, capacity in ((0, 2), (0, 1), (2, 2), (9, 12)):
        enrolment = EnrolmentFactory(programme=programme, role=Enrolment.Role.MENTOR)
        MentorOfferFactory(enrolment=enrolment, held=held, capacity=capacity)
    MentorOfferFactory()

    found = health(programme, NOW)

    assert found.load == [(0, 2), (1, 0), (2, 1), (3, 0), (4, 0), (5, 0), (6, 1)]
    assert found.places_free == 6


def test_quiet_pairs_are_counted_by_length_and_the_longest_named(programme, lead, signed_in):
    long = pair(
        programme, active=150, mentee=PersonFactory(name="Callum Reid"), mentor=PersonFactory(name="Odette Laurent")
    )
    longer = pair(programme, active=200)
    pair(programme, active=60)
    pair(programme, active=200, state="paused")

    found = health(programme, NOW)
    page = signed_in(lead).get("/admin/programme/health/").content.decode()

    assert [count for _span, count in found.silence] == [0, 1, 0, 1, 1]
    assert found.silent == [longer, long]
    assert "Callum Reid and Odette Laurent" in page
    assert "nothing for 150 days" in page


def test_another_programme_answers_like_a_missing_one(programme, signed_in):
    person = PersonFactory(is_staff=True)
    EnrolmentFactory(programme=programme, person=person, role=Enrolment.Role.COORDINATOR)
    other = ProgrammeFactory()
    browser = signed_in(person)
    assert browser.get("/admin/programme/health/").status_code == 403

    person.is_superuser = True
    person.save()
    assert browser.get("/admin/programme/health/", {"programme": other.slug}).status_code == 200
    assert browser.get("/admin/programme/health/", {"programme": "nothing"}).status_code == 404


@pytest.mark.parametrize("amount", [1, 3])
def test_health_asks_the_same_of_the_database_however_many_there_are(
    programme, lead, signed_in, django_assert_num_queries, amount
):
    for _ in range(amount):
        pair(programme, active=200)
    browser = signed_in(lead)
    browser.get(reverse("admin:programme_health"))

    with django_assert_num_queries(10):
        browser.get(reverse("admin:programme_health"))


def test_rows_are_as_long_as_their_counts():
    assert [(row.y, row.length) for row in plots.rows([("a", 0), ("b", 1), ("c", 400)])] == [(0, 0), (24, 3), (48, 160)]
    assert plots.rows([]) == []
