"""A page asks the database the same number of questions, however much there is to show."""

import pytest

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
        actions.mark_read(page, by=mentor, until=page.latest.shared_at)
        share(page, "<p>One and two.</p>")


@AMOUNTS
def test_home_of_a_mentor(db, count, amount):
    mentor = PersonFactory()
    mentees_of(mentor, amount)

    count(11, mentor, "/home/")


@AMOUNTS
def test_home_of_a_mentee(pair, count, amount):
    for _ in range(amount):
        page = make_page(pair.portfolio, body="<p>Words.</p>")
        actions.add_comment(page, by=pair.mentor, body="Well said.")

    count(9, pair.mentee, "/home/")


@AMOUNTS
def test_home_of_somebody_who_is_both(pair, count, amount):
    mentees_of(pair.mentee, amount)
    for _ in range(amount):
        page = make_page(pair.portfolio, body="<p>Words.</p>")
        actions.add_comment(page, by=pair.mentor, body="Well said.")

    count(12, pair.mentee, "/home/")


@AMOUNTS
def test_mentees(db, count, amount):
    mentor = PersonFactory()
    mentees_of(mentor, amount)

    count(6, mentor, "/mentees/")


@AMOUNTS
@pytest.mark.parametrize(("reader", "number"), [("mentee", 9), ("mentor", 8)])
def test_a_portfolio(pair, count, amount, reader, number):
    for _ in range(amount):
        page = make_page(pair.portfolio, body="<p>Words.</p>")
        actions.add_comment(page, by=pair.mentor, body="Well said.")

    count(number, getattr(pair, reader), pair.portfolio.get_absolute_url())


@AMOUNTS
@pytest.mark.parametrize(("reader", "number"), [("mentee", 7), ("mentor", 8)])
def test_a_page_with_its_comments_and_changes(pair, count, amount, reader, number):
    actions.mark_read(pair.page, by=pair.mentor, until=pair.page.latest.shared_at)
    for version in range(amount):
        share(pair.page, f"<p>Version {version}.</p>")
        comment = actions.add_comment(pair.page, by=pair.mentee, body="What do you think?")
        actions.add_comment(pair.page, by=pair.mentee, body="Anybody?", reply_to=comment)

    count(number, getattr(pair, reader), pair.page.get_absolute_url())


@AMOUNTS
def test_the_editor(db, count, amount):
    level = LevelFactory()
    CriterionFactory.create_batch(amount, level=level)
    enrolment = EnrolmentFactory(programme=level.programme, level=level)
    page = make_page(actions.open_portfolio(enrolment, by=enrolment.person), body="<p>Words.</p>")

    count(6, enrolment.person, f"{page.get_absolute_url()}edit/")
