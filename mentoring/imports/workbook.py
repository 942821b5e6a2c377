"""The first sheet of an Excel workbook as rows of text."""

import datetime
import io
import zipfile
from collections.abc import Iterator

import openpyxl
from django.utils.translation import gettext as _

from files.packages import MAGIC, sniff
from files.types import EXCEL, Refused
from mentoring.imports.refusal import Unreadable
from mentoring.imports.weighing import weigh

MOST_UNPACKED = 60_000_000  # bytes
# Sheets that were once coloured to the bottom have a million rows without anything in them.
MOST_EMPTY = 1_000

__all__ = ["MAGIC", "cells"]


def cells(content: bytes, *, most_cells: int) -> Iterator[list[str]]:
    """Each row of the first sheet, of at most so many cells: what is shown there, never a formula. Dates are ISO 8601.

    Raises Unreadable, at the first row or at a later one.
    """
    unpacked(content)
    empty = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            weigh(archive)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for row in book.worksheets[0].iter_rows(values_only=True, max_col=most_cells):
            found = [_text(value) for value in row]
            empty = 0 if any(found) else empty + 1
            if empty > MOST_EMPTY:
                return
            yield found
    except Unreadable:
        raise
    except Exception as error:  # it raises whatever it stumbles over: a damaged workbook is no fault of ours
        raise Unreadable(_("We can’t read that workbook. Save it anew, or as CSV, then choose that.")) from error


def unpacked(content: bytes) -> int:
    """How many bytes it holds. Raises Unreadable for what is no workbook, or far too much."""
    file = io.BytesIO(content)
    try:
        if sniff(file) != EXCEL:
            raise Unreadable(_("That is no list. Choose a CSV file, or an Excel workbook (.xlsx)."))
    except Refused as error:
        raise Unreadable(
            _("That is no workbook that we can read. Save it as .xlsx or as CSV, then choose that.")
        ) from error
    with zipfile.ZipFile(file) as archive:
        size = sum(part.file_size for part in archive.infolist())
    if size > MOST_UNPACKED:
        raise Unreadable(_("That workbook holds far more than a list. Save the list alone, as CSV, then choose that."))
    return size


def _text(value):
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return (value.date() if value.time() == datetime.time() else value).isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
