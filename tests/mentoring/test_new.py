"""New for you: everything that a person has not seen, one row for each thing; what they keep, what they saw earlier."""

import json
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from notifications.actions import keep, mark_all_seen, mark_seen, release
from notifications.earlier import A_PAGE, MOST_KEPT
from notifications.models import Event, Notification
from pairings.actions import move_pairing, send_message
from portfolios import actions
from portfolios.models import Page
from tests.factories import PairingFactory, make_page, make_portfolio, share


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
    assert 'href="/new/"' in signed_in(pair.mentor).get("/settings/time/").content.decode()


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


# Seen


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


def test_a_thing_is_marked_as_seen(reader):
    answer = reader.press("Seen", 1)

    assert (answer.status_code, answer["Location"]) == (302, "/new/?page=1#new-1")
    assert reader.said == ["Marked as seen."]
    assert (reader.new, reader.kept, reader.earlier) == (["Usage review", "Three"], [], ["Two"])


def test_what_came_after_the_page_was_opened_stays_new(three, reader):
    share(three.page, "<p>In April I asked.</p>")

    reader.press("Seen", 0)

    assert reader.new == ["Two", "Three", "Usage review"]


def test_all_is_marked_as_seen_but_what_came_since(three, reader):
    make_page(three.portfolio, title="Four", body="<p>Words.</p>")

    answer = reader.press("Mark all as seen")

    assert answer["Location"] == "/new/"
    assert reader.said == ["All marked as seen. Look under Earlier to find it again."]
    assert reader.new == ["Four"]
    assert reader.earlier == ["Three", "Two", "Usage review"]


def test_marking_all_covers_the_other_pages_of_the_list(three, signed_in):
    for number in range(25):
        make_page(three.portfolio, title=f"Page {number}", body="<p>Words.</p>")
    reader = Reader(signed_in(three.mentor))

    assert "More than nine things you haven’t seen" in reader.page
    reader.press("Mark all as seen")

    assert reader.new == []
    assert "All quiet." in reader.page


def test_a_page_read_elsewhere_is_not_new_here(three, reader):
    actions.mark_read(three.page, by=three.mentor, until=timezone.now())

    assert reader.new == ["Two", "Three"]


def test_a_script_gets_the_lists_the_count_and_the_next_place(reader):
    answer = reader.press("Seen", 2, **{"HX-Request": "true"})

    part = html.fromstring(answer.content.decode())
    assert titles(answer.content.decode(), "new") == ["Usage review", "Two"]
    assert words(part.xpath("//*[@autofocus]")[0]) == "Amina shared “Two”"
    assert words(part.xpath("//a[@id='new-link' and @hx-swap-oob]")[0]) == "New for you 2"
    assert json.loads(answer["HX-Trigger"]) == {"announce": {"value": "Marked as seen."}}
    assert "<header" not in answer.content.decode()


def test_when_the_last_is_seen_the_title_gets_the_focus(reader):
    for _ in range(3):
        reader.page = reader.press("Seen", 0, **{"HX-Request": "true"}).content.decode()

    assert words(html.fromstring(reader.page).xpath("//*[@autofocus]")[0]) == "New for you"
    assert 'class="count"' not in reader.page


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


# Kept for later


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


@pytest.mark.parametrize("url", ["/new/seen/", "/new/kept/"])
@pytest.mark.parametrize(
    "fields", [{}, {"thread": "page-1"}, {"until": "soon"}, {"until": "2026-11-23", "place": "x-1"}]
)
def test_a_form_without_sense_changes_nothing(reader, url, fields):
    assert reader.browser.post(url, fields)["Location"] == "/new/"
    assert reader.new == ["Usage review", "Two", "Three"]


# Earlier


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


# What it costs


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
