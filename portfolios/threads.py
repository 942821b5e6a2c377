"""The talk beside a page as one reader sees it: ready words, so that a page with much talk is printed quickly."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from accounts.compiled import Given
from notifications.models import Notification
from pairings.pairs import Person
from portfolios.access import each_way
from portfolios.models import Comment, said_in
from portfolios.notices import COMMENTED

QUOTED_WORDS = 24


@dataclass(slots=True)
class Said:
    """One thing that somebody said. `id` is that of its element, `url` where it is answered or changed; `edits`: it is
    the reader's own and may be put in other words; `writes`: the form for an answer to it, or for other words, stands
    open in its place; `waits`: no email has told of it yet."""

    pk: int
    id: str
    url: str
    author: Person
    role: str
    kind: str
    at: datetime
    when: str
    moment: str
    is_new: bool
    is_edited: bool
    edits: bool
    quote: str
    body: SafeString
    suggestion: str
    waits: bool
    writes: bool = False


@dataclass(slots=True)
class Thread:
    """A comment with its replies. `place` is where its words stand in the text that is shown, (start, end) in
    characters; None for a comment on the whole page, or when the words are gone (`is_lost`; `stood_in` is the number
    of the version that they stood in) or are still looked for in a long text (`is_sought`). `decides`: the reader may
    take up its suggestion."""

    root: Said
    place: tuple[int, int] | None
    is_settled: bool
    is_reworded: bool
    is_lost: bool
    stood_in: str
    decision: str
    decides: bool
    replies: list[Said] = field(default_factory=list)
    new: bool = False
    reply_begun: bool = False
    is_sought: bool = False

    @property
    def said(self):
        return [self.root, *self.replies]


def threads_of(page, version, visit, *, url, until=None) -> list[Thread]:
    """Threads that the page's reader may read, the oldest first, placed in the text of `version`.

    visit: how far the reader has read; None for not at all. url: of the page. until: the number of a version, for only
    those about it or earlier ones.
    """
    reader, threads, people, days = page.access.person, {}, {}, {}
    seen_until = visit and visit.seen_until
    for row in page.access.rows(_comments, version=version.pk, reader=reader.pk):
        if until and row.version__number > until:
            continue
        author = people.get(row.author_id) or people.setdefault(row.author_id, _author(row, page))
        said = _said(row, author, page, url, reader, seen_until, days)
        if row.parent_id is None:
            threads[row.pk] = _thread(row, said, page)
        elif row.parent_id in threads:
            threads[row.parent_id].replies.append(said)
            threads[row.parent_id].new |= said.is_new
    return list(threads.values())


def _author(row, page):
    names = (row.author__name, row.author__known_as, row.author__email)
    # A mentor does not know those who mentored before or after them (`pairings.photos`).
    is_known = page.access.own or row.author_id in (page.owner.pk, page.access.person.pk)
    return Person(row.author_id, *names, row.author__profile__photo if is_known else None)


def _said(row, author, page, url, reader, seen_until, days):
    """`days` remembers how the days read: much is said on the same ones."""
    is_own = author.pk == reader.pk
    at = timezone.localtime(row.created_at)
    return Said(
        pk=row.pk,
        id=f"comment-{row.pk}",
        url=f"{url}comments/{row.pk}/",
        author=author,
        role="" if author.pk == page.owner.pk else "avatar-mentor",
        kind=str(Comment.Kind(row.kind).label) if row.kind else "",
        at=row.created_at,
        when=days.get(at.date()) or days.setdefault(at.date(), _day(at)),
        moment=at.isoformat(),
        is_new=not is_own and (seen_until is None or row.created_at > seen_until),
        is_edited=row.edited_at is not None,
        edits=is_own and page.may_comment,
        quote=Truncator(row.quote).words(QUOTED_WORDS) if row.quote else "",
        body=mark_safe(linebreaks(row.body, autoescape=True)) if row.body else "",  # noqa: S308 - it escapes
        suggestion=row.suggestion,
        waits=row.waits,
    )


def _thread(row, said, page):
    place = (row.start, row.end) if row.start is not None else None
    # What became of it after their time is nothing that a former mentor is told.
    is_settled = row.settled_at is not None and page.access.reads(row.settled_at)
    return Thread(
        root=said,
        place=place,
        is_settled=is_settled,
        is_reworded=bool(row.reworded),
        is_lost=bool(row.quote) and place is None,
        stood_in=str(row.version__number),
        decision=str(Comment.Decision(row.decision).label) if row.decision and is_settled else "",
        decides=bool(row.suggestion) and page.access.own and row.settled_at is None,
        new=said.is_new,
    )


def _day(at):
    """The day in words; its year where it is not this one."""
    return date_format(at, "j F" if at.year == timezone.localtime().year else "j F Y")


def _make_comments(window):
    comments = Comment.objects.filter(said_in(window) if window else Q(), page=Given("page"))
    told = Notification.objects.waiting().filter(event__kind=COMMENTED.kind, event__about_id=OuterRef("pk"))
    waits = Case(When(author=Given("reader"), then=Exists(told)), default=Value(False))
    return (
        comments.placed_in(Given("version"))
        .annotate(waits=waits)
        .values(
            *("pk", "parent_id", "version__number", "kind", "body", "quote", "suggestion", "decision"),
            *("author_id", "author__name", "author__known_as", "author__email", "author__profile__photo"),
            *("created_at", "edited_at", "settled_at"),
            *("start", "end", "reworded", "waits"),
        )
    )


_comments = each_way(_make_comments)
