"""New for you: what one saw earlier, a page at a time, and what it costs."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from notifications.actions import keep, mark_all_seen, mark_seen
from notifications.earlier import A_PAGE
from notifications.models import Event, Notification
from pairings.actions import move_pairing
from portfolios import actions
from tests.factories import make_page


def words(element):
    return " ".join(element.text_content().split())


@pytest.fixture
def new(signed_in):
    """`new(person)` is what the page says to that person: the rows, as words, without their buttons."""

    def rows(person, query="", url="/new/"):
        page = html.fromstring(signed_in(person).get(f"{url}{query}").content.decode())
        for acts in page.xpath("//*[@class='thing-acts']"):
            acts.drop_tree()
        return [words(row) for row in page.xpath("//ul[contains(@class, 'news')]/li")]

    return rows


def titles(page, name):
    """The titles in one list: new, kept or seen."""
    rows = html.fromstring(page).xpath(f"//li[starts-with(@id, '{name}-')]//a[contains(@class, 'row-title')]")
    return [words(row).split("“")[1].rstrip("”") for row in rows]


@pytest.fixture
def three(pair):
    """Three pages are new for the mentor: Usage review, Two, Three."""
    for title in ("Two", "Three"):
        make_page(pair.portfolio, title=title, body="<p>Words.</p>")
    return pair


class Reader:
    """The mentor on New for you, pressing the buttons of its forms as they stand there."""

    def __init__(self, browser):
        self.browser = browser
        self.open()

    def open(self, url="/new/"):
        self.page = self.browser.get(url).content.decode()
        return self

    def press(self, button, number=0, **headers):
        """The nth such button; returns the answer."""
        forms = html.fromstring(self.page).xpath(f"//form[.//button[contains(., '{button}')]]")
        form = forms[number]
        fields = {field.get("name"): field.get("value", "1") for field in form.xpath(".//input | .//button[@name]")}
        answer = self.browser.post(form.get("action"), fields, headers=headers)
        self.said = [str(message) for message in get_messages(answer.wsgi_request)]
        return answer

    @property
    def new(self):
        return titles(self.open().page, "new")

    @property
    def kept(self):
        return titles(self.open().page, "kept")

    @property
    def earlier(self):
        return titles(self.open("/new/earlier/").page, "seen")


@pytest.fixture
def reader(three, signed_in):
    return Reader(signed_in(three.mentor))


def test_earlier_is_paged_the_newest_first(pair, signed_in):
    for number in range(A_PAGE + 1):
        make_page(pair.portfolio, title=f"Page {number}", body="<p>Words.</p>")
    mark_all_seen(pair.mentor, until=timezone.now())
    browser = signed_in(pair.mentor)

    first = browser.get("/new/earlier/").content.decode()
    older = html.fromstring(first).xpath("//a[@rel='next']/@href")[0]
    second = browser.get(f"/new/earlier/{older}").content.decode()

    assert titles(first, "seen") == [f"Page {number}" for number in range(A_PAGE, 0, -1)]
    assert titles(second, "seen") == ["Page 0", "Usage review"]
    assert not html.fromstring(second).xpath("//a[@rel='next']")


def test_several_things_about_one_page_are_one_row_there(pair, signed_in):
    for body in ("One.", "Two."):
        actions.add_comment(pair.page, by=pair.mentor, body=body)
    mark_seen(pair.mentee, Event.objects.all())

    page = signed_in(pair.mentee).get("/new/earlier/").content.decode()

    assert titles(page, "seen") == ["Usage review"]
    assert "Ruth left 2 comments on “Usage review”" in page


def test_what_may_no_longer_be_read_is_left_out_there(three, reader):
    reader.press("Mark all as seen")
    actions.put_away(three.page, by=three.mentee)
    assert reader.earlier == ["Three", "Two"]

    move_pairing(three.pairing, "ended", by=three.mentee)

    assert reader.earlier == []
    assert "Nothing on this page that you may still read." not in reader.page
    assert "Nothing yet." in reader.page


@pytest.mark.parametrize("before", ["", "nonsense", "-1", "9" * 40, "²"])
def test_an_address_without_sense_shows_the_newest(reader, before):
    reader.press("Mark all as seen")

    assert titles(reader.open(f"/new/earlier/?before={before}").page, "seen") == ["Three", "Two", "Usage review"]


def fill(person, amount):
    """That many things which the person saw long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH made AS (INSERT INTO notifications_event (kind, about_id, occasion, at, thread, bundle)"
            " SELECT 'portfolios.page_shared', -number, '', %s, 'page-' || number, 'pairing-0'"
            " FROM generate_series(1, %s) number RETURNING id)"
            " INSERT INTO notifications_notification (event_id, person_id, told_with, seen_at)"
            " SELECT id, %s, 'pairing-0', now() FROM made",
            [timezone.now() - timedelta(days=400), amount, person.pk],
        )
        cursor.execute("ANALYZE notifications_event, notifications_notification")


def visited(node):
    """How many notifications Postgres visits in a part of a plan."""
    own = 0
    if node.get("Relation Name") == "notifications_notification" or "notification_" in node.get("Index Name", ""):
        own = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    return own + sum(visited(child) for child in node.get("Plans", ()))


def cost(browser, url):
    """How many notifications Postgres visits for a page."""
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(url).status_code == 200
    assert len(asked) <= 12
    total = 0
    with connection.cursor() as cursor:
        for statement in (query["sql"] for query in asked if "notifications_notification" in query["sql"]):
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
            total += visited(cursor.fetchone()[0][0]["Plan"])
    return total


@pytest.mark.parametrize("url", ["/settings/time/", "/new/"])
def test_what_was_seen_long_ago_costs_the_count_and_the_lists_nothing(three, signed_in, url):
    browser = signed_in(three.mentor)
    before = cost(browser, url)
    fill(three.mentor, 50_000)

    assert 0 < cost(browser, url) <= before


def test_what_was_seen_long_ago_does_not_make_what_is_kept_slower(three, signed_in):
    keep(three.mentor, thread=f"page-{three.page.pk}", until=timezone.now())
    browser = signed_in(three.mentor)
    before = cost(browser, "/new/")
    fill(three.mentor, 50_000)

    assert 0 < cost(browser, "/new/") <= before


def test_a_page_of_earlier_things_costs_the_same_however_far_back_it_is(three, signed_in):
    mark_all_seen(three.mentor, until=timezone.now())
    fill(three.mentor, 50_000)
    last = Notification.objects.filter(person=three.mentor).order_by("-pk").values_list("pk", flat=True)[30_000]
    browser = signed_in(three.mentor)

    # One more than a page says whether there is another one.
    assert [cost(browser, f"/new/earlier/{query}") for query in ("", f"?before={last}")] == [A_PAGE + 1] * 2
