"""Tables as files that a spreadsheet opens: CSV and Excel."""

import csv
import io
from collections.abc import Iterable

import openpyxl
from django.http import HttpResponse
from openpyxl.cell import WriteOnlyCell

from files.cells import guarded, in_xml

# Excel takes a CSV file for the letters of the place it is in, unless it begins so.
_MARK = "\ufeff"
CSV_TYPE = "text/csv; charset=utf-8"
EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_csv(rows: Iterable[Iterable]) -> bytes:
    """`rows` of text and whole numbers. No cell is a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return (_MARK + file.getvalue()).encode()


def as_excel(rows: Iterable[Iterable], *, title: str) -> bytes:
    """`rows` of text and whole numbers, in a workbook of one sheet. Every text is said to be one."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append([_cell(sheet, cell) if isinstance(cell, str) else cell for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def csv_response(rows, name: str) -> HttpResponse:
    return file_response(as_csv(rows), CSV_TYPE, name)


def file_response(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file to save, never to be opened by the browser itself, nor kept by anybody on its way."""
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def _cell(sheet, text):
    cell = WriteOnlyCell(sheet, value=in_xml(text))
    # openpyxl takes text that begins with = for a formula.
    cell.data_type = "s"
    return cell
