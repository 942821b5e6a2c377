"""What is said of requests, to whom: one section each, on Home and in an email."""

from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.notices import Section
from pairings.register import Register
from programmes.models import Enrolment

# Of what has no thread of its own: a reminder goes on in the thread of the request.
_THREADS = {"nudge": "asked"}


def thread_of_request(kind, pk) -> str:
    """The thread of what is told of the request: each kind of news begins one, so that its subject says it."""
    return f"request-{pk}-{_THREADS.get(kind, kind)}"


def questions_of(request, *, reader) -> list[tuple[str, str]]:
    """What a mentee wrote in the three boxes, with what was asked, as its reader is addressed; empty ones left out."""
    own = reader.pk == request.mentee_id
    said = [
        (_("Why %(name)s?") % {"name": request.mentor.first_name}, request.why_you),
        (_("What you hope for") if own else _("What they hope for"), request.hopes),
        (_("How you like to work") if own else _("How they like to work"), request.how_we_work),
    ]
    return [(question, words) for question, words in said if words]


def others_for(request) -> list:
    """Up to three other mentors for the mentee of a request, as `pairings.register.Listed`."""
    part = (
        Enrolment.objects.current()
        .filter(programme=request.programme_id, person=request.mentee_id, role=Enrolment.Role.MENTEE)
        .select_related("person__profile", "programme")
        .first()
    )
    return Register(part).like(request.offer) if part else []


def asked(person, request) -> Section:
    return _section(
        "asked",
        person,
        request,
        headline=_("%(name)s would like you to be their mentor") % {"name": request.mentee.name},
        summary=_("a request"),
        button=_answer(request),
        context=lambda: {"quoted": questions_of(request, reader=person), "lines": [_how_it_goes_on(request)]},
    )


def lets_talk(person, request) -> Section:
    name = {"name": request.mentor.first_name}
    return _section(
        "lets_talk",
        person,
        request,
        headline=_("%(name)s said yes: suggest a first conversation") % name,
        summary=_("a yes"),
        button=_("See how to reach %(name)s") % name,
        context=lambda: {"quoted": _reply(request), "lines": [_reach(request, person)]},
    )


def not_this_time(person, request) -> Section:
    others = others_for(request)
    return _section(
        "not_this_time",
        person,
        request,
        headline=_with_others(_("%(name)s can’t take this on") % {"name": request.mentor.first_name}, others),
        summary=_("an answer"),
        button=_button_of(others),
        context=lambda: {"quoted": _reply(request), "others": others},
    )


def suggested(person, request) -> Section:
    words = {"team": request.suggested_by.name, "name": request.other_than(person).name}
    return _section(
        "suggested",
        person,
        request,
        by=request.suggested_by,
        headline=_("%(team)s suggests that you and %(name)s talk") % words,
        summary=_("a suggestion"),
        button=_("Look at it"),
        context=lambda: {"lines": [_reach(request, person), _("Then each of you says yes, or not this time.")]},
    )


def how_it_went(person, request) -> Section:
    return _section(
        "how_it_went",
        person,
        request,
        headline=_("How was your talk with %(name)s?") % {"name": request.other_than(person).first_name},
        summary=_("a reminder"),
        button=_("Say how it goes on"),
        context=lambda: {
            "lines": [_("Say yes, or not this time: neither needs a reason. Until then a place is kept.")]
        },
    )


def one_said_yes(person, request) -> Section:
    return _section(
        "said_yes",
        person,
        request,
        headline=_("%(name)s would like to go on with you") % {"name": request.other_than(person).first_name},
        summary=_("a yes"),
        button=_("Say yes, or not this time"),
        context=lambda: {"lines": [_("When you say yes too, you are a pairing and can begin.")]},
    )


def both_said_yes(person, request) -> Section:
    return _section(
        "both_said_yes",
        person,
        request,
        headline=_("You and %(name)s are a pairing") % {"name": request.other_than(person).first_name},
        summary=_("a new pairing"),
        url=reverse("pairings:messages", args=[request.pairing.slug]),
        button=_("Say hello"),
        context=lambda: {"lines": [_("First, say hello. Then agree how you’ll work together.")]},
    )


def nudge(person, request) -> Section:
    words = {"name": request.mentee.first_name, "date": _day(request.asked_at)}
    return _section(
        "nudge",
        person,
        request,
        headline=_("%(name)s is looking forward to your answer") % words,
        summary=_("a reminder"),
        button=_answer(request),
        context=lambda: {
            "lines": [
                _("%(name)s asked you on %(date)s. Either answer is fine, and a no needs no reason.") % words,
            ],
            "quoted": questions_of(request, reader=person),
        },
    )


def lapsed(person, request) -> Section:
    if person.pk == request.mentor_id:
        words = {"name": request.mentee.first_name}
        return _section(
            "lapsed",
            person,
            request,
            headline=_("The request from %(name)s has closed") % words,
            summary=_("closed"),
            button=_("See your requests"),
            url=reverse("pairings:requests"),
            context=lambda: {
                "lines": [
                    _("Weeks get full; there is nothing for you to do. %(name)s can ask somebody else now.") % words
                ]
            },
        )
    others = others_for(request)
    name = request.mentor.first_name
    return _section(
        "lapsed",
        person,
        request,
        headline=_with_others(_("%(name)s didn’t get to your request") % {"name": name}, others),
        summary=_("closed"),
        button=_button_of(others),
        context=lambda: {
            "lines": [_("That says nothing about you. What you wrote is kept, so asking somebody else is quick.")],
            "others": others,
        },
    )


def taken_back(person, request) -> Section:
    if person.pk == request.mentor_id:
        words = {"name": request.mentee.first_name}
        return _section(
            "taken_back",
            person,
            request,
            by=request.mentee,
            headline=_("%(name)s won’t be going on with you this time") % words,
            summary=_("closed"),
            button=_("See your requests"),
            url=reverse("pairings:requests"),
            context=lambda: {"lines": [_("There is nothing for you to do. Your place is free again.")]},
        )
    others = others_for(request)
    name = request.mentor.first_name
    return _section(
        "taken_back",
        person,
        request,
        by=request.mentor,
        headline=_with_others(_("Your request to %(name)s is closed") % {"name": name}, others),
        summary=_("closed"),
        button=_button_of(others),
        context=lambda: {"lines": [_("What you wrote is kept, so asking somebody else is quick.")], "others": others},
    )


def unanswered(person, request) -> Section:
    words = {"mentee": request.mentee.name, "mentor": request.mentor.name, "date": _day(request.asked_at)}
    return _section(
        "unanswered",
        person,
        request,
        headline=_("%(mentee)s is waiting for an answer from %(mentor)s") % words,
        summary=_("for the programme team"),
        url=reverse("admin:pairings_mentorrequest_change", args=[request.pk]),
        button=_("Open it in the admin"),
        hat="",
        why=_("You get this because you look after “%(programme)s”.") % {"programme": request.programme},
        context=lambda: {
            "lines": [_("The request is of %(date)s. A friendly word may help; %(mentor)s was reminded once.") % words]
        },
    )


def _section(kind, person, request, *, headline, summary, button, context, url="", by=None, hat=None, why=""):
    is_mentor = person.pk == request.mentor_id
    programme = {"programme": request.programme}
    if not why:
        why = (
            _("You get this because you mentor in “%(programme)s”.")
            if is_mentor
            else _("You get this because you take part in “%(programme)s”.")
        )
    return Section(
        thread=thread_of_request(kind, request.pk),
        headline=headline,
        discreet=headline,
        summary=summary,
        count=summary,
        url=url or reverse("pairings:request", args=[request.slug]),
        button=button,
        by=by or (request.mentee if hat == "" else request.other_than(person)),
        hat=("mentor" if is_mentor else "mentee") if hat is None else hat,
        why=why % programme,
        takes_replies=False,
        context=partial(_filled, context),
    )


def _filled(context):
    return {"site_url": settings.SITE_URL, "quoted": [], "lines": [], "others": []} | context()


def _answer(request):
    return _("Answer %(name)s") % {"name": request.mentee.first_name}


def _reply(request):
    return [("", request.reply)] if request.reply else []


def _how_it_goes_on(request):
    return _(
        "If you say yes, you talk first: you and %(name)s see each other’s email address. Only when both say yes "
        "after that are you a pairing."
    ) % {"name": request.mentee.first_name}


def _reach(request, person):
    other = request.other_than(person)
    words = {"name": other.first_name, "email": other.email}
    return _("Write to %(name)s at %(email)s and find a time to talk.") % words


def _with_others(begun, others):
    if not others:
        return begun
    return ngettext("%(begun)s: one other to consider", "%(begun)s: %(count)s others to consider", len(others)) % {
        "begun": begun,
        "count": {2: _("two"), 3: _("three")}.get(len(others)),
    }


def _button_of(others):
    return _("See who else there is") if others else _("Read it")


def _day(moment):
    return date_format(localtime(moment), "j F")
