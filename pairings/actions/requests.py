"""A mentee asks a mentor; the two talk; both say yes, or one says not this time."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.slugs import free_slug, one_at_a_time
from notifications.actions import mark_seen
from notifications.models import Event
from pairings import notices
from pairings.actions.pairing import begin_pairing
from pairings.closing import take_back, tell_of
from pairings.models import MentorRequest, MoveRefused, Pairing
from pairings.places import lock_offer, recount
from pairings.rules import check_allowed, lacks_employer
from programmes.models import Enrolment

State = MentorRequest.State
MOST_A_DAY = 10  # requests of one mentee, taken back or not; each is an email to a mentor


class NoPlaceLeft(MoveRefused):
    """The mentor was free a moment ago; the words that came with the request are still the mentee's to use."""


@transaction.atomic
def ask(offer, *, by, why_you, hopes, how_we_work, at=None) -> MentorRequest:
    """A mentee asks a mentor. Raises NoPlaceLeft when their last place was taken or they take nobody just now, and
    MoveRefused when the rules bar it, the mentee has a mentor or another open request, after many on one day, and for
    too many words."""
    at = at or timezone.now()
    words = {"why_you": why_you, "hopes": hopes, "how_we_work": how_we_work}
    if over := words_over(words.values()):
        raise MoveRefused(too_many_words(over))
    programme = offer.enrolment.programme
    offer = lock_offer(programme=programme, mentor=offer.enrolment.person_id)
    enrolment = _mentee_in(programme, by)
    _check_is_free(enrolment, by)
    _check_says_employer(enrolment)
    _check_asks_few(enrolment, at)
    _check_may_work_together(enrolment, offer, at)
    _check_takes(offer, at)
    request = _create(enrolment, offer, by, asked_at=at, **words)
    tell_of(notices.ASKED, request, to=[request.mentor], by=by, at=at)
    return request


@transaction.atomic
def suggest_talk(mentee_enrolment, offer, *, by, at=None) -> MentorRequest:
    """The programme team suggests that two talk: one of the mentor's places is kept for it. Raises as `ask` does."""
    at = at or timezone.now()
    offer = lock_offer(programme=mentee_enrolment.programme, mentor=offer.enrolment.person_id)
    enrolment = _mentee_in(mentee_enrolment.programme, mentee_enrolment.person)
    _check_is_free(enrolment, by)
    _check_may_work_together(enrolment, offer, at)
    _check_takes(offer, at)
    request = _create(enrolment, offer, by, asked_at=at, state=State.TALKING, suggested_by=by)
    recount(offer)
    tell_of(notices.SUGGESTED, request, to=[request.mentee, request.mentor], by=by, at=at)
    return request


@transaction.atomic
def answer_request(request, *, by, yes, words="", at=None) -> MentorRequest:
    """The mentor says “Yes, let’s talk first”, which takes a place, or “Not this time”, also after the talk. The same
    answer again changes nothing.

    Raises MoveRefused when it is not open any more, when they have no place left for a talk, and for anybody else.
    """
    at = at or timezone.now()
    request, offer = _lock(request)
    if by.pk != request.mentor_id:
        raise MoveRefused(_("Only the mentor who was asked can answer."))
    state = State.TALKING if yes else State.DECLINED
    if request.state == state and request.answered_at:
        return request
    request.check_move(state)
    if yes:
        _check_may_work_together(_mentee_in(request.programme, request.mentee), offer, at)
        if not offer.room:
            raise NoPlaceLeft(
                _("You have no place left, so you can’t talk with %(mentee)s about one just now.")
                % {"mentee": request.mentee.first_name}
            )
        request.state, request.answered_at = State.TALKING, at
    else:
        request.answered_at = request.answered_at or at
        request.state, request.closed_at, request.closed_by = State.DECLINED, at, by
    request.reply = words
    request.save(update_fields=["state", "answered_at", "closed_at", "closed_by", "reply"])
    recount(offer)
    _seen(by, request)
    tell_of(notices.LETS_TALK if yes else notices.NOT_THIS_TIME, request, to=[request.mentee], by=by, at=at)
    return request


@transaction.atomic
def say_yes(request, *, by, at=None) -> Pairing | None:
    """After the talk, one of the two says yes. Once both did there is a pairing, which is returned.

    Raises MoveRefused when they are not talking any more, and for anybody else than the two.
    """
    at = at or timezone.now()
    request, offer = _lock(request)
    mark = {request.mentee_id: "mentee_said_yes_at", request.mentor_id: "mentor_said_yes_at"}.get(by.pk)
    if mark is None:
        raise MoveRefused(_("Only the two who talk with each other can do this."))
    if request.state == State.ACCEPTED:
        return request.pairing
    request.check_move(State.ACCEPTED)
    _seen(by, request)
    if getattr(request, mark):
        return None
    setattr(request, mark, at)
    request.save(update_fields=[mark])
    if not (request.mentee_said_yes_at and request.mentor_said_yes_at):
        tell_of(notices.SAID_YES, request, to=[request.other_than(by)], by=by, at=at)
        return None
    _check_may_work_together(_mentee_in(request.programme, request.mentee), offer, at)
    request.pairing = begin_pairing(
        programme=request.programme, mentee=request.mentee, mentor=request.mentor, by=by, kept_by=request, at=at
    )
    request.state, request.closed_at, request.closed_by = State.ACCEPTED, at, by
    request.save(update_fields=["state", "closed_at", "closed_by", "pairing"])
    recount(offer)
    tell_of(notices.BOTH_SAID_YES, request, to=[request.other_than(by)], by=by, at=at)
    return request.pairing


@transaction.atomic
def withdraw_request(request, *, by, at=None) -> MentorRequest:
    """The mentee takes their request back, or says not this time after the talk: the mentor hears of the latter.

    Raises MoveRefused when it is not open any more, and for anybody else.
    """
    request, _offer = _lock(request)
    if by.pk != request.mentee_id:
        raise MoveRefused(_("Only the mentee who asked can take it back."))
    _seen(by, request)
    take_back(request, by=by, at=at or timezone.now())
    return request


@transaction.atomic
def mark_request_read(request, *, by, until) -> None:
    """The person was shown all that happened to this request up to the moment `until`."""
    mark_seen(by, Event.objects.filter(bundle=request.bundle, at__lte=until))


def words_over(texts) -> int:
    """By how many words these texts together are too long; 0 when they are not."""
    return max(0, sum(len(text.split()) for text in texts) - MentorRequest.MOST_WORDS)


def too_many_words(over) -> str:
    return ngettext(
        "This is %(count)d word over %(most)d in all three boxes. Take a little out.",
        "This is %(count)d words over %(most)d in all three boxes. Take a little out.",
        over,
    ) % {"count": over, "most": MentorRequest.MOST_WORDS}


def _lock(request):
    """The request as it stands now and the offer it is about, both locked: the offer first, as everywhere."""
    offer = lock_offer(programme=request.programme_id, mentor=request.mentor_id)
    requests = MentorRequest.objects.select_for_update(of=("self",), no_key=True).with_people()
    return requests.get(pk=request.pk), offer


def _mentee_in(programme, person):
    parts = Enrolment.objects.current().filter(programme=programme, person=person, role=Enrolment.Role.MENTEE)
    enrolment = parts.select_related("person__profile", "programme").first()
    if enrolment is None or not person.is_active:
        raise MoveRefused(
            _("%(name)s does not take part in %(programme)s as a mentee.")
            % {"name": person.name, "programme": programme.name}
        )
    return enrolment


def _check_is_free(enrolment, by):
    """One mentor, and one open request, at a time. `by` is who would be told otherwise."""
    mine = {"programme": enrolment.programme, "mentee": enrolment.person}
    if Pairing.objects.live().filter(**mine).exists():
        if by.pk == enrolment.person_id:
            raise MoveRefused(_("You have a mentor already."))
        raise MoveRefused(_("%(mentee)s has a mentor already.") % {"mentee": enrolment.person})
    if MentorRequest.objects.open().filter(**mine).exists():
        raise MoveRefused(_one_at_a_time(enrolment.person, by))


def _check_says_employer(enrolment):
    if lacks_employer(enrolment):
        raise MoveRefused(_("Tell us first who you work for: nobody is mentored by a colleague here."))


def _check_asks_few(enrolment, at):
    asked = MentorRequest.objects.filter(mentee=enrolment.person, suggested_by=None)
    if asked.filter(asked_at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
        raise MoveRefused(_("You asked many mentors today. Sleep on it: you can ask again tomorrow."))


def _check_may_work_together(enrolment, offer, at):
    mentor = offer.enrolment.person
    if offer.enrolment.ended_at or not mentor.is_active:
        raise MoveRefused(_("%(mentor)s does not mentor here any more.") % {"mentor": mentor.first_name})
    check_allowed(enrolment, offer, timezone.localtime(at).date())


def _check_takes(offer, at):
    mentor = offer.enrolment.person
    if not offer.is_taking(timezone.localtime(at).date()):
        raise NoPlaceLeft(_("%(mentor)s takes nobody just now.") % {"mentor": mentor.first_name})
    if not offer.room:
        raise NoPlaceLeft(_("%(mentor)s has no place left.") % {"mentor": mentor.first_name})


def _create(enrolment, offer, by, **fields):
    mentee = enrolment.person
    one_at_a_time("request")
    begins = free_slug(mentee.name, taken=(), fallback="request")
    taken = MentorRequest.objects.filter(slug__startswith=begins).values_list("slug", flat=True)
    slug = free_slug(mentee.name, taken=taken, fallback="request")
    who = {"programme": enrolment.programme, "mentee": mentee, "mentor": offer.enrolment.person, "offer": offer}
    try:
        with transaction.atomic():
            return MentorRequest.objects.create(slug=slug, **who, **fields)
    except IntegrityError as error:
        raise MoveRefused(_one_at_a_time(mentee, by)) from error


def _one_at_a_time(mentee, by):
    if by.pk == mentee.pk:
        return _("You have an open request. One at a time, so that nobody waits in vain.")
    return _("%(mentee)s has an open request. One at a time, so that nobody waits in vain.") % {"mentee": mentee.name}


def _seen(by, request):
    """Whoever acts on a request has seen what happened to it."""
    mark_seen(by, Event.objects.filter(bundle=request.bundle))
