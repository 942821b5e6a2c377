"""The pages of a portfolio as one reader may know them, with what is new for that reader."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q
from django.urls import reverse

from notifications.models import Notification
from portfolios.models import Comment, Page, PageDraft, PageVersion
from portfolios.notices import thread_of


@dataclass
class Row:
    """One page in the list. `version` is None for a page that was never shared."""

    title: str
    url: str
    version: PageVersion | None
    unshared_since: datetime | None
    open_comments: int
    new: bool


def overview(portfolio, reader) -> list[Row]:
    """Rows in the owner's order; a constant number of queries. The owner sees drafts, too."""
    own = portfolio.owner == reader
    pages = list(Page.objects.visible_to(reader).filter(portfolio=portfolio, archived_at=None).for_reader(reader))
    versions = {
        version.page_id: version
        for version in PageVersion.objects.visible_to(reader).filter(page__in=pages).latest_of_each_page().defer("body")
    }
    comments = dict(
        Comment.objects.visible_to(reader)
        .filter(page__in=pages)
        .open()
        .values_list("page_id")
        .annotate(count=Count("pk"))
    )
    new = set(
        Notification.objects.unseen()
        .filter(person=reader, event__thread__in=[thread_of(page) for page in pages])
        .values_list("event__thread", flat=True)
    )
    drafts = _unshared_drafts(pages, reader) if own else {}
    return [
        _row(portfolio, page, versions.get(page.pk), drafts.get(page.pk), comments.get(page.pk, 0), new)
        for page in pages
    ]


def _unshared_drafts(pages, reader):
    """Drafts that say something else than the version last shared, by page."""
    drafts = PageDraft.objects.editable_by(reader).filter(page__in=pages)
    changed = ~Q(title=F("page__latest__title")) | ~Q(body=F("page__latest__body"))
    drafts = drafts.filter(Q(page__latest=None) | changed)
    return {draft.page_id: draft for draft in drafts.defer("body")}


def _row(portfolio, page, version, draft, open_comments, new):
    route = "portfolios:page" if version else "portfolios:edit"
    return Row(
        title=version.title if version else draft.title,
        url=reverse(route, args=[portfolio.slug, page.address]),
        version=version,
        unshared_since=draft.saved_at if draft else None,
        open_comments=open_comments,
        new=thread_of(page) in new,
    )
