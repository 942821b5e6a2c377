"""The end: what closes and what stays, reasons that only the team reads, thanks, and not one email afterwards."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.drafts import drafts_of, keep
from mentoring.roles import HELPERS, LEADS
from notifications import delivery
from notifications.models import Notification
from pairings.actions import (
    agree,
    ask_for_completion,
    end_pairing,
    revise_agreement,
    send_message,
    thank,
)
from pairings.models import EndReason, MoveRefused, Pairing, ThankYou
from portfolios import actions
from programmes.models import Enrolment, Wording
from tests.at_once import all_at_once
from tests.factories import EnrolmentFactory, PairingFactory, PersonFactory, make_picture, share

REASON = "She never read zanzibar."


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel("2026-11-24 12:00+00:00", tick=True):
        yield


@pytest.fixture
def pair(pair):
    """Nothing is new to them."""
    actions.mark_read(pair.page, by=pair.mentor, until=timezone.now())
    pair.place = f"/pairings/{pair.pairing.slug}/"
    return pair


def team(pairing, group):
    person = PersonFactory(is_staff=True)
    person.groups.add(Group.objects.get(name=group))
    EnrolmentFactory(programme=pairing.programme, person=person, role=Enrolment.Role.COORDINATOR)
    return person


def browser_of(person):
    browser = Client()
    browser.force_login(person, backend="accounts.backends.EmailBackend")
    return browser


def emails(hours=0):
    mail.outbox.clear()
    with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=True):
        delivery.deliver_due()
    return sorted((message.to[0].split()[0], message.subject) for message in mail.outbox)


def ended(pair, by=None):
    return end_pairing(pair.pairing, by=by or pair.mentee, why="fit", words=REASON)


def test_an_end_closes_the_window_and_keeps_the_reason(pair):
    pairing = ended(pair)

    reason = EndReason.objects.get()
    assert (pairing.state, pairing.reads_until == pairing.ended_at, pairing.ended_by) == ("ended", True, pair.mentee)
    assert (reason.pairing, reason.by, reason.why, reason.words) == (pairing, pair.mentee, "fit", REASON)


def test_the_other_is_told_that_it_ended_and_never_why(pair):
    Wording.objects.create(programme=pair.pairing.programme, kind="ending", words="Thank you both, dear pair.")
    ended(pair)

    assert emails() == [("Ruth", "Your time with Amina as a pairing has ended")]
    whole = mail.outbox[0].message().as_string()
    assert "Thank you both, dear pair." in whole
    assert "zanzibar" not in whole
    assert "fit" not in mail.outbox[0].body


def test_the_reason_stands_on_no_page_of_the_two_and_in_no_log(pair, caplog):
    caplog.set_level(logging.DEBUG)
    browser_of(pair.mentee).post(f"{pair.place}end/", {"why": "other", "words": REASON})
    assert EndReason.objects.get().words == REASON

    for person in (pair.mentee, pair.mentor):
        browser = browser_of(person)
        for page in ("", "end/", "thanks/", "completion/", "agreement/", "messages/"):
            assert "zanzibar" not in browser.get(f"{pair.place}{page}", follow=True).content.decode(), page
        for url in ("/home/", "/new/", "/new/earlier/"):
            assert "zanzibar" not in browser.get(url).content.decode()
    assert "zanzibar" not in caplog.text
    assert "zanzibar" not in f"{EndReason.objects.get()!r}"


def test_leads_read_the_reason_and_helpers_and_other_programmes_do_not(pair):
    ended(pair)
    reason = EndReason.objects.get()
    url = reverse("admin:pairings_endreason_change", args=[reason.pk])
    missing = reverse("admin:pairings_endreason_change", args=[10**6])

    lead, helper = team(pair.pairing, LEADS), team(pair.pairing, HELPERS)
    elsewhere = team(PairingFactory(), LEADS)

    assert "zanzibar" in browser_of(lead).get(url).content.decode()
    assert browser_of(lead).post(url, {"words": "Changed"}).status_code == 403
    assert "zanzibar" not in browser_of(lead).get(reverse("admin:pairings_endreason_changelist")).content.decode()
    assert browser_of(helper).get(url).status_code == 403
    assert browser_of(elsewhere).get(url).status_code == browser_of(elsewhere).get(missing).status_code == 302


def test_a_lead_does_not_read_why_their_own_pairing_ended(pair):
    lead = team(pair.pairing, LEADS)
    Pairing.objects.filter(pk=pair.pairing.pk).update(mentor=lead)
    pair.pairing.refresh_from_db()
    ended(pair)

    assert list(EndReason.objects.administered_by(lead)) == []


def test_the_programme_team_may_end_one_and_nobody_else_of_the_outside(pair):
    lead = team(pair.pairing, LEADS)

    for outsider in (PersonFactory(), team(PairingFactory(), LEADS)):
        with pytest.raises(MoveRefused, match="Only the two"):
            end_pairing(pair.pairing, by=outsider, why="other")
    end_pairing(pair.pairing, by=lead, why="silent")

    assert [to for to, _subject in emails()] == ["Amina", "Ruth"]


@pytest.mark.django_db(transaction=True)
def test_ten_ends_at_once_are_one(pair):
    came = all_at_once([lambda by=by: ended(pair, by) for by in (pair.mentee, pair.mentor) * 5])

    assert came == {"MoveRefused": 9, "done": 1}
    assert EndReason.objects.count() == 1


def everything(pair):
    """What the two have of each other; and addresses that no longer open for the mentor once something is newer."""
    actions.add_comment(pair.page, by=pair.mentor, body="Well said.")
    picture = make_picture(pair.mentee)
    message = send_message(pair.pairing, by=pair.mentee, body="Look.", files=[picture])
    revise_agreement(pair.pairing, by=pair.mentee, answers=[], expected_number=0, agrees=True)
    agree(pair.pairing, by=pair.mentor, number=1)
    return f"{pair.place}messages/{message.number}/files/{picture.uuid}/"


def test_both_go_on_reading_what_they_wrote_and_write_no_more(pair):
    file = everything(pair)
    ended(pair)

    for person in (pair.mentee, pair.mentor):
        browser = browser_of(person)
        for page in ("messages/", "agreement/", "thanks/", "completion/", "pause/", "hand-over/"):
            assert browser.get(f"{pair.place}{page}").status_code == 200, page
        response = browser.get(file)
        assert (response.status_code, len(response.getvalue()) > 0) == (200, True)
        browser.post(f"{pair.place}agreement/tick/", {"number": 1})
        late = browser.post(f"{pair.place}messages/", {"body": "Too late."})
        assert late.status_code == 422
    assert pair.pairing.messages.count() == 1


def test_after_the_end_the_next_request_to_every_old_address_is_denied_as_it_must_be(pair):
    everything(pair)
    browser = browser_of(pair.mentor)
    assert browser.get(pair.url).status_code == 200
    ended(pair)
    share(pair.page, "<p>Nothing of hers.</p>", title="Another title")
    actions.add_comment(pair.page, by=pair.mentee, body="Nor this.")
    pair.page.refresh_from_db()

    urls = {
        "page": pair.url,
        "newer version": f"{pair.url}versions/2/",
        "older version": f"{pair.url}versions/1/",
        "newer changes": f"{pair.url}versions/2/?since=1",
        "comment form": f"{pair.url}comments/",
        "new address": pair.page.get_absolute_url(),
        "editing": f"{pair.url}edit/",
    }
    assert {name: browser.get(url).status_code for name, url in urls.items()} == {
        "page": 200,
        "newer version": 404,
        "older version": 200,
        "newer changes": 404,
        "comment form": 404,
        "new address": 404,
        "editing": 404,
    }
    page = browser.get(pair.url).content.decode()
    assert ("Nothing of hers" in page, "Nor this" in page, "In March I asked" in page) == (False, False, True)
    assert browser.post(f"{pair.url}comments/", {"kind": "idea", "body": "One more."}).status_code == 404


def test_after_the_end_nothing_that_happened_is_emailed_to_the_mentor(pair):
    share(pair.page, "<p>Before the end.</p>")
    revise_agreement(pair.pairing, by=pair.mentee, answers=[], expected_number=0)
    ended(pair)
    share(pair.page, "<p>After the end.</p>")

    assert emails(hours=4) == [("Ruth", "Your time with Amina as a pairing has ended")]
    assert emails(hours=300) == []
    assert not Notification.objects.unseen().filter(person=pair.mentor).exclude(event__kind="pairings.ended").exists()


def test_somebody_who_may_not_sign_in_any_more_reads_nothing_and_gets_no_email(pair):
    everything(pair)
    browser = browser_of(pair.mentor)
    emails(hours=1)
    share(pair.page, "<p>News.</p>")
    send_message(pair.pairing, by=pair.mentee, body="Hello?")
    pair.mentor.is_active = False
    pair.mentor.save()

    for url in (pair.url, f"{pair.place}messages/", f"{pair.place}agreement/", f"{pair.place}certificate/"):
        assert browser.get(url).status_code == 302
    assert emails(hours=6) == []


def test_finishing_begins_and_can_be_taken_back(pair):
    browser = browser_of(pair.mentee)

    browser.post(f"{pair.place}end/", {"finish": 1})
    pair.pairing.refresh_from_db()
    assert pair.pairing.state == "completing"
    browser.post(f"{pair.place}end/", {"go_on": 1})

    pair.pairing.refresh_from_db()
    assert pair.pairing.state == "active"
    assert emails() == []  # it is no longer so


def test_the_page_says_what_closes_and_asks_why(pair):
    browser = browser_of(pair.mentee)
    keep(pair.mentee, f"end-{pair.pairing.pk}", fields={"words": "Half a thought"}, saves=0)

    page = browser.get(f"{pair.place}end/").content.decode()
    assert "Ruth can still read what you shared until now, and nothing newer." in page
    assert "Half a thought" in page
    nothing = browser.post(f"{pair.place}end/", {"words": "x"})
    assert (nothing.status_code, "Choose what comes closest" in nothing.content.decode()) == (422, True)

    done = browser.post(f"{pair.place}end/", {"why": "finished", "words": ""})

    assert done["Location"] == f"{pair.place}thanks/"
    assert drafts_of(pair.mentee, [f"end-{pair.pairing.pk}"]) == {}


def test_each_thanks_once_and_the_other_reads_it_in_full(pair):
    ask_for_completion(pair.pairing, by=pair.mentee)
    emails()
    thank(pair.pairing, by=pair.mentee, words="You asked the right questions.")
    thank(pair.pairing, by=pair.mentor, words="You answered them.")

    assert emails(hours=2) == [("Amina", "A few last words from Ruth"), ("Ruth", "Amina says thank you")]
    assert "You answered them." in next(m.body for m in mail.outbox if "Amina" in m.to[0])
    with pytest.raises(MoveRefused, match="You said this already"):
        thank(pair.pairing, by=pair.mentee, words="And again.")
    assert ThankYou.objects.count() == 2


def test_thanks_before_the_end_survive_it_and_come_after_it_too(pair):
    ask_for_completion(pair.pairing, by=pair.mentee)
    thank(pair.pairing, by=pair.mentee, words="Before the end.")
    ended(pair)
    thank(pair.pairing, by=pair.mentor, words="After the end.")

    assert [words in browser_of(pair.mentor).get(f"{pair.place}thanks/").content.decode()
            for words in ("Before the end.", "After the end.")] == [True, True]  # fmt: skip
    assert ("Ruth", "Amina says thank you") in emails(hours=2)


def test_thanks_wait_for_the_end_and_are_for_the_two(pair):
    with pytest.raises(MoveRefused, match="Thanks come when you finish"):
        thank(pair.pairing, by=pair.mentee, words="Early.")
    ended(pair)
    with pytest.raises(MoveRefused, match="Only the two"):
        thank(pair.pairing, by=PersonFactory(), words="Me, too.")


@pytest.mark.django_db(transaction=True)
def test_twenty_thanks_at_once_are_one(pair):
    ended(pair)

    came = all_at_once([lambda: thank(pair.pairing, by=pair.mentee, words="Thank you.") for _click in range(20)])

    assert came == {"MoveRefused": 19, "done": 1}


@pytest.mark.parametrize("page", ["agreement", "pause", "hand-over", "end", "completion", "thanks", "certificate"])
def test_no_page_is_for_others_of_the_programme_or_its_team(pair, page):
    ended(pair)
    others = (
        PairingFactory(programme=pair.pairing.programme).mentor,
        PairingFactory(programme=pair.pairing.programme).mentee,
        team(pair.pairing, LEADS),
        team(pair.pairing, HELPERS),
        PairingFactory().mentor,
    )

    for person in others:
        browser = browser_of(person)
        answers = [browser.get(f"/pairings/{slug}/{page}/") for slug in (pair.pairing.slug, "nobody-and-nobody")]
        assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("state", ["active", "completing", "ended"])
@pytest.mark.parametrize(
    ("page", "most"),
    [("agreement", 10), ("pause", 8), ("hand-over", 12), ("end", 8), ("completion", 10), ("thanks", 10)],
)
def test_the_pages_ask_little_of_the_database(pair, page, most, state, django_assert_max_num_queries):
    EnrolmentFactory(programme=pair.pairing.programme, person=pair.mentor, role="mentor")
    if state == "completing":
        ask_for_completion(pair.pairing, by=pair.mentor)
    if state == "ended":
        ended(pair)
    for person in (pair.mentee, pair.mentor):
        browser = browser_of(person)
        browser.get(f"{pair.place}{page}/")
        with django_assert_max_num_queries(most):
            browser.get(f"{pair.place}{page}/")
