"""The same walk with nothing but a keyboard: every stop shows its focus, and nothing covers it."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/portfolios/amina-okafor/forty-student-nurses-at-nine-on-a-friday/"
MOST_STOPS = 120

# What has the focus: its name, whether a ring shows it, and whether something lies over its middle.
FOCUSED = """async () => {
  // The browser scrolls to what has the focus in the next frame.
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const it = document.activeElement;
  const box = it.getBoundingClientRect();
  const middle = Math.max(box.top, 0) + Math.min(box.height, innerHeight) / 2;
  const over = document.elementFromPoint(box.left + box.width / 2, Math.min(middle, innerHeight - 1));
  const name = it.getAttribute("aria-label") || it.labels?.[0]?.innerText || it.innerText || it.value || "";
  const style = getComputedStyle(it);
  return {
    name: name.trim().split("\\n")[0],
    ring: style.outlineStyle !== "none" || style.boxShadow !== "none",
    covered: !(over && (it === over || it.contains(over) || over.contains(it))),
  };
}"""


def tab_to(page, name):
    """Tab on until what is called `name` has the focus. Every stop on the way must be visible."""
    passed = []
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        passed.append(focused["name"])
        if page.evaluate("document.activeElement !== document.body"):
            assert focused["ring"], f"no focus to be seen on {focused['name']!r}"
            assert not focused["covered"], f"{focused['name']!r} is covered"
        if focused["name"] == name:
            return
    raise AssertionError(f"{name!r} is not reached by Tab: {passed}")


def press(page, name, key="Enter"):
    tab_to(page, name)
    page.keyboard.press(key)


def enter(page, site, key):
    page.goto(f"{site}/account/sign-in/")
    tab_to(page, "Email")
    page.keyboard.type(f"{key}@demo.example")
    tab_to(page, "Password")
    page.keyboard.type("open-stacks-2026")
    page.keyboard.press("Enter")
    page.wait_for_url("**/home/")


@pytest.mark.parametrize("width", [1280, 390])
def test_write_share_see_comment_answer_and_settle_by_keyboard(northmere, site, browser, width):
    amina, ruth = (
        browser.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce").new_page()
        for _ in range(2)
    )

    enter(amina, site, "amina")
    amina.goto(f"{site}{PAGE}edit/")
    expect(amina.get_by_role("textbox", name="Your words")).to_be_visible()
    tab_to(amina, "Title")
    for _stop in range(20):
        amina.keyboard.press("Tab")
        if amina.evaluate("document.activeElement.matches('.ProseMirror')"):
            break
    amina.keyboard.press("Control+End")
    amina.keyboard.type(" They laughed, though.")
    press(amina, "Share update")
    expect(amina.locator("ins").last).to_contain_text("They laughed, though")
    tab_to(amina, "What did you change? (optional)")
    amina.keyboard.type("The end.")
    press(amina, "Share update")
    expect(amina.get_by_text("Shared. We’ll tell Ruth.")).to_be_visible()

    enter(ruth, site, "ruth")
    ruth.goto(f"{site}{PAGE}")
    press(ruth, "Go to first change")
    press(ruth, "Comment")
    expect(ruth.get_by_role("textbox", name="Your comment")).to_be_focused()
    ruth.keyboard.type("What did they say when they saw it?")
    ruth.keyboard.press("Control+Enter")
    expect(ruth.locator(".thread", has_text="What did they say when they saw it?").first).to_be_visible()
    press(ruth, "Finish review")
    expect(ruth.get_by_text("Your review is finished.")).to_be_visible()

    amina.goto(f"{site}{PAGE}")
    press(amina, "Reply")
    expect(amina.get_by_role("textbox", name="Your reply")).to_be_focused()
    amina.keyboard.type("Nothing. They moved up.")
    amina.keyboard.press("Control+Enter")
    expect(amina.get_by_text("Nothing. They moved up.")).to_be_visible()
    before = amina.get_by_text("settled", exact=False).first.inner_text()
    press(amina, "Settle", key="Space")
    expect(amina.get_by_text(before, exact=True)).to_have_count(0)
    for page in (amina, ruth):
        page.context.close()
