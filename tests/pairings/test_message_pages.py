"""The thread as its two people meet it, with scripts switched off: read, write, mend, and nothing is lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from accounts.drafts import drafts_of, keep
from accounts.models import SentForm
from notifications.models import Notification
from pairings.actions import edit_message, mark_messages_read, move_pairing, send_message
from pairings.models import Message
from pairings.threads import A_PAGE
from tests.factories import PairingFactory, PersonFactory, make_picture


@pytest.fixture
def url(pair):
    return f"/pairings/{pair.pairing.slug}/messages/"


def said():
    return list(Message.objects.values_list("body", flat=True))


def unseen(person):
    return Notification.objects.unseen().filter(person=person, event__kind="pairings.message").count()


def shown(response):
    """The words of each message on the page."""
    return [each.message.body for day in response.context["thread"].days for each in day.messages]


def test_what_is_sent_stands_in_the_thread(pair, url, signed_in):
    browser = signed_in(pair.mentee)

    response = browser.post(url, {"body": "Hello Ruth,\r\n\r\nSee https://example.org/a?b=1&c=2."})

    [message] = Message.objects.all()
    assert response["Location"] == f"{url}#m-{message.number}"
    assert message.body == "Hello Ruth,\n\nSee https://example.org/a?b=1&c=2."
    page = browser.get(url).content.decode()
    link = '<a href="https://example.org/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">'
    assert "<p>Hello Ruth,</p>" in page
    assert link in page


def test_looking_marks_nothing_as_read(pair, url, signed_in):
    send_message(pair.pairing, by=pair.mentor, body="Good luck.")

    page = signed_in(pair.mentee).get(url).content.decode()

    assert '<span class="tag tag-new">New</span>' in page
    assert "I’ve read these" in page
    assert unseen(pair.mentee) == 1


def test_saying_so_marks_as_read_what_was_shown(pair, url, signed_in):
    send_message(pair.pairing, by=pair.mentor, body="Good luck.")
    browser = signed_in(pair.mentee)
    read = browser.get(url).context["thread"].read
    send_message(pair.pairing, by=pair.mentor, body="And?")

    assert browser.post(f"{url}reading/", read)["Location"] == f"{url}#m-2"

    assert unseen(pair.mentee) == 1
    assert browser.post(f"{url}reading/", read, headers={"HX-Request": "true"}).status_code == 204
    assert browser.post(f"{url}reading/", {"since": "x", "until": "9" * 40}).status_code == 302
    assert unseen(pair.mentee) == 1


def test_answering_marks_as_read_what_was_shown(pair, url, signed_in):
    send_message(pair.pairing, by=pair.mentor, body="Good luck.")
    browser = signed_in(pair.mentee)
    form = browser.get(url).context["form"]

    browser.post(url, {"body": "Thank you.", "since": form["since"].value(), "until": form["until"].value()})

    assert unseen(pair.mentee) == 0


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("", "Write your message first."),
        (" \r\n ", "Write your message first."),
        ("a" * 20_001, "This has 20001 characters; the limit is 20000. Make two of it."),
    ],
)
def test_what_cannot_be_sent_comes_back_with_the_reason_beside_the_field(pair, url, signed_in, words, problem):
    response = signed_in(pair.mentee).post(url, {"body": words})

    assert response.status_code == 422
    assert response.context["form"].errors == {"body": [problem]}
    assert words.strip() in response.content.decode()
    assert said() == []


def test_line_ends_of_a_browser_do_not_count_twice(pair, url, signed_in):
    words = "a\r\n" * 9_999 + "ab"

    assert signed_in(pair.mentee).post(url, {"body": words}).status_code == 302
    assert len(Message.objects.get().body) == 20_000


def test_a_second_click_sends_nothing_and_leads_to_the_same_place(pair, url, signed_in):
    browser, words = signed_in(pair.mentee), {"body": "Once.", "once": str(uuid4())}

    places = {browser.post(url, words)["Location"] for _click in range(3)}

    assert len(places) == 1
    assert said() == ["Once."]


def test_a_half_written_message_is_kept_and_let_go_of_when_it_is_sent(pair, url, signed_in):
    key = f"messages-{pair.pairing.pk}"
    keep(pair.mentee, key, fields={"body": "Half a"}, saves=0)
    browser = signed_in(pair.mentee)

    page = browser.get(url).content.decode()
    browser.post(url, {"body": "Half a message.", "draft_saves": 1})

    assert "Half a</textarea>" in page
    assert drafts_of(pair.mentee, [key]) == {}


def test_the_words_of_somebody_who_was_signed_out_come_back(pair, url, signed_in):
    browser = signed_in(pair.mentee)
    page = browser.get(url).content.decode()
    written_by = page.split('name="written_by" value="')[1].split('"')[0]
    browser.cookies.pop("sessionid")

    browser.post(url, {"body": "Not lost.", "written_by": written_by}, headers={"Origin": "http://testserver"})
    browser.force_login(pair.mentee, backend="accounts.backends.EmailBackend")

    assert "Not lost.</textarea>" in browser.get(url).content.decode()
    assert said() == []


def test_after_the_end_the_words_are_shown_and_not_sent(pair, url, signed_in):
    send_message(pair.pairing, by=pair.mentor, body="Good luck.")
    move_pairing(pair.pairing, "ended", by=pair.mentor)
    browser = signed_in(pair.mentee)

    response = browser.post(url, {"body": "Thank you for\r\neverything."})

    page = response.content.decode()
    assert response.status_code == 422
    assert "Thank you for\neverything." in page.replace("\r", "")
    assert "What you wrote, not sent" in page
    assert "<textarea" not in page
    assert said() == ["Good luck."]


def test_what_one_had_begun_when_it_ended_is_still_there_to_copy(pair, url, signed_in):
    keep(pair.mentee, f"messages-{pair.pairing.pk}", fields={"body": "I wanted to say"}, saves=0)
    move_pairing(pair.pairing, "ended", by=pair.mentor)

    page = signed_in(pair.mentee).get(url).content.decode()

    assert "I wanted to say" in page
    assert "Your time together ended on" in page


def test_the_author_changes_a_message_and_both_see_how_it_read(pair, url, signed_in):
    message = send_message(pair.pairing, by=pair.mentor, body="At four.")
    browser = signed_in(pair.mentor)
    form = browser.get(f"{url}{message.number}/wording/").context["form"]

    response = browser.post(f"{url}{message.number}/wording/", {"body": "At five.", "changes": form["changes"].value()})

    assert response["Location"] == f"{url}#m-{message.number}"
    browser = signed_in(pair.mentee)
    assert f'href="{url}{message.number}/earlier/"' in browser.get(url).content.decode()
    earlier = browser.get(f"{url}{message.number}/earlier/").content.decode()
    assert "At four." in earlier
    assert "At five." in earlier


def test_an_edit_over_another_one_shows_both_and_the_second_try_counts(pair, url, signed_in):
    message = send_message(pair.pairing, by=pair.mentor, body="At four.")
    browser, place = signed_in(pair.mentor), f"{url}{message.number}/wording/"
    edit_message(message, by=pair.mentor, body="At five.")

    clash = browser.post(place, {"body": "At six.", "changes": 0})
    again = {name: clash.context["form"][name].value() for name in ("body", "changes")}

    assert clash.status_code == 422
    assert "There it says: “At five.”" in clash.content.decode()
    assert again == {"body": "At six.", "changes": 1}
    assert browser.post(place, again).status_code == 302
    assert said() == ["At six."]


def test_a_message_is_not_emptied_by_an_edit_unless_a_file_came_with_it(pair, url, signed_in):
    words = send_message(pair.pairing, by=pair.mentor, body="Words.")
    picture = send_message(pair.pairing, by=pair.mentor, body="Look.", files=[make_picture(pair.mentor)])
    browser = signed_in(pair.mentor)

    assert browser.post(f"{url}{words.number}/wording/", {"body": ""}).status_code == 422
    assert browser.post(f"{url}{picture.number}/wording/", {"body": ""}).status_code == 302
    assert said() == ["Words.", ""]


def test_an_edit_after_the_end_is_refused_with_its_words(pair, url, signed_in):
    message = send_message(pair.pairing, by=pair.mentor, body="At four.")
    move_pairing(pair.pairing, "ended", by=pair.mentor)

    response = signed_in(pair.mentor).post(f"{url}{message.number}/wording/", {"body": "At five."})

    assert response.status_code == 422
    assert "At five.</textarea>" in response.content.decode()
    assert said() == ["At four."]


def test_a_long_thread_is_read_page_by_page(pair, url, signed_in):
    count = 2 * A_PAGE + 3
    for number in range(count):
        send_message(pair.pairing, by=pair.mentor, body=f"Number {number}.")
    browser, found = signed_in(pair.mentee), []

    place = url
    while place:
        response = browser.get(place)
        found = shown(response) + found
        thread = response.context["thread"]
        assert thread.new_earlier == thread.has_earlier
        place = f"{url}?before={thread.since}" if thread.has_earlier else None

    assert found == [f"Number {number}." for number in range(count)]
    assert "Back to the newest" in response.content.decode()
    assert shown(browser.get(f"{url}?before=nonsense")) == found[-A_PAGE:]
    assert shown(browser.get(f"{url}?before=1")) == []


def test_from_an_old_message_one_comes_back_to_its_own_page(pair, url, signed_in):
    for number in range(1, A_PAGE + 3):
        send_message(pair.pairing, by=pair.mentor, body=f"Number {number}.")
    browser = signed_in(pair.mentor)

    near = browser.post(f"{url}3/wording/", {"body": "Near.", "changes": 0})["Location"]
    old = browser.post(f"{url}2/wording/", {"body": "Old.", "changes": 0})["Location"]

    assert near == f"{url}#m-3"
    assert old == f"{url}?before={2 + A_PAGE // 2}#m-2"
    assert "Near." in shown(browser.get(near))
    assert "Old." in shown(browser.get(old))
    assert old in browser.get(f"{url}2/earlier/").content.decode()


def test_days_are_those_of_the_reader(pair, url, signed_in):
    pair.mentee.profile.time_zone = "Pacific/Auckland"
    pair.mentee.profile.save()
    noon = timezone.now().replace(hour=12, minute=30) - timedelta(days=30)
    send_message(pair.pairing, by=pair.mentor, body="One.", at=noon)
    send_message(pair.pairing, by=pair.mentor, body="Two.", at=noon + timedelta(hours=1))

    def days(person):
        return [day.date for day in signed_in(person).get(url).context["thread"].days]

    assert days(pair.mentor) == [noon.date()]
    assert days(pair.mentee)[-1] == noon.date() + timedelta(days=1)


def test_whoever_writes_with_one_person_is_led_to_where_they_begin(pair, url, signed_in):
    assert signed_in(pair.mentee).get("/messages/")["Location"] == url

    for number in range(A_PAGE + 5):
        send_message(pair.pairing, by=pair.mentor, body=f"Number {number}.")
    mark_messages_read(pair.pairing, by=pair.mentee, until=A_PAGE)
    assert signed_in(pair.mentor).get("/messages/")["Location"] == f"{url}#m-{A_PAGE + 5}"
    assert signed_in(pair.mentee).get("/messages/")["Location"] == f"{url}#m-{A_PAGE + 1}"


def test_of_many_new_ones_the_first_is_on_the_page_one_is_led_to(pair, url, signed_in):
    for number in range(A_PAGE + 5):
        send_message(pair.pairing, by=pair.mentor, body=f"Number {number}.")
    browser = signed_in(pair.mentee)

    places = {browser.get("/messages/")["Location"]}
    places |= set(html.fromstring(browser.get("/new/").content.decode()).xpath("//a[@class='row-title']/@href"))

    assert places == {f"{url}?before={1 + A_PAGE // 2}#m-1"}
    page = browser.get(places.pop())
    assert shown(page)[0] == "Number 0."
    assert f'href="{url}#m-{A_PAGE + 5}"' in page.content.decode()


def test_whoever_writes_with_nobody_is_told_so(db, signed_in):
    assert "Once you have a mentor or a mentee" in signed_in(PersonFactory()).get("/messages/").content.decode()


def test_the_list_names_everybody_the_living_first_and_whoever_wrote_last(pair, signed_in):
    hour = timedelta(hours=1)
    quiet = PairingFactory(mentor=pair.mentor, mentee__name="Callum Reid", created_at=timezone.now() - 9 * hour)
    own = PairingFactory(mentee=pair.mentor, mentor__name="Gwen Prosser")
    ended = PairingFactory(mentor=pair.mentor, mentee__name="Beatriz Nunes")
    send_message(ended, by=ended.mentee, body="They said yes!")
    move_pairing(ended, "ended", by=ended.mentor)
    send_message(own, by=pair.mentor, body="May I ask you something?", at=timezone.now() - hour)
    send_message(pair.pairing, by=pair.mentee, body="Hello.")
    send_message(pair.pairing, by=pair.mentee, body="Are you there?")

    response = signed_in(pair.mentor).get("/messages/")

    lines = [(line.other.name, line.role, line.new) for line in response.context["lines"]]
    assert lines == [
        ("Amina Okafor", "mentor", 2),
        ("Gwen Prosser", "mentee", 0),
        ("Callum Reid", "mentor", 0),
        ("Beatriz Nunes", "mentor", 1),
    ]
    assert quiet.messages.count() == 0
    page = response.content.decode()
    assert all(words in page for words in ("You: May I ask you something?", "Are you there?", "2 new", "Ended"))


@pytest.mark.parametrize("amount", [1, 3])
def test_a_thread_takes_the_same_few_statements(pair, url, signed_in, django_assert_num_queries, amount):
    for number in range(amount):
        file = make_picture(pair.mentor, f"{number}.jpg")
        message = send_message(pair.pairing, by=pair.mentor, body=f"Number {number}.", files=[file])
        edit_message(message, by=pair.mentor, body=f"Again {number}.")
    browser = signed_in(pair.mentee)
    browser.get(url)

    with django_assert_num_queries(9):
        assert len(shown(browser.get(url))) == amount


@pytest.mark.parametrize("amount", [1, 3])
def test_the_list_takes_the_same_few_statements(pair, signed_in, django_assert_num_queries, amount):
    for _number in range(amount):
        pairing = PairingFactory(mentor=pair.mentor)
        send_message(pairing, by=pairing.mentee, body="Hello.")
    browser = signed_in(pair.mentor)
    browser.get("/messages/")

    with django_assert_num_queries(6):
        assert browser.get("/messages/").status_code == 200


@pytest.mark.parametrize("amount", [1, 3])
@pytest.mark.parametrize(("reader", "number"), [("mentee", 5), ("mentor", 6)])
def test_home_says_messages_with_no_statement_more(pair, signed_in, django_assert_num_queries, reader, number, amount):
    """Beside what is new of portfolios, which takes a mentor one more."""
    for count in range(amount):
        send_message(pair.pairing, by=pair.mentor, body=f"Number {count}.")
        send_message(pair.pairing, by=pair.mentee, body=f"Number {count}.")
    browser = signed_in(getattr(pair, reader))
    browser.get("/home/")

    with django_assert_num_queries(number):
        page = browser.get("/home/").content.decode()

    assert "“Number 0.”" in page
    assert ("3 messages" if amount == 3 else "a message") in page


def test_a_thread_of_ten_thousand_messages_is_read_by_its_index(pair, url, signed_in):
    at = timezone.now()
    Message.objects.bulk_create(
        Message(pairing=pairing, number=number, author=pairing.mentor, body="Words.", sent_at=at)
        for pairing in [pair.pairing, PairingFactory()]
        for number in range(1, 10_001)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE pairings_message")
    browser = signed_in(pair.mentee)

    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert len(shown(browser.get(url))) == A_PAGE

    [query] = [each["sql"] for each in captured if 'FROM "pairings_message"' in each["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}")
        plan = str(cursor.fetchone()[0])
    assert "messages_of_a_pairing" in plan
    assert "'Sort'" not in plan


def test_a_form_that_was_refused_is_still_to_be_sent(pair, url, signed_in):
    browser, token = signed_in(pair.mentee), str(uuid4())

    browser.post(url, {"body": "", "once": token})
    browser.post(url, {"body": "Now.", "once": token})

    assert said() == ["Now."]
    assert SentForm.objects.count() == 1
