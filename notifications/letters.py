"""From Email rows to messages: who may still be told, what is still unseen, and the words, looked up now."""

import re
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import punycode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.middleware import spoken_to
from notifications import holds
from notifications.desk import Desk
from notifications.inbound.addresses import REPLY, bounce_key, unsubscribe_key
from notifications.invitations import attach
from notifications.links import choice_url
from notifications.models import Email, Notification, Preference
from notifications.news import topics
from notifications.notices import NOTICES, REPLIES
from notifications.outbox import is_too_late
from notifications.scheduling import wishes_of
from notifications.timing import calm

# Mail programs cut off what is longer than some 100 kB, and people stop long before: what would make an email longer
# than this is only named, with a link.
LONGEST = 20_000  # characters of HTML, without the frame
_SUMMED_UP = (Notification.WEEK, Notification.DAY)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class NothingToSay(Exception):
    """The email need not be sent; the message says why."""


class NotNow(Exception):
    """The person wants no emails at this hour: `until` is when they do again."""

    def __init__(self, until):
        super().__init__(until)
        self.until = until


class UnknownKind(Exception):
    """The email speaks of a kind of event that this version of the program does not know (yet)."""


def compose(email, desk=None) -> EmailMultiAlternatives:
    """The message for an Email row. Raises NothingToSay when all of it was seen, withdrawn or switched off.

    desk: what was looked up for several emails at once, this one among them.
    """
    desk = desk or Desk([email])
    if email.letter is not None:
        if is_too_late(email, timezone.now()):
            raise NothingToSay("too late to be of use")
        if email.letter.get("lasting") and email.person and desk.is_stopped(email.person):
            raise NothingToSay("the address takes no email")
        return _message(email, email.letter["to"], email.letter["subject"], email.letter["text"], email.letter["html"])
    if not email.person.is_active:
        raise NothingToSay("the person may not sign in")
    if desk.is_stopped(email.person):
        raise NothingToSay("the address takes no email")
    with spoken_to(email.person):
        return _compose_news(email, desk)


def inbound_address(key) -> str:
    """Where an answer with this key arrives; "" when the site receives no email."""
    return settings.INBOUND_ADDRESS.format(key=key) if settings.INBOUND_ADDRESS else ""


def _compose_news(email, desk):
    preference = desk.preference(email.person)
    _check_hour(email, preference)
    told = _still_to_tell(email, preference, desk)
    events = [notification.event for notification in told]
    found = topics(email.person, events, things=desk.things(email.person, events))
    if not found:
        raise NothingToSay("no longer permitted")
    summed_up = email.bundle in _SUMMED_UP
    email.thread = found[0].thread if len(found) == 1 and not summed_up else email.bundle
    lead, groups = found[0].lead, _groups(told)
    context = {
        "email": email,
        "headline": _headline(email, found, preference),
        "parts": _parts(found, preference, summed_up),
        "lead": lead,
        "button": _("See all that is new") if summed_up else lead.button,
        "url": settings.SITE_URL + (reverse("new") if summed_up else lead.url),
        "why": _why(email, lead),
        "site_url": settings.SITE_URL,
        "site_name": settings.SITE_NAME,
        "reply_to": _reply_address(email, found, desk),
        "replied_name": lead.by.first_name if lead.by else "",
    }
    if groups:
        if any(preference.choice(group) != Preference.Choice.WEEKLY for group in groups):
            context["weekly_url"] = choice_url(email.person, groups, Preference.Choice.WEEKLY, email)
        context["off_url"] = choice_url(email.person, groups, Preference.Choice.OFF, email)
    began, latest = (None, None) if summed_up else desk.thread_so_far(email)
    message = _message(
        email,
        _address(email.person),
        # A subject that began with somebody's words is not for whoever wants none.
        began.subject if began and preference.words_in_emails else context["headline"],
        render_to_string("notifications/email/news.txt", context).strip() + "\n",
        render_to_string("notifications/email/news.html", context),
    )
    if began:
        message.extra_headers["In-Reply-To"] = latest.message_id
        message.extra_headers["References"] = " ".join(dict.fromkeys([began.message_id, latest.message_id]))
    _let_answer(message, email, context)
    _invite(message, email, found, desk)
    return message


def _why(email, lead):
    if email.bundle == Notification.WEEK:
        return _("You get this because you chose one email a week.")
    if email.bundle == Notification.DAY:
        return _("You get this because so much was new today that we put it into one email.")
    return lead.why


def _reply_address(email, found, desk):
    """ "" for a thread in which nothing takes replies, such as that of a letter about many things."""
    takes_replies = email.thread.partition("-")[0] in REPLIES and found[0].lead.takes_replies
    return _inbound_address_of(email.person, email.thread, desk) if takes_replies else ""


def _check_hour(email, preference):
    """What is sent for the first time was gathered just now. What a mail server put off may come at another hour."""
    if email.attempts > 1 and settings.NOTICE_BUNDLE_MINUTES and not email.bundle.startswith(Email.ONCE):
        now = timezone.now()
        until = calm(now, wishes_of(email.person, preference))
        if until > now:
            raise NotNow(until)


def _still_to_tell(email, preference, desk):
    """The notifications that the person has not seen, and wants emails of."""
    unseen = desk.unseen(email)
    if not unseen:
        raise NothingToSay("seen already")
    if unknown := {notification.event.kind for notification in unseen} - NOTICES.keys():
        raise UnknownKind(", ".join(sorted(unknown)))
    wanted = [n for n in unseen if preference.choice(NOTICES[n.event.kind].group) != Preference.Choice.OFF]
    if not wanted:
        raise NothingToSay("switched off")
    heard = [n for n in wanted if not (NOTICES[n.event.kind].group and desk.is_muted(email.person, n.event.bundle))]
    if not heard:
        raise NothingToSay("muted")
    free = [n for n in heard if not desk.held_until(email.person, n.event)]
    for notification in heard:
        if until := desk.held_until(email.person, notification.event):
            holds.take_out([notification], until)
    if not free:
        raise NothingToSay("held")
    return free


def _groups(told):
    found = {NOTICES[notification.event.kind].group for notification in told}
    return [group for group in Preference.GROUPS if group in found]


def _headline(email, found, preference):
    if email.bundle not in _SUMMED_UP or len(found) == 1:
        lead = found[0].lead
        return lead.headline if preference.words_in_emails else lead.discreet
    if email.bundle == Notification.WEEK:
        return ngettext("Your week: %(count)d thing is new", "Your week: %(count)d things are new", len(found)) % {
            "count": len(found)
        }
    names = list(dict.fromkeys(topic.lead.by.first_name for topic in found if topic.lead.by))
    if len(names) == 2:
        return _("New from %(first)s and %(second)s") % {"first": names[0], "second": names[1]}
    if len(names) == 1:
        return _("New from %(name)s") % {"name": names[0]}
    return _("%(count)d things are new for you") % {"count": len(found)}


def _parts(found, preference, summed_up):
    """Each section with its words in both forms, as many as an email holds; the first is the lead."""
    parts, length = [], 0
    lead = found[0]
    for topic in found:
        for notice, section in topic.said:
            part = {
                "headline": section.headline if preference.words_in_emails else section.discreet,
                "section": section,
                "needs_link": summed_up or topic is not lead,
                "html": "",
                "text": "",
            }
            if preference.words_in_emails:
                words = _words(notice, section) if length < LONGEST else {}
                length += len(words.get("html", ""))
                part |= words if words and length <= LONGEST else {"text": section.summary, "cut": True}
            parts.append(part)
    return parts


def _words(notice, section):
    context = section.context()
    return {
        "html": render_to_string(f"{notice.template}.html", context),
        "text": render_to_string(f"{notice.template}.txt", context).strip(),
    }


def _let_answer(message, email, context):
    """The headers by which a mail program answers, sorts, and stops such emails."""
    headers = message.extra_headers
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    headers["List-Id"] = f"<{email.bundle}.{domain}>"
    if context["reply_to"]:
        headers["Reply-To"] = context["reply_to"]
    if off_url := context.get("off_url"):
        by_email = inbound_address(unsubscribe_key(email))
        ways = [f"<mailto:{by_email}>"] if by_email else []
        headers["List-Unsubscribe"] = ", ".join([*ways, f"<{off_url}>"])
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _invite(message, email, found, desk):
    """An email with the words of others beside it would be answered to whom it does not concern."""
    sections = [section for topic in found for section in topic.sections]
    if len(sections) == 1 and (invitation := sections[0].invitation):
        attach(message, invitation.write(_inbound_address_of(email.person, invitation.thread, desk)))


def _inbound_address_of(person, thread, desk):
    return inbound_address(f"{REPLY}-{desk.token(person, thread)}")


def _address(person):
    """“Name <address>”, its host in the letters that mail servers take."""
    user, _at, host = person.email.rpartition("@")
    return formataddr((_one_line(person.name), f"{user}@{punycode(host)}"))


def _one_line(text):
    """A line break or another control in a name or a title must neither end a header nor stop the email."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def _message(email, to, subject, text, html):
    sender = formataddr((settings.SITE_NAME, settings.DEFAULT_FROM_EMAIL))
    message = EmailMultiAlternatives(
        subject=_one_line(subject),
        body=text,
        # What cannot be delivered comes back to an address that names this email (VERP).
        from_email=inbound_address(bounce_key(email)) or sender,
        to=[to],
        headers={
            "From": sender,
            "Message-ID": email.message_id,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    if html:
        message.attach_alternative(html, "text/html")
    return message
