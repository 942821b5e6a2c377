"""How two people’s time together goes: what the mentee answered on scales, how often they met. For the two alone."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, F, Max, Min, OuterRef, Subquery, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.clocks import how_long
from meetings.models import Answer, Meeting, NoteVersion, Plan, Question
from meetings.noting import scale_asked
from meetings.starters import template_of


class Reading(NamedTuple):
    """What was answered at a meeting, `before` it in the plan and `after` it in the note; None where nobody said."""

    meeting: Meeting
    at: datetime
    before: int | None
    after: int | None

    @property
    def values(self):
        return [value for value in (self.before, self.after) if value is not None]


@dataclass(frozen=True)
class Measure:
    """The answers to one question over time, from 1 to `top`, the oldest first; `question`: as it was worded last."""

    question: Question
    top: int
    readings: list[Reading]

    @property
    def has_after(self):
        return any(reading.after is not None for reading in self.readings)

    @property
    def is_line(self):
        return len(self.readings) > 1

    @property
    def words(self):
        """“From 2 in January to 4 in November.”"""
        return _in_words(self.readings)


@dataclass(frozen=True)
class Together:
    """`first`, `last`: when the two met, None for never; `hours` and `rhythm`: in words, "" where there are none."""

    meetings: int
    first: datetime | None
    last: datetime | None
    hours: str
    rhythm: str


def measures_of(pairing) -> list[Measure]:
    """What was answered on each scale that a plan of theirs had, how confident the note says the mentee was beside it.
    A question is the same by its key; on another scale it is another measure. Three statements."""
    answers, notes = _answers(pairing), _notes(pairing)
    by_meeting = defaultdict(list)
    for answer in answers:
        by_meeting[answer.plan.meeting].append(answer.question)
    template = template_of(pairing)
    asked = {meeting: scale_asked(by_meeting.get(meeting) or template.questions) for meeting in notes}
    questions, readings = {}, defaultdict(dict)
    for answer in answers:
        readings[_line(answer.question)][answer.plan.meeting] = (answer, None)
        questions[_line(answer.question)] = answer.question
    for meeting, version in notes.items():
        if asked[meeting]:
            line = _line(asked[meeting])
            before = readings[line].get(meeting, (None, None))[0]
            readings[line][meeting] = (before, version)
            questions.setdefault(line, asked[meeting])
    ordered = sorted(questions, key=lambda line: questions[line].position)
    return [Measure(questions[line], line[1], _readings(readings[line])) for line in ordered]


def together_of(pairing) -> Together:
    """One statement."""
    met = (
        Meeting.objects.over(timezone.now())
        .filter(pairing=pairing)
        .aggregate(meetings=Count("pk"), minutes=Sum("minutes"), first=Min("starts_at"), last=Max("starts_at"))
    )
    minutes = met.pop("minutes")
    return Together(**met, hours=how_long(minutes) if minutes else "", rhythm=_rhythm(pairing.rhythm_weeks, **met))


def _answers(pairing):
    """On scales, in the revisions that hold."""
    revisions = Plan.objects.filter(meeting=OuterRef("plan__meeting")).order_by("-number")
    found = Answer.objects.filter(plan__meeting__pairing=pairing, scale__isnull=False)
    holding = found.filter(plan__number=Subquery(revisions.values("number")[:1]))
    return list(holding.select_related("plan__meeting", "question").order_by("plan__shared_at", "question__position"))


def _notes(pairing):
    """{meeting: the newest version of its note} where that says how confident the mentee is."""
    newest = NoteVersion.objects.filter(note=OuterRef("note")).order_by("-number").values("number")[:1]
    found = NoteVersion.objects.filter(
        note__meeting__pairing=pairing, confidence__isnull=False, number=Subquery(newest)
    ).annotate(place=F("note__meeting__starts_at"))
    return {version.note.meeting: version for version in found.select_related("note__meeting").order_by("place")}


def _line(question):
    return question.key, Question.SCALES[question.kind]


def _readings(by_meeting):
    found = [
        Reading(meeting, _moment(meeting, answer), answer and answer.scale, version and version.confidence)
        for meeting, (answer, version) in by_meeting.items()
    ]
    return sorted(found, key=lambda reading: (reading.at, reading.meeting.pk))


def _moment(meeting, answer):
    """When the two met; of a meeting that is to come or was called off, when its plan was shared."""
    if answer and (meeting.state == Meeting.State.CALLED_OFF or meeting.starts_at > timezone.now()):
        return answer.plan.shared_at
    return meeting.starts_at


def _in_words(readings):
    first, last = readings[0], readings[-1]
    words = {"low": first.values[0], "high": last.values[-1]}
    if first is last:
        words["day"] = date_format(timezone.localtime(first.at), "j F")
        if len(first.values) > 1:
            return _("%(low)d before your meeting on %(day)s, %(high)d after it.") % words
        return _("%(low)d on %(day)s. The next answer makes it a line.") % words
    words["then"], words["now"] = _days(first.at, last.at)
    if words["low"] == words["high"]:
        return _("%(low)d %(then)s, and %(high)d again %(now)s.") % words
    return _("From %(low)d %(then)s to %(high)d %(now)s.") % words


def _days(first, last):
    """“in January”, “in November”; with years where they differ, as days within one month."""
    first, last = timezone.localtime(first), timezone.localtime(last)
    if first.year != last.year:
        said, form = _("in %(day)s"), "F Y"
    elif first.month != last.month:
        said, form = _("in %(day)s"), "F"
    else:
        said, form = _("on %(day)s"), "j F"
    return [said % {"day": date_format(moment, form)} for moment in (first, last)]


def _rhythm(agreed, *, meetings, first, last):
    real = max(round((last - first).days / 7 / (meetings - 1)), 1) if meetings > 1 else None
    if not agreed:
        return _("You meet %(real)s or so.") % {"real": _every(real)} if real else ""
    if not real:
        return _("You agreed to meet %(agreed)s or so.") % {"agreed": _every(agreed)}
    words = {"agreed": _every(agreed), "real": _every(real)}
    if real == agreed:
        return _("You agreed to meet %(agreed)s or so, and that is what you do.") % words
    if real > agreed:
        return _("You agreed to meet %(agreed)s or so. On average you did so %(real)s, pauses included.") % words
    return _("You agreed to meet %(agreed)s or so. On average you did so %(real)s.") % words


def _every(weeks):
    return ngettext("every week", "every %(count)d weeks", weeks) % {"count": weeks}
