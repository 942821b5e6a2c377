"""Who may still be told of something about one of their pairings: answered by the pairings at hand, without asking the
database again. The thing that such an event is about is the pairing itself."""

from pairings.pairs import pairs_of, pairs_of_all


def of_pairs(may_hear) -> dict:
    """The two questions of a `Notice` about pairings: those of the person's own for which `may_hear(pair, person)`."""

    def may_tell(person, ids, pairings=None):
        return _chosen(person, ids, pairs_of(person) if pairings is None else pairings)

    def may_tell_all(asked):
        pairs = pairs_of_all(asked)
        return {person.pk: _chosen(person, ids, pairs[person.pk]) for person, ids in asked.items()}

    def _chosen(person, ids, pairs):
        return [pair for pair in pairs if pair.pk in ids and may_hear(pair, person)]

    return {"may_tell": may_tell, "may_tell_all": may_tell_all}


def other_in(pair, person):
    return pair.mentee if pair.mentor.pk == person.pk else pair.mentor


def hat_in(pair, person) -> str:
    return "mentor" if pair.mentor.pk == person.pk else "mentee"
