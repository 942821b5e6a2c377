"""Carrying out a matching: in a worker, which says how far it is and looks up whether it is to stop.

Web processes never import this: the solver is of no use to them.
"""

import logging
from datetime import timedelta
from random import Random
from zlib import crc32

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from pairings.cohort import Cohort, gather
from pairings.match_words import Explanation
from pairings.matching import NOBODY, assign
from pairings.models import MatchRun, Proposal
from pairings.weights import LOAD_STEP

logger = logging.getLogger(__name__)

State = MatchRun.State
# A run that nobody has begun, or whose worker was not heard of, for so long is taken up again; after `GIVE_UP` it ends.
FORGOTTEN = timedelta(seconds=20)
LOST = timedelta(minutes=2)
GIVE_UP = timedelta(minutes=30)


class Over(Exception):
    """Somebody stopped the run, or another worker has taken it up."""


def run_match(pk: int, at=None) -> None:
    """Match everybody who waits in the run's programme and keep the proposals. Nobody is told of them.

    Does nothing to a run that is over, or that another worker is at. `at`: the moment as of which people have waited
    (default now).
    """
    run = _claim(pk)
    if run is None:
        return
    progress = Progress(run)
    try:
        _match(run, at or timezone.now(), progress)
    except Over:
        _end(MatchRun.objects.filter(pk=pk, state=State.RUNNING, stop_asked=True), State.STOPPED)
    except Exception:
        logger.exception("Match run %s failed", pk)
        problem = _("Something went wrong on our side. Nobody was told of anything. Run it again.")
        _end(progress.mine(), State.FAILED, problem)


def take_up(now) -> None:
    """Carry out the runs that no worker has begun or got on with, and end those that never will be done."""
    lost = Q(state=State.RUNNING, beat_at__lt=now - LOST)
    runs = MatchRun.objects.filter(Q(state=State.WAITING, created_at__lt=now - FORGOTTEN) | lost)
    _end(runs.filter(lost, stop_asked=True), State.STOPPED)
    problem = _("Its worker ended in the middle of it, again and again. Tell whoever runs the server.")
    _end(runs.filter(lost, started_at__lt=now - GIVE_UP), State.FAILED, problem)
    for pk in list(runs.order_by("created_at").values_list("pk", flat=True)):
        run_match(pk)


class Progress:
    """What is told of the progress, as a call: the stage, and how much of it is done. Raises Over when the run is not
    ours any more, or is to stop."""

    def __init__(self, run):
        self.pk, self.beat_at = run.pk, run.beat_at

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        now = timezone.now()
        if not self.mine().filter(stop_asked=False).update(stage=stage, done=done, total=total, beat_at=now):
            raise Over
        self.beat_at = now

    def mine(self):
        """The run, as a QuerySet, if this worker is still the one at it."""
        return MatchRun.objects.filter(pk=self.pk, state=State.RUNNING, beat_at=self.beat_at)


def _claim(pk):
    now = timezone.now()
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, beat_at__lt=now - LOST)
    with transaction.atomic():
        runs = MatchRun.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
        run = runs.filter(free, pk=pk).select_related("programme").first()
        if run:
            run.state, run.beat_at, run.started_at = State.RUNNING, now, run.started_at or now
            run.save(update_fields=["state", "beat_at", "started_at"])
    return run


def _match(run, now, progress):
    progress(_("Gathering who waits and who has room"))
    cohort = gather(run.programme, now)
    weights = run.weights
    size = len(cohort.mentees)
    stage = _("Comparing %(mentees)d mentees, %(mentors)d mentors") % {"mentees": size, "mentors": len(cohort.offers)}
    scores = cohort.scores(weights, tell=lambda done: progress(stage, done, size))
    pinned, forbidden = _places(cohort, run.pinned), _places(cohort, run.forbidden)
    progress(_("Looking for the best for all together"))
    found = assign(
        scores,
        [offer.room for offer in cohort.offers],
        pinned=_that_hold(pinned, scores, cohort),
        forbidden=forbidden,
        held=[offer.held for offer in cohort.offers],
        crowding=weights["load"] * LOAD_STEP,
        draw=lots_of(cohort),
        tell=lambda matched, gap: progress(_("Proving that nothing is better"), matched, size),
    )
    words = Explanation(cohort, found.mentors, weights, set(pinned), set(forbidden))
    _keep(run, cohort, scores, found, words, progress)


def lots_of(cohort: Cohort) -> Random:
    """The lots that decide between equals: drawn anew when other people wait, and the same as long as it is the same
    people, so that what comes of pinning a pair comes of that alone."""
    people = [cohort.programme.pk, *(each.pk for each in cohort.mentees), 0, *(each.pk for each in cohort.offers)]
    return Random(crc32(repr(people).encode()))  # noqa: S311 - lots, not secrets


def _places(cohort, pairs):
    """(row, column) of each pair of keys that is part of the cohort."""
    rows = {enrolment.pk: row for row, enrolment in enumerate(cohort.mentees)}
    columns = {offer.pk: column for column, offer in enumerate(cohort.offers)}
    return [(rows[mentee], columns[offer]) for mentee, offer in pairs if mentee in rows and offer in columns]


def _that_hold(pinned, scores, cohort):
    """The pins for which there is a place, and which no rule bars by now."""
    room = [offer.room for offer in cohort.offers]
    held = []
    for row, column in pinned:
        if scores[row, column] >= 0 and room[column]:
            room[column] -= 1
            held.append((row, column))
    return held


def _keep(run, cohort, scores, found, words, progress):
    """Write the proposals, some at a time, and then that they are ready."""
    Proposal.objects.filter(run=run).delete()
    stage, size = _("Writing down why"), len(cohort.mentees)
    unmatched = []
    for rows in cohort.blocks():
        proposals = []
        for row, misses in zip(range(rows.start, rows.stop), words.near(rows), strict=True):
            column = int(found.mentors[row])
            if column == NOBODY:
                why = words.unmatched(row)
                unmatched.append({"mentee": cohort.mentees[row].pk, "why": why, "near": misses})
                continue
            proposals.append(
                Proposal(
                    run=run,
                    mentee=cohort.mentees[row],
                    offer=cohort.offers[column],
                    score=int(scores[row, column]),
                    reasons=words.reasons(row, column),
                    near=misses,
                )
            )
        Proposal.objects.bulk_create(proposals)
        progress(stage, rows.stop, size)
    done = {"unmatched": unmatched, "total_score": found.total, "bound": found.bound, "stage": "", "done": size}
    if not progress.mine().filter(stop_asked=False).update(state=State.DONE, ended_at=timezone.now(), **done):
        raise Over


def _end(runs, state, problem=""):
    runs.update(state=state, ended_at=timezone.now(), stage="", problem=problem)
