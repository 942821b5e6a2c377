"""A person's pairings with both people: who they work with, and what they may read. One small statement."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from accounts.compiled import Compiled, Given
from accounts.models import User
from pairings.models import Pairing
from programmes.models import Enrolment


class Person(NamedTuple):
    """What others need to know of a person to speak of them."""

    pk: int
    name: str
    known_as: str
    email: str

    first_name = User.first_name
    initials = User.initials


class Pair(NamedTuple):
    """A `Pairing` as everybody's Home needs it: making the objects would take longer than asking for them.

    `mentor_is_mentee`: the mentor takes, or took, part as somebody's mentee, too.
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
    mentor_is_mentee: bool

    LIVE = Pairing.LIVE
    is_live = Pairing.is_live
    is_not_closed_at = Pairing.is_not_closed_at
    is_open_at = Pairing.is_open_at
    bundle = Pairing.bundle

    @property
    def state_in_words(self):
        return Pairing.State(self.state).label


def pairs_of(person) -> list[Pair]:
    """Every pairing of the person, the newest first."""
    return [Pair(*row[:7], Person(*row[7:11]), Person(*row[11:15]), *row[15:]) for row in _pairs(person=person.pk)]


_pairs = Compiled(
    lambda: (
        Pairing.objects.visible_to(Given("person"))
        .order_by("-created_at", "-pk")
        .values(
            *("pk", "programme_id", "state", "created_at", "ended_at", "reads_from", "reads_until"),
            *("mentee_id", "mentee__name", "mentee__known_as", "mentee__email"),
            *("mentor_id", "mentor__name", "mentor__known_as", "mentor__email"),
            *("mentor__profile__job_title", "mentor__profile__place"),
            mentor_is_mentee=Exists(Enrolment.objects.filter(person=OuterRef("mentor"), role=Enrolment.Role.MENTEE)),
        )
    )
)
