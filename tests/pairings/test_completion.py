"""The mentor's form at the end: asked for, reminded of once, sent once, read by the two."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.drafts import drafts_of, keep
from notifications import delivery
from pairings.actions import (
    ask_for_completion,
    end_pairing,
    fill_in_completion,
    go_on_after_all,
    nudge_completions,
)
from pairings.models import CompletionForm, MoveRefused
from portfolios.actions import mark_read
from programmes.models import CompletionQuestion
from tests.at_once import all_at_once
from tests.factories import PersonFactory

ANSWERS = [{"text": "What did they do?", "answer": "A lot."}]


@pytest.fixture
def clock():
    with time_machine.travel("2026-11-24 12:00+00:00", tick=False) as clock:
        yield clock


@pytest.fixture
def pair(clock, pair):
    mark_read(pair.page, by=pair.mentor, until=timezone.now())
    programme = pair.pairing.programme
    pair.questions = [
        CompletionQuestion.objects.create(programme=programme, text=text, position=position)
        for position, text in enumerate(("What did they do?", "What did you learn?"))
    ]
    CompletionQuestion.objects.create(programme=programme, text="Long ago?", retired_at=timezone.now())
    pair.place = f"/pairings/{pair.pairing.slug}/completion/"
    return pair


def emails():
    mail.outbox.clear()
    delivery.deliver_due()
    return sorted((message.to[0].split()[0], message.subject) for message in mail.outbox)


def browser_of(person):
    browser = Client()
    browser.force_login(person, backend="accounts.backends.EmailBackend")
    return browser


def words(pair, hours="12.5", **changed):
    said = {f"q{question.pk}": f"Answer {number}." for number, question in enumerate(pair.questions)}
    return said | {"hours": hours} | changed


def test_the_mentor_is_asked_at_once_with_the_questions(pair):
    ask_for_completion(pair.pairing, by=pair.mentee)

    assert emails() == [("Ruth", "Amina asks for your completion form")]
    body = mail.outbox[0].body
    assert "* What did they do?\n* What did you learn?" in body
    assert "Long ago?" not in body
    assert f"Fill in the form: https://testserver{pair.place}" in body or pair.place in body


def test_a_mentor_who_begins_to_finish_is_not_asked_and_the_mentee_hears_of_it(pair):
    ask_for_completion(pair.pairing, by=pair.mentor)

    assert emails() == [("Amina", "Ruth thinks it is time to finish")]


def test_after_a_week_the_mentor_is_reminded_once(pair, clock):
    ask_for_completion(pair.pairing, by=pair.mentee)
    emails()

    clock.shift(timedelta(days=6, hours=23))
    assert nudge_completions(timezone.now()) == 0
    clock.shift(timedelta(hours=1))
    assert [nudge_completions(timezone.now()) for _tick in range(3)] == [1, 0, 0]
    assert emails() == [("Ruth", "Amina asks for your completion form")]
    clock.shift(timedelta(days=30))
    assert nudge_completions(timezone.now()) == 0
    assert emails() == []


@pytest.mark.parametrize("meanwhile", ["sent", "ended", "going on"])
def test_who_sent_it_ended_or_goes_on_is_not_reminded(pair, clock, meanwhile):
    ask_for_completion(pair.pairing, by=pair.mentee)
    if meanwhile == "sent":
        fill_in_completion(pair.pairing, by=pair.mentor, answers=ANSWERS, hours=1)
    elif meanwhile == "ended":
        end_pairing(pair.pairing, by=pair.mentee, why="finished")
    else:
        go_on_after_all(pair.pairing, by=pair.mentee)
    clock.shift(timedelta(days=8))

    assert nudge_completions(timezone.now()) == 0


def test_the_form_is_sent_once_and_the_mentee_is_told(pair, clock):
    ask_for_completion(pair.pairing, by=pair.mentee)
    emails()
    keep(pair.mentor, f"completion-{pair.pairing.pk}", fields={f"q{pair.questions[0].pk}": "Half"}, saves=0)
    browser = browser_of(pair.mentor)
    assert "Half" in browser.get(pair.place).content.decode()

    browser.post(pair.place, words(pair))
    again = browser.post(pair.place, words(pair, hours="99"))

    form = CompletionForm.objects.get()
    assert form.hours == Decimal("12.5")
    assert form.answers == [
        {"text": "What did they do?", "answer": "Answer 0."},
        {"text": "What did you learn?", "answer": "Answer 1."},
    ]
    assert "Answer 1." in again.content.decode()
    assert drafts_of(pair.mentor, [f"completion-{pair.pairing.pk}"]) == {}
    clock.shift(timedelta(hours=1))
    assert emails() == [("Amina", "Ruth filled in the completion form")]
    read = browser_of(pair.mentee).get(pair.place).content.decode()
    assert ("Answer 0." in read, "Download your certificate" in read) == (True, False)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("", "Give the hours, about"),
        ("many", "Give the hours as a number, like 12 or 12.5"),
        ("-1", "Give a number from 0 on"),
        ("12.25", "Half hours are close enough: give 12 or 12.5"),
        ("10000", "Give a number below 10,000"),
        ("1e9", "Give a number below 10,000"),
        ("NaN", "Give the hours as a number, like 12 or 12.5"),
    ],
)
def test_hours_that_make_no_sense_are_asked_for_kindly(pair, hours, said):
    ask_for_completion(pair.pairing, by=pair.mentee)

    page = browser_of(pair.mentor).post(pair.place, words(pair, hours=hours))

    assert (page.status_code, said in page.content.decode()) == (422, True)
    assert not CompletionForm.objects.exists()


def test_only_the_mentor_fills_it_in_and_only_at_the_end(pair):
    with pytest.raises(MoveRefused, match="Begin finishing first"):
        fill_in_completion(pair.pairing, by=pair.mentor, answers=ANSWERS, hours=1)
    ask_for_completion(pair.pairing, by=pair.mentee)
    for by in (pair.mentee, PersonFactory()):
        with pytest.raises(MoveRefused, match="Only the mentor"):
            fill_in_completion(pair.pairing, by=by, answers=ANSWERS, hours=1)
    browser_of(pair.mentee).post(pair.place, words(pair))

    assert not CompletionForm.objects.exists()


def test_after_the_end_it_can_still_be_sent(pair):
    end_pairing(pair.pairing, by=pair.mentee, why="time")

    assert fill_in_completion(pair.pairing, by=pair.mentor, answers=ANSWERS, hours=3).pk


def test_a_programme_without_questions_asks_for_the_hours(pair):
    CompletionQuestion.objects.all().delete()
    ask_for_completion(pair.pairing, by=pair.mentee)

    browser_of(pair.mentor).post(pair.place, {"hours": "4"})

    assert CompletionForm.objects.get().answers == []


def test_finishing_begins_from_an_active_pairing_alone_and_by_the_two(pair):
    with pytest.raises(MoveRefused, match="Only the two"):
        ask_for_completion(pair.pairing, by=PersonFactory())
    with pytest.raises(MoveRefused, match="You are not finishing"):
        go_on_after_all(pair.pairing, by=pair.mentee)
    ask_for_completion(pair.pairing, by=pair.mentee)
    with pytest.raises(MoveRefused):
        ask_for_completion(pair.pairing, by=pair.mentor)


@pytest.mark.django_db(transaction=True)
def test_ten_forms_at_once_are_one(pair):
    ask_for_completion(pair.pairing, by=pair.mentee)

    came = all_at_once(
        [
            lambda hours=hours: fill_in_completion(pair.pairing, by=pair.mentor, answers=ANSWERS, hours=hours)
            for hours in range(10)
        ]
    )

    assert came == {"MoveRefused": 9, "done": 1}
