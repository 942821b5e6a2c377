"""What a mentor looks at before a meeting, on one sheet."""

from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import html

from meetings.actions import add_action, save_note
from meetings.planning import Given
from meetings.starters import CONFIDENCE
from pairings.actions.meetings_held import keep_met
from tests.factories import PersonFactory, make_page
from tests.factories import share as share_page
from tests.meetings.making import make_meeting
from tests.meetings.planning import share


@pytest.fixture
def meeting(pair):
    return make_meeting(pair.pairing)


@pytest.fixture
def sheet(pair, meeting, signed_in):
    def visit(person):
        return signed_in(person).get(f"/pairings/{pair.pairing.slug}/meetings/{meeting.slug}/prepare/")

    return visit


def words(answer):
    return " ".join(html.fromstring(answer.content.decode()).xpath("//main")[0].text_content().split())


def test_it_has_everything_on_one_page(pair, meeting, sheet):
    now = timezone.now()
    pair.pairing.created_at = now - timedelta(days=60)
    pair.pairing.last_met_at = pair.pairing.first_met_at = now - timedelta(days=30)
    pair.pairing.save()
    last = make_meeting(pair.pairing, starts_at=now - timedelta(days=30), state="held")
    note = {"form": "grow", "goal": "Choose a project.", "reality": "Two to choose from.", "options": [], "will": "",
            "will_do": [], "lines": "", "confidence": None}  # fmt: skip
    save_note(last, by=pair.mentor, words=note, expected_number=0)
    add_action(pair.pairing, by=pair.mentee, person=pair.mentor, words="Send the link")
    share_page(pair.page, "<p>In March I sat in, and asked three.</p>", note="Added the numbers.")
    make_page(pair.portfolio, title="Never shared")
    share(meeting, "How to begin.", answers={CONFIDENCE: Given(scale=4)})

    said = words(sheet(pair.mentor))

    for each in ("Prepare for Amina", "How to begin.", "4 of 5", "Ruth: Send the link", "Choose a project.",
                 "Two to choose from.", "Usage review", "“Added the numbers.”"):  # fmt: skip
        assert each in said
    assert "Never shared" not in said


def test_with_nothing_there_it_says_so(pair, sheet):
    pair.pairing.last_met_at = pair.pairing.first_met_at = timezone.now()
    pair.pairing.save()

    said = words(sheet(pair.mentor))

    for each in ("Amina has shared no plan yet.", "Nothing is open.", "There is no note yet.", "Nothing was shared."):
        assert each in said


def test_a_changed_page_leads_to_what_changed(pair, sheet):
    keep_met(pair.pairing, met=timezone.now())
    share_page(pair.page, "<p>In March I sat in.</p>")
    share_page(pair.page, "<p>In March I sat in, and asked.</p>")

    page = html.fromstring(sheet(pair.mentor).content.decode())

    assert page.xpath("//a[text()='Usage review']/@href") == [f"{pair.url}changes/?since=1"]


@pytest.mark.parametrize("who", ["mentee", "stranger"])
def test_nobody_but_the_mentor_has_it(pair, sheet, who):
    assert sheet(pair.mentee if who == "mentee" else PersonFactory()).status_code == 404


@pytest.mark.parametrize("amount", [1, 3])
def test_it_takes_twelve_statements_however_much_there_is(
    pair, meeting, sheet, signed_in, amount, django_assert_max_num_queries
):
    for number in range(amount):
        add_action(pair.pairing, by=pair.mentee, person=pair.mentor, words=f"Send link {number}")
        make_page(pair.portfolio, title=f"Page {number}", body="<p>Words.</p>")
        share(meeting, f"How to begin {number}.")
    browser = signed_in(pair.mentor)

    with django_assert_max_num_queries(12):
        browser.get(f"/pairings/{pair.pairing.slug}/meetings/{meeting.slug}/prepare/")
