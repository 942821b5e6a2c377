"""The end of the welcome: a last look, and only then do others see anything; what Home says until then."""

import pytest

from accounts.models import Draft, Profile
from notifications.actions import set_preferences
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
)
from tests.mentoring.welcoming import Role, about, all_said, filled, page, part_of, strip, words


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
