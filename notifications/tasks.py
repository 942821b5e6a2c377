from celery import shared_task

from notifications import delivery


# A task that acknowledges late is ended by its worker when that loses the queue, in the middle of an email, and
# the worker itself may fail then. There is nothing to lose by acknowledging early: the rows tell what is to be done.
@shared_task(acks_late=False)
def deliver_due_email():
    delivery.deliver_due()
