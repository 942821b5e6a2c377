"""What one person may read of one page: fetched together with the page, asked many times while it is shown.

The page view is what everybody waits for, so its SQL is made once (`accounts.compiled`). The rule of the reading window
is the same as everywhere, `PairingQuerySet.open_to`: here the mentee is known, which spares the database the joins.
"""

import json
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat, JSONObject
from django.utils.dateparse import parse_datetime

from accounts.compiled import Compiled, Given
from accounts.models import Draft, User
from pairings.models import Pairing
from portfolios.models import Comment, Page, PageDraft, PageSlug, PageVersion, Portfolio, PortfolioSlug
from programmes.models import Enrolment


@dataclass(frozen=True)
class Access:
    """Everything when the page is one's `own`; else what was shared and said while one of the `windows` was open."""

    person: User
    page: Page
    own: bool
    windows: tuple[Pairing, ...]

    @property
    def may_comment(self):
        return self.own or any(window.is_live for window in self.windows)

    @property
    def last_met_at(self):
        """When a mentor who reads here met the page's owner last, or None."""
        return max((window.last_met_at for window in self.windows if window.last_met_at), default=None)

    def reads(self, moment):
        """Whether the person may know what happened then."""
        return self.own or any(window.is_open_at(moment) for window in self.windows)

    def knows_address(self, given_at):
        """Whether the person may know an address that was given then: windows only ever close it to them."""
        return self.own or any(window.is_not_closed_at(given_at) for window in self.windows)

    def versions(self):
        """The versions of the page that the person may read, a QuerySet."""
        return PageVersion.objects.visible_to(self.person).filter(page=self.page)

    def comments(self):
        """The comments on the page that the person may read, a QuerySet."""
        return Comment.objects.visible_to(self.person).filter(page=self.page)

    def rows(self, queries, **given):
        """Rows of `queries`, as made by `each_way`, that the person may read of the page."""
        if self.own or any(window.is_unbounded for window in self.windows):
            return queries[0](page=self.page.pk, **given)
        enrolment = self.page.portfolio.enrolment
        reader = {"person": self.person.pk, "programme": enrolment.programme_id, "mentee": enrolment.person_id}
        return queries[1](page=self.page.pk, **reader, **given)


def each_way(make):
    """Two compiled queries, for whoever may read everything and for whoever reads through windows. `make` returns the
    QuerySet for a Q that is given; it gets `window`, path to a moment → whether it lies in a window, or None."""
    return Compiled(lambda: make(None)), Compiled(lambda: make(_window))


def find(person, portfolio_slug, page_slug) -> Page | None:
    """The page of that address, present or past, as far as `person` may know it; None otherwise. It carries

    access: an `Access`; address: the slug to link to; newest: the newest version that they may read, None for one's own
    page that was never shared; begun: keys of the drafts of what they began to say about it; unshared:
    whether their own draft says something else than what they shared.
    """
    row = next(iter(_pages(person=person.pk, portfolio_slug=portfolio_slug, page_slug=page_slug)), None)
    if row is None:
        return None
    page = _page(row, person)
    known = [
        address["slug"]
        for address in map(json.loads, row.addresses)
        if page.access.knows_address(parse_datetime(address["given_at"]))
    ]
    if page_slug not in known or not (page.access.own or page.archived_at is None):
        return None
    page.address = page.slug if page.slug in known else known[0]
    page.may_comment = page.access.may_comment
    page.newest = next((_version(row) for row in page.access.rows(_newest)), None)
    page.unshared = page.access.own and bool(_unshared(page=page.pk))
    return page if page.access.own or page.newest else None


def _page(row, person):
    names = {"name": row.owner_name, "known_as": row.owner_known_as, "email": row.owner_email}
    owner = person if row.owner_pk == person.pk else User(pk=row.owner_pk, **names)
    enrolment = Enrolment(pk=row.portfolio__enrolment_id, programme_id=row.programme, person=owner)
    portfolio = Portfolio(pk=row.portfolio_id, slug=row.portfolio__slug, enrolment=enrolment)
    own = {name: getattr(row, name) for name in _OWN}
    page = Page.from_db("default", list(own), list(own.values()))
    page.portfolio = portfolio
    page.begun = row.begun
    windows = [json.loads(window) for window in row.windows]
    for window in windows:
        window |= {name: window[name] and parse_datetime(window[name]) for name in _MOMENTS}
    page.access = Access(person, page, owner == person, tuple(Pairing(**window) for window in windows))
    return page


def _version(row):
    fields = [field.attname for field in PageVersion._meta.concrete_fields]
    version = PageVersion.from_db("default", fields, [getattr(row, name) for name in fields])
    version.criteria_names = row.criteria_names
    return version


_MOMENTS = ("reads_from", "reads_until", "last_met_at")
_OWN = ("id", "slug", "portfolio_id", "position", "latest_id", "archived_at", "created_at")


def _make_pages():
    portfolio = PortfolioSlug.objects.filter(slug=Given("portfolio_slug")).values("portfolio")
    address = PageSlug.objects.filter(slug=Given("page_slug"), portfolio=Subquery(portfolio)).values("page")
    enrolment = {name: OuterRef(f"portfolio__enrolment__{name}") for name in ("person", "programme")}
    windows = Pairing.objects.filter(
        mentor=Given("person"), mentee=enrolment["person"], programme=enrolment["programme"]
    )
    window = JSONObject(**{name: F(name) for name in ("state", *_MOMENTS)})
    addresses = PageSlug.objects.filter(page=OuterRef("pk")).order_by("-given_at", "-pk")
    begun = Draft.objects.editable_by(Given("person")).exclude(fields={})
    begun = begun.filter(key__startswith=Concat(Value("page-"), Cast(OuterRef("pk"), CharField()), Value("-")))
    return Page.objects.filter(pk=Subquery(address)).values(
        *_OWN,
        "portfolio__slug",
        "portfolio__enrolment_id",
        programme=F("portfolio__enrolment__programme_id"),
        owner_pk=F("portfolio__enrolment__person_id"),
        owner_name=F("portfolio__enrolment__person__name"),
        owner_known_as=F("portfolio__enrolment__person__known_as"),
        owner_email=F("portfolio__enrolment__person__email"),
        windows=ArraySubquery(windows.order_by().values(window=window)),
        addresses=ArraySubquery(addresses.values(address=JSONObject(slug="slug", given_at="given_at"))),
        begun=ArraySubquery(begun.order_by("key").values("key")),
    )


def _make_newest(window):
    versions = PageVersion.objects.filter(window("shared_at") if window else Q(), page=Given("page"))
    fields = [field.attname for field in PageVersion._meta.concrete_fields]
    return versions.with_criteria_names().order_by("-number").values(*fields, "criteria_names")[:1]


def _window(moment):
    return Exists(
        Pairing.objects.all().open_to(
            Given("person"), programme=Given("programme"), mentee=Given("mentee"), at=OuterRef(moment)
        )
    )


_pages = Compiled(_make_pages)
_unshared = Compiled(
    lambda: (
        PageDraft.objects.filter(page=Given("page"), page__latest__isnull=False)
        .exclude(title=F("page__latest__title"), body=F("page__latest__body"))
        .values("pk")
    )
)
_newest = each_way(_make_newest)
