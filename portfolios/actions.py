"""What changes a portfolio. Each verb locks what it changes, checks, changes, and tells: one transaction."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.slugs import free_slug, one_at_a_time
from notifications.actions import mark_seen, notify
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
def share_update(page, *, by, note="", at=None):
    """Share the draft as the next version and tell the mentor. Returns None, and tells nobody, when nothing changed.

    Raises MoveRefused when there is nothing to share yet.
    """
    at = at or timezone.now()
    page = Page.objects.select_for_update(of=("self",)).with_owner().select_related("latest").get(pk=page.pk)
    draft = page.draft
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
        _tell_pair(notices.PAGE_SHARED, about=version, page=page, by=by, at=at)
    return version


@transaction.atomic
def add_comment(page, *, by, body, version=None, kind="", reply_to=None, quote="", seen_until=None, at=None):
    """Comment on a page, on words of it (`quote` must occur in `version`), or reply to a comment.

    Whoever comments has read the page, as it stood at `seen_until` when that is given. `version` defaults to the
    latest. Raises MoveRefused for a page that is not shared, or a quote that is not there.
    """
    at = at or timezone.now()
    version = version or (reply_to.version if reply_to else page.latest)
    if version is None:
        raise MoveRefused(_("Share the page first, then you can talk about it."))
    anchor = {}
    if quote:
        anchor = _anchor(version, quote)
    root = (reply_to.parent or reply_to) if reply_to else None
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
        mark_read(page, by=by, until=seen_until)
    _tell_pair(notices.COMMENTED, about=comment, page=page, by=by, at=at)
    return comment


@transaction.atomic
def settle_comment(comment, *, by, at=None):
    """Say that a comment is dealt with. Settling again changes nothing; nobody gets an email."""
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
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
def mark_read(page, *, by, until):
    """The reader has read the page as it stood at `until`; the mark only moves forward, its last value is kept.

    What is newer than `until` (a version shared while an old tab was open) stays new.
    """
    until = min(until, timezone.now())
    version = PageVersion.objects.visible_to(by).filter(page=page, shared_at__lte=until).order_by("-number").first()
    Visit.objects.get_or_create(page=page, reader=by, defaults={"version": version, "seen_at": until})
    visit = Visit.objects.select_for_update().get(page=page, reader=by)
    if until > visit.seen_at:
        if version and version != visit.version:
            visit.previous_version, visit.previous_at = visit.version, visit.seen_at
        visit.version, visit.seen_at = version, until
        visit.save()
    mark_seen(by, thread=notices.thread_of(page), until=until)
    return visit


def _tell_pair(notice, *, about, page, by, at):
    enrolment = page.portfolio.enrolment
    pairing = (
        Pairing.objects.live()
        .filter(programme=enrolment.programme, mentee=enrolment.person)
        .select_related("mentee__profile", "mentor__profile")
        .first()
    )
    note_activity(programme=enrolment.programme, mentee=enrolment.person, at=at)
    if pairing:
        other = pairing.mentor if by == pairing.mentee else pairing.mentee
        notify(
            notice,
            about=about,
            to=[other],
            by=by,
            thread=notices.thread_of(page),
            bundle=f"pairing-{pairing.pk}",
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
    if page.slug == wanted:
        return
    own = page.slugs.filter(slug=wanted).first()
    page.slug = own.slug if own else _free_page_slug(page.portfolio, title)
    page.save(update_fields=["slug"])
    if not own:
        PageSlug.objects.create(page=page, portfolio=page.portfolio, slug=page.slug, given_at=at)


def _free_page_slug(portfolio, title):
    taken = portfolio.page_slugs.values_list("slug", flat=True)
    return free_slug(title, taken=taken, reserved=RESERVED_SLUGS)
