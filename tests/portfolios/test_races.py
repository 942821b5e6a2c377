"""Two people, two tabs, two clicks at the same moment: no error, nothing lost, nothing doubled."""

from collections import Counter

import pytest
from django.utils import timezone

from notifications.models import Notification
from notifications.outbox import gather
from portfolios import actions
from portfolios.models import Comment, Page, PageVersion, Portfolio
from tests.at_once import all_at_once
from tests.factories import EnrolmentFactory, make_page, make_portfolio, share

pytestmark = pytest.mark.django_db(transaction=True)


def write(page, body):
    draft = page.draft
    draft.refresh_from_db()
    actions.save_draft(page, title=draft.title, body=body, criteria=[], saves=draft.saves, by=page.owner)


def test_sharing_twice_at_once_makes_one_version_and_tells_once(pair):
    write(pair.page, "<p>Other words.</p>")

    made = all_at_once([lambda: actions.share_update(pair.page, by=pair.mentee)] * 6)

    assert made == {"done": 6}
    assert PageVersion.objects.filter(page=pair.page).count() == 2
    assert Notification.objects.filter(event__kind="portfolios.page_shared").count() == 2


def test_saving_from_two_tabs_at_once_keeps_one_and_says_so_to_the_other(pair):
    saves = pair.page.draft.saves

    def save(body):
        return lambda: actions.save_draft(pair.page, title="T", body=body, criteria=[], saves=saves, by=pair.mentee)

    results = all_at_once([save("<p>One.</p>"), save("<p>Two.</p>")])

    assert results == {"StaleDraft": 1, "done": 1}
    pair.page.draft.refresh_from_db()
    assert pair.page.draft.body in ("<p>One.</p>", "<p>Two.</p>")


def test_the_same_comment_twenty_times_at_once_is_one_comment(pair):
    results = all_at_once(
        [lambda: actions.add_comment(pair.page, by=pair.mentor, kind="question", body="Who did you ask?")] * 20
    )

    assert results == {"done": 20}
    assert Comment.objects.count() == 1
    assert Notification.objects.filter(event__kind="portfolios.commented").count() == 1


def test_two_who_write_to_each_other_while_mail_is_gathered_never_lock_each_other_out(pair):
    def comment(by, number):
        return lambda: actions.add_comment(
            pair.page, by=by, kind="idea", body=f"Number {number}.", seen_until=timezone.now()
        )

    def collect():
        return gather(timezone.now())

    turns = [turn for number in range(12) for turn in (comment(pair.mentee, number), comment(pair.mentor, number))]

    results = all_at_once([*turns, *[collect] * 6])

    assert results == {"done": 30}
    assert Comment.objects.count() == 24


def test_two_pages_shared_at_once_under_one_title_get_two_addresses(pair):
    pages = [make_page(pair.portfolio, title=f"Page {number}") for number in range(4)]
    for page in pages:
        draft = page.draft
        actions.save_draft(page, title="The same", body="<p>Words.</p>", criteria=[], saves=draft.saves, by=pair.mentee)

    results = all_at_once([lambda page=page: actions.share_update(page, by=pair.mentee) for page in pages])

    assert results == {"done": 4}
    slugs = Page.objects.filter(pk__in=[page.pk for page in pages]).values_list("slug", flat=True)
    assert sorted(slugs) == ["the-same", "the-same-2", "the-same-3", "the-same-4"]


def test_a_share_that_commits_while_somebody_reads_stays_new(pair):
    until = timezone.now()
    share(pair.page, "<p>Shared while the page was open.</p>", at=until)

    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now(), shown=1)

    assert Notification.objects.unseen().filter(person=pair.mentor).count() == 1


def test_opening_portfolios_at_once_gives_each_person_one_with_an_address_of_its_own():
    enrolments = [EnrolmentFactory(person__name="Amina Okafor") for _ in range(3)]

    came = all_at_once([lambda each=each: actions.open_portfolio(each, by=each.person) for each in enrolments * 4])

    assert came == {"done": 12}
    assert sorted(Portfolio.objects.values_list("slug", flat=True)) == [
        "amina-okafor",
        "amina-okafor-2",
        "amina-okafor-3",
    ]


def test_adding_pages_of_one_title_at_once_gives_each_an_address_of_its_own():
    portfolio = make_portfolio()

    came = all_at_once([lambda: actions.add_page(portfolio, title="One", by=portfolio.owner)] * 6)

    assert came == {"done": 6}
    assert sorted(Page.objects.values_list("slug", flat=True)) == ["one", "one-2", "one-3", "one-4", "one-5", "one-6"]


ROUNDS = 8


def rounds(pair, calls):
    """What came of `calls(page)`, made at the same moment, on one new page after another."""
    came = Counter()
    for number in range(ROUNDS):
        page = make_page(pair.portfolio, title=f"Page {number}", body="<p>Words are here.</p>")
        came.update(all_at_once(calls(page)))
    return came


@pytest.mark.parametrize("verb", [actions.add_comment, actions.finish_review])
def test_reading_on_while_something_is_said_stops_nobody(pair, verb):
    now = timezone.now()
    said = {"body": "My words", "seen_until": now} if verb is actions.add_comment else {"until": now}

    came = rounds(
        pair,
        lambda page: [
            lambda: actions.mark_read(page, by=pair.mentor, until=now),
            lambda: verb(page, by=pair.mentor, **said),
        ],
    )

    assert came == {"done": 2 * ROUNDS}


def test_taking_a_suggestion_while_the_page_is_shared_and_answered_stops_nobody(pair):
    def calls(page):
        comment = actions.add_comment(page, by=pair.mentor, quote="Words", suggestion="Letters")
        return [
            lambda: actions.take_suggestion(comment, by=pair.mentee),
            lambda: actions.share_update(page, by=pair.mentee),
            lambda: actions.add_comment(page, by=pair.mentor, reply_to=comment, body="My words"),
        ]

    assert rounds(pair, calls) == {"done": 3 * ROUNDS}
