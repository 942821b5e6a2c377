"""A mentee puts the pages of a portfolio in order: by keyboard, with a mouse, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)

PORTFOLIO = "/portfolios/amina-okafor/"
ORDER = [
    "What I do when I don’t know the answer",
    "Forty student nurses at nine on a Friday",
    "The month I nearly stopped",
    "Leading the induction review",
    "Usage review",
]


@pytest.fixture
def amina(northmere, site, sign_in, browser, request):
    """Amina's list of pages, in a browser of her own; `param` False switches JavaScript off."""
    tall = {"width": 1280, "height": 1600}  # so that nothing scrolls while something is dragged
    context = browser.new_context(java_script_enabled=getattr(request, "param", True), viewport=tall)
    page = context.new_page()
    sign_in(page, "amina")
    page.goto(site + PORTFOLIO)
    yield page
    context.close()


def row(page, title):
    return page.locator("#pages > li", has=page.get_by_role("link", name=title, exact=True))


def expect_order(page, *places):
    titles = page.locator("#pages .row-title")
    for place, title in enumerate(ORDER[place] for place in places):
        expect(titles.nth(place)).to_have_text(title)


@pytest.mark.parametrize("amina", [True, False], ids=["with JavaScript", "without JavaScript"], indirect=True)
def test_by_keyboard_the_focus_stays_on_the_page_that_moves(amina):
    review = row(amina, "Usage review")
    button = review.get_by_role("button", name="Move up")

    review.locator("summary").press("Enter")
    button.press("Enter")
    expect(amina.get_by_role("status").filter(has_text="Moved to 4 of 7.")).to_have_count(1)
    amina.keyboard.press("Enter")
    expect(amina.get_by_role("status").filter(has_text="Moved to 3 of 7.")).to_have_count(1)

    expect_order(amina, 0, 1, 4, 2, 3)
    expect(button).to_be_visible()
    assert amina.locator(":focus").inner_text() == button.inner_text()
    review.get_by_role("button", name="Move down").press("Enter")
    expect_order(amina, 0, 1, 2, 4, 3)


def test_by_mouse_and_what_did_not_reach_us_is_put_back(amina):
    def drag(title, onto):
        target = row(amina, onto)
        edge = target.bounding_box()["height"] - 5
        row(amina, title).locator("[data-drag]").drag_to(target, target_position={"x": 60, "y": edge})

    drag(ORDER[0], ORDER[2])
    expect(amina.locator("#announcer")).to_have_text("The pages are in their new order.")
    expect_order(amina, 1, 2, 0, 3, 4)
    amina.reload()
    expect_order(amina, 1, 2, 0, 3, 4)

    amina.route("**/pages/order/", lambda route: route.abort())
    drag(ORDER[1], ORDER[0])
    expect(amina.locator("#pages-failed")).to_be_visible()
    expect_order(amina, 1, 2, 0, 3, 4)


@pytest.mark.parametrize("amina", [True, False], ids=["with JavaScript", "without JavaScript"], indirect=True)
def test_a_page_is_renamed_put_away_and_brought_back(amina):
    review = row(amina, "Usage review")
    review.locator("summary").click()
    review.get_by_label("Title").fill("What people use")
    review.get_by_role("button", name="Rename").click()
    expect(row(amina, "What people use")).to_contain_text("Others read it as “Usage review” until you share it again.")

    renamed = row(amina, "What people use")
    if renamed.locator("details").get_attribute("open") is None:
        renamed.locator("summary").click()
    renamed.get_by_role("button", name="Put away").click()
    expect(amina.get_by_text("“What people use” is put away.")).to_be_visible()
    expect(amina.locator("#pages > li")).to_have_count(6)

    amina.get_by_text("1 page put away").click()
    amina.get_by_role("button", name="Bring back").click()
    expect(amina.locator("#pages > li")).to_have_count(7)


@pytest.mark.parametrize("amina", [True, False], ids=["with JavaScript", "without JavaScript"], indirect=True)
def test_a_starter_begins_a_page_and_its_questions_are_not_part_of_it(amina):
    amina.get_by_role("button", name="Begin “Something I learnt elsewhere”").click()

    expect(amina.get_by_role("heading", name="Edit “Something I learnt elsewhere”", level=1)).to_be_visible()
    expect(amina.get_by_text("What surprised you?")).to_be_visible()
    box = amina.get_by_label("Your words").locator("visible=true")
    assert "surprised" not in (box.inner_text() or "")
