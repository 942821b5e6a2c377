from celery import shared_task

from notifications import delivery


@shared_task(acks_late=False)
def deliver_due_email():
    delivery.deliver_due()
