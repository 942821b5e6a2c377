"""The welcome's list: four steps for a mentee, four for a mentor, and nothing for anybody else."""

import pytest
from django.urls import reverse

from pairings.actions import ask
from portfolios.actions import open_portfolio
from programmes.models import Enrolment, Region, Sector
from tests.factories import (
    EnrolmentFactory,
    LevelFactory,
    MentorOfferFactory,
    PairingFactory,
    PersonFactory,
    ProgrammeFactory,
    make_page,
)
from tests.mentoring.welcoming import Role, about, filled, page, part_of, steps, words


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


def test_the_first_visit_shows_all_four_with_their_times(mentee, signed_in):
    response = signed_in(mentee).get("/welcome/")

    assert steps(response) == [
        "1 About you Next · 3 minutes Tell us about you",
        "2 What you hope for 3 minutes",
        "3 Find a mentor 5 minutes",
        "4 Your first page Waiting for a mentor? You can start now Start your first page",
    ]
    assert filled(response) == ["Tell us about you"]
    assert "Welcome, Hana 0 of 4 done Four short steps. Stop whenever you like; we keep your place." in words(response)


def test_a_mentor_has_four_of_their_own(mentor, signed_in):
    response = signed_in(mentor).get("/welcome/")

    assert [row.split(" ", 1)[1] for row in steps(response)] == [
        "About you Next · 3 minutes Tell us about you",
        "Who you can help 4 minutes",
        "How many, and how you meet 1 minute",
        "How you like to hear from us 2 minutes Choose your emails",
    ]


def test_the_next_undone_step_is_the_one_filled_button(mentee, programme, signed_in):
    browser = signed_in(mentee)

    found = [filled(browser.get("/welcome/"))]
    browser.post("/welcome/you/", about(programme))
    found.append(filled(browser.get("/welcome/")))
    browser.post("/welcome/hopes/", {"hopes": "To meet another librarian.", "level": programme.levels.last().pk})
    found.append(filled(browser.get("/welcome/")))
    browser.post("/welcome/check/")
    found.append(filled(browser.get("/welcome/")))

    assert found == [["Tell us about you"], ["Say what you hope for"], ["Check your answers"], ["Find a mentor"]]


def test_each_step_leads_to_the_next_and_the_last_to_a_look_at_them(mentee, mentor, programme, signed_in):
    browser = signed_in(mentee)
    assert browser.post("/welcome/you/", about(programme))["Location"] == "/welcome/hopes/"
    hopes = {"hopes": "To meet another librarian.", "level": programme.levels.last().pk}
    assert browser.post("/welcome/hopes/", hopes)["Location"] == "/welcome/check/"
    assert browser.post("/welcome/check/")["Location"] == "/welcome/"

    browser = signed_in(mentor)
    assert browser.post("/welcome/you/", about(programme))["Location"] == "/welcome/role/"
    who = {"can_help": "People on their own.", "how_i_work": "Kindly."}
    assert browser.post("/welcome/role/", who)["Location"] == "/welcome/places/"
    assert browser.post("/welcome/places/", {"capacity": 2, "meets_by": "video"})["Location"] == "/welcome/check/"
    assert browser.post("/welcome/check/")["Location"] == "/welcome/"


def test_a_request_and_a_page_are_steps_that_are_done_elsewhere(mentee, programme, signed_in):
    offer = MentorOfferFactory(enrolment__programme=programme, enrolment__person=PersonFactory(name="Ruth Lindqvist"))
    mentee.profile.employer = "Taffside High School"
    mentee.profile.save()
    ask(offer, by=mentee, why_you="You ran a school library.", hopes="Company.", how_we_work="By video.")
    portfolio = open_portfolio(part_of(mentee), by=mentee)
    blank = signed_in(mentee).get("/welcome/")
    make_page(portfolio, body="<p>My rabbit and I.</p>")
    written = signed_in(mentee).get("/welcome/")

    assert steps(blank)[2] == "Find a mentor Waiting for Ruth’s answer Open: Find a mentor"
    assert steps(blank)[3].startswith("4 Your first page Waiting for a mentor? You can start now")
    assert steps(written)[3] == "Your first page Done Open: Your first page"


def test_it_folds_away_after_the_first_meeting(mentee, programme, signed_in):
    pairing = PairingFactory(programme=programme, mentee=mentee)
    Enrolment.objects.update(welcomed_at="2026-11-01T00:00Z")
    before = words(signed_in(mentee).get("/welcome/"))
    pairing.first_met_at = "2026-11-20T17:00Z"
    pairing.save()
    after = words(signed_in(mentee).get("/welcome/"))

    assert "1 of 4 done" in before
    assert "Your welcome is behind you." in after


def test_who_is_both_has_both_lists(mentee, programme, signed_in):
    EnrolmentFactory(programme=programme, person=mentee, role=Role.MENTOR)

    response = signed_in(mentee).get("/welcome/")

    assert [each.text_content() for each in page(response).xpath("//h2")] == ["As a mentee", "As a mentor"]
    assert len(steps(response)) == 8
    assert filled(response) == ["Tell us about you"]


def test_who_is_both_says_once_where_they_are(mentee, programme, signed_in):
    EnrolmentFactory(programme=programme, person=mentee, role=Role.MENTOR)

    browser = signed_in(mentee)
    came = browser.post("/welcome/you/?as=mentee&programme=chartership", about(programme))

    assert came["Location"] == "/welcome/hopes/?as=mentee&programme=chartership"
    assert [part.sector.name for part in mentee.enrolments.all()] == ["Health", "Health"]
    assert part_of(mentee, Role.MENTOR).line_manager == ""
    assert steps(browser.get("/welcome/"))[4].startswith("About you Done")


@pytest.mark.parametrize("name", ["welcome", "welcome_you", "welcome_hopes", "welcome_check"])
def test_who_takes_part_in_nothing_has_no_welcome(db, signed_in, name):
    assert signed_in(PersonFactory()).get(reverse(name)).status_code == 404


def test_who_no_longer_takes_part_has_none_either(mentee, signed_in):
    Enrolment.objects.update(ended_at="2026-11-01T00:00Z")

    assert signed_in(mentee).get("/welcome/").status_code == 404


@pytest.mark.parametrize("query", ["?as=mentor", "?programme=fellowship", "?as=coordinator", "?programme=x%00"])
def test_a_part_that_one_does_not_take_answers_like_a_missing_page(mentee, signed_in, query):
    EnrolmentFactory(programme__slug="fellowship", role=Role.MENTOR)

    assert signed_in(mentee).get(f"/welcome/you/{query}").status_code == 404


def test_a_mentees_steps_are_no_mentors(mentee, mentor, signed_in):
    found = [signed_in(mentee).get(f"/welcome/{step}/").status_code for step in ("role", "places")]
    found.append(signed_in(mentor).get("/welcome/hopes/").status_code)

    assert found == [404, 404, 404]
