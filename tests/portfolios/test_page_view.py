"""The page as its reader sees it: versions, baselines, comments beside the words, and forms that open in it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Draft
from pairings.actions import move_pairing
from pairings.models import Pairing
from portfolios import access, actions
from portfolios.models import Comment, CommentWording, PageVersion
from portfolios.reading import read
from tests.factories import share

NOON = datetime(2027, 1, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def four(pair):
    """The pair's page in four versions, one one a week from 4 January on; Ruth read the third."""
    for week, words in enumerate(("First.", "First and second.", "Second and third.", "Third and fourth."), start=1):
        with time_machine.travel(NOON + timedelta(weeks=week - 1), tick=False):
            pair.page.refresh_from_db()
            version = share(pair.page, f"<p>It is the week of which I write. {words}</p>")
            if week == 2:
                actions.mark_read(pair.page, by=pair.mentor, until=version.shared_at)
    return pair


def reading_of(pair, reader, **options):
    return read(access.find(reader, pair.portfolio.slug, pair.page.slug), url=pair.url, **options)


def numbers(pair, since):
    reading = reading_of(pair, pair.mentor, since=since)
    return (reading.since.number if reading.since else None, reading.version.number)


@pytest.mark.parametrize(
    ("since", "compared"),
    [
        ("", 3),
        ("last-visit", 3),
        ("first", 1),
        ("2", 2),
        ("2027-01-12", 3),
        ("2027-01-11", 2),
        ("2020-01-01", 1),
        ("5", None),
        ("17", None),
        ("none", None),
        ("2026-13-45", None),
        ("'; drop table", None),
    ],
)
def test_every_baseline_is_understood(four, since, compared):
    assert numbers(four, since) == (compared, 5)


def test_what_changed_since_the_last_meeting(four, signed_in):
    assert numbers(four, "last-meeting") == (None, 5)

    Pairing.objects.update(last_met_at=NOON + timedelta(days=8))

    assert numbers(four, "last-meeting") == (3, 5)
    page = signed_in(four.mentor).get(f"{four.page.get_absolute_url()}changes/").content.decode()
    assert "changes/?since=last-meeting" in page
    assert "since=last-meeting" not in signed_in(four.mentee).get(four.page.get_absolute_url()).content.decode()


def test_a_day_begins_at_midnight_where_the_reader_is(four, signed_in):
    """Version 2 was shared at noon on 4 January in London, which is 1 in the morning of the 5th in Wellington."""
    four.mentor.profile.time_zone = "Pacific/Auckland"
    four.mentor.profile.save()
    url = f"{four.page.get_absolute_url()}changes/"

    assert "since version 1" in signed_in(four.mentor).get(f"{url}?since=2027-01-05").content.decode()
    assert "since version 2" in signed_in(four.mentor).get(f"{url}?since=2027-01-06").content.decode()


def test_an_old_version_shows_its_words_and_what_had_been_said_until_then(four, signed_in):
    actions.add_comment(four.page, by=four.mentor, body="Said of the second.", version=four.page.versions.get(number=2))
    actions.add_comment(four.page, by=four.mentor, body="Said of the newest.")

    shown = signed_in(four.mentor).get(f"{four.page.get_absolute_url()}versions/2/").content.decode()

    assert "It is the week of which I write. First." in shown
    assert ("Said of the second." in shown, "Said of the newest." in shown) == (True, False)
    assert "See the page as it is now" in shown


def test_the_list_of_versions_holds_those_that_the_reader_may_see(four, signed_in):
    move_pairing(four.pairing, "ended", by=four.mentee, at=NOON + timedelta(weeks=5))
    share(four.page, "<p>After the end.</p>", at=NOON + timedelta(weeks=6))
    url = f"{four.page.get_absolute_url()}versions/"

    def listed(person):
        return re.findall(r"versions/(\d+)/\"", signed_in(person).get(url).content.decode())

    assert (listed(four.mentor), listed(four.mentee)) == (["5", "4", "3", "2", "1"], ["6", "5", "4", "3", "2", "1"])
    assert signed_in(four.mentor).get(f"{url}6/").status_code == 404
    assert signed_in(four.mentor).get(f"{url}6/?since=1").status_code == 404


def test_a_long_list_of_versions_goes_on_where_it_stopped(pair, signed_in):
    rows = [
        PageVersion(page=pair.page, number=number, title="T", body="<p>W.</p>", words=1, shared_by=pair.mentee)
        for number in range(2, 61)
    ]
    PageVersion.objects.bulk_create(rows)
    url = f"{pair.url}versions/"

    shown = signed_in(pair.mentor).get(url).content.decode()
    rest = signed_in(pair.mentor).get(url + re.search(r'href="(\?before=\d+)"', shown)[1]).content.decode()

    def listed(shown):
        return [int(number) for number in re.findall(r"versions/(\d+)/\"", shown)]

    assert listed(shown) + listed(rest) == list(range(60, 0, -1))


def test_words_that_a_comment_is_about_are_marked_and_the_thread_stands_beside_them(pair):
    share(pair.page, "<p>In March I asked to sit in.</p><p>Nobody had counted.</p>")
    actions.add_comment(pair.page, by=pair.mentor, body="Who?", quote="Nobody")

    first, second = reading_of(pair, pair.mentee).passages

    assert (first.threads, [thread.root.quote for thread in second.threads]) == ([], ["Nobody"])
    assert second.pieces[0].inner == "<mark>Nobody</mark> had counted."


def test_a_thread_whose_words_are_gone_leads_to_them_as_they_were(pair, signed_in):
    comment = actions.add_comment(pair.page, by=pair.mentor, body="Who?", quote="In March")
    share(pair.page, "<p>Something entirely different, of other things.</p>")

    shown = signed_in(pair.mentee).get(pair.url).content.decode()

    assert f'href="{pair.url}versions/1/#comment-{comment.pk}"' in shown


def test_the_form_for_a_comment_opens_beside_the_words_without_javascript(pair, signed_in):
    response = signed_in(pair.mentor).get(f"{pair.url}comments/?version=1&start=0&end=8")

    shown = response.content.decode()
    assert 'id="writing"' in shown
    assert "<mark>In March</mark>" in shown
    sent = signed_in(pair.mentor).post(
        f"{pair.url}comments/", {"kind": "idea", "body": "Or in May?", "version": 1, "start": 0, "end": 8}
    )
    assert sent["Location"] == f"{pair.url}#comment-{Comment.objects.get().pk}"
    assert Comment.objects.values_list("kind", "body", "quote").get() == ("idea", "Or in May?", "In March")


@pytest.mark.parametrize(
    "query", ["version=9&start=0&end=8", "version=1&start=900&end=910", "version=x&start=0&end=-1"]
)
def test_a_place_that_makes_no_sense_is_the_whole_page(pair, signed_in, query):
    shown = signed_in(pair.mentor).get(f"{pair.url}comments/?{query}").content.decode()

    assert ('id="writing"' in shown, "<mark>" in shown) == (True, False)


def test_the_quoted_words_again_are_no_suggestion(pair, signed_in):
    place = {"kind": "idea", "version": 1, "start": 0, "end": 8}
    browser = signed_in(pair.mentor)

    empty = browser.post(f"{pair.url}comments/", {**place, "body": "", "suggestion": "In March"})
    browser.post(f"{pair.url}comments/", {**place, "body": "", "suggestion": "Last\r\nMarch"})

    assert empty.status_code == 422
    assert Comment.objects.values_list("body", "suggestion").get() == ("", "Last March")


def test_the_owner_takes_suggested_words_with_one_press(pair, signed_in):
    comment = actions.add_comment(pair.page, by=pair.mentor, quote="In March", suggestion="Last March")

    response = signed_in(pair.mentee).post(f"{pair.url}comments/{comment.pk}/decision/", {"use": "1"}, follow=True)

    pair.page.draft.refresh_from_db()
    assert pair.page.draft.body == "<p>Last March I asked to sit in.</p>"
    assert "Your draft has the new words." in response.content.decode()


def test_words_that_cannot_be_taken_say_why(pair, signed_in):
    comment = actions.add_comment(pair.page, by=pair.mentor, quote="In March", suggestion="Last March")
    share(pair.page, "<p>Something entirely different, of other things.</p>")

    response = signed_in(pair.mentee).post(f"{pair.url}comments/{comment.pk}/decision/", {"use": "1"}, follow=True)

    assert "read differently in your draft now" in response.content.decode()


def test_earlier_wording_can_be_read_by_both(pair, signed_in):
    comment = actions.add_comment(pair.page, by=pair.mentor, body="Who?")
    changed = signed_in(pair.mentor).post(f"{pair.url}comments/{comment.pk}/wording/", {"body": "Whom?"})

    assert changed["Location"] == f"{pair.url}#comment-{comment.pk}"
    for person in (pair.mentee, pair.mentor):
        shown = signed_in(person).get(f"{pair.url}comments/{comment.pk}/earlier/").content.decode()
        assert re.findall(r"<p>(Who\w*\?)</p>", shown) == ["Who?", "Whom?"]
    assert CommentWording.objects.count() == 1


def test_whoever_comments_comes_back_to_the_same_changes(pair, signed_in):
    actions.mark_read(pair.page, by=pair.mentor, until=pair.page.latest.shared_at)
    share(pair.page, "<p>In April I asked to sit in.</p>")
    browser = signed_in(pair.mentor)
    link = re.search(r'href="([^"]*comments/\?since=1&amp;version=2[^"]*)#', browser.get(pair.url).content.decode())

    form = browser.get(link[1].replace("&amp;", "&")).content.decode()
    action = re.search(r'action="([^"]*/comments/[^"]*)"', form)[1]
    sent = browser.post(action, {"kind": "idea", "body": "Good.", "shown": 2, "seen_until": timezone.now().isoformat()})

    assert sent["Location"] == f"{pair.url}?since=1#comment-{Comment.objects.get().pk}"
    assert "1 change since you last looked" in browser.get(sent["Location"]).content.decode()


def test_a_comment_sent_twice_is_one_and_leads_to_the_same_place(pair, signed_in):
    form = {"kind": "idea", "body": "Good.", "once": "6f1b5c3a-59f0-4d8e-9f0b-0a4d4d3f9a11"}

    with time_machine.travel(NOON, tick=False) as clock:
        browser = signed_in(pair.mentor)
        first = browser.post(f"{pair.url}comments/", form)
        clock.shift(timedelta(minutes=20))
        second = browser.post(f"{pair.url}comments/", form)

    assert Comment.objects.count() == 1
    assert second["Location"] == first["Location"]


def test_what_was_begun_is_found_again_and_gone_once_it_is_sent(pair, signed_in):
    key = f"page-{pair.page.pk}-on-1-0-8"
    Draft.objects.create(person=pair.mentor, key=key, fields={"body": "Half a thou"}, saves=3)
    browser = signed_in(pair.mentor)
    begun = re.search(r'href="([^"]*)">Go on with it', browser.get(pair.url).content.decode())[1]

    assert "Half a thou" in browser.get(begun.replace("&amp;", "&").partition("#")[0]).content.decode()
    assert "Half a thou" not in signed_in(pair.mentee).get(pair.url).content.decode()

    browser = signed_in(pair.mentor)
    browser.post(f"{pair.url}comments/", {"kind": "idea", "body": "A whole one.", "version": 1, "start": 0, "end": 8})
    assert "have not sent it" not in browser.get(pair.url).content.decode()


def test_finish_review_is_offered_to_whoever_said_something_and_tells_it_once(pair, signed_in):
    browser = signed_in(pair.mentor)
    assert "Finish review" not in browser.get(pair.url).content.decode()

    actions.add_comment(pair.page, by=pair.mentor, body="Who?")
    assert "Finish review" in browser.get(pair.url).content.decode()

    reading = {"seen_until": timezone.now().isoformat(), "shown": 1, "finish": "1"}
    browser.post(f"{pair.url}reading/", reading)
    assert "Finish review" not in browser.get(pair.url).content.decode()


def test_a_former_mentor_finishes_nothing(pair, signed_in):
    actions.add_comment(pair.page, by=pair.mentor, body="Who?")
    move_pairing(pair.pairing, "ended", by=pair.mentee)

    shown = signed_in(pair.mentor).get(pair.url).content.decode()

    assert ("Finish review" in shown, "Your time as mentor has ended" in shown) == (False, True)


def test_words_held_after_signing_out_go_along_when_the_page_has_another_address(pair, signed_in):
    browser, old = signed_in(pair.mentor), pair.url
    browser.get(old)
    share(pair.page, "<p>Other words here.</p>", title="A new title")
    del browser.cookies["sessionid"]
    form = {"kind": "idea", "body": "An hour of words"}
    assert browser.post(f"{old}comments/", form, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 302

    shown = signed_in(pair.mentor).get(f"{old}comments/", follow=True)

    assert shown.redirect_chain == [("/portfolios/amina-okafor/a-new-title/comments/", 302)]
    assert "An hour of words" in shown.content.decode()
