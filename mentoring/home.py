"""Home: what is new, one thing to do, and the people one works with. Reads several apps, so it lives in the shell."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from notifications.models import Notification
from notifications.news import topics
from pairings.models import Pairing
from portfolios.models import PageVersion, Portfolio
from programmes.models import Enrolment

LATELY = 5


@dataclass
class Mentee:
    """One of a mentor's people: the pairing, their portfolio (None before it is opened), and what they shared last."""

    pairing: Pairing
    portfolio: Portfolio | None
    last_shared: PageVersion | None

    @property
    def month(self):
        """Which month of the pairing this is, from 1."""
        end = self.pairing.ended_at or timezone.now()
        began = self.pairing.created_at
        return (end.year - began.year) * 12 + end.month - began.month + (end.day >= began.day)


@require_safe
def home(request):
    me = request.user
    pairings = list(Pairing.objects.visible_to(me).live().with_people())
    unseen = Notification.objects.unseen().filter(person=me).select_related("event").order_by("event__at")
    news = topics(me, unseen)
    mentored = [pairing for pairing in pairings if pairing.mentor_id == me.pk]
    portfolios = _portfolios(me, [me.pk, *(pairing.mentee_id for pairing in mentored)])
    mentees = _mentees(mentored, portfolios, me)
    portfolio = next((portfolio for portfolio in portfolios if portfolio.enrolment.person_id == me.pk), None)
    mentor = next((pairing.mentor for pairing in pairings if pairing.mentee_id == me.pk), None)
    return render(
        request,
        "mentoring/home.html",
        {
            "greeting": _greeting(timezone.localtime()),
            "today": timezone.localtime(),
            "as_mentee": [topic for topic in news if topic.lead.hat == "mentee"],
            "as_mentor": [topic for topic in news if topic.lead.hat == "mentor"],
            "portfolio": portfolio,
            "may_start": not (portfolio or mentees)
            and Enrolment.objects.current().filter(person=me, role="mentee").exists(),
            "ended": portfolio and not mentor and Pairing.objects.filter(mentee=me, state="ended").exists(),
            "mentor": mentor,
            "mentees": mentees,
            "lately": _lately([portfolio, *(mentee.portfolio for mentee in mentees)], me),
        },
    )


@require_safe
def mentees(request):
    """Everybody one mentors, then those one mentored: their portfolios as they stood then."""
    me = request.user
    pairings = list(Pairing.objects.visible_to(me).filter(mentor=me).with_people())
    found = _mentees(pairings, _portfolios(me, [pairing.mentee_id for pairing in pairings]), me)
    return render(
        request,
        "mentoring/mentees.html",
        {
            "present": [mentee for mentee in found if mentee.pairing.ended_at is None],
            "former": [mentee for mentee in found if mentee.pairing.ended_at],
        },
    )


def _portfolios(me, people):
    """The portfolios of `people` (ids) that I may open, the newest first."""
    visible = Portfolio.objects.visible_to(me).filter(enrolment__person__in=people)
    return list(visible.select_related("enrolment").order_by("-created_at"))


def _mentees(pairings, portfolios, me):
    portfolios = {
        (portfolio.enrolment.programme_id, portfolio.enrolment.person_id): portfolio for portfolio in portfolios
    }
    latest = {
        version.page.portfolio_id: version
        for version in PageVersion.objects.visible_to(me)
        .filter(page__portfolio__in=portfolios.values())
        .order_by("page__portfolio", "-shared_at")
        .distinct("page__portfolio")
        .select_related("page")
        .defer("body")
    }
    found = [(pairing, portfolios.get((pairing.programme_id, pairing.mentee_id))) for pairing in pairings]
    return [Mentee(pairing, mine, latest.get(mine.pk) if mine else None) for pairing, mine in found]


def _lately(portfolios, me):
    """What was shared last in these portfolios, for the timeline component."""
    versions = (
        PageVersion.objects.visible_to(me)
        .filter(page__portfolio__in=[portfolio for portfolio in portfolios if portfolio])
        .select_related("page__portfolio__enrolment__person")
        .defer("body")
        .order_by("-shared_at")
    )
    return [
        {
            "when": date_format(timezone.localtime(version.shared_at), "j F"),
            "text": _shared(version, me),
            "url": version.page.get_absolute_url(),
        }
        for version in versions[:LATELY]
    ]


def _shared(version, me):
    if version.page.owner == me:
        return _("You shared “%(title)s”") % {"title": version.title}
    return _("%(name)s shared “%(title)s”") % {"name": version.page.owner.first_name, "title": version.title}


def _greeting(now):
    if now.hour < 12:
        return _("Good morning")
    return _("Good afternoon") if now.hour < 18 else _("Good evening")
