"""The columns of a list of members, and what others call them."""

import re
import unicodedata
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Column(NamedTuple):
    """`key` names it in `Import.rows`; `also` are other headings, as `plain` makes them; `longest` in characters."""

    key: str
    label: str | Promise
    also: tuple[str, ...] = ()
    longest: int = 200


COLUMNS = (
    Column("name", _("name"), ("full name", "member", "member name", "person"), 150),
    Column("email", _("email"), ("e mail", "email address", "e mail address", "mail"), 254),
    Column("role", _("role"), ("part", "mentee or mentor", "mentor or mentee", "takes part as")),
    Column("level", _("level"), ("levels", "award", "working towards", "levels held", "holds", "qualification")),
    Column("job_title", _("job title"), ("job", "position", "post"), 120),
    Column("employer", _("employer"), ("organisation", "organization", "company", "institution", "workplace"), 120),
    Column("sector", _("sector"), ("library sector",)),
    Column("region", _("region"), ("area",)),
    Column(
        "line_manager",
        _("line manager"),
        ("manager", "line manager name", "line manager email", "line manager's name or email", "supervisor"),
        254,
    ),
    Column("capacity", _("capacity"), ("mentees at a time", "places", "number of mentees", "how many mentees")),
    Column(
        "trained_until",
        _("training valid until"),
        ("trained until", "training until", "training valid to", "training expires", "training expiry"),
    ),
)
KEYS = tuple(column.key for column in COLUMNS)
BY_KEY = {column.key: column for column in COLUMNS}
NEEDED = ("name", "email", "role")
# A name in two columns becomes one.
FIRST, LAST = "first_name", "last_name"
_PARTS_OF_NAMES = {
    **dict.fromkeys(("first name", "given name", "forename"), FIRST),
    **dict.fromkeys(("last name", "family name", "surname"), LAST),
}


def column_of(heading: str) -> str | None:
    """The key of the column that a heading means, or FIRST or LAST; None for one that we know nothing of."""
    words = plain(heading)
    for column in COLUMNS:
        if words in (plain(column.key), plain(str(column.label)), *column.also):
            return column.key
    return _PARTS_OF_NAMES.get(words)


def plain(heading: str) -> str:
    """A heading without what people write differently: case, spaces, dashes, signs, words in brackets."""
    words = unicodedata.normalize("NFKC", heading).casefold().replace("’", "'")
    words = re.sub(r"\([^)]*\)|[*:?]", " ", words)
    return " ".join(re.split(r"[\s_\-./]+", words)).strip()
