"""People ask to take part; the programme team answers; both hear of it at once, and nobody else does."""

from datetime import timedelta
from email.utils import parseaddr
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from notifications.models import Notification
from programmes.actions import apply, approve, decline, describe_part, withdraw_application
from programmes.models import Act, Application, Enrolment
from programmes.refusal import MoveRefused
from tests.at_once import all_at_once
from tests.factories import EnrolmentFactory, LevelFactory, PersonFactory, ProgrammeFactory

State = Application.State


@pytest.fixture
def programme(db):
    return ProgrammeFactory(name="Chartership", slug="chartership", summary="A year or so.", takes_applications=True)


def make_coordinator(programme, *, leads=True, **fields):
    person = PersonFactory(is_staff=True, **fields)
    verbs = ("view", "change") if leads else ("view",)
    person.user_permissions.set(Permission.objects.filter(codename__in=[f"{verb}_application" for verb in verbs]))
    EnrolmentFactory(programme=programme, person=person, role="coordinator")
    return person


@pytest.fixture
def lead(programme):
    return make_coordinator(programme, name="Marguerite Fell", email="marguerite@example.org")


@pytest.fixture
def owen(db):
    return PersonFactory(name="Owen Pritchard", email="owen@example.org")


@pytest.fixture
def asked(programme, lead, owen):
    return apply(programme, by=owen, role="mentee", words="I drive the van.")


def told(letters):
    return sorted((parseaddr(message.to[0])[1], message.subject) for message in letters())


def test_what_it_is_stands_open_to_all_and_asking_begins_with_an_account(programme, client):
    LevelFactory(programme=programme, name="Certification", summary="First years.")
    page = client.get("/join/chartership/").content.decode()

    assert "A year or so." in page
    assert "First years." in page
    assert 'href="/account/join/?next=/join/chartership/ask/"' in page
    assert client.get("/join/chartership/ask/")["Location"] == "/account/sign-in/?next=/join/chartership/ask/"
    assert "Chartership" in client.get("/join/").content.decode()


@pytest.mark.parametrize("url", ["/join/closed/", "/join/closed/ask/", "/join/none/"])
def test_a_programme_that_takes_nobody_answers_like_one_that_does_not_exist(signed_in, owen, url):
    ProgrammeFactory(slug="closed", name="Closed")
    browser = signed_in(owen)

    assert (browser.get(url).status_code, Client().get("/join/closed/").status_code) == (404, 404)
    assert browser.post("/join/closed/ask/", {"role": "mentee"}).status_code == 404
    assert "Closed" not in browser.get("/join/").content.decode()


def test_asking_tells_those_who_may_answer_at_once(programme, lead, owen, signed_in, letters):
    make_coordinator(programme, leads=False)
    make_coordinator(ProgrammeFactory())
    level = LevelFactory(programme=programme)

    answer = signed_in(owen).post(
        "/join/chartership/ask/", {"role": "mentee", "level": level.pk, "words": "I drive the van."}
    )

    application = Application.objects.get()
    assert answer["Location"] == "/join/chartership/"
    assert (application.person, application.role, application.level, application.state) == (
        owen,
        "mentee",
        level,
        State.ASKED,
    )
    assert told(letters) == [("marguerite@example.org", "Owen Pritchard would like to join “Chartership”")]


def test_the_email_brings_the_words_and_a_link_to_the_answer(asked, letters):
    [message] = letters()

    assert "I drive the van." in message.body
    assert f"/admin/programmes/application/{asked.pk}/change/" in message.body


def test_without_anybody_who_may_answer_a_superuser_hears_of_it(programme, owen, letters):
    PersonFactory(is_staff=True, is_superuser=True, email="ines@example.org")

    apply(programme, by=owen, role="mentor")

    assert [to for to, _subject in told(letters)] == ["ines@example.org"]


def test_who_is_approved_takes_part_and_hears_of_it(asked, lead, owen, letters):
    letters()

    approve(asked, by=lead, answer="Welcome aboard.")

    asked.refresh_from_db()
    assert (asked.state, asked.decided_by, owen.enrolments.get().role) == (State.APPROVED, lead, "mentee")
    [message] = letters()
    assert (message.to, message.subject) == (
        ["Owen Pritchard <owen@example.org>"],
        "You are in: welcome to “Chartership”",
    )
    assert "Welcome aboard." in message.body
    assert Act.objects.values_list("verb", "noun", "by").get() == ("approved", "application", lead.pk)


def test_who_is_declined_hears_it_kindly_and_may_ask_again(asked, lead, owen, signed_in, letters):
    letters()

    decline(asked, by=lead, answer="We are full until spring.")

    [message] = letters()
    assert message.subject == "About your wish to join “Chartership”"
    assert "We are full until spring." in message.body
    assert not Enrolment.objects.filter(person=owen).exists()
    page = signed_in(owen).get("/join/chartership/").content.decode()
    assert "We are full until spring." in page
    assert "Ask once more" in page


def test_once_it_is_answered_it_is_new_to_nobody_in_the_team(programme, asked, lead, letters):
    make_coordinator(programme)

    decline(asked, by=lead)

    assert not Notification.objects.unseen().filter(event__kind="programmes.application").exists()
    assert [to for to, _subject in told(letters)] == ["owen@example.org"]


MOVES = {
    "approve": lambda application: approve(application, by=application.programme.enrolments.first().person),
    "decline": lambda application: decline(application, by=application.programme.enrolments.first().person),
    "withdraw": lambda application: withdraw_application(application, by=application.person),
}


@pytest.mark.parametrize("second", MOVES)
@pytest.mark.parametrize("first", MOVES)
def test_what_is_settled_stays_settled(asked, first, second):
    MOVES[first](asked)
    settled = Application.objects.values().get()

    with pytest.raises(MoveRefused, match="This is settled already"):
        MOVES[second](asked)
    assert Application.objects.values().get() == settled


def test_nobody_else_takes_it_back(asked, lead):
    with pytest.raises(MoveRefused, match="Only whoever asked"):
        withdraw_application(asked, by=lead)

    asked.refresh_from_db()
    assert asked.state == State.ASKED


def test_taking_it_back_tells_nobody(asked, owen, signed_in, letters):
    signed_in(owen).post("/join/chartership/withdrawal/")

    asked.refresh_from_db()
    assert asked.state == State.WITHDRAWN
    assert told(letters) == []


def test_nobody_asks_twice_nor_for_what_they_have(programme, asked, owen):
    EnrolmentFactory(programme=programme, person=owen, role="mentor")

    for role, words in (("mentee", "You have asked already"), ("mentor", "You take part already")):
        with pytest.raises(MoveRefused, match=words):
            apply(programme, by=owen, role=role)


@pytest.mark.parametrize("role", ["coordinator", "assessor", "king"])
def test_nobody_asks_to_run_the_programme(programme, owen, signed_in, role):
    answer = signed_in(owen).post("/join/chartership/ask/", {"role": role, "words": "Please."})

    assert answer.status_code == 422
    with pytest.raises(MoveRefused):
        apply(programme, by=owen, role=role)
    assert not Application.objects.exists()


def test_a_level_of_another_programme_is_no_choice(programme, owen, signed_in):
    other = LevelFactory()
    LevelFactory(programme=programme)

    answer = signed_in(owen).post("/join/chartership/ask/", {"role": "mentee", "level": other.pk})

    assert answer.status_code == 422
    with pytest.raises(MoveRefused, match="a level of this programme"):
        apply(programme, by=owen, role="mentee", level=other)


def test_the_team_is_not_flooded(programme, lead, owen):
    now = timezone.now()
    for _ in range(5):
        withdraw_application(apply(programme, by=owen, role="mentee", at=now), by=owen)

    with pytest.raises(MoveRefused, match="many times today"):
        apply(programme, by=owen, role="mentee", at=now)
    assert apply(programme, by=owen, role="mentee", at=now + timedelta(days=1))


def test_the_form_sent_twice_asks_once(programme, lead, owen, signed_in, letters):
    browser, words = signed_in(owen), {"role": "mentor", "words": "I can help.", "once": str(uuid4())}

    answers = [browser.post("/join/chartership/ask/", words)["Location"] for _ in range(2)]

    assert answers == ["/join/chartership/"] * 2
    assert len(letters()) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_answers_at_once_one_counts(asked, lead):
    calls = [lambda: approve(asked, by=lead)] * 5 + [lambda: decline(asked, by=lead)] * 5

    assert all_at_once(calls) == {"MoveRefused": 9, "done": 1}
    assert Act.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_asking_many_times_at_once_asks_once(programme, lead, owen):
    assert all_at_once([lambda: apply(programme, by=owen, role="mentee")] * 4) == {"MoveRefused": 3, "done": 1}
    assert Notification.objects.count() == 1


def test_who_looks_after_nothing_any_more_is_told_nothing(asked, lead, letters):
    Enrolment.objects.filter(person=lead).update(ended_at=timezone.now())

    assert told(letters) == []


def test_who_is_approved_and_begins_need_not_be_told_any_more(asked, lead, owen):
    approve(asked, by=lead)
    told = Notification.objects.unseen().filter(person=owen, event__kind="programmes.answer")
    assert told.count() == 1

    describe_part(owen.enrolments.get(), by=owen, hopes="To finish.")

    assert told.count() == 0
