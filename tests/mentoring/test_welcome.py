"""The welcome: four steps for a mentee, four for a mentor, a last look, and only then do others see anything."""

import pytest
from django.urls import reverse
from lxml import html

from accounts.drafts import keep
from accounts.models import Draft, Profile
from notifications.actions import set_preferences
from pairings.actions import ask
from pairings.models import MentorOffer
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

Role = Enrolment.Role
ABOUT = {
    "known_as": "Hana",
    "job_title": "School librarian",
    "employer": "Taffside High School",
    "place": "Cardiff",
    "meets_by": ["video", "phone"],
    "line_manager": "Elin Pugh",
    "about": "I am the whole library.",
}


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


def part_of(person, role=Role.MENTEE):
    return person.enrolments.get(role=role)


def about(programme, **changes):
    listed = {"sector": programme.sectors.first().pk, "region": programme.regions.first().pk}
    return {**ABOUT, **listed, **changes}


def page(response):
    return html.fromstring(response.content.decode())


def words(response):
    return " ".join(page(response).xpath("//main")[0].text_content().split())


def steps(response):
    return [
        " ".join(row.text_content().split())
        for row in page(response).xpath("//ol[contains(@class, 'welcome-steps')]/li")
    ]


def filled(response):
    return [
        " ".join(each.text_content().split()) for each in page(response).xpath("//*[contains(@class, 'btn-primary')]")
    ]


def errors(response):
    return [each.text_content() for each in page(response).xpath("//div[@class='errsum']//li")]


# The list


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


# About you


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


# What a mentee hopes for


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


# The last look


def all_said(person, programme, browser):
    browser.post("/welcome/you/", about(programme))
    browser.post(
        "/welcome/role/", {"can_help": "Anybody.", "how_i_work": "Kindly.", "holds": [programme.levels.last().pk]}
    )
    browser.post("/welcome/places/", {"capacity": "2", "meets_by": ["video", "phone"]})


def test_a_mentor_is_found_only_after_looking_it_over(mentor, programme, signed_in):
    browser = signed_in(mentor)
    all_said(mentor, programme, browser)
    before = MentorOffer.objects.count()
    shown = words(browser.get("/welcome/check/"))
    browser.post("/welcome/check/")

    offer = MentorOffer.objects.get(enrolment__person=mentor)
    assert before == 0
    assert "Mentees have not seen this yet. From here on they find you by it." in shown
    assert "Who I can help Anybody. How I work Kindly. Levels you hold Chartership" in shown
    assert "Mentees at a time 2 You meet by Video, Phone" in shown
    assert (offer.can_help, offer.how_i_work, offer.capacity) == ("Anybody.", "Kindly.", 2)
    assert [level.name for level in offer.holds.all()] == ["Chartership"]
    assert part_of(mentor, Role.MENTOR).welcomed_at is not None
    assert Profile.objects.get(user=mentor).slug == "ruth-lindqvist"
    assert Draft.objects.exclude(fields={}).count() == 0


def test_a_second_click_lists_them_once(mentor, programme, signed_in):
    browser = signed_in(mentor)
    all_said(mentor, programme, browser)

    came = [browser.post("/welcome/check/").status_code for _click in range(2)]

    assert came == [302, 302]
    assert MentorOffer.objects.count() == 1


@pytest.mark.parametrize("fields", [{"capacity": "many"}, {"capacity": "9999"}, {"can_help": "x" * 2001}])
def test_what_was_kept_is_checked_like_what_is_sent(mentor, programme, signed_in, fields):
    browser = signed_in(mentor)
    all_said(mentor, programme, browser)
    draft = Draft.objects.get(key=f"welcome-offer-{part_of(mentor, Role.MENTOR).pk}")
    draft.fields |= fields
    draft.save()

    response = browser.post("/welcome/check/", follow=True)

    assert MentorOffer.objects.count() == 0
    assert part_of(mentor, Role.MENTOR).welcomed_at is None
    assert "Please look at this once more." in words(response)


def test_there_is_nothing_to_look_over_before_all_is_said(mentee, mentor, signed_in):
    for person in (mentee, mentor):
        for method in ("get", "post"):
            assert getattr(signed_in(person), method)("/welcome/check/")["Location"] == "/welcome/you/"

    assert Enrolment.objects.exclude(welcomed_at=None).count() == 0


def test_every_answer_has_its_way_back(mentee, programme, signed_in):
    browser = signed_in(mentee)
    browser.post("/welcome/you/", about(programme))
    browser.post("/welcome/hopes/", {"hopes": "Company.", "level": programme.levels.last().pk})

    shown = browser.get("/welcome/check/")
    changes = page(shown).xpath("//a[starts-with(normalize-space(), 'Change')]/@href")
    again = browser.post("/welcome/you/", about(programme, job_title="Head of one"))

    assert changes == ["/welcome/you/", "/settings/photo/", "/welcome/hopes/", "/settings/time/"]
    assert "Your line manager Elin Pugh (only the programme team sees this)" in words(shown)
    assert again["Location"] == "/welcome/check/"


def test_once_there_is_an_offer_it_is_changed_on_its_own_page(mentor, programme, signed_in):
    MentorOfferFactory(enrolment=part_of(mentor, Role.MENTOR))

    for step in ("role", "places"):
        assert signed_in(mentor).get(f"/welcome/{step}/")["Location"] == "/mentors/you/?programme=chartership"


def test_choosing_ones_emails_is_the_mentors_last_step(mentor, programme, signed_in):
    browser = signed_in(mentor)
    all_said(mentor, programme, browser)
    browser.post("/welcome/check/")
    before = words(browser.get("/welcome/"))
    set_preferences(mentor, words_in_emails=False)
    after = words(browser.get("/welcome/"))

    assert "3 of 4 done" in before
    assert "Your welcome is behind you." in after


# On Home


def strip(response):
    return [
        " ".join(each.text_content().split())
        for each in page(response).xpath("//main//div[contains(@class, 'strip-new')]")
    ]


def test_home_leads_whoever_is_new_to_their_welcome(mentee, mentor, signed_in):
    for person in (mentee, mentor):
        shown = signed_in(person).get("/home/")
        assert page(shown).xpath("//a[contains(@class, 'btn-primary')]/@href") == ["/welcome/"]
        assert "You’re listed." not in words(shown)
        assert strip(shown) == []


def test_home_says_how_far_one_is(mentee, programme, signed_in):
    browser = signed_in(mentee)
    browser.post("/welcome/you/", about(programme))
    arriving = browser.get("/home/")
    open_portfolio(part_of(mentee), by=mentee)
    writing = browser.get("/home/")

    assert "1 of 4 done. Next: What you hope for. Carry on" in words(arriving)
    assert strip(writing) == ["Your welcome: 1 of 4 done. Carry on"]
    assert filled(writing) != ["Carry on"]


def test_home_says_why_nobody_finds_a_mentor(mentor, programme, signed_in):
    programme.needs_training = True
    programme.save()
    offer = MentorOfferFactory(enrolment=part_of(mentor, Role.MENTOR))

    untrained = words(signed_in(mentor).get("/home/"))
    offer.trained_until = "2099-01-01"
    offer.save()
    trained = words(signed_in(mentor).get("/home/"))

    assert "The team has no training date of yours, so mentees don’t find you yet. See your offer" in untrained
    assert "You’re listed." not in untrained
    assert "You’re listed." in trained


def test_home_keeps_quiet_once_there_is_a_pairing(mentee, programme, signed_in):
    open_portfolio(part_of(mentee), by=mentee)
    PairingFactory(programme=programme, mentee=mentee)

    assert strip(signed_in(mentee).get("/home/")) == []


def test_a_listed_mentor_may_still_choose_their_emails(mentor, programme, signed_in):
    browser = signed_in(mentor)
    all_said(mentor, programme, browser)
    browser.post("/welcome/check/")

    shown = browser.get("/home/")

    assert strip(shown) == ["Your welcome: 3 of 4 done. Carry on"]
    assert "You’re listed. Most mentors hear from someone within a few weeks." in words(shown)


@pytest.mark.parametrize(
    ("url", "number"), [("/welcome/", 4), ("/welcome/you/", 9), ("/welcome/check/", 4), ("/home/", 6)]
)
def test_a_welcome_asks_the_database_little(mentee, programme, signed_in, django_assert_num_queries, url, number):
    browser = signed_in(mentee)
    browser.post("/welcome/you/", about(programme))
    browser.post("/welcome/hopes/", {"hopes": "Company.", "level": programme.levels.last().pk})
    browser.get(url)

    with django_assert_num_queries(number):
        assert browser.get(url).status_code == 200
