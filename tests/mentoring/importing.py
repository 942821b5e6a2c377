"""A programme that lists of members come to."""

from types import SimpleNamespace

from django.contrib.auth.models import Group

from accounts.models import User
from mentoring.imports import actions
from mentoring.imports.reading import read
from mentoring.imports.working import work_on
from programmes.models import Level, Region, Sector
from tests.factories import EnrolmentFactory, PersonFactory, ProgrammeFactory

HEADINGS = "name,email,role,level,job title,employer,sector,region,line manager,capacity,training valid until"


def a_place():
    """A programme with its lists, and who leads it."""
    programme = ProgrammeFactory(name="Chartership", slug="chartership")
    for model, names in (
        (Level, ["Certification", "Chartership"]),
        (Sector, ["Health", "Public"]),
        (Region, ["North"]),
    ):
        for position, name in enumerate(names):
            model.objects.create(programme=programme, name=name, position=position)
    lead = PersonFactory(name="Marguerite Fell", email="lead@example.org", is_staff=True)
    lead.groups.add(Group.objects.get(name="Programme leads"))
    EnrolmentFactory(programme=programme, person=lead, role="coordinator")
    return SimpleNamespace(programme=programme, lead=lead)


def checked(place, *lines, headings=HEADINGS):
    listed = read("\n".join([headings, *lines]).encode())
    return actions.check_list(listed, programme=place.programme, name="members.csv", by=place.lead)


def imported(place, *lines, invite=False, **options):
    found = checked(place, *lines, **options)
    actions.take_in(found, by=place.lead, invite=invite)
    work_on(found.pk)
    found.refresh_from_db()
    return found


def enrolled(person, programme, role="mentee", **fields):
    return EnrolmentFactory(person=person, programme=programme, role=role, **fields)


def everybody(**fields):
    return User.objects.filter(**fields).order_by("pk")
