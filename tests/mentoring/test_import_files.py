"""Reading lists as people's programs save them, and as nobody's would."""

import csv
import datetime
import io
import json
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from files.cells import guarded, in_xml, unguarded
from files.tables import as_csv, as_excel
from mentoring.demo import story
from mentoring.imports.checking import Lists, check
from mentoring.imports.columns import column_of
from mentoring.imports.dates import read_date
from mentoring.imports.reading import MOST_ROWS, read
from mentoring.imports.refusal import Unreadable

LISTS = Lists(("Certification", "Part 2, Chartership"), ("Health",), ("North",))
TABLE = [["Name", "E-mail", "Role"], ["Siân Prŷs", "sian@example.org", "Mentee"]]
READ = ("Siân Prŷs", "sian@example.org", "Mentee")


def text(delimiter=",", table=TABLE):
    return "\r\n".join(delimiter.join(row) for row in table)


def workbook(table):
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def first(content):
    values = read(content).rows[0].values
    return values["name"], values["email"], values["role"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_list_is_read_however_it_was_saved(encoding, delimiter):
    assert first(text(delimiter).encode(encoding)) == READ


def test_windows_letters_lines_for_excel_and_empty_lines_are_read():
    content = "sep=;\r\n\r\n" + text(";", [TABLE[0], ["Zoë Müller", "zoe@example.org", "mentee"]])

    rows = read(content.encode("cp1252")).rows

    assert [(row.number, row.values["name"]) for row in rows] == [(4, "Zoë Müller")]


def test_a_workbook_is_read_with_its_dates_and_numbers_and_without_its_formulas():
    content = workbook(
        [
            ["name", "email", "role", "capacity", "training valid until"],
            ["Ruth", "ruth@example.org", "mentor", 3.0, datetime.datetime(2027, 2, 28)],  # noqa: DTZ001 - a sheet knows no zones
            [None, None, None, None, None],
            ["=1+1", "gwen@example.org", "mentor", 2, datetime.date(2028, 1, 1)],
        ]
    )

    rows = read(content).rows

    assert [(row.number, row.values["name"], row.values["capacity"], row.values["trained_until"]) for row in rows] == [
        (2, "Ruth", "3", "2027-02-28"),
        (4, "", "2", "2028-01-01"),
    ]


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        *[("E-Mail Address *", "email"), ("JOB_TITLE", "job_title"), ("Line manager’s name or email", "line_manager")],
        *[("Training valid until (date)", "trained_until"), ("organisation", "employer"), ("Surname", "last_name")],
        *[("Notes", None), ("", None)],
    ],
)
def test_headings_are_known_by_many_names(heading, key):
    assert column_of(heading) == key


def test_a_name_in_two_columns_becomes_one():
    assert first(b"First name,Surname,Email,Role\nAmina,Okafor,amina@example.org,mentee") == (
        *("Amina Okafor", "amina@example.org", "mentee"),
    )


def test_columns_that_nobody_asked_for_are_not_kept():
    listed = read(b"name,email,role,Salary,Notes\nAmina,amina@example.org,mentee,30000,late again")

    assert listed.left_out == ["Salary", "Notes"]
    assert "30000" not in str(listed.rows)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "That file is empty. Choose another one."),
        (b"\xd0\xcf\x11\xe0rest", "That is an old Excel file. Save it as .xlsx or as CSV, then choose that."),
        (b"name,email\0,role\nA", "We can’t read that file. Save it as .xlsx or as CSV (UTF-8), then choose that."),
        (b"name,email,role\n", "There is nobody in that list: it has no row below its headings."),
        (b"name,email,mail,role\nA,b,c,d", "Two columns are both “email”. Take one away, then choose it again."),
        (
            b"who,where\nA,b",
            "There is no column for: name, email, role. Write that in the first row, above the column it belongs to.",
        ),
        (b"PK\x03\x04nonsense", "That is no workbook that we can read. Save it as .xlsx or as CSV, then choose that."),
        (
            b'name,email,role\n"' + b"a" * 200_000,
            "One cell of that file has no end. Perhaps a quotation mark is missing. Mend it, then choose it again.",
        ),
    ],
)
def test_what_cannot_be_read_says_what_to_do(content, words):
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert str(refused.value) == words


def test_more_rows_than_are_taken_are_refused():
    lines = ["name,email,role", *(f"P,{n}@example.org,mentee" for n in range(MOST_ROWS + 1))]

    with pytest.raises(Unreadable) as refused:
        read("\n".join(lines).encode())
    assert str(refused.value).startswith("That list has more than 10,000 rows.")


def test_a_workbook_that_unpacks_to_far_more_is_refused():
    file = io.BytesIO(workbook(TABLE))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/large.bin", b"0" * 70_000_000)

    with pytest.raises(Unreadable):
        read(file.getvalue())


def test_a_workbook_that_defines_entities_is_refused():
    found = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(TABLE))) as old, zipfile.ZipFile(found, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 100 + b'">]>'
                content = bomb + content.removeprefix(b"<?xml version='1.0' encoding='UTF-8'?>")
            new.writestr(name, content)

    with pytest.raises(Unreadable):
        read(found.getvalue())


def test_what_cannot_be_seen_is_a_problem_of_its_row():
    listed = read("name,email,role\nAmina\x07,a@example.org,mentee\nRuth\u202e,r@example.org,mentor".encode())

    assert [(row.values["name"], row.problems) for row in listed.rows] == [
        ("Amina", ["Something in it cannot be seen. Type the row again."]),
        ("Ruth", ["Something in it cannot be seen. Type the row again."]),
    ]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        *[("2027-02-28", "2027-02-28"), ("28/02/2027", "2027-02-28"), ("28.2.2027", "2027-02-28")],
        *[("28 February 2027", "2027-02-28"), ("1st Sept 2027", "2027-09-01")],
        *[("31/02/2027", None), ("02/28/2027", None), ("28/02/27", None), ("soon", None), ("28/02/0202", None)],
    ],
)
def test_dates_have_the_day_before_the_month(written, read_as):
    found = read_date(written)

    assert (found and found.isoformat()) == read_as


def test_a_level_may_have_a_comma_in_its_name():
    rows = read(b'name,email,role,level\nR,r@example.org,mentor,"part 2, chartership"').rows

    assert check(rows, LISTS, {})[0].values["level"] == "Part 2, Chartership"


def test_the_list_of_the_story_has_its_forty_rows():
    assert len(read((story.FOLDER / "members.csv").read_bytes()).rows) == 40


LIVE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", "''@x", "＝1", '=HYPERLINK("x")', "-", "'"]


@pytest.mark.parametrize("cell", [*LIVE, "O’Neill", "'twas", "", "a=b", "x;=1"])
def test_no_cell_of_a_csv_file_is_a_formula_and_text_comes_back(cell):
    [[written]] = csv.reader(io.StringIO(as_csv([[cell]]).decode("utf-8-sig"), newline=""))

    assert not written.startswith(tuple("=+-@\t\r\n＝＋－＠"))
    assert unguarded(written) == cell


@pytest.mark.parametrize("cell", [cell for cell in LIVE if cell])
def test_every_text_of_a_workbook_is_a_text_and_comes_back(cell):
    [[written]] = openpyxl.load_workbook(io.BytesIO(as_excel([[cell]], title="Members"))).active.iter_rows()

    assert (written.data_type, written.value) == ("s", cell)


@given(st.text(max_size=30))
def test_guarding_is_undone_whatever_the_text(cell):
    assert unguarded(guarded(cell)) == cell
    assert not guarded(cell).startswith(tuple("=+-@\t\r\n"))


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_any_text_can_stand_in_a_workbook(cell):
    sheet = openpyxl.load_workbook(io.BytesIO(as_excel([["x", cell]], title="Members"))).active

    assert (sheet["B1"].value or "") == in_xml(cell)


@given(st.binary(max_size=300))
def test_any_file_is_read_or_refused_in_words(content):
    try:
        listed = read(content)
    except Unreadable:
        return

    assert len(check(listed.rows, LISTS, {})) == len(listed.rows) > 0


_CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["mentor", "mentee", "a@example.org", "31/02/2027", "=1", "3", "Health", "\x00", "\u202e", '"']),
)


@given(st.lists(st.lists(_CELL, min_size=1, max_size=13), min_size=1, max_size=6), st.sampled_from(",;\t"))
def test_any_cells_below_our_headings_are_checked_and_can_be_kept(rows, delimiter):
    headings = "name,email,role,level,job title,employer,sector,region,line manager,capacity,training valid until"
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerows([headings.split(","), *rows])
    try:
        listed = read(file.getvalue().encode(errors="surrogatepass"))
    except Unreadable:
        return

    for each in check(listed.rows, LISTS, {}):
        kept = json.dumps([each.values, each.problems])
        assert "\\u0000" not in kept
        assert bool(each.problems) == (each.what == "problem")
