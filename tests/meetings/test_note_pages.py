"""The page of a note: what is asked, what is missing, and two people who write it at once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from accounts.drafts import keep
from meetings.actions import age_notes, agree_note, keep_private_note, save_note
from meetings.models import Action, NoteVersion, PrivateNote, SessionNote
from pairings.actions import end_pairing
from tests.meetings.making import make_meeting
from tests.meetings.notes import line, posted, words


@pytest.fixture
def pair(pair):
    pair.meeting = make_meeting(pair.pairing, starts_at=timezone.now() - timedelta(hours=1))
    pair.url = f"/pairings/{pair.pairing.slug}/meetings/{pair.meeting.slug}/note/"
    pair.jotter = pair.url.replace("/note/", "/jotter/")
    return pair


def browser(person):
    client = Client()
    client.force_login(person, backend="accounts.backends.EmailBackend")
    return client


def shows(response, *words):
    """Whether all these stand on the page, in its main part."""
    shown = " ".join(html.fromstring(response.content).xpath("string(//main)").split())
    return [each for each in words if each not in shown] == []


def errors(response):
    found = html.fromstring(response.content).xpath("//div[@class='errsum']//li")
    return [(" ".join(each.text_content().split()), each.xpath("string(.//a/@href)")) for each in found]


def field(response, name):
    [found] = html.fromstring(response.content).xpath(f"//form[@id='note']//*[@name='{name}'][not(@type='radio')]")
    return found.text if found.tag == "textarea" else found.get("value")


def test_one_writes_it_and_the_other_agrees(pair):
    ruth, amina = browser(pair.mentor), browser(pair.mentee)
    came = ruth.post(
        pair.url,
        posted(goal="Choose two.", option_1_what="Ask", will_1_what="Draft it", will_1_person=str(pair.mentee.pk)),
        follow=True,
    )
    assert shows(came, "Sent. Now it is for Amina to agree.")

    shown = amina.get(pair.url)
    assert shows(shown, "Written by Ruth on", "for you to check.")
    assert shows(shown, "Only you and Ruth can read this note.")
    came = amina.post(f"{pair.url}agreed/", {"number": "1"}, follow=True)

    assert shows(came, "Agreed. It stays here for you both.")
    assert shows(came, "Written by Ruth, agreed by Amina on")
    assert list(Action.objects.values_list("person", "words")) == [(pair.mentee.pk, "Draft it")]


def test_each_part_shows_three_questions_to_ask(pair):
    page = html.fromstring(browser(pair.mentee).get(pair.url).content)

    assert [len(each) for each in page.xpath("//ul[@class='note-questions']")] == [3, 3, 3, 3]


def test_what_is_missing_is_said_where_it_is_missing(pair):
    person = str(pair.mentee.pk)
    answer = browser(pair.mentor).post(
        pair.url,
        posted(
            goal="Choose two.",
            will_1_what="Sit in on usage review",
            will_2_by="2026-12-01",
            will_2_person=person,
            will_3_what="Read",
            will_3_person=person,
            will_3_by="2020-01-01",
            will_4_what="Write",
            will_4_person=person,
            will_4_likely="11",
            option_1_for="Quick",
        ),
    )

    assert answer.status_code == 422
    assert errors(answer) == [
        ("Name the option that this is for or against", "#id_option-1-what"),
        ("Say who will do “Sit in on usage review”.", "#id_will-1-person_0"),
        ("Write what will be done, or leave the line empty", "#id_will-2-what"),
        ("Choose a day after the meeting for “Read”.", "#id_will-3-by"),
        ("Write how likely it is as a number from 1 to 10", "#id_will-4-likely"),
    ]
    assert field(answer, "will-1-what") == "\nSit in on usage review"
    assert not SessionNote.objects.exists()


def test_an_empty_note_is_not_sent(pair):
    answer = browser(pair.mentor).post(pair.url, posted(will_1_person=str(pair.mentee.pk)))

    assert errors(answer) == [("Write a line about what you talked about", "#id_goal")]


def test_a_few_lines_will_do(pair):
    came = browser(pair.mentor).post(
        pair.url,
        posted(kind="lines", lines="We talked about March.", will_1_what="Rest", will_1_person=str(pair.mentee.pk)),
        follow=True,
    )

    assert shows(came, "We talked about March.", "Amina: Rest")
    assert not shows(came, "Reality")
    assert NoteVersion.objects.get().form == "lines"


@pytest.mark.parametrize("kind", ["lines", "grow"])
def test_what_was_written_in_the_other_form_is_neither_sent_nor_lost(pair, kind):
    answer = browser(pair.mentor).post(pair.url, posted(kind=kind, lines="In short.", goal="At length."))

    assert [path for _words, path in errors(answer)] == ["#id_kind_0"]
    assert (field(answer, "lines"), field(answer, "goal")) == ("\nIn short.", "\nAt length.")
    assert not SessionNote.objects.exists()


def test_a_line_whose_words_were_taken_out_is_taken_out(pair):
    first = save_note(
        pair.meeting, by=pair.mentor, words=words(will_do=[line(pair.mentee, "Draft", "2026-12-01", 8)]),
        expected_number=0,
    )  # fmt: skip

    browser(pair.mentee).post(f"{pair.url}?change=1", posted(first, will_1_what=""))

    assert Action.objects.get().state == "dropped"
    assert NoteVersion.objects.last().will_do == []


def test_two_who_write_at_once_see_both_texts_and_nothing_is_lost(pair):
    ruth, amina = browser(pair.mentor), browser(pair.mentee)
    amina.post(pair.url, posted(goal="Amina’s goal.", will_1_what="Hers", will_1_person=str(pair.mentee.pk)))
    mine = posted(goal="Ruth’s goal.", will_1_what="His", will_1_person=str(pair.mentor.pk))

    clash = ruth.post(pair.url, mine)

    assert clash.status_code == 422
    assert shows(clash, "Amina changed this a minute ago.")
    page = html.fromstring(clash.content)
    beside = [
        [" ".join(each.text_content().split()) for each in pair_.xpath("section/p")]
        for pair_ in page.xpath("//div[@class='clash-texts']")
    ]
    assert beside == [["Ruth’s goal.", "Amina’s goal."], ["Ruth: His", "Amina: Hers"]]
    assert (field(clash, "goal"), field(clash, "number")) == ("\nRuth’s goal.", "1")
    assert NoteVersion.objects.count() == 1

    both = ruth.post(pair.url, mine | {"number": "1", "both": "1"})

    assert both.status_code == 200
    assert field(both, "goal") == "\nRuth’s goal.\n\nAmina’s goal."
    assert (field(both, "will-1-what"), field(both, "will-2-what")) == ("\nHis", "\nHers")
    assert NoteVersion.objects.count() == 1

    sent = ruth.post(pair.url, mine | {"number": "1"}, follow=True)

    assert shows(sent, "Sent. Now it is for Amina to agree.")
    assert [(each.number, each.goal) for each in NoteVersion.objects.all()] == [
        (1, "Amina’s goal."),
        (2, "Ruth’s goal."),
    ]


def test_a_draft_that_the_other_overtook_says_so_when_it_is_opened(pair):
    keep(pair.mentor, f"note-{pair.meeting.pk}", fields=posted(goal="Half a sent") | {"number": "0"}, saves=0)
    save_note(pair.meeting, by=pair.mentee, words=words(goal="Amina’s goal."), expected_number=0)
    ruth = browser(pair.mentor)

    assert shows(ruth.get(pair.url), "Go on with what you began to change")
    page = ruth.get(f"{pair.url}?change=1")

    assert shows(page, "Amina changed this a minute ago.")
    assert (field(page, "goal"), field(page, "number")) == ("\nHalf a sent", "1")


def test_what_was_taken_out_of_a_draft_stays_out(pair):
    save_note(pair.meeting, by=pair.mentee, words=words(reality="Long ago."), expected_number=0)
    keep(pair.mentor, f"note-{pair.meeting.pk}", fields={"goal": "New", "number": "1", "kind": "grow"}, saves=0)

    page = browser(pair.mentor).get(f"{pair.url}?change=1")

    assert (field(page, "goal"), (field(page, "reality") or "").strip()) == ("\nNew", "")


def test_the_other_sees_what_was_changed_of_their_words(pair):
    first = save_note(
        pair.meeting, by=pair.mentee, words=words(will_do=[line(pair.mentee, "Draft")]), expected_number=0
    )
    second = words(goal="Choose one project.", will_do=[dict(first.will_do[0]) | {"what": "Draft it"}])
    save_note(pair.meeting, by=pair.mentor, words=second, expected_number=1)

    page = html.fromstring(browser(pair.mentee).get(pair.url).content)
    marked = [" ".join(each.text_content().split()) for each in page.xpath("//main//*[self::ins or self::del]")]

    assert marked == [
        "removed: two projects.",
        "added: one project.",
        "removed: Amina: Draft",
        "added: Amina: Draft it",
    ]
    assert shows(browser(pair.mentee).get(pair.url), "Ruth changed this.")


def test_an_earlier_version_reads_as_it_read_then(pair):
    save_note(pair.meeting, by=pair.mentee, words=words(goal="First."), expected_number=0)
    save_note(pair.meeting, by=pair.mentor, words=words(goal="Second."), expected_number=1)
    amina = browser(pair.mentee)

    past = amina.get(f"{pair.url}?version=1")

    assert shows(past, "This is how it read when Amina sent it", "First.")
    assert not html.fromstring(past.content).xpath("//button[contains(@class, 'btn-primary')]")
    assert shows(amina.get(pair.url), "changed: Goal")
    assert amina.get(f"{pair.url}?version=7").status_code == 200
    assert amina.get(f"{pair.url}?version=x").status_code == 200


def test_one_that_aged_says_so(pair):
    save_note(pair.meeting, by=pair.mentee, words=words(), expected_number=0)
    age_notes(timezone.now() + timedelta(days=14))

    assert shows(browser(pair.mentor).get(pair.url), "nobody changed it for 14 days.")


def test_who_agrees_to_another_version_than_they_saw_is_told(pair):
    save_note(pair.meeting, by=pair.mentee, words=words(), expected_number=0)
    save_note(pair.meeting, by=pair.mentee, words=words(goal="Other."), expected_number=1)

    came = browser(pair.mentor).post(f"{pair.url}agreed/", {"number": "1"}, follow=True)

    assert shows(came, "It was changed a moment ago.")
    assert SessionNote.objects.get().agreed_at is None


def test_before_they_began_there_is_only_the_jotter(pair):
    later = make_meeting(pair.pairing, starts_at=timezone.now() + timedelta(days=1))
    url = f"/pairings/{pair.pairing.slug}/meetings/{later.slug}/note/"
    ruth = browser(pair.mentor)

    page = ruth.get(url)
    refused = ruth.post(url, posted(goal="Too soon."))

    assert shows(page, "You or Amina can write the note once you have begun")
    assert not html.fromstring(page.content).xpath("//form[@id='note']")
    assert html.fromstring(page.content).xpath("//section[@id='jotter']//textarea")
    assert (refused.status_code, field(refused, "goal")) == (422, "\nToo soon.")


def test_after_the_end_it_is_read_and_what_was_not_sent_can_be_copied(pair):
    save_note(pair.meeting, by=pair.mentee, words=words(), expected_number=0)
    keep_private_note(pair.meeting, by=pair.mentor, words="Kept.")
    keep(pair.mentor, f"note-{pair.meeting.pk}", fields={"goal": "Half a sent", "number": "1"}, saves=0)
    end_pairing(pair.pairing, by=pair.mentee, why="time")
    ruth = browser(pair.mentor)

    page = ruth.get(f"{pair.url}?change=1")

    assert shows(page, "Choose two projects.", "ended before it was agreed")
    assert shows(page, "What you wrote, not sent", "Half a sent", "Kept.")
    assert not html.fromstring(page.content).xpath("//main//button")
    assert ruth.post(pair.url, posted(goal="Late.")).status_code == 422


def test_the_jotter_is_kept_for_its_author_and_says_so(pair):
    ruth, amina = browser(pair.mentor), browser(pair.mentee)

    came = ruth.post(pair.jotter, {"words": "Ask about\r\nthe move.", "based_on": ""}, follow=True)

    assert shows(came, "Kept, for you alone.")
    assert shows(came, "Only you can read this. Not Amina, not the programme team.")
    assert shows(came, "Ask about the move.")
    assert not shows(amina.get(pair.url), "the move")
    assert PrivateNote.objects.get().words == "Ask about\nthe move."

    clash = ruth.post(pair.jotter, {"words": "Other", "based_on": ""})
    assert clash.status_code == 422
    assert shows(clash, "This is what stands there now:")

    ruth.post(pair.jotter, {"words": "Other", "based_on": "Ask about\r\nthe move."})
    assert PrivateNote.objects.get().words == "Other"


def test_confidence_before_and_after_stand_beside_each_other(pair):
    browser(pair.mentor).post(pair.url, posted(goal="Choose.", confidence="4"))

    assert shows(browser(pair.mentee).get(pair.url), "Amina’s confidence after the meeting: 4.")


def test_the_meeting_shows_what_will_be_done(pair):
    url = f"/pairings/{pair.pairing.slug}/meetings/{pair.meeting.slug}/"
    assert shows(browser(pair.mentee).get(url), "Write the note")
    save_note(pair.meeting, by=pair.mentor, words=words(will_do=[line(pair.mentee, "Draft it")]), expected_number=0)
    agree_note(pair.meeting, by=pair.mentee, number=1)

    page = browser(pair.mentee).get(url)

    assert shows(page, "Amina: Draft it", "agreed by Amina")
    assert not shows(page, "Choose two projects.")


@pytest.mark.parametrize("count", [1, 3])
def test_its_statements_do_not_grow(pair, django_assert_num_queries, count):
    latest = None
    for number in range(count):
        lines = [line(pair.mentee, f"Line {each}") for each in range(number + 1)]
        latest = save_note(pair.meeting, by=pair.mentor, words=words(will_do=lines), expected_number=number)
    amina = browser(pair.mentee)
    amina.get(pair.url)

    with django_assert_num_queries(12):
        amina.get(pair.url)
    with django_assert_num_queries(10):
        amina.get(f"{pair.url}?change=1")
    assert latest.number == count
