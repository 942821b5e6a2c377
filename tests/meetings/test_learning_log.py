"""A person's own log: every meeting that was held, its hours, what they learnt; on a page and as a file."""

import csv
import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from django.utils import timezone

from meetings.actions import keep_reflection
from meetings.clocks import how_long
from meetings.learning_log import log_of, table_of, totals_of
from tests.factories import CriterionFactory, LevelFactory, PairingFactory, PersonFactory
from tests.meetings.making import make_meeting

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HEAD = ["Date", "What", "With", "Programme", "Hours", "What?", "So what?", "Now what?", "Level", "Criterion"]


def held(pairing, *moment, minutes=60):
    return make_meeting(pairing, starts_at=datetime(*moment, tzinfo=UTC), minutes=minutes, state="held")


def reflect(meeting, by, **said):
    given = {"what": "W", "so_what": "", "now_what": "", "criterion": None, "minutes": 90, "is_shared": False}
    return keep_reflection(meeting, by=by, **given | said)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 minutes"), (1, "1 minute"), (60, "1 hour"), (61, "1 hour 1 minute"), (450, "7 hours 30 minutes")],
)
def test_how_long_something_took_in_words(minutes, words):
    assert how_long(minutes) == words


def test_every_meeting_that_is_over_counts_and_no_other(pair):
    over = held(pair.pairing, 2026, 3, 1, 12)
    not_noted = make_meeting(pair.pairing, starts_at=NOW - timedelta(hours=2))
    make_meeting(pair.pairing, starts_at=NOW + timedelta(days=2))
    make_meeting(pair.pairing, starts_at=NOW - timedelta(days=9), state="called_off")
    held(PairingFactory(), 2026, 4, 1, 12)

    assert list(log_of(pair.mentee, NOW)) == [not_noted, over]


def test_minutes_are_those_of_ones_own_reflection_else_of_the_meeting(pair):
    first, second = held(pair.pairing, 2026, 3, 1, 12), held(pair.pairing, 2026, 4, 1, 12)
    mine = reflect(first, pair.mentee)
    reflect(second, pair.mentor, minutes=300, is_shared=True)

    found = [(meeting, getattr(meeting, "mine", None), meeting.counted) for meeting in log_of(pair.mentee, NOW)]

    assert found == [(second, None, 60), (first, mine, 90)]


def test_years_are_summed_up_as_ones_own_clocks_have_them(pair):
    held(pair.pairing, 2024, 12, 31, 23, 30)
    held(pair.pairing, 2025, 6, 1, 12, minutes=45)
    reflect(held(pair.pairing, 2026, 3, 1, 12), pair.mentee)

    with timezone.override("Pacific/Auckland"):
        totals = totals_of(pair.mentee, NOW)

    found = [(year.year, year.meetings, year.hours) for year in totals.years.values()]
    assert found == [(2026, 1, "1 hour 30 minutes"), (2025, 2, "1 hour 45 minutes")]
    assert totals.lately == "1 hour 30 minutes"


def test_the_table_tells_all_of_it_and_nothing_of_what_the_other_learnt(pair):
    level = LevelFactory(programme=pair.pairing.programme, name="Chartership")
    criterion = CriterionFactory(level=level, number=2, name="Your service")
    meeting = held(pair.pairing, 2026, 3, 1, 12)
    reflect(meeting, pair.mentee, so_what="S", now_what="N", criterion=criterion)
    reflect(meeting, pair.mentor, what="Hers", is_shared=True)

    programme = pair.pairing.programme.name
    row = ["2026-03-01", "Mentoring, as mentee", "Ruth Lindqvist", programme, 1.5, "W", "S", "N", "Chartership"]
    assert table_of(pair.mentee, NOW) == [HEAD, [*row, "2 Your service"]]


def test_the_files_hold_texts_and_numbers_and_never_a_formula(pair, signed_in):
    reflect(held(pair.pairing, 2026, 3, 1, 12), pair.mentee, what='=HYPERLINK("https://evil.example")')
    browser = signed_in(pair.mentee)

    as_csv, as_excel = (browser.get(f"/learning/log.{ending}") for ending in ("csv", "xlsx"))

    rows = list(csv.reader(io.StringIO(as_csv.content.decode("utf-8-sig"), newline="")))
    cells = [[*row] for row in openpyxl.load_workbook(io.BytesIO(as_excel.content)).active.iter_rows()]
    assert rows[0] == HEAD
    assert (rows[1][4], rows[1][5]) == ("1.5", '\'=HYPERLINK("https://evil.example")')
    assert (cells[1][4].value, cells[1][5].data_type) == (1.5, "s")
    assert as_csv["Content-Disposition"].startswith('attachment; filename="learning-')
    assert as_excel["Content-Disposition"].endswith('.xlsx"')


def test_a_log_is_ones_own(pair, signed_in):
    reflect(held(pair.pairing, 2026, 3, 1, 12), pair.mentee, what="Between me and myself.")

    own = signed_in(pair.mentee).get("/learning/").content.decode()
    others = [signed_in(person).get(url) for person in (pair.mentor, PersonFactory()) for url in
              ("/learning/", "/learning/log.csv")]  # fmt: skip

    assert "Between me and myself." in own
    assert [b"Between me" in page.content for page in others] == [False] * 4


@pytest.mark.parametrize("amount", [1, 3])
def test_the_page_asks_the_same_number_of_questions_however_long_the_log(
    pair, signed_in, django_assert_num_queries, amount
):
    for month in range(amount):
        reflect(held(pair.pairing, 2025, month + 1, 1, 12), pair.mentee)
    browser = signed_in(pair.mentee)
    browser.get("/learning/")

    with django_assert_num_queries(6):
        page = browser.get("/learning/")

    assert len(page.context["page"]) == amount
