"""The steps of the welcome: what is said is kept, what is missing is asked for with its fix."""

import pytest

from accounts.drafts import keep
from accounts.models import Draft, Profile
from portfolios.actions import open_portfolio
from programmes.models import Region, Sector
from tests.factories import (
    EnrolmentFactory,
    LevelFactory,
    PersonFactory,
    ProgrammeFactory,
    make_page,
)
from tests.mentoring.welcoming import Role, about, errors, page, part_of


@pytest.fixture
def programme(db):
    """With two sectors, two regions and two levels."""
    programme = ProgrammeFactory(name="Chartership 2025–26", slug="chartership")
    for name in ("Schools", "Health"):
        Sector.objects.create(programme=programme, name=name)
    for name in ("Wales", "The north"):
        Region.objects.create(programme=programme, name=name)
    for position, name in enumerate(("Certification", "Chartership")):
        LevelFactory(programme=programme, name=name, position=position)
    return programme


@pytest.fixture
def mentee(programme):
    person = PersonFactory(name="Hana Sato")
    EnrolmentFactory(programme=programme, person=person)
    return person


@pytest.fixture
def mentor(programme):
    person = PersonFactory(name="Ruth Lindqvist")
    EnrolmentFactory(programme=programme, person=person, role=Role.MENTOR)
    return person


def test_what_is_said_of_oneself_is_kept(mentee, programme, signed_in):
    signed_in(mentee).post("/welcome/you/", about(programme))

    mentee.refresh_from_db()
    profile = Profile.objects.get(user=mentee)
    part = part_of(mentee)
    assert mentee.known_as == "Hana"
    assert (profile.job_title, profile.employer, profile.place) == (
        "School librarian",
        "Taffside High School",
        "Cardiff",
    )
    assert (part.sector.name, part.region.name, part.meets_by) == ("Health", "The north", ["video", "phone"])
    assert part.line_manager == "Elin Pugh"


def test_a_job_title_is_asked_for_or_a_tick(mentee, programme, signed_in):
    browser = signed_in(mentee)

    without = browser.post("/welcome/you/", about(programme, job_title="", employer=""))
    ticked = browser.post("/welcome/you/", about(programme, job_title="", employer="", between_jobs="on"))

    assert without.status_code == 422
    assert errors(without) == [
        "Tell us your job title, or tick ‘I’m between jobs’.",
        "Tell us who you work for, or tick ‘I’m between jobs’.",
    ]
    assert page(without).xpath("//title")[0].text.split()[0] == "Problem:"
    assert ticked.status_code == 302
    assert Profile.objects.get(user=mentee).between_jobs


def test_what_is_missing_is_said_with_its_fix(mentee, signed_in):
    response = signed_in(mentee).post("/welcome/you/", {"between_jobs": "on"})

    assert errors(response) == [
        "Choose the sector you know best.",
        "Choose where you are.",
        "Choose at least one way to meet.",
    ]


def test_the_lists_are_those_of_their_own_programme(mentee, signed_in):
    elsewhere = Sector.objects.create(programme=ProgrammeFactory(), name="Far away")
    browser = signed_in(mentee)

    shown = page(browser.get("/welcome/you/")).xpath("//select[@name='sector']/option/text()")
    response = browser.post("/welcome/you/", {"between_jobs": "on", "sector": elsewhere.pk})

    assert shown == ["Choose one", "Health", "Schools"]
    assert response.status_code == 422
    assert part_of(mentee).sector is None


def test_the_line_manager_is_asked_for_where_a_rule_needs_it(mentee, mentor, programme, signed_in):
    fields = [page(signed_in(who).get("/welcome/you/")).xpath("//input/@name") for who in (mentee, mentor)]
    programme.bars_line_manager = False
    programme.save()
    fields.append(page(signed_in(mentee).get("/welcome/you/")).xpath("//input/@name"))

    assert ["line_manager" in names for names in fields] == [True, False, False]


def test_half_an_answer_is_there_when_one_comes_back(mentee, signed_in):
    keep(mentee, f"welcome-hopes-{part_of(mentee).pk}", fields={"hopes": "To meet ano"}, saves=0)

    response = signed_in(mentee).get("/welcome/hopes/")

    assert page(response).xpath("//textarea[@name='hopes']")[0].text.strip() == "To meet ano"


def test_hopes_and_a_level_are_kept_and_the_draft_has_served(mentee, programme, signed_in):
    key = f"welcome-hopes-{part_of(mentee).pk}"
    keep(mentee, key, fields={"hopes": "Hal"}, saves=0)
    level = programme.levels.last()

    signed_in(mentee).post("/welcome/hopes/", {"hopes": "Half a\r\nsentence.", "level": level.pk})

    assert (part_of(mentee).hopes, part_of(mentee).level) == ("Half a\nsentence.", level)
    assert Draft.objects.get(key=key).fields == {}


def test_the_level_is_fixed_once_pages_speak_to_its_criteria(mentee, programme, signed_in):
    part = part_of(mentee)
    part.level = programme.levels.first()
    part.save()
    make_page(open_portfolio(part, by=mentee), body="<p>Words.</p>")

    response = signed_in(mentee).get("/welcome/hopes/")

    assert page(response).xpath("//input[@name='level']") == []


def test_of_a_programme_with_one_level_everybody_works_towards_it(mentee, programme, signed_in):
    programme.levels.first().delete()

    signed_in(mentee).post("/welcome/hopes/", {"hopes": "Company."})

    assert part_of(mentee).level == programme.levels.get()
