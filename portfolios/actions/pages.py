"""Which pages a portfolio has, what they are called, and where they are found."""

import re

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.slugs import free_slug, one_at_a_time
from notifications.actions import set_aside, take_up_again
from notifications.models import Event
from portfolios import notices
from portfolios.actions.telling import lock_pair
from portfolios.models import RESERVED_SLUGS, Page, PageDraft, PageSlug, Portfolio, PortfolioSlug


@transaction.atomic
def open_portfolio(enrolment, *, by, at=None):
    """The portfolio of a mentee's enrolment, made at the first call."""
    one_at_a_time("portfolio")
    portfolio = Portfolio.objects.filter(enrolment=enrolment).first()
    if portfolio:
        return portfolio
    slug = free_slug(
        enrolment.person.name,
        taken=PortfolioSlug.objects.values_list("slug", flat=True).filter(
            slug__startswith=free_slug(enrolment.person.name, taken=(), fallback="portfolio")
        ),
        fallback="portfolio",
    )
    portfolio = Portfolio.objects.create(enrolment=enrolment, slug=slug, created_at=at or timezone.now())
    PortfolioSlug.objects.create(portfolio=portfolio, slug=slug, given_at=portfolio.created_at)
    return portfolio


@transaction.atomic
def add_page(portfolio, *, title, by, criteria=(), at=None):
    """A new page at the end, with an empty private draft. Nobody is told: nothing is shared yet."""
    at = at or timezone.now()
    portfolio = Portfolio.objects.select_for_update(no_key=True).get(pk=portfolio.pk)
    last = portfolio.pages.aggregate(last=Max("position"))["last"]
    slug = _free_page_slug(portfolio, title)
    page = Page.objects.create(portfolio=portfolio, slug=slug, position=0 if last is None else last + 1, created_at=at)
    PageSlug.objects.create(page=page, portfolio=portfolio, slug=slug, given_at=at)
    draft = PageDraft.objects.create(page=page, title=title, saved_at=at)
    draft.criteria.set(criteria)
    return page


@transaction.atomic
def rename_page(page, *, title, by, at=None):
    """Give the private draft another title; others read it once the page is shared again. Returns the draft.

    It counts as a save: a window in which the page is being edited is told, and does not put the old title back.
    """
    draft = PageDraft.objects.select_for_update().get(page=page)
    if draft.title != title:
        draft.title, draft.saved_at = title, at or timezone.now()
        draft.saves += 1
        draft.save(update_fields=["title", "saves", "saved_at"])
    return draft


@transaction.atomic
def arrange_pages(portfolio, *, order, by):
    """Put pages into the order of these keys. They change places among themselves: a page that is not named (it was
    added elsewhere meanwhile, or put away) stays where it is, and what is no page of the portfolio is left out."""
    pages = _pages_to_arrange(portfolio)
    order = [pk for pk in dict.fromkeys(order) if pk in pages]
    named = iter(order)
    _keep_order(pages, [next(named) if pk in order else pk for pk in pages])


@transaction.atomic
def move_page(page, *, place, by) -> tuple[int, int]:
    """Move a page to a place (from 1) among those that are not put away; beyond the ends means at the end. Returns its
    place and how many there are. Doing it again changes nothing."""
    pages = _pages_to_arrange(page.portfolio)
    present = [pk for pk, each in pages.items() if not each.archived_at and pk != page.pk]
    place = max(1, min(place, len(present) + 1))
    if pages[page.pk].archived_at:
        return place, len(present)
    present.insert(place - 1, page.pk)
    moved = iter(present)
    _keep_order(pages, [pk if each.archived_at else next(moved) for pk, each in pages.items()])
    return place, len(present)


@transaction.atomic
def put_away(page, *, by, at=None):
    """Take a page out of the portfolio, for its owner alone to bring back: nothing is deleted, but nobody else sees it
    or hears of it meanwhile."""
    page = Page.objects.select_for_update(no_key=True, of=("self",)).with_owner().get(pk=page.pk)
    if page.archived_at is None:
        page.archived_at = at or timezone.now()
        page.save(update_fields=["archived_at"])
        set_aside(_events(page), but_for=page.owner, at=page.archived_at)
    return page


@transaction.atomic
def bring_back(page, *, by):
    """Put a page back where it was. What its mentor had not seen when it was put away is new to them as it was."""
    page = Page.objects.select_for_update(no_key=True, of=("self",)).with_owner().get(pk=page.pk)
    if page.archived_at is not None:
        pairing = lock_pair(page)
        if pairing:
            take_up_again(pairing.mentor, _events(page), at=page.archived_at)
        page.archived_at = None
        page.save(update_fields=["archived_at"])
    return page


def give_slug(page, title, *, at):
    """The page's address follows its title; an address it had before is taken up again, never another page's."""
    wanted = free_slug(title, taken=(), reserved=RESERVED_SLUGS)
    if re.fullmatch(rf"{wanted}(-\d+)?", page.slug):
        return
    # Two pages of one portfolio may be shared under one title at the same moment.
    Portfolio.objects.select_for_update(no_key=True).get(pk=page.portfolio_id)
    own = page.slugs.filter(slug=wanted).first()
    page.slug = own.slug if own else _free_page_slug(page.portfolio, title)
    page.save(update_fields=["slug"])
    if not own:
        PageSlug.objects.create(page=page, portfolio=page.portfolio, slug=page.slug, given_at=at)


def _pages_to_arrange(portfolio):
    """All its pages by key, in their present order, locked. Not the portfolio: whoever shares a page holds that page,
    and may wait for the portfolio to give out an address."""
    pages = Page.objects.select_for_update(no_key=True).filter(portfolio=portfolio).order_by("pk")
    return {page.pk: page for page in sorted(pages, key=lambda page: (page.position, page.pk))}


def _keep_order(pages, order):
    moved = []
    for position, pk in enumerate(order):
        if pages[pk].position != position:
            pages[pk].position = position
            moved.append(pages[pk])
    Page.objects.bulk_update(moved, ["position"])


def _events(page):
    return Event.objects.filter(thread=notices.thread_of(page.pk))


def _free_page_slug(portfolio, title):
    taken = portfolio.page_slugs.values_list("slug", flat=True)
    return free_slug(title, taken=taken, reserved=RESERVED_SLUGS)
