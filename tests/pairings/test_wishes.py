"""A mentee's wishes: ranked, at most five, for the mentee's eyes alone."""

import pytest

from pairings.actions import add_wish, move_wish, remove_wish
from pairings.models import MoveRefused, Wish
from tests.factories import PersonFactory, ProgrammeFactory
from tests.pairings.asking import make_mentee, make_mentor

pytestmark = pytest.mark.django_db


@pytest.fixture
def hana():
    return make_mentee()


@pytest.fixture
def offers(hana):
    return [make_mentor(hana.programme, f"Mentor Number{number}") for number in range(1, 7)]


def ranks(enrolment):
    return [(wish.rank, wish.offer.enrolment.person.name[-1]) for wish in enrolment.wishes.all()]


def test_wishes_are_ranked_as_they_come_and_each_once(hana, offers):
    for offer in (*offers[:3], offers[0]):
        add_wish(offer, by=hana.person)

    assert ranks(hana) == [(1, "1"), (2, "2"), (3, "3")]


def test_five_at_most(hana, offers):
    for offer in offers[:5]:
        add_wish(offer, by=hana.person)

    with pytest.raises(MoveRefused, match="You have 5 wishes"):
        add_wish(offers[5], by=hana.person)


def test_moving_and_taking_away(hana, offers):
    for offer in offers[:4]:
        add_wish(offer, by=hana.person)

    move_wish(offers[3], by=hana.person, steps=-1)
    move_wish(offers[0], by=hana.person, steps=1)
    move_wish(offers[1], by=hana.person, steps=-1)  # at the top already
    remove_wish(offers[3], by=hana.person)

    assert ranks(hana) == [(1, "2"), (2, "1"), (3, "3")]


def test_only_a_mentee_of_the_programme_wishes_for_one_of_its_mentors(hana, offers):
    foreign = make_mentor(ProgrammeFactory(), "Somebody Else")

    for person, offer in (
        (PersonFactory(), offers[0]),
        (hana.person, foreign),
        (offers[1].enrolment.person, offers[0]),
    ):
        with pytest.raises(MoveRefused):
            add_wish(offer, by=person)
    with pytest.raises(MoveRefused, match="no longer among your wishes"):
        move_wish(offers[0], by=hana.person, steps=1)


def test_on_the_pages_without_a_script(hana, offers, signed_in):
    browser = signed_in(hana.person)

    assert "Add to my wishes" in browser.get("/mentors/mentor-number1/").content.decode()
    for number in (1, 2):
        response = browser.post(f"/mentors/mentor-number{number}/wish/", {"move": "add"})
        assert response["Location"] == f"/mentors/mentor-number{number}/"
    response = browser.post("/mentors/mentor-number2/wish/", {"move": "up", "back": "list"})

    assert response["Location"] == "/mentors/#wishes"
    assert ranks(hana) == [(1, "2"), (2, "1")]
    assert "Your wishes" in browser.get("/mentors/").content.decode()
    browser.post("/mentors/mentor-number2/wish/", {"move": "remove"})
    browser.post("/mentors/mentor-number2/wish/", {"move": "nonsense"})
    assert ranks(hana) == [(1, "1")]


def test_a_sixth_wish_says_why_not(hana, offers, signed_in):
    for offer in offers[:5]:
        add_wish(offer, by=hana.person)
    browser = signed_in(hana.person)

    words = browser.post("/mentors/mentor-number6/wish/", {"move": "add"}, follow=True).content.decode()

    assert "You have 5 wishes. Take one away first." in words
    assert Wish.objects.count() == 5


def test_mentors_and_strangers_see_no_wish(hana, offers, signed_in):
    add_wish(offers[0], by=hana.person)

    assert not Wish.objects.visible_to(offers[0].enrolment.person).exists()
    assert "wish" not in signed_in(offers[0].enrolment.person).get("/mentors/mentor-number1/").content.decode().lower()
    assert signed_in(PersonFactory()).post("/mentors/mentor-number1/wish/", {"move": "add"}).status_code == 404
