from celery import shared_task

from notifications import delivery


@shared_task
def deliver_due_email():
    delivery.deliver_due()
