"""A mentee who looks for a mentor: in which programme, and where they stand there."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Subquery, Value
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pairings.models import HandOver, MentorRequest, Pairing
from pairings.register import Register, Wanted, address_of
from pairings.rules import lacks_employer
from programmes.models import Enrolment, Region, Sector


@dataclass
class Asker:
    """A mentee in one programme. `others`: their parts in other programmes."""

    enrolment: Enrolment
    others: list[Enrolment]

    @property
    def programme(self):
        return self.enrolment.programme

    @property
    def open_request(self):
        """{"slug", "name"} of the request that waits or is being talked about; None without one."""
        part = self.enrolment
        return {"slug": part.open_slug, "name": part.open_name} if part.open_slug else None

    @property
    def may_ask(self):
        return not (self.enrolment.has_mentor or self.enrolment.open_slug or self.lacks_employer)

    @property
    def lacks_employer(self):
        return lacks_employer(self.enrolment)

    @property
    def query(self):
        """What an address needs to mean the same programme, for somebody in several: "programme=…&"."""
        return f"programme={self.programme.slug}&" if self.others else ""

    def register(self, wanted=None):
        return Register(self.enrolment, wanted or Wanted())

    def wishes(self):
        """In their order, each with the `slug` of its mentor's page."""
        wishes = self.enrolment.wishes.select_related("offer__enrolment__person__profile")
        found = list(wishes.filter(offer__enrolment__ended_at=None, offer__enrolment__person__is_active=True))
        for wish in found:
            wish.slug = address_of(wish.offer)
        return found


def asker_of(person, slug=None) -> Asker | None:
    """The person as a mentee of the programme `slug`; without one, where they have no mentor yet. None for nobody who
    is a mentee (there)."""
    parts = list(_parts_of(person))
    wanted = [part for part in parts if slug in (None, part.programme.slug)]
    if not wanted:
        return None
    chosen = min(wanted, key=lambda part: part.has_mentor)
    return Asker(chosen, [part for part in parts if part != chosen])


def lists_of(programme) -> dict[str, list]:
    """What the filters offer: {"sector": [(key, name)], "region": …}. One statement."""
    columns = ("kind", "pk", "name", "position")
    of_programme = [
        model.objects.filter(programme=programme).annotate(kind=Value(kind)).values_list(*columns)
        for kind, model in (("sector", Sector), ("region", Region))
    ]
    found = {"sector": [], "region": []}
    for kind, key, name, _position in of_programme[0].union(of_programme[1], all=True).order_by("position", "name"):
        found[kind].append((key, name))
    return found


def when_taken(offer) -> str:
    """That a mentor's last place was taken, and when; or that they take nobody just now."""
    mentor = offer.enrolment.person
    name = {"name": mentor.first_name}
    if not offer.is_taking(timezone.localdate()):
        return _("%(name)s takes nobody just now.") % name
    pairings = Pairing.objects.live().filter(programme=offer.enrolment.programme_id, mentor=mentor)
    talks = MentorRequest.objects.filter(offer=offer, state=MentorRequest.State.TALKING)
    hand_overs = HandOver.objects.open().filter(offer=offer)
    moments = pairings.values_list("created_at").union(
        talks.values_list("answered_at"), talks.values_list("asked_at"), hand_overs.values_list("asked_at"), all=True
    )
    taken = max((moment for (moment,) in moments if moment), default=None)
    if taken is None:
        return _("%(name)s has no place just now.") % name
    return _taken_at(timezone.localtime(taken), name)


def _taken_at(taken, name):
    days = (timezone.localdate() - taken.date()).days
    if days == 1:
        return _("%(name)s’s last place was taken yesterday.") % name
    if days:
        return _("%(name)s’s last place was taken on %(date)s.") % (name | {"date": date_format(taken, "j F")})
    if taken.hour < 12:
        return _("%(name)s’s last place was taken this morning.") % name
    if taken.hour < 18:
        return _("%(name)s’s last place was taken this afternoon.") % name
    return _("%(name)s’s last place was taken this evening.") % name


def _parts_of(person):
    mine = {"programme": OuterRef("programme"), "mentee": OuterRef("person")}
    opened = MentorRequest.objects.open().filter(**mine)
    return (
        Enrolment.objects.current()
        .filter(person=person, role=Enrolment.Role.MENTEE)
        .select_related("person__profile", "programme")
        .annotate(
            has_mentor=Exists(Pairing.objects.live().filter(**mine)),
            open_slug=Subquery(opened.values("slug")[:1]),
            open_name=Subquery(opened.values("mentor__name")[:1]),
        )
        .order_by("created_at", "pk")
    )
