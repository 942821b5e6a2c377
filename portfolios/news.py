"""What was shared or said, as those who are told of it need to know: no text of a page is loaded for it.

Who may still be told is asked here of the reader's pairings at hand: the same question as `visible_to` of versions and
comments, which everybody's Home asks, and which Postgres would take longer to plan than to answer.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db.models import DateTimeField, F, FilteredRelation, Func, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.compiled import Among, Compiled, Given
from pairings.pairs import Person, pairs_of, pairs_of_all
from portfolios.models import Comment, Comparison, PageVersion, Visit

OPENING = 200  # characters


class Shelf:
    """The texts of what is told together. An email takes them from it; the first that does fetches all of them."""

    def __init__(self):
        self.versions, self.comments = set(), set()

    def version(self, pk) -> PageVersion:
        return self._versions[pk]

    def comparison(self, old, new) -> Comparison | None:
        """From version number `old` to the version `new`, if it was made."""
        return self._comparisons.get((old, new.pk))

    def comment(self, pk) -> Comment:
        """With its author, and the comment that it replies to."""
        return self._comments[pk]

    @cached_property
    def _versions(self):
        return PageVersion.objects.in_bulk(self.versions)

    @cached_property
    def _comparisons(self):
        made = Comparison.objects.filter(new__in=self.versions, result__isnull=False)
        return {(each.seen, each.new_id): each for each in made.annotate(seen=F("old__number"))}

    @cached_property
    def _comments(self):
        return Comment.objects.select_related("author", "parent").in_bulk(self.comments)


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
    shelf: Shelf = field(compare=False, repr=False)

    @property
    def url(self):
        """The page; with the changes since the reader looked, when they did."""
        if not self.seen:
            return reverse("portfolios:page", args=self.address)
        return reverse("portfolios:changes", args=self.address) + f"?since={self.seen}"


@dataclass(frozen=True)
class Said:
    """A comment that its reader has not seen. `opening` is how its words begin, `suggests` whether they are other
    wording for the page's; `title` was the page's when it was made. `reaches_author`: whether a reply would."""

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
    reaches_author: bool
    created_at: datetime
    shelf: Shelf = field(compare=False, repr=False)

    @property
    def url(self):
        return reverse("portfolios:page", args=self.address) + f"#comment-{self.pk}"


def versions_to_tell(person, ids, pairings=None) -> list[Shared]:
    """Those of the versions `ids` that `person` may be told of: as mentor of the one who shared them, now."""
    windows = _Windows(person, pairs_of(person) if pairings is None else pairings)
    return _may_tell_versions(_versions(person=person.pk, ids=ids), windows, Shelf())


def versions_to_tell_all(asked) -> dict[int, list[Shared]]:
    """`versions_to_tell` for {person: ids}, by the person's key."""
    rows = {row.pk: row for row in _bare_versions(ids=_all(asked))}
    people = [person.pk for person in asked]
    pages = list({row.page_id for row in rows.values()})
    visits = {(row.page_id, row.reader_id): row for row in _visits(people=people, pages=pages)}
    seen = list({visit.version_id for visit in visits.values()})
    made = {(row.old_id, row.new_id): row for row in _made(old=seen, new=list(rows))}

    def seen_by(person, row):
        visit = visits.get((row.page_id, person.pk))
        compared = made.get((visit.version_id, row.pk)) if visit else None
        numbers = compared and (compared.changes, compared.words_changed)
        return _AsSeen(row, visit and visit.number, visit and visit.at, numbers)

    pairs, shelf = pairs_of_all(asked), Shelf()
    return {
        person.pk: _may_tell_versions(
            [seen_by(person, rows[pk]) for pk in ids if pk in rows], _Windows(person, pairs[person.pk]), shelf
        )
        for person, ids in asked.items()
    }


def comments_to_tell(person, ids, pairings=None) -> list[Said]:
    """Those of the comments `ids` that `person` may be told of now: on their own page, or as mentor of its owner."""
    windows = _Windows(person, pairs_of(person) if pairings is None else pairings)
    return _may_tell_comments(person, _comments(ids=ids), windows, Shelf())


def comments_to_tell_all(asked) -> dict[int, list[Said]]:
    """`comments_to_tell` for {person: ids}, by the person's key."""
    rows = {row.pk: row for row in _comments(ids=_all(asked))}
    pairs, shelf = pairs_of_all(asked), Shelf()
    return {
        person.pk: _may_tell_comments(
            person, [rows[pk] for pk in ids if pk in rows], _Windows(person, pairs[person.pk]), shelf
        )
        for person, ids in asked.items()
    }


def _all(asked):
    return list({pk for ids in asked.values() for pk in ids})


def _may_tell_versions(rows, windows, shelf):
    return [
        _shared(row, windows, shelf) for row in rows if row.archived_at is None and windows.may_be_told(row, [row.at])
    ]


def _may_tell_comments(person, rows, windows, shelf):
    return [_said(row, windows, shelf) for row in rows if _may_be_told(row, person, windows)]


class _AsSeen:
    """A row of `_bare_versions` with what one reader saw of its page: like a row of `_versions`."""

    def __init__(self, row, seen, seen_at, compared):
        self._row = row
        self.seen, self.seen_at, self.compared = seen, seen_at, compared

    def __getattr__(self, name):
        return getattr(self._row, name)


class _Windows:
    """What somebody may read, by their pairings; `living`: who talks about whose pages now."""

    def __init__(self, person, pairings):
        self.people = {}
        self.living = set()
        self._theirs = defaultdict(list)
        for pair in pairings:
            if pair.is_live:
                self.living |= {(pair.programme_id, pair.mentee.pk, one.pk) for one in (pair.mentee, pair.mentor)}
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


def _shared(row, windows, shelf):
    shelf.versions.add(row.pk)
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
        shelf=shelf,
    )


def _said(row, windows, shelf):
    shelf.comments.add(row.pk)
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
        reaches_author=(row.programme_id, row.owner_id, row.author_id) in windows.living,
        created_at=row.at,
        shelf=shelf,
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


def _make_bare_versions():
    return PageVersion.objects.filter(Among("pk", Given("ids"))).values(
        *("pk", "page_id", "number", "title", "words"), at=F("shared_at"), **_of_page()
    )


def _make_visits():
    return Visit.objects.filter(
        Among("page", Given("pages")), Among("reader", Given("people")), version__isnull=False
    ).values("page_id", "reader_id", "version_id", number=F("version__number"), at=F("marked_at"))


def _make_made():
    return Comparison.objects.filter(
        Among("old", Given("old")), Among("new", Given("new")), result__isnull=False
    ).values("old_id", "new_id", "changes", "words_changed")


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
_bare_versions = Compiled(_make_bare_versions)
_visits = Compiled(_make_visits)
_made = Compiled(_make_made)
_comments = Compiled(_make_comments)
