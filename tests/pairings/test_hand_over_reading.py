"""What the new mentor reads after a hand-over, what the old one goes on reading, and who is told of it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from notifications import delivery
from pairings.actions import (
    accept_hand_over,
    consent_to_hand_over,
    decline_hand_over,
    send_message,
)
from pairings.models import Message, MoveRefused
from pairings.photos import photos_visible_to
from portfolios import actions
from portfolios.models import Comment, PageVersion
from tests.factories import (
    PersonFactory,
    make_picture,
    share,
)
from tests.files.making import make_photo
from tests.pairings.handing_over import done, offer_of, proposed, state


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel("2026-11-24 12:00+00:00", tick=True):
        yield


@pytest.fixture
def pair(pair):
    """Amina and Ruth, whose programme Gwen mentors in, too, with one place."""
    programme = pair.pairing.programme
    pair.ruths = offer_of(programme, pair.mentor)
    pair.gwens = offer_of(programme, PersonFactory(name="Gwen Prosser", email="gwen@example.org"))
    pair.gwen = pair.gwens.enrolment.person
    return pair


def status(browser, url):
    response = browser.get(url)
    if response.streaming:
        response.getvalue()  # and closes the file
    return response.status_code


def emails():
    mail.outbox.clear()
    delivery.deliver_due()
    return sorted((message.to[0].split()[0], message.subject) for message in mail.outbox)


def readable(person):
    return sorted(PageVersion.objects.visible_to(person).values_list("number", flat=True))


def test_the_new_mentor_reads_what_the_mentee_said(pair):
    began = datetime(2026, 11, 10, tzinfo=ZoneInfo("Europe/London"))
    for days in (2, 3):
        share(pair.page, f"<p>{days} days later.</p>", at=began + timedelta(days=days))
    since = done(pair, "since", date(2026, 11, 13)).reads_from

    assert since == began + timedelta(days=3)
    # Of the first version, shared a moment ago, she reads too; of the second, a day too early, nothing.
    assert readable(pair.gwen) == [1, 3]


def test_everything_means_everything_and_only_new_means_only_new(pair):
    following = done(pair, "all")
    assert (following.reads_from, readable(pair.gwen)) == (None, [1])

    following.reads_from = timezone.now()
    following.save()
    assert readable(pair.gwen) == []
    share(pair.page, "<p>New.</p>")
    assert readable(pair.gwen) == [2]


def test_the_old_mentor_goes_on_reading_what_was_shared_before_and_nothing_newer(pair, signed_in):
    actions.add_comment(pair.page, by=pair.mentor, body="Well said.")
    picture = make_picture(pair.mentee)
    message = send_message(pair.pairing, by=pair.mentee, body="Look.", files=[picture])
    following = done(pair, "all")
    share(pair.page, "<p>For Gwen.</p>", title="A new title")
    actions.add_comment(pair.page, by=pair.gwen, body="Secret praise.")
    later = send_message(following, by=pair.mentee, body="Hello Gwen.", files=[make_picture(pair.mentee)])
    browser = signed_in(pair.mentor)
    old_messages, new_messages = f"/pairings/{pair.pairing.slug}/messages/", f"/pairings/{following.slug}/messages/"

    page = browser.get(pair.url).content.decode()
    assert "In March I asked to sit in." in page
    assert "For Gwen" not in page
    assert "Secret praise" not in page
    pair.page.refresh_from_db()
    answers = {
        "new address": pair.page.get_absolute_url(),
        "second version": f"{pair.url}versions/2/",
        "changes": f"{pair.url}versions/2/?since=1",
        "old messages": old_messages,
        "old file": f"{old_messages}{message.number}/files/{picture.uuid}/",
        "new messages": new_messages,
        "new file": f"{new_messages}{later.number}/files/{later.files.get().file.uuid}/",
        "new agreement": f"/pairings/{following.slug}/agreement/",
    }
    assert {name: status(browser, url) for name, url in answers.items()} == {
        "new address": 404,
        "second version": 404,
        "changes": 404,
        "old messages": 200,
        "old file": 200,
        "new messages": 404,
        "new file": 404,
        "new agreement": 404,
    }
    assert list(Comment.objects.visible_to(pair.mentor).values_list("body", flat=True)) == ["Well said."]
    assert list(Message.objects.visible_to(pair.gwen)) == [later]


def test_all_three_are_told_and_nobody_before_it_concerns_them(pair):
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now())
    hand_over = proposed(pair)
    assert emails() == [("Amina", "Ruth suggests that Gwen carries on as your mentor")]
    assert "She knows museums." in mail.outbox[0].body

    consent_to_hand_over(hand_over, by=pair.mentee, window="new")
    assert emails() == [("Gwen", "Amina would like you to carry on as mentor")]

    accept_hand_over(hand_over, by=pair.gwen)
    assert emails() == [
        ("Amina", "Gwen is your mentor now"),
        ("Gwen", "You are Amina’s mentor now"),
        ("Ruth", "Gwen carries on as Amina’s mentor"),
    ]


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Pacific/Honolulu"])
@pytest.mark.parametrize(
    ("since", "words"),
    [
        (date(1, 1, 1), "before anything was shared"),
        (date(1989, 12, 31), "before anything was shared"),
        (date(2026, 11, 26), "still to come"),
        (date(9999, 12, 31), "still to come"),
    ],
)
def test_a_window_begins_on_a_day_that_has_been(pair, zone, since, words):
    """A moment of the year 1 in Tokyo is one that no page could show any more."""
    pair.mentee.profile.time_zone = zone
    pair.mentee.profile.save()
    hand_over = proposed(pair)

    with pytest.raises(MoveRefused, match=words):
        consent_to_hand_over(hand_over, by=pair.mentee, window="since", since=since)

    assert state(hand_over) == "asked"


def test_after_the_hand_over_none_of_the_old_news_is_emailed_to_the_old_mentor(pair):
    share(pair.page, "<p>Before.</p>")
    done(pair)
    emails()
    share(pair.page, "<p>After.</p>")
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=True):
        assert [to for to, _subject in emails()] == ["Gwen"]


def test_the_three_see_each_others_photos_once_it_concerns_them(pair):
    for person in (pair.mentee, pair.mentor, pair.gwen):
        make_photo(person)

    def seen_by(person):
        return sorted(photo.owner.first_name for photo in photos_visible_to(person))

    assert seen_by(pair.gwen) == ["Gwen"]
    hand_over = proposed(pair)
    assert (seen_by(pair.mentor), seen_by(pair.gwen)) == (["Amina", "Gwen", "Ruth"], ["Gwen"])
    consent_to_hand_over(hand_over, by=pair.mentee, window="new")
    assert seen_by(pair.gwen) == ["Amina", "Gwen", "Ruth"]
    decline_hand_over(hand_over, by=pair.gwen)
    assert seen_by(pair.gwen) == ["Gwen"]
