"""Half-written words: kept for their writer alone, never overwritten in silence."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from lxml import html

from accounts import drafts
from accounts.models import Draft
from accounts.tasks import let_go_of_kept_words
from tests.at_once import all_at_once
from tests.factories import PersonFactory

KEY = "page-45-comment"


@pytest.fixture
def amina(db):
    return PersonFactory(name="Amina Okafor")


def keep(person, text, saves=0, key=KEY):
    return drafts.keep(person, key, fields={"body": text}, saves=saves)


def kept(person):
    return {key: draft.fields for key, draft in drafts.drafts_of(person, [KEY, "page-46-comment"]).items()}


def test_words_are_kept_and_counted(amina):
    first = keep(amina, "Who did")
    second = keep(amina, "Who did you ask?", saves=first.saves)

    assert (first.saves, second.saves) == (1, 2)
    assert kept(amina) == {KEY: {"body": "Who did you ask?"}}


def test_a_stale_save_overwrites_nothing_and_brings_the_other_words(amina):
    keep(amina, "From one tab")

    with pytest.raises(drafts.Stale) as clash:
        keep(amina, "From the other")

    assert clash.value.draft.fields == {"body": "From one tab"}
    assert kept(amina) == {KEY: {"body": "From one tab"}}


def test_the_same_words_again_are_no_clash_whatever_the_line_ends(amina):
    keep(amina, "One\r\ntwo")

    again = keep(amina, "One\ntwo")

    assert again.saves == 1


def test_two_tabs_never_overwrite_each_other_in_a_hundred_trials(amina):
    """Each tab goes on from the counter that it knows; a clash is settled by whoever sees both."""
    for trial in range(100):
        key = f"trial-{trial}"
        start = keep(amina, "Start", key=key).saves
        first, second = f"first {trial}", f"second {trial}"
        results = [save_or_clash(amina, key, text, start) for text in (first, second)]

        assert results == ["saved", first]
        assert drafts.drafts_of(amina, [key])[key].fields == {"body": first}


def save_or_clash(person, key, text, saves):
    try:
        keep(person, text, saves=saves, key=key)
    except drafts.Stale as clash:
        return clash.draft.fields["body"]
    return "saved"


@pytest.mark.django_db(transaction=True)
def test_of_tabs_that_save_at_the_same_moment_one_is_taken_and_the_others_are_told(transactional_db):
    person = PersonFactory()

    results = all_at_once([lambda number=number: keep(person, f"Tab {number}") for number in range(8)])

    assert results == {"Stale": 7, "done": 1}
    assert Draft.objects.get().saves == 1


def test_after_sending_nothing_is_left_but_an_old_window_is_still_noticed(amina):
    sent = keep(amina, "Sent words")
    drafts.let_go(amina, KEY)
    assert kept(amina) == {}

    new = keep(amina, "New words", saves=0)
    with pytest.raises(drafts.Stale):
        keep(amina, "Words of the old window", saves=sent.saves)

    assert new.saves == 3
    assert kept(amina) == {KEY: {"body": "New words"}}


def test_letting_go_of_nothing_is_nothing(amina):
    drafts.let_go(amina, KEY)

    assert not Draft.objects.exists()


@pytest.mark.parametrize("text", ["x" * drafts.LONGEST, "ä" * (drafts.LONGEST // 2)])
def test_a_draft_has_a_size(amina, text):
    with pytest.raises(drafts.TooMuch):
        keep(amina, text)

    keep(amina, text[:-10])
    assert kept(amina) == {KEY: {"body": text[:-10]}}


def test_a_person_has_so_many_drafts(amina, monkeypatch):
    monkeypatch.setattr(drafts, "MOST", 2)
    keep(amina, "One", key="one")
    keep(amina, "Two", key="two")

    with pytest.raises(drafts.TooMuch):
        keep(amina, "Three", key="three")

    drafts.let_go(amina, "one")
    keep(amina, "Three", key="three")
    keep(amina, "Two and more", saves=1, key="two")
    assert Draft.objects.exclude(fields={}).count() == 2


def test_counters_of_forms_sent_long_ago_are_forgotten_words_never(amina):
    keep(amina, "Still unfinished")
    keep(amina, "Sent", key="page-46-comment")
    drafts.let_go(amina, "page-46-comment")

    with time_machine.travel(timezone.now() + timedelta(days=31)):
        let_go_of_kept_words()

    assert [draft.key for draft in Draft.objects.all()] == [KEY]
    assert kept(amina) == {KEY: {"body": "Still unfinished"}}


def test_nobody_reads_the_words_of_somebody_else(amina):
    keep(amina, "Between me and myself")
    ruth = PersonFactory(is_staff=True, is_superuser=True)

    assert kept(ruth) == {}
    assert list(Draft.objects.editable_by(ruth)) == []
    keep(ruth, "Hers")
    assert kept(amina) == {KEY: {"body": "Between me and myself"}}


def test_no_draft_shows_its_words_where_its_name_is_shown(amina):
    draft = keep(amina, "Between me and myself")

    assert str(draft) == f"draft {KEY} of person {amina.pk}"
    assert "Between" not in repr(draft)


# Over HTTP ------------------------------------------------------------------------------------------------


def line(response):
    return html.fromstring(f"<div>{response.content.decode()}</div>").xpath(".//*[@class='saved']")[0]


def test_an_autosave_is_answered_with_the_time_and_the_new_counter(signed_in, amina):
    browser = signed_in(amina)

    answer = browser.post(f"/drafts/{KEY}/", {"body": "Who did you ask?", "draft_saves": "0"})

    assert answer.status_code == 200
    assert (line(answer).get("data-state"), line(answer).get("data-saves")) == ("saved", "1")
    time = timezone.localtime(Draft.objects.get().saved_at, amina.profile.zone)
    assert f"Saved {time:%H:%M}, only you" in line(answer).text_content()
    assert kept(amina) == {KEY: {"body": "Who did you ask?"}}


def test_a_stale_autosave_is_answered_with_both_texts(signed_in, amina):
    keep(amina, "From one tab")

    answer = signed_in(amina).post(f"/drafts/{KEY}/", {"body": "<b>From the other</b>", "draft_saves": "0"})

    assert answer.status_code == 409
    texts = [each.text_content() for each in html.fromstring(answer.content).xpath("//*[@class='as-typed']")]
    assert texts == ["<b>From the other</b>", "From one tab"]
    assert html.fromstring(answer.content).xpath("//*[@data-mine]")[0].get("value") == "1"


def test_an_autosave_that_is_too_long_says_what_to_do(signed_in, amina):
    answer = signed_in(amina).post(f"/drafts/{KEY}/", {"body": "x" * 200_001})

    assert answer.status_code == 422
    assert line(answer).get("data-state") == "unsaved"
    assert "Take some of it out" in answer.content.decode()


@pytest.mark.parametrize("saves", ["", "-1", "nonsense", "1e3", "٣", "9" * 5000])
def test_a_counter_without_sense_counts_as_none(signed_in, amina, saves):
    answer = signed_in(amina).post(f"/drafts/{KEY}/", {"body": "Words", "draft_saves": saves})

    assert answer.status_code == 200


def test_strange_keys_and_characters_harm_nothing(signed_in, amina):
    browser = signed_in(amina)

    assert browser.post(f"/drafts/{'k' * 101}/", {"body": "Words"}).status_code == 404
    assert browser.post(f"/drafts/{KEY}/", {"body": "a\0b\U0001f600"}).status_code == 200
    assert kept(amina) == {KEY: {"body": "ab\U0001f600"}}


def test_somebody_signed_out_is_told_plainly(client, amina):
    answer = client.post(
        f"/drafts/{KEY}/", {"body": "Words"}, headers={"HX-Request": "true", "X-Person": str(amina.pk)}
    )

    assert (answer.status_code, answer.content) == (401, b"")
    assert not Draft.objects.exists()


def test_an_open_tab_of_somebody_else_saves_nothing_under_my_name(signed_in, amina):
    ruth = PersonFactory()

    answer = signed_in(ruth).post(f"/drafts/{KEY}/", {"body": "Amina’s words"}, headers={"X-Person": str(amina.pk)})

    assert answer.status_code == 401
    assert not Draft.objects.exists()


def test_a_script_with_a_stale_token_gets_a_new_one_for_the_same_person_only(amina):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(amina, backend="accounts.backends.EmailBackend")
    browser.get("/settings/time/")
    mine = {"HX-Request": "true", "X-Person": str(amina.pk)}

    refused = browser.post(f"/drafts/{KEY}/", {"body": "Words"}, headers=mine)
    taken = browser.post(f"/drafts/{KEY}/", {"body": "Words"}, headers=mine | {"X-CSRFToken": refused["X-CSRFToken"]})
    other = browser.post(f"/drafts/{KEY}/", {"body": "Words"}, headers=mine | {"X-Person": str(amina.pk + 1)})

    assert (refused.status_code, taken.status_code) == (403, 200)
    assert (other.status_code, other.has_header("X-CSRFToken")) == (401, False)
