"""The register of a programme's mentors, as one of its mentees sees it: without whom the rules bar, the best fit first.

The rules are those of `pairings.rules`, asked of the database, so that 30,000 mentors are searched as fast as thirty.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import reduce
from operator import add
from statistics import median

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, Count, Exists, F, Func, IntegerField, OuterRef, Q, Value, When, Window
from django.db.models.functions import Mod
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Profile, User
from pairings.models import MentorOffer, MentorRequest
from pairings.rules import employer_key, fit, folded, manager_keys, party_of
from programmes.models import Enrolment

A_PAGE = 10
FEWEST_ANSWERS = 3  # below this nothing is said of how soon a mentor answers
MOST_WORDS = 8  # of a search
LIKE = 3


@dataclass(frozen=True)
class Wanted:
    """What a mentee looks for. `sector`, `region`: keys or None; `by`: a `MeetsBy` or ""; `search`: words."""

    sector: int | None = None
    region: int | None = None
    by: str = ""
    search: str = ""
    with_space: bool = True

    @property
    def is_narrowed(self):
        return bool(self.sector or self.region or self.by or self.search)


@dataclass
class Listed:
    """A mentor in the register. `fit`: words; `reply_days`: None when too few answers tell."""

    offer: MentorOffer
    fit: list[str]
    reply_days: int | None
    is_taking: bool

    @property
    def person(self):
        return self.offer.enrolment.person

    @property
    def slug(self):
        return address_of(self.offer)

    @property
    def has_space(self):
        return self.is_taking and self.offer.room > 0

    @property
    def space(self):
        if not self.is_taking:
            until = self.offer.paused_until
            if until:
                return _("Takes nobody before %(date)s") % {"date": date_format(until, "j F")}
            return _("Takes nobody just now")
        if not self.offer.room:
            return _("No place just now")
        return ngettext("Space for %(count)d", "Space for %(count)d", self.offer.room) % {"count": self.offer.room}

    @property
    def replies(self):
        if self.reply_days is None:
            return ""
        return ngettext("replies in about a day", "replies in about %(count)d days", self.reply_days) % {
            "count": self.reply_days
        }

    @property
    def meets_by(self):
        return [Enrolment.MeetsBy(way).label for way in self.offer.enrolment.meets_by]


@dataclass
class Page:
    """A page of the register, as a template shows it: `all` that match, with space or without, and how many of them are
    `free`; `found` of them are on some page."""

    number: int
    all: int
    free: int
    with_space: bool
    listed: list[Listed] = field(default_factory=list)

    @property
    def found(self):
        return self.free if self.with_space else self.all

    @property
    def pages(self):
        return max(1, -(-self.found // A_PAGE))

    @property
    def before(self):
        return self.number - 1

    @property
    def after(self):
        return self.number + 1 if self.number < self.pages else None


@dataclass
class Register:
    """What one mentee (an Enrolment, with person__profile and programme) sees on a day."""

    enrolment: Enrolment
    wanted: Wanted = field(default_factory=Wanted)

    @cached_property
    def today(self):
        return timezone.localdate()

    def page(self, number) -> Page:
        """A page from 1 on, the last one for a number beyond. One statement counts and finds."""
        rows = self._rows(number)
        counts = rows[0] if rows else self._narrowed().aggregate(**self._counts())
        page = Page(number, counts["all"], counts["free"], self.wanted.with_space)
        if number > page.pages:
            return self.page(page.pages)
        page.listed = self._listed(row["pk"] for row in rows if row["is_free"] or not self.wanted.with_space)
        return page

    def one(self, offer) -> Listed | None:
        """A mentor, full ones too; None for whom the rules bar."""
        return next(iter(self._listed(self._unbarred().filter(pk=offer.pk).values_list("pk", flat=True))), None)

    def like(self, offer) -> list[Listed]:
        """Up to three who have space now and are most like this mentor, of those whom the mentee did not ask yet."""
        theirs = offer.enrolment
        asked = MentorRequest.objects.filter(programme=self.enrolment.programme_id, mentee=self.enrolment.person_id)
        others = self._unbarred().filter(self._free()).exclude(pk=offer.pk).exclude(pk__in=asked.values("offer"))
        alike = []
        if theirs.sector_id:
            alike.append(2 * _says(Q(enrolment__sector=theirs.sector_id)))
        if theirs.region_id:
            alike.append(_says(Q(enrolment__region=theirs.region_id)))
        if theirs.meets_by:
            alike.append(_says(Q(enrolment__meets_by__overlap=theirs.meets_by)))
        found = self._in_order(others, *_most(alike))
        return self._listed(found.values_list("pk", flat=True)[:LIKE])

    def _unbarred(self):
        """Whom the programme's rules allow: `pairings.rules.barred`, of them all at once."""
        mentee, rules = self.enrolment, self.enrolment.programme
        found = MentorOffer.objects.filter(
            enrolment__programme=mentee.programme_id, enrolment__role=Enrolment.Role.MENTOR, enrolment__ended_at=None
        ).exclude(enrolment__person=mentee.person_id)
        # Few of many, by an index of their own: joining everybody would take longer than the search.
        found = found.exclude(enrolment__person__in=User.objects.filter(is_active=False).values("pk"))
        if rules.needs_training:
            found = found.filter(trained_until__gte=self.today)
        if rules.needs_level and mentee.level_id:
            holds = MentorOffer.holds.through.objects.filter(mentoroffer=OuterRef("pk"), level=mentee.level_id)
            found = found.filter(Exists(holds))
        barred = self._barred_people
        return found.exclude(enrolment__person__in=barred) if barred else found

    @cached_property
    def _barred_people(self):
        """Line managers and colleagues, by key. They are few: fetched once, they cost the search itself nothing."""
        mentee, rules = self.enrolment, self.enrolment.programme
        keys = manager_keys(mentee.line_manager) if rules.bars_line_manager else ()
        employer = employer_key(mentee.person.profile.employer) if rules.bars_same_employer else ""
        managers = User.objects.alias(key=Folded("name")).filter(Q(key__in=keys) | Q(email__in=keys))
        mentors = Enrolment.objects.filter(
            programme=mentee.programme_id, role=Enrolment.Role.MENTOR, person=OuterRef("user")
        )
        colleagues = Profile.objects.alias(key=Folded("employer")).filter(Exists(mentors), key=employer)
        wanted = [managers.values_list("pk")] if keys else []
        wanted += [colleagues.values_list("user")] if employer else []
        return {pk for (pk,) in wanted[0].union(*wanted[1:])} if wanted else set()

    def _free(self):
        return Q(held__lt=F("capacity")) & self._taking()

    def _taking(self):
        return Q(is_paused=False) | Q(paused_until__lte=self.today)

    def _counts(self):
        return {"all": Count("pk"), "free": Count("pk", filter=self._free())}

    def _rows(self, number):
        """Of one page, each with the counts of all. Who has space comes first, where only they are wanted."""
        start = (number - 1) * A_PAGE
        counts = {name: Window(count) for name, count in self._counts().items()}
        found = self._narrowed().annotate(is_free=_says(self._free()), **counts)
        first = [F("is_free").desc()] if self.wanted.with_space else []
        return list(self._in_order(found, *first).values("pk", "is_free", *counts)[start : start + A_PAGE])

    def _narrowed(self):
        """By all that is wanted but space."""
        wanted, found = self.wanted, self._unbarred()
        if wanted.sector:
            found = found.filter(enrolment__sector=wanted.sector)
        if wanted.region:
            found = found.filter(enrolment__region=wanted.region)
        if wanted.by:
            found = found.filter(enrolment__meets_by__contains=[wanted.by])
        if words := folded(wanted.search).split()[:MOST_WORDS]:
            begun = " & ".join(f"'{word}':*" for word in words)
            found = found.filter(entry__words=SearchQuery(begun, config="simple", search_type="raw"))
        return found

    def _in_order(self, offers, *first):
        """The best fit first: by how much of `pairings.rules.fit` there is to say. Among equals, an order that stays
        the same for one mentee and is another for the next, so that not everybody asks the same few."""
        mixed = Mod(F("pk") * 7919 + Value(self.enrolment.pk * 104729), Value(10007))
        return offers.order_by(*first, *_most(self._fitting()), mixed, "pk")

    def _fitting(self):
        mentee, parts = self.enrolment, []
        if mentee.sector_id:
            same = Q(enrolment__sector=mentee.sector_id)
            other = ~same & Q(enrolment__sector__isnull=False)
            parts.append(_says(other if mentee.programme.advises_other_sector else same))
        if mentee.region_id:
            parts.append(_says(Q(enrolment__region=mentee.region_id)))
        if mentee.meets_by:
            parts.append(_says(Q(enrolment__meets_by__overlap=mentee.meets_by)))
        return parts

    def _listed(self, keys):
        keys = list(keys)
        offers = {offer.pk: offer for offer in _whole(keys)}
        days = reply_days([offer.enrolment for offer in offers.values()])
        return [self._one_listed(offers[key], days) for key in keys if key in offers]

    def _one_listed(self, offer, days):
        offer.enrolment.programme = self.enrolment.programme
        words = fit(party_of(self.enrolment), party_of(offer.enrolment), self.enrolment.programme)
        return Listed(offer, words, days.get(offer.enrolment.person_id), offer.is_taking(self.today))


class Folded(Func):
    """`pairings.rules.folded`, by the database: a function that the migration register_search makes, and indexes."""

    function = "folded"


def as_listed(offer) -> Listed:
    """A mentor as mentees see them, without anybody whom it could fit."""
    [whole] = _whole([offer.pk]).select_related("enrolment__programme")
    days = reply_days([whole.enrolment]).get(whole.enrolment.person_id)
    return Listed(whole, [], days, whole.is_taking(timezone.localdate()))


def reply_days(enrolments) -> dict[int, int]:
    """In about how many days these mentors answered in the last year, the median, by person; without those of whom
    fewer than three answers tell."""
    if not enrolments:
        return {}
    since = timezone.now() - timedelta(days=365)
    answers = MentorRequest.objects.filter(
        mentor__in=[each.person_id for each in enrolments],
        programme=enrolments[0].programme_id,
        answered_at__gte=since,
        suggested_by=None,
    )
    times = {}
    for mentor, asked_at, answered_at in answers.values_list("mentor", "asked_at", "answered_at").order_by():
        times.setdefault(mentor, []).append((answered_at - asked_at) / timedelta(days=1))
    return {mentor: max(1, round(median(each))) for mentor, each in times.items() if len(each) >= FEWEST_ANSWERS}


def address_of(offer) -> str:
    """What names a mentor in addresses, also before they were given a slug."""
    return offer.enrolment.person.profile.slug or f"mentor-{offer.pk}"


def _whole(keys):
    people = ("enrolment__person__profile", "enrolment__sector", "enrolment__region")
    return MentorOffer.objects.filter(pk__in=keys).select_related(*people)


def _says(rule):
    return Case(When(rule, then=Value(1)), default=Value(0), output_field=IntegerField())


def _most(parts):
    """To order by how many of these hold: nothing, where nothing is asked."""
    return [reduce(add, parts).desc()] if parts else []
