"""New for you: everything that a person has not seen, one row for each thing."""

import pytest
from django.utils import timezone
from lxml import html

from notifications.models import Event, Notification
from pairings.actions import move_pairing
from portfolios import actions
from tests.factories import PairingFactory, make_page, make_portfolio, share


@pytest.fixture
def new(signed_in):
    """`new(person)` is what the page says to that person: the rows, as words."""

    def rows(person, query=""):
        page = html.fromstring(signed_in(person).get(f"/new/{query}").content.decode())
        return [" ".join(row.text_content().split()) for row in page.xpath("//ul[contains(@class, 'news')]/li")]

    return rows


def test_one_row_for_each_thing_the_oldest_first(pair, new):
    question = actions.add_comment(pair.page, by=pair.mentor, kind="question", body="Who?")
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now())
    make_page(pair.portfolio, title="Two", body="<p>Two.</p>")
    share(pair.page, "<p>In April I asked to sit in.</p>")
    actions.add_comment(pair.page, by=pair.mentee, reply_to=question, body="Six.")
    day = timezone.localdate()

    assert new(pair.mentor) == [
        f"AO Amina shared “Two” 1 word · 1 minute {day.day} {day:%B}",
        f"AO Amina updated “Usage review” 1 change and a reply · 1 minute {day.day} {day:%B}",
    ]


def test_nothing_new_is_said_calmly(pair, signed_in):
    page = signed_in(pair.mentee).get("/new/").content.decode()

    assert "All quiet." in page


def test_somebody_with_two_roles_reads_in_which(pair, new):
    pairing = PairingFactory(mentor=pair.mentee)
    make_page(make_portfolio(pairing.mentee, pairing.programme), title="Theirs", body="<p>Words.</p>")
    actions.add_comment(pair.page, by=pair.mentor, body="Well said.")

    assert [row.split(" ")[-4:-2] for row in new(pair.mentee)] == [["As", "mentor"], ["As", "mentee"]]


def test_many_things_are_paged(pair, new):
    for number in range(21):
        make_page(pair.portfolio, title=f"Page {number}", body="<p>Words.</p>")

    first, second = new(pair.mentor), new(pair.mentor, "?page=2")

    assert (len(first), len(second)) == (20, 2)
    assert "Amina shared “Usage review”" in first[0]
    assert "Amina shared “Page 20”" in second[1]
    assert new(pair.mentor, "?page=nonsense") == first


def test_the_bar_leads_there(pair, signed_in):
    assert '<a href="/new/">' in signed_in(pair.mentor).get("/settings/time/").content.decode()


@pytest.mark.parametrize("who", ["former", "stranger"])
def test_what_one_may_not_read_is_not_listed(pair, new, who):
    actions.add_comment(pair.page, by=pair.mentee, body="Said.")
    person = pair.mentor if who == "former" else PairingFactory().mentor
    move_pairing(pair.pairing, "ended", by=pair.mentee)
    for event in Event.objects.all():
        Notification.objects.update_or_create(event=event, person=person, defaults={"seen_at": None})

    assert new(person) == []


def test_a_page_that_is_put_away_is_not_listed_and_not_counted(pair, new, signed_in):
    actions.put_away(pair.page, by=pair.mentee)

    assert new(pair.mentor) == []
    assert 'class="count"' not in signed_in(pair.mentor).get("/settings/time/").content.decode()
