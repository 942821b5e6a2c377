"""The agreement's page: suggestions, what the other changed, ticks, a clash of two edits."""

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from notifications.models import Notification
from pairings.actions import (
    agree,
    move_pairing,
    revise_agreement,
)
from pairings.models import Agreement
from portfolios.actions import mark_read
from programmes.models import AgreementQuestion
from tests.factories import PairingFactory, PersonFactory
from tests.pairings.agreeing import answers, ask_the_usual

NOON = "2026-11-24 12:00+00:00"


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def pair(pair):
    pair.pairing.state = "agreeing"
    pair.pairing.save()
    ask_the_usual(pair.pairing.programme)
    mark_read(pair.page, by=pair.mentor, until=timezone.now())
    pair.url = f"/pairings/{pair.pairing.slug}/agreement/"
    return pair


def state(pair):
    pair.pairing.refresh_from_db()
    return pair.pairing.state, pair.pairing.rhythm_weeks, pair.pairing.chasing


def form_words(pair, number, **said):
    words = {"number": number}
    for each in answers(pair, **said):
        words[f"q{each['question']}"] = each["answer"]
    return words


def test_the_page_offers_the_suggestions_and_takes_them(pair, signed_in):
    browser = signed_in(pair.mentee)

    page = browser.get(pair.url).content.decode()
    assert "Everything, unless someone is at risk" in page
    assert "Save and agree" in page

    browser.post(pair.url, form_words(pair, 0, how="monthly"))

    agreed = Agreement.objects.get()
    assert (agreed.by, agreed.mentee_agreed_at is None, agreed.answers) == (
        pair.mentee,
        False,
        answers(pair, how="monthly"),
    )


def test_the_page_shows_the_other_what_changed_and_takes_the_tick(pair, signed_in):
    revise_agreement(pair.pairing, by=pair.mentee, answers=answers(pair), expected_number=0, agrees=True)
    agree(pair.pairing, by=pair.mentor, number=1)
    revise_agreement(pair.pairing, by=pair.mentee, answers=answers(pair, how="monthly"), expected_number=1, agrees=True)
    browser = signed_in(pair.mentor)

    page = browser.get(pair.url).content.decode()
    assert "removed: </span>every 6–8 weeks</del>" in page
    assert "added: </span>monthly</ins>" in page
    assert "Amina agreed on 24 November 2026" in page
    assert "Ruth: waiting" in page

    browser.post(f"{pair.url}tick/", {"number": 1})
    assert Agreement.objects.get(number=2).mentor_agreed_at is None
    browser.post(f"{pair.url}tick/", {"number": 2})
    assert Agreement.objects.get(number=2).is_agreed


def test_a_form_from_before_the_others_change_comes_back_with_both(pair, signed_in):
    browser = signed_in(pair.mentor)
    revise_agreement(pair.pairing, by=pair.mentee, answers=answers(pair, what="Hers"), expected_number=0, agrees=True)
    mine = form_words(pair, 0, what="Mine")

    clash = browser.post(pair.url, mine)

    page = clash.content.decode()
    assert clash.status_code == 422
    assert "Amina changed this at 12:00." in page
    assert "Hers" in page
    assert ">Mine</textarea>" in page.replace("\n", "")
    assert Agreement.objects.count() == 1

    # To save once more is a decision.
    assert browser.post(pair.url, mine | {"number": 1}).status_code == 302
    assert Agreement.objects.last().answers == answers(pair, what="Mine")


def test_a_form_about_an_agreement_that_never_was_comes_back_with_its_words(pair, signed_in):
    browser = signed_in(pair.mentor)

    answer = browser.post(pair.url, form_words(pair, 3))

    assert (answer.status_code, pair.pairing.agreements.count()) == (422, 0)
    assert 'name="number" value="0"' in answer.content.decode()


def test_a_choice_that_is_left_out_is_asked_for_kindly(pair, signed_in):
    words = form_words(pair, 0)
    words.pop(f"q{AgreementQuestion.objects.get(drives='rhythm').pk}")

    page = signed_in(pair.mentee).post(pair.url, words)

    assert page.status_code == 422
    assert "Choose how often you’d like to meet; you can change it later." in page.content.decode()


def test_the_page_of_others_is_not_found_and_an_ended_one_is_to_read(pair, client):
    revise_agreement(pair.pairing, by=pair.mentee, answers=answers(pair), expected_number=0, agrees=True)
    move_pairing(pair.pairing, "ended", by=pair.mentee)

    def look(person):
        browser = Client()
        browser.force_login(person, backend="accounts.backends.EmailBackend")
        return browser.get(pair.url), browser.post(pair.url, form_words(pair, 1, what="Late"))

    for person in (PersonFactory(), PairingFactory(programme=pair.pairing.programme).mentor):
        assert [answer.status_code for answer in look(person)] == [404, 404]
    shown, posted = look(pair.mentor)

    assert (shown.status_code, posted.status_code) == (200, 200)
    assert "Change something" not in shown.content.decode()
    assert Agreement.objects.count() == 1


def test_what_was_shown_is_no_longer_new_once_it_was_read(pair, signed_in):
    revise_agreement(pair.pairing, by=pair.mentee, answers=answers(pair), expected_number=0, agrees=True)
    browser = signed_in(pair.mentor)
    unseen = Notification.objects.unseen().filter(person=pair.mentor)
    until = unseen.get().event.at

    assert "data-reading" in browser.get(pair.url).content.decode()
    assert unseen.count() == 1
    browser.post(f"/pairings/{pair.pairing.slug}/looked-at/", {"page": "agreement", "until": until.isoformat()})

    assert unseen.count() == 0
    assert "data-reading" not in browser.get(pair.url).content.decode()
