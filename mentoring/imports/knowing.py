"""What is known of the people of a list: rows of the database, and the plain text that `checking` compares with."""

from dataclasses import dataclass, field

from django.db.models.functions import Lower

from accounts.models import User
from mentoring.imports.checking import MENTOR, Lists, Member, Part
from pairings.models import MentorOffer
from programmes.models import Enrolment


@dataclass
class Found:
    """Somebody with an account. `enrolments`: in the programme of the list, by role, ended ones too; `offer`: as its
    mentor. `is_elsewhere`: they take part, or took, in another programme."""

    person: User
    enrolments: dict[str, Enrolment] = field(default_factory=dict)
    offer: MentorOffer | None = None
    is_elsewhere: bool = False

    @property
    def is_free(self):
        """Whether a list may change what they are called and where they work."""
        return not (self.is_elsewhere or self.person.is_staff or self.person.is_superuser)


def lists_of(programme) -> Lists:
    """What the programme lets people choose from."""
    each = (programme.levels, programme.sectors, programme.regions)
    return Lists(*(tuple(rows.values_list("name", flat=True)) for rows in each))


def members_of(programme, addresses) -> dict[str, Member]:
    """Those of the programme who have one of these addresses, by address. Of anybody else nothing is looked up."""
    members = people_at(addresses).filter(pk__in=Enrolment.objects.filter(programme=programme).values("person"))
    return {each.person.email.lower(): as_member(each) for each in find(programme, members)}


def people_at(addresses):
    """Everybody who has one of these addresses, in lower case."""
    return User.objects.annotate(lowered=Lower("email")).filter(lowered__in=set(addresses))


def find(programme, people, *, lock=False) -> list[Found]:
    """`people` (a QuerySet) as the programme knows them, in a number of statements that does not grow with them.
    `lock`: the offers of the mentors among them, before anything is read of those."""
    by_pk = {person.pk: Found(person) for person in people.select_related("profile")}
    for enrolment in Enrolment.objects.filter(person__in=by_pk).select_related("level", "sector", "region"):
        found = by_pk[enrolment.person_id]
        if enrolment.programme_id == programme.pk:
            found.enrolments[enrolment.role] = enrolment
        else:
            found.is_elsewhere = True
    _add_offers(by_pk, lock)
    return list(by_pk.values())


def as_member(found: Found) -> Member:
    """What may be said of somebody of the programme."""
    profile = found.person.profile
    return Member(
        about={"name": found.person.name, "job_title": profile.job_title, "employer": profile.employer},
        parts={role: _part(enrolment, found.offer) for role, enrolment in found.enrolments.items()},
        is_free=found.is_free,
        is_closed=not found.person.is_active,
    )


def _add_offers(by_pk, lock):
    mentors = {found.enrolments[MENTOR].pk: found for found in by_pk.values() if MENTOR in found.enrolments}
    offers = MentorOffer.objects.filter(enrolment__in=mentors).prefetch_related("holds").order_by("pk")
    for offer in offers.select_for_update(of=("self",), no_key=True) if lock else offers:
        mentors[offer.enrolment_id].offer = offer


def _part(enrolment, offer):
    values = {
        "level": str(enrolment.level or ""),
        "sector": str(enrolment.sector or ""),
        "region": str(enrolment.region or ""),
        "line_manager": enrolment.line_manager,
    }
    held = 0
    if enrolment.role == MENTOR:
        held = offer.held if offer else 0
        values |= {
            "level": ", ".join(level.name for level in offer.holds.all()) if offer else "",
            "capacity": str(offer.capacity) if offer else "",
            "trained_until": offer.trained_until.isoformat() if offer and offer.trained_until else "",
        }
    return Part(values, enrolment.ended_at.isoformat() if enrolment.ended_at else "", held)
