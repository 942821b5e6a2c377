"""Asking, and the page of a request, as people see them; without a script."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Draft
from notifications.models import Notification
from pairings.actions import answer_request, ask, begin_pairing, say_yes, suggest_talk
from pairings.models import MentorRequest, Pairing
from tests.factories import PersonFactory
from tests.pairings.asking import WORDS, make_mentee, make_mentor

pytestmark = pytest.mark.django_db
ASK = "/mentors/ruth-lindqvist/ask/"


@pytest.fixture
def hana():
    return make_mentee()


@pytest.fixture
def ruth(hana):
    return make_mentor(hana.programme, job_title="Consultant", offer={"how_i_work": "I’ll challenge you kindly."})


@pytest.fixture
def hers(hana, signed_in):
    """Hana's browser."""
    return signed_in(hana.person)


@pytest.fixture
def request_to_ruth(hana, ruth):
    return ask(ruth, by=hana.person, **WORDS)


def page(browser, url, **options):
    response = browser.get(url, **options)
    assert response.status_code == 200, url
    return " ".join(response.content.decode().split())


def test_asking(hers, ruth):
    response = hers.post(ASK, WORDS | {"once": str(uuid4())})

    assert response["Location"] == "/requests/hana-sato/"
    words = page(hers, "/requests/hana-sato/")
    assert "You ran a small library." in words
    assert "Take it back" in words
    assert ruth.enrolment.person.email not in words


def test_one_form_sent_twice_is_one_request(hers, ruth):
    form = WORDS | {"once": str(uuid4())}

    assert [hers.post(ASK, form)["Location"] for _click in range(2)] == ["/requests/hana-sato/"] * 2
    assert MentorRequest.objects.count() == 1


def test_too_many_words_are_counted_and_kept(hers, ruth):
    response = hers.post(ASK, WORDS | {"hopes": "word " * 305})

    assert response.status_code == 422
    words = " ".join(response.content.decode().split())
    assert "This is 13 words over 300 in all three boxes. Take a little out." in words
    assert "word word word" in words


def test_empty_boxes_say_what_to_write(hers, ruth):
    words = hers.post(ASK, {}).content.decode()

    assert "Say in a line why you ask them." in words
    assert "Say in a line what you hope for." in words


def test_a_draft_is_kept_for_whomever_one_asks(hers, hana, ruth):
    make_mentor(hana.programme, "Gwen Prosser")
    hers.post(f"/drafts/ask-{hana.programme.pk}/", {"why_you": "Half a thought.", "draft_saves": 0})

    assert "Half a thought." in page(hers, ASK)
    assert "Half a thought." in page(hers, "/mentors/gwen-prosser/ask/")


def test_the_last_place_taken_meanwhile_loses_no_words(hers, hana, ruth):
    gwen = make_mentor(hana.programme, "Gwen Prosser")
    with time_machine.travel("2026-11-24 09:30+00:00"):
        leon = make_mentee(hana.programme, "Leon Whitaker")
        begin_pairing(programme=hana.programme, mentee=leon.person, mentor=ruth.enrolment.person, by=None)
    with time_machine.travel("2026-11-24 15:00+00:00"):
        hers.force_login(hana.person, backend="accounts.backends.EmailBackend")
        response = hers.post(ASK, WORDS)
        words = " ".join(response.content.decode().split())
        carried = page(hers, "/mentors/gwen-prosser/ask/")

    assert response.status_code == 409
    assert "Ruth’s last place was taken this morning." in words
    assert "Your words are saved; here is somebody like Ruth. Your words come along." in words
    assert "/mentors/gwen-prosser/ask/" in words
    for said in WORDS.values():
        assert said in carried
    assert gwen.pk


def test_words_of_another_window_are_not_written_over(hers, hana, ruth):
    begin_pairing(
        programme=hana.programme,
        mentee=make_mentee(hana.programme, "Leon W").person,
        mentor=ruth.enrolment.person,
        by=None,
    )
    hers.post(f"/drafts/ask-{hana.programme.pk}/", {"why_you": "Other words.", "draft_saves": 0})

    words = hers.post(ASK, WORDS | {"draft_saves": 0}).content.decode()

    assert Draft.objects.get().fields == {"why_you": "Other words."}
    assert "What you wrote, not sent" in words
    assert "You ran a small library." in words


def test_with_an_open_request_one_is_led_to_it(hers, hana, request_to_ruth):
    make_mentor(hana.programme, "Gwen Prosser")

    for url in ("/mentors/", "/mentors/gwen-prosser/", "/mentors/gwen-prosser/ask/"):
        assert 'href="/requests/hana-sato/"' in page(hers, url), url
    refused = hers.post("/mentors/gwen-prosser/ask/", WORDS)
    assert refused.status_code == 422
    assert "You ran a small library." in refused.content.decode()


def test_the_mentor_reads_it_and_says_yes(ruth, request_to_ruth, signed_in, hana):
    browser = signed_in(ruth.enrolment.person)
    before = page(browser, "/requests/hana-sato/")
    assert "Yes, let’s talk first" in before
    assert hana.person.email not in before

    browser.post("/requests/hana-sato/acceptance/")

    assert f"mailto:{hana.person.email}" in page(browser, "/requests/hana-sato/")
    assert f"mailto:{ruth.enrolment.person.email}" in page(signed_in(hana.person), "/requests/hana-sato/")


def test_a_yes_clicked_twice_is_one_and_no_problem(ruth, request_to_ruth, signed_in):
    browser = signed_in(ruth.enrolment.person)

    for _click in range(2):
        browser.post("/requests/hana-sato/acceptance/")

    assert "nothing was changed" not in page(browser, "/requests/hana-sato/")


def test_not_this_time_stands_ready_in_kind_words_and_three_others_are_suggested(
    hana, ruth, request_to_ruth, signed_in
):
    for number in range(4):
        make_mentor(hana.programme, f"Mentor Number{number}")
    browser = signed_in(ruth.enrolment.person)

    assert "nothing to do with you or your plans" in page(browser, "/requests/hana-sato/refusal/")
    browser.post("/requests/hana-sato/refusal/", {"words": "My year filled up."})

    words = page(signed_in(hana.person), "/requests/hana-sato/")
    assert "My year filled up." in words
    assert "3 others to consider" in words
    assert words.count('<article class="mentor-card') == 3


def test_a_refusal_needs_no_words(ruth, request_to_ruth, signed_in):
    response = signed_in(ruth.enrolment.person).post("/requests/hana-sato/refusal/", {"words": ""})

    assert response.status_code == 302
    assert MentorRequest.objects.get().state == "declined"


def test_a_mentor_who_is_full_hears_so(hana, ruth, request_to_ruth, signed_in):
    leon = make_mentee(hana.programme, "Leon Whitaker")
    begin_pairing(programme=hana.programme, mentee=leon.person, mentor=ruth.enrolment.person, by=None)

    browser = signed_in(ruth.enrolment.person)
    words = browser.post("/requests/hana-sato/acceptance/", follow=True).content.decode()

    assert "You have no place left, so you can’t talk with Hana about one just now." in words


def test_both_say_yes(hers, hana, ruth, request_to_ruth):
    answer_request(request_to_ruth, by=ruth.enrolment.person, yes=True)
    say_yes(request_to_ruth, by=ruth.enrolment.person)
    assert "Ruth would like to go on with you." in page(hers, "/requests/hana-sato/")

    response = hers.post("/requests/hana-sato/yes/")

    assert response["Location"] == f"/pairings/{Pairing.objects.get().slug}/messages/"
    assert "You have a mentor" in page(hers, "/mentors/")


def test_after_seven_days_one_is_asked_whether_to_wait(hers, request_to_ruth):
    question = "Ask someone else, or wait a little longer?"
    assert question not in page(hers, "/requests/hana-sato/")
    MentorRequest.objects.update(asked_at=timezone.now() - timedelta(days=7))
    assert question in page(hers, "/requests/hana-sato/")

    assert "Take it back?" in page(hers, "/requests/hana-sato/withdrawal/")
    assert MentorRequest.objects.get().state == "asked"
    assert hers.post("/requests/hana-sato/withdrawal/")["Location"] == "/mentors/"
    assert MentorRequest.objects.get().state == "withdrawn"


def test_what_was_said_before_stands_in_the_next_request_but_why_them(hers, hana, ruth, request_to_ruth):
    make_mentor(hana.programme, "Gwen Prosser")
    answer_request(request_to_ruth, by=ruth.enrolment.person, yes=False)

    words = page(hers, "/mentors/gwen-prosser/ask/")

    assert "To finish something." in words
    assert "You ran a small library." not in words


def test_a_suggested_talk_says_by_whom(hers, hana, ruth):
    suggest_talk(hana, ruth, by=PersonFactory(name="Marguerite Fell"))

    assert "Marguerite Fell of the programme team thinks" in page(hers, "/requests/hana-sato/")


def test_strangers_find_no_request(request_to_ruth, signed_in, hana):
    other = make_mentor(hana.programme, "Gwen Prosser").enrolment.person
    for person in (other, PersonFactory(), PersonFactory(is_superuser=True, is_staff=True)):
        browser = signed_in(person)
        for part in ("", "refusal/", "withdrawal/"):
            assert browser.get(f"/requests/hana-sato/{part}").status_code == 404
        for part in ("acceptance/", "refusal/", "yes/", "withdrawal/", "reading/"):
            assert browser.post(f"/requests/hana-sato/{part}").status_code == 404
    assert "Hana" not in page(signed_in(other), "/requests/")


def test_each_of_the_two_can_do_only_what_is_theirs(hers, hana, ruth, request_to_ruth):
    assert hers.get("/requests/hana-sato/refusal/").status_code == 404
    hers.post("/requests/hana-sato/acceptance/")
    assert MentorRequest.objects.get().state == "asked"
    hers.force_login(ruth.enrolment.person, backend="accounts.backends.EmailBackend")
    assert hers.post("/requests/hana-sato/withdrawal/").status_code == 404


def test_reading_it_makes_it_old(request_to_ruth, ruth, signed_in):
    browser = signed_in(ruth.enrolment.person)

    browser.post("/requests/hana-sato/reading/", {"until": timezone.now().isoformat()})

    assert Notification.objects.unseen().count() == 0


def test_the_list_of_requests(hers, hana, ruth, request_to_ruth):
    assert "Ruth Lindqvist" in page(hers, "/requests/")
    hers.force_login(ruth.enrolment.person, backend="accounts.backends.EmailBackend")
    assert "Hana Sato" in page(hers, "/requests/")


def test_find_a_mentor_stands_in_the_navigation_until_paired(hers, hana, ruth, signed_in):
    assert 'href="/mentors/"' in page(hers, "/home/")
    assert 'href="/mentors/"' in page(hers, "/new/")
    begin_pairing(programme=hana.programme, mentee=hana.person, mentor=ruth.enrolment.person, by=None)

    assert 'href="/mentors/"' not in page(hers, "/home/")
    assert 'href="/mentors/"' not in page(hers, "/new/")
    assert 'href="/mentors/"' not in page(signed_in(ruth.enrolment.person), "/new/")


def test_home_says_that_somebody_waits_for_an_answer(hana, ruth, request_to_ruth, signed_in):
    words = page(signed_in(ruth.enrolment.person), "/home/")

    assert "Hana Sato would like you to be their mentor" in words
    assert '<a class="btn btn-primary" href="/requests/hana-sato/">Answer Hana</a>' in words
    assert words.count("btn-primary") == 1


def test_home_tells_the_mentee_of_the_answer_until_it_was_read(hers, ruth, request_to_ruth):
    answer_request(request_to_ruth, by=ruth.enrolment.person, yes=True)
    assert "Ruth said yes: suggest a first conversation" in page(hers, "/home/")

    hers.post("/requests/hana-sato/reading/", {"until": timezone.now().isoformat()})

    assert "Ruth said yes" not in page(hers, "/home/")


def test_the_admin_looks_at_requests_and_never_at_words(hana, request_to_ruth, signed_in):
    browser = signed_in(PersonFactory(is_staff=True, is_superuser=True))

    shown = [
        page(browser, url)
        for url in (
            "/admin/pairings/mentorrequest/",
            f"/admin/pairings/mentorrequest/{request_to_ruth.pk}/change/",
            f"/admin/pairings/mentorrequest/{request_to_ruth.pk}/history/",
        )
    ]

    assert all("Hana Sato" in words for words in shown[:2])
    assert not any(said in words for said in WORDS.values() for words in shown)
