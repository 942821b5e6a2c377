"""One thing to do in ten minutes, the first of a fixed order that applies."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from pairings.actions import move_pairing
from pairings.pairs import Person
from portfolios import actions
from portfolios.own import Goal, OwnPage, OwnPortfolio, Question, parts_of
from portfolios.starters import STARTERS
from portfolios.suggestion import ENOUGH, FORGOTTEN, suggest
from tests.factories import make_page, share

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
OWN, SERVICE, WIDER = Goal(1, 1, "Your own practice"), Goal(2, 2, "Your service"), Goal(3, 3, "The wider profession")


def a_page(title="Usage review", **other):
    """A shared page of 400 words that speaks to criterion 1, as its owner knows it."""
    page = OwnPage(
        pk=1,
        address=("amina-okafor", "usage-review"),
        title=title,
        saved_at=NOW - timedelta(days=30),
        is_blank=False,
        has_changes=False,
        criteria=frozenset([1]),
        archived_at=None,
        number=1,
        words=400,
        shared_title=title,
        shared_at=NOW - timedelta(days=30),
        question=None,
    )
    return replace(page, **other)


def asked(days, opening="Who did you ask?"):
    return Question(7, Person(2, "Ruth Lindqvist", "", "ruth@example.org"), NOW - timedelta(days=days), opening)


def suggested(*pages, goals=(OWN,)):
    found = suggest(OwnPortfolio(1, "amina-okafor", list(goals), list(pages)), now=NOW)
    return found.title, found.url


PAGE = "/portfolios/amina-okafor/usage-review/"
# Each of these comes before all that stand below it.
IN_ORDER = {
    "answer": (a_page(question=asked(1)), "Ruth asked you something on “Usage review”", f"{PAGE}#comment-7"),
    "share": (
        a_page(has_changes=True),
        "Share what you changed in “Usage review”",
        f"{PAGE}share/",
    ),
    "go on": (a_page(number=None), "Go on with “Usage review”", f"{PAGE}edit/"),
    "criterion": (a_page(criteria=frozenset()), "Say which criterion “Usage review” speaks to", f"{PAGE}edit/"),
    "example": (a_page(words=ENOUGH - 1), "Add one example to “Usage review”", f"{PAGE}edit/"),
}


@pytest.mark.parametrize("first", IN_ORDER)
def test_the_first_that_applies_wins(first):
    pages = [page for name, (page, *_) in IN_ORDER.items() if list(IN_ORDER).index(name) >= list(IN_ORDER).index(first)]
    _, title, url = IN_ORDER[first]

    assert suggested(*reversed(pages)) == (title, url)


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([a_page()], ("Begin a page on “Your service”", "/portfolios/amina-okafor/new/?criterion=2")),
        (
            [a_page(), a_page(), a_page(), a_page(criteria=frozenset([2, 3]))],
            ("Begin a page on “Your service”", "/portfolios/amina-okafor/new/?criterion=2"),
        ),
        (
            [a_page(), a_page(criteria=frozenset([2])), a_page(criteria=frozenset([1, 3]))],
            ("Begin a page: “Something I changed”", "/portfolios/amina-okafor/new/?starter=changed"),
        ),
    ],
    ids=["none yet", "clearly fewer", "about even"],
)
def test_the_criterion_with_the_fewest_pages_comes_before_a_longer_page(pages, expected):
    assert suggested(*pages, goals=[OWN, SERVICE, WIDER]) == expected


def test_among_several_the_one_that_waits_longest_comes_first():
    questions = [a_page("New", question=asked(1)), a_page("Old", question=asked(9)), a_page("Mid", question=asked(4))]
    drafts = [a_page(name, number=None, saved_at=NOW - timedelta(days=days)) for name, days in (("A", 1), ("B", 5))]

    assert suggested(*questions)[0] == "Ruth asked you something on “Old”"
    assert suggested(*drafts)[0] == "Go on with “B”"
    assert suggested(a_page("Long", words=290), a_page("Short", words=30))[0] == "Add one example to “Short”"


def test_changes_of_today_are_left_in_peace():
    young = a_page(has_changes=True, saved_at=NOW - FORGOTTEN + timedelta(minutes=1))

    assert suggested(young)[0] == "Begin a page: “Something I changed”"


def test_pages_that_are_put_away_are_left_in_peace():
    away = a_page(question=asked(1), has_changes=True, archived_at=NOW)

    assert suggested(away)[0] == "Begin a page: “Something I changed”"


def test_a_starter_that_was_used_gives_way_to_the_next():
    used = [a_page(str(starter.title)) for starter in STARTERS]

    assert suggested()[0] == "Begin a page: “Something I changed”"
    assert suggested(used[0])[0] == "Begin a page: “How my service works”"
    assert suggested(*used) == ("Begin something new", "/portfolios/amina-okafor/new/")


def test_a_level_without_criteria_suggests_none():
    assert suggested(a_page(criteria=frozenset()), goals=[])[0] == "Begin a page: “Something I changed”"


# What the database says


def own_pages(person):
    return next(part.portfolio for part in parts_of(person) if part.portfolio).pages


def test_a_question_waits_until_its_owner_answers_or_settles_it(pair):
    first = actions.add_comment(pair.page, by=pair.mentor, kind="question", body="Who did you ask?")
    second = actions.add_comment(pair.page, by=pair.mentor, kind="question", body="And who answered?")
    actions.add_comment(pair.page, by=pair.mentor, kind="idea", body="An idea.")
    actions.add_comment(pair.page, by=pair.mentee, kind="question", body="Shall I ask more?")
    waiting = []

    for act in (
        lambda: None,
        lambda: actions.add_comment(pair.page, by=pair.mentor, reply_to=first, body="Anybody?"),
        lambda: actions.add_comment(pair.page, by=pair.mentee, reply_to=first, body="Six colleagues."),
        lambda: actions.settle_comment(second, by=pair.mentee),
    ):
        act()
        question = own_pages(pair.mentee)[0].question
        waiting.append(question and (question.pk, question.opening, question.asked_by.first_name))

    assert waiting == [
        (first.pk, "Who did you ask?", "Ruth"),
        (first.pk, "Who did you ask?", "Ruth"),
        (second.pk, "And who answered?", "Ruth"),
        None,
    ]


def test_nobody_waits_for_an_answer_whose_time_has_ended(pair):
    actions.add_comment(pair.page, by=pair.mentor, kind="question", body="Who did you ask?")
    move_pairing(pair.pairing, "ended", by=pair.mentee)

    assert own_pages(pair.mentee)[0].question is None


def test_own_pages_say_what_is_shared_and_what_is_not(pair):
    make_page(pair.portfolio, title="Empty")
    share(pair.page, "<p>One two three.</p>")
    pair.page.draft.refresh_from_db()
    actions.save_draft(
        pair.page, title="T", body="<p>Four.</p>", criteria=[], saves=pair.page.draft.saves, by=pair.mentee
    )
    actions.put_away(pair.page, by=pair.mentee)

    found = [
        (
            page.title,
            page.shared_title,
            page.number,
            page.words,
            page.is_blank,
            page.has_changes,
            bool(page.archived_at),
        )
        for page in own_pages(pair.mentee)
    ]

    assert found == [("T", "Usage review", 2, 3, False, True, True), ("Empty", None, None, 0, True, False, False)]


def test_the_parts_somebody_takes_are_told_with_the_newest_portfolio_first(pair):
    [part] = parts_of(pair.mentee)

    assert (part.role, part.is_current, part.portfolio.slug) == ("mentee", True, "amina-okafor")
    assert parts_of(pair.mentor) == []
    assert suggest(part.portfolio, now=timezone.now()).button
