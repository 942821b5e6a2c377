"""Telling the other of the pair."""

from notifications.actions import notify
from pairings.actions import note_activity
from pairings.models import Pairing
from portfolios import notices
from portfolios.models import Page


def lock_pair(page):
    """The living pairing that the page belongs to, locked; None without one.

    Every verb that tells somebody takes this lock before it touches notifications, so that two people who write to
    each other at the same moment wait in turn.
    """
    enrolment = page.portfolio.enrolment
    pairings = Pairing.objects.live().filter(programme=enrolment.programme, mentee=enrolment.person)
    return pairings.select_for_update(of=("self",)).with_people().first()


def tell(pairing, notice, *, about, page, by, at):
    """Tell the other of the pair, if there is one. `page` is locked; of one that is put away nobody is told."""
    if pairing is None or Page.objects.filter(pk=page.pk).exclude(archived_at=None).exists():
        return
    note_activity(pairing, at=at)
    notify(
        notice,
        about=about,
        to=[other_of(pairing, by)],
        by=by,
        thread=notices.thread_of(page.pk),
        bundle=pairing.bundle,
        at=at,
    )


def other_of(pairing, person):
    return pairing.mentor if person == pairing.mentee else pairing.mentee
