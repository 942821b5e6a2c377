"""When two who agreed on a rhythm might meet next. Pure."""

from datetime import date, timedelta

A_WEEK = timedelta(weeks=1)


def next_day(last: date | None, weeks: int | None, today: date) -> date | None:
    """The day so many weeks after the last meeting, or of the same weekday in the week to come when that is past; None
    for two who never met, or agreed on no rhythm."""
    if last is None or not weeks:
        return None
    day = last + weeks * A_WEEK
    if day > today:
        return day
    return today + timedelta(days=(day - today).days % 7 or 7)
