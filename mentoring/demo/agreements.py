"""How the pairs of the story agreed to work together, and how one ended and four finish."""

from datetime import timedelta

from mentoring.demo import story
from notifications.actions import mark_seen
from notifications.models import Event
from pairings import notices
from pairings.actions import (
    agree,
    ask_for_completion,
    fill_in_completion,
    revise_agreement,
    still_right,
    thank,
)
from pairings.agreement import answers_of, questions_of, suggested
from pairings.models import Pairing
from programmes.models import AgreementQuestion

A_DAY = timedelta(days=1)
# So long ago some of them looked at it again, one after the other.
LOOKED_AGAIN = (30, 45, 60, 75, 90, 105)
OLD = 150  # days
Drives = AgreementQuestion.Drives


def seed_agreements(people, programme, today) -> None:
    """The pairings have begun, and that of Beatriz has ended; `people` are by their keys."""
    data = story.agreements()
    said = {entry["mentee"]: entry for entry in data["agreements"]}
    questions = questions_of(programme)
    for number, entry in enumerate(story.pairings()):
        pairing = _pairing(people, programme, entry)
        theirs = said.get(entry["mentee"], {"days_ago": entry["began_days_ago"] - 7})
        _agree(pairing, questions, theirs, today, LOOKED_AGAIN[number % len(LOOKED_AGAIN)])
    for entry in data["finishing"]:
        _finish(_pairing(people, programme, entry), entry, today)
    _thank_each_other(_pairing(people, programme, {"mentee": "beatriz"}), data["beatriz"], today)
    _mark_all_looked_at(people, but_for=(people["daniel"], people["patrick"]))


def why_it_ended() -> str:
    """In one word of `EndReason.Why`."""
    return story.agreements()["beatriz"]["why"]


def _pairing(people, programme, entry):
    return Pairing.objects.select_related("mentee__profile", "mentor__profile").get(
        programme=programme, mentee=people[entry["mentee"]]
    )


def _agree(pairing, questions, entry, today, looked_again):
    if not pairing.is_live:
        return
    at, mentee, mentor = _at(today, entry["days_ago"]), pairing.mentee, pairing.mentor
    first = _answers(questions, entry)
    revise_agreement(pairing, by=mentee, answers=first, expected_number=0, agrees=True, at=at)
    if entry.get("is_waiting"):
        return
    agree(pairing, by=mentor, number=1, at=at + A_DAY)
    number = 1
    if entry["days_ago"] > OLD:
        again = _at(today, looked_again)
        for person in (mentor, mentee):
            still_right(pairing, by=person, number=number, at=again)
            number += 1
    if change := entry.get("change"):
        answers = _answers(questions, entry | change)
        at = _at(today, change["days_ago"])
        revise_agreement(pairing, by=mentee, answers=answers, expected_number=number, agrees=True, at=at)


def _answers(questions, entry):
    """The programme's suggestions, but for what the story says."""
    given = suggested(questions)
    for question in questions:
        if question.drives and question.drives in entry:
            given[question.key] = entry[question.drives]
    in_words = [question for question in questions if question.kind == AgreementQuestion.Kind.TEXT]
    for question, name in zip(in_words, ("private", "hope"), strict=True):
        if name in entry:
            given[question.key] = entry[name]
    return answers_of(questions, given)


def _finish(pairing, entry, today):
    ask_for_completion(pairing, by=pairing.mentee, at=_at(today, entry["days_ago"]))
    if "answers" in entry:
        _fill_in(pairing, entry, _at(today, entry["sent_days_ago"]))
    if "thanks" in entry:
        thank(pairing, by=pairing.mentee, words=entry["thanks"].strip(), at=_at(today, entry["sent_days_ago"]) + A_DAY)


def _thank_each_other(pairing, entry, today):
    ended = pairing.ended_at
    _fill_in(pairing, entry, ended + A_DAY)
    thank(pairing, by=pairing.mentee, words=entry["thanks"].strip(), at=ended + 2 * A_DAY)
    thank(pairing, by=pairing.mentor, words=entry["last_words"].strip(), at=ended + 3 * A_DAY)


def _fill_in(pairing, entry, at):
    questions = pairing.programme.completion_questions.filter(retired_at=None)
    answers = [
        {"text": question.text, "answer": answer} for question, answer in zip(questions, entry["answers"], strict=True)
    ]
    fill_in_completion(pairing, by=pairing.mentor, answers=answers, hours=entry["hours"], at=at)


def _mark_all_looked_at(people, but_for):
    shown = Event.objects.filter(kind__in={kind for kinds in notices.SHOWN_ON.values() for kind in kinds})
    for person in people.values():
        if person not in but_for:
            mark_seen(person, shown)


def _at(today, days):
    return story.moment(today, days, "20:30", "Europe/London")
