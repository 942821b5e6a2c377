"""How far somebody is with their welcome: for each of their parts four steps. One statement says it all."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import CharField, Count, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Draft
from mentoring.welcome.kept import PREFIX, read
from notifications.models import Preference
from pairings.models import MentorRequest, Pairing
from pairings.own_offers import OwnOffer
from portfolios.models import Page
from programmes.models import Enrolment, Level, Region, Sector

Role = Enrolment.Role
PARTS = (Role.MENTEE, Role.MENTOR)


@dataclass(frozen=True)
class Step:
    """`words`: how it stands where that is more than done or not. `button`: of the primary, when this is next."""

    key: str
    title: str
    minutes: int
    is_done: bool
    url: str
    button: str
    words: str = ""

    @property
    def is_said(self):
        """Whether its page holds answers that one may put otherwise."""
        return self.key not in ("mentor", "page")

    @property
    def can_begin(self):
        """Whether it needs none of the steps before it."""
        return self.key in ("page", "emails")

    @property
    def time(self):
        return ngettext("%(count)d minute", "%(count)d minutes", self.minutes) % {"count": self.minutes}


@dataclass(frozen=True)
class Part:
    """Somebody's part in a programme, with its steps. `query` says which part an address is about, for somebody who
    takes several."""

    enrolment: Enrolment
    query: str

    @property
    def is_mentee(self):
        return self.enrolment.role == Role.MENTEE

    @cached_property
    def steps(self):
        return _steps_of_mentee(self) if self.is_mentee else _steps_of_mentor(self)

    @property
    def done(self):
        return sum(step.is_done for step in self.steps)

    @property
    def is_first_visit(self):
        return self.done == 0

    @property
    def next(self):
        """The step to take now: None when all are taken, it is time to look them over, or the welcome is over."""
        return None if self.can_check or self.is_over else next((step for step in self.steps if not step.is_done), None)

    @property
    def title(self):
        """What comes next, in words."""
        return self.next.title if self.next else _("Check your answers")

    @property
    def unsaid(self):
        """The first step whose questions are not answered yet."""
        asked = ("you", "hopes") if self.is_mentee else ("you", "role", "places")
        return next((step for step in self.steps if step.key in asked and not step.is_done), None)

    @property
    def is_checked(self):
        """Whether they have looked it over. A mentor whose offer the team made need not."""
        return self.enrolment.welcomed_at is not None or (not self.is_mentee and self.offer is not None)

    @property
    def can_check(self):
        return not self.is_checked and self.unsaid is None

    @property
    def is_over(self):
        """It folds away after the first meeting, once all is done, and for whoever took part before it was there."""
        if self.enrolment.has_met:
            return True
        if self.enrolment.welcomed_at is None:
            return bool(self.enrolment.pair) if self.is_mentee else self.offer is not None
        return self.done == len(self.steps)

    @property
    def offer(self):
        return getattr(self.enrolment, "offer", None)

    @property
    def kept(self):
        """What a mentor said of the offer that they are about to make."""
        return read(self.enrolment.kept or {})

    def url(self, name):
        return reverse(name) + self.query

    @property
    def check_url(self):
        return self.url("welcome_check")

    def step(self, key):
        return next(step for step in self.steps if step.key == key)

    def is_called(self, role, programme):
        """Whether an address means it; one that says nothing means any."""
        return role in (None, self.enrolment.role) and programme in (None, self.enrolment.programme.slug)


def parts_to_welcome(person) -> list[Part]:
    """All parts that the person takes as a mentee or a mentor, as a mentee first. One statement."""
    mine = Enrolment.objects.editable_by(person).filter(role__in=PARTS)
    enrolments = list(_with_facts(mine).order_by("role", "programme__name", "pk"))
    return [Part(enrolment, _query(enrolment) if len(enrolments) > 1 else "") for enrolment in enrolments]


@dataclass(frozen=True)
class Coming:
    """What Home says of a welcome that is not over. `is_all`: it is all that Home has to say; else it is one line.
    `is_unlisted`: of a mentor whom nobody finds yet."""

    part: Part
    is_all: bool
    is_unlisted: bool


def coming_in(parts, *, has_portfolio) -> Coming | None:
    """Of somebody's parts; None when no welcome is to be carried on."""
    parts = [part for part in parts if not part.is_over]
    if not parts:
        return None
    unlisted = [part for part in parts if not (part.is_mentee or part.is_checked)]
    all_that_is = [part for part in parts if part.is_mentee or part in unlisted] if not has_portfolio else []
    return Coming((all_that_is or parts)[0], bool(all_that_is), bool(unlisted))


def unfound(parts) -> str:
    """Why mentees don't find a mentor of whom there is an offer; "" when they do."""
    offers = [OwnOffer(part.offer, timezone.localdate()) for part in parts if part.offer]
    hidden = [offer.hidden for offer in offers if not offer.is_found]
    return hidden[0] if len(hidden) == len(offers) and hidden else ""


def _query(enrolment):
    return "?" + urlencode({"as": enrolment.role, "programme": enrolment.programme.slug})


def _steps_of_mentee(part):
    return [
        Step("you", _("About you"), 3, _is_described(part.enrolment), part.url("welcome_you"), _("Tell us about you")),
        Step(
            "hopes",
            _("What you hope for"),
            3,
            bool(part.enrolment.hopes) and not (part.enrolment.level_id is None and part.enrolment.level_count),
            part.url("welcome_hopes"),
            _("Say what you hope for"),
        ),
        _finding(part),
        _first_page(part),
    ]


def _finding(part):
    request, pair = part.enrolment.request, part.enrolment.pair
    title, button = _("Find a mentor"), _("Find a mentor")
    if pair:
        url = reverse("pairing", args=[pair["slug"]])
        return Step("mentor", title, 5, True, url, button, _("%(name)s is your mentor") % {"name": _first_name(pair)})
    if request:
        words = _("Waiting for %(name)s’s answer") if request["state"] == "asked" else _("Talking with %(name)s")
        url = reverse("pairings:request", args=[request["slug"]])
        return Step("mentor", title, 5, True, url, button, words % {"name": _first_name(request)})
    return Step("mentor", title, 5, False, reverse("pairings:mentors"), button)


def _first_page(part):
    words = "" if part.enrolment.pair else _("Waiting for a mentor? You can start now")
    done = part.enrolment.has_pages
    url = reverse("portfolios:mine")
    return Step("page", _("Your first page"), 10, done, url, _("Start your first page"), "" if done else words)


def _steps_of_mentor(part):
    kept, offer = part.kept, part.offer
    own = offer and f"{reverse('pairings:offer')}?{urlencode({'programme': part.enrolment.programme.slug})}"
    return [
        Step("you", _("About you"), 3, _is_described(part.enrolment), part.url("welcome_you"), _("Tell us about you")),
        Step(
            "role",
            _("Who you can help"),
            4,
            bool(own or kept.get("can_help")),
            own or part.url("welcome_role"),
            _("Say who you can help"),
        ),
        Step(
            "places",
            _("How many, and how you meet"),
            1,
            bool(own or kept.get("capacity")),
            own or part.url("welcome_places"),
            _("Say how many"),
        ),
        Step(
            "emails",
            _("How you like to hear from us"),
            2,
            part.enrolment.has_preference,
            reverse("emails"),
            _("Choose your emails"),
        ),
    ]


def _is_described(enrolment):
    profile = enrolment.person.profile
    return (
        bool(profile.between_jobs or profile.job_title)
        and (enrolment.sector_id is not None or not enrolment.has_sectors)
        and (enrolment.region_id is not None or not enrolment.has_regions)
        and bool(enrolment.meets_by or enrolment.role == Role.MENTOR)
    )


def _first_name(named):
    return named["known_as"] or (named["name"].split() or [""])[0]


def _with_facts(enrolments):
    """With all that the steps ask: facts, and the request and the pairing by name."""
    listed = {"programme": OuterRef("programme")}
    as_mentee = listed | {"mentee": OuterRef("person")}
    levels = Level.objects.filter(**listed).order_by().values("programme").annotate(count=Count("pk"))
    mentor = {"known_as": "mentor__known_as", "name": "mentor__name", "slug": "slug", "state": "state"}
    met = Pairing.objects.filter(
        Q(mentee=OuterRef("person")) | Q(mentor=OuterRef("person")), **listed, first_met_at__isnull=False
    )
    pages = Page.objects.filter(portfolio__enrolment=OuterRef("pk")).exclude(draft__body="", latest=None)
    kept = Draft.objects.filter(person=OuterRef("person"), key=Concat(Value(PREFIX), Cast(OuterRef("pk"), CharField())))
    return enrolments.select_related("person__profile", "programme", "sector", "region", "level", "offer").annotate(
        has_sectors=Exists(Sector.objects.filter(**listed)),
        has_regions=Exists(Region.objects.filter(**listed)),
        level_count=Coalesce(Subquery(levels.values("count")), 0),
        request=Subquery(MentorRequest.objects.open().filter(**as_mentee).values(found=JSONObject(**mentor))[:1]),
        pair=Subquery(Pairing.objects.live().filter(**as_mentee).values(found=JSONObject(**mentor))[:1]),
        has_met=Exists(met),
        has_pages=Exists(pages),
        has_preference=Exists(Preference.objects.filter(person=OuterRef("person"))),
        kept=Subquery(kept.values("fields")[:1]),
    )
