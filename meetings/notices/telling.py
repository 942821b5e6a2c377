"""Who may still be told of something about a meeting: the two of its pairing, for as long as it is of use."""


def of_the_two(find, meeting_of) -> dict:
    """The two questions of a `Notice` about meetings.

    find(ids): those of the things with these keys that are still worth telling, with their meeting and both people;
    one statement. meeting_of(thing, person): its meeting where that person may hear of it, else None.
    """

    def may_tell(person, ids, pairings=None):
        return _heard_by(person, find(ids), ids)

    def may_tell_all(asked):
        found = list(find({pk for ids in asked.values() for pk in ids}))
        return {person.pk: _heard_by(person, found, ids) for person, ids in asked.items()}

    def _heard_by(person, found, ids):
        return [thing for thing in found if thing.pk in ids and _is_theirs(meeting_of(thing, person), person)]

    return {"may_tell": may_tell, "may_tell_all": may_tell_all}


def hat_of(meeting, person) -> str:
    return "mentor" if meeting.pairing.mentor_id == person.pk else "mentee"


def _is_theirs(meeting, person):
    return meeting is not None and person.pk in (meeting.pairing.mentee_id, meeting.pairing.mentor_id)
