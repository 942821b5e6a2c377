"""A file on its way: how far it is, stopped, and every way in which it may not arrive. What was chosen stays chosen."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from PIL import Image
from playwright.sync_api import expect

from files.models import StoredFile
from tests.accounts.conftest import PASSWORD, make_person
from tests.files.making import picture

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/settings/photo/"
SAVED = "Saved. This is how others see you."
UNSENT = "That didn’t send. Your words and file are still here. Try again."


@pytest.fixture
def ruth(transactional_db):
    return make_person(name="Ruth Lindqvist", email="ruth@example.org")


@pytest.fixture
def context(browser, site, ruth):
    """A browser in which Ruth is signed in."""
    context = browser.new_context()
    client = Client()
    client.force_login(ruth, backend="accounts.backends.EmailBackend")
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    yield context
    context.close()


def choose(tab, content=None, name="me.jpg"):
    chosen = {"name": name, "mimeType": "image/jpeg", "buffer": content or picture(900, 600)}
    tab.get_by_label("A picture of you").set_input_files(chosen)


def chosen(tab):
    return tab.get_by_label("A picture of you").evaluate("input => input.files[0]?.name")


def send(tab):
    tab.get_by_role("button", name="Use this photo").click()


@pytest.fixture
def tab(context, site):
    tab = context.new_page()
    tab.goto(site + PATH)
    return tab


def test_a_photo_is_chosen_and_shown(tab, ruth):
    choose(tab)
    send(tab)

    expect(tab.locator("main > .strip")).to_be_focused()
    expect(tab.locator("main > .strip")).to_have_text(SAVED, use_inner_text=True)
    ruth.profile.refresh_from_db()
    shown = tab.locator("main .avatar img")
    expect(shown).to_have_attribute("src", f"/photos/{ruth.profile.photo}/")
    expect(shown).to_have_js_property("naturalWidth", 512)
    expect(tab.locator(".topbar .avatar img")).to_have_js_property("naturalWidth", 96)


@pytest.fixture
def slow(tab, context):
    """What is sent goes at 300 KB a second."""
    wire = context.new_cdp_session(tab)
    wire.send("Network.enable")
    speed = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 300_000}
    wire.send("Network.emulateNetworkConditions", speed)


def noise():
    """A picture of 2 MB: nothing in it can be made smaller."""
    return picture() + Image.effect_noise((1500, 1400), 200).tobytes()


def test_it_is_said_how_far_a_file_is_and_it_can_be_stopped(tab, slow):
    choose(tab, noise())
    send(tab)

    far = tab.locator("[data-far]")
    expect(far).to_have_text(re.compile(r"^0\.\d of 2 MB$"))
    expect(tab.locator("#announcer")).to_have_text(re.compile(r"^[01]\.?\d? of 2 MB$"))
    assert 0 < tab.get_by_role("progressbar", name="Sending").evaluate("bar => bar.value") < 100
    tab.get_by_role("button", name="Cancel").click()

    expect(tab.get_by_text("Stopped. Your words and file are still here.").first).to_be_visible()
    expect(far).to_be_hidden()
    assert chosen(tab) == "me.jpg"
    assert StoredFile.objects.count() == 0


def test_a_second_click_sends_nothing_twice(tab, slow):
    sent = []
    tab.on("request", lambda request: sent.append(request) if request.method == "POST" else None)

    choose(tab, noise())
    send(tab)
    expect(tab.locator("[data-far]")).to_be_visible()
    send(tab)

    expect(tab.get_by_text(SAVED)).to_be_visible(timeout=20_000)
    assert len(sent) == 1


def never_arrives(tab, route):
    tab.route(f"**{PATH}", lambda found: route(found) if found.request.method == "POST" else found.continue_())
    return lambda: tab.unroute(f"**{PATH}")


@pytest.mark.parametrize(
    "happens",
    [
        pytest.param(lambda route: route.abort("internetdisconnected"), id="offline"),
        pytest.param(lambda route: route.abort("connectionreset"), id="the connection is cut"),
        pytest.param(lambda route: route.fulfill(status=500, body="<h1>Sorry</h1>"), id="an error of ours"),
        pytest.param(lambda route: route.fulfill(status=502, body="Bad gateway"), id="an error of the proxy"),
        pytest.param(lambda route: route.fulfill(status=200, body="<h1>Wi-Fi</h1>"), id="a hotel's own page"),
    ],
)
def test_whatever_goes_wrong_the_file_is_still_chosen_and_sends_again(tab, happens):
    mend = never_arrives(tab, happens)
    choose(tab)
    send(tab)

    expect(tab.locator(".strip-new")).to_have_text(UNSENT, use_inner_text=True)
    expect(tab.locator("#announcer")).to_have_text(UNSENT)
    assert (tab.url.endswith(PATH), chosen(tab)) == (True, "me.jpg")

    mend()
    send(tab)
    expect(tab.get_by_text(SAVED)).to_be_visible()
    assert StoredFile.objects.count() == 1


def test_what_a_proxy_finds_too_large_is_said(tab):
    never_arrives(tab, lambda route: route.fulfill(status=413, body="Too large"))
    choose(tab)
    send(tab)

    words = "That is more than this site takes at once. Your words are still here. Choose a smaller file."
    expect(tab.locator(".strip-new")).to_have_text(words, use_inner_text=True)


def test_whoever_was_signed_out_signs_in_beside_it_and_sends_again(tab, context, site):
    choose(tab)
    Session.objects.all().delete()
    send(tab)

    words = "You’ve been signed out. Sign in in another tab, then send this again: your words and file are still here."
    expect(tab.locator(".strip-new")).to_have_text(words, use_inner_text=True)

    other = context.new_page()
    other.goto(f"{site}/account/sign-in/")
    other.get_by_label("Email", exact=True).fill("ruth@example.org")
    other.get_by_label("Password", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Sign in", exact=True).click()
    other.wait_for_url("**/home/")
    send(tab)

    expect(tab.get_by_text(SAVED)).to_be_visible()


def test_what_is_refused_is_said_beside_the_field(tab):
    choose(tab, b"<svg/>")
    send(tab)

    summary = tab.get_by_role("alert")
    expect(summary).to_be_focused()
    words = "Choose a picture: a JPEG, PNG, WebP or GIF file."
    expect(summary.get_by_role("link", name=words)).to_have_attribute("href", "#id_picture")
    assert (tab.title(), chosen(tab)) == ("Problem: Your photo – Northmere", None)

    choose(tab)
    send(tab)
    expect(tab.get_by_text(SAVED)).to_be_visible()


def test_without_scripts_the_form_works_all_the_same(browser, context, site):
    plain = browser.new_context(java_script_enabled=False, storage_state=context.storage_state())
    tab = plain.new_page()
    tab.goto(site + PATH)
    choose(tab)
    send(tab)

    expect(tab.get_by_text(SAVED)).to_be_visible()
    tab.get_by_role("button", name="Remove it").click()
    expect(tab.get_by_text("Removed. Your initials stand in its place.")).to_be_visible()
    plain.close()
