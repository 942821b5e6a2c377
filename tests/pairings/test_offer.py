"""What a mentor offers: their own page, pausing, and never fewer places than are taken."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from accounts.drafts import keep
from accounts.models import Draft
from pairings.actions import answer_request, ask, begin_pairing, make_offer, open_offer, pause_offer, set_offer
from pairings.models import MentorOffer, MoveRefused, Pairing
from pairings.own_offers import OwnOffer
from programmes.models import Enrolment
from tests.at_once import all_at_once
from tests.factories import EnrolmentFactory, LevelFactory, MentorOfferFactory, PersonFactory, ProgrammeFactory

ROLE = Enrolment.Role.MENTOR
SAID = {"capacity": 2, "meets_by": ["video"], "can_help": "People on their own.", "how_i_work": "Kindly."}


@pytest.fixture
def offer(db):
    """Ruth's, of three places."""
    programme = ProgrammeFactory(name="Chartership 2025–26", slug="chartership")
    LevelFactory(programme=programme, name="Chartership")
    person = PersonFactory(name="Ruth Lindqvist")
    return MentorOfferFactory(enrolment__programme=programme, enrolment__person=person, capacity=3)


@pytest.fixture
def ruth(offer):
    return offer.enrolment.person


def mentee_in(programme, name="Amina Okafor"):
    person = PersonFactory(name=name, profile__employer="Calder Vale University")
    return EnrolmentFactory(programme=programme, person=person).person


def taken(offer, count=1):
    """So many of its places, by real pairings."""
    programme = offer.enrolment.programme
    for _place in range(count):
        mentor = offer.enrolment.person
        begin_pairing(programme=programme, mentee=mentee_in(programme), mentor=mentor, by=mentor)


def page(response):
    return html.fromstring(response.content.decode())


def words(response):
    return " ".join(page(response).xpath("//main")[0].text_content().split())


def errors(response):
    return [each.text_content() for each in page(response).xpath("//div[@class='errsum']//li")]


# The page


def test_what_a_mentor_says_is_what_mentees_read(offer, ruth, signed_in):
    level = offer.enrolment.programme.levels.get()

    response = signed_in(ruth).post("/mentors/you/", SAID | {"holds": [level.pk]})

    offer.refresh_from_db()
    offer.enrolment.refresh_from_db()
    assert response["Location"] == "/mentors/you/?programme=chartership"
    assert (offer.capacity, offer.can_help, offer.how_i_work) == (2, "People on their own.", "Kindly.")
    assert offer.enrolment.meets_by == ["video"]
    assert list(offer.holds.all()) == [level]


def test_capacity_is_never_below_the_places_taken(offer, ruth, signed_in):
    taken(offer, 2)
    request = ask(offer, by=mentee_in(offer.enrolment.programme), why_you="You.", hopes="", how_we_work="")
    answer_request(request, by=ruth, yes=True)

    response = signed_in(ruth).post("/mentors/you/", SAID)

    offer.refresh_from_db()
    assert response.status_code == 422
    assert errors(response) == ["3 places are taken, so the least is 3. To take nobody else, pause the offer."]
    assert page(response).xpath("//input[@name='capacity']/@aria-invalid") == ["true"]
    assert page(response).xpath("//textarea[@name='can_help']")[0].text.strip() == "People on their own."
    assert (offer.capacity, offer.can_help) == (3, "")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"capacity": ""}, "Say how many mentees you can take, 1 for a start."),
        ({"capacity": "0"}, "Offer at least one place. To take nobody just now, pause the offer instead."),
        ({"capacity": "31"}, "Choose 30 or fewer. Ask the programme team if you would take more."),
        ({"capacity": "two"}, "Give a number, like 1 or 2."),
        ({"meets_by": []}, "Choose at least one way to meet."),
        ({"can_help": " "}, "Say who you can help. One line is enough."),
        (
            {"how_i_work": "x" * 2001},
            "This has 2001 characters; the limit is 2000. Take a little out.",
        ),
    ],
)
def test_what_is_amiss_is_said_with_its_fix(offer, ruth, signed_in, changes, error):
    response = signed_in(ruth).post("/mentors/you/", SAID | changes)

    assert errors(response) == [error]
    assert MentorOffer.objects.get().can_help == ""


def test_half_an_answer_is_there_when_one_comes_back(offer, ruth, signed_in):
    keep(ruth, f"offer-{offer.pk}", fields={"can_help": "People who"}, saves=0)
    browser = signed_in(ruth)

    kept = page(browser.get("/mentors/you/")).xpath("//textarea[@name='can_help']")[0].text.strip()
    browser.post("/mentors/you/", SAID)

    assert kept == "People who"
    assert Draft.objects.get().fields == {}


def test_a_mentor_of_two_programmes_has_an_offer_in_each(offer, ruth, signed_in):
    other = EnrolmentFactory(programme__name="Fellowship", programme__slug="fellowship", person=ruth, role=ROLE)
    MentorOfferFactory(enrolment=other)
    browser = signed_in(ruth)

    links = page(browser.get("/mentors/you/")).xpath("//header/p/a/@href")
    browser.post("/mentors/you/?programme=fellowship", SAID)

    assert links == ["?programme=fellowship"]
    assert {each.enrolment.programme.slug: each.capacity for each in MentorOffer.objects.all()} == {
        "chartership": 3,
        "fellowship": 2,
    }


def test_a_stranger_has_no_such_page(offer, signed_in):
    elsewhere = MentorOfferFactory().enrolment
    mentee = mentee_in(offer.enrolment.programme)

    for person, query in ((mentee, ""), (elsewhere.person, "?programme=chartership"), (mentee, "?programme=x")):
        for method, name in (("GET", "offer"), ("POST", "offer"), ("POST", "offer_pause")):
            url = reverse(f"pairings:{name}") + query
            assert signed_in(person).generic(method, url).status_code == 404


def test_who_no_longer_mentors_has_none_either(offer, ruth, signed_in):
    Enrolment.objects.update(ended_at=timezone.now())

    assert signed_in(ruth).get("/mentors/you/").status_code == 404


# Pausing


def test_pausing_takes_them_out_of_sight_until_a_day(offer, ruth, signed_in):
    day = timezone.localdate() + timedelta(days=30)
    browser = signed_in(ruth)

    browser.post("/mentors/you/pause/", {"until": day.isoformat()})

    offer.refresh_from_db()
    assert (offer.is_paused, offer.paused_until) == (True, day)
    assert f"You take nobody before {day.day} {day:%B %Y}." in words(browser.get("/mentors/you/"))
    assert list(MentorOffer.objects.taking(day - timedelta(days=1))) == []
    assert list(MentorOffer.objects.taking(day)) == [offer]


def test_pausing_without_a_day_lasts_until_they_say_so(offer, ruth, signed_in):
    browser = signed_in(ruth)
    browser.post("/mentors/you/pause/")
    paused = words(browser.get("/mentors/you/"))
    browser.post("/mentors/you/pause/", {"open": "1"})

    offer.refresh_from_db()
    assert "You take nobody just now. Mentees don’t find you until you say so." in paused
    assert (offer.is_paused, offer.paused_until) == (False, None)


@pytest.mark.parametrize(
    ("until", "error"),
    [
        ("2000-01-01", "Choose a day that is still to come, or leave it empty."),
        ("soon", "Choose a day, or leave it empty."),
    ],
)
def test_a_day_that_is_over_is_refused_beside_its_field(offer, ruth, signed_in, until, error):
    response = signed_in(ruth).post("/mentors/you/pause/", {"until": until})

    assert response.status_code == 422
    assert errors(response) == [error]
    assert page(response).xpath("//details[@class='unfolds']/@open") == [""]
    assert not MentorOffer.objects.get().is_paused


def test_nobody_is_touched_by_a_pause(offer, ruth):
    taken(offer)
    request = ask(offer, by=mentee_in(offer.enrolment.programme), why_you="You.", hopes="", how_we_work="")
    pause_offer(offer, by=ruth)

    answer_request(request, by=ruth, yes=True)

    offer.refresh_from_db()
    assert (Pairing.objects.live().count(), offer.held) == (1, 2)


# In words


@pytest.mark.parametrize(
    ("state", "space"),
    [
        ({"capacity": 3, "held": 1}, "Space for 2"),
        ({"capacity": 1, "held": 1}, "No space just now"),
        ({"capacity": 1, "is_paused": True}, "Paused"),
        ({"capacity": 1, "is_paused": True, "paused_until": timedelta(1)}, "Paused"),
        ({"capacity": 1, "is_paused": True, "paused_until": timedelta(0)}, "Space for 1"),
        ({"capacity": 1, "enrolment__programme__needs_training": True}, "No space just now"),
    ],
)
def test_how_an_offer_stands_in_words(db, state, space):
    today = timezone.localdate()
    days = {name: today + value for name, value in state.items() if isinstance(value, timedelta)}

    offer = MentorOfferFactory(**(state | days))

    assert OwnOffer(offer, today).space == space


@pytest.mark.parametrize(
    ("needed", "days", "said"),
    [
        (False, None, ""),
        (True, None, "The team has no training date of yours, so mentees don’t find you yet."),
        (False, -1, "Your training was valid until 22 November 2026."),
        (True, -1, "Your training was valid until 22 November 2026, so mentees don’t find you just now."),
        (True, 0, "Your training is valid until 23 November 2026."),
    ],
)
def test_how_long_a_training_is_valid(db, needed, days, said):
    today = timezone.datetime(2026, 11, 23).date()
    until = None if days is None else today + timedelta(days)

    offer = MentorOfferFactory(trained_until=until, enrolment__programme__needs_training=needed)

    assert OwnOffer(offer, today).training == said


def test_home_and_mentees_say_how_much_space_there_is(offer, ruth, signed_in):
    taken(offer)
    browser = signed_in(ruth)
    free = [words(browser.get(url)) for url in ("/home/", "/mentees/")]
    pause_offer(offer, by=ruth)
    paused = [words(browser.get(url)) for url in ("/home/", "/mentees/")]
    open_offer(offer, by=ruth)
    set_offer(offer, by=ruth, capacity=1)
    full = [words(browser.get(url)) for url in ("/home/", "/mentees/")]

    assert ["Your offer: space for 2" in each for each in free] == [True, True]
    assert ["Your offer: no space just now" in each for each in [*paused, *full]] == [True] * 4


def test_the_page_asks_the_database_little(offer, ruth, signed_in, django_assert_num_queries):
    browser = signed_in(ruth)
    browser.get("/mentors/you/")

    with django_assert_num_queries(8):
        browser.get("/mentors/you/")


# The verbs


def test_only_a_mentor_who_takes_part_offers_places_and_once(offer, ruth):
    gone = EnrolmentFactory(role=ROLE, ended_at=timezone.now())

    for enrolment in (gone, EnrolmentFactory(), offer.enrolment):
        with pytest.raises(MoveRefused):
            make_offer(enrolment, by=ruth, capacity=1)

    assert MentorOffer.objects.count() == 1


def test_levels_are_of_their_own_programme(offer, ruth):
    with pytest.raises(MoveRefused):
        set_offer(offer, by=ruth, capacity=1, holds=[LevelFactory()])

    assert MentorOffer.objects.get().capacity == 3


@pytest.mark.django_db(transaction=True)
def test_fewer_places_and_a_new_mentee_at_the_same_moment_wait_in_turn():
    offer = MentorOfferFactory(capacity=2)
    programme, mentor = offer.enrolment.programme, offer.enrolment.person
    taken(offer)
    new = mentee_in(programme)

    came = all_at_once(
        [
            lambda: set_offer(offer, by=mentor, capacity=1),
            lambda: begin_pairing(programme=programme, mentee=new, mentor=mentor, by=mentor),
        ]
    )

    offer.refresh_from_db()
    assert came == {"MoveRefused": 1, "done": 1}
    assert offer.held <= offer.capacity
    assert offer.held == Pairing.objects.live().count()


@pytest.mark.django_db(transaction=True)
def test_of_twenty_first_offers_at_once_one_is_made():
    enrolment = EnrolmentFactory(role=ROLE)

    came = all_at_once([lambda: make_offer(enrolment, by=enrolment.person, capacity=1)] * 20)

    assert came == {"MoveRefused": 19, "done": 1}
    assert MentorOffer.objects.count() == 1


# In the admin


@pytest.fixture
def lead(offer, signed_in):
    """A browser of somebody who looks after everything."""
    return signed_in(PersonFactory(is_staff=True, is_superuser=True))


def change(browser, offer, **data):
    """The errors of changing an offer in the admin; None when it was changed."""
    fields = {"capacity": offer.capacity, "can_help": "", "how_i_work": "", "trained_until": "", "paused_until": ""}
    answer = browser.post(reverse("admin:pairings_mentoroffer_change", args=[offer.pk]), fields | data)
    return None if answer.status_code == 302 else dict(answer.context["adminform"].form.errors)


def test_in_the_admin_too_capacity_is_never_below_the_places_taken(offer, lead):
    taken(offer, 2)

    refused = change(lead, offer, capacity=1)
    done = change(lead, offer, capacity=2, trained_until="2027-03-01")

    offer.refresh_from_db()
    assert refused == {"capacity": ["2 places are taken, so the least is 2. To take nobody else, pause the offer."]}
    assert done is None
    assert (offer.capacity, str(offer.trained_until)) == (2, "2027-03-01")


def test_in_the_admin_an_offer_is_paused_and_opened(offer, lead):
    alone = change(lead, offer, paused_until="2099-01-01")
    over = change(lead, offer, is_paused="on", paused_until="2000-01-01")
    paused = change(lead, offer, is_paused="on", paused_until="2099-01-01")
    first = MentorOffer.objects.get().is_paused
    opened = change(lead, offer)

    assert alone == {"paused_until": ["Tick “takes nobody just now”, too, or leave this empty."]}
    assert over == {"paused_until": ["Choose a day that is still to come, or leave it empty."]}
    assert (paused, first, opened, MentorOffer.objects.get().is_paused) == (None, True, None, False)


def test_in_the_admin_a_mentor_without_an_offer_gets_one(offer, lead):
    level = offer.enrolment.programme.levels.get()
    new = EnrolmentFactory(programme=offer.enrolment.programme, role=ROLE)

    shown = list(
        lead.get(reverse("admin:pairings_mentoroffer_add")).context["adminform"].form.fields["enrolment"].queryset
    )
    lead.post(reverse("admin:pairings_mentoroffer_add"), {"enrolment": new.pk, "capacity": 2, "holds": [level.pk]})

    assert shown == [new]
    made = MentorOffer.objects.get(enrolment=new)
    assert (made.capacity, list(made.holds.all())) == (2, [level])
