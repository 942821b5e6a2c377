"""New for you: everything that a person has not seen, one row for each thing."""

import json

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone
from lxml import html

from notifications.models import Event, Notification
from pairings.actions import move_pairing
from portfolios import actions
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


@pytest.mark.parametrize("url", ["/new/seen/", "/new/kept/"])
@pytest.mark.parametrize(
    "fields", [{}, {"thread": "page-1"}, {"until": "soon"}, {"until": "2026-11-23", "place": "x-1"}]
)
def test_a_form_without_sense_changes_nothing(reader, url, fields):
    assert reader.browser.post(url, fields)["Location"] == "/new/"
    assert reader.new == ["Usage review", "Two", "Three"]
