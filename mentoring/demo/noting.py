"""The meetings of the story that are told in full: booked, planned, held, written down, and what came of it."""

from datetime import timedelta
from functools import partial

from meetings.actions import (
    agree_note,
    drop_action,
    finish_action,
    hold_meetings,
    read_plan,
    record_meeting,
    save_note,
    share_plan,
)
from meetings.models import Action, Question
from meetings.note_words import TEXTS
from meetings.open_actions import open_actions
from meetings.planning import Given
from meetings.starters import starters
from mentoring.demo import story

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
# The answers of a plan by the names that the story has for them, in the order of the usual questions.
_NAMES = ("well", "hard", "talk", "good", "confidence")
_BOOKED_BEFORE = 8  # days


class Told:
    """One meeting of the story: what happened of it, as (when, rank, call)."""

    def __init__(self, pairing, entry, people, today):
        self.pairing, self.entry, self.people, self.today = pairing, entry, people, today
        self.zone = pairing.mentee.profile.time_zone
        self.begins = self._day(entry["days_ago"], entry["time"])
        self.ends = self.begins + timedelta(minutes=entry["minutes"])
        self.meeting = None

    def happenings(self):
        entry = self.entry
        booked = self._day(entry.get("booked_days_ago", entry["days_ago"] + _BOOKED_BEFORE), "20:00")
        yield booked, 0, partial(self._book, booked)
        if plan := entry.get("plan"):
            evening = self._day(entry["days_ago"] + plan["shared_days_before"], "21:00")
            shared = min(evening, self.begins - 2 * AN_HOUR)
            yield shared, 1, partial(self._plan, plan, shared)
        if entry["days_ago"] > 0:
            yield self.ends, 2, self._hold
        if note := entry.get("note"):
            yield from self._written(note)

    def _written(self, note):
        written = self.ends + AN_HOUR
        yield written, 3, partial(self._note, note, written)
        yield written + A_DAY, 4, partial(self._agree, note, written + A_DAY)
        for line in note.get("will_do", []):
            days = line.get("done", line.get("dropped"))
            if days is not None:
                at = self._day(self.entry["days_ago"] - days, "21:30")
                yield at, 5, partial(self._close, line, at)

    def _day(self, days_ago, clock):
        return story.moment(self.today, days_ago, clock, self.zone)

    def _book(self, at):
        place = {name: self.entry[name] for name in ("minutes", "how", "where")}
        self.meeting = record_meeting(self.pairing, by=self.pairing.mentee, starts_at=self.begins, at=at, **place)

    def _plan(self, plan, at):
        asked = {question.key: (question, plan.get(name)) for question, name in zip(starters(), _NAMES, strict=False)}
        answers = {key: _given(question, said) for key, (question, said) in asked.items() if said}
        mine = [each for each in open_actions(self.pairing) if each.person_id == self.pairing.mentee_id]
        answers[starters()[-1].key] = Given(chosen=[[str(each.key), each.words, False] for each in mine])
        share_plan(self.meeting, by=self.pairing.mentee, answers=answers, expected_number=0, at=at)
        if self.entry["days_ago"] > 0:
            read_plan(self.meeting, by=self.pairing.mentor, number=1)

    def _hold(self):
        hold_meetings(self.ends)

    def _note(self, note, at):
        texts = {name: note.get(name, "").strip() for name in TEXTS}
        lines = [
            {
                "person": self.people[line["person"]].pk,
                "what": line["what"],
                "by": (self.begins + line["due"] * A_DAY).date().isoformat(),
                "likely": line["likely"],
            }
            for line in note.get("will_do", [])
        ]
        words = {"form": "lines" if texts["lines"] else "grow", "options": note.get("options", []), "will_do": lines}
        words |= texts | {"confidence": note.get("confidence")}
        save_note(self.meeting, by=self.people[note["by"]], words=words, expected_number=0, at=at)

    def _agree(self, note, at):
        other = self.pairing.other_than(self.people[note["by"]])
        agree_note(self.meeting, by=other, number=1, at=at)

    def _close(self, line, at):
        action = Action.objects.get(pairing=self.pairing, words=line["what"])
        person = self.people[line["person"]]
        if "done" in line:
            finish_action(action, by=person, at=at)
        else:
            drop_action(action, by=person, why=line["why"], at=at)


def _given(question, said):
    return Given(scale=said) if question.kind in Question.SCALES else Given(words=said)
