"""The register and a mentor's page, as people see them; without a script."""

import pytest

from programmes.models import Enrolment, Sector
from tests.factories import EnrolmentFactory, PersonFactory, ProgrammeFactory
from tests.pairings.asking import make_mentee, make_mentor

pytestmark = pytest.mark.django_db
ASK = "/mentors/ruth-lindqvist/ask/"


@pytest.fixture
def hana():
    return make_mentee()


@pytest.fixture
def ruth(hana):
    return make_mentor(hana.programme, job_title="Consultant", offer={"how_i_work": "I’ll challenge you kindly."})


@pytest.fixture
def hers(hana, signed_in):
    """Hana's browser."""
    return signed_in(hana.person)


def page(browser, url, **options):
    response = browser.get(url, **options)
    assert response.status_code == 200, url
    return " ".join(response.content.decode().split())


def test_a_card_says_who_and_how_and_space(hers, ruth):
    words = page(hers, "/mentors/")

    for said in (
        "1 of 1 free",
        "Ruth Lindqvist",
        "“I’ll challenge you kindly.”",
        "Space for 1",
        "Only people with space",
    ):
        assert said in words
    assert "%" not in words.partition("results")[2].partition("</section>")[0]


def test_filters_stay_on_the_second_page(hers, hana):
    health = Sector.objects.create(programme=hana.programme, name="Health & care")
    for number in range(11):
        make_mentor(hana.programme, f"Mentor Number{number}", part={"sector": health})
    make_mentor(hana.programme, "Somebody Else")

    first = page(hers, "/mentors/?sector=health-care")
    second = page(hers, "/mentors/?sector=health-care&page=2")

    assert "11 mentors match" in first
    assert 'href="?sector=health-care&amp;page=2"' in first
    assert (first + second).count('<article class="mentor-card') == 11
    assert "Somebody Else" not in first + second
    assert '<option value="health-care" selected>' in second


def test_what_an_address_says_that_is_no_choice_counts_as_not_said(hers, ruth):
    assert "1 of 1 free" in page(hers, "/mentors/?sector=nonsense&by=pigeon&page=99&space=%00")


def test_a_script_gets_the_results_alone(hers, ruth):
    response = hers.get("/mentors/?search=ruth&sector=&space=any&space=only", headers={"HX-Request": "true"})

    words = " ".join(response.content.decode().split())
    assert response["HX-Push-Url"] == "/mentors/?search=ruth"
    assert words.startswith('<section id="results"')
    assert "1 mentor matches" in words


def test_nobody_matches_and_the_team_can_be_written_to(hers, hana, ruth):
    lead = PersonFactory(name="Marguerite Fell", is_staff=True, is_superuser=True)
    EnrolmentFactory(programme=hana.programme, person=lead, role=Enrolment.Role.COORDINATOR)

    words = page(hers, "/mentors/?search=nobody")

    assert "No one matches all of that. Remove a filter, or ask the programme team to help." in words
    assert f'<a href="mailto:{lead.email}">Marguerite Fell</a>' in words


def test_a_mentor_sees_nothing_but_their_own_card(ruth, signed_in):
    gwen = make_mentor(ruth.enrolment.programme, "Gwen Prosser")
    browser = signed_in(ruth.enrolment.person)

    assert "Gwen" not in page(browser, "/mentors/")
    assert "This is how mentees see you." in page(browser, "/mentors/ruth-lindqvist/")
    assert browser.get("/mentors/gwen-prosser/").status_code == 404
    assert browser.get(ASK).status_code == 404
    assert gwen.pk


def test_whoever_takes_no_part_finds_nothing(ruth, signed_in):
    browser = signed_in(PersonFactory())

    assert [browser.get(url).status_code for url in ("/mentors/", "/mentors/ruth-lindqvist/", ASK)] == [404] * 3


def test_a_mentor_of_another_programme_or_whom_the_rules_bar_answers_like_nobody(hers, hana):
    make_mentor(ProgrammeFactory(), "Gwen Prosser")
    hana.person.profile.employer = "Inchgarvel"
    hana.person.profile.save()
    make_mentor(hana.programme, "Odette Marchand", employer="inchgarvel")

    answers = [hers.get(f"/mentors/{slug}/") for slug in ("gwen-prosser", "odette-marchand", "nobody")]

    assert [each.status_code for each in answers] == [404] * 3
    assert "Gwen" not in answers[0].content.decode()
    assert "Odette" not in answers[1].content.decode()


def test_a_mentor_without_a_name_in_the_address_has_a_page_too(hers, ruth):
    ruth.enrolment.person.profile.slug = None
    ruth.enrolment.person.profile.save()

    assert f"/mentors/mentor-{ruth.pk}/ask/" in page(hers, f"/mentors/mentor-{ruth.pk}/")


def test_in_two_programmes_one_chooses(hers, hana, ruth):
    other = EnrolmentFactory(programme=ProgrammeFactory(name="Fellowship", slug="fellowship"), person=hana.person)
    make_mentor(other.programme, "Gwen Prosser")

    assert "?programme=fellowship" in page(hers, "/mentors/")
    there = page(hers, "/mentors/?programme=fellowship")
    assert "Gwen Prosser" in there
    assert "Ruth" not in there
    assert "Ask Gwen" in page(hers, "/mentors/gwen-prosser/?programme=fellowship&")
