"""From an Email row to a message: who may still be told, what is still unseen, and the words, looked up now."""

import re
from email.utils import formataddr

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import punycode

from accounts.middleware import spoken_to
from notifications.models import Email, Preference
from notifications.news import topics
from notifications.notices import NOTICES
from notifications.outbox import LETTER_GIVE_UP

CHOICE_SALT = "email-choice"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class NothingToSay(Exception):
    """The email need not be sent; the message says why."""


class UnknownKind(Exception):
    """The email speaks of a kind of event that this version of the program does not know (yet)."""


def compose(email) -> EmailMultiAlternatives:
    """The message for an Email row. Raises NothingToSay when all of it was seen, withdrawn or switched off."""
    if email.letter is not None:
        if timezone.now() - email.created_at > LETTER_GIVE_UP:
            raise NothingToSay("too late to be of use")
        return _message(email, email.letter["to"], email.letter["subject"], email.letter["text"], email.letter["html"])
    if not email.person.is_active:
        raise NothingToSay("the person may not sign in")
    with spoken_to(email.person):
        return _compose_news(email)


def choice_url(person, group, choice) -> str:
    """The full address where an email's reader changes, without signing in, how often they get such emails."""
    token = signing.dumps([person.pk, group], salt=CHOICE_SALT)
    return settings.SITE_URL + reverse("notifications:choice", args=[token, choice])


def _compose_news(email):
    unseen = list(email.notifications.unseen().select_related("event__by").order_by("event__at"))
    if not unseen:
        raise NothingToSay("seen already")
    if unknown := {notification.event.kind for notification in unseen} - NOTICES.keys():
        raise UnknownKind(", ".join(sorted(unknown)))
    preference = Preference.objects.filter(person=email.person).first() or Preference()
    wanted = [n for n in unseen if getattr(preference, NOTICES[n.event.kind].group) != Preference.Choice.OFF]
    if not wanted:
        raise NothingToSay("switched off")
    found = topics(email.person, [notification.event for notification in wanted])
    if not found:
        raise NothingToSay("no longer permitted")
    email.thread = found[0].thread if len(found) == 1 else email.bundle
    group = NOTICES[wanted[0].event.kind].group
    context = {
        "email": email,
        "parts": [_part(notice, section) for topic in found for notice, section in topic.said],
        "lead": found[0].lead,
        "site_url": settings.SITE_URL,
        "site_name": settings.SITE_NAME,
        "weekly_url": choice_url(email.person, group, Preference.Choice.WEEKLY),
        "off_url": choice_url(email.person, group, Preference.Choice.OFF),
    }
    began = _thread_so_far(email)
    headline = found[0].lead.headline
    message = _message(
        email,
        _address(email.person),
        began[0].subject if began else headline,
        render_to_string("notifications/email/news.txt", context).strip() + "\n",
        render_to_string("notifications/email/news.html", context),
    )
    if began:
        message.extra_headers["In-Reply-To"] = began[-1].message_id
        message.extra_headers["References"] = " ".join(dict.fromkeys([began[0].message_id, began[-1].message_id]))
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    message.extra_headers["List-Id"] = f"<{email.bundle}.{domain}>"
    message.extra_headers["List-Unsubscribe"] = f"<{context['off_url']}>"
    message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


def _part(notice, section):
    """One section with its words in both forms; the first of an email is its lead."""
    context = section.context()
    return {
        "section": section,
        "html": render_to_string(f"{notice.template}.html", context),
        "text": render_to_string(f"{notice.template}.txt", context).strip(),
    }


def _thread_so_far(email):
    """The first and the last email that were sent to this person in this thread; empty for a new thread."""
    sent = Email.objects.filter(person=email.person, thread=email.thread, state=Email.State.SENT)
    first = sent.order_by("sent_at", "pk").first()
    return [first, sent.order_by("-sent_at", "-pk").first()] if first else []


def _address(person):
    """“Name <address>”, its host in the letters that mail servers take."""
    user, _, host = person.email.rpartition("@")
    return formataddr((_one_line(person.name), f"{user}@{punycode(host)}"))


def _one_line(text):
    """A line break or another control in a name or a title must neither end a header nor stop the email."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def _message(email, to, subject, text, html):
    message = EmailMultiAlternatives(
        subject=_one_line(subject),
        body=text,
        from_email=formataddr((settings.SITE_NAME, settings.DEFAULT_FROM_EMAIL)),
        to=[to],
        headers={
            "Message-ID": email.message_id,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    if html:
        message.attach_alternative(html, "text/html")
    return message
