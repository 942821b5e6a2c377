"""Asking and answering: what each verb does, and refuses."""

import pytest

from notifications.models import Notification
from pairings.actions import NoPlaceLeft, answer_request, ask, begin_pairing, say_yes, suggest_talk, withdraw_request
from pairings.models import MentorRequest, MoveRefused, Pairing
from programmes.models import Enrolment
from tests.factories import EnrolmentFactory, PersonFactory, ProgrammeFactory
from tests.pairings.asking import WORDS, make_mentee, make_mentor

pytestmark = pytest.mark.django_db


@pytest.fixture
def hana():
    return make_mentee()


@pytest.fixture
def ruth(hana):
    return make_mentor(hana.programme)


def asked(hana, ruth, **said):
    return ask(ruth, by=hana.person, **WORDS | said)


def held(offer):
    offer.refresh_from_db()
    return offer.held


def told(kind):
    names = Notification.objects.filter(event__kind=f"pairings.{kind}", seen_at=None)
    return sorted(names.values_list("person__name", flat=True))


def test_asking_takes_no_place_and_tells_the_mentor(hana, ruth):
    request = asked(hana, ruth)

    assert (request.state, request.slug, request.mentor.name) == ("asked", "hana-sato", "Ruth Lindqvist")
    assert held(ruth) == 0
    assert told("asked") == ["Ruth Lindqvist"]


def test_a_yes_takes_a_place_and_tells_the_mentee(hana, ruth):
    request = answer_request(asked(hana, ruth), by=ruth.enrolment.person, yes=True)

    assert (request.state, held(ruth)) == ("talking", 1)
    assert told("lets_talk") == ["Hana Sato"]
    assert told("asked") == []


def test_both_say_yes_and_are_a_pairing(hana, ruth):
    request = answer_request(asked(hana, ruth), by=ruth.enrolment.person, yes=True)

    assert say_yes(request, by=ruth.enrolment.person) is None
    assert told("said_yes") == ["Hana Sato"]
    pairing = say_yes(request, by=hana.person)

    request.refresh_from_db()
    assert (request.state, request.pairing, pairing.state, held(ruth)) == ("accepted", pairing, "agreeing", 1)
    assert told("both_said_yes") == ["Ruth Lindqvist"]
    assert say_yes(request, by=hana.person) == pairing


def test_one_yes_said_twice_is_one(hana, ruth):
    request = answer_request(asked(hana, ruth), by=ruth.enrolment.person, yes=True)

    assert [say_yes(request, by=hana.person) for _again in range(2)] == [None, None]
    assert not Pairing.objects.exists()


def test_not_this_time_frees_what_the_talk_held(hana, ruth):
    request = answer_request(asked(hana, ruth), by=ruth.enrolment.person, yes=True)

    request = answer_request(request, by=ruth.enrolment.person, yes=False, words="My year filled up.")

    assert (request.state, request.reply, request.closed_by, held(ruth)) == (
        "declined", "My year filled up.", ruth.enrolment.person, 0,
    )  # fmt: skip
    assert told("not_this_time") == ["Hana Sato"]


def test_taking_it_back_before_an_answer_tells_nobody_and_after_the_talk_the_mentor(hana, ruth):
    withdraw_request(asked(hana, ruth), by=hana.person)
    assert told("taken_back") == []

    request = answer_request(asked(hana, ruth), by=ruth.enrolment.person, yes=True)
    withdraw_request(request, by=hana.person)

    assert told("taken_back") == ["Ruth Lindqvist"]
    assert held(ruth) == 0


def test_one_open_request_at_a_time(hana, ruth):
    gwen = make_mentor(hana.programme, "Gwen Prosser")
    request = asked(hana, ruth)

    with pytest.raises(MoveRefused, match="One at a time"):
        ask(gwen, by=hana.person, **WORDS)

    withdraw_request(request, by=hana.person)
    assert ask(gwen, by=hana.person, **WORDS).slug == "hana-sato-2"


def test_a_mentor_without_a_place_cannot_be_asked(hana, ruth):
    begin_pairing(
        programme=hana.programme,
        mentee=make_mentee(hana.programme, "Leon W").person,
        mentor=ruth.enrolment.person,
        by=None,
    )

    with pytest.raises(NoPlaceLeft, match="Ruth has no place left"):
        asked(hana, ruth)


def test_a_mentor_who_takes_nobody_cannot_be_asked(hana, ruth):
    ruth.is_paused = True
    ruth.save()

    with pytest.raises(NoPlaceLeft, match="Ruth takes nobody just now"):
        asked(hana, ruth)


def test_a_mentor_who_filled_up_meanwhile_cannot_say_yes(hana, ruth):
    leon = make_mentee(hana.programme, "Leon Whitaker")
    first, second = asked(hana, ruth), asked(leon, ruth)
    answer_request(first, by=ruth.enrolment.person, yes=True)

    with pytest.raises(NoPlaceLeft, match="You have no place left"):
        answer_request(second, by=ruth.enrolment.person, yes=True)

    assert answer_request(second, by=ruth.enrolment.person, yes=False).state == "declined"


def test_the_rules_bar_asking(hana, ruth):
    hana.line_manager = "Ruth Lindqvist"
    hana.save()

    with pytest.raises(MoveRefused, match="Ruth can’t be the mentor of Hana: is the line manager"):
        asked(hana, ruth)


def test_only_a_mentee_of_the_programme_asks(hana, ruth):
    elsewhere = make_mentee(ProgrammeFactory(), "Joel Fairbrother")

    with pytest.raises(MoveRefused, match="does not take part in"):
        asked(elsewhere, ruth)


def test_a_mentor_who_left_is_not_asked(hana, ruth):
    ruth.enrolment.ended_at = hana.created_at
    ruth.enrolment.save()

    with pytest.raises(MoveRefused, match="Ruth does not mentor here any more"):
        asked(hana, ruth)


def test_three_hundred_words_in_all(hana, ruth):
    assert asked(hana, ruth, why_you="word " * 290).pk
    with pytest.raises(MoveRefused, match="This is 2 words over 300 in all three boxes"):
        asked(make_mentee(hana.programme, "Leon W"), ruth, why_you="word " * 296)


def test_strangers_answer_nothing(hana, ruth):
    request, stranger = asked(hana, ruth), PersonFactory()

    for refused in (
        lambda: answer_request(request, by=stranger, yes=True),
        lambda: answer_request(request, by=hana.person, yes=True),
        lambda: say_yes(request, by=stranger),
        lambda: withdraw_request(request, by=ruth.enrolment.person),
        lambda: say_yes(request, by=hana.person),  # there was no talk
    ):
        with pytest.raises(MoveRefused):
            refused()

    request.refresh_from_db()
    assert request.state == "asked"


def test_what_is_closed_stays_closed(hana, ruth):
    request = answer_request(asked(hana, ruth), by=ruth.enrolment.person, yes=False)

    assert answer_request(request, by=ruth.enrolment.person, yes=False, words="Again.").reply == ""
    for refused in (
        lambda: answer_request(request, by=ruth.enrolment.person, yes=True),
        lambda: withdraw_request(request, by=hana.person),
        lambda: say_yes(request, by=hana.person),
    ):
        with pytest.raises(MoveRefused, match="Not this time"):
            refused()


def test_a_suggested_talk_holds_a_place_and_tells_both(hana, ruth):
    marguerite = PersonFactory(name="Marguerite Fell")

    request = suggest_talk(hana, ruth, by=marguerite)

    assert (request.state, request.suggested_by, held(ruth)) == ("talking", marguerite, 1)
    assert told("suggested") == ["Hana Sato", "Ruth Lindqvist"]


def test_who_gets_a_mentor_otherwise_has_no_open_request_any_more(hana, ruth):
    gwen = make_mentor(hana.programme, "Gwen Prosser")
    request = answer_request(asked(hana, ruth), by=ruth.enrolment.person, yes=True)

    begin_pairing(programme=hana.programme, mentee=hana.person, mentor=gwen.enrolment.person, by=None)

    request.refresh_from_db()
    assert (request.state, held(ruth), held(gwen)) == ("withdrawn", 0, 1)
    assert told("taken_back") == ["Ruth Lindqvist"]


def test_the_team_may_pair_two_who_talk_although_it_is_the_last_place(hana, ruth):
    answer_request(asked(hana, ruth), by=ruth.enrolment.person, yes=True)

    begin_pairing(programme=hana.programme, mentee=hana.person, mentor=ruth.enrolment.person, by=None)

    assert (MentorRequest.objects.get().state, held(ruth)) == ("withdrawn", 1)


def test_somebody_with_a_mentor_asks_nobody(hana, ruth):
    begin_pairing(programme=hana.programme, mentee=hana.person, mentor=ruth.enrolment.person, by=None)

    with pytest.raises(MoveRefused, match="You have a mentor already"):
        ask(make_mentor(hana.programme, "Gwen Prosser"), by=hana.person, **WORDS)


def test_in_two_programmes_one_request_each(hana, ruth):
    other = ProgrammeFactory()
    EnrolmentFactory(programme=other, person=hana.person, role=Enrolment.Role.MENTEE)
    gwen = make_mentor(other, "Gwen Prosser")

    assert {asked(hana, ruth).slug, ask(gwen, by=hana.person, **WORDS).slug} == {"hana-sato", "hana-sato-2"}


def test_whoever_asks_twice_is_told_so_in_the_second_person(hana, ruth):
    ask(ruth, by=hana.person, **WORDS)

    with pytest.raises(MoveRefused, match="You have an open request"):
        ask(make_mentor(hana.programme, "Gwen Prosser"), by=hana.person, **WORDS)


def test_nobody_asks_before_they_said_whom_they_work_for(db):
    nobody_knows = make_mentee(employer="")
    mentor = make_mentor(nobody_knows.programme)

    with pytest.raises(MoveRefused, match="Tell us first who you work for"):
        ask(mentor, by=nobody_knows.person, **WORDS)

    between_jobs = make_mentee(mentor.enrolment.programme, "Mei Lin", employer="", between_jobs=True)
    assert ask(mentor, by=between_jobs.person, **WORDS).state == "asked"
