"""A matching that waits for Marguerite: proposals for those who have found nobody yet, which she has not looked at."""

from mentoring.demo import story
from pairings.actions import add_wish, begin_match_run
from pairings.models import MatchRun, MentorOffer

_DAYS_AGO = 2
# Whom those who wait would like, in their order.
_WISHES = {"bronwen": ["yusuf", "llyr"], "marcus": ["gwen", "vikram", "joan"]}


def seed_matching(people, programme, today) -> None:
    """Everybody has asked whom they asked; `people` are by their keys."""
    # The solver is big, and the web processes of the demo, which know the seed for its password, never need it.
    from pairings.match_runs import run_match

    offers = {offer.enrolment.person_id: offer for offer in MentorOffer.objects.filter(enrolment__programme=programme)}
    for mentee, wished in _WISHES.items():
        for mentor in wished:
            add_wish(offers[people[mentor].pk], by=people[mentee])
    at = story.moment(today, _DAYS_AGO, "16:40", "Europe/London")
    run = begin_match_run(programme, by=people["marguerite"], weights={}, at=at)
    run_match(run.pk, at=at)
    MatchRun.objects.filter(pk=run.pk).update(started_at=at, beat_at=at, ended_at=at)
