"""Who may open what of a thread: the two of the pairing, before and after its end, and nobody else."""

import pytest
from django.contrib import admin

from pairings.actions import edit_message, move_pairing, send_message
from pairings.models import Message, MessageFile, MessageWording
from programmes.models import Enrolment
from tests.factories import EnrolmentFactory, PairingFactory, PersonFactory, make_picture

OUTSIDERS = ["a stranger", "the next mentor", "a former mentor", "the coordinator", "a superuser", "her own mentor"]


@pytest.fixture
def thread(pair):
    """The pair with an edited message that has a picture."""
    pair.message = send_message(pair.pairing, by=pair.mentor, body="One.", files=[make_picture(pair.mentor)])
    edit_message(pair.message, by=pair.mentor, body="Two.")
    pair.picture = pair.message.files.get().file
    return pair


@pytest.fixture
def outsider(thread, request):
    """Somebody who is near, and is not one of the two."""
    if request.param == "a former mentor":
        return PairingFactory(programme=thread.pairing.programme, mentee=thread.mentee, ended=True).mentor
    if request.param == "the next mentor":
        move_pairing(thread.pairing, "ended", by=thread.mentee)
        return PairingFactory(programme=thread.pairing.programme, mentee=thread.mentee).mentor
    if request.param == "the coordinator":
        role = Enrolment.Role.COORDINATOR
        return EnrolmentFactory(programme=thread.pairing.programme, role=role, person__is_staff=True).person
    if request.param == "her own mentor":
        return PairingFactory(programme=thread.pairing.programme, mentee=thread.mentor).mentor
    return PersonFactory(is_superuser=request.param == "a superuser", is_staff=request.param == "a superuser")


def addresses(thread):
    messages = f"/pairings/{thread.pairing.slug}/messages/"
    message, file = f"{messages}{thread.message.number}/", f"files/{thread.picture.uuid}/"
    return {
        "looking": [messages, f"{message}earlier/", f"{message}{file}", f"{message}{file}thumbnail/",
                    f"{message}wording/", f"/pairings/{thread.pairing.slug}/concern/"],
        "sending": [messages, f"{messages}reading/", f"{message}wording/", f"/pairings/{thread.pairing.slug}/concern/"],
    }  # fmt: skip


def look(browser, url):
    """What comes of opening a page, or a file to its end."""
    response = browser.get(url)
    if response.streaming:
        b"".join(response)
    return response


def visible(person):
    return [model.objects.visible_to(person).count() for model in (Message, MessageWording, MessageFile)]


@pytest.mark.parametrize("outsider", OUTSIDERS, indirect=True)
def test_nobody_else_finds_anything_of_it(thread, outsider, signed_in):
    browser, places = signed_in(outsider), addresses(thread)

    looks = {url: look(browser, url).status_code for url in places["looking"]}
    sends = {url: browser.post(url, {"body": "Mine.", "reason": "Mine."}).status_code for url in places["sending"]}

    assert set(looks.values()) | set(sends.values()) == {404}
    assert visible(outsider) == [0, 0, 0]
    assert not Message.objects.get().is_editable_by(outsider)
    assert Message.objects.get().body == "Two."


@pytest.mark.parametrize("ended", [False, True])
@pytest.mark.parametrize("who", ["mentee", "mentor"])
def test_both_find_all_of_it_also_after_the_end(thread, signed_in, who, ended):
    if ended:
        move_pairing(thread.pairing, "ended", by=thread.mentee)
    browser, places = signed_in(getattr(thread, who)), addresses(thread)

    looks = [look(browser, url).status_code for url in places["looking"]]

    changing = 404 if who == "mentee" else 302 if ended else 200
    assert looks == [200, 200, 200, 200, changing, 200]
    assert visible(getattr(thread, who)) == [1, 1, 1]


def test_messages_have_no_page_in_the_admin():
    assert {Message, MessageWording, MessageFile} & set(admin.site._registry) == set()


def test_a_file_is_found_at_its_own_message_alone(thread, signed_in):
    other = send_message(thread.pairing, by=thread.mentor, body="Other.")
    elsewhere = PairingFactory(mentee=thread.mentee)
    browser = signed_in(thread.mentee)

    for slug, message in ((thread.pairing.slug, other), (elsewhere.slug, thread.message)):
        url = f"/pairings/{slug}/messages/{message.number}/files/{thread.picture.uuid}/"
        assert browser.get(url).status_code == 404
        assert browser.get(f"{url}thumbnail/").status_code == 404


def test_a_message_is_found_in_its_own_thread_alone(thread, signed_in):
    elsewhere = PairingFactory(mentee=thread.mentee, mentor=thread.mentor)
    browser = signed_in(thread.mentor)

    for what in ("wording", "earlier"):
        assert browser.get(f"/pairings/{elsewhere.slug}/messages/{thread.message.number}/{what}/").status_code == 404


def test_a_file_leaves_as_nothing_that_a_browser_runs(thread, signed_in):
    browser = signed_in(thread.mentee)

    response = look(browser, addresses(thread)["looking"][2])

    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Type"] == "image/jpeg"
