"""How two agree to work together: both tick, a change clears the ticks, and nobody agrees to words they did not see."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from lxml import html

from notifications import delivery
from notifications.actions import set_preferences
from notifications.models import Notification
from pairings.actions import (
    AgreementChanged,
    agree,
    begin_without_questions,
    move_pairing,
    offer_reviews,
    revise_agreement,
    still_right,
)
from pairings.agreement import (
    Line,
    answers_of,
    drives_of,
    lines,
    months_before,
    questions_of,
    suggested,
)
from pairings.models import Agreement, MoveRefused
from portfolios.actions import mark_read
from programmes.models import AgreementQuestion
from tests.at_once import all_at_once
from tests.factories import PairingFactory, PersonFactory
from tests.pairings.agreeing import answers, ask_the_usual, question

NOON = "2026-11-24 12:00+00:00"


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def pair(pair):
    pair.pairing.state = "agreeing"
    pair.pairing.save()
    ask_the_usual(pair.pairing.programme)
    mark_read(pair.page, by=pair.mentor, until=timezone.now())
    pair.url = f"/pairings/{pair.pairing.slug}/agreement/"
    return pair


def state(pair):
    pair.pairing.refresh_from_db()
    return pair.pairing.state, pair.pairing.rhythm_weeks, pair.pairing.chasing


def emails():
    mail.outbox.clear()
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=True):
        delivery.deliver_due()
    return {message.to[0].split()[0]: message for message in mail.outbox}


def test_it_begins_with_the_programmes_suggestions_and_counts_once_both_agreed(pair):
    first = revise_agreement(pair.pairing, by=pair.mentee, answers=answers(pair), expected_number=0, agrees=True)

    assert (first.number, first.mentee_agreed_at is None, first.mentor_agreed_at) == (1, False, None)
    assert state(pair) == ("agreeing", None, 1)

    agree(pair.pairing, by=pair.mentor, number=1)

    assert state(pair) == ("active", 8, 0)
    assert [(each["text"], each["answer"]) for each in first.answers] == [
        ("How often?", ["every 6–8 weeks"]),
        ("Between meetings?", ["email", "comments here"]),
        ("Does your mentor chase you?", ["no"]),
        ("What stays private?", ["Everything, unless someone is at risk"]),
    ]


def test_a_change_clears_both_ticks_and_the_old_one_is_kept(pair):
    revise_agreement(pair.pairing, by=pair.mentee, answers=answers(pair), expected_number=0, agrees=True)
    agree(pair.pairing, by=pair.mentor, number=1)

    second = revise_agreement(pair.pairing, by=pair.mentor, answers=answers(pair, how="monthly"), expected_number=1)

    assert (second.number, second.mentee_agreed_at, second.mentor_agreed_at) == (2, None, None)
    assert Agreement.objects.get(number=1).is_agreed
    # What was agreed holds until both agree to the other.
    assert state(pair) == ("active", 8, 0)

    agree(pair.pairing, by=pair.mentor, number=2)
    agree(pair.pairing, by=pair.mentee, number=2)

    assert state(pair) == ("active", 5, 0)


def test_the_same_words_once_more_are_no_revision(pair):
    revise_agreement(pair.pairing, by=pair.mentee, answers=answers(pair), expected_number=0, agrees=True)

    again = revise_agreement(pair.pairing, by=pair.mentor, answers=answers(pair), expected_number=1, agrees=True)

    assert (again.number, again.is_agreed) == (1, True)


def test_an_edit_from_what_no_longer_stands_there_overwrites_nothing(pair):
    revise_agreement(pair.pairing, by=pair.mentee, answers=answers(pair), expected_number=0)

    with pytest.raises(AgreementChanged) as changed:
        revise_agreement(pair.pairing, by=pair.mentor, answers=answers(pair, how="monthly"), expected_number=0)

    assert changed.value.latest.answers == answers(pair)
    assert Agreement.objects.count() == 1


def test_nobody_agrees_to_what_they_did_not_see(pair):
    revise_agreement(pair.pairing, by=pair.mentee, answers=answers(pair), expected_number=0, agrees=True)
    revise_agreement(
        pair.pairing, by=pair.mentee, answers=answers(pair, what="Nothing"), expected_number=1, agrees=True
    )

    for number in (1, 3):
        with pytest.raises(AgreementChanged):
            agree(pair.pairing, by=pair.mentor, number=number)

    assert Agreement.objects.filter(mentor_agreed_at__isnull=False).count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_change_and_an_agreement_at_once_never_tick_the_new_words(pair):
    revise_agreement(pair.pairing, by=pair.mentee, answers=answers(pair), expected_number=0, agrees=True)

    came = all_at_once(
        [
            lambda: agree(pair.pairing, by=pair.mentor, number=1),
            lambda: revise_agreement(
                pair.pairing, by=pair.mentee, answers=answers(pair, how="monthly"), expected_number=1, agrees=True
            ),
        ]
    )

    assert came in ({"done": 2}, {"AgreementChanged": 1, "done": 1})
    assert Agreement.objects.get(number=2).mentor_agreed_at is None


@pytest.mark.django_db(transaction=True)
def test_of_ten_changes_at_once_one_counts_and_the_others_are_shown_it(pair):
    def change(words):
        return lambda: revise_agreement(
            pair.pairing, by=pair.mentee, answers=answers(pair, what=words), expected_number=0
        )

    assert all_at_once([change(f"Words {n}") for n in range(10)]) == {"AgreementChanged": 9, "done": 1}
    assert Agreement.objects.count() == 1


def test_only_the_two_agree_and_only_while_they_are_a_pairing(pair):
    first = revise_agreement(pair.pairing, by=pair.mentee, answers=answers(pair), expected_number=0)
    with pytest.raises(MoveRefused, match="Only the two"):
        agree(pair.pairing, by=PersonFactory(), number=1)
    move_pairing(pair.pairing, "ended", by=pair.mentee)

    with pytest.raises(MoveRefused, match="has ended"):
        agree(pair.pairing, by=pair.mentor, number=first.number)
    with pytest.raises(MoveRefused, match="has ended"):
        revise_agreement(pair.pairing, by=pair.mentor, answers=[], expected_number=1)


def test_where_nothing_is_asked_one_of_them_begins(pair):
    with pytest.raises(MoveRefused, match="Answer the questions first"):
        begin_without_questions(pair.pairing, by=pair.mentee)
    AgreementQuestion.objects.update(retired_at=timezone.now())

    begin_without_questions(pair.pairing, by=pair.mentee)

    assert state(pair) == ("active", None, 1)


def test_the_other_is_told_of_a_change_in_old_and_new_words(pair):
    revise_agreement(pair.pairing, by=pair.mentee, answers=answers(pair), expected_number=0, agrees=True)
    agree(pair.pairing, by=pair.mentor, number=1)
    assert emails()["Amina"].subject == "Ruth agreed to how you work together"

    revise_agreement(pair.pairing, by=pair.mentee, answers=answers(pair, how="monthly"), expected_number=1, agrees=True)
    [(to, message)] = emails().items()

    assert (to, message.subject) == ("Ruth", "Amina suggested a change to how you work together")
    assert "was: every 6–8 weeks\nnow: monthly" in message.body
    assert "What stays private?" not in message.body
    html = message.alternatives[0].content
    assert "<del>every 6–8 weeks</del> <ins>monthly</ins>" in html
    assert f'{pair.url}">Look and agree</a>' in html


def test_who_wants_no_words_in_emails_hears_only_that_something_changed(pair):
    set_preferences(pair.mentor, words_in_emails=False)
    revise_agreement(pair.pairing, by=pair.mentee, answers=answers(pair, what="My secret"), expected_number=0)

    message = emails()["Ruth"]

    assert "My secret" not in message.message().as_string()
    assert message.subject == "About how you and Amina work together"


def test_whoever_looked_and_agreed_meanwhile_is_not_emailed(pair):
    revise_agreement(pair.pairing, by=pair.mentee, answers=answers(pair), expected_number=0)
    agree(pair.pairing, by=pair.mentor, number=1)

    assert sorted(emails()) == ["Amina"]


def agreed_long_ago(pair, days):
    at = timezone.now() - timedelta(days=days)
    revise_agreement(pair.pairing, by=pair.mentee, answers=answers(pair), expected_number=0, agrees=True, at=at)
    agree(pair.pairing, by=pair.mentor, number=1, at=at)
    Notification.objects.update(seen_at=at)
    pair.pairing.refresh_from_db()


def test_after_half_a_year_both_are_asked_once_whether_it_is_still_right(pair):
    agreed_long_ago(pair, 185)

    assert [offer_reviews(timezone.now()) for _tick in range(3)] == [1, 0, 0]
    told = emails()

    assert sorted(told) == ["Amina", "Ruth"]
    assert told["Ruth"].subject == "Does how you and Amina work together still suit you?"


def test_before_half_a_year_or_after_a_look_nobody_is_asked(pair):
    agreed_long_ago(pair, 185)
    still_right(pair.pairing, by=pair.mentor, number=1)

    assert offer_reviews(timezone.now()) == 0
    assert offer_reviews(timezone.now() + timedelta(days=170)) == 0
    assert offer_reviews(timezone.now() + timedelta(days=190)) == 1
    second = Agreement.objects.get(number=2)
    assert (second.answers, second.by, second.is_agreed) == (answers(pair), pair.mentor, True)


def test_nobody_is_asked_in_a_pause_or_while_a_change_waits(pair):
    agreed_long_ago(pair, 185)
    revise_agreement(pair.pairing, by=pair.mentee, answers=answers(pair, how="monthly"), expected_number=1, agrees=True)
    assert offer_reviews(timezone.now()) == 0

    Agreement.objects.filter(number=2).delete()
    move_pairing(pair.pairing, "paused", by=pair.mentee)
    assert offer_reviews(timezone.now()) == 0


def test_what_is_no_longer_asked_still_says_what_it_was(pair):
    revise_agreement(pair.pairing, by=pair.mentee, answers=answers(pair), expected_number=0)
    old = Agreement.objects.get().answers
    asked = AgreementQuestion.objects.get(text="What stays private?")
    asked.retired_at = timezone.now()
    asked.save()

    assert [line for line in lines(answers(pair), old) if line.is_changed] == [
        Line("What stays private?", "Everything, unless someone is at risk", "")
    ]


def test_a_suggestion_that_is_no_option_suggests_nothing(db):
    programme = PairingFactory().programme
    question(programme, "How often?", "one", "rhythm", [("monthly", 4)], suggestion="daily")
    [asked] = questions_of(programme)

    assert suggested([asked]) == {asked.key: []}
    assert drives_of([asked], answers_of([asked], {asked.key: "monthly"})) == {"rhythm": 4, "chasing": None}


@pytest.mark.parametrize(
    ("months", "day"),
    [(6, "2026-02-28"), (12, "2025-08-31"), (2, "2026-06-30"), (8, "2025-12-31"), (18, "2025-02-28")],
)
def test_months_back_end_on_the_last_day_of_a_shorter_month(months, day):
    moment = timezone.datetime(2026, 8, 31, 12, tzinfo=timezone.get_default_timezone())

    assert months_before(moment, months).date().isoformat() == day


@pytest.mark.parametrize(
    ("before", "now", "pieces"),
    [
        ("monthly", "", [("gone", "monthly")]),
        ("every 6–8 weeks", "monthly", [("gone", "every 6–8 weeks"), ("added", "monthly")]),
        (
            "Everything, unless someone is at risk.",
            "Everything, unless someone is in danger.",
            [
                *[("same", "Everything, unless someone is "), ("gone", "at"), ("added", "in"), ("same", " ")],
                *[("gone", "risk"), ("added", "danger"), ("same", ".")],
            ],
        ),
    ],
)
def test_a_change_is_marked_by_words_where_most_of_them_stay(before, now, pieces):
    assert Line("What stays private?", before, now).pieces == pieces


def test_all_that_was_chosen_is_kept_with_the_words_while_one_writes(pair, signed_in):
    browser = signed_in(pair.mentor)
    form = html.fromstring(browser.get(pair.url).content.decode())
    how = form.xpath("//input[@type='radio']/@name")[0]
    chosen = form.xpath(f"//input[@name='{how}']/@value")[-1]
    between = form.xpath("//input[@type='checkbox']/@name")[0]
    ticked = form.xpath(f"//input[@name='{between}']/@value")[1:]

    browser.post(form.xpath("//form/@data-keep")[0], {how: chosen, between: ticked, "draft_saves": 0})

    form = html.fromstring(browser.get(pair.url).content.decode())
    assert form.xpath(f"//input[@name='{how}'][@checked]/@value") == [chosen]
    assert form.xpath(f"//input[@name='{between}'][@checked]/@value") == ticked
    assert set(form.xpath(f"//input[@name='{between}']/@data-kept")) == {between}


def test_the_first_agreement_is_told_as_one_and_not_as_a_change(pair):
    revise_agreement(pair.pairing, by=pair.mentee, answers=answers(pair), expected_number=0, agrees=True)
    [(to, message)] = emails().items()

    assert (to, message.subject) == ("Ruth", "Amina wrote down how you could work together")
    assert "Look and agree" in message.body
