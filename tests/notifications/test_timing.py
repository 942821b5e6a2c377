from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifications.timing import after_quiet, bundle_due, next_monday, next_morning

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


def test_equal_ends_mean_no_quiet_hours():
    late = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)

    assert after_quiet(late, LONDON, time(8), time(8), weekends=False) == late


def test_mornings_and_mondays_are_local():
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)

    assert next_morning(late, LONDON) == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    assert next_morning(late, WELLINGTON) == datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
    assert next_monday(late, LONDON) == datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
