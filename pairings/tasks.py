from celery import shared_task
from django.utils import timezone

from pairings import actions, match_runs, quiet


@shared_task
def chase_requests():
    actions.chase_requests(timezone.now())


@shared_task
def run_match(pk):
    match_runs.run_match(pk)


@shared_task
def take_up_match_runs():
    match_runs.take_up(timezone.now())


@shared_task
def resume_pairings():
    actions.resume_pairings(timezone.now())


@shared_task
def ask_and_remind_pairs():
    for ask in (actions.offer_reviews, actions.nudge_completions):
        ask(timezone.now())


@shared_task
def tell_quiet_pairs():
    quiet.tell_quiet_pairs(timezone.now())
