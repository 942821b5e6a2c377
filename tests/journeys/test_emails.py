"""Being told as one likes, in a real browser: the settings, New for you, and the link at the foot of an email."""

import re
from datetime import datetime, time, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from notifications import delivery
from notifications.actions import set_preferences
from notifications.bounces import stop_address
from notifications.models import Notification, Preference
from tests.accounts.conftest import make_person
from tests.factories import PairingFactory, make_page, make_portfolio, share
from tests.journeys.tours import RULES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    """Ruth mentors Amina, who shared three pages, each on its day."""
    amina = make_person(name="Amina Okafor", email="amina@example.org")
    ruth = make_person(name="Ruth Lindqvist", email="ruth@example.org")
    pairing = PairingFactory(mentee=amina, mentor=ruth)
    portfolio = make_portfolio(amina, pairing.programme)
    noon = datetime.combine(timezone.localdate(), time(12), tzinfo=ruth.profile.zone)
    pages = [
        make_page(portfolio, title=f"Page {number}", body="<p>Words.</p>", at=noon - timedelta(days=14 - 3 * number))
        for number in (1, 2, 3)
    ]
    return {"amina": amina, "ruth": ruth, "pages": pages}


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def scripted(request):
    return request.param


@pytest.fixture
def open_as(browser, site):
    """`open_as(person, path)` is a tab in which that person is signed in."""
    contexts = []

    def tab(person, path, scripted=True, width=1280, **options):
        client = Client()
        client.force_login(person, backend="accounts.backends.EmailBackend")
        size = {"width": width, "height": 844}
        contexts.append(
            browser.new_context(java_script_enabled=scripted, reduced_motion="reduce", viewport=size, **options)
        )
        contexts[-1].add_cookies([{"name": "sessionid", "value": client.session.session_key, "url": site}])
        page = contexts[-1].new_page()
        page.goto(site + path)
        return page

    yield tab
    for context in contexts:
        context.close()


def saved(person, name):
    return getattr(Preference.objects.filter(person=person).first() or Preference(), name)


def choose(page, group, choice):
    page.get_by_role("group", name=group).get_by_role("radio", name=re.compile(f"^{choice}")).check()


# The settings


def test_settings_say_what_they_mean_before_they_are_saved(world, open_as, scripted):
    ruth = open_as(world["ruth"], "/settings/emails/", scripted)
    forecast = ruth.locator("#forecast")
    ruth.get_by_label("Quiet at weekends, too").uncheck()
    ask = ruth.get_by_role("button", name="Show what that means")
    expect(ask).to_be_visible(visible=not scripted)

    choose(ruth, "Portfolio and comments", "Soon")
    if not scripted:
        ask.click()
    expect(forecast).to_contain_text("With these settings you’d have had 3 emails in the last month.")
    choose(ruth, "Portfolio and comments", "Off")
    if not scripted:
        ask.click()
    expect(forecast).to_contain_text("With these settings you’d have had no emails in the last month.")
    assert saved(world["ruth"], "portfolio") == "bundled"

    ruth.get_by_role("button", name="Save", exact=True).click()
    expect(ruth.locator("main > .strip")).to_have_text("Saved.", use_inner_text=True)
    assert saved(world["ruth"], "portfolio") == "off"
    assert saved(world["ruth"], "quiet_weekends") is False
    expect(ruth.get_by_label("Quiet at weekends, too")).not_to_be_checked()


def test_a_pause_begins_and_ends(world, open_as, scripted):
    ruth = open_as(world["ruth"], "/settings/emails/", scripted)
    day = timezone.localdate() + timedelta(days=10)

    ruth.get_by_label("Pause all emails until").fill((day - timedelta(days=30)).isoformat())
    ruth.get_by_role("button", name="Save", exact=True).click()
    problem = ruth.get_by_role("link", name="Choose a day after today, or leave it empty to get emails")
    problem.click()
    if scripted:
        assert ruth.evaluate("document.activeElement.id") == "id_paused_until"
    ruth.get_by_label("Pause all emails until").fill(day.isoformat())
    ruth.get_by_role("button", name="Save", exact=True).click()
    expect(ruth.get_by_text(f"Your emails are paused until {day.day} {day:%B %Y}.")).to_be_visible()
    assert saved(world["ruth"], "paused_until") == day

    ruth.get_by_role("button", name="Start them again now").click()
    expect(ruth.get_by_text("Your emails are back.")).to_be_visible()
    assert saved(world["ruth"], "paused_until") is None


def test_the_settings_are_made_with_the_keyboard_alone(world, open_as):
    ruth = open_as(world["ruth"], "/settings/emails/")
    ruth.get_by_role("radio", name=re.compile("^Bundled")).first.focus()

    ruth.keyboard.press("ArrowRight")
    ruth.keyboard.press("ArrowRight")
    expect(ruth.locator("#forecast")).to_contain_text("no emails")
    assert ruth.evaluate("document.activeElement.value") == "off"
    ruth.keyboard.press("Control+Enter")

    expect(ruth.locator("main > .strip")).to_be_focused()
    assert saved(world["ruth"], "portfolio") == "off"


# New for you


def titles(page, name):
    return [row.split("“")[1].split("”")[0] for row in page.locator(f"li[id^={name}-] .row-title").all_inner_texts()]


def row(page, title):
    return page.get_by_role("listitem").filter(has_text=f"“{title}”")


def test_new_for_you_is_gone_through_thing_by_thing(world, open_as, scripted):
    ruth = open_as(world["ruth"], "/new/", scripted)
    count = ruth.locator("#new-link .count")
    expect(count).to_have_text("3")

    row(ruth, "Page 2").get_by_role("button", name="Seen").click()
    expect(row(ruth, "Page 2")).to_have_count(0)
    expect(count).to_have_text("2")
    if scripted:
        expect(ruth.locator("#announcer")).to_have_text("Marked as seen.")
        expect(ruth.get_by_role("link", name="Amina shared “Page 3”")).to_be_focused()

    row(ruth, "Page 3").get_by_role("button", name="Keep for later").click()
    expect(ruth.get_by_role("region", name="Kept for later")).to_contain_text("Page 3")
    expect(count).to_have_text("1")
    if scripted:
        expect(ruth.get_by_role("link", name="Amina shared “Page 1”")).to_be_focused()

    ruth.get_by_role("button", name="Mark all as seen").click()
    expect(ruth.get_by_text("All marked as seen. Look under Earlier to find it again.")).to_be_visible()
    expect(ruth.get_by_text("All quiet.")).to_be_visible()
    expect(count).to_have_count(0)
    assert titles(ruth, "kept") == ["Page 3"]

    row(ruth, "Page 3").get_by_role("button", name="Let go").click()
    expect(ruth.get_by_role("region", name="Kept for later")).to_have_count(0)
    if scripted:
        expect(ruth.get_by_role("heading", name="New for you")).to_be_focused()
    ruth.get_by_role("link", name="Earlier").click()
    expect(ruth.get_by_role("heading", name="Earlier", level=1)).to_be_visible()
    assert titles(ruth, "seen") == ["Page 3", "Page 2", "Page 1"]


def test_what_is_shared_while_somebody_looks_stays_new(world, open_as):
    ruth = open_as(world["ruth"], "/new/")
    share(world["pages"][0], "<p>In April I asked.</p>")

    ruth.get_by_role("button", name="Mark all as seen").click()

    expect(ruth.locator("#new-link .count")).to_have_text("1")
    assert titles(ruth, "new") == ["Page 1"]


# The link at the foot of an email


def the_link(message, words):
    html = message.get_body(("html",)).get_content()
    return re.search(rf'<a href="([^"]+)">{words}</a>', html)[1]


@pytest.fixture
def real_email(world, sink, site, settings):
    """An email about a page that really arrived."""
    settings.NOTICE_BUNDLE_MINUTES = 0
    Notification.objects.update(due_at=timezone.now())
    delivery.deliver_due()
    [message] = [message for message in sink if message["To"].endswith("<ruth@example.org>")]
    return message


def test_emails_are_stopped_and_started_again_without_signing_in(world, real_email, browser, scripted):
    context = browser.new_context(java_script_enabled=scripted)
    page = context.new_page()

    page.goto(the_link(real_email, "Stop these"))
    expect(page.get_by_text("Stop all emails about portfolios and comments?")).to_be_visible()
    assert saved(world["ruth"], "portfolio") == "bundled"
    page.get_by_role("button", name="Stop these emails").click()
    expect(page.get_by_text("Done. No more emails about portfolios and comments.")).to_be_visible()
    assert saved(world["ruth"], "portfolio") == "off"

    page.get_by_role("button", name="Go back to how it was").click()
    expect(page.get_by_text("Done. It is as it was before.")).to_be_visible()
    assert saved(world["ruth"], "portfolio") == "bundled"

    page.goto(the_link(real_email, "Stop these"))
    expect(page.get_by_text("This link was used before, and works only once.")).to_be_visible()
    page.get_by_role("link", name="All your email settings").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    context.close()


# What the tour of screens does not come by


def axe_finds(page):
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{each['id']} {node['html'][:160]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize(("width", "color_scheme"), [(1280, "light"), (390, "dark"), (320, "light")])
def test_axe_finds_nothing_in_any_state(world, real_email, open_as, browser, width, color_scheme):
    set_preferences(world["ruth"], paused_until=timezone.localdate() + timedelta(days=5))
    stop_address("ruth@example.org", reason="550 5.1.1 No such user here", at=timezone.now())
    found = []

    def look(page):
        page.wait_for_load_state("networkidle")
        found.extend(axe_finds(page))
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    ruth = open_as(world["ruth"], "/settings/emails/", width=width, color_scheme=color_scheme)
    look(ruth)
    ruth.get_by_label("Pause all emails until").fill("2020-01-01")
    ruth.get_by_label("From", exact=True).fill("")
    ruth.get_by_role("button", name="Save", exact=True).click()
    expect(ruth.get_by_role("link", name="Say when your quiet hours begin")).to_be_visible()
    look(ruth)

    nobody = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=color_scheme)
    page = nobody.new_page()
    for words, button in (("Once a week instead", "Once a week, please"), ("Stop these", None)):
        page.goto(the_link(real_email, words))
        look(page)
        if button:
            page.get_by_role("button", name=button).click()
            look(page)
    nobody.close()

    assert found == []
