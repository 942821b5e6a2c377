"""“Worried about something? Tell the programme team”: who is told, who never is, and that it is looked after."""

import logging
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.drafts import drafts_of, keep
from accounts.models import User
from mentoring.roles import HELPERS, LEADS
from notifications import delivery
from notifications.models import Notification
from pairings.actions import handle_concern, move_pairing, raise_concern
from pairings.models import Concern, ConcernEvent, MoveRefused, readers_of_concerns
from pairings.notices import CONCERN
from programmes.models import Enrolment
from tests.factories import EnrolmentFactory, PairingFactory, PersonFactory

REASON = "He shouted at me.\nTwice."


def team(programme, name, group=LEADS, **fields):
    person = PersonFactory(name=name, email=f"{name.lower()}@example.org", is_staff=True, **fields)
    person.groups.add(Group.objects.get(name=group))
    EnrolmentFactory(programme=programme, person=person, role=Enrolment.Role.COORDINATOR)
    return person


@pytest.fixture
def world(pair):
    """The pair, their lead Marguerite, the helper Sunil, a superuser, and a lead of another programme."""
    pair.programme = pair.pairing.programme
    pair.lead = team(pair.programme, "Marguerite")
    pair.helper = team(pair.programme, "Sunil", group=HELPERS)
    pair.superuser = PersonFactory(name="Ines", is_staff=True, is_superuser=True)
    pair.elsewhere = team(EnrolmentFactory().programme, "Odette")
    pair.place = f"/pairings/{pair.pairing.slug}/concern/"
    return pair


def told():
    found = Notification.objects.filter(event__kind="pairings.concern").order_by("person__name")
    return [each.person for each in found.select_related("person")]


def delivered():
    mail.outbox.clear()
    delivery.deliver_due()
    return [message for message in mail.outbox if "worried" in message.subject]


def test_whoever_leads_the_programme_is_told_at_once_with_the_reason(world):
    concern = raise_concern(world.pairing, by=world.mentee, reason=REASON)

    [message] = delivered()

    assert message.to == ["Marguerite <marguerite@example.org>"]
    assert message.subject == "Amina is worried about something in “Amina and Ruth”"
    assert "He shouted at me.\nTwice." in message.body
    assert "<p>He shouted at me.<br>Twice.</p>" in message.alternatives[0].content
    assert f"/admin/pairings/concern/{concern.pk}/change/" in message.body
    assert "amina@example.org" in message.body
    assert "List-Unsubscribe" not in message.extra_headers


def test_neither_helpers_nor_the_other_of_the_two_nor_anybody_elsewhere_is_told(world):
    raise_concern(world.pairing, by=world.mentee, reason=REASON)

    assert told() == [world.lead]


def test_a_coordinator_who_is_one_of_the_two_is_not_told_of_it(world):
    world.mentor.is_staff = True
    world.mentor.save()
    world.mentor.groups.add(Group.objects.get(name=LEADS))
    EnrolmentFactory(programme=world.programme, person=world.mentor, role=Enrolment.Role.COORDINATOR)

    concern = raise_concern(world.pairing, by=world.mentee, reason=REASON)

    assert told() == [world.lead]
    assert not Concern.objects.visible_to(world.mentor).exists()
    assert CONCERN.may_tell(world.mentor, [concern.pk], None) == []


@pytest.mark.parametrize("gone", ["ended", "suspended", "without the right"])
def test_without_a_coordinator_whoever_runs_the_house_is_told(world, gone):
    if gone == "ended":
        world.lead.enrolments.update(ended_at=timezone.now())
    elif gone == "suspended":
        world.lead.is_active = False
        world.lead.save()
    else:
        world.lead.groups.clear()

    raise_concern(world.pairing, by=world.mentor, reason=REASON)

    assert told() == [world.superuser]


def test_when_nobody_could_read_it_the_words_are_not_taken(world, signed_in):
    world.lead.enrolments.all().delete()
    world.superuser.is_active = False
    world.superuser.save()

    response = signed_in(world.mentee).post(world.place, {"reason": REASON})

    assert readers_of_concerns(world.pairing, by=world.mentee) == []
    assert response.status_code == 422
    assert "Please write to your programme." in response.content.decode()
    assert REASON in response.content.decode().replace("\r", "")
    assert not Concern.objects.exists()


def test_only_the_two_may_raise_one(world):
    with pytest.raises(MoveRefused):
        raise_concern(world.pairing, by=world.lead, reason=REASON)


def test_the_page_says_who_reads_it_and_thanks_afterwards(world, signed_in):
    browser = signed_in(world.mentee)
    page = browser.get(world.place).content.decode()

    response = browser.post(world.place, {"reason": REASON}, follow=True)

    assert "<strong>Marguerite</strong>." in page
    assert "Sunil" not in page
    assert "Ruth is not told." in page
    assert response.redirect_chain == [(f"/pairings/{world.pairing.slug}/messages/", 302)]
    assert "Thank you for telling us." in response.content.decode()
    assert Concern.objects.get().by == world.mentee
    assert Concern.objects.get().reason == REASON


def test_it_can_be_said_after_the_end(world, signed_in):
    move_pairing(world.pairing, "ended", by=world.lead)

    assert signed_in(world.mentee).post(world.place, {"reason": REASON}).status_code == 302
    assert told() == [world.lead]


def test_the_link_stands_on_every_thread(world, signed_in):
    thread = f"/pairings/{world.pairing.slug}/messages/"
    assert f'href="{world.place}"' in signed_in(world.mentor).get(thread).content.decode()

    move_pairing(world.pairing, "ended", by=world.lead)

    assert f'href="{world.place}"' in signed_in(world.mentee).get(thread).content.decode()


@pytest.mark.parametrize(
    ("reason", "problem"),
    [("", "Write what worries you."), ("a" * 20_001, "This has 20001 characters; the limit is 20000. Make two of it.")],
)
def test_what_cannot_be_sent_comes_back(world, signed_in, reason, problem):
    response = signed_in(world.mentee).post(world.place, {"reason": reason})

    assert response.status_code == 422
    assert response.context["form"].errors == {"reason": [problem]}


def test_half_of_it_is_kept_and_a_second_click_says_nothing_twice(world, signed_in):
    key = f"concern-{world.pairing.pk}"
    keep(world.mentee, key, fields={"reason": "He"}, saves=0)
    browser, words = signed_in(world.mentee), {"reason": REASON, "once": str(uuid4())}

    page = browser.get(world.place).content.decode()
    for _click in range(3):
        browser.post(world.place, words)

    assert "He</textarea>" in page
    assert Concern.objects.count() == 1
    assert drafts_of(world.mentee, [key]) == {}


def test_the_team_is_not_flooded(world):
    for number in range(10):
        raise_concern(world.pairing, by=world.mentee, reason=f"Number {number}.")

    with pytest.raises(MoveRefused, match="many times today"):
        raise_concern(world.pairing, by=world.mentee, reason="Number 10.")

    raise_concern(world.pairing, by=world.mentor, reason="Number 1.")
    raise_concern(world.pairing, by=world.mentee, reason="Number 11.", at=timezone.now() + timedelta(days=2))


def test_the_log_says_that_and_not_what(world, caplog):
    with caplog.at_level(logging.WARNING):
        concern = raise_concern(world.pairing, by=world.mentee, reason=REASON)

    assert f"Concern {concern.pk} was raised about pairing {world.pairing.pk}" in caplog.text
    assert "shouted" not in caplog.text
    assert "shouted" not in str(concern)


def test_the_lead_reads_it_and_looks_after_it(world, signed_in):
    concern = raise_concern(world.pairing, by=world.mentee, reason=REASON)
    browser = signed_in(world.lead)

    listed = browser.get("/admin/pairings/concern/?handled_at__isnull=True").content.decode()
    page = browser.get(f"/admin/pairings/concern/{concern.pk}/change/").content.decode()
    browser.post(f"/admin/pairings/concern/{concern.pk}/change/", {"looked_after": "on", "reason": "Nothing."})

    assert "Amina and Ruth" in listed
    assert "shouted" not in listed
    assert "He shouted at me." in page
    concern.refresh_from_db()
    assert (concern.handled_by, concern.reason) == (world.lead, REASON)
    assert concern.handled_at is not None
    assert "looked_after" not in browser.get(f"/admin/pairings/concern/{concern.pk}/change/").content.decode()


def test_saving_without_the_tick_changes_nothing(world, signed_in):
    concern = raise_concern(world.pairing, by=world.mentee, reason=REASON)

    signed_in(world.lead).post(f"/admin/pairings/concern/{concern.pk}/change/", {"handled_at": "2026-01-01"})

    concern.refresh_from_db()
    assert concern.handled_at is None


def test_each_opening_and_what_was_done_about_it_is_followed(world, signed_in, caplog):
    concern = raise_concern(world.pairing, by=world.mentee, reason=REASON)
    browser = signed_in(world.lead)

    with caplog.at_level(logging.INFO):
        browser.get(f"/admin/pairings/concern/{concern.pk}/change/")
    browser.post(f"/admin/pairings/concern/{concern.pk}/change/", {"looked_after": "on"})

    assert f"Concern {concern.pk} was opened by person {world.lead.pk}" in caplog.text
    events = ConcernEvent.objects.filter(pgh_obj=concern).order_by("pgh_id")
    assert list(events.values_list("pgh_label", "handled_by")) == [("insert", None), ("update", world.lead.pk)]


@pytest.mark.parametrize("who", ["helper", "elsewhere", "mentor", "mentee"])
def test_nobody_else_opens_it_in_the_admin(world, signed_in, who):
    concern = raise_concern(world.pairing, by=world.mentee, reason=REASON)
    person = getattr(world, who)
    browser = signed_in(person)

    responses = [
        browser.get(f"/admin/pairings/concern/{place}", follow=True) for place in ("", f"{concern.pk}/change/")
    ]

    assert not any("shouted" in response.content.decode() for response in responses)
    assert not Concern.objects.visible_to(person).exists()


def test_a_superuser_who_is_one_of_the_two_does_not_see_it(world, signed_in):
    world.mentor.is_staff = world.mentor.is_superuser = True
    world.mentor.save()
    concern = raise_concern(world.pairing, by=world.mentee, reason=REASON)

    page = signed_in(world.mentor).get(f"/admin/pairings/concern/{concern.pk}/change/", follow=True)

    assert "shouted" not in page.content.decode()


def test_a_superuser_reads_it_only_where_nobody_leads_the_programme(world, signed_in):
    concern = raise_concern(world.pairing, by=world.mentee, reason=REASON)
    browser, url = signed_in(world.superuser), f"/admin/pairings/concern/{concern.pk}/change/"

    while_led = browser.get(url, follow=True).content.decode()
    listed = browser.get("/admin/pairings/concern/").content.decode()
    told = CONCERN.may_tell(world.superuser, [concern.pk], None)
    world.lead.enrolments.update(ended_at=timezone.now())

    assert "shouted" not in while_led
    assert "0 concerns" in listed
    assert told == []
    assert "shouted" in browser.get(url).content.decode()
    assert CONCERN.may_tell(world.superuser, [concern.pk], None) == [concern]
    page = browser.get("/admin/pairings/concern/").content.decode()
    assert "1 concern" in page


def test_whoever_the_page_names_are_those_who_may_read_it(world, signed_in):
    """Also once the only lead is somebody whom the person works with, in whatever programme."""
    PairingFactory(mentee=world.mentee, mentor=world.lead)

    page = signed_in(world.mentee).get(world.place).content.decode()
    concern = raise_concern(world.pairing, by=world.mentee, reason=REASON)

    assert "<strong>Ines</strong>." in page
    assert "Marguerite" not in page.split("concern-facts")[1].split("</ul>")[0]
    assert told() == [world.superuser]
    readers = [person for person in User.objects.all() if Concern.objects.visible_to(person).filter(pk=concern.pk)]
    assert readers == [world.superuser]


@pytest.mark.parametrize("role", ["mentor", "mentee"])
@pytest.mark.parametrize("ended", [False, True])
def test_a_lead_who_comes_to_work_with_somebody_no_longer_reads_their_worries(world, signed_in, role, ended):
    other = {"mentor": "mentee", "mentee": "mentor"}[role]
    concern = raise_concern(world.pairing, by=world.mentee, reason=REASON)
    theirs = raise_concern(world.pairing, by=world.mentor, reason="She is late.")

    pairing = PairingFactory(**{role: world.lead, other: world.mentee})
    if ended:
        move_pairing(pairing, "ended", by=world.superuser)

    assert list(Concern.objects.visible_to(world.lead)) == [theirs]
    assert CONCERN.may_tell(world.lead, [concern.pk, theirs.pk], None) == [theirs]
    browser = signed_in(world.lead)
    listed = browser.get("/admin/pairings/concern/").content.decode()
    opened = browser.get(f"/admin/pairings/concern/{concern.pk}/change/", follow=True).content.decode()
    assert "1 concern" in listed
    assert "shouted" not in opened
    assert Concern.objects.visible_to(world.superuser).get() == concern


def test_what_was_looked_after_is_new_to_none_of_the_team(world):
    team(world.programme, "Bronwen")
    concern = raise_concern(world.pairing, by=world.mentee, reason=REASON)

    handle_concern(concern, by=world.lead)
    again = handle_concern(concern, by=world.superuser)

    assert [person.name for person in told()] == ["Bronwen", "Marguerite"]
    assert again.handled_by == world.lead
    assert not Notification.objects.unseen().filter(event__kind="pairings.concern").exists()
    assert delivered() == []


def test_whoever_may_no_longer_read_it_gets_no_email(world):
    raise_concern(world.pairing, by=world.mentee, reason=REASON)
    world.lead.enrolments.update(ended_at=timezone.now())

    assert delivered() == []


def test_a_concern_is_looked_after_by_somebody_and_never_deleted(world):
    concern = raise_concern(world.pairing, by=world.mentee, reason=REASON)

    with pytest.raises(IntegrityError), transaction.atomic():
        Concern.objects.update(handled_at=timezone.now())
    for thing in (world.mentee, world.pairing):
        with pytest.raises(ProtectedError):
            thing.delete()
    assert str(concern) == f"concern {concern.pk} about pairing {world.pairing.pk}"


def test_it_is_new_to_the_lead_everywhere_and_breaks_no_page(world, signed_in):
    raise_concern(world.pairing, by=world.mentee, reason=REASON)
    browser = signed_in(world.lead)

    for url in ("/home/", "/new/"):
        response = browser.get(url)
        assert response.status_code == 200
        assert response.context["new_count"] == 1
    assert "Amina is worried about something" in response.content.decode()
