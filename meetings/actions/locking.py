"""Who may change anything of a pairing's meetings, and in which order locks are taken: the pairing, then the rest."""

from django.utils.translation import gettext as _

from pairings.actions.pairing import lock
from pairings.models import MoveRefused


def lock_own(pairing, *, by):
    """The pairing as it stands now, locked, with both people. Raises MoveRefused after the end, and for anybody else
    than the two."""
    pairing = lock(pairing)
    if by not in (pairing.mentee, pairing.mentor):
        raise MoveRefused(_("Only the two of a pairing can do this."))
    if not pairing.is_live:
        raise MoveRefused(_("Your time together has ended, so nothing was changed."))
    return pairing
