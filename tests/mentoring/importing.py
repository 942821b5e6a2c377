"""A programme that lists of members come to."""

from types import SimpleNamespace

from django.contrib.auth.models import Group

from mentoring.imports import actions
from mentoring.imports.reading import read
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
