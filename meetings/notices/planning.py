"""What the two are told before a meeting: a plan is asked for, it was shared, the meeting is tomorrow."""

from datetime import timedelta
from functools import partial

from django.contrib.humanize.templatetags.humanize import apnumber
from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.clocks import in_both_zones, span
from meetings.models import Answer, Meeting, Plan, Question
from meetings.notices.telling import hat_of, of_the_two
from meetings.open_actions import open_actions
from meetings.planning import answers_of, show
from meetings.starters import template_of
from notifications.models import Event
from notifications.notices import Notice, Section
from notifications.scheduling import zone_of
from pairings.models import Pairing
from pairings.notices import first_words

_PEOPLE = ("pairing__mentee__profile", "pairing__mentor__profile")
_A_WEEK = timedelta(days=7)


def thread_of_plan(meeting_pk, notice) -> str:
    """Emails of each kind stand in a thread of their own: its subject stays as it began."""
    return f"plan-{meeting_pk}-{notice.kind.partition('.')[2]}"


def events_of_planning(meeting):
    """Everything that was told of its plan, and that it comes near."""
    kinds = [notice.kind for notice in (PLAN_DUE, PLAN_NUDGE, PLAN_SHARED, TOMORROW)]
    return Event.objects.filter(kind__in=kinds, about_id=meeting.pk)


def render_due(person, meetings):
    return [_due(meeting) for meeting in meetings]


def render_nudge(person, meetings):
    return [_nudge(meeting) for meeting in meetings]


def render_shared(person, meetings):
    return [_shared(meeting) for meeting in meetings]


def render_tomorrow(person, meetings):
    return [_tomorrow(meeting, person) for meeting in meetings]


def _due(meeting):
    count = sum(question.kind != Question.Kind.ACTIONS for question in template_of(meeting.pairing).questions)
    words = {"day": date_format(localtime(meeting.starts_at), "j F"), "count": apnumber(count)}
    headline = ngettext(
        "Meeting on %(day)s: %(count)s short question", "Meeting on %(day)s: %(count)s short questions", count
    )
    return _to_mentee(PLAN_DUE, meeting, headline % words)


def _nudge(meeting):
    words = {"name": meeting.pairing.mentor.first_name, "day": date_format(localtime(meeting.starts_at), "l")}
    return _to_mentee(PLAN_NUDGE, meeting, _("%(day)s with %(name)s: what would you like to talk about?") % words)


def _to_mentee(notice, meeting, headline):
    mentor = meeting.pairing.mentor
    return Section(
        thread=thread_of_plan(meeting.pk, notice),
        headline=headline,
        discreet=headline,
        summary=_("a plan to write"),
        count=_("a plan to write"),
        url=reverse("meetings:plan", args=[meeting.pairing.slug, meeting.slug]),
        button=_("Write your plan"),
        by=mentor,
        hat="mentee",
        why=_("You get this because you have a meeting with %(name)s.") % {"name": mentor.first_name},
        takes_replies=False,
        context=partial(_words_of_asking, meeting),
    )


def _shared(meeting):
    mentee = meeting.pairing.mentee
    words = {"name": mentee.first_name, "day": _day(meeting.starts_at), "words": first_words(meeting.talk or "")}
    if meeting.plan_read:
        discreet = _("%(name)s changed the plan for %(day)s") % words
        with_words = _("%(name)s changed the plan for %(day)s: “%(words)s”") % words
    else:
        discreet = _("%(name)s shared a plan for %(day)s") % words
        with_words = _("%(name)s’s plan for %(day)s: “%(words)s”") % words
    return Section(
        thread=thread_of_plan(meeting.pk, PLAN_SHARED),
        headline=with_words if meeting.talk else discreet,
        discreet=discreet,
        summary=_("a plan to read"),
        count=_("a plan"),
        url=reverse("meetings:plan", args=[meeting.pairing.slug, meeting.slug]),
        button=_("Open plan"),
        by=mentee,
        hat="mentor",
        why=_("You get this because you have a meeting with %(name)s.") % words,
        takes_replies=False,
        context=partial(_words_of_plan, meeting),
    )


def _tomorrow(meeting, person):
    other = meeting.other_than(person)
    starts_at = localtime(meeting.starts_at)
    words = {"time": date_format(starts_at, "H:i"), "name": other.first_name}
    is_today = starts_at.date() <= timezone.localdate()
    headline = (_("Today %(time)s with %(name)s") if is_today else _("Tomorrow %(time)s with %(name)s")) % words
    is_mentor = person.pk == meeting.pairing.mentor_id
    page = "prepare" if is_mentor else "meetings:plan"
    return Section(
        thread=thread_of_plan(meeting.pk, TOMORROW),
        headline=headline,
        discreet=headline,
        summary=_("a meeting today") if is_today else _("a meeting tomorrow"),
        count=_("a meeting"),
        url=reverse(page, args=[meeting.pairing.slug, meeting.slug]),
        button=_("Prepare"),
        by=other,
        hat=hat_of(meeting, person),
        why=_("You get this because you have a meeting with %(name)s.") % words,
        takes_replies=False,
        context=partial(_words_of_tomorrow, meeting, person),
    )


def _words_of_asking(meeting):
    mine = [action for action in open_actions(meeting.pairing) if action.person_id == meeting.pairing.mentee_id]
    return {"name": meeting.pairing.mentor.first_name, "meeting": meeting, "actions": mine}


def _words_of_plan(meeting):
    """The answers, but for what stands on a scale; once the mentor read the plan, what changed since."""
    shown = show(answers_of(meeting), read=meeting.plan_read)
    lines = [line for line in shown.lines if not line.is_scale and (line.is_changed or not shown.since)]
    return {"lines": lines, "is_again": bool(shown.since), "name": meeting.pairing.mentee.first_name}


def _words_of_tomorrow(meeting, person):
    other = meeting.other_than(person)
    zone = zone_of(person)
    return {
        "meeting": meeting,
        "span": span(meeting.starts_at, meeting.minutes, zone),
        "both": in_both_zones(meeting.starts_at, zone, zone_of(other), other.first_name),
        "talk": meeting.talk,
        "has_plan": meeting.has_plan,
        "mentee": meeting.pairing.mentee.first_name,
        "is_mentor": person.pk == meeting.pairing.mentor_id,
        "actions": open_actions(meeting.pairing),
    }


def _day(moment):
    """“Thursday” within a week, else “3 December”."""
    return date_format(localtime(moment), "l" if moment - timezone.now() < _A_WEEK else "j F")


def _to_come(pks):
    """Meetings that did not begin; `talk`: what the mentee would like to talk about, as the plan that holds says, and
    `has_plan`."""
    plans = Plan.objects.filter(meeting=OuterRef("pk"))
    needed = Answer.objects.filter(plan=OuterRef("last_plan"), question__is_needed=True)
    found = Meeting.objects.filter(
        pk__in=pks, state=Meeting.State.BOOKED, starts_at__gt=timezone.now(), pairing__state__in=Pairing.LIVE
    )
    return (
        found.select_related(*_PEOPLE)
        .annotate(last_plan=Subquery(plans.order_by("-number").values("pk")[:1]), has_plan=Exists(plans))
        .annotate(talk=Subquery(needed.order_by("question__position").values("words")[:1]))
        .order_by("starts_at", "pk")
    )


def _asked_of(meeting, person):
    return meeting if person.pk == meeting.pairing.mentee_id and not meeting.has_plan else None


def _shared_with(meeting, person):
    return meeting if person.pk == meeting.pairing.mentor_id and meeting.has_plan else None


def _notice(kind, render, meeting_of):
    return Notice(
        kind=f"meetings.{kind}",
        group="meetings",
        template=f"meetings/email/{kind}",
        render=render,
        **of_the_two(_to_come, meeting_of),
    )


PLAN_DUE = _notice("plan_due", render_due, _asked_of)
PLAN_NUDGE = _notice("plan_nudge", render_nudge, _asked_of)
PLAN_SHARED = _notice("plan_shared", render_shared, _shared_with)
TOMORROW = _notice("tomorrow", render_tomorrow, lambda meeting, person: meeting)
