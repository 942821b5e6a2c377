from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.timing import (
    LONGEST,
    Wishes,
    after_quiet,
    bundle_due,
    calm,
    due,
    in_the_morning,
    in_time,
    next_monday,
    next_morning,
)

LONDON, WELLINGTON = ZoneInfo("Europe/London"), ZoneInfo("Pacific/Auckland")
WINDOW = timedelta(minutes=30)
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday


def minutes(count):
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (NINE, NINE + minutes(30)),
        (NINE + minutes(5), NINE + minutes(30)),
        (NINE + minutes(25), NINE + minutes(35)),
        (NINE + minutes(115), NINE + minutes(120)),
        (NINE + minutes(200), NINE + minutes(120)),
    ],
)
def test_a_bundle_waits_a_little_longer_for_each_event_but_never_over_two_hours(now, due):
    assert bundle_due(now, NINE, WINDOW) == due


def quiet(at, zone=LONDON, weekends=True):
    return after_quiet(at, zone, time(18), time(8), weekends)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), datetime(2026, 11, 23, 12, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 18, 0, tzinfo=UTC), datetime(2026, 11, 24, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 3, 0, tzinfo=UTC), datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        # Friday evening and all the weekend wait for Monday
        (datetime(2026, 11, 27, 19, 0, tzinfo=UTC), datetime(2026, 11, 30, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 28, 12, 0, tzinfo=UTC), datetime(2026, 11, 30, 8, 0, tzinfo=UTC)),
        # in summer time eight o'clock in London is seven in UTC; the clocks go back on 25 October 2026
        (datetime(2026, 7, 1, 20, 0, tzinfo=UTC), datetime(2026, 7, 2, 7, 0, tzinfo=UTC)),
        (datetime(2026, 10, 24, 12, 0, tzinfo=UTC), datetime(2026, 10, 26, 8, 0, tzinfo=UTC)),
    ],
)
def test_quiet_hours_end_in_the_readers_own_morning(at, due):
    assert quiet(at) == due


def test_quiet_hours_follow_the_readers_zone():
    assert quiet(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), WELLINGTON) == datetime(2026, 11, 23, 19, 0, tzinfo=UTC)


def test_weekends_may_be_loud():
    saturday = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)

    assert quiet(saturday, weekends=False) == saturday


def test_what_a_quiet_weekend_left_comes_in_the_morning_and_not_at_midnight():
    saturday, monday = datetime(2026, 11, 28, 12, 0, tzinfo=UTC), datetime(2026, 11, 30, 8, 0, tzinfo=UTC)

    assert after_quiet(saturday, LONDON, time(0), time(0), weekends=True) == monday
    assert after_quiet(saturday, LONDON, time(22), time(6), weekends=True) == monday - timedelta(hours=2)


def test_equal_ends_mean_no_quiet_hours():
    late = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)

    assert after_quiet(late, LONDON, time(8), time(8), weekends=False) == late


def test_mornings_and_mondays_are_local():
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)

    assert next_morning(late, LONDON) == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    assert next_morning(late, WELLINGTON) == datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
    assert next_monday(late, LONDON) == datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


AWAKE = Wishes(LONDON, quiet_from=time(0), quiet_until=time(0), weekends=False)


def at(day, hour, minute=0):
    """That hour in London in November, when its clocks show UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def bundled(now, *, opened=None, last=None, wishes=AWAKE):
    return due("bundled", now, opened=opened or now, last=last, wishes=wishes, window=WINDOW)


def test_soon_waits_for_the_delay_of_its_kind_and_for_the_end_of_the_quiet_hours():
    five = minutes(5)

    assert due("now", NINE, opened=NINE, last=None, wishes=Wishes(LONDON), window=WINDOW, delay=five) == NINE + five
    assert due("now", at(23, 19), opened=NINE, last=None, wishes=Wishes(LONDON), window=WINDOW, delay=five) == at(24, 8)


def test_soon_after_an_email_of_the_same_bundle_is_half_an_hour_after_it():
    def soon(last):
        return due("now", NINE, opened=NINE, last=last, wishes=AWAKE, window=WINDOW, delay=minutes(5))

    assert soon(NINE - minutes(10)) == NINE + minutes(20)
    assert soon(NINE - minutes(28)) == NINE + minutes(5)


@pytest.mark.parametrize(
    ("now", "last", "then"),
    [
        (at(23, 20), None, at(23, 20, 30)),
        (at(23, 20), at(23, 18), at(24, 8)),
        (at(24, 1), at(23, 23), at(24, 8)),
        # by day, and in the evening after it, there may be one each
        (at(23, 15), at(23, 14), at(23, 15, 30)),
        (at(23, 20), at(23, 14), at(23, 20, 30)),
        (at(24, 20), at(23, 20), at(24, 20, 30)),
    ],
)
def test_one_email_of_a_bundle_is_enough_for_an_evening(now, last, then):
    assert bundled(now, last=last) == then


def test_while_emails_are_paused_nothing_is_due():
    paused = Wishes(LONDON, paused_until=date(2026, 12, 1))

    assert calm(NINE, paused) == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert calm(datetime(2026, 12, 1, 9, 0, tzinfo=UTC), paused) == datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    # a pause that ends on a Saturday ends for emails on Monday
    assert calm(NINE, paused._replace(paused_until=date(2026, 12, 5))) == datetime(2026, 12, 7, 8, 0, tzinfo=UTC)


def test_what_happens_before_eight_on_a_monday_is_in_that_mornings_letter():
    assert next_monday(at(23, 7), LONDON) == at(23, 8)
    assert next_monday(at(23, 8), LONDON) == at(30, 8)


zones = st.sampled_from(
    [
        "Europe/London",
        "Pacific/Auckland",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Asia/Kolkata",
    ]
).map(ZoneInfo)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis asks for them so)
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
all_wishes = st.builds(Wishes, zones, clocks, clocks, st.booleans(), st.none())


@given(now=moments, wishes=all_wishes)
def test_every_choice_comes_in_time_whatever_the_clocks_do(now, wishes):
    # From one end of the quiet hours to the next, over a weekend, with an hour that a clock may lose or win.
    patience = timedelta(days=3, hours=2)

    def asked(choice):
        return due(choice, now, opened=now, last=None, wishes=wishes, window=WINDOW, delay=minutes(5))

    assert now + minutes(5) <= asked("now") <= now + patience
    assert now + WINDOW <= asked("bundled") <= now + LONGEST + patience
    assert now < asked("weekly") <= now + timedelta(days=7) + patience
    assert now < in_the_morning(now, wishes) <= now + timedelta(days=1) + patience


@given(now=moments, wishes=all_wishes)
def test_no_moment_that_comes_of_it_is_quiet(now, wishes):
    for moment in (calm(now, wishes), in_the_morning(now, wishes)):
        assert calm(moment, wishes) == moment


@given(first=moments, later=st.timedeltas(timedelta(0), timedelta(days=30)), wishes=all_wishes)
def test_what_happens_later_is_never_due_earlier(first, later, wishes):
    for choice in ("now", "bundled", "weekly"):
        one, other = (
            due(choice, now, opened=now, last=None, wishes=wishes, window=WINDOW) for now in (first, first + later)
        )
        assert one <= other


@given(moment=moments, zone=zones)
def test_a_week_has_one_monday_letter_also_when_the_clocks_change(moment, zone):
    this, following = next_monday(moment, zone), next_monday(next_monday(moment, zone), zone)

    assert (this.astimezone(zone).weekday(), this.astimezone(zone).hour) == (0, 8)
    assert following.astimezone(zone).date() - this.astimezone(zone).date() == timedelta(days=7)


# In time for something


@pytest.mark.parametrize(
    ("at", "begins", "due"),
    [
        # by day at once; in a night that is over before it begins, in the morning; else at once
        ("2026-11-23T12:00", "2026-11-24T10:00", "2026-11-23T12:00"),
        ("2026-11-23T22:00", "2026-11-24T10:00", "2026-11-24T08:00"),
        ("2026-11-23T22:00", "2026-11-24T08:00", "2026-11-23T22:00"),
        ("2026-11-28T12:00", "2026-11-30T10:00", "2026-11-30T08:00"),
        ("2026-11-28T12:00", "2026-11-29T10:00", "2026-11-28T12:00"),
    ],
)
def test_what_has_to_be_known_in_time_waits_for_calm_hours_only_if_they_come_in_time(at, begins, due):
    at, begins, due = (datetime.fromisoformat(each).replace(tzinfo=LONDON) for each in (at, begins, due))

    assert in_time(at, begins, Wishes(LONDON)) == due


def test_a_pause_keeps_back_even_what_has_to_be_known_in_time():
    paused = Wishes(LONDON, paused_until=date(2026, 12, 10))

    assert in_time(NINE, NINE + timedelta(days=1), paused) == datetime(2026, 12, 10, 8, 0, tzinfo=LONDON)
