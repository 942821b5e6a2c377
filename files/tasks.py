from celery import shared_task
from django.utils import timezone

from files import orphans


@shared_task
def forget_orphans():
    orphans.sweep(timezone.now())
