"""What a mentee wants to talk about: written before a meeting, shared with the mentor, changed and shared again."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings import notices
from meetings.actions.acting import finish_action
from meetings.actions.arranging import lock_meeting
from meetings.actions.templates import keep_starters
from meetings.models import Action, Answer, Meeting, Plan, PlanTemplate, Question
from meetings.planning import answers_in, answers_of
from meetings.starters import TALK, also_asked, template_of
from notifications.actions import mark_seen, notify
from notifications.models import Event
from pairings.actions.pairing import note_activity
from pairings.models import MoveRefused

Kind, State = Question.Kind, Meeting.State
# So near to a meeting a plan is told at once.
NEAR = timedelta(days=1)


class PlanChanged(MoveRefused):
    """Its writer shared another revision meanwhile, in another window: nothing of it was overwritten. `number` is that
    of the latest."""

    def __init__(self, number):
        super().__init__(_("You shared this plan from another window meanwhile. Share again to put this one."))
        self.number = number


@transaction.atomic
def share_plan(meeting, *, by, answers, expected_number, at=None) -> Plan:
    """The next revision of a plan, for the mentor to read: told at once within a day of the meeting. The very same
    answers are no revision. Actions that were ticked are done.

    answers: {key of a question: Given}; what is left empty need not be among them. expected_number: of the revision
    that its writer was shown, 0 for none. Raises PlanChanged when another stands there by now, and MoveRefused when the
    needed question is empty, for anybody but the mentee, and unless the meeting is booked and still to come.
    """
    at = at or timezone.now()
    meeting = lock_meeting(meeting, by=by)
    _check_may_write(meeting, by)
    before = answers_of(meeting)
    number = max((each.plan.number for each in before), default=0)
    if expected_number != number:
        raise PlanChanged(number)
    template, questions = _asked(meeting.pairing, answers, at)
    found = [(question, answers[question.key]) for question in questions if answers.get(question.key)]
    check_is_enough(questions, answers)
    mark_seen(by, Event.objects.filter(kind__in=_ASKING, about_id=meeting.pk))
    if number and {question.key: given for question, given in found} == answers_in(before, number):
        return meeting.plans.get(number=number)
    plan = Plan.objects.create(meeting=meeting, number=number + 1, template=template, by=by, shared_at=at)
    Answer.objects.bulk_create(
        Answer(plan=plan, question=question, words=given.words, scale=given.scale, chosen=given.chosen)
        for question, given in found
    )
    _finish(meeting.pairing, found, by=by, at=at)
    note_activity(meeting.pairing, at=at)
    _tell(meeting, plan, by=by, at=at)
    return plan


@transaction.atomic
def read_plan(meeting, *, by, number) -> None:
    """The mentor has read the revision `number` of the plan, and those before it."""
    meeting = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    read = [str(each) for each in range(1, number + 1)]
    mark_seen(by, Event.objects.filter(kind=notices.PLAN_SHARED.kind, about_id=meeting.pk, occasion__in=read))
    if meeting.plans.filter(number=number).exists() and number > meeting.plan_read:
        meeting.plan_read = number
        meeting.save(update_fields=["plan_read"])


def check_is_enough(questions, answers):
    """Raises MoveRefused when a question that needs an answer has none, or none has any."""
    for question in questions:
        if question.is_needed and not answers.get(question.key):
            raise MoveRefused(what_is_missing(question))
    if not any(answers.values()):
        raise MoveRefused(_("Write one line before you share it."))


def what_is_missing(question) -> str:
    if question.key == TALK:
        return _("Write one thing you’d like to talk about.")
    return _("Write a line on “%(question)s”.") % {"question": question.text}


_ASKING = [notices.PLAN_DUE.kind, notices.PLAN_NUDGE.kind]
_TOO_LATE = {
    State.PROPOSED: gettext_lazy("Choose a time first, then write your plan."),
    State.HELD: gettext_lazy("This meeting is over. Write what matters in its note."),
    State.CALLED_OFF: gettext_lazy("This meeting was called off."),
}


def _check_may_write(meeting, by):
    if by.pk != meeting.pairing.mentee_id:
        raise MoveRefused(_("Only the mentee writes the plan."))
    if meeting.state != State.BOOKED:
        raise MoveRefused(_TOO_LATE[meeting.state])


def _asked(pairing, answers, at):
    """(the PlanTemplate, its questions and those asked before that are answered still)."""
    template = template_of(pairing)
    if template.pk is None:
        keep_starters(pairing.programme, at=at)
        template = template_of(pairing)
    questions = [*template.questions, *also_asked(pairing, template, answers)]
    return PlanTemplate.objects.get(pk=template.pk), questions


def _finish(pairing, found, *, by, at):
    lines = [line for question, given in found if question.kind == Kind.ACTIONS for line in given.chosen]
    ticked = Action.objects.open().filter(pairing=pairing, key__in=[key for key, _words, is_done in lines if is_done])
    for action in ticked.select_related("pairing").order_by("pk"):
        finish_action(action, by=by, at=at)


def _tell(meeting, plan, *, by, at):
    is_near = meeting.starts_at - at <= NEAR
    notify(
        notices.PLAN_SHARED,
        about=meeting,
        to=[meeting.pairing.mentor],
        by=by,
        thread=notices.thread_of_plan(meeting.pk, notices.PLAN_SHARED),
        bundle=meeting.bundle,
        occasion=str(plan.number),
        at=at,
        in_time_for=meeting.starts_at if is_near else None,
    )
