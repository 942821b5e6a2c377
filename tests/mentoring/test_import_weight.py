"""A small workbook that would take gigabytes and minutes to read is refused; a large list is not."""

import io
import os
import zipfile

import openpyxl
import pytest

from mentoring.imports.reading import read
from mentoring.imports.refusal import Unreadable

MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET = "xl/worksheets/sheet1.xml"
TOO_MUCH = "far more than a list"


def workbook(rows):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(name, content):
    """A workbook of which one part says something else, and a picture that makes it look well packed."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([["name", "email", "role"]]))) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
        new.writestr("xl/media/picture.png", os.urandom(300_000))
    return made.getvalue()


def sheet(inside):
    return b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (MAIN, inside)


@pytest.mark.parametrize(
    ("part", "content"),
    [
        (SHEET, sheet(b"<row>" + b"<c><v>1</v></c>" * 60_000 + b"</row>")),
        (SHEET, sheet(b"<c><v>1</v></c>" * 800_000)),
        (SHEET, sheet(b"<row><!--</row>-->" + b'<c a="" b="" d=""/>' * 30_000 + b"</row>")),
        (SHEET, sheet(b'<r:row xmlns:r="urn:else"><c/></r:row>' * 800_000)),
        (SHEET, b"<worksheet %s>%s</worksheet>" % (MAIN, b"<a>" * 1_600_000 + b"</a>" * 1_600_000)),
        ("xl/styles.xml", b"<styleSheet %s><cellXfs>%s</cellXfs></styleSheet>" % (MAIN, b"<xf/>" * 250_000)),
        ("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook %s/>' % MAIN),
    ],
    ids=["one row", "no row", "a row in a comment", "rows of another kind", "depth", "styles", "entities"],
)
def test_what_weighs_too_much_is_refused_before_it_is_read(part, content):
    content = with_part(part, content)

    with pytest.raises(Unreadable, match=TOO_MUCH):
        read(content)


def test_a_sheet_that_was_coloured_to_the_bottom_and_the_side_is_a_list():
    people = [["name", "email", "role"], ["Nora New", "nora@example.org", "mentee"]]
    wide = [[*row, *[""] * 16_000] for row in people]

    assert [row.values["name"] for row in read(workbook([*wide, *[[""] * 20] * 1_500])).rows] == ["Nora New"]


def test_a_part_that_is_no_xml_is_refused_in_words():
    with pytest.raises(Unreadable, match="read that workbook"):
        read(with_part(SHEET, b"<worksheet"))
