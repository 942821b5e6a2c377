"""A person's own pages, with what Home, the overview and the suggestion need to know of them: one small statement.

No text is loaded; whether the private draft says something else than the shared version, the database says.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import JSONObject, Left
from django.urls import reverse

from accounts.compiled import Compiled, Given
from pairings.models import Pairing
from pairings.pairs import Person
from portfolios.models import Comment, PageDraft, PageVersion
from programmes.models import Criterion, Enrolment

OPENING = 200  # characters


@dataclass(frozen=True)
class Goal:
    """A criterion of the level that somebody works towards."""

    pk: int
    number: int
    name: str


@dataclass(frozen=True)
class Question:
    """What the present mentor asked and nobody answered yet. `opening` is how it begins."""

    pk: int
    asked_by: Person
    asked_at: datetime
    opening: str


@dataclass(frozen=True)
class OwnPage:
    """`title` and `criteria` (keys) are the draft's; `shared_…` what was shared last, None for a page that never was.
    `is_blank`: nothing is written yet. `has_changes`: the draft says something else than what is shared."""

    pk: int
    address: tuple[str, str]
    title: str
    saved_at: datetime
    is_blank: bool
    has_changes: bool
    criteria: frozenset[int]
    archived_at: datetime | None
    number: int | None
    words: int
    shared_title: str | None
    shared_at: datetime | None
    question: Question | None

    @property
    def is_shared(self):
        return self.number is not None

    @property
    def url(self):
        return reverse("portfolios:page" if self.is_shared else "portfolios:edit", args=self.address)

    @property
    def edit_url(self):
        return reverse("portfolios:edit", args=self.address)

    @property
    def share_url(self):
        return reverse("portfolios:share", args=self.address)


@dataclass(frozen=True)
class OwnPortfolio:
    """`pages` in their owner's order, put-away ones among them."""

    pk: int
    slug: str
    goals: list[Goal]
    pages: list[OwnPage] = field(default_factory=list)

    @property
    def url(self):
        return reverse("portfolios:portfolio", args=[self.slug])

    @property
    def new_url(self):
        return reverse("portfolios:new_page", args=[self.slug])

    @property
    def present(self):
        return [page for page in self.pages if not page.archived_at]

    @property
    def put_away(self):
        return [page for page in self.pages if page.archived_at]


@dataclass(frozen=True)
class Part:
    """Somebody's part in a programme; a mentee's with their portfolio, None before it is opened."""

    role: str
    is_current: bool
    portfolio: OwnPortfolio | None


def parts_of(person) -> list[Part]:
    """All parts that the person takes or took; those with a portfolio first, from the newest on."""
    found = {}
    for row in _own(person=person.pk):
        if row.pk not in found:
            found[row.pk] = Part(row.role, row.ended_at is None, _portfolio(row) if row.portfolio_pk else None)
        if row.page_pk is not None:
            found[row.pk].portfolio.pages.append(_page(row))
    return list(found.values())


def _portfolio(row):
    return OwnPortfolio(row.portfolio_pk, row.portfolio_slug, [Goal(**json.loads(goal)) for goal in row.goals])


def _page(row):
    return OwnPage(
        pk=row.page_pk,
        address=(row.portfolio_slug, row.page_slug),
        title=row.draft_title,
        saved_at=row.saved_at,
        is_blank=row.is_blank,
        has_changes=row.number is not None and (row.differs or set(row.criteria) != set(row.shared_criteria)),
        criteria=frozenset(row.criteria),
        archived_at=row.archived_at,
        number=row.number,
        words=row.words or 0,
        shared_title=row.shared_title,
        shared_at=row.shared_at,
        question=row.question and _question(json.loads(row.question)),
    )


def _question(found):
    author = Person(found["author_id"], found["name"], found["known_as"], found["email"])
    return Question(found["pk"], author, datetime.fromisoformat(found["asked_at"]), found["opening"])


def _make():
    page, draft, latest = "portfolio__pages", "portfolio__pages__draft", "portfolio__pages__latest"
    live = Pairing.objects.live().filter(mentor=OuterRef("author"), mentee=Given("person"))
    answers = Comment.objects.filter(parent=OuterRef("pk"), author=Given("person"))
    waiting = (
        Comment.objects.open()
        .filter(~Exists(answers), Exists(live), kind=Comment.Kind.QUESTION, page=OuterRef(f"{page}__pk"))
        .order_by("created_at")
    )
    asked = JSONObject(
        pk="pk",
        author_id="author_id",
        name="author__name",
        known_as="author__known_as",
        email="author__email",
        asked_at="created_at",
        opening=Left("body", OPENING),
    )
    return (
        Enrolment.objects.filter(person=Given("person"))
        .order_by(F("portfolio__created_at").desc(nulls_last=True), "-created_at", f"{page}__position", f"{page}__pk")
        .values(
            *("pk", "role", "ended_at"),
            goals=ArraySubquery(
                Criterion.objects.filter(level=OuterRef("level"))
                .order_by("number")
                .values(goal=JSONObject(pk="pk", number="number", name="name"))
            ),
            portfolio_pk=F("portfolio__pk"),
            portfolio_slug=F("portfolio__slug"),
            page_pk=F(f"{page}__pk"),
            page_slug=F(f"{page}__slug"),
            archived_at=F(f"{page}__archived_at"),
            draft_title=F(f"{draft}__title"),
            saved_at=F(f"{draft}__saved_at"),
            is_blank=_yes_when(**{f"{draft}__body": ""}),
            number=F(f"{latest}__number"),
            words=F(f"{latest}__words"),
            shared_title=F(f"{latest}__title"),
            shared_at=F(f"{latest}__shared_at"),
            differs=_yes_when(~Q(**{f"{draft}__title": F(f"{latest}__title"), f"{draft}__body": F(f"{latest}__body")})),
            criteria=_criteria(PageDraft, pagedraft=OuterRef(draft)),
            shared_criteria=_criteria(PageVersion, pageversion=OuterRef(latest)),
            question=Subquery(waiting.values(asked=asked)[:1]),
        )
    )


def _yes_when(*condition, **lookup):
    return Case(When(*condition, **lookup, then=Value(True)), default=Value(False), output_field=BooleanField())


def _criteria(model, **of):
    """The keys of the criteria that a draft or a version speaks to."""
    return ArraySubquery(model.criteria.through.objects.filter(**of).values("criterion_id"))


_own = Compiled(_make)
