"""Pressing a button many times at once does one thing."""

import pytest

from portfolios import actions
from portfolios.models import Page, Portfolio
from tests.at_once import all_at_once
from tests.factories import EnrolmentFactory, make_portfolio


@pytest.mark.django_db(transaction=True)
def test_opening_portfolios_at_once_gives_each_person_one_with_an_address_of_its_own():
    enrolments = [EnrolmentFactory(person__name="Amina Okafor") for _ in range(3)]

    came = all_at_once([lambda each=each: actions.open_portfolio(each, by=each.person) for each in enrolments * 4])

    assert came == {"done": 12}
    assert sorted(Portfolio.objects.values_list("slug", flat=True)) == [
        "amina-okafor",
        "amina-okafor-2",
        "amina-okafor-3",
    ]


@pytest.mark.django_db(transaction=True)
def test_adding_pages_of_one_title_at_once_gives_each_an_address_of_its_own():
    portfolio = make_portfolio()

    came = all_at_once([lambda: actions.add_page(portfolio, title="One", by=portfolio.owner)] * 6)

    assert came == {"done": 6}
    assert sorted(Page.objects.values_list("slug", flat=True)) == ["one", "one-2", "one-3", "one-4", "one-5", "one-6"]
