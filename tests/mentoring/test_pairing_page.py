"""The page of a pairing: for the two alone, with the next step, and what is new."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from meetings.actions import choose_time, offer_times
from mentoring.roles import LEADS
from pairings.actions import move_pairing, send_message
from pairings.models import CompletionForm, HandOver, Pairing, ThankYou
from portfolios import actions
from programmes.models import Enrolment
from tests.factories import EnrolmentFactory, MentorOfferFactory, PairingFactory, PersonFactory, make_page, share

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def url_of(pairing):
    return reverse("pairing", args=[pairing.slug])


def test_only_the_two_find_it_and_those_who_look_after_them_do_not(pair, signed_in):
    lead = PersonFactory(is_staff=True)
    lead.groups.add(Group.objects.get(name=LEADS))
    EnrolmentFactory(programme=pair.pairing.programme, person=lead, role=Enrolment.Role.COORDINATOR)
    others = [lead, PersonFactory(is_staff=True, is_superuser=True), PairingFactory().mentor]

    assert [signed_in(person).get(url_of(pair.pairing)).status_code for person in (pair.mentee, pair.mentor)] == [
        200
    ] * 2
    for person in others:
        browser = signed_in(person)
        assert browser.get(url_of(pair.pairing)).status_code == 404
        assert browser.post(f"{url_of(pair.pairing)}met/", {"on": "2026-11-01"}).status_code == 404


@pytest.mark.parametrize(
    ("state", "who", "expected"),
    [
        ("agreeing", "mentee", "Agree how you’ll work"),
        ("active", "mentee", "Book a meeting"),
        ("active", "mentor", "Book a meeting"),
        ("paused", "mentor", "Message Amina"),
        ("completing", "mentor", "Fill in the completion form"),
        ("completing", "mentee", "Message Ruth"),
    ],
)
def test_the_next_step_is_one(pair, signed_in, state, who, expected):
    Pairing.objects.update(state=state)

    page = signed_in(getattr(pair, who)).get(url_of(pair.pairing))

    assert page.context["next"].label == expected
    assert page.content.decode().count("btn-primary") == 1


def test_whoever_filled_in_the_form_or_said_thank_you_has_another_next_step(pair, signed_in):
    Pairing.objects.update(state="completing")
    CompletionForm.objects.create(pairing=pair.pairing, by=pair.mentor, answers=[])
    assert signed_in(pair.mentor).get(url_of(pair.pairing)).context["next"].label == "Say thank you"

    move_pairing(pair.pairing, "ended", by=pair.mentee)
    assert signed_in(pair.mentor).get(url_of(pair.pairing)).context["next"].label == "Say thank you"

    ThankYou.objects.create(pairing=pair.pairing, by=pair.mentor, words="Thank you.")
    assert signed_in(pair.mentor).get(url_of(pair.pairing)).context["next"] is None


def test_times_that_are_open_are_the_next_step_of_who_chooses(pair, signed_in):
    soon = timezone.now() + timedelta(days=7)
    meeting = offer_times(pair.pairing, by=pair.mentee, times=[soon], how="video")

    labels = [signed_in(who).get(url_of(pair.pairing)).context["next"].label for who in (pair.mentee, pair.mentor)]
    assert labels == ["Message Ruth", "Choose a time"]

    choose_time(meeting, by=pair.mentor, starts_at=soon, expected_round=1)
    page = signed_in(pair.mentor).get(url_of(pair.pairing))
    assert page.context["next"].label == "Message Amina"
    assert "you meet on" in page.content.decode()


def test_before_anything_happened_it_says_what_will(db, signed_in):
    pairing = PairingFactory(state="agreeing")

    page = signed_in(pairing.mentee).get(url_of(pairing)).content.decode()

    assert "First, say hello. Then agree how you’ll work." in page
    assert "You became a pairing" not in page


def test_what_the_viewer_has_not_seen_is_marked_and_the_oldest_of_it_named(pair, signed_in):
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        asked = actions.add_comment(pair.page, by=pair.mentor, kind="question", body="Who did you ask?")
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        send_message(pair.pairing, by=pair.mentor, body="Good luck.")
        send_message(pair.pairing, by=pair.mentee, body="Thank you.")
    with time_machine.travel(NOW + timedelta(days=4), tick=False):
        for person, since, new in (
            (pair.mentee, NOW + timedelta(days=2), {f"#comment-{asked.pk}", "#m-1"}),
            (pair.mentor, pair.page.latest.shared_at, {f"versions/{1}/", "#m-1"}),
        ):
            context = signed_in(person).get(url_of(pair.pairing)).context
            lines = [line for month in context["months"] for line in month.lines]

            assert context["new_since"] == since
            assert {mark for line in lines if line.is_new for mark in new if mark in line.url} == new


def test_an_older_month_is_an_address_of_its_own(pair, signed_in):
    Pairing.objects.update(created_at=NOW - timedelta(days=90))
    send_message(Pairing.objects.get(), by=pair.mentee, body="In October.", at=datetime(2026, 10, 5, tzinfo=UTC))
    browser = signed_in(pair.mentor)

    newest = browser.get(url_of(pair.pairing)).content.decode()
    assert "?before=2026-11" in newest
    assert "In October." not in newest
    for query in ({"before": "2026-11"}, {"month": "2026-10"}):
        october = browser.get(url_of(pair.pairing), query, follow=True).content.decode()

        assert "In October." in october
        assert "Back to the newest" in october


@pytest.mark.parametrize(
    "query",
    [
        "?month=nonsense",
        "?month=2026-13",
        "?month=2026-10&until=nonsense",
        "?month=0001-01",
        "?before=0001-01",
        "?before=x",
    ],
)
def test_nonsense_in_the_address_shows_something(pair, signed_in, query):
    assert signed_in(pair.mentee).get(url_of(pair.pairing) + query, follow=True).status_code == 200


def test_a_former_mentor_reads_it_to_the_end_and_is_offered_nothing_that_needs_a_living_pair(pair, signed_in):
    move_pairing(pair.pairing, "ended", by=pair.mentee)
    share(pair.page, "<p>In secret.</p>", title="Another title")

    page = signed_in(pair.mentor).get(url_of(pair.pairing)).content.decode()

    assert "Usage review" in page
    assert "Another title" not in page
    assert "another-title" not in page
    for words in ("We met", ">Pause<", ">Hand over<", ">End<"):
        assert words not in page


def test_home_mentees_and_messages_lead_to_it(pair, signed_in):
    for person, path in ((pair.mentee, "/home/"), (pair.mentor, "/home/"), (pair.mentor, "/mentees/")):
        assert f'href="{url_of(pair.pairing)}"' in signed_in(person).get(path).content.decode()
    thread = reverse("pairings:messages", args=[pair.pairing.slug])
    assert f'href="{url_of(pair.pairing)}"' in signed_in(pair.mentor).get(thread).content.decode()


@pytest.mark.parametrize("amount", [1, 3])
def test_it_asks_the_same_of_the_database_however_much_there_is(pair, signed_in, django_assert_num_queries, amount):
    new = MentorOfferFactory(enrolment=EnrolmentFactory(programme=pair.pairing.programme, role=Enrolment.Role.MENTOR))
    for number in range(amount):
        page = make_page(pair.portfolio, title=f"Page {number}", body="<p>One.</p>")
        actions.add_comment(page, by=pair.mentor, body="And two?")
        share(page, "<p>One and two.</p>")
        send_message(pair.pairing, by=pair.mentor, body="Hello.")
        HandOver.objects.create(
            pairing=pair.pairing, offer=new, mentor=new.enrolment.person, by=pair.mentee, state="withdrawn"
        )
        pair.pairing.kind_notes.create(by=PersonFactory(), words="How are you?")
    browser = signed_in(pair.mentor)
    browser.get(url_of(pair.pairing))

    with django_assert_num_queries(11):
        browser.get(url_of(pair.pairing))
