"""The agreement of a pairing as one of its two looks at it."""

from dataclasses import dataclass

from pairings.agreement import Line, lines, looked_at_before
from pairings.models import Agreement, Pairing


@dataclass(frozen=True)
class Revision:
    """An `Agreement`, and what it changed of the one before; `is_again`: nothing, somebody looked at it once more."""

    agreement: Agreement
    changed: list[Line]

    @property
    def is_again(self):
        return not self.changed


@dataclass(frozen=True)
class Shown:
    """`lines` of the latest revision: marked against what the reader last agreed to or wrote (`since`, None when they
    never did), for as long as they have not ticked it. `is_up_for_review`: both were asked whether it still suits
    them, and neither said so since."""

    latest: Agreement | None
    lines: list[Line]
    since: Agreement | None
    i_ticked: bool
    earlier: list[Revision]
    is_up_for_review: bool

    @property
    def has_changes(self):
        return self.since is not None and any(line.is_changed for line in self.lines)


def read(pairing, *, by) -> Shown:
    """One statement."""
    revisions = list(pairing.agreements.select_related("by__profile").order_by("number"))
    if not revisions:
        return Shown(None, [], None, False, [], False)
    latest, is_mentor = revisions[-1], by.pk == pairing.mentor_id
    i_ticked = bool(latest.mentor_agreed_at if is_mentor else latest.mentee_agreed_at)
    since = None if i_ticked else looked_at_before(revisions, by.pk, is_mentor=is_mentor)
    return Shown(
        latest=latest,
        lines=lines(latest.answers, since.answers if since else latest.answers),
        since=since,
        i_ticked=i_ticked,
        earlier=_history(revisions) if len(revisions) > 1 else [],
        is_up_for_review=_is_up_for_review(pairing, latest),
    )


def _history(revisions):
    """The newest first."""
    pairs = zip([None, *revisions], revisions, strict=False)
    found = [
        Revision(new, [line for line in lines(new.answers, old.answers if old else ()) if line.is_changed])
        for old, new in pairs
    ]
    return found[::-1]


def _is_up_for_review(pairing, latest):
    asked = pairing.review_offered_at
    return bool(
        pairing.state == Pairing.State.ACTIVE
        and latest.is_agreed
        and asked
        and asked > max(latest.mentee_agreed_at, latest.mentor_agreed_at)
    )
