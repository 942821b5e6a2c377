"""What a mentee answered before a meeting, and what they changed of it. Pure, but for `plan_of_meeting` and what it
needs."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from meetings.models import Answer, Meeting, Question
from pairings.days import today_of

Kind = Question.Kind


@dataclass(frozen=True)
class Unsettled:
    """A question about the portfolio that is still open, as the shell hands it in: `key` is that of its comment,
    `words` say who asked what."""

    key: int
    words: str = field(repr=False)
    url: str = field(repr=False)


@dataclass(frozen=True, repr=False)
class Given:
    """What was answered to one question, as `Answer` keeps it."""

    words: str = ""
    scale: int | None = None
    chosen: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.words or self.scale is not None or self.chosen)


@dataclass(frozen=True)
class Line:
    """A question with its answer `now` and `before`, each a list of texts (paragraphs, or entries of a list)."""

    question: Question
    now: list[str] = field(repr=False)
    before: list[str] = field(repr=False)

    @property
    def is_changed(self):
        return self.now != self.before

    @property
    def is_scale(self):
        return self.question.kind in Question.SCALES


@dataclass(frozen=True)
class Shown:
    """A plan as it stands: `number` of its revision, 0 where none is shared. `lines` are marked against the revision
    that the viewer read last (`since`, 0 for none); `is_new`: there is one that they did not read."""

    number: int
    shared_at: datetime | None
    lines: list[Line]
    since: int
    is_new: bool

    @property
    def has_changes(self):
        return bool(self.since) and any(line.is_changed for line in self.lines)


@dataclass(frozen=True)
class Revision:
    """A plan as it was shared once, and what it `changed` of the one before."""

    number: int
    shared_at: datetime
    changed: list[Line]

    @property
    def is_first(self):
        return self.number == 1


def in_words(question, given) -> list[str]:
    """The answer as texts, [] where there is none."""
    if question.kind in Question.SCALES:
        return [] if given.scale is None else [_scale_in_words(question, given.scale)]
    if question.kind == Kind.ACTIONS:
        return [_action_in_words(words, is_done) for _key, words, is_done in given.chosen]
    return [*([given.words] if given.words else []), *given.chosen]


def lines_of(answers, before=()) -> list[Line]:
    """Each answered question of a revision (`Answer`s with their questions) and what the revision `before` said to it;
    what is answered no more comes last. A question is the same by its key, however it was worded."""
    old = {each.question.key: each for each in before}
    found = []
    for each in answers:
        was = old.pop(each.question.key, None)
        found.append(Line(each.question, _texts(each), _texts(was) if was else []))
    return found + [Line(each.question, [], _texts(each)) for each in old.values()]


def show(answers, *, read) -> Shown:
    """`answers`: all of a meeting's, with plan and question, in order. `read`: the number of the revision that the
    viewer read last."""
    by_number = _by_number(answers)
    if not by_number:
        return Shown(0, None, [], 0, False)
    number = max(by_number)
    latest = by_number[number]
    since = read if 0 < read < number and read in by_number else 0
    return Shown(
        number=number,
        shared_at=latest[0].plan.shared_at,
        lines=lines_of(latest, by_number[since] if since else latest),
        since=since,
        is_new=number > read,
    )


def revisions_of(answers) -> list[Revision]:
    """Every revision with what it changed of the one before, the newest first; [] where there is only one."""
    by_number = _by_number(answers)
    if len(by_number) < 2:
        return []
    found, before = [], []
    for number, given in by_number.items():
        changed = [line for line in lines_of(given, before) if line.is_changed]
        found.append(Revision(number, given[0].plan.shared_at, changed))
        before = given
    return found[::-1]


def plan_of_meeting(meeting, viewer) -> dict:
    """What a page about a meeting says of its plan, to one of the two. One statement."""
    is_mentor = viewer.pk == meeting.pairing.mentor_id
    answers = answers_of(meeting)
    number = max((each.plan.number for each in answers), default=0)
    return {
        "plan": show(answers, read=meeting.plan_read if is_mentor else number),
        "writes_plan": not is_mentor and can_be_written(meeting),
        "reads_plan": is_mentor,
    }


def can_be_written(meeting) -> bool:
    return meeting.state == Meeting.State.BOOKED and meeting.pairing.is_live


def answers_of(meeting) -> list[Answer]:
    """All that was answered in all revisions of a meeting's plan, with plan and question, in order. One statement."""
    found = Answer.objects.filter(plan__meeting=meeting.pk).select_related("plan", "question")
    return list(found.order_by("plan__number", "question__position"))


def answers_in(answers, number) -> dict:
    """{key of the question: Given} in the revision `number`."""
    return {
        each.question.key: Given(each.words, each.scale, each.chosen) for each in answers if each.plan.number == number
    }


def how_late(meeting, questions, now) -> str:
    """What to say to a mentee who has not shared a plan when it is nearly too late; "" in good time."""
    mentee, mentor = meeting.pairing.mentee, meeting.pairing.mentor
    days = (today_of(mentee, meeting.starts_at) - today_of(mentee, now)).days
    said = {
        0: _("It’s today. Even question %(number)d alone helps %(name)s."),
        1: _("It’s tomorrow. Even question %(number)d alone helps %(name)s."),
        2: _("It’s the day after tomorrow. Even question %(number)d alone helps %(name)s."),
    }
    needed = [number for number, question in enumerate(questions, 1) if question.is_needed]
    words = {"number": needed[0] if needed else 1, "name": mentor.first_name}
    return said[max(days, 0)] % words if days <= 2 else ""


def _by_number(answers):
    found = {}
    for answer in answers:
        found.setdefault(answer.plan.number, []).append(answer)
    return found


def _texts(answer):
    return in_words(answer.question, Given(answer.words, answer.scale, answer.chosen))


def _scale_in_words(question, scale):
    words = {"scale": scale, "most": Question.SCALES[question.kind]}
    return _("%(scale)d of %(most)d") % words


def _action_in_words(words, is_done):
    return _("Done: %(words)s") % {"words": words} if is_done else _("Still open: %(words)s") % {"words": words}
