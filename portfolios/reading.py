"""What one reader sees of a page: the version they may read, what changed for them, and the talk beside it."""

from dataclasses import dataclass, field
from datetime import datetime

from django.http import Http404

from portfolios.anchors import locate
from portfolios.changes import stored_comparison
from portfolios.comparison import Comparison
from portfolios.models import Comment, Page, PageVersion, Visit
from portfolios.richtext import text


@dataclass
class Thread:
    """A comment with its replies, as one reader sees it."""

    root: Comment
    replies: list[Comment] = field(default_factory=list)
    new: bool = False
    quote_stands: bool = True


@dataclass
class Reading:
    """Everything the page view shows. `since` is the version that the text is compared with, None for no comparison;
    `until` the moment of the newest thing shown."""

    page: Page
    version: PageVersion
    until: datetime
    visit: Visit | None
    since: PageVersion | None
    comparison: Comparison | None
    threads: list[Thread]

    @property
    def open_threads(self):
        return [thread for thread in self.threads if not thread.root.settled_at]

    @property
    def settled_threads(self):
        return [thread for thread in self.threads if thread.root.settled_at]


def read(page, reader, since=None) -> Reading:
    """What `reader` sees of `page` now. Raises Http404 when no version of it is theirs to read.

    since: None for what is new since their last visit, "none" for no comparison, or the number of a version.
    """
    version = (
        PageVersion.objects.visible_to(reader)
        .filter(page=page)
        .with_criteria_names()
        .select_related("shared_by")
        .order_by("-number")
        .first()
    )
    if version is None:
        raise Http404
    visit = Visit.objects.filter(page=page, reader=reader).select_related("version", "previous_version").first()
    old = _baseline(page, reader, visit, since)
    if old is not None and old.number >= version.number:
        old = None
    comments = list(Comment.objects.visible_to(reader).filter(page=page).select_related("author"))
    return Reading(
        page=page,
        version=version,
        until=max([version.shared_at, *(comment.created_at for comment in comments)]),
        visit=visit,
        since=old,
        comparison=stored_comparison(old, version) if old else None,
        threads=_threads(comments, reader, version, visit),
    )


def _baseline(page, reader, visit, since):
    if since == "none":
        return None
    if since and since.isascii() and since.isdigit() and len(since) < 9:
        return PageVersion.objects.visible_to(reader).filter(page=page, number=int(since)).first()
    # The owner wrote the changes: they need not be told of them.
    return visit.version if visit and reader != page.owner else None


def _threads(comments, reader, version, visit):
    threads = {}
    words = text(version.body)
    for comment in comments:
        is_new = comment.author_id != reader.pk and (visit is None or comment.created_at > visit.seen_until)
        comment.is_new = is_new
        if comment.parent_id is None:
            threads[comment.pk] = Thread(comment, new=is_new, quote_stands=_stands(comment, words))
        elif comment.parent_id in threads:
            threads[comment.parent_id].replies.append(comment)
            threads[comment.parent_id].new |= is_new
    return list(threads.values())


def _stands(comment, words):
    """Whether the quoted words are still on the page; a comment on the whole page has none to lose."""
    return not comment.quote or locate(words, comment.quote, comment.prefix, comment.suffix) is not None
