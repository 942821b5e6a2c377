"""The people whom somebody mentors, and those whom they mentored."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, OuterRef, Subquery
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.compiled import Among, Compiled, Given
from mentoring.ahead import AHEAD, Ahead, ahead_of
from pairings.models import MentorOffer
from pairings.pairs import Pair, pairs_of
from portfolios.models import Page, PageVersion, Portfolio


@dataclass(frozen=True)
class SharedPage:
    """`address` is None where it might tell of a newer title than the reader may know."""

    title: str
    at: datetime
    address: tuple[str, str] | None = None

    @property
    def url(self):
        return self.address and reverse("portfolios:page", args=self.address)


@dataclass
class Mentee:
    """A pairing with somebody one mentors; `slug` is their portfolio's (None before it is opened), `shared` its pages
    that their mentor may read, what was shared last first. `ahead`: what the two have before them, where it is known.
    """

    pair: Pair
    slug: str | None = None
    shared: list[SharedPage] = field(default_factory=list)
    ahead: Ahead | None = None

    @property
    def url(self):
        return self.slug and reverse("portfolios:portfolio", args=[self.slug])

    @property
    def person(self):
        return self.pair.mentee

    @property
    def last_shared(self):
        return self.shared[0] if self.shared else None

    @property
    def month(self):
        return month_of(self.pair)

    @property
    def summary(self):
        """“Month 13 · 7 pages · last shared “Usage review”, 8 November”"""
        if self.pair.ended_at:
            when = _("Ended in %(month)s") % {"month": date_format(timezone.localtime(self.pair.ended_at), "F Y")}
        else:
            when = _("Month %(number)d") % {"number": self.month}
        last = self.last_shared
        if last is None:
            return " · ".join([when, _("nothing shared yet")])
        count = len(self.shared)
        pages = ngettext("%(count)d page", "%(count)d pages", count) % {"count": count}
        words = {"title": last.title, "day": date_format(timezone.localtime(last.at), "j F")}
        return " · ".join([when, pages, _("last shared “%(title)s”, %(day)s") % words])


def month_of(pair) -> int:
    """Which month of a pairing this is, from 1."""
    end, began = pair.ended_at or timezone.now(), pair.created_at
    return (end.year - began.year) * 12 + end.month - began.month + (end.day >= began.day)


@require_safe
def mentees(request):
    """Everybody one mentors, then those one mentored: their portfolios as they stood then."""
    me = request.user
    pairs = [pair for pair in pairs_of(me, AHEAD, now=timezone.now()) if pair.mentor.pk == me.pk]
    live = [pair for pair in pairs if pair.is_live]
    context = {
        "present": present(live, ahead_of(live, me)),
        "former": _former([pair for pair in pairs if not pair.is_live], request.user),
        "offer": offer_in_words(pairs, request.user),
        "has_offer": bool(pairs) or MentorOffer.objects.editable_by(request.user).exists(),
    }
    return render(request, "mentoring/mentees.html", context)


def offer_in_words(pairs, me) -> str:
    """“Your offer: space for 1”, of somebody who mentors in these pairings."""
    rooms = {pair.programme_id: pair.mentors_room or 0 for pair in pairs if pair.mentor.pk == me.pk}
    count = sum(rooms.values())
    if not count:
        return _("Your offer") if not rooms else _("Your offer: no space just now")
    return ngettext("Your offer: space for %(count)d", "Your offer: space for %(count)d", count) % {"count": count}


def present(pairs, ahead) -> list[Mentee]:
    """The mentees of these live pairings, with what is `ahead` by the pair's key, in one query. A window that is
    open has the latest version of a page in it, or none."""
    found = {(pair.mentee.pk, pair.programme_id): Mentee(pair, ahead=ahead[pair.pk]) for pair in pairs}
    for row in _pages(people=[pair.mentee.pk for pair in pairs]) if pairs else []:
        mentee = found.get((row.owner_id, row.programme_id))
        if mentee is None:
            continue
        mentee.slug = row.slug
        if row.at and row.archived_at is None and mentee.pair.is_open_at(row.at):
            mentee.shared.append(SharedPage(row.title, row.at, (row.slug, row.page_slug)))
    return list(found.values())


def _former(pairs, me):
    if not pairs:
        return []
    found = [Mentee(pair) for pair in pairs]
    mine = {}
    visible = Portfolio.objects.visible_to(me).filter(enrolment__person__in=[pair.mentee.pk for pair in pairs])
    for portfolio in visible.select_related("enrolment"):
        mine[portfolio.enrolment.person_id, portfolio.enrolment.programme_id] = portfolio
    shared = _last_readable(mine.values(), me)
    for mentee in found:
        portfolio = mine.get((mentee.person.pk, mentee.pair.programme_id))
        if portfolio:
            mentee.slug, mentee.shared = portfolio.slug, shared.get(portfolio.pk, [])
    return found


def _last_readable(portfolios, me):
    """By portfolio, what was shared last of each page while one could read it."""
    readable = PageVersion.objects.visible_to(me).filter(page=OuterRef("pk")).order_by("-number")
    pages = Page.objects.filter(portfolio__in=portfolios).annotate(shown=Subquery(readable.values("pk")[:1]))
    shown = PageVersion.objects.filter(pk__in=[page.shown for page in pages if page.shown])
    found = {}
    for portfolio, title, at in shown.order_by("-shared_at").values_list("page__portfolio", "title", "shared_at"):
        found.setdefault(portfolio, []).append(SharedPage(title, at))
    return found


_pages = Compiled(
    lambda: (
        Portfolio.objects.filter(Among("enrolment__person", Given("people")))
        .order_by(F("pages__latest__shared_at").desc(nulls_last=True))
        .values(
            "slug",
            owner_id=F("enrolment__person_id"),
            programme_id=F("enrolment__programme_id"),
            page_slug=F("pages__slug"),
            archived_at=F("pages__archived_at"),
            title=F("pages__latest__title"),
            at=F("pages__latest__shared_at"),
        )
    )
)
