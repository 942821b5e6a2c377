"""An invitation: one email, one link, one place; for whoever reads mail at that address."""

from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.test import Client
from django.utils import timezone

from accounts.models import User
from notifications.models import Email
from programmes.actions import accept_invitation, invite, nudge_invitations, withdraw_invitation
from programmes.links import digest_of, secret_of
from programmes.models import Act, Enrolment, Invitation, Wording
from programmes.refusal import MoveRefused
from tests.at_once import all_at_once
from tests.factories import EnrolmentFactory, LevelFactory, PersonFactory, ProgrammeFactory
from tests.programmes.conftest import link_in

NEW = {"name": "Nora New", "password1": "three-plain-words"}
WEEK = timedelta(days=7)


@pytest.fixture
def lead(db):
    return PersonFactory(name="Marguerite Fell")


@pytest.fixture
def programme(db):
    return ProgrammeFactory(name="Chartership", summary="A year or so.")


@pytest.fixture
def nora(programme, lead):
    """An invitation of somebody who has no account."""
    level = LevelFactory(programme=programme, name="Certification")
    return invite(programme, email="Nora@Example.org", by=lead, role="mentee", level=level, name="Nora New")


def page_of(invitation):
    return f"/invitations/{secret_of(invitation)}/"


def parts(person):
    return list(person.enrolments.values_list("programme__name", "role", "level__name"))


def test_the_email_says_who_invites_to_what_and_its_link_opens_the_page(nora, client, letters):
    [message] = letters()

    assert (message.to, message.subject) == (
        ["nora@example.org"],
        "Marguerite has invited you to the Chartership mentoring programme",
    )
    assert link_in(message) == page_of(nora)
    assert "A year or so." in message.body
    assert "You would be a mentee and work towards Certification." in message.body
    assert client.get(link_in(message)).context["invitation"] == nora


def test_the_programmes_own_words_stand_in_the_email(programme, lead, letters):
    Wording.objects.create(programme=programme, kind="invitation", words="Come & see <us>.")

    invite(programme, email="nora@example.org", by=lead, role="mentor")

    [message] = letters()
    assert "Come & see <us>." in message.body
    assert "Come &amp; see &lt;us&gt;." in message.alternatives[0].content


def test_neither_the_row_nor_the_email_that_was_sent_holds_the_secret(nora, letters):
    letters()

    assert nora.digest == digest_of(secret_of(nora))
    assert secret_of(nora) not in str(Invitation.objects.values().get())
    assert Email.objects.get().letter is None
    assert len(secret_of(nora)) == 43


def test_somebody_new_joins_with_one_form_and_is_signed_in(nora, client, letters):
    answer = client.post(page_of(nora), NEW | {"email": "other@example.org"})

    person = User.objects.get(name="Nora New")
    assert (answer.status_code, answer["Location"]) == (302, "/welcome/")
    assert (person.email, get_user(client)) == ("nora@example.org", person)
    assert EmailAddress.objects.values_list("email", "verified", "primary").get(user=person) == (
        "nora@example.org",
        True,
        True,
    )
    assert parts(person) == [("Chartership", "mentee", "Certification")]
    nora.refresh_from_db()
    assert (nora.used_by, Act.objects.first().verb) == (person, "joined")
    assert [message.to for message in letters()] == [["nora@example.org"]]  # the invitation; nothing to confirm


def test_what_is_amiss_in_the_form_is_said_and_nobody_is_made(nora, client):
    answer = client.post(page_of(nora), NEW | {"name": ""})

    assert answer.status_code == 422
    assert "Tell us your name" in answer.content.decode()
    assert not User.objects.filter(email="nora@example.org").exists()


def test_whoever_has_an_account_signs_in_and_joins_with_one_button(nora, client, signed_in):
    person = PersonFactory(email="nora@example.org", name="Nora New")

    asked = client.get(page_of(nora)).content.decode()
    assert f"/account/sign-in/?next={page_of(nora)}" in asked
    assert client.post(page_of(nora), NEW).status_code == 200
    answer = signed_in(person).post(page_of(nora))

    assert answer.status_code == 302
    assert parts(person) == [("Chartership", "mentee", "Certification")]


def test_who_is_signed_in_with_another_address_is_asked_first(nora, signed_in):
    ruth = PersonFactory(name="Ruth Lindqvist", email="ruth@example.org")
    browser = signed_in(ruth)

    asked = browser.get(page_of(nora)).content.decode()

    assert "The invitation went to nora@example.org. You are signed in as Ruth Lindqvist" in asked
    assert parts(ruth) == []
    browser.post(page_of(nora))
    assert parts(ruth) == [("Chartership", "mentee", "Certification")]


def test_looking_changes_nothing(nora, client, signed_in):
    for browser in (client, signed_in(PersonFactory())):
        for _ in range(3):
            assert browser.get(page_of(nora)).status_code == 200
            assert browser.head(page_of(nora)).status_code == 200

    nora.refresh_from_db()
    assert (nora.used_at, nora.nudged_at, Enrolment.objects.count()) == (None, None, 0)


def use(invitation):
    accept_invitation(secret_of(invitation), by=PersonFactory())


def outlive(invitation):
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())


def withdraw(invitation):
    withdraw_invitation(invitation, by=invitation.invited_by)


@pytest.mark.parametrize("end", [use, outlive, withdraw, lambda invitation: invitation.delete()])
def test_a_link_that_is_used_too_old_or_withdrawn_answers_like_one_that_never_was(nora, end):
    secret, member = secret_of(nora), PersonFactory()
    end(nora)

    told = []
    for place in (secret, "never-was"):
        stranger, browser = Client(), Client()
        browser.force_login(member, backend="accounts.backends.EmailBackend")
        for answer in (stranger.get(f"/invitations/{place}/"), stranger.post(f"/invitations/{place}/", NEW)):
            told.append((place, answer.status_code, "This invitation no longer works" in answer.content.decode()))
        for answer in (browser.get(f"/invitations/{place}/"), browser.post(f"/invitations/{place}/")):
            told.append((place, answer.status_code, "This invitation no longer works" in answer.content.decode()))

    assert told == [(secret, 404, True)] * 4 + [("never-was", 404, True)] * 4
    assert parts(member) == []
    assert not User.objects.filter(email="nora@example.org").exists()
    with pytest.raises(MoveRefused, match="This invitation no longer works"):
        accept_invitation(secret, by=member)


def test_the_same_button_pressed_twice_leads_to_the_same_place(nora, signed_in):
    browser, token = signed_in(PersonFactory()), str(uuid4())

    answers = [browser.post(page_of(nora), {"once": token}) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == ["/welcome/", "/welcome/"]


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_post_at_once_one_joins(nora):
    people = [PersonFactory() for _ in range(20)]
    url, statuses = page_of(nora), []

    def press(person):
        browser = Client()
        browser.force_login(person, backend="accounts.backends.EmailBackend")
        statuses.append(browser.post(url).status_code)

    assert all_at_once([lambda person=person: press(person) for person in people]) == {"done": 20}
    assert sorted(statuses) == [302] + [404] * 19
    assert Enrolment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_form_of_somebody_new_that_comes_many_times_at_once_makes_one_person(nora):
    url, statuses = page_of(nora), []

    def send():
        statuses.append(Client().post(url, NEW).status_code)

    assert all_at_once([send] * 8) == {"done": 8}
    assert User.objects.filter(email="nora@example.org").count() == 1
    assert Enrolment.objects.count() == 1
    assert set(statuses) <= {200, 302, 404}


def test_nobody_is_invited_twice_to_one_part(nora, programme, lead):
    with pytest.raises(MoveRefused, match=r"nora@example.org is invited already"):
        invite(programme, email="NORA@example.org", by=lead, role="mentee")

    assert invite(programme, email="nora@example.org", by=lead, role="mentor").role == "mentor"


def test_who_takes_part_is_not_invited_again(programme, lead):
    part = EnrolmentFactory(programme=programme)

    with pytest.raises(MoveRefused, match="takes part already"):
        invite(programme, email=part.person.email.upper(), by=lead, role="mentee")


def test_after_one_that_is_too_old_comes_a_new_one_with_another_link(nora, programme, lead):
    first = secret_of(nora)
    outlive(nora)

    again = invite(programme, email="nora@example.org", by=lead, role="mentee")

    assert secret_of(again) != first
    with pytest.raises(MoveRefused):
        accept_invitation(first, by=PersonFactory())


def test_what_is_used_is_not_withdrawn(nora, lead):
    use(nora)

    with pytest.raises(MoveRefused, match="They have joined already"):
        withdraw_invitation(nora, by=lead)


def test_after_a_week_one_reminder_comes_with_the_same_link(nora, letters):
    letters()

    assert nudge_invitations(nora.created_at + WEEK - timedelta(minutes=1)) == 0
    assert nudge_invitations(nora.created_at + WEEK) == 1
    assert nudge_invitations(nora.created_at + 2 * WEEK) == 0

    [message] = letters()
    assert message.subject == "Your place in the Chartership mentoring programme is still free"
    assert link_in(message) == page_of(nora)


@pytest.mark.parametrize("end", [use, outlive, withdraw])
def test_nobody_is_reminded_of_what_is_over(nora, end):
    end(nora)

    assert nudge_invitations(nora.created_at + WEEK) == 0


@pytest.mark.parametrize(("has_come", "reminded"), [(True, 0), (False, 1)])
def test_who_takes_part_is_reminded_only_when_they_never_came(nora, programme, has_come, reminded):
    """A list enrols those whom it invites, before they ever signed in."""
    person = PersonFactory(email="nora@example.org", last_login=timezone.now() if has_come else None)
    EnrolmentFactory(programme=programme, person=person, role="mentee")

    assert nudge_invitations(nora.created_at + WEEK) == reminded


def test_a_link_works_after_the_secret_key_was_replaced_and_so_does_the_reminders(nora, settings, letters):
    first = secret_of(nora)
    settings.SECRET_KEY = "another"
    letters()

    assert Client().get(f"/invitations/{first}/").status_code == 200
    nudge_invitations(nora.created_at + WEEK)
    [message] = letters()
    assert Client().get(link_in(message)).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_beats_each_reminds_others(programme, lead):
    for number in range(6):
        invite(programme, email=f"new{number}@example.org", by=lead, role="mentee")
    before, later = Email.objects.count(), timezone.now() + WEEK

    assert all_at_once([lambda: nudge_invitations(later)] * 4) == {"done": 4}
    assert Email.objects.count() - before == 6


def test_names_that_hold_markup_or_line_breaks_stay_inert(programme, lead, letters):
    lead.name = lead.known_as = "Eve\r\nBcc: all@example.org <b>"
    programme.name = "<script>x</script>"
    for thing in (lead, programme):
        thing.save()

    invite(programme, email="nora@example.org", by=lead, role="mentee", name="<i>Nora</i>")

    [message] = letters()
    assert message.to == ["nora@example.org"]
    assert "\n" not in message.subject
    assert "<script>" not in message.alternatives[0].content
    assert "<i>Nora" not in message.alternatives[0].content
