"""A person's pairings with both people: who they work with, and what they may read. One small statement."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import DateField, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Now

from accounts.compiled import Among, Compiled, Given
from accounts.models import User
from pairings.models import MentorOffer, Pairing
from programmes.models import Enrolment


class Person(NamedTuple):
    """What others need to know of a person to speak of them."""

    pk: int
    name: str
    known_as: str
    email: str
    photo: UUID | None = None

    first_name = User.first_name
    initials = User.initials


class Pair(NamedTuple):
    """A `Pairing` as everybody's Home needs it: making the objects would take longer than asking for them.

    `mentor_is_mentee`: the mentor takes, or took, part as somebody's mentee, too. `mentors_room`: how many more they
    take there just now, None when nobody. `more`: what was asked for beyond that (`pairs_with`), as the database
    has it.
    """

    pk: int
    programme_id: int
    state: str
    created_at: datetime
    ended_at: datetime | None
    reads_from: datetime | None
    reads_until: datetime | None
    mentee: Person
    mentor: Person
    mentors_job: str
    mentors_place: str
    slug: str
    paused_until: date | None
    mentor_is_mentee: bool
    mentors_room: int | None
    more: tuple = ()

    LIVE = Pairing.LIVE
    is_live = Pairing.is_live
    is_not_closed_at = Pairing.is_not_closed_at
    is_open_at = Pairing.is_open_at
    bundle = Pairing.bundle

    @property
    def state_in_words(self):
        return Pairing.State(self.state).label


def pairs_of(person, asked=None, **given) -> list[Pair]:
    """Every pairing of the person, the newest first; or with more, as `asked` by `pairs_with`, of what is `given`."""
    return [_pair(row) for row in (asked or _pairs)(person=person.pk, **given)]


def pairs_with(make) -> Compiled:
    """For `pairs_of`: `make` returns what else each pairing has, by name, as expressions in a query of Pairings, which
    is told the `person`."""
    return Compiled(lambda: _with_people(Pairing.objects.visible_to(Given("person"))).annotate(**make()))


def pairs_of_all(people) -> dict[int, list[Pair]]:
    """The same for many people at once: by the person's key. One statement."""
    found = {person.pk: [] for person in people}
    for pair in map(_pair, _pairs_of_all(people=list(found))):
        for one in (pair.mentee, pair.mentor):
            if one.pk in found:
                found[one.pk].append(pair)
    return found


def _pair(row):
    return Pair(*row[:7], Person(*row[7:12]), Person(*row[12:17]), *row[17:23], row[23:])


def _with_people(pairings):
    return pairings.order_by("-created_at", "-pk").values(
        *("pk", "programme_id", "state", "created_at", "ended_at", "reads_from", "reads_until"),
        *("mentee_id", "mentee__name", "mentee__known_as", "mentee__email", "mentee__profile__photo"),
        *("mentor_id", "mentor__name", "mentor__known_as", "mentor__email", "mentor__profile__photo"),
        *("mentor__profile__job_title", "mentor__profile__place", "slug", "paused_until"),
        mentor_is_mentee=Exists(Enrolment.objects.filter(person=OuterRef("mentor"), role=Enrolment.Role.MENTEE)),
        mentors_room=Subquery(_room()[:1]),
    )


def _room():
    """The SQL is made once, so the database says which day it is."""
    offers = MentorOffer.objects.with_room(Cast(Now(), DateField())).filter(
        enrolment__programme=OuterRef("programme"), enrolment__person=OuterRef("mentor"), enrolment__ended_at=None
    )
    return offers.values(room=F("capacity") - F("held"))


_pairs = Compiled(lambda: _with_people(Pairing.objects.visible_to(Given("person"))))
_pairs_of_all = Compiled(
    lambda: _with_people(
        Pairing.objects.filter(Q(Among("mentee", Given("people"))) | Q(Among("mentor", Given("people"))))
    )
)
