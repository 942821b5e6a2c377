"""A programme with a mentee who looks for a mentor, and mentors to find."""

from pairings.models import MentorOffer
from programmes.models import Enrolment
from tests.factories import EnrolmentFactory, MentorOfferFactory, PersonFactory, ProgrammeFactory

WORDS = {"why_you": "You ran a small library.", "hopes": "To finish something.", "how_we_work": "By video, monthly."}


def make_mentee(programme=None, name="Hana Sato", *, part=None, **profile) -> Enrolment:
    """A mentee's part; `part` and `profile` are fields of it and of the profile."""
    profile = {"employer": f"Where {name} works"} | profile
    return _part(programme or ProgrammeFactory(), name, Enrolment.Role.MENTEE, part, profile)


def make_mentor(programme, name="Ruth Lindqvist", *, part=None, offer=None, **profile) -> MentorOffer:
    """A mentor's offer, whose page is called by their name."""
    enrolment = _part(programme, name, Enrolment.Role.MENTOR, part, profile)
    enrolment.person.profile.slug = name.lower().replace(" ", "-")
    enrolment.person.profile.save()
    return MentorOfferFactory(enrolment=enrolment, **offer or {})


def _part(programme, name, role, part, profile):
    first, _, last = name.lower().partition(" ")
    person = PersonFactory(name=name, email=f"{first}.{last.replace(' ', '')}@example.org")
    for field, value in profile.items():
        setattr(person.profile, field, value)
    person.profile.save()
    return EnrolmentFactory(programme=programme, person=person, role=role, **part or {})
