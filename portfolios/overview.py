"""The pages of a portfolio as one reader may know them, with what is new for that reader."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.compiled import Compiled, Given
from notifications.news import Topic, topics, unseen
from portfolios.models import Comment, Page, PageSlug, PageVersion
from portfolios.notices import thread_of
from portfolios.own import OwnPage, parts_of
from portfolios.suggestion import Suggestion, suggest
from programmes.models import Criterion


@dataclass
class Row:
    """One page in the list. `number`, `words` and `shared_at` are of the version last shared that the reader may read,
    None for a page that was never shared; `topic` is what is new on it. `own` is what only its owner knows."""

    pk: int
    title: str
    url: str
    number: int | None
    words: int
    shared_at: datetime | None
    criteria: list[str]
    open_comments: int
    topic: Topic | None
    own: OwnPage | None = None


@dataclass
class Overview:
    """`coverage` says of each criterion (its number and name) how many pages speak to it."""

    rows: list[Row]
    put_away: list[OwnPage]
    suggestion: Suggestion | None
    coverage: list[tuple[int, str, int]]

    @property
    def shared(self):
        return sum(row.number is not None for row in self.rows)


def own_overview(portfolio, owner) -> Overview:
    """All pages in their owner's order, drafts among them; a constant number of queries."""
    portfolios = [part.portfolio for part in parts_of(owner) if part.portfolio]
    mine = next(each for each in portfolios if each.pk == portfolio.pk)
    pages = mine.present
    comments, news = _open_comments(pages), _news(owner, pages)
    names = {goal.pk: goal.name for goal in mine.goals}
    rows = [
        Row(
            pk=page.pk,
            title=page.title,
            url=page.url,
            number=page.number,
            words=page.words,
            shared_at=page.shared_at,
            criteria=[names[pk] for pk in names if pk in page.criteria],
            open_comments=comments[page.pk],
            topic=news.get(page.pk),
            own=page,
        )
        for page in pages
    ]
    goals = [(goal.number, goal.name) for goal in mine.goals]
    return Overview(rows, mine.put_away, suggest(mine, now=timezone.now()), _coverage(goals, rows))


def overview(portfolio, reader) -> Overview:
    """The pages that somebody else may read, what is new first; a constant number of queries."""
    pages = _readable(reader=reader.pk, portfolio=portfolio.pk)
    versions = PageVersion.objects.filter(pk__in=[page.shown for page in pages]).with_criteria_names().defer("body")
    versions = {version.page_id: version for version in versions}
    news = _news(reader, pages)
    rows = [
        Row(
            pk=page.pk,
            title=versions[page.pk].title,
            url=reverse("portfolios:page", args=[portfolio.slug, _address(page)]),
            number=versions[page.pk].number,
            words=versions[page.pk].words,
            shared_at=versions[page.pk].shared_at,
            criteria=versions[page.pk].criteria_names,
            open_comments=page.open_comments,
            topic=news.get(page.pk),
        )
        for page in pages
    ]
    rows.sort(key=lambda row: row.topic is None)
    criteria = Criterion.objects.filter(level=portfolio.enrolment.level_id).order_by("number")
    return Overview(rows, [], None, _coverage(criteria.values_list("number", "name"), rows))


def _address(page):
    """Where the page is now, or where it was when the reader could last know."""
    return page.slug if page.slug in page.known else page.known[0]


def _open_comments(pages):
    """By page. The pages are the owner's own, and so is all that is said about them."""
    comments = Comment.objects.open().filter(page__in=[page.pk for page in pages])
    return Counter(dict(comments.order_by().values_list("page_id").annotate(count=Count("pk"))))


def _news(reader, pages):
    """What is new on these pages, by page."""
    threads = unseen(reader)
    of_pages = {thread_of(page.pk): page.pk for page in pages}
    events = [event for thread, events in threads.items() if thread in of_pages for event in events]
    return {of_pages[topic.thread]: topic for topic in topics(reader, events)}


def _coverage(goals, rows):
    counts = Counter(name for row in rows for name in row.criteria)
    return [(number, name, counts[name]) for number, name in goals]


def _make_readable():
    """Pages with `shown`, the key of the newest version that the reader may read; `known`, the addresses that they may
    know, the newest first; and how many `open_comments` they may read."""
    reader = Given("reader")
    shown = PageVersion.objects.visible_to(reader).filter(page=OuterRef("pk")).order_by("-number").values("pk")
    known = PageSlug.objects.visible_to(reader).filter(page=OuterRef("pk")).order_by("-given_at", "-pk").values("slug")
    comments = Comment.objects.visible_to(reader).open().filter(page=OuterRef("pk")).order_by()
    counted = comments.values("page").annotate(count=Count("pk")).values("count")
    return (
        Page.objects.filter(portfolio=Given("portfolio"), archived_at=None)
        .annotate(shown=Subquery(shown[:1]))
        .exclude(shown=None)
        .values(*("pk", "slug", "shown"), known=ArraySubquery(known), open_comments=Coalesce(Subquery(counted), 0))
    )


_readable = Compiled(_make_readable)
