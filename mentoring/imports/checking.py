"""What a row of a list would do, and what is wrong with it. Pure: what is known comes in as plain text.

Of somebody who takes no part in the programme nothing is known here, wherever else they have an account: their row is
new like any other, or whoever has a list of addresses would learn who uses this site.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from mentoring.imports.columns import BY_KEY
from mentoring.imports.dates import near, read_date

NEW, CHANGED, SAME, PROBLEM = "new", "changed", "same", "problem"
MENTEE, MENTOR = "mentee", "mentor"
MOST_PLACES = 50
MOST_NAMED = 12
ABOUT_THE_PERSON = ("name", "job_title", "employer")
OF_MENTORS = ("capacity", "trained_until")

_ROLES = {"mentee": MENTEE, "mentees": MENTEE, "mentor": MENTOR, "mentors": MENTOR}


class Lists(NamedTuple):
    """What a programme lets people choose from: names, in its order."""

    levels: tuple[str, ...]
    sectors: tuple[str, ...]
    regions: tuple[str, ...]


class Part(NamedTuple):
    """How somebody takes part in one role now: text by the keys of columns. `ended` is the moment at which they left,
    as ISO 8601; `held` how many of a mentor's places are taken."""

    values: Mapping[str, str]
    ended: str = ""
    held: int = 0


class Member(NamedTuple):
    """Somebody of the programme: `about` by the keys of columns, `parts` by role. `is_free`: a list may change what
    they are called and where they work, because they belong to this programme alone and run none."""

    about: Mapping[str, str]
    parts: Mapping[str, Part]
    is_free: bool = True
    is_closed: bool = False


class Checked(NamedTuple):
    """`values` as they would be written; `before`: what would be changed, as it is now, by the keys of columns; `read`:
    those of the problems that were there before."""

    number: int
    values: dict[str, str]
    problems: list[str]
    what: str
    before: dict[str, str]
    read: list[str]


def check(rows: Iterable, lists: Lists, members: Mapping[str, Member]) -> list[Checked]:
    """`rows` have `number`, `values` and `problems`; `members` are by address, in lower case."""
    seen = {}
    return [_checked(row, lists, members, seen) for row in rows]


def address(text: str) -> str:
    """An address as accounts keep it, also of one that came as a link."""
    found = re.fullmatch(r"(?:.*<)?(?:mailto:)?([^<>]*)>?", text.strip(), re.IGNORECASE)
    return (found[1] if found else text).strip().lower()


def levels_in(text: str, role: str, names: Iterable[str]) -> list[str]:
    """What a cell says of levels, by their names where there are such: one for a mentee; for a mentor all that they
    hold, with commas between."""
    if not text:
        return []
    if role == MENTEE or _choice(text, names):
        return [_choice(text, names) or text]
    return [_choice(level, names) or level for level in re.split(r"\s*[,;/]\s*", text) if level]


def _checked(row, lists, members, seen):
    values, problems = dict(row.values), list(row.problems)
    values["email"] = address(values["email"])
    values["role"] = _ROLES.get(values["role"].casefold(), values["role"])
    member = members.get(values["email"])
    part = member.parts.get(values["role"]) if member else None
    problems += _too_long(values)
    problems += _who(row.number, values, member, seen)
    problems += _lists(values, lists)
    problems += _of_mentors(values, part)
    if problems:
        return Checked(row.number, values, problems, PROBLEM, {}, row.problems)
    before = _before(values, member, part)
    what = NEW if part is None else CHANGED if before else SAME
    return Checked(row.number, values, [], what, before, [])


def _too_long(values):
    for key, value in values.items():
        column = BY_KEY[key]
        if len(value) > column.longest:
            yield _("The %(label)s has %(count)s characters; %(most)s are the most. Shorten it.") % {
                "label": column.label,
                "count": len(value),
                "most": column.longest,
            }


def _who(number, values, member, seen):
    """Problems of name, address and role. Mutates `seen`: where an address stood before."""
    email, role = values["email"], values["role"]
    if not email:
        yield _("There is no address. Write their email.")
    elif not _is_address(email):
        yield _("‘%(email)s’ is not an email address. Write it like name@example.org.") % {"email": email}
    else:
        if member is None and not values["name"]:
            yield _("There is no name. Write what they are called.")
        if member and member.is_closed:
            yield _("Their account is closed. Let them sign in again first, under People.")
        yield from _repeated(number, values, seen)
    if not role:
        yield _("There is no role. Write mentee or mentor.")
    elif role not in (MENTEE, MENTOR):
        yield _("‘%(role)s’ is not a role that a list can give. Write mentee or mentor.") % {"role": role}


def _repeated(number, values, seen):
    first_number, _first = seen.setdefault((values["email"], values["role"]), (number, values))
    if first_number != number:
        yield _("This address stands in row %(number)s already. Keep one of the two.") % {"number": first_number}
        return
    other_number, other = seen.setdefault(values["email"], (number, values))
    differs = [key for key in ABOUT_THE_PERSON if values[key] and other[key] and values[key] != other[key]]
    if differs:
        yield _("The %(label)s differs from row %(number)s, which has the same address. Write the same in both.") % {
            "label": BY_KEY[differs[0]].label,
            "number": other_number,
        }


def _lists(values, lists):
    """Problems of what is chosen from a list. Mutates `values`: names become as the list has them."""
    levels = levels_in(values["level"], values["role"], lists.levels)
    unknown = [level for level in levels if level not in lists.levels]
    if unknown:
        yield _("‘%(value)s’ is not one of your levels. %(fix)s") % {"value": unknown[0], "fix": _one_of(lists.levels)}
    else:
        values["level"] = ", ".join(name for name in lists.levels if name in levels)
    for key, names, words in (
        ("sector", lists.sectors, _("‘%(value)s’ is not one of your sectors. %(fix)s")),
        ("region", lists.regions, _("‘%(value)s’ is not one of your regions. %(fix)s")),
    ):
        name = _choice(values[key], names)
        if values[key] and name is None:
            yield words % {"value": values[key], "fix": _one_of(names)}
        else:
            values[key] = name or ""


def _choice(text, names):
    return next((name for name in names if name.casefold() == text.casefold()), None)


def _one_of(names):
    if not names:
        return _("There are none yet: add them to the programme, then check again.")
    if len(names) > MOST_NAMED:
        return _("Write one of the programme’s list, or add it there and check again.")
    return _("Write one of: %(names)s. Or add it to the programme and check again.") % {"names": ", ".join(names)}


def _of_mentors(values, part):
    """Problems of what only mentors have. Mutates `values`: numbers and dates become as we write them."""
    if values["role"] == MENTEE:
        for key in OF_MENTORS:
            if values[key] not in ("", "0"):
                yield _("Only mentors have a value for “%(label)s”. Empty that cell.") % {"label": BY_KEY[key].label}
            values[key] = ""
        return
    capacity, trained_until = values["capacity"], values["trained_until"]
    if capacity and not (re.fullmatch("[0-9]{1,3}", capacity) and 1 <= int(capacity) <= MOST_PLACES):
        yield _("‘%(value)s’ is not a number of mentees. Write 1, 2 or 3, for example.") % {"value": capacity}
    elif capacity:
        values["capacity"] = str(int(capacity))
        if part and int(capacity) < part.held:
            yield _("They have taken %(held)s places already. Write at least that number.") % {"held": part.held}
    found = read_date(trained_until) if trained_until else None
    if trained_until and found is None:
        fix = {"value": trained_until, "date": near(trained_until).isoformat()}
        yield _("‘%(value)s’ is not a date. Write it as %(date)s.") % fix
    elif found:
        values["trained_until"] = found.isoformat()


def _is_address(email):
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True


def _before(values, member, part):
    """What would change, as it is now. An empty cell changes nothing."""
    now = dict(member.about) if member and member.is_free else {}
    if part:
        now |= part.values
    before = {key: old for key, old in now.items() if values.get(key) and values[key] != old}
    if part and part.ended:
        before["ended"] = part.ended
    return before
