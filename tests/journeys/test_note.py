"""A meeting is written down: one writes, the other edits and returns it, both agree, and what they will do goes on to
the next plan. Two who write at once lose nothing."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Draft
from meetings.models import Action, NoteVersion, SessionNote
from notifications import delivery
from pairings.models import Pairing
from tests.journeys.test_walk import the_link
from tests.meetings.making import make_meeting

pytestmark = pytest.mark.django_db(transaction=True)

BOTH_WAYS = pytest.mark.parametrize("scripted", [True, False], ids=["with JavaScript", "without JavaScript"])


@pytest.fixture
def person(browser, sign_in):
    """`person("amina", True)` is a page of a browser, with scripts, in which she is signed in."""
    contexts = []

    def another(key, scripted):
        contexts.append(browser.new_context(java_script_enabled=scripted, reduced_motion="reduce"))
        page = contexts[-1].new_page()
        sign_in(page, key)
        return page

    yield another
    for context in contexts:
        context.close()


@pytest.fixture
def meeting(northmere):
    """Amina and Ruth began to meet an hour ago, and meet again in five weeks."""
    pairing = Pairing.objects.get(slug="amina-and-ruth")
    make_meeting(pairing, starts_at=timezone.now() + timedelta(days=36), slug="next")
    return make_meeting(pairing, starts_at=timezone.now() - timedelta(hours=1), slug="now")


def address(site, meeting, last="note/"):
    return f"{site}/pairings/amina-and-ruth/meetings/{meeting.slug}/{last}"


def write_line(page, number, what, who):
    row = page.get_by_role("group", name=f"Action {number}", exact=True)
    row.get_by_label("What", exact=True).fill(what)
    row.get_by_label(who).check()


def told(sink, key):
    delivery.deliver_due()
    [message] = [each for each in sink if each["To"].endswith(f"<{key}@demo.example>") and "Note of" in each["Subject"]]
    sink.clear()
    return message


@BOTH_WAYS
def test_one_writes_the_other_returns_it_and_what_they_will_do_stands_in_the_next_plan(
    meeting, sink, site, person, scripted
):
    ruth = person("ruth", scripted)
    ruth.goto(address(site, meeting))
    ruth.get_by_role("textbox", name="Goal", exact=True).fill("Choose two projects.")
    ruth.get_by_role("group", name="Option 1").get_by_label("What you could do").fill("Ask to sit in")
    ruth.get_by_role("group", name="Option 1").get_by_label("Against it").fill("It is scary.")
    write_line(ruth, 1, "Draft the usage page", "Amina")
    ruth.get_by_role("group", name="Action 2", exact=True).get_by_label("What", exact=True).fill("Introduce Tom")
    ruth.get_by_role("button", name="Save and send to Amina").click()
    expect(ruth.locator(".errsum").get_by_text("Say who will do “Introduce Tom”.")).to_be_visible()
    write_line(ruth, 2, "Introduce Tom", "Ruth")
    ruth.get_by_role("button", name="Save and send to Amina").click()
    expect(ruth.get_by_text("Sent. Now it is for Amina to agree.")).to_be_visible()

    message = told(sink, "amina")
    text = message.get_body(("plain",)).get_content()
    assert ("Draft the usage page" in text, "scary" in text, "two projects" in text) == (True, False, False)
    amina = person("amina", scripted)
    amina.goto(the_link(message))
    amina.get_by_role("link", name="Change and return it").click()
    amina.get_by_role("textbox", name="Goal", exact=True).fill("Choose one project.")
    if amina.get_by_role("group", name="Action 4", exact=True).count() == 0:
        amina.locator("#will").get_by_text("Another one").first.click()
    write_line(amina, 4, "Ask the team", "Amina")
    amina.get_by_role("button", name="Save and send to Ruth").click()
    expect(amina.get_by_text("Sent. Now it is for Ruth to agree.")).to_be_visible()

    ruth.goto(the_link(told(sink, "ruth")))
    expect(ruth.locator("del", has_text="two projects.")).to_be_visible()
    expect(ruth.locator("ins", has_text="Ask the team")).to_be_visible()
    ruth.get_by_role("button", name="Agree").click()
    expect(ruth.get_by_text("Agreed. It stays here for you both.")).to_be_visible()
    expect(ruth.get_by_text("Written by Amina, agreed by Ruth on")).to_be_visible()

    amina.goto(f"{site}/pairings/amina-and-ruth/actions/")
    row = amina.get_by_role("listitem").filter(has_text="Ask the team")
    row.get_by_role("button", name="Done").click()
    amina.get_by_role("listitem").filter(has_text="Ask the team").get_by_role("button", name="Undo").click()
    expect(
        amina.get_by_role("listitem").filter(has_text="Ask the team").get_by_role("button", name="Done")
    ).to_be_visible()
    amina.goto(f"{site}/pairings/amina-and-ruth/meetings/next/plan/")
    expect(amina.get_by_label("Ask the team")).to_be_visible()
    expect(amina.get_by_label("Draft the usage page")).to_be_visible()


@BOTH_WAYS
def test_two_who_write_at_once_see_both_texts_and_lose_none(meeting, site, person, scripted):
    ruth, amina = person("ruth", scripted), person("amina", scripted)
    for page, goal in ((ruth, "Ruth’s goal"), (amina, "Amina’s goal")):
        page.goto(address(site, meeting))
        page.get_by_role("textbox", name="Goal", exact=True).fill(goal)
    write_line(amina, 1, "Hers", "Amina")
    write_line(ruth, 1, "His", "Ruth")
    amina.get_by_role("button", name="Save and send to Ruth").click()
    expect(amina.get_by_text("Sent. Now it is for Ruth to agree.")).to_be_visible()

    ruth.get_by_role("button", name="Save and send to Amina").click()

    expect(ruth.get_by_text("Amina changed this a minute ago.")).to_be_visible()
    expect(ruth.get_by_role("group", name="Goal, yours")).to_contain_text("Ruth’s goal")
    expect(ruth.get_by_role("group", name="Goal, from Amina")).to_contain_text("Amina’s goal")
    expect(ruth.get_by_role("textbox", name="Goal", exact=True)).to_have_value("Ruth’s goal")
    ruth.get_by_role("button", name="Put both into the form").click()
    expect(ruth.get_by_role("textbox", name="Goal", exact=True)).to_have_value("Ruth’s goal\n\nAmina’s goal")
    ruth.get_by_role("button", name="Save and send to Amina").click()
    expect(ruth.get_by_text("Sent. Now it is for Amina to agree.")).to_be_visible()

    assert [each.goal for each in NoteVersion.objects.filter(note__meeting=meeting)] == [
        "Amina’s goal",
        "Ruth’s goal\n\nAmina’s goal",
    ]
    assert sorted(Action.objects.filter(note__meeting=meeting, state="open").values_list("words", flat=True)) == [
        "Hers",
        "His",
    ]


def test_what_is_typed_is_kept_and_comes_back(meeting, site, person):
    ruth = person("ruth", True)
    ruth.goto(address(site, meeting))
    ruth.get_by_role("textbox", name="Goal", exact=True).fill("Half a sentence")
    write_line(ruth, 3, "Draft it", "Amina")
    ruth.locator("#options").get_by_text("Another one").first.click()
    ruth.get_by_role("group", name="Option 4").get_by_label("What you could do").fill("Wait a while")
    ruth.get_by_label("Your jotter").fill("She looked tired.")
    expect(ruth.locator("#jotter .saved[data-state=saved]")).to_be_visible()
    expect(ruth.locator("#note .saved[data-state=saved]")).to_be_visible()

    ruth.reload()

    expect(ruth.get_by_role("textbox", name="Goal", exact=True)).to_have_value("Half a sentence")
    row = ruth.get_by_role("group", name="Action 3", exact=True)
    expect(row.get_by_label("What", exact=True)).to_have_value("Draft it")
    expect(row.get_by_label("Amina")).to_be_checked()
    expect(ruth.get_by_role("group", name="Option 4").get_by_label("What you could do")).to_have_value("Wait a while")
    expect(ruth.get_by_label("Your jotter")).to_have_value("She looked tired.")
    assert not SessionNote.objects.filter(meeting=meeting).exists()
    kept = json.dumps([draft.fields for draft in Draft.objects.filter(key__endswith=f"-{meeting.pk}")])
    assert ("Half a sentence" in kept, "tired" in kept) == (True, True)


def test_a_few_lines_take_the_place_of_the_four_parts(meeting, site, person):
    ruth = person("ruth", True)
    ruth.goto(address(site, meeting))
    expect(ruth.get_by_label("A few lines", exact=True)).to_be_hidden()

    ruth.get_by_label("Just a few lines instead").check()

    expect(ruth.get_by_role("textbox", name="Goal", exact=True)).to_be_hidden()
    ruth.get_by_label("A few lines", exact=True).fill("We talked about March.")
    write_line(ruth, 1, "Rest", "Amina")
    ruth.get_by_role("button", name="Save and send to Amina").click()
    expect(ruth.get_by_text("We talked about March.")).to_be_visible()
    expect(ruth.get_by_text("Amina: Rest")).to_be_visible()
