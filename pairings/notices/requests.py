"""What people are told of requests: one was made, answered, forgotten or taken back; a talk was suggested, and how it
went on. All at once, each in an email of its own."""

from django.db.models import Exists, OuterRef, Q

from notifications.notices import Notice
from pairings.models import MentorRequest, Pairing
from pairings.notices import request_words as words
from programmes.models import Enrolment

State = MentorRequest.State


def _to_tell(*states):
    """A `may_tell`: those of the requests in these states, to the two while they take part in the programme."""

    def may_tell(person, ids, pairings=None):
        return list(_of_two(person).filter(pk__in=ids, state__in=states))

    return may_tell


def _said_yes_to_tell(person, ids, pairings=None):
    return [each for each in _of_two(person).filter(pk__in=ids, state=State.TALKING) if not _said_yes(each, person)]


def _both_said_yes_to_tell(person, ids, pairings=None):
    return list(_of_two(person).filter(pk__in=ids, state=State.ACCEPTED, pairing__state__in=Pairing.LIVE))


def _taken_back_to_tell(person, ids, pairings=None):
    return list(_of_two(person).filter(~Q(closed_by=person) | Q(closed_by=None), pk__in=ids, state=State.WITHDRAWN))


def _unanswered_to_tell(person, ids, pairings=None):
    requests = MentorRequest.objects.administered_by(person).filter(pk__in=ids, state=State.ASKED)
    return list(requests.exclude(Q(mentee=person) | Q(mentor=person)).with_people().select_related("offer"))


def _of_two(person):
    def takes_part(role):
        parts = Enrolment.objects.current().filter(programme=OuterRef("programme"), role=role, person=person)
        return Q(Exists(parts), **{role: person})

    requests = MentorRequest.objects.filter(takes_part("mentee") | takes_part("mentor"))
    return requests.with_people().select_related("offer__enrolment", "suggested_by__profile", "pairing")


def _said_yes(request, person):
    return request.mentee_said_yes_at if person.pk == request.mentee_id else request.mentor_said_yes_at


def _notice(kind, may_tell, section):
    return Notice(
        kind=f"pairings.{kind}",
        group="",
        template="pairings/email/request",
        may_tell=may_tell,
        render=lambda person, requests: [section(person, request) for request in requests],
    )


ASKED = _notice("asked", _to_tell(State.ASKED), words.asked)
LETS_TALK = _notice("lets_talk", _to_tell(State.TALKING), words.lets_talk)
NOT_THIS_TIME = _notice("not_this_time", _to_tell(State.DECLINED), words.not_this_time)
SUGGESTED = _notice("suggested", _to_tell(State.TALKING), words.suggested)
SAID_YES = _notice("said_yes", _said_yes_to_tell, words.one_said_yes)
BOTH_SAID_YES = _notice("both_said_yes", _both_said_yes_to_tell, words.both_said_yes)
HOW_IT_WENT = _notice("how_it_went", _said_yes_to_tell, words.how_it_went)
NUDGE = _notice("nudge", _to_tell(State.ASKED), words.nudge)
LAPSED = _notice("lapsed", _to_tell(State.LAPSED), words.lapsed)
TAKEN_BACK = _notice("taken_back", _taken_back_to_tell, words.taken_back)
UNANSWERED = _notice("unanswered", _unanswered_to_tell, words.unanswered)
