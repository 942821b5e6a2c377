"""Which pages a portfolio has, in which order, and called what: nothing of them is ever lost."""

import pytest
from django.utils import timezone

from notifications.models import Email, Notification
from portfolios import actions
from portfolios.models import Comment, Page, PageVersion
from tests.factories import PairingFactory, make_page, make_portfolio, share


@pytest.fixture
def three(pair):
    """Amina's pages “Usage review”, “Two” and “Three”; gives their titles in order."""
    make_page(pair.portfolio, title="Two", body="<p>Two.</p>")
    make_page(pair.portfolio, title="Three")
    return lambda: titles(pair.portfolio)


def titles(portfolio):
    return list(portfolio.pages.values_list("draft__title", flat=True))


def keys(portfolio):
    return list(portfolio.pages.values_list("pk", flat=True))


def new_for(person):
    return Notification.objects.unseen().filter(person=person).count()


# Order


def test_pages_are_put_into_another_order(pair, three):
    first, second, third = keys(pair.portfolio)

    actions.arrange_pages(pair.portfolio, order=[third, first, second], by=pair.mentee)

    assert three() == ["Three", "Usage review", "Two"]


def test_a_page_that_was_added_elsewhere_meanwhile_stays_where_it_is(pair, three):
    first, second, third = keys(pair.portfolio)
    make_page(pair.portfolio, title="Added elsewhere")

    actions.arrange_pages(pair.portfolio, order=[third, second, first], by=pair.mentee)

    assert three() == ["Three", "Two", "Usage review", "Added elsewhere"]


def test_what_is_no_page_of_the_portfolio_is_left_out_of_the_order(pair, three):
    first, _second, third = keys(pair.portfolio)
    foreign = make_page(make_portfolio())

    actions.arrange_pages(pair.portfolio, order=[foreign.pk, third, third, 0, first], by=pair.mentee)

    assert three() == ["Three", "Two", "Usage review"]
    assert Page.objects.get(pk=foreign.pk).position == 0


def test_an_order_of_nothing_changes_nothing(pair, three):
    actions.arrange_pages(pair.portfolio, order=[], by=pair.mentee)

    assert three() == ["Usage review", "Two", "Three"]


@pytest.mark.parametrize(
    ("place", "expected", "answer"),
    [
        (1, ["Two", "Usage review", "Three"], (1, 3)),
        (2, ["Usage review", "Two", "Three"], (2, 3)),
        (3, ["Usage review", "Three", "Two"], (3, 3)),
        (0, ["Two", "Usage review", "Three"], (1, 3)),
        (99, ["Usage review", "Three", "Two"], (3, 3)),
    ],
)
def test_a_page_moves_to_a_place_and_no_further_however_often(pair, three, place, expected, answer):
    page = pair.portfolio.pages.get(draft__title="Two")

    answers = [actions.move_page(page, place=place, by=pair.mentee) for _ in range(2)]

    assert answers == [answer, answer]
    assert three() == expected


def test_places_count_only_the_pages_that_are_there(pair, three):
    actions.put_away(pair.portfolio.pages.get(draft__title="Two"), by=pair.mentee)
    third = pair.portfolio.pages.get(draft__title="Three")

    assert actions.move_page(third, place=1, by=pair.mentee) == (1, 2)
    assert three() == ["Three", "Two", "Usage review"]


# Title


def test_a_new_title_is_the_drafts_until_the_page_is_shared(pair):
    actions.rename_page(pair.page, title="What people use", by=pair.mentee)
    pair.page.refresh_from_db()

    assert titles(pair.portfolio) == ["What people use"]
    assert pair.page.latest.title == "Usage review"
    assert pair.page.slug == "usage-review"
    assert pair.page.draft.body == "<p>In March I asked to sit in.</p>"

    actions.share_update(pair.page, by=pair.mentee)
    pair.page.refresh_from_db()

    assert pair.page.latest.title == "What people use"
    assert pair.page.slug == "what-people-use"


def test_an_open_editor_notices_that_the_page_was_renamed(pair):
    saves = pair.page.draft.saves
    actions.rename_page(pair.page, title="What people use", by=pair.mentee)

    with pytest.raises(actions.StaleDraft):
        actions.save_draft(
            pair.page, title="Usage review", body="<p>New.</p>", criteria=[], saves=saves, by=pair.mentee
        )

    assert titles(pair.portfolio) == ["What people use"]


def test_the_same_title_again_is_no_save(pair):
    pair.page.draft.refresh_from_db()
    saves = pair.page.draft.saves

    assert actions.rename_page(pair.page, title="Usage review", by=pair.mentee).saves == saves


# Away and back


def test_a_page_that_is_put_away_is_gone_for_others_and_nothing_of_it_is_deleted(pair):
    actions.add_comment(pair.page, by=pair.mentor, body="Well said.")
    before = PageVersion.objects.count(), Comment.objects.count()

    actions.put_away(pair.page, by=pair.mentee)

    assert (PageVersion.objects.count(), Comment.objects.count()) == before
    assert not Page.objects.visible_to(pair.mentor).exists()
    assert not Comment.objects.visible_to(pair.mentor).exists()
    assert Page.objects.visible_to(pair.mentee).get() == pair.page

    actions.bring_back(pair.page, by=pair.mentee)

    assert Page.objects.visible_to(pair.mentor).get() == pair.page
    assert Comment.objects.visible_to(pair.mentor).count() == 1


def test_a_page_comes_back_to_where_it_was(pair, three):
    page = pair.portfolio.pages.get(draft__title="Two")
    actions.put_away(page, by=pair.mentee)
    actions.put_away(page, by=pair.mentee)

    actions.bring_back(page, by=pair.mentee)
    actions.bring_back(page, by=pair.mentee)

    assert three() == ["Usage review", "Two", "Three"]
    assert not pair.portfolio.pages.exclude(archived_at=None).exists()


def test_news_of_a_page_that_is_put_away_are_none_until_it_is_back(pair):
    share(pair.page, "<p>In April I asked to sit in.</p>")
    actions.add_comment(pair.page, by=pair.mentor, body="Well said.")
    assert (new_for(pair.mentor), new_for(pair.mentee)) == (2, 1)

    actions.put_away(pair.page, by=pair.mentee)

    assert (new_for(pair.mentor), new_for(pair.mentee)) == (0, 1)

    actions.bring_back(pair.page, by=pair.mentee)

    assert new_for(pair.mentor) == 2


def test_what_the_mentor_had_seen_does_not_become_new_by_coming_back(pair):
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now())
    share(pair.page, "<p>In April I asked to sit in.</p>")
    actions.put_away(pair.page, by=pair.mentee)

    actions.bring_back(pair.page, by=pair.mentee)

    assert new_for(pair.mentor) == 1


def test_nothing_said_beside_a_page_that_is_put_away_is_told(pair):
    actions.put_away(pair.page, by=pair.mentee)

    actions.add_comment(pair.page, by=pair.mentee, body="To myself.")

    assert new_for(pair.mentor) == 0


def test_a_mentor_who_came_and_went_meanwhile_hears_nothing_when_it_is_back(pair):
    actions.put_away(pair.page, by=pair.mentee)
    pair.pairing.state, pair.pairing.ended_at = "ended", timezone.now()
    pair.pairing.reads_until = pair.pairing.ended_at
    pair.pairing.save()
    new = PairingFactory(programme=pair.pairing.programme, mentee=pair.mentee)

    actions.bring_back(pair.page, by=pair.mentee)

    assert (new_for(pair.mentor), new_for(new.mentor)) == (0, 0)


def test_an_email_that_was_not_needed_meanwhile_is_due_again(pair):
    told = Notification.objects.get(person=pair.mentor)
    told.email = Email.objects.create(person=pair.mentor, bundle=pair.pairing.bundle, state=Email.State.DROPPED)
    told.save()

    actions.put_away(pair.page, by=pair.mentee)
    assert not Notification.objects.waiting().exists()
    actions.bring_back(pair.page, by=pair.mentee)

    assert Notification.objects.waiting().get() == told
