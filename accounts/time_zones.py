"""Time zones as people look for them: cities, by part of the world."""

import zoneinfo
from functools import cache
from itertools import groupby

# What else the database holds are old names, and offsets that nobody lives in.
_PARTS = {
    "Africa", "America", "Antarctica", "Arctic", "Asia",
    "Atlantic", "Australia", "Europe", "Indian", "Pacific",
}  # fmt: skip


@cache
def time_zone_choices() -> list:
    """Grouped choices for a select: [("Africa", [("Africa/Abidjan", "Abidjan"), …]), …, ("UTC", […])]."""
    keys = sorted(key for key in zoneinfo.available_timezones() if _part(key) in _PARTS)
    groups = [(part, [(key, _city(key)) for key in within]) for part, within in groupby(keys, key=_part)]
    return [*groups, ("UTC", [("UTC", "UTC")])]


def _part(key):
    return key.split("/")[0]


def _city(key):
    return " – ".join(reversed(key.split("/")[1:])).replace("_", " ")
