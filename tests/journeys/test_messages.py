"""Two people write to each other: by keyboard, without scripts, with a file that is refused, when one is worried."""

import re

import pytest
from playwright.sync_api import expect

from notifications import delivery
from notifications.models import Notification
from pairings.models import Concern, Message
from tests.journeys.test_keyboard import enter, press, tab_to
from tests.journeys.test_walk import the_link

pytestmark = pytest.mark.django_db(transaction=True)

THREAD = "/pairings/amina-and-ruth/messages/"
NEWEST = "I’m on the 10.47 to Carlisle tomorrow"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def scripted(request):
    return request.param


@pytest.fixture
def person(browser, scripted, sign_in):
    """`person("amina")` is a page of a browser in which she is signed in."""
    contexts = []

    def another(key):
        contexts.append(browser.new_context(java_script_enabled=scripted, reduced_motion="reduce"))
        page = contexts[-1].new_page()
        sign_in(page, key)
        return page

    yield another
    for context in contexts:
        context.close()


def letter(page, words):
    return page.locator(".letter", has_text=words)


def new_messages(key):
    unseen = Notification.objects.unseen().filter(event__kind="pairings.message")
    return unseen.filter(person__email=f"{key}@demo.example").count()


def test_a_message_reaches_the_other_by_email_and_is_answered(northmere, sink, site, person):
    amina = person("amina")
    amina.get_by_role("link", name="Messages", exact=True).first.click()
    expect(amina.get_by_role("heading", name="Messages with Ruth", level=1)).to_be_visible()
    expect(letter(amina, NEWEST).get_by_text("New", exact=True)).to_be_visible()
    amina.get_by_label("Write to Ruth").fill("There is a number.\n\nSee https://www.northmere.example/numbers.")
    amina.get_by_role("button", name="Send").click()
    sent = letter(amina, "There is a number.")
    expect(sent.get_by_role("link", name="https://www.northmere.example/numbers")).to_have_attribute(
        "rel", "noopener noreferrer nofollow"
    )
    # Whoever answers has read.
    expect(amina.locator(".letter .tag-new")).to_have_count(0)

    # A slip is put right before anybody was told.
    sent.get_by_role("link", name="Change").click()
    amina.get_by_label("Your message").fill("There are two numbers.")
    amina.get_by_role("button", name="Save").click()
    expect(letter(amina, "There are two numbers.").get_by_role("link", name="edited")).to_be_visible()

    delivery.deliver_due()
    [told] = [message for message in sink if message["To"].endswith("<ruth@demo.example>")]
    assert told["Subject"].strip() == "Amina: “There are two numbers.”"

    ruth = person("ruth")
    ruth.goto(the_link(told))
    mine = letter(ruth, "There are two numbers.")
    expect(mine.get_by_text("New", exact=True)).to_be_visible()
    mine.get_by_role("link", name="edited").click()
    expect(ruth.get_by_text("There is a number.")).to_be_visible()
    ruth.get_by_role("link", name="Back to your messages").click()
    ruth.get_by_label("Write to Amina").fill("Two is one more than I hoped for.")
    ruth.get_by_role("button", name="Send").click()
    expect(letter(ruth, "Two is one more than I hoped for.")).to_be_visible()
    assert new_messages("ruth") == 0
    assert new_messages("amina") == 1


def test_a_file_that_is_refused_keeps_the_words_and_the_next_one_goes(northmere, site, person):
    amina = person("amina")
    amina.goto(site + THREAD)
    amina.get_by_label("Write to Ruth").fill("Here is the list.")
    amina.get_by_label("Add files").set_input_files(
        {"name": "list.exe", "mimeType": "application/octet-stream", "buffer": b"MZ\x90\x00" * 100}
    )
    amina.get_by_role("button", name="Send").click()
    expect(amina.locator(".errsum")).to_be_visible()
    expect(amina).to_have_title(re.compile("^Problem: "))
    expect(amina.get_by_label("Write to Ruth")).to_have_value("Here is the list.")

    amina.get_by_label("Add files").set_input_files(
        {"name": "list.txt", "mimeType": "text/plain", "buffer": "Zoë, Łukasz\n".encode()}
    )
    amina.get_by_role("button", name="Send").click()
    file = letter(amina, "Here is the list.").get_by_role("link", name="list.txt Text")
    expect(file).to_be_visible()
    with amina.expect_download() as download:
        file.click()
    assert download.value.suggested_filename == "list.txt"
    assert Message.objects.filter(body="Here is the list.").count() == 1


def test_who_is_worried_tells_the_programme_team_and_it_is_looked_after(northmere, sink, site, person):
    amina = person("amina")
    amina.goto(site + THREAD)
    amina.get_by_role("link", name="Tell the programme team").click()
    expect(amina.get_by_text("Marguerite Fell")).to_be_visible()
    expect(amina.get_by_text("Ruth is not told.")).to_be_visible()
    amina.get_by_role("button", name="Send").click()
    expect(amina.locator(".errsum").get_by_text("Write what worries you.")).to_be_visible()
    amina.get_by_label("What worries you?").fill("I would rather not say it to her.")
    amina.get_by_role("button", name="Send").click()
    expect(amina.get_by_text("Thank you for telling us.")).to_be_visible()

    delivery.deliver_due()
    [told] = sink
    assert told["To"].endswith("<marguerite@demo.example>")
    assert "I would rather not say it to her." in told.get_body(("plain",)).get_content()

    marguerite = person("marguerite")
    marguerite.goto(the_link(told))
    expect(marguerite.get_by_text("I would rather not say it to her.")).to_be_visible()
    marguerite.get_by_label("I have looked after this").check()
    marguerite.get_by_role("button", name="Save", exact=True).click()
    expect(marguerite.get_by_role("link", name="Amina and Ruth")).to_be_visible()
    assert Concern.objects.get().handled_by.first_name == "Marguerite"


def test_reading_is_said_with_a_button(northmere, site, browser, sign_in):
    page = browser.new_context(java_script_enabled=False).new_page()
    sign_in(page, "amina")
    page.goto(site + THREAD)
    page.get_by_role("button", name="I’ve read these").click()

    expect(letter(page, NEWEST)).to_be_visible()
    expect(page.locator(".letter .tag-new")).to_have_count(0)
    expect(page.get_by_role("button", name="I’ve read these")).to_have_count(0)
    assert new_messages("amina") == 0
    page.context.close()


def test_two_seconds_at_the_newest_message_say_it_too(northmere, site, browser, sign_in):
    page = browser.new_context(viewport={"width": 390, "height": 700}).new_page()
    sign_in(page, "amina")
    page.clock.install()

    # As long as the newest is out of sight nothing is read.
    page.goto(site + THREAD)
    page.evaluate("scrollTo(0, 0)")
    page.clock.run_for(30_000)
    assert new_messages("amina") == 1

    button = page.get_by_role("button", name="I’ve read these")
    button.scroll_into_view_if_needed()
    with page.expect_response("**/messages/reading/"):
        page.wait_for_timeout(200)
        page.clock.run_for(3_000)
    expect(button).to_be_hidden()
    # What was new when the page was opened still says so.
    expect(letter(page, NEWEST).get_by_text("New", exact=True)).to_be_visible()
    assert new_messages("amina") == 0
    page.context.close()


def test_half_a_message_is_there_when_one_comes_back(northmere, site, browser, sign_in):
    page = browser.new_context().new_page()
    sign_in(page, "amina")
    page.goto(site + THREAD)
    page.get_by_label("Write to Ruth").type("Half a mess")
    expect(page.locator('.saved[data-state="saved"]')).to_be_visible(timeout=8000)

    page.goto(f"{site}/home/")
    page.goto(site + THREAD)

    expect(page.get_by_label("Write to Ruth")).to_have_value("Half a mess")
    page.context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_write_edit_and_look_back_by_keyboard(northmere, site, browser, width):
    page = browser.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce").new_page()
    enter(page, site, "amina")
    page.goto(site + THREAD)

    tab_to(page, "Write to Ruth")
    page.keyboard.type("Thank you for yesterday.")
    page.keyboard.press("Control+Enter")
    sent = letter(page, "Thank you for yesterday.")
    expect(sent).to_be_focused()

    press(page, "Change")
    expect(page.get_by_role("heading", name="Change your message")).to_be_visible()
    tab_to(page, "Your message")
    page.keyboard.press("Control+End")
    page.keyboard.type(" And today.")
    page.keyboard.press("Control+Enter")
    expect(letter(page, "Thank you for yesterday. And today.")).to_be_focused()

    press(page, "edited")
    expect(page.get_by_role("heading", name="Earlier wording")).to_be_visible()
    expect(page.get_by_text("Thank you for yesterday.", exact=True)).to_be_visible()
    page.context.close()
