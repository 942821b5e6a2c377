from celery import shared_task
from django.utils import timezone

from meetings import actions, looking, monday, reminders


@shared_task
def tell_due_reminders():
    reminders.tell_due(timezone.now())


@shared_task
def hold_meetings():
    for keep_up in (actions.hold_meetings, looking.let_go_of_own):
        keep_up(timezone.now())


@shared_task
def age_notes():
    actions.age_notes(timezone.now())


@shared_task
def tell_due_actions():
    monday.tell_due_actions(timezone.now())
