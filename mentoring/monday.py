"""The Monday email to those who lead a programme: who needs somebody of the team this week."""

from datetime import time, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.middleware import spoken_to
from mentoring import board
from mentoring.board_admin import ACT, address_of
from notifications.actions import send_letter
from notifications.models import Event
from notifications.scheduling import zone_of
from programmes.models import Programme
from programmes.team import leads_of

HOUR = time(8, 30)
KIND = "mentoring.monday"
MOST = 5  # of each list
_LISTS = ("waiting", "quiet", "finishing")


def write_monday_letters(now) -> int:
    """Write to every lead for whom it is past half past eight on a Monday, and who was not written to today. Nobody
    hears that there is nothing to do. Returns how many letters; two that do this at once write nobody twice."""
    return sum(
        _write(programme, lead, now)
        for programme in Programme.objects.order_by("pk")
        for lead in leads_of(programme, ACT)
        if _is_time(now.astimezone(zone_of(lead)))
    )


def _is_time(local):
    return local.weekday() == 0 and local.time() >= HOUR


@transaction.atomic
def _write(programme, lead, now):
    """The words are looked up now and wiped once they are sent; that they were written is an Event, once."""
    monday = now.astimezone(zone_of(lead)).date()
    written = {"kind": KIND, "about_id": programme.pk, "occasion": f"{monday} {lead.pk}"}
    if Event.objects.filter(**written).exists():
        return False
    counts = board.count(programme, now, reader=lead)
    if not counts.need_somebody:
        return False
    thread = f"monday-{programme.pk}"
    _event, is_first = Event.objects.get_or_create(**written, defaults={"at": now, "thread": thread, "bundle": thread})
    if is_first:
        with spoken_to(lead):
            _send(programme, lead, counts, now)
    return is_first


def _send(programme, lead, counts, now):
    context = {
        "headline": _("Programme: %(what)s") % {"what": _in_numbers(counts)},
        "programme": programme,
        "counts": counts,
        "lists": [_some_of(name, programme, counts, now) for name in _LISTS if getattr(counts, name)],
        "now": now,
        "url": settings.SITE_URL + address_of(programme),
        "site_url": settings.SITE_URL,
    }
    send_letter(
        to=lead.email,
        subject=context["headline"],
        text=render_to_string("mentoring/email/monday.txt", context).strip() + "\n",
        html=render_to_string("mentoring/email/monday.html", context),
        person=lead,
        lasting=True,
    )


def _in_numbers(counts):
    """“3 waiting, 2 quiet, 4 finishing”, without what there is none of."""
    words = [
        (counts.waiting, _("%(count)d waiting")),
        (counts.quiet, _("%(count)d quiet")),
        (counts.finishing, _("%(count)d finishing")),
    ]
    return ", ".join(text % {"count": count} for count, text in words if count)


def _some_of(name, programme, counts, now):
    """A list's title, its first rows as (who, what about them, the one thing to do, where), and how many more."""
    total = getattr(counts, name)
    page = board.page_of(name, programme, now, number=1, total=total)
    rows = [_ROWS[name](row, now, address_of(programme, name)) for row in page.object_list[:MOST]]
    return {"title": board.LISTS[name], "rows": rows, "more": max(0, total - MOST)}


def _waiting(enrolment, now, list_url):
    words = {"days": _days(now, enrolment.since)}
    if enrolment.asked:
        words |= {"mentor": enrolment.asked.mentor.name, "asked": _days(now, enrolment.asked.asked_at)}
        about = _("waiting for %(days)d days; asked %(mentor)s %(asked)d days ago") % words
        return enrolment.person.name, about, _("Remind"), list_url
    about = _("waiting for %(days)d days") % words
    return enrolment.person.name, about, _("Suggest mentors"), reverse("admin:board_mentors", args=[enrolment.pk])


def _quiet(pairing, now, list_url):
    about = _("nothing for %(days)d days") % {"days": _days(now, pairing.last_activity_at)}
    return _names(pairing), about, _("Send a kind note"), reverse("admin:board_note", args=[pairing.pk])


def _finishing(pairing, now, list_url):
    if pairing.filled_in_at:
        return _names(pairing), _("the completion form is there"), _("Have a look"), list_url
    return _names(pairing), _("the completion form is still to come"), _("Have a look"), list_url


def _names(pairing):
    return _("%(mentee)s and %(mentor)s") % {"mentee": pairing.mentee.name, "mentor": pairing.mentor.name}


def _days(now, since):
    return max(0, (now - since) // timedelta(days=1))


_ROWS = {"waiting": _waiting, "quiet": _quiet, "finishing": _finishing}
