"""The reason this product exists, walked in a real browser: share, mail, see what changed, talk."""

import re

import pytest
from playwright.sync_api import expect

from notifications import delivery
from tests.journeys.writing import go_to_end

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/portfolios/amina-okafor/forty-student-nurses-at-nine-on-a-friday/"
OLD = "so I am not claiming that one."


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def scripted(request):
    return request.param


@pytest.fixture
def people(browser, scripted):
    """`people()` opens another browser of its own, as another person would have."""
    contexts = []

    def another():
        contexts.append(browser.new_context(java_script_enabled=scripted))
        return contexts[-1].new_page()

    yield another
    for context in contexts:
        context.close()


def the_link(message):
    return re.search(r'class="a" href="([^"]+)"', message.get_body(("html",)).get_content())[1]


def text_of(message):
    return " ".join(message.get_body(("plain",)).get_content().split())


def write(page, scripted):
    if scripted:
        box = page.get_by_role("textbox", name="Your words")
        box.get_by_text(OLD).click()
        go_to_end(box)
        page.keyboard.type(" They laughed, though.")
        expect(page.locator("#save-state .saved")).to_have_attribute("data-state", "saving")
        expect(page.locator("#save-state .saved")).to_have_attribute("data-state", "saved", timeout=8000)
    else:
        box = page.get_by_label("Your words").locator("visible=true")
        box.fill(box.input_value() + " They laughed, though.")


def test_an_update_reaches_the_mentors_inbox_and_her_answer_the_mentees(
    northmere, sink, site, sign_in, people, scripted
):
    amina, ruth = people(), people()

    # Amina writes, looks at what changed, and shares it.
    sign_in(amina, "amina")
    amina.goto(f"{site}{PAGE}edit/")
    write(amina, scripted)
    amina.get_by_role("button", name="Share update").click()
    expect(amina.locator("ins").last).to_contain_text("They laughed, though")
    amina.get_by_label("What did you change?").fill("The end.")
    amina.get_by_role("button", name="Share update").click()
    expect(amina.get_by_text("Shared. We’ll tell Ruth.")).to_be_visible()

    # Ruth gets one email with the very words.
    delivery.deliver_due()
    [told] = [message for message in sink if message["To"].endswith("<ruth@demo.example>")]
    assert told["Subject"].strip() == "Amina updated “Forty student nurses at nine on a Friday”"
    assert "They laughed, though" in text_of(told)
    assert "“The end.”" in text_of(told)
    assert re.search(r"<ins>[^<]*They laughed, though", told.get_body(("html",)).get_content())
    assert told["Message-ID"]
    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    # Its button leads, by way of signing in, to the changes themselves.
    ruth.goto(the_link(told))
    ruth.get_by_label("Email", exact=True).fill("ruth@demo.example")
    ruth.get_by_label("Password", exact=True).fill("open-stacks-2026")
    ruth.get_by_role("button", name="Sign in", exact=True).click()
    expect(ruth.get_by_role("heading", name="Forty student nurses at nine on a Friday", level=1)).to_be_visible()
    expect(ruth.locator("article ins").last).to_contain_text("They laughed, though")

    # She asks about one paragraph, praises the page, and finishes her review: one email says both.
    paragraph = ruth.locator("#words [data-start]", has_text="They laughed, though")
    paragraph.hover()
    paragraph.get_by_role("link", name="Comment", exact=True).click()
    ruth.get_by_label("Your comment").fill("What did they say when they saw it?")
    ruth.get_by_role("button", name="Send comment").click()
    asked = ruth.locator(".thread", has_text="What did they say when they saw it?")
    expect(asked.locator(".quote")).to_contain_text("I taught the second group in April")
    expect(ruth.locator("article ins").last).to_contain_text("They laughed, though")
    ruth.get_by_role("link", name="Add a comment").click()
    ruth.get_by_role("radio", name="Well done").check()
    ruth.get_by_label("Your comment").fill("This is your best page yet.")
    ruth.get_by_role("button", name="Send comment").click()
    expect(ruth.get_by_text("You said 2 things.")).to_be_visible()
    ruth.get_by_role("button", name="Finish review").click()
    expect(ruth.get_by_text("Your review is finished.")).to_be_visible()
    sink.clear()
    delivery.deliver_due()
    [told] = sink
    assert told["To"].endswith("<amina@demo.example>")
    assert told["Subject"].strip() == "Ruth left 2 comments on “Forty student nurses at nine on a Friday”"
    assert "What did they say when they saw it?" in text_of(told)
    assert "This is your best page yet." in text_of(told)

    # Amina answers the question beside its words, and settles the praise.
    amina.goto("about:blank")  # an email's link opens a tab of its own
    amina.goto(the_link(told))
    thread = amina.locator(".thread", has_text="What did they say when they saw it?")
    thread.get_by_role("link", name="Reply", exact=True).click()
    amina.get_by_label("Your reply").fill("Nothing. They moved up.")
    amina.get_by_role("button", name="Send reply").click()
    expect(amina.get_by_text("Nothing. They moved up.")).to_be_visible()
    amina.locator(".thread", has_text="best page yet").get_by_role("button", name="Settle").click()
    expect(amina.locator(".talk > .thread:not(.thread-settled)")).to_have_count(0)

    # Having commented, Ruth has read the page: no changes are left to see, and the answer stands with its question.
    ruth.goto(f"{site}{PAGE}")
    expect(ruth.locator("article ins")).to_have_count(0)
    expect(ruth.locator(".beside", has_text="Nothing. They moved up.")).to_be_visible()
