"""What was shared or said, as those who are told of it need to know: no text of a page is loaded for it.

Who may still be told is asked here of the reader's pairings at hand: the same question as `visible_to` of versions and
comments, which everybody's Home asks, and which Postgres would take longer to plan than to answer.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db.models import DateTimeField, F, FilteredRelation, Func, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Left
from django.urls import reverse

from accounts.compiled import Among, Compiled, Given
from pairings.pairs import Person, pairs_of
from portfolios.models import Comment, Comparison, PageVersion

OPENING = 200  # characters


@dataclass(frozen=True)
class Shared:
    """A version that its reader has not seen. `seen` is the number of the one that they saw last, at `seen_at` (None:
    the page is new to them); `changes` and `words_changed` since then, None while they are not counted yet."""

    pk: int
    page_id: int
    number: int
    title: str
    words: int
    shared_at: datetime
    owner: Person
    address: tuple[str, str]
    seen: int | None
    seen_at: datetime | None
    changes: int | None
    words_changed: int | None

    @property
    def url(self):
        """The page; with the changes since the reader looked, when they did."""
        if not self.seen:
            return reverse("portfolios:page", args=self.address)
        return reverse("portfolios:changes", args=self.address) + f"?since={self.seen}"


@dataclass(frozen=True)
class Said:
    """A comment that its reader has not seen. `opening` is how its words begin, `suggests` whether they are other
    wording for the page's; `title` was the page's when it was made."""

    pk: int
    page_id: int
    title: str
    address: tuple[str, str]
    kind: str
    is_reply: bool
    suggests: bool
    opening: str
    author: Person
    owner: Person
    created_at: datetime

    @property
    def url(self):
        return reverse("portfolios:page", args=self.address) + f"#comment-{self.pk}"


def versions_to_tell(person, ids, pairings=None) -> list[Shared]:
    """Those of the versions `ids` that `person` may be told of: as mentor of the one who shared them, now."""
    windows = _Windows(person, pairings)
    rows = _versions(person=person.pk, ids=ids)
    return [_shared(row, windows) for row in rows if row.archived_at is None and windows.may_be_told(row, [row.at])]


def comments_to_tell(person, ids, pairings=None) -> list[Said]:
    """Those of the comments `ids` that `person` may be told of now: on their own page, or as mentor of its owner."""
    windows = _Windows(person, pairings)
    return [_said(row, windows) for row in _comments(ids=ids) if _may_be_told(row, person, windows)]


class _Windows:
    """What somebody may read, by their pairings."""

    def __init__(self, person, pairings):
        pairings = pairs_of(person) if pairings is None else pairings
        self.people = {}
        self._theirs = defaultdict(list)
        for pair in pairings:
            self.people |= {pair.mentee.pk: pair.mentee, pair.mentor.pk: pair.mentor}
            if pair.mentor.pk == person.pk:
                self._theirs[pair.mentee.pk, pair.programme_id].append(pair)

    def may_be_told(self, row, moments):
        """Whether the reader mentors the owner now, and may read what was shared at each of these moments."""
        theirs = self._theirs.get((row.owner_id, row.programme_id), ())
        return any(pair.is_live for pair in theirs) and all(
            any(pair.is_open_at(moment) for pair in theirs) for moment in moments
        )


def _may_be_told(row, person, windows):
    if row.author_id == person.pk or row.author_id not in windows.people or row.archived_at is not None:
        return False
    if row.owner_id == person.pk:
        return True
    return windows.may_be_told(row, [row.at, row.version_at, *(row.thread or [])])


def _shared(row, windows):
    seen = row.seen if row.seen and row.seen < row.number else None
    changes, words_changed = (row.compared if seen else None) or (None, None)
    return Shared(
        pk=row.pk,
        page_id=row.page_id,
        number=row.number,
        title=row.title,
        words=row.words,
        shared_at=row.at,
        owner=windows.people[row.owner_id],
        address=(row.portfolio_slug, row.page_slug),
        seen=seen,
        seen_at=row.seen_at if seen else None,
        changes=changes,
        words_changed=words_changed,
    )


def _said(row, windows):
    return Said(
        pk=row.pk,
        page_id=row.page_id,
        title=row.title,
        address=(row.portfolio_slug, row.page_slug),
        kind=row.kind,
        is_reply=row.parent_id is not None,
        suggests=bool(row.wording),
        opening=row.opening or row.wording,
        author=windows.people[row.author_id],
        owner=windows.people[row.owner_id],
        created_at=row.at,
    )


def _of_page(prefix="page"):
    """Where a page is, and whose it is."""
    return {
        "page_slug": F(f"{prefix}__slug"),
        "archived_at": F(f"{prefix}__archived_at"),
        "portfolio_slug": F(f"{prefix}__portfolio__slug"),
        "owner_id": F(f"{prefix}__portfolio__enrolment__person_id"),
        "programme_id": F(f"{prefix}__portfolio__enrolment__programme_id"),
    }


class _Both(Func):
    """Two values of one row in one subquery."""

    template = "ARRAY[%(expressions)s]"


def _make_versions():
    made = Comparison.objects.filter(result__isnull=False, old=OuterRef("visit__version"), new=OuterRef("pk"))
    visit = FilteredRelation("page__visits", condition=Q(page__visits__reader=Given("person")))
    return (
        PageVersion.objects.filter(Among("pk", Given("ids")))
        .annotate(visit=visit)
        .values(
            *("pk", "page_id", "number", "title", "words"),
            at=F("shared_at"),
            seen=F("visit__version__number"),
            seen_at=F("visit__marked_at"),
            compared=Subquery(made.values(both=_Both("changes", "words_changed", output_field=_NUMBERS))[:1]),
            **_of_page(),
        )
    )


def _make_comments():
    thread = Comment.objects.filter(pk=OuterRef("parent"))
    begun = thread.values(both=_Both("created_at", "version__shared_at", output_field=_MOMENTS))
    return Comment.objects.filter(Among("pk", Given("ids"))).values(
        *("pk", "page_id", "parent_id", "kind", "author_id"),
        at=F("created_at"),
        opening=Left("body", OPENING),
        wording=Left("suggestion", OPENING),
        title=F("version__title"),
        version_at=F("version__shared_at"),
        thread=Subquery(begun[:1]),
        **_of_page(),
    )


_NUMBERS, _MOMENTS = ArrayField(IntegerField()), ArrayField(DateTimeField())
_versions = Compiled(_make_versions)
_comments = Compiled(_make_comments)
