"""People who ask to take part, and what the programme team answers."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.actions import mark_seen, notify
from notifications.models import Event, Notification
from programmes import audit, notices
from programmes.actions.enrolling import enrol
from programmes.models import Application, Enrolment
from programmes.refusal import MoveRefused
from programmes.team import leads_of

State = Application.State
MOST_A_DAY = 5  # of one person; each is an email to the whole team


@transaction.atomic
def apply(programme, *, by, role, level=None, words="", at=None):
    """Ask to take part; the programme team is told at once.

    Raises MoveRefused when the programme takes no applications, `by` takes part in that role already or has asked, and
    after many on one day.
    """
    at = at or timezone.now()
    if not programme.takes_applications or role not in Application.ROLES:
        raise MoveRefused(_("This programme invites people itself."))
    if level and (role != Enrolment.Role.MENTEE or level.programme_id != programme.pk):
        raise MoveRefused(_("Choose a level of this programme."))
    if Enrolment.objects.current().filter(programme=programme, person=by, role=role).exists():
        raise MoveRefused(_("You take part already."))
    if Application.objects.filter(person=by, asked_at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
        raise MoveRefused(_("You asked many times today. Please try again tomorrow."))
    try:
        with transaction.atomic():
            application = Application.objects.create(
                programme=programme, person=by, role=role, level=level, words=words, asked_at=at
            )
    except IntegrityError as error:
        raise MoveRefused(_("You have asked already. The team will write to you.")) from error
    _tell(notices.APPLICATION, application, to=leads_of(programme, notices.MAY_ANSWER), by=by, at=at)
    return application


def approve(application, *, by, answer="", at=None):
    """Enrol whoever asked, and tell them. Raises MoveRefused when it was answered or withdrawn. Returns it."""
    return _decide(application, State.APPROVED, by=by, answer=answer, at=at or timezone.now())


def decline(application, *, by, answer="", at=None):
    """Say no, kindly: the person is told, with the answer. Raises MoveRefused when it was answered or withdrawn."""
    return _decide(application, State.DECLINED, by=by, answer=answer, at=at or timezone.now())


@transaction.atomic
def withdraw_application(application, *, by, at=None):
    """Whoever asked asks no more; nobody is told. Raises MoveRefused when it was answered, and for anybody else."""
    application = _move(application, State.WITHDRAWN)
    if application.person_id != by.pk:
        raise MoveRefused(_("Only whoever asked can take it back."))
    application.decided_at = at or timezone.now()
    application.save(update_fields=["state", "decided_at"])
    _is_settled(application)
    return application


@transaction.atomic
def _decide(application, state, *, by, answer, at):
    application = _move(application, state)
    application.decided_at, application.decided_by, application.answer = at, by, answer
    application.save(update_fields=["state", "decided_at", "decided_by", "answer"])
    if state == State.APPROVED:
        enrol(
            application.person,
            programme=application.programme,
            role=application.role,
            level=application.level,
            by=by,
            at=at,
        )
    audit.record(str(state), application, by=by, programme=application.programme, at=at)
    _is_settled(application)
    _tell(notices.ANSWER, application, to=[application.person], by=by, at=at)
    return application


def _move(application, state):
    """The application as it stands now, locked, in its new state; not saved."""
    locked = Application.objects.select_for_update(of=("self",))
    application = locked.select_related("programme", "person__profile", "level").get(pk=application.pk)
    if state not in Application.MOVES[application.state]:
        raise MoveRefused(_("This is settled already: %(state)s.") % {"state": application.get_state_display().lower()})
    application.state = state
    return application


def _is_settled(application):
    """It is new to nobody in the team any more."""
    asked = Event.objects.filter(kind=notices.APPLICATION.kind, about_id=application.pk)
    for told in Notification.objects.unseen().filter(event__in=asked).select_related("person"):
        mark_seen(told.person, asked)


def _tell(notice, application, *, to, by, at):
    thread = notices.thread_of(application.pk)
    notify(notice, about=application, to=to, by=by, thread=thread, bundle=thread, at=at)
