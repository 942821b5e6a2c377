from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from accounts import drafts, once, rescue


@shared_task
def forget_old_sessions():
    call_command("clearsessions")


@shared_task
def let_go_of_kept_words():
    for kept in (drafts, once, rescue):
        kept.sweep(timezone.now())
