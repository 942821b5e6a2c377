"""What clocks show, where they change, and when two might meet next."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.clocks import in_both_zones, instead_of, moments, span
from meetings.rhythm import next_day

LONDON, AUCKLAND, LORD_HOWE = ZoneInfo("Europe/London"), ZoneInfo("Pacific/Auckland"), ZoneInfo("Australia/Lord_Howe")
ZONES = [ZoneInfo(key) for key in sorted(available_timezones()) if "/" in key]
DAYS, MINUTES = st.dates(date(2012, 1, 2), date(2035, 12, 31)), st.builds(time, st.integers(0, 23), st.integers(0, 59))


def utc(*numbers):
    return datetime(*numbers, tzinfo=UTC)


def test_on_most_days_a_time_is_one_moment():
    assert moments(date(2026, 12, 3), time(17, 30), LONDON) == [utc(2026, 12, 3, 17, 30)]
    assert moments(date(2026, 12, 4), time(7), AUCKLAND) == [utc(2026, 12, 3, 18)]


def test_when_clocks_go_forward_an_hour_is_left_out():
    day = date(2027, 3, 28)

    assert [len(moments(day, clock, LONDON)) for clock in (time(0, 59), time(1), time(1, 59), time(2))] == [1, 0, 0, 1]
    assert instead_of(day, time(1, 30), LONDON) == time(2, 30)
    assert instead_of(date(2026, 10, 4), time(2, 10), LORD_HOWE) == time(2, 40)


def test_when_clocks_go_back_an_hour_comes_twice():
    assert moments(date(2026, 10, 25), time(1, 30), LONDON) == [utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30)]
    assert moments(date(2026, 10, 25), time(2), LONDON) == [utc(2026, 10, 25, 2)]


@given(DAYS, MINUTES, st.sampled_from(ZONES))
def test_every_moment_is_found_by_what_clocks_show_then(day, clock, zone):
    moment = datetime.combine(day, clock, tzinfo=UTC)
    local = moment.astimezone(zone)

    found = moments(local.date(), local.time(), zone)

    assert moment in found
    assert {each.astimezone(zone).replace(tzinfo=None) for each in found} == {local.replace(tzinfo=None)}


@given(DAYS, MINUTES, st.sampled_from(ZONES))
def test_a_time_that_is_left_out_has_one_to_take_instead(day, clock, zone):
    if not moments(day, clock, zone):
        assert moments(day, instead_of(day, clock, zone), zone)


@pytest.mark.parametrize(
    ("moment", "other", "words"),
    [
        (utc(2026, 12, 3, 18), AUCKLAND, "18:00 for you, 07:00 Friday for Daniel"),
        (utc(2026, 12, 3, 18), ZoneInfo("Europe/Paris"), "18:00 for you, 19:00 for Daniel"),
        (utc(2026, 12, 3, 18), ZoneInfo("Europe/Lisbon"), ""),
        # Two weeks in which the United States have put their clocks forward and London has not.
        (utc(2027, 3, 20, 18), ZoneInfo("America/New_York"), "18:00 for you, 14:00 for Daniel"),
    ],
)
def test_both_clocks_are_named_where_they_differ(moment, other, words):
    assert in_both_zones(moment, LONDON, other, "Daniel") == words


def test_from_when_to_when_over_the_change_of_clocks():
    assert span(utc(2026, 10, 25, 0, 30), 90, LONDON) == "01:30–02:00"


@pytest.mark.parametrize(
    ("last", "weeks", "expected"),
    [
        (None, 6, None),
        (date(2026, 11, 5), None, None),
        (date(2026, 11, 5), 6, date(2026, 12, 17)),
        # Long overdue: the same weekday, in the days to come.
        (date(2026, 7, 2), 6, date(2026, 11, 26)),
        (date(2026, 10, 12), 6, date(2026, 11, 30)),
    ],
)
def test_the_rhythm_suggests_a_day(last, weeks, expected):
    assert next_day(last, weeks, date(2026, 11, 23)) == expected


@given(st.dates(date(2020, 1, 1), date(2026, 11, 23)), st.integers(1, 52))
def test_the_day_suggested_is_to_come_and_of_the_same_weekday(last, weeks):
    today = date(2026, 11, 23)

    day = next_day(last, weeks, today)

    assert day > today
    assert day.weekday() == last.weekday()
    assert day - last >= timedelta(weeks=weeks)
