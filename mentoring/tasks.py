from celery import shared_task
from django.utils import timezone

from mentoring import letting_go, monday
from mentoring.exports import making
from mentoring.imports import working


@shared_task
def work_on_import(pk):
    working.work_on(pk)


@shared_task
def make_export(pk):
    making.make(pk)


@shared_task
def go_on_with_lists():
    letting_go.go_on(timezone.now())


@shared_task
def let_go_of_lists():
    letting_go.let_go(timezone.now())


@shared_task
def write_monday_letters():
    monday.write_monday_letters(timezone.now())
