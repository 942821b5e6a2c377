"""A page asks the database the same number of questions, however much there is to show."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.actions import add_action, finish_action, record_meeting, share_plan
from meetings.planning import Given
from meetings.starters import TALK
from notifications.actions import mark_all_seen, mark_seen
from notifications.models import Event
from pairings.actions import add_wish, ask, move_pairing, send_message
from pairings.models import Pairing
from portfolios import actions
from tests.factories import (
    CriterionFactory,
    EnrolmentFactory,
    LevelFactory,
    PairingFactory,
    PersonFactory,
    make_page,
    make_portfolio,
    share,
)
from tests.pairings.asking import WORDS, make_mentee, make_mentor

AMOUNTS = pytest.mark.parametrize("amount", [1, 3])


@pytest.fixture
def count(signed_in, django_assert_num_queries):
    """`count(number, person, url)` opens the page, warm, with exactly that number of queries."""

    def open_page(number, person, url):
        browser = signed_in(person)
        browser.get(url)
        with django_assert_num_queries(number):
            assert browser.get(url).status_code == 200

    return open_page


def mentees_of(mentor, amount):
    for _ in range(amount):
        pairing = PairingFactory(mentor=mentor)
        page = make_page(make_portfolio(pairing.mentee, pairing.programme), body="<p>One.</p>")
        asked = actions.add_comment(page, by=mentor, body="And two?", seen_until=page.latest.shared_at)
        share(page, "<p>One and two.</p>")
        actions.add_comment(page, by=pairing.mentee, body="Two.", reply_to=asked)


def comments_on(pair, amount):
    for _ in range(amount):
        page = make_page(pair.portfolio, body="<p>Words.</p>")
        actions.add_comment(page, by=pair.mentor, kind="question", body="Who did you ask?")


def meetings_of(person):
    """Of every pairing a plan that its mentor has not read, and something for each to do."""
    for number, pairing in enumerate(Pairing.objects.visible_to(person).order_by("pk"), start=1):
        starts_at = timezone.now() + timedelta(days=number)
        meeting = record_meeting(pairing, by=pairing.mentee, starts_at=starts_at, minutes=60, how="video")
        for one in (pairing.mentee, pairing.mentor):
            mark_seen(one, Event.objects.filter(kind="meetings.booked"))
            add_action(pairing, by=one, person=one, words="Read the statement")
        share_plan(meeting, by=pairing.mentee, answers={TALK: Given(words="Two projects.")}, expected_number=0)


def all_new_for(person, amount):
    """Of every pairing a share, comments and messages."""
    mentees_of(person, amount)
    for pairing in Pairing.objects.visible_to(person):
        for number in range(amount):
            send_message(pairing, by=pairing.other_than(person), body=f"Number {number}.")


@AMOUNTS
def test_home_of_a_mentor_to_whom_all_is_new(db, count, amount):
    mentor = PersonFactory()
    all_new_for(mentor, amount)
    meetings_of(mentor)

    count(7, mentor, "/home/")


@AMOUNTS
def test_home_of_a_mentee_to_whom_all_is_new(pair, count, amount):
    comments_on(pair, amount)
    send_message(pair.pairing, by=pair.mentor, body="Hello.")

    count(6, pair.mentee, "/home/")


@AMOUNTS
def test_home_of_somebody_who_is_both_and_to_whom_all_is_new(pair, count, amount):
    comments_on(pair, amount)
    all_new_for(pair.mentee, amount)
    meetings_of(pair.mentee)

    count(8, pair.mentee, "/home/")


@AMOUNTS
def test_home_of_a_mentor(db, count, amount):
    mentor = PersonFactory()
    mentees_of(mentor, amount)

    count(7, mentor, "/home/")


@AMOUNTS
def test_home_of_a_mentee(pair, count, amount):
    comments_on(pair, amount)

    count(6, pair.mentee, "/home/")


@AMOUNTS
def test_home_of_somebody_who_is_both(pair, count, amount):
    mentees_of(pair.mentee, amount)
    comments_on(pair, amount)

    count(8, pair.mentee, "/home/")


def test_home_of_somebody_who_has_seen_everything(pair, count):
    actions.mark_read(pair.page, by=pair.mentor, until=pair.page.latest.shared_at)

    count(6, pair.mentor, "/home/")


@AMOUNTS
def test_home_for_the_first_time_after_a_share(pair, signed_in, django_assert_num_queries, amount):
    """What is said there was made ready when it was shared."""
    actions.mark_read(pair.page, by=pair.mentor, until=pair.page.latest.shared_at)
    for number in range(amount):
        share(pair.page, f"<p>Words of version {number}.</p>")
    browser = signed_in(pair.mentor)

    with django_assert_num_queries(6):
        page = browser.get("/home/").content.decode()

    assert "1 change" in page or "2 changes" in page


@AMOUNTS
def test_new_for_you(pair, count, amount):
    mentees_of(pair.mentee, amount)
    comments_on(pair, amount)

    count(8, pair.mentee, "/new/")


@AMOUNTS
def test_what_was_seen_earlier(pair, count, amount):
    mentees_of(pair.mentee, amount)
    comments_on(pair, amount)
    mark_all_seen(pair.mentee, until=timezone.now())

    count(7, pair.mentee, "/new/earlier/")


@AMOUNTS
def test_mentees(db, count, amount):
    mentor = PersonFactory()
    mentees_of(mentor, amount)

    count(5, mentor, "/mentees/")


@AMOUNTS
def test_mentees_whose_time_has_ended(db, count, amount):
    mentor = PersonFactory()
    mentees_of(mentor, amount)
    for pairing in mentor.pairings_as_mentor.all():
        move_pairing(pairing, "ended", by=mentor)

    count(7, mentor, "/mentees/")


@AMOUNTS
def test_the_page_of_a_pairing(pair, count, amount):
    comments_on(pair, amount)
    send_message(pair.pairing, by=pair.mentor, body="Hello.")
    for number in range(1, amount + 1):
        held = record_meeting(
            pair.pairing, by=pair.mentee, starts_at=timezone.now() + timedelta(hours=number), minutes=10, how="phone"
        )
        share_plan(held, by=pair.mentee, answers={TALK: Given(words="Two projects.")}, expected_number=0)
        done = add_action(pair.pairing, by=pair.mentee, person=pair.mentee, words="Read it")
        finish_action(done, by=pair.mentee)

    count(12, pair.mentor, f"/pairings/{pair.pairing.slug}/")


@AMOUNTS
@pytest.mark.parametrize(("reader", "number"), [("mentee", 9), ("mentor", 12)])
def test_a_portfolio(pair, count, amount, reader, number):
    comments_on(pair, amount)
    for page in pair.portfolio.pages.all():
        actions.add_comment(page, by=pair.mentee, body="Thank you.")

    count(number, getattr(pair, reader), pair.portfolio.get_absolute_url())


@AMOUNTS
@pytest.mark.parametrize(("reader", "number"), [("mentee", 8), ("mentor", 8)])
def test_a_page_with_its_comments_and_changes(pair, count, amount, reader, number):
    actions.mark_read(pair.page, by=pair.mentor, until=pair.page.latest.shared_at)
    for version in range(amount):
        share(pair.page, f"<p>Version {version}.</p>")
        comment = actions.add_comment(pair.page, by=pair.mentee, body="What do you think?")
        actions.add_comment(pair.page, by=pair.mentee, body="Anybody?", reply_to=comment)

    count(number, getattr(pair, reader), pair.page.get_absolute_url())


@AMOUNTS
def test_the_register(db, count, amount):
    mentee = make_mentee()
    for number in range(amount):
        offer = make_mentor(mentee.programme, f"Mentor Number{number}")
        add_wish(offer, by=mentee.person)
    mentee.line_manager = "Somebody Else"
    mentee.save()

    count(10, mentee.person, "/mentors/?search=mentor&by=")
    count(10, mentee.person, "/mentors/mentor-number0/")


@AMOUNTS
def test_requests(db, count, amount):
    mentor = make_mentor(make_mentee().programme)
    requests = [
        ask(mentor, by=make_mentee(mentor.enrolment.programme, f"Mentee Number{number}").person, **WORDS)
        for number in range(amount)
    ]

    count(5, mentor.enrolment.person, "/requests/")
    count(5, mentor.enrolment.person, f"/requests/{requests[0].slug}/")
    count(7, mentor.enrolment.person, "/home/")


@AMOUNTS
def test_the_editor(db, count, amount):
    level = LevelFactory()
    CriterionFactory.create_batch(amount, level=level)
    enrolment = EnrolmentFactory(programme=level.programme, level=level)
    page = make_page(actions.open_portfolio(enrolment, by=enrolment.person), body="<p>Words.</p>")

    count(6, enrolment.person, f"{page.get_absolute_url()}edit/")
