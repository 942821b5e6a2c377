"""Requests that nobody answers: a reminder, a word to the team, and an end without blame; talks that nobody ends: a
reminder. Each once."""

from datetime import timedelta

from django.db import transaction
from django.db.models import DateTimeField, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThanOrEqual

from pairings import notices
from pairings.closing import take_back, tell_of
from pairings.models import MentorRequest, Pairing
from pairings.places import lock_offer
from programmes.models import Enrolment
from programmes.team import leads_of

State = MentorRequest.State
# A talk keeps a place: after so long both are asked how it went.
TALK = timedelta(weeks=3)


def chase_requests(now) -> int:
    """Do what is due for every open request, each in a transaction of its own; returns how many were touched.

    Marks on the rows say what was done: two who do this at once, or one who begins again, do nothing twice. What is
    late is not made up for: a request that should have lapsed by now lapses, and nobody is reminded before.
    """
    due = MentorRequest.objects.open().filter(_due(now) | _talks_long(now) | _left() | _has_mentor()).order_by("pk")
    return sum(_chase(pk, now) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _chase(pk, now):
    """Whether there was anything to do."""
    stands = MentorRequest.objects.values_list("programme_id", "mentor_id").get(pk=pk)
    lock_offer(programme=stands[0], mentor=stands[1])
    rows = MentorRequest.objects.select_for_update(of=("self",), no_key=True).with_people()
    request = rows.get(pk=pk)
    if not request.is_open:
        return False
    if MentorRequest.objects.filter(_left() | _has_mentor(), pk=pk).exists():
        take_back(request, by=None, at=now, tell=[request.mentee])
        return True
    return _chase_asked(request, now) if request.state == State.ASKED else _chase_talk(request, now)


def _chase_asked(request, now):
    programme, asked = request.programme, request.asked_at
    if asked <= now - timedelta(days=programme.lapse_days):
        return _lapse(request, now)
    nudges = request.nudged_at is None and asked <= now - timedelta(days=programme.nudge_days)
    tells = request.team_told_at is None and asked <= now - timedelta(days=programme.tell_team_days)
    if nudges:
        request.nudged_at = now
        tell_of(notices.NUDGE, request, to=[request.mentor], by=None, at=now)
    if tells:
        request.team_told_at = now
        leads = leads_of(programme, "pairings.add_pairing")
        team = [lead for lead in leads if lead.pk not in (request.mentee_id, request.mentor_id)]
        tell_of(notices.UNANSWERED, request, to=team, by=None, at=now)
    request.save(update_fields=["nudged_at", "team_told_at"])
    return nudges or tells


def _chase_talk(request, now):
    if not MentorRequest.objects.filter(_talks_long(now), pk=request.pk).exists():
        return False
    request.nudged_at = now
    request.save(update_fields=["nudged_at"])
    said_yes = {request.mentee: request.mentee_said_yes_at, request.mentor: request.mentor_said_yes_at}
    tell_of(notices.HOW_IT_WENT, request, to=[each for each, at in said_yes.items() if not at], by=None, at=now)
    return True


def _lapse(request, now):
    request.check_move(State.LAPSED)
    request.state, request.closed_at = State.LAPSED, now
    request.save(update_fields=["state", "closed_at"])
    tell_of(notices.LAPSED, request, to=[request.mentee, request.mentor], by=None, at=now)
    return True


def _due(now):
    """Requests of which something was not done yet, by the days that their programme says."""

    def since(days):
        waited = ExpressionWrapper(Value(timedelta(days=1)) * F(f"programme__{days}"), DurationField())
        return Q(asked_at__lte=ExpressionWrapper(Value(now) - waited, DateTimeField()))

    waits = since("lapse_days") | (Q(nudged_at=None) & since("nudge_days"))
    return Q(state=State.ASKED) & (waits | (Q(team_told_at=None) & since("tell_team_days")))


def _talks_long(now):
    """Since they began to talk, nobody was reminded."""
    began = Coalesce("answered_at", "asked_at")
    return Q(LessThanOrEqual(began, now - TALK), Q(nudged_at=None) | Q(nudged_at__lt=began), state=State.TALKING)


def _left():
    """One of the two takes part no longer, or may not sign in."""

    def takes_part(role):
        parts = Enrolment.objects.current().filter(programme=OuterRef("programme"), person=OuterRef(role), role=role)
        return Exists(parts.filter(person__is_active=True))

    return ~(Q(takes_part("mentee")) & Q(takes_part("mentor")))


def _has_mentor():
    """The mentee has a mentor by another way."""
    return Q(Exists(Pairing.objects.live().filter(programme=OuterRef("programme"), mentee=OuterRef("mentee"))))
