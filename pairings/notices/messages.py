"""What people are told of pairings: the other wrote, and, for the programme team, that somebody is worried."""

from collections import defaultdict
from datetime import timedelta
from functools import partial
from textwrap import shorten

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.notices import Notice, Section
from pairings.addresses import message_url
from pairings.models import Message
from pairings.news import concerns_to_tell, messages_to_tell, messages_to_tell_all

LONGEST_OPENING = 60  # characters
MOST_IN_AN_EMAIL = 7_500  # bytes of words, in each of its two parts
# Whoever has the thread open reads it before an email would say it.
DELAY = timedelta(minutes=5)


def thread_of(pairing_pk) -> str:
    """The thread of a pairing's messages is called like its bundle: an email of several subjects is of this thread,
    and a reply to it is a message."""
    return f"pairing-{pairing_pk}"


def thread_of_concern(pk) -> str:
    return f"concern-{pk}"


def first_words(text) -> str:
    """How a text begins, in at most 60 characters of whole words."""
    words = " ".join(text.split())
    if len(words) <= LONGEST_OPENING:
        return words
    begun = shorten(words, LONGEST_OPENING - 1, placeholder="") or words[: LONGEST_OPENING - 1]
    return begun.rstrip(",;:–- ") + "…"


def render_messages(person, sent):
    """One section a pairing, with each new message in full."""
    by_pair = defaultdict(list)
    for message in sorted(sent, key=lambda message: message.number):
        by_pair[message.pair.pk].append(message)
    return [_messages_section(person, found) for found in by_pair.values()]


def render_concerns(person, concerns):
    return [_concern_section(concern) for concern in concerns]


def _messages_section(person, sent):
    first = sent[0]
    pair, author = first.pair, first.author
    words = {"name": author.first_name, "words": first_words(first.opening)}
    headline = _("%(name)s: “%(words)s”") if first.opening else _("%(name)s sent you a file")
    count = ngettext("a message", "%(count)d messages", len(sent)) % {"count": len(sent)}
    return Section(
        thread=thread_of(pair.pk),
        headline=headline % words,
        discreet=_("%(name)s wrote to you") % words,
        summary=count,
        count=count,
        url=message_url(first.slug, first.number, sent[-1].number),
        button=_("Read and reply") if pair.is_live else _("Read it"),
        by=author,
        hat="mentor" if pair.mentor.pk == person.pk else "mentee",
        why=_why(pair) % words,
        takes_replies=pair.is_live,
        context=partial(_words_of_messages, sent),
    )


def _why(pair):
    if pair.is_live:
        return _("You get this because you and %(name)s are a pairing.")
    return _("You get this because you and %(name)s were a pairing when it was written.")


def _words_of_messages(told):
    """Each message in full, in order; of more than an email should hold, the beginning."""
    room = MOST_IN_AN_EMAIL
    messages = list(Message.objects.filter(pk__in=[sent.pk for sent in told]).with_all_that_shows())
    for message in messages:
        words = message.body.encode()
        message.in_email = words[:room].decode(errors="ignore")
        message.is_cut = len(words) > room
        room = max(0, room - len(words))
    return {"messages": messages}


def _concern_section(concern):
    words = {"name": concern.by.first_name, "pairing": concern.pairing, "programme": concern.pairing.programme}
    return Section(
        thread=thread_of_concern(concern.pk),
        headline=_("%(name)s is worried about something in “%(pairing)s”") % words,
        discreet=_("Somebody in your programme is worried about something"),
        summary=_("for the programme team"),
        count=_("a worry"),
        url=reverse("admin:pairings_concern_change", args=[concern.pk]),
        button=_("Open it in the admin"),
        by=concern.by,
        hat="",
        why=_("You get this because you look after “%(programme)s”.") % words,
        context=partial(_words_of_concern, concern),
    )


def _words_of_concern(concern):
    return {"concern": concern, "person": concern.by, "other": concern.pairing.other_than(concern.by)}


MESSAGE = Notice(
    kind="pairings.message",
    group="messages",
    template="pairings/email/message",
    may_tell=messages_to_tell,
    may_tell_all=messages_to_tell_all,
    render=render_messages,
    delay=DELAY,
)
CONCERN = Notice(
    kind="pairings.concern",
    group="",
    template="pairings/email/concern",
    may_tell=concerns_to_tell,
    render=render_concerns,
)
