"""That the two of a pairing met."""

from pairings.actions.pairing import note_activity


def keep_met(pairing, *, met):
    """Remember that the two, whose pairing is locked, met at the moment `met`."""
    pairing.first_met_at = min(met, pairing.first_met_at or met)
    pairing.last_met_at = max(met, pairing.last_met_at or met)
    pairing.save(update_fields=["first_met_at", "last_met_at"])
    note_activity(pairing, at=met)


def forget_met(pairing, *, met, others):
    """The two, whose pairing is locked, did not meet at the moment `met`. `others`: the moments at which they did, of
    all that are known; one that only the pairing remembers stays."""
    remembered = [moment for moment in (pairing.first_met_at, pairing.last_met_at) if moment and moment != met]
    moments = [*remembered, *others]
    pairing.first_met_at, pairing.last_met_at = min(moments, default=None), max(moments, default=None)
    pairing.save(update_fields=["first_met_at", "last_met_at"])
