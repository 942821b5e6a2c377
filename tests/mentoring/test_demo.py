"""The demo: the whole story through the real actions, without an email about the past."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import User
from meetings.models import Action, Meeting, Reminder
from meetings.monday import tell_due_actions
from mentoring.demo import seed, sent_mail
from notifications.models import Email, Notification
from pairings.actions import send_message
from pairings.models import Pairing
from portfolios.models import Page, PageVersion, Portfolio
from programmes.models import Enrolment
from tests import story
from tests.factories import PersonFactory, share


def person(key):
    return User.objects.get(email=f"{key}@{seed.DOMAIN}")


def new_for(key):
    unseen = Notification.objects.unseen().filter(person=person(key))
    return sorted(unseen.values_list("event__kind", flat=True))


@pytest.fixture
def northmere(db):
    story.tell()


def test_the_story_is_whole(northmere):
    roles = Enrolment.objects.values_list("role", flat=True)
    states = list(Pairing.objects.values_list("state", flat=True))

    assert (list(roles).count("mentee"), list(roles).count("mentor")) == (24, 15)
    assert (states.count("active"), states.count("completing"), states.count("ended")) == (14, 4, 1)
    assert Page.objects.filter(portfolio__slug="amina-okafor").count() == 7
    assert Portfolio.objects.count() == 24


def test_the_past_is_new_to_people_but_no_email_is_due(northmere):
    assert new_for("ruth") == ["meetings.plan_shared", "portfolios.commented", "portfolios.page_shared"]
    assert new_for("amina") == ["pairings.message", "portfolios.commented"]
    assert new_for("joel") == []
    assert new_for("priya") == ["portfolios.commented", "portfolios.commented", "portfolios.page_shared"]
    assert not Notification.objects.waiting().exists()
    assert not Email.objects.exists()


def test_two_pairs_met_planned_and_did_what_they_said(northmere):
    theirs = Meeting.objects.filter(pairing__mentee=person("amina"))

    states = list(theirs.order_by("starts_at").values_list("state", flat=True))
    assert states == ["held"] * (len(states) - 1) + ["booked"]
    assert not theirs.filter(state="held", note__agreed_at=None).exists()
    assert not theirs.get(state="booked").plans.exists()
    assert list(Action.objects.open().order_by("words").values_list("words", flat=True)) == [
        "Draft the second page about your service",
        "Read the statement as an assessor would, with a pencil",
        "Repair the ten links that are opened most",
    ]
    assert new_for("daniel") == ["meetings.offered", "pairings.agreement_changed"]


def test_no_reminder_of_the_past_is_due(northmere):
    assert tell_due_actions(datetime(2026, 11, 23, 23, 0, tzinfo=UTC)) == 0
    assert not Reminder.objects.filter(told_at=None, dropped_at=None, due_at__lt=f"{story.STORY_DAY}T00:00Z").exists()


def test_a_mentor_whose_pairing_ended_reads_nothing_newer(northmere):
    beatriz = PageVersion.objects.filter(page__portfolio__slug="beatriz-nunes")

    assert beatriz.count() - beatriz.visible_to(person("ruth")).count() == 1
    assert new_for("ruth") == ["meetings.plan_shared", "portfolios.commented", "portfolios.page_shared"]


def test_the_same_day_tells_the_same_story(northmere):
    told = list(PageVersion.objects.order_by("pk").values_list("page__slug", "number", "shared_at", "words"))

    assert told[0][2].isoformat() < "2026-11-23"
    assert len(told) == 37


def test_a_second_start_leaves_the_story_as_it_is(northmere):
    out = StringIO()

    call_command("demo", stdout=out)

    assert out.getvalue() == "The demo programme is there already.\n"
    assert User.objects.count() == 41


def test_it_never_touches_a_database_with_other_people(db):
    PersonFactory()

    with pytest.raises(CommandError, match="people who are not of the demo"):
        call_command("demo")


def test_it_is_refused_outside_demo_mode(db, settings):
    settings.DEMO = False

    with pytest.raises(CommandError):
        call_command("demo")


def test_one_click_signs_in_and_only_as_people_of_the_demo(northmere, client):
    assert client.post(reverse("demo_sign_in"), {"key": "ruth"}).url == reverse("home")
    assert client.get(reverse("home")).context["user"] == person("ruth")
    assert client.post(reverse("demo_sign_in"), {"key": "nobody"}).status_code == 404


def test_the_outbox_shows_what_waits_sends_it_now_and_shows_what_was_sent(northmere, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    page = Page.objects.get(portfolio__slug="amina-okafor", slug="usage-review")
    share(page, "<p>Quite other words about the usage review.</p>")

    waiting = client.get(reverse("demo_outbox")).content.decode()
    client.post(reverse("demo_send_now"))
    listed = client.get(reverse("demo_outbox"))
    [sent] = listed.context["sent"]
    shown = client.get(reverse("demo_message", args=[sent.name])).content.decode()
    framed = client.get(reverse("demo_message_body", args=[sent.name]))

    assert "For Ruth Lindqvist, due" in waiting
    assert sent.subject == "Amina updated “Usage review”"
    assert "ruth@demo.example" in shown
    assert "List-Unsubscribe-Post" in shown
    assert "Quite other words" in framed.content.decode()
    assert "script-src 'none'" in framed["Content-Security-Policy"]
    assert client.get(reverse("demo_message", args=["..%2Fsecret.0"])).status_code == 404


def test_an_email_in_the_outbox_can_be_answered(northmere, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.INBOUND_ADDRESS = "reply+{key}@demo.example"
    pairing = Pairing.objects.live().get(mentee__email="amina@demo.example")
    send_message(pairing, by=pairing.mentee, body="Can we talk on Thursday?")
    client.post(reverse("demo_send_now"))
    [sent] = [each for each in sent_mail.sent() if "Can we talk" in each.subject]

    assert "Send the reply" in client.get(reverse("demo_message", args=[sent.name])).content.decode()
    client.post(reverse("demo_reply", args=[sent.name]), {"words": "Yes, at six."})

    answer = pairing.messages.last()
    assert (answer.author, answer.body) == (person("ruth"), "Yes, at six.")
