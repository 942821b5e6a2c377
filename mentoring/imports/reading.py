"""From a file of a spreadsheet program to rows of text. Pure: knows no database, and nothing of what rows mean."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from files.cells import unguarded
from mentoring.imports import workbook
from mentoring.imports.columns import BY_KEY, FIRST, KEYS, LAST, NEEDED, column_of
from mentoring.imports.refusal import Unreadable

MOST_ROWS = 10_000
MOST_CELLS = 60  # of a row
AT_ONCE = 300_000  # bytes, unpacked, that are read while somebody waits
TELL_EVERY = 500  # rows

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
# Control characters, and those that turn the direction of what stands after them.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class Row(NamedTuple):
    """`number` as a spreadsheet counts rows, `values` by the keys of columns, `problems` in words."""

    number: int
    values: dict[str, str]
    problems: list[str]


class Listed(NamedTuple):
    """`left_out`: headings of columns that were not read."""

    rows: list[Row]
    left_out: list[str]


def read(content: bytes, tell=lambda: None) -> Listed:
    """The rows of a list: CSV with commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252, or a workbook.

    Raises Unreadable when nothing can be made of it as a whole. Rows without any value are left out. `tell` is called
    now and then; what it raises ends the reading.
    """
    if content.startswith(workbook.MAGIC):
        return _listed(workbook.cells(content, most_cells=MOST_CELLS), tell)
    text = decode(content)
    # Whichever divides the first row into most columns that we know.
    delimiter = max(",;\t", key=lambda each: sum(map(_is_known, _first(_records(text, each)))))
    return _listed(_records(text, delimiter), tell)


def is_short(content: bytes) -> bool:
    """Whether it is read in a moment. Raises Unreadable for what is neither a workbook nor text."""
    if content.startswith(workbook.MAGIC):
        return workbook.unpacked(content) <= AT_ONCE
    return len(decode(content)) <= AT_ONCE


def left_out_in_words(listed: Listed) -> str:
    """What to say of columns that were not read; "" when there are none."""
    if not listed.left_out:
        return ""
    words = ngettext(
        "We did not read the column %(names)s.", "We did not read the columns %(names)s.", len(listed.left_out)
    )
    return Truncator(words % {"names": ", ".join(f"“{heading}”" for heading in listed.left_out)}).chars(300)


def decode(content: bytes) -> str:
    """The text of a file. Raises Unreadable when it is none."""
    if not content.strip():
        raise Unreadable(_("That file is empty. Choose another one."))
    if content.startswith(_OLD_EXCEL):
        raise Unreadable(_("That is an old Excel file. Save it as .xlsx or as CSV, then choose that."))
    for encoding in [encoding for mark, encoding in _MARKS if content.startswith(mark)] or ["utf-8", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(_("We can’t read that file. Save it as .xlsx or as CSV (UTF-8), then choose that."))


def clean(cell: str) -> tuple[str, bool]:
    """A cell as one line of text without what cannot be seen, and whether there was any of that."""
    text = " ".join(unicodedata.normalize("NFC", cell).split())
    seen = _UNSEEN.sub("", text)
    return " ".join(seen.split()), seen != text


def _records(text, delimiter) -> Iterator[list[str]]:
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield list(map(unguarded, cells))
    except csv.Error as error:
        raise Unreadable(
            _("One cell of that file has no end. Perhaps a quotation mark is missing. Mend it, then choose it again.")
        ) from error


def _first(records):
    """The first that is not empty, but for the line by which Excel is told what divides cells."""
    return next((cells for cells in records if any(map(str.strip, cells)) and not _is_for_excel(cells)), [])


def _is_for_excel(cells):
    return cells[0].lower().startswith("sep=")


def _is_known(heading):
    return column_of(heading) is not None


def _listed(records, tell) -> Listed:
    numbered = enumerate(records, 1)
    headings = next(
        (cells for _number, cells in numbered if any(map(str.strip, cells)) and not _is_for_excel(cells)), []
    )
    keys = [column_of(heading) for heading in headings]
    _check(keys)
    rows = []
    for number, cells in numbered:
        if not any(map(str.strip, cells)):
            continue
        if len(rows) == MOST_ROWS:
            raise Unreadable(
                _("That list has more than %(most)s rows. Divide it, and import one part after the other.")
                % {"most": f"{MOST_ROWS:,}"}
            )
        rows.append(_row(number, keys, cells))
        if len(rows) % TELL_EVERY == 0:
            tell()
    if not rows:
        raise Unreadable(_("There is nobody in that list: it has no row below its headings."))
    left_out = [clean(heading)[0] for heading, key in zip(headings, keys, strict=True) if not key and heading.strip()]
    return Listed(rows, left_out)


def _check(keys):
    """Raises Unreadable unless every column that is needed is there, and none twice."""
    known = [key for key in keys if key]
    for key in known:
        if known.count(key) > 1:
            label = BY_KEY[key].label if key in BY_KEY else key.replace("_", " ")
            raise Unreadable(
                _("Two columns are both “%(label)s”. Take one away, then choose it again.") % {"label": label}
            )
    there = {*known, *(["name"] if FIRST in known or LAST in known else [])}
    missing = [str(BY_KEY[key].label) for key in NEEDED if key not in there]
    if missing:
        raise Unreadable(
            _("There is no column for: %(missing)s. Write that in the first row, above the column it belongs to.")
            % {"missing": ", ".join(missing)}
        )


def _row(number, keys, cells):
    found, unseen = {}, False
    for key, cell in zip(keys, cells, strict=False):
        if key:
            found[key], has_unseen = clean(cell)
            unseen = unseen or has_unseen
    first, last = found.pop(FIRST, ""), found.pop(LAST, "")
    found["name"] = found.get("name") or f"{first} {last}".strip()
    problems = []
    if unseen:
        problems.append(_("Something in it cannot be seen. Type the row again."))
    if any(map(str.strip, cells[len(keys) :])):
        problems.append(_("It has more cells than the first row. Put what holds a comma in quotation marks."))
    return Row(number, {key: found.get(key, "") for key in KEYS}, problems)
