"""Two tabs and double clicks arrange pages at the same moment: no page is lost or doubled, nobody waits for ever."""

import pytest

from portfolios import actions
from portfolios.models import Page
from tests.at_once import all_at_once
from tests.factories import make_page, make_portfolio, share

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pages():
    portfolio = make_portfolio()
    return [make_page(portfolio, title=f"Page {number}", body="<p>Words.</p>") for number in range(6)]


def in_order(pages):
    return list(pages[0].portfolio.pages.order_by("position", "pk").values_list("pk", "position"))


def test_arranging_moving_and_adding_at_once_keeps_every_page_once(pages):
    portfolio, by = pages[0].portfolio, pages[0].owner
    keys = [page.pk for page in pages]
    calls = [
        lambda: actions.arrange_pages(portfolio, order=keys[::-1], by=by),
        lambda: actions.arrange_pages(portfolio, order=keys[3:] + keys[:3], by=by),
        lambda: actions.move_page(pages[5], place=1, by=by),
        lambda: actions.move_page(pages[0], place=4, by=by),
        lambda: actions.add_page(portfolio, title="Another", by=by),
        lambda: actions.put_away(pages[2], by=by),
    ]

    came = all_at_once(calls * 2)

    assert came == {"done": 12}
    found = in_order(pages)
    assert len({key for key, _ in found}) == 8
    actions.arrange_pages(portfolio, order=[], by=by)
    assert [position for _, position in in_order(pages)] == list(range(8))


def test_sharing_under_a_new_title_and_arranging_do_not_wait_for_each_other(pages):
    """Who shares holds the page and may need the portfolio; who arranges must not hold it the other way round."""
    portfolio, by = pages[0].portfolio, pages[0].owner
    keys = [page.pk for page in pages]

    def reshare(page):
        return lambda: share(page, "<p>New words.</p>", title=f"Renamed {page.pk}")

    calls = [reshare(page) for page in pages]
    calls += [
        lambda turn=turn: actions.arrange_pages(portfolio, order=keys[turn:] + keys[:turn], by=by) for turn in range(6)
    ]

    assert all_at_once(calls) == {"done": 12}
    assert Page.objects.filter(slug__startswith="renamed").count() == 6


def test_putting_away_and_bringing_back_at_once_ends_in_one_of_the_two(pages):
    by = pages[0].owner

    came = all_at_once([lambda: actions.put_away(pages[0], by=by), lambda: actions.bring_back(pages[0], by=by)] * 4)

    assert came == {"done": 8}
    assert Page.objects.count() == 6


def test_renaming_twice_at_once_is_one_save(pages):
    before = pages[0].draft.saves

    came = all_at_once([lambda: actions.rename_page(pages[0], title="One name", by=pages[0].owner)] * 5)

    pages[0].draft.refresh_from_db()
    assert came == {"done": 5}
    assert (pages[0].draft.title, pages[0].draft.saves) == ("One name", before + 1)
