"""The editor never says “saved” when it is not, and never overwrites in silence."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from portfolios.models import PageDraft
from tests.journeys.writing import go_to_end

pytestmark = pytest.mark.django_db(transaction=True)

EDIT = "/portfolios/amina-okafor/forty-student-nurses-at-nine-on-a-friday/edit/"
PAGE = "forty-student-nurses-at-nine-on-a-friday"


def draft():
    return PageDraft.objects.get(page__slug=PAGE)


def state(page, name):
    expect(page.locator("#save-state .saved")).to_have_attribute("data-state", name, timeout=20_000)


def add(page, words):
    go_to_end(page.get_by_role("textbox", name="Your words"))
    page.keyboard.type(words)


@pytest.fixture
def editor(northmere, browser, site, sign_in):
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, "amina")
    page.goto(site + EDIT)
    page.get_by_role("textbox", name="Your words").wait_for()
    yield page
    context.close()


def test_what_is_typed_is_counted_and_saved_by_itself(editor):
    counted = editor.locator("[data-counts-words]")
    before = int(counted.inner_text().split()[0])
    add(editor, " And then they clapped.")
    expect(counted).to_have_text(f"{before + 4} words")
    state(editor, "saving")
    state(editor, "saved")

    assert "And then they clapped." in draft().body


def test_a_save_that_fails_says_so_and_is_made_good_by_itself(editor):
    editor.route("**/draft/", lambda route: route.abort())
    add(editor, " Lost on the way?")
    state(editor, "unsaved")
    assert "Lost on the way?" not in draft().body

    editor.unroute("**/draft/")
    state(editor, "saved")

    assert "Lost on the way?" in draft().body


def test_somebody_who_was_signed_out_loses_nothing(editor, sign_in, site):
    Session.objects.all().delete()
    add(editor, " Typed while signed out.")
    state(editor, "signed-out")

    again = editor.context.new_page()
    sign_in(again, "amina")
    state(editor, "saved")

    assert "Typed while signed out." in draft().body


def test_two_tabs_both_keep_their_words(editor, site):
    other = editor.context.new_page()
    other.goto(site + EDIT)
    add(other, " From the other tab.")
    state(other, "saved")

    add(editor, " From this tab.")
    expect(editor.get_by_text("This page was saved in another window")).to_be_visible(timeout=10_000)

    expect(editor.locator(".clash section").first).to_contain_text("From this tab.")
    expect(editor.locator(".clash section").last).to_contain_text("From the other tab.")
    expect(editor.get_by_role("textbox", name="Your words")).to_contain_text("From this tab.")
    assert "From this tab." not in draft().body
