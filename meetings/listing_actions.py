"""The actions of a pairing as they are listed."""

from typing import NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from meetings.models import Action, ActionChange
from meetings.open_actions import in_order

# Of what is done or dropped, so many are shown before somebody asks for all.
A_FEW = 20


class Listed(NamedTuple):
    """`open`: in the order of their days, with what was ticked `just` now where it stood, to undo it; `closed`: the
    newest first; `more`: whether older ones are left out."""

    open: list[Action]
    closed: list[Action]
    more: bool


def list_actions(pairing, *, just="", all_closed=False) -> Listed:
    """Two statements. just: the key of what was ticked a moment ago, as text; that one `is_just`."""
    key = _key(just)
    stand = Q(state=Action.State.OPEN) | Q(key=key)
    closed = find(pairing).exclude(stand).order_by("-closed_at", "-pk")
    if not all_closed:
        closed = closed[: A_FEW + 1]
    found = list(closed)
    more = not all_closed and len(found) > A_FEW
    stands = list(find(pairing).filter(stand))
    for action in stands:
        action.is_just = action.key == key
    return Listed(stands, found[:A_FEW] if more else found, more)


def find(pairing):
    """Its actions in order, with their people and the meeting of their note; `moved_from`: the day before the last
    move."""
    moves = ActionChange.objects.filter(action=OuterRef("pk"), what=ActionChange.What.MOVED).order_by("-at", "-pk")
    found = in_order(pairing.actions).select_related("person__profile", "note__meeting")
    return found.annotate(moved_from=Subquery(moves.values("was")[:1]))


def _key(text):
    try:
        return UUID(text)
    except ValueError:
        return None
