"""What somebody's calendar fetches: their meetings of the last year and to come."""

import hashlib
from datetime import timedelta
from functools import cached_property, lru_cache

from django.conf import settings
from django.db.models import CharField, Max
from django.db.models.functions import Cast, Greatest
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.compiled import Among, Compiled, Given
from meetings import ical
from meetings.invitations import uid_of, words_of
from meetings.models import CalendarFeed, Meeting
from pairings.models import Pairing

SINCE = timedelta(days=366)
# To be raised with every change of what is written, so that calendars fetch it anew.
FORM = 1
State = Meeting.State


def feed_path(feed: CalendarFeed) -> str:
    return reverse("meetings:feed", args=[feed.secret, slugify(settings.SITE_NAME) or "meetings"])


class Snapshot:
    """The meetings of `person` as they stand at the moment `now`: two statements, however many there are. Words are in
    the language of who is spoken to."""

    def __init__(self, person, now):
        self._person = person
        mine = Pairing.objects.visible_to(person).with_people()
        self._pairings = {pairing.pk: (pairing, pairing.other_than(person).name) for pairing in mine}
        rows = _rows(pairings=list(self._pairings), since=now - SINCE)
        self._rows = [row for row in rows if self._shows(row)]

    @cached_property
    def etag(self) -> str:
        """Another one whenever the file would be another."""
        names = {pk: (pairing.slug, name) for pk, (pairing, name) in self._pairings.items()}
        rows = list(map(tuple, self._rows))
        facts = FORM, self._name, self._zone.key, get_language(), settings.SITE_URL, names, rows
        return f'"{hashlib.sha256(repr(facts).encode()).hexdigest()[:32]}"'

    def file(self) -> bytes:
        return ical.feed([self._entry(row) for row in self._rows], name=self._name, zone=self._zone)

    @property
    def _name(self):
        return _("Meetings (%(site)s)") % {"site": settings.SITE_NAME}

    @property
    def _zone(self):
        return self._person.profile.zone

    def _shows(self, row):
        """After the end of their time together, two don't meet for what they had booked before."""
        pairing, _name = self._pairings[row.pairing_id]
        return pairing.is_live or row.state != State.BOOKED or row.starts_at < pairing.ended_at

    def _entry(self, row):
        pairing, name = self._pairings[row.pairing_id]
        is_called_off = row.state == State.CALLED_OFF
        url = f"{settings.SITE_URL}{_meetings_path(pairing.slug)}{row.slug}/"
        return ical.Entry(
            uid=uid_of(row.uid_text),
            sequence=row.sequence,
            changed_at=row.changed_at,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            zone=self._zone,
            is_called_off=is_called_off,
            **words_of(name=name, how=row.how, where=row.where, url=url, is_called_off=is_called_off),
        )


@lru_cache(maxsize=1000)
def _meetings_path(pairing_slug):
    """What the addresses of a pairing's meetings begin with: to ask for 500 of them takes as long as all the rest."""
    return reverse("meetings:meeting", args=[pairing_slug, "any"]).removesuffix("any/")


def _make():
    meetings = Meeting.objects.filter(Among("pairing", Given("pairings")), ends_at__gt=Given("since"))
    changed_at = Greatest("created_at", "booked_at", "called_off_at", Max("time_moves__at"))
    found = meetings.exclude(state=State.PROPOSED).annotate(changed_at=changed_at, uid_text=Cast("uid", CharField()))
    return found.order_by("starts_at", "pk").values(
        *("pairing_id", "slug", "uid_text", "sequence", "state", "how", "where", "starts_at", "ends_at", "changed_at")
    )


_rows = Compiled(_make)
