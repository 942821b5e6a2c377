"""A reply to one of our emails becomes what it answers, or comes back to its writer with a reason."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.middleware import spoken_to
from notifications.actions import mark_seen
from notifications.inbound import answers, calendar_answers
from notifications.inbound.headers import Headers
from notifications.inbound.reading import Read, Unreadable, read
from notifications.inbound.senders import is_from, why_not_a_person
from notifications.models import Email, Event, InboundEmail, ReplyAddress
from notifications.notices import REPLIES, NotTaken, Reply

Outcome = InboundEmail.Outcome

NOT_THEIRS = ANOTHER_SENDER, DOUBTED = "from another address", "fails DMARC"
ONLY_WORDS = "without its files"
# Nobody writes so many in vain. Two programs that answer each other, and look like people, stop at this.
ANSWERS_A_DAY = 50
A_DAY = timedelta(days=1)


def take(address: ReplyAddress, headers: Headers, raw: bytes, at) -> tuple[str, str]:
    """Do what the reply asks for. Returns its outcome and a reason; a refused one is answered."""
    person = address.person
    of_a_program = why_not_a_person(headers)
    if of_a_program and not calendar_answers.may_be_one(raw):
        return Outcome.IGNORED, of_a_program
    if not person.is_active:
        return Outcome.IGNORED, "the person may not sign in"
    with spoken_to(person):
        if not is_from(person, headers):
            if of_a_program:
                return Outcome.IGNORED, of_a_program
            return _tell_of_a_stranger(person, DOUBTED if headers.fails_dmarc else ANOTHER_SENDER, at)
        answered = _answered(address, headers)
        mail = Read("", "", [])
        try:
            mail = read(raw)
            if mail.calendar:
                return calendar_answers.take(address, mail.calendar, at)
            if of_a_program:
                return Outcome.IGNORED, of_a_program
            url = _taken(address, mail, answered, at)
        except Unreadable:
            refusal, reason = _("We couldn’t read your email. Please write it on the site instead."), "cannot be read"
        except NotTaken as refused:
            # Without words in it, it is told which files it brought: their names are words of the person's, too.
            refusal, reason = str(refused), str(refused) if mail.words else "no words in it"
        else:
            return _tell_of_files(person, mail.files, url, at) if mail.files else (Outcome.TAKEN, "")
        if _today(person, at).filter(outcome=Outcome.REFUSED).exclude(reason__in=NOT_THEIRS).count() >= ANSWERS_A_DAY:
            return Outcome.IGNORED, f"not answered, {ANSWERS_A_DAY} answers today: {reason}"
        answers.give_back(person, refusal, words=mail.words or mail.whole, answered=answered)
        return Outcome.REFUSED, reason


def _answered(address, headers) -> Email | None:
    """The email that it answers, as far as its headers say: one to this person, about this subject matter."""
    thread = Q(thread=address.thread) | Q(bundle=address.thread)
    emails = Email.objects.filter(thread, person=address.person, message_id__in=headers.named)
    found = {email.message_id: email for email in emails}
    return next((found[name] for name in headers.named if name in found), None)


@transaction.atomic
def _taken(address, mail, answered, at):
    """Where the words stand now. Whoever answers an email has seen what it told."""
    if not mail.words:
        raise NotTaken(_no_words(mail))
    take_reply = REPLIES.get(address.thread.partition("-")[0])
    if take_reply is None:
        raise NotTaken(
            _(
                "That email told of several things, so we can’t say which of them you answer. "
                "Open the one that you mean, and write there."
            )
        )
    events = Event.objects.filter(notifications__email=answered) if answered else Event.objects.none()
    about = list(events.order_by("pk").values_list("kind", "about_id"))
    url = take_reply(Reply(address.person, address.thread, about, mail.words, at))
    mark_seen(address.person, events)
    return url


def _no_words(mail):
    if mail.files:
        return _("We found no words in it, and files can’t come by email: %(names)s. Add them on the page.") % {
            "names": answers.named(mail.files)
        }
    if mail.whole:
        return _("We found no words of yours in it, only what you quoted. Please write it on the site instead.")
    return _("We found no words in it. Please write it on the page.")


def _tell_of_files(person, files, url, at):
    if _today(person, at).filter(reason=ONLY_WORDS).count() < ANSWERS_A_DAY:
        answers.tell_of_files(person, files, url)
    return Outcome.TAKEN, ONLY_WORDS


def _tell_of_a_stranger(person, reason, at):
    """Once a day, and never to whoever wrote it."""
    if _today(person, at).filter(outcome=Outcome.REFUSED, reason__in=NOT_THEIRS).exists():
        return Outcome.IGNORED, reason
    answers.tell_of_a_stranger(person, in_their_name=reason == DOUBTED)
    return Outcome.REFUSED, reason


def _today(person, at):
    """What came to the person's addresses in the last day."""
    return InboundEmail.objects.filter(person=person, at__gt=at - A_DAY)
