"""New for you: what one keeps, lets go of, or may no longer read."""

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone
from lxml import html

from notifications.actions import keep, mark_all_seen, release
from notifications.earlier import MOST_KEPT
from notifications.models import Event, Notification
from pairings.actions import send_message
from portfolios import actions
from portfolios.models import Page
from tests.factories import make_page, share


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


def test_what_one_may_no_longer_read_can_be_put_away(three, signed_in):
    """The count in the bar has no other way to go."""
    Page.objects.update(archived_at=timezone.now())
    reader = Reader(signed_in(three.mentor))
    assert words(html.fromstring(reader.page).xpath("//a[@id='new-link']")[0]) == "New for you 3"
    assert "What was new on this page is no longer open to you." in reader.page
    assert "All quiet." not in reader.page

    reader.press("Mark all as seen")

    assert reader.said == ["All marked as seen. Look under Earlier to find it again."]
    assert "All quiet." in reader.open().page
    assert 'class="count"' not in reader.page


def test_a_page_of_what_one_may_no_longer_read_leads_to_the_next(pair, signed_in):
    for number in range(20):
        make_page(pair.portfolio, title=f"Page {number}", body="<p>Words.</p>")
    last = Event.objects.latest("pk")
    Page.objects.exclude(latest=last.about_id).update(archived_at=timezone.now())
    reader = Reader(signed_in(pair.mentor))

    assert titles(reader.page, "new") == []
    following = html.fromstring(reader.page).xpath("//a[@rel='next']/@href")[0]
    assert titles(reader.open(f"/new/{following}").page, "new") == ["Page 19"]


def test_a_thing_of_many_parts_hides_no_other_that_is_kept(three, reader):
    """A thread of more messages than the list has rows."""
    reader.press("Keep for later", 0)
    for number in range(MOST_KEPT + 1):
        send_message(three.pairing, by=three.mentee, body=f"Number {number}.")
    keep(three.mentor, thread=f"pairing-{three.pairing.pk}", until=timezone.now())

    page = reader.open().page

    assert f"{MOST_KEPT + 1} messages" in page
    assert "Amina shared “Usage review”" in page


def test_of_very_many_kept_things_the_last_are_shown_and_letting_go_shows_the_one_before(pair, signed_in):
    for number in range(MOST_KEPT):
        make_page(pair.portfolio, title=f"Page {number}", body="<p>Words.</p>")
    for event in Event.objects.order_by("pk"):
        keep(pair.mentor, thread=event.thread, until=timezone.now())
    reader = Reader(signed_in(pair.mentor))
    expected = [f"Page {number}" for number in reversed(range(MOST_KEPT))]

    assert reader.kept == expected
    assert f"The {MOST_KEPT} things you kept last." in reader.page
    reader.press("Let go")

    assert reader.kept == [*expected[1:], "Usage review"]
    assert "things you kept last." not in reader.page


def test_a_thing_is_kept_until_it_is_let_go(reader):
    reader.press("Keep for later", 1)
    assert reader.said == ["Kept for later."]
    assert (reader.new, reader.kept, reader.earlier) == (["Usage review", "Three"], ["Two"], [])
    reader.open()
    reader.press("Let go")

    assert (reader.new, reader.kept, reader.earlier) == (["Usage review", "Three"], [], ["Two"])


def test_what_is_kept_is_no_longer_counted_nor_emailed(three, reader):
    reader.press("Keep for later", 0)

    page = html.fromstring(reader.open("/settings/time/").page)
    assert words(page.xpath("//a[@id='new-link']")[0]) == "New for you 2"
    kept = Notification.objects.filter(person=three.mentor, kept_at__isnull=False)
    assert [notification.seen_at is not None for notification in kept] == [True]


def test_what_is_kept_stays_when_all_is_marked_as_seen(reader):
    reader.press("Keep for later", 1)
    reader.open()
    reader.press("Mark all as seen")

    assert (reader.new, reader.kept) == ([], ["Two"])


def test_something_new_about_a_kept_thing_is_new(three, reader):
    reader.press("Keep for later", 0)
    share(three.page, "<p>In April I asked.</p>")
    assert (reader.new, reader.kept) == (["Two", "Three", "Usage review"], [])
    reader.open()
    reader.press("Seen", 2)

    assert (reader.new, reader.kept) == (["Two", "Three"], ["Usage review"])


def test_what_was_seen_earlier_can_be_kept_too(reader):
    reader.press("Mark all as seen")
    reader.open("/new/earlier/")
    answer = reader.press("Keep for later", 1)

    assert answer["Location"] == "/new/#kept"
    assert (reader.kept, reader.earlier) == (["Two"], ["Three", "Usage review"])


def test_keeping_and_letting_go_touches_nobody_else(three, signed_in):
    actions.add_comment(three.page, by=three.mentor, body="Well said.")
    thread = f"page-{three.page.pk}"

    keep(three.mentor, thread=thread, until=timezone.now())
    release(three.mentee, thread=thread)
    mark_all_seen(three.mentor, until=timezone.now())

    assert Notification.objects.filter(person=three.mentee, seen_at=None, kept_at=None).count() == 1
    assert Notification.objects.filter(person=three.mentor, kept_at__isnull=False).count() == 1
