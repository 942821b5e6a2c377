"""What is said to one of the two of when and where they meet, in their own zone: one section each, on Home and in an
email."""

from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.clocks import day_and_time, in_both_zones, span
from meetings.invitations import invitation_of
from meetings.notices.telling import hat_of
from notifications.notices import Section
from notifications.scheduling import zone_of

_ADDRESS_FORM = "Y-m-d\\TH:i\\Z"


def offered(first, person) -> Section:
    """`first`: of the times of a round."""
    meeting = first.meeting
    times = list(meeting.offered_times.filter(round=first.round))
    count = ngettext("%(count)d time to choose from", "%(count)d times to choose from", len(times))
    headline = _so_many_times(len(times)) % {"name": first.by.first_name}
    return _section(
        meeting,
        person,
        thread=f"meeting-{meeting.pk}-offered-{first.round}",
        headline=headline,
        discreet=headline,
        summary=count % {"count": len(times)},
        button=_("Choose a time"),
        context=partial(_words_of_times, meeting, times, person),
    )


def booked(meeting, person) -> Section:
    words = _words_of(meeting, person)
    headline = _("%(when)s: you and %(name)s") % words
    return _about_booked("booked", meeting, person, headline=headline)


def moved(move, person) -> Section:
    meeting = move.meeting
    words = _words_of(meeting, person)
    if move.was == move.now:
        headline = _("%(when)s, %(minutes)d minutes now: you and %(name)s") % words
    else:
        headline = _("Moved to %(when)s: you and %(name)s") % words
    was = "" if move.was == move.now else _long(move.was, zone_of(person))
    return _about_booked(f"moved-{move.pk}", meeting, person, headline=headline, was=was)


def placed(meeting, person) -> Section:
    headline = _("You and %(name)s meet somewhere else") % _words_of(meeting, person)
    return _about_booked("placed", meeting, person, headline=headline)


def called_off(meeting, person) -> Section:
    by = meeting.called_off_by
    if meeting.starts_at is None:
        took_back = meeting.offered_by_id == meeting.called_off_by_id
        headline = (
            _("%(name)s took back the times offered") if took_back else _("%(name)s can’t choose a time just now")
        )
        headline %= {"name": by.first_name}
        now = ""
    else:
        headline = _("Called off: %(when)s, you and %(name)s") % _words_of(meeting, person)
        now = _long(meeting.starts_at, zone_of(person))
    return _section(
        meeting,
        person,
        thread=f"meeting-{meeting.pk}-called_off",
        headline=headline,
        discreet=headline,
        summary=_("called off"),
        button=_("See meeting"),
        context=lambda: {"was": now, "why": meeting.why, "who": by},
        invitation=invitation_of(meeting, person),
    )


def place_of(meeting) -> str:
    """“Video: https://…”"""
    how = meeting.get_how_display()
    return _("%(how)s: %(where)s") % {"how": how, "where": meeting.where} if meeting.where else how


def _about_booked(what, meeting, person, *, headline, was=""):
    zone = zone_of(person)
    when = {"time": span(meeting.starts_at, meeting.minutes, zone), "how": meeting.get_how_display()}
    return _section(
        meeting,
        person,
        thread=f"meeting-{meeting.pk}-{what}",
        headline=headline,
        discreet=headline,
        summary=_("%(time)s, %(how)s") % when,
        button=_("See meeting"),
        invitation=invitation_of(meeting, person),
        context=partial(_words_of_booked, meeting, person, was),
    )


def _section(meeting, person, **facts):
    other = meeting.other_than(person)
    return Section(
        count=facts["summary"],
        url=reverse("meetings:meeting", args=[meeting.pairing.slug, meeting.slug]),
        by=other,
        hat=hat_of(meeting, person),
        why=_("You get this because you and %(name)s are a pairing.") % {"name": other.first_name},
        takes_replies=meeting.pairing.is_live,
        **facts,
    )


def _words_of(meeting, person):
    when = day_and_time(meeting.starts_at, zone_of(person))
    return {"when": when, "name": meeting.other_than(person).first_name, "minutes": meeting.minutes}


def _words_of_booked(meeting, person, was):
    return {
        "was": was,
        "now": _long(meeting.starts_at, zone_of(person), meeting.minutes),
        "both": _both(meeting, meeting.starts_at, person),
        "place": place_of(meeting),
        "city": person.profile.zone_name,
    }


def _words_of_times(meeting, times, person):
    zone, url = (
        zone_of(person),
        settings.SITE_URL + reverse("meetings:meeting", args=[meeting.pairing.slug, meeting.slug]),
    )
    return {
        "times": [
            {
                "when": _long(each.starts_at, zone, meeting.minutes),
                "both": _both(meeting, each.starts_at, person),
                "url": f"{url}?time={format_date(each.starts_at, _ADDRESS_FORM)}#choose",
            }
            for each in times
        ],
        "place": place_of(meeting),
        "city": person.profile.zone_name,
    }


def _both(meeting, moment, person):
    other = meeting.other_than(person)
    return in_both_zones(moment, zone_of(person), zone_of(other), other.first_name)


def _long(moment, zone, minutes=None):
    """“Thursday 3 December, 17:30–18:30”"""
    time = span(moment, minutes, zone) if minutes else date_format(moment.astimezone(zone), "H:i")
    return _("%(day)s, %(time)s") % {"day": date_format(moment.astimezone(zone), "l j F"), "time": time}


def _so_many_times(count):
    return {
        1: _("One time to meet with %(name)s"),
        2: _("Two times to meet with %(name)s"),
        3: _("Three times to meet with %(name)s"),
        4: _("Four times to meet with %(name)s"),
        5: _("Five times to meet with %(name)s"),
    }[count]
