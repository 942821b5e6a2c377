"""Pictures of every screen, for the eye (var/look), and the ones that the README shows (docs/pictures)."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from mentoring.demo import sent_mail
from notifications import delivery
from tests.journeys.screens import COMING, HELD, INDUCTION, NOTE, PLAN, SCREENS, USAGE, Screen, visit

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
PICTURES = [
    Screen("hana", "mentors", "/mentors/"),
    Screen("marguerite", "board", "/admin/programme/board/"),
    Screen("marguerite", "health", "/admin/programme/health/"),
    Screen("amina", "plan", "/meetings/", (COMING, PLAN)),
    Screen("amina", "note", "/meetings/", (HELD, NOTE)),
    Screen("amina", "confidence", "/pairings/amina-and-ruth/confidence/"),
]
EVENING = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _evening():
    """The story's own evening, so that two runs make the same pictures."""
    with time_machine.travel(EVENING, tick=True):
        yield


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_screen(northmere, browser, site, sign_in, width, color_scheme):
    folder = ROOT / "var" / "look"
    for who in dict.fromkeys(screen.who for screen in SCREENS):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=color_scheme)
        page = context.new_page()
        if who:
            sign_in(page, who)
        for screen in SCREENS:
            if screen.who == who:
                visit(page, site, screen)
                path = folder / f"{screen.name}_{width}_{color_scheme}.png"
                page.screenshot(path=path, full_page=True)
                assert path.stat().st_size > 5000
        context.close()


def test_the_pictures_of_the_readme(northmere, browser, site, sign_in, settings):
    folder = ROOT / "docs" / "pictures"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    context = browser.new_context(viewport={"width": 1280, "height": 860}, device_scale_factor=1)
    page = context.new_page()

    for screen in PICTURES:
        sign_in(page, screen.who)
        visit(page, site, screen)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=folder / f"{screen.name}.png")
        context.clear_cookies()
    sign_in(page, "ruth")
    page.screenshot(path=folder / "home.png")
    page.goto(site + INDUCTION)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / "page.png")
    context.clear_cookies()
    sign_in(page, "amina")
    page.goto(f"{site}{USAGE}edit/")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / "editor.png")
    page.goto(f"{site}{INDUCTION}edit/")
    page.get_by_role("textbox", name="Your words").press("Control+End")
    page.keyboard.type(" I have asked for them to be put on the front page.")
    page.get_by_role("button", name="Share update").click()
    page.get_by_label("What did you change?").fill("Added the numbers you asked for.")
    page.get_by_role("button", name="Share update").click()
    page.get_by_text("Shared. We’ll tell Ruth.").wait_for()
    delivery.deliver_due()
    to_ruth = next(each for each in sent_mail.sent() if "ruth@" in each.to)
    page.set_viewport_size({"width": 760, "height": 820})
    page.goto(f"{site}/demo/outbox/{to_ruth.name}/body/")
    page.screenshot(path=folder / "email.png")
    context.close()
