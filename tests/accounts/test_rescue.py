"""A form that arrives after its writer was signed out comes back filled in: to them, once, in that browser."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from lxml import html

from accounts import rescue
from accounts.models import KeptPost
from accounts.tasks import let_go_of_kept_words
from tests.accounts.conftest import PASSWORD, code_in, make_person, sign_in
from tests.factories import make_page, make_portfolio

KEPT = "We kept what you wrote. Look at it once more, then send it."
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def amina(db):
    return make_person(name="Amina Okafor", email="amina@example.org")


@pytest.fixture
def edit(amina):
    page = make_page(make_portfolio(amina), title="Usage review", body="<p>In March.</p>")
    return f"{page.get_absolute_url()}edit/"


@pytest.fixture
def hers(amina):
    """Amina's browser, in which she signed in as anybody would."""
    browser = Client(enforce_csrf_checks=True)
    log_in(browser, amina)
    return browser


def log_in(browser, person):
    form(browser, "/account/sign-in/")
    token = browser.cookies["csrftoken"].value
    answer = sign_in(browser, person, csrfmiddlewaretoken=token, next="/home/")
    assert answer.status_code == 302


def form(browser, url, which=-1):
    """What a form there would send: its hidden fields among the rest."""
    page = html.fromstring(browser.get(url).content)
    fields = page.xpath("//main//form")[which].fields
    return {name: value for name, value in fields.items() if value is not None}


def send(browser, url, data, **headers):
    return browser.post(url, data, headers=OURS | headers)


WORDS = "Über Bücher & “Leser”\r\n\r\n- 68 of 101, 🙂\r\n" * 40


def write(browser, edit):
    """The form of the editor as somebody left it who has no JavaScript."""
    return form(browser, edit) | {"title": "Usage", "plain": WORDS, "keep": "1"}


def box(response):
    """The words in the form, with the line ends that they had: a page knows only one kind."""
    text = html.fromstring(response.content).xpath("//textarea[@name='plain']")[0].text
    return text.removeprefix("\n").replace("\n", "\r\n")


def test_after_the_session_was_deleted_not_a_character_is_lost(hers, amina, edit):
    sent = write(hers, edit)
    Session.objects.all().delete()

    refused = send(hers, edit, sent)
    assert refused["Location"] == f"/account/sign-in/?next={edit}"
    assert "Sign in, and what you wrote will be there." in hers.get(refused["Location"]).content.decode()
    sign_in(hers, amina, csrfmiddlewaretoken=hers.cookies["csrftoken"].value)
    back = hers.get(edit)

    assert KEPT in back.content.decode()
    assert box(back) == WORDS
    assert html.fromstring(back.content).xpath("//input[@name='title']")[0].value == "Usage"
    assert html.fromstring(back.content).xpath("//form[@id='editor']")[0].get("data-unsaved") == ""


def test_a_stale_token_leads_back_to_the_form_filled_in(hers, amina, edit):
    sent = write(hers, edit)
    log_in_anew(hers, amina)

    refused = send(hers, edit, sent)

    assert (refused.status_code, refused["Location"]) == (302, edit)
    assert box(hers.get(edit)) == WORDS


def log_in_anew(browser, person):
    """In another tab: the token of every page that is open is old then."""
    send(browser, "/account/sign-out/", {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value})
    log_in(browser, person)


def test_a_stale_token_and_no_session_lead_to_the_form_filled_in_too(hers, amina, edit):
    sent = write(hers, edit) | {"csrfmiddlewaretoken": "x" * 64}
    Session.objects.all().delete()

    assert send(hers, edit, sent)["Location"] == f"/account/sign-in/?next={edit}"
    log_in(hers, amina)

    assert box(hers.get(edit)) == WORDS


def test_words_are_given_back_once(hers, amina, edit):
    sent = write(hers, edit)
    log_in_anew(hers, amina)
    send(hers, edit, sent)
    send(hers, edit, sent)
    assert KeptPost.objects.count() == 2  # a double click

    assert box(hers.get(edit)) == WORDS
    assert box(hers.get(edit)) == "In March."
    assert not KeptPost.objects.exists()


def test_two_forms_that_were_sent_at_the_same_address_both_come_back(hers, amina, edit):
    first, second = write(hers, edit), write(hers, edit) | {"plain": "Other words"}
    log_in_anew(hers, amina)
    send(hers, edit, first)
    send(hers, edit, second)

    assert [box(hers.get(edit)), box(hers.get(edit))] == ["Other words", WORDS]


def test_words_are_held_for_half_an_hour(hers, amina, edit):
    sent = write(hers, edit)
    log_in_anew(hers, amina)
    send(hers, edit, sent)

    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert box(hers.get(edit)) == "In March."
        let_go_of_kept_words()
    assert not KeptPost.objects.exists()


def test_somebody_else_who_signs_in_there_never_gets_them(hers, amina, edit):
    """Neither by the cookies of that browser nor by knowing the address; their writer still does."""
    ruth = make_person(name="Ruth Lindqvist", email="ruth@example.org")
    sent = form(hers, "/settings/time/") | {"time_zone": "Pacific/Auckland"}
    Session.objects.all().delete()
    send(hers, "/settings/time/", sent)

    log_in(hers, ruth)
    for_ruth = hers.get("/settings/time/").content.decode()
    log_in_anew(hers, amina)
    for_amina = hers.get("/settings/time/").content.decode()

    assert (KEPT in for_ruth, KEPT in for_amina) == (False, True)
    assert 'value="Pacific/Auckland" selected' not in for_ruth
    assert 'value="Pacific/Auckland" selected' in for_amina


def test_a_form_that_amina_left_open_is_not_ruths_though_she_is_signed_in_by_now(hers, amina):
    ruth = make_person(name="Ruth Lindqvist", email="ruth@example.org")
    sent = form(hers, "/settings/time/") | {"time_zone": "Pacific/Auckland"}
    log_in_anew(hers, ruth)

    refused = send(hers, "/settings/time/", sent)

    assert refused.status_code == 403
    assert "Somebody else is signed in on this device by now." in refused.content.decode()
    assert KeptPost.objects.get().person == amina
    assert KEPT not in hers.get("/settings/time/").content.decode()


def test_without_the_name_in_the_form_the_cookie_says_whose_words_they_are(hers, amina, edit):
    sent = write(hers, edit)
    del sent["written_by"]
    Session.objects.all().delete()

    send(hers, edit, sent)

    assert KeptPost.objects.get().person == amina


def test_a_name_that_somebody_made_up_is_nobodys(hers, amina, edit):
    sent = write(hers, edit) | {"written_by": f"{amina.pk}:made-up"}
    Session.objects.all().delete()

    send(hers, edit, sent)

    assert not KeptPost.objects.exists()


def test_another_browser_gets_nothing(hers, amina, edit):
    sent = write(hers, edit)
    Session.objects.all().delete()
    send(hers, edit, sent)

    elsewhere = Client(enforce_csrf_checks=True)
    log_in(elsewhere, amina)

    assert box(elsewhere.get(edit)) == "In March."


def test_the_name_stays_in_the_browser_until_its_person_signs_out(hers, amina):
    cookie = hers.cookies["person"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")

    send(hers, "/account/sign-out/", {"csrfmiddlewaretoken": hers.cookies["csrftoken"].value})

    assert hers.cookies["person"].value == ""


def test_who_asks_to_stay_signed_in_is_known_for_longer_than_the_session(amina):
    client = Client()
    sign_in(client, amina, remember="on")

    assert client.cookies["person"]["max-age"] == 365 * 24 * 60 * 60


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Referer": "https://evil.example/testserver"},
    {"Referer": "http://testserver.evil.example/"},
    {},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("signed", ["in", "out"])
def test_what_another_site_sends_is_refused_and_not_held(hers, amina, edit, headers, signed):
    sent = write(hers, edit) | {"csrfmiddlewaretoken": "x" * 64}
    if signed == "out":
        Session.objects.all().delete()

    assert hers.post(edit, sent, headers=headers).status_code == 403
    assert not KeptPost.objects.exists()


@pytest.mark.parametrize("headers", [{"Origin": "http://testserver"}, {"Referer": "http://testserver/home/"}], ids=str)
def test_browsers_that_do_not_say_from_which_site_say_it_otherwise(hers, edit, headers):
    sent = write(hers, edit)
    Session.objects.all().delete()

    hers.post(edit, sent, headers=headers)

    assert KeptPost.objects.count() == 1


@pytest.mark.parametrize("path", ["/account/security/password/", "/admin/", "/demo/outbox/send/", "/drafts/page-1/"])
def test_nothing_is_held_for_pages_that_ask_for_passwords_or_save_by_script(hers, amina, path):
    Session.objects.all().delete()

    send(hers, path, {"oldpassword": PASSWORD, "words": "Some"})

    assert not KeptPost.objects.exists()


def test_a_password_is_never_held_wherever_it_comes_from(hers, edit):
    sent = write(hers, edit) | {"Password2": PASSWORD}
    Session.objects.all().delete()

    send(hers, edit, sent)

    assert PASSWORD not in KeptPost.objects.get().words


def test_a_megabyte_is_held_and_no_more(hers, edit):
    sent = write(hers, edit)
    Session.objects.all().delete()

    send(hers, edit, sent | {"plain": "x" * rescue.LONGEST})
    assert not KeptPost.objects.exists()
    send(hers, edit, sent | {"plain": "x" * (rescue.LONGEST - 2000)})
    assert KeptPost.objects.count() == 1


def test_so_many_are_held_and_no_more(hers, edit, monkeypatch):
    monkeypatch.setattr(rescue, "MOST", 2)
    sent = write(hers, edit)
    Session.objects.all().delete()

    for number in range(4):
        send(hers, edit, sent | {"plain": f"Words {number}"})

    assert KeptPost.objects.count() == 2


def test_a_form_without_a_word_is_not_held(hers, edit):
    Session.objects.all().delete()

    send(hers, edit, {"csrfmiddlewaretoken": "x", "once": "1", "draft_saves": "3", "title": ""})

    assert not KeptPost.objects.exists()


def test_files_are_left_out_and_that_is_said(hers, amina, edit):
    sent = write(hers, edit) | {"file": SimpleUploadedFile("plan.pdf", b"%PDF secret")}
    log_in_anew(hers, amina)

    send(hers, edit, sent)
    held = KeptPost.objects.get()
    back = hers.get(edit)

    assert "secret" not in held.words
    assert box(back) == WORDS
    assert "Only the file is missing: please choose it again." in back.content.decode()


def test_looking_ahead_takes_nothing(hers, amina, edit):
    """Neither a HEAD nor the opening of another address."""
    sent = write(hers, edit)
    log_in_anew(hers, amina)
    send(hers, edit, sent)

    hers.head(edit)
    hers.get("/settings/time/")

    assert box(hers.get(edit)) == WORDS


def test_a_kept_form_shows_no_words_where_its_name_is_shown(hers, amina, edit):
    sent = write(hers, edit)
    Session.objects.all().delete()
    send(hers, edit, sent)

    assert str(KeptPost.objects.get()) == f"form kept for person {amina.pk}"


def test_signing_in_by_a_code_leads_back_to_the_words_too(hers, amina, edit, letters):
    sent = write(hers, edit)
    Session.objects.all().delete()

    page = hers.get(send(hers, edit, sent)["Location"])
    code_page = html.fromstring(page.content).xpath("//a[contains(@href, '/sign-in/code/')]/@href")[0]
    asked = send(hers, "/account/sign-in/code/", form(hers, code_page) | {"email": amina.email})
    given = form(hers, asked["Location"], which=0) | {"code": code_in(letters()[0])}
    back = send(hers, asked["Location"], given)

    assert back["Location"] == edit
    assert box(hers.get(edit)) == WORDS


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/portfolios/a/b/?since=3", "/portfolios/a/b/?since=3"),
        ("http://testserver//evil.example/", "/evil.example/"),
        ("https://evil.example/portfolios/a/b/", "/settings/time/"),
        ("", "/settings/time/"),
    ],
)
def test_a_button_without_words_leads_back_to_the_page_that_it_was_pressed_on(hers, referer, back):
    pressed = {"csrfmiddlewaretoken": form(hers, "/settings/time/")["csrfmiddlewaretoken"], "done": "1"}
    stale = send(hers, "/settings/time/", pressed | {"csrfmiddlewaretoken": "x"}, Referer=referer)
    Session.objects.all().delete()
    signed_out = send(hers, "/settings/time/", pressed, Referer=referer)

    assert stale["Location"] == back
    assert signed_out["Location"] == f"/account/sign-in/?{urlencode({'next': back}, safe='/')}"


def test_the_line_for_the_mentor_comes_back_too(hers, amina, edit):
    share = edit.replace("/edit/", "/share/")
    saved = form(hers, edit) | {"plain": "Other words", "keep": "1"}
    send(hers, edit, saved)
    sent = form(hers, share) | {"note": "The end."}
    Session.objects.all().delete()

    send(hers, share, sent)
    log_in(hers, amina)

    assert form(hers, share)["note"] == "The end."
