"""The rows of each list that a programme takes home: people, states, dates and counts. Never a word that people wrote
to each other or for themselves.

The headings of members are those that `imports` reads, so that a list can be mended in a spreadsheet and brought back.
"""

from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring.imports.columns import COLUMNS
from pairings.models import MentorRequest, Pairing
from programmes.models import Enrolment, Export

Cell = str | int | date


class Table(NamedTuple):
    """`source`: what is read; `row` makes the cells of one of it, below the `headings`."""

    headings: list[str]
    source: QuerySet
    row: callable


def table(kind: str, programme) -> Table:
    return {
        Export.Kind.MEMBERS: _members,
        Export.Kind.PAIRINGS: _pairings,
        Export.Kind.REQUESTS: _requests,
    }[kind](programme)


def _members(programme):
    more = [_("meets by"), _("places taken"), _("enrolled"), _("welcome finished"), _("ended"), _("last signed in")]
    enrolments = Enrolment.objects.filter(programme=programme).order_by("role", "person__name", "pk")
    related = enrolments.select_related("person__profile", "level", "sector", "region", "offer")
    return Table(
        [*(str(column.label) for column in COLUMNS), *more],
        related.prefetch_related("offer__holds"),
        _member,
    )


def _member(enrolment):
    person, offer = enrolment.person, getattr(enrolment, "offer", None)
    holds = ", ".join(level.name for level in offer.holds.all()) if offer else ""
    return [
        person.name,
        person.email,
        enrolment.role,
        holds if offer else _name(enrolment.level),
        person.profile.job_title,
        person.profile.employer,
        _name(enrolment.sector),
        _name(enrolment.region),
        enrolment.line_manager,
        offer.capacity if offer else "",
        (offer and offer.trained_until) or "",
        ", ".join(str(enrolment.MeetsBy(way).label) for way in enrolment.meets_by),
        offer.held if offer else "",
        _day(enrolment.created_at),
        _day(enrolment.welcomed_at),
        _day(enrolment.ended_at),
        _day(person.last_login),
    ]


def _pairings(programme):
    headings = [
        *(_("mentee"), _("mentee’s email"), _("mentor"), _("mentor’s email"), _("state"), _("began"), _("first met")),
        *(_("last met"), _("last activity"), _("weeks between meetings"), _("paused until"), _("ended")),
    ]
    pairings = Pairing.objects.filter(programme=programme).order_by("created_at", "pk")
    return Table(headings, pairings.select_related("mentee", "mentor"), _pairing)


def _pairing(pairing):
    return [
        *_two(pairing),
        str(pairing.get_state_display()),
        _day(pairing.created_at),
        _day(pairing.first_met_at),
        _day(pairing.last_met_at),
        _day(pairing.last_activity_at),
        pairing.rhythm_weeks or "",
        pairing.paused_until or "",
        _day(pairing.ended_at),
    ]


def _requests(programme):
    headings = [
        *(_("mentee"), _("mentee’s email"), _("mentor"), _("mentor’s email"), _("state"), _("suggested by the team")),
        *(_("asked"), _("answered"), _("days until the answer"), _("closed")),
    ]
    requests = MentorRequest.objects.filter(programme=programme).order_by("asked_at", "pk")
    return Table(headings, requests.select_related("mentee", "mentor"), _request)


def _request(request):
    answered = request.answered_at
    return [
        *_two(request),
        str(request.get_state_display()),
        _("yes") if request.suggested_by_id else _("no"),
        _day(request.asked_at),
        _day(answered),
        (answered - request.asked_at).days if answered else "",
        _day(request.closed_at),
    ]


def _two(pair):
    return pair.mentee.name, pair.mentee.email, pair.mentor.name, pair.mentor.email


def _name(entry):
    return entry.name if entry else ""


def _day(moment: datetime | None):
    return timezone.localdate(moment) if moment else ""
