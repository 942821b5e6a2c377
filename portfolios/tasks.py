from celery import shared_task

from portfolios import changes


@shared_task
def make_comparison(pk):
    changes.make_comparison(pk)


@shared_task
def make_forgotten_comparisons():
    changes.make_forgotten()
