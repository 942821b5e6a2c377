from celery import shared_task

from programmes import actions


@shared_task
def nudge_invitations():
    actions.nudge_invitations()
