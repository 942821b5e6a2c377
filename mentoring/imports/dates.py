"""Dates as people write them in lists: the day before the month."""

import calendar
import re
from datetime import date

# Whoever was born then is nobody's mentor; whoever mistyped a year is told.
FIRST, LAST = date(1990, 1, 1), date(2100, 1, 1)

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_MONTH_IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})\.?,? (\d{4})")
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}


def read_date(text: str) -> date | None:
    """2027-02-28, 28/02/2027, 28.2.2027 or 28 February 2027; None when it is none, or of another century."""
    parts = _parts(text)
    try:
        found = date(*parts) if parts else None
    except ValueError:
        return None
    return found if found and FIRST <= found <= LAST else None


def near(text: str) -> date:
    """A date to show how to write one: when only the day is beyond its month, the last of that month."""
    year, month, day = _parts(text) or (0, 0, 0)
    if FIRST.year <= year < LAST.year and 1 <= month <= 12 and 28 < day <= 31:
        return date(year, month, calendar.monthrange(year, month)[1])
    return date(2027, 2, 28)


def _parts(text):
    """(year, month, day) of what has the look of a date."""
    if found := _YEAR_FIRST.fullmatch(text):
        return tuple(map(int, found.groups()))
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, found.groups())
        return year, month, day
    if (found := _MONTH_IN_WORDS.fullmatch(text.lower())) and found[2] in _MONTHS:
        return int(found[3]), _MONTHS[found[2]], int(found[1])
    return None
