"""What changes a portfolio. Each verb locks what it changes, checks, changes, and tells: one transaction."""

import re
from datetime import timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.slugs import free_slug, one_at_a_time
from notifications.actions import mark_seen, notify
from notifications.models import Event
from pairings.actions import note_activity
from pairings.models import MoveRefused, Pairing
from portfolios import notices
from portfolios.anchors import context as quote_context
from portfolios.anchors import locate
from portfolios.changes import stored_comparison
from portfolios.models import (
    RESERVED_SLUGS,
    Comment,
    Page,
    PageDraft,
    PageSlug,
    PageVersion,
    Portfolio,
    PortfolioSlug,
    Visit,
)
from portfolios.richtext import clean, text, word_count

SECOND_CLICK = timedelta(minutes=1)


class StaleDraft(Exception):
    """Somebody saved the draft in between: `draft` is what stands there now, nothing of it was overwritten."""

    def __init__(self, draft):
        super().__init__("the draft was saved elsewhere meanwhile")
        self.draft = draft


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
def add_page(portfolio, *, title, by, at=None):
    """A new page at the end, with an empty private draft. Nobody is told: nothing is shared yet."""
    at = at or timezone.now()
    portfolio = Portfolio.objects.select_for_update().get(pk=portfolio.pk)
    last = portfolio.pages.aggregate(last=Max("position"))["last"]
    slug = _free_page_slug(portfolio, title)
    page = Page.objects.create(portfolio=portfolio, slug=slug, position=0 if last is None else last + 1, created_at=at)
    PageSlug.objects.create(page=page, portfolio=portfolio, slug=slug, given_at=at)
    PageDraft.objects.create(page=page, title=title, saved_at=at)
    return page


@transaction.atomic
def save_draft(page, *, title, body, criteria, saves, by, at=None):
    """Keep the owner's words; tells nobody. Returns the draft with its new save counter.

    `saves` is the counter that the words were based on: StaleDraft when another save came first. Saving the very
    same words again is no conflict, whatever the counter: a repeated request must not frighten anybody.
    """
    draft = PageDraft.objects.select_for_update().get(page=page)
    body = clean(body)
    same = (draft.title, draft.body) == (title, body) and set(draft.criteria.all()) == set(criteria)
    if same:
        return draft
    if draft.saves != saves:
        raise StaleDraft(draft)
    draft.title, draft.body = title, body
    draft.saves += 1
    draft.saved_at = at or timezone.now()
    draft.save(update_fields=["title", "body", "saves", "saved_at"])
    draft.criteria.set(criteria)
    return draft


@transaction.atomic
def share_update(page, *, by, note="", saves=None, at=None):
    """Share the draft as the next version and tell the mentor. Returns None, and tells nobody, when nothing changed.

    `saves` is the draft's counter when its owner looked at it last: StaleDraft when it was saved since, so that
    nothing unseen is shared. Raises MoveRefused when there is nothing to share yet.
    """
    Page.objects.select_for_update().get(pk=page.pk)
    # In a query of its own: what a query that waits for a lock joins to the row is as old as its beginning.
    page = Page.objects.with_owner().select_related("latest").get(pk=page.pk)
    draft = PageDraft.objects.select_for_update().get(page=page)
    at = at or timezone.now()
    if saves not in (None, draft.saves):
        raise StaleDraft(draft)
    if not text(draft.body).strip():
        raise MoveRefused(_("Write something first: the page is still empty."))
    last, criteria = page.latest, set(draft.criteria.all())
    if last and (last.title, last.body) == (draft.title, draft.body) and set(last.criteria.all()) == criteria:
        return None
    version = PageVersion.objects.create(
        page=page,
        number=last.number + 1 if last else 1,
        title=draft.title,
        body=draft.body,
        note=note,
        words=word_count(draft.body),
        shared_at=at,
        shared_by=by,
    )
    version.criteria.set(criteria)
    page.latest = version
    page.save(update_fields=["latest"])
    if not last or last.title != version.title:
        _give_slug(page, version.title, at)
    # Another layout of the same words is worth a version, but nobody's attention.
    worth_telling = not last or last.title != version.title or stored_comparison(last, version).changes
    if worth_telling:
        _tell(_lock_pair(page), notices.PAGE_SHARED, about=version, page=page, by=by, at=at)
    return version


@transaction.atomic
def add_comment(
    page, *, by, body, version=None, kind="", reply_to=None, quote="", seen_until=None, shown=None, at=None
):
    """Comment on a page, on words of it (`quote` must occur in `version`), or reply to a comment.

    Whoever comments has read the page: `seen_until` and `shown` as in `mark_read`. `version` defaults to the latest.
    The same words once more within a minute are a second click, and no second comment. Raises MoveRefused for a page
    that is not shared, or a quote that is not there.
    """
    Page.objects.select_for_update().get(pk=page.pk)
    at = at or timezone.now()
    version = version or page.latest
    if version is None:
        raise MoveRefused(_("Share the page first, then you can talk about it."))
    anchor = {}
    if quote:
        anchor = _anchor(version, quote)
    root = (reply_to.parent or reply_to) if reply_to else None
    pairing = _lock_pair(page)
    twin = Comment.objects.filter(
        page=page, parent=root, author=by, body=body, created_at__gt=at - SECOND_CLICK
    ).first()
    if twin:
        return twin
    comment = Comment.objects.create(
        page=page,
        version=version,
        parent=root,
        author=by,
        kind="" if root else kind,
        body=body,
        created_at=at,
        **anchor,
    )
    if seen_until:
        mark_read(page, by=by, until=seen_until, shown=shown, at=at)
    _tell(pairing, notices.COMMENTED, about=comment, page=page, by=by, at=at)
    return comment


@transaction.atomic
def settle_comment(comment, *, by, at=None):
    """Say that a comment is dealt with, and so that it was read. Settling again changes nothing; nobody is emailed."""
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    thread = Comment.objects.filter(Q(pk=comment.pk) | Q(parent=comment)).values("pk")
    mark_seen(by, Event.objects.filter(kind=notices.COMMENTED.kind, about_id__in=thread))
    if not comment.settled_at:
        comment.settled_at, comment.settled_by = at or timezone.now(), by
        comment.save(update_fields=["settled_at", "settled_by"])
    return comment


@transaction.atomic
def reopen_comment(comment, *, by):
    """Take a settled comment up again."""
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    comment.settled_at = comment.settled_by = None
    comment.save(update_fields=["settled_at", "settled_by"])
    return comment


@transaction.atomic
def mark_read(page, *, by, until, shown=None, at=None):
    """The reader has read the page; the mark only moves forward, its last value is kept.

    `shown` is the number of the version that they saw, `until` the moment of the newest thing that they saw: what was
    shared or said while they were reading stays new. Without `shown`: the version that was the latest at `until`.
    """
    at = at or timezone.now()
    until = min(until, at)
    readable = PageVersion.objects.visible_to(by).filter(page=page)
    readable = readable.filter(shared_at__lte=until) if shown is None else readable.filter(number__lte=shown)
    version = readable.order_by("-number").defer("body").first()
    visit, _created = Visit.objects.select_for_update().get_or_create(
        page=page, reader=by, defaults={"version": version, "seen_until": until, "marked_at": at}
    )
    if until >= visit.seen_until:
        if version and version != visit.version:
            visit.previous_version, visit.previous_at = visit.version, visit.marked_at
            visit.version = version
        visit.seen_until, visit.marked_at = until, at
        visit.save()
    seen = Q(kind=notices.COMMENTED.kind, at__lte=until)
    seen |= Q(kind=notices.PAGE_SHARED.kind, about_id__in=readable.values("pk"))
    mark_seen(by, Event.objects.filter(seen, thread=notices.thread_of(page)))
    return visit


def _lock_pair(page):
    """The living pairing that the page belongs to, locked; None without one.

    Every verb that tells somebody takes this lock before it touches notifications, so that two people who write to
    each other at the same moment wait in turn.
    """
    enrolment = page.portfolio.enrolment
    pairings = Pairing.objects.live().filter(programme=enrolment.programme, mentee=enrolment.person)
    return pairings.select_for_update(of=("self",)).with_people().first()


def _tell(pairing, notice, *, about, page, by, at):
    """Tell the other of the pair, if there is one."""
    if pairing is None:
        return
    note_activity(pairing, at=at)
    other = pairing.mentor if by == pairing.mentee else pairing.mentee
    notify(
        notice,
        about=about,
        to=[other],
        by=by,
        thread=notices.thread_of(page),
        bundle=pairing.bundle,
        at=at,
    )


def _anchor(version, quote):
    words = text(version.body)
    place = locate(words, quote, "", "")
    if place is None:
        raise MoveRefused(_("Those words are not on the page any more, or stand there twice. Please quote a few more."))
    prefix, suffix = quote_context(words, *place)
    return {"quote": quote, "prefix": prefix, "suffix": suffix}


def _give_slug(page, title, at):
    """The page's address follows its title; an address it had before is taken up again, never another page's."""
    wanted = free_slug(title, taken=(), reserved=RESERVED_SLUGS)
    if re.fullmatch(rf"{wanted}(-\d+)?", page.slug):
        return
    # Two pages of one portfolio may be shared under one title at the same moment.
    Portfolio.objects.select_for_update().get(pk=page.portfolio_id)
    own = page.slugs.filter(slug=wanted).first()
    page.slug = own.slug if own else _free_page_slug(page.portfolio, title)
    page.save(update_fields=["slug"])
    if not own:
        PageSlug.objects.create(page=page, portfolio=page.portfolio, slug=page.slug, given_at=at)


def _free_page_slug(portfolio, title):
    taken = portfolio.page_slugs.values_list("slug", flat=True)
    return free_slug(title, taken=taken, reserved=RESERVED_SLUGS)
