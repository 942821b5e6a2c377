"""When a plan is asked for, nudged, and a meeting spoken of: by the clock on each person's own wall."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.models import Reminder
from meetings.reminders import dates
from pairings.models import Pairing

Kind, Chasing = Reminder.Kind, Pairing.Chasing
LONDON, WELLINGTON = ZoneInfo("Europe/London"), ZoneInfo("Pacific/Auckland")
# Half hours, quarters, no summer time, one that is two hours, and where a day was left out.
ZONES = [
    *("Europe/London", "Pacific/Auckland", "America/St_Johns", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe"),
    *("Africa/Casablanca", "America/Santiago", "Antarctica/Troll", "Pacific/Apia", "Pacific/Kiritimati", "Asia/Tehran"),
]
zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.datetimes(
    datetime(2011, 1, 1),  # noqa: DTZ001 - the zone is given beside it
    datetime(2032, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
spans = st.timedeltas(timedelta(0), timedelta(days=60))
a_chasing = st.sampled_from(Chasing.values)


def on(day, clock, zone):
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), tzinfo=zone)


def test_in_good_time_all_four_are_due():
    starts_at = on("2026-12-03", "17:30", LONDON)

    found = dates(starts_at, on("2026-11-02", "10:00", LONDON), LONDON, WELLINGTON, Chasing.GENTLY)

    assert found == {
        (Kind.PLAN, "mentee"): on("2026-11-26", "09:00", LONDON),
        (Kind.PLAN_NUDGE, "mentee"): on("2026-12-01", "09:00", LONDON),
        (Kind.TOMORROW, "mentee"): on("2026-12-02", "17:00", LONDON),
        # There it begins on the fourth.
        (Kind.TOMORROW, "mentor"): on("2026-12-03", "17:00", WELLINGTON),
    }


@pytest.mark.parametrize(
    ("booked", "kinds"),
    [
        ("2026-11-26T08:59", {"plan", "plan_nudge", "tomorrow"}),
        ("2026-11-30T08:59", {"plan", "plan_nudge", "tomorrow"}),
        # Asked less than a day before, nobody is nudged.
        ("2026-11-30T09:01", {"plan", "tomorrow"}),
        ("2026-12-02T16:59", {"plan", "tomorrow"}),
        ("2026-12-02T17:00", {"plan"}),
        ("2026-12-03T17:00", {"plan"}),
        ("2026-12-03T17:30", set()),
    ],
)
def test_what_is_booked_late_is_asked_for_at_once_and_the_rest_left_out(booked, kinds):
    booked_at = datetime.fromisoformat(booked).replace(tzinfo=LONDON)

    found = dates(on("2026-12-03", "17:30", LONDON), booked_at, LONDON, LONDON, Chasing.GENTLY)

    assert {kind for kind, _role in found} == kinds
    if kinds:
        assert found[Kind.PLAN, "mentee"] == max(booked_at, on("2026-11-26", "09:00", LONDON))


def test_a_pair_that_agreed_on_no_chasing_is_not_nudged():
    found = dates(on("2026-12-03", "17:30", LONDON), on("2026-11-02", "10:00", LONDON), LONDON, LONDON, Chasing.NOT)

    assert (Kind.PLAN_NUDGE, "mentee") not in found


def test_nine_is_nine_on_either_side_of_a_clock_change():
    # Clocks go back on 25 October 2026.
    found = dates(on("2026-10-29", "10:00", LONDON), on("2026-09-01", "10:00", LONDON), LONDON, LONDON, Chasing.YES)

    assert found[Kind.PLAN, "mentee"] == datetime(2026, 10, 22, 8, 0, tzinfo=UTC)
    assert found[Kind.PLAN_NUDGE, "mentee"] == datetime(2026, 10, 27, 9, 0, tzinfo=UTC)


@given(starts_at=moments, before=spans, mentee=zones, mentor=zones, chasing=a_chasing)
def test_each_is_due_once_at_its_hour_where_the_person_lives(starts_at, before, mentee, mentor, chasing):
    booked_at = starts_at - before

    found = dates(starts_at, booked_at, mentee, mentor, chasing)

    hours = {Kind.PLAN: (7, time(9)), Kind.PLAN_NUDGE: (2, time(9)), Kind.TOMORROW: (1, time(17))}
    for (kind, role), moment in found.items():
        zone = mentee if role == "mentee" else mentor
        days, clock = hours[kind]
        assert booked_at <= moment < starts_at
        if kind == Kind.PLAN and moment == booked_at:
            continue
        local, meets = moment.astimezone(zone), starts_at.astimezone(zone)
        assert local.time() == clock
        # Samoa had no 30 December 2011: what is due on it is due on the day after.
        skipped = zone.key == "Pacific/Apia" and local.date() == date(2011, 12, 31)
        assert (meets.date() - local.date()).days == days or skipped
    assert (found == {}) is (before == timedelta(0))


@given(starts_at=moments, mentee=zones, mentor=zones)
def test_in_good_time_nothing_is_left_out(starts_at, mentee, mentor):
    found = dates(starts_at, starts_at - timedelta(days=30), mentee, mentor, Chasing.GENTLY)

    assert sorted(found) == sorted(
        [(Kind.PLAN, "mentee"), (Kind.PLAN_NUDGE, "mentee"), (Kind.TOMORROW, "mentee"), (Kind.TOMORROW, "mentor")]
    )
