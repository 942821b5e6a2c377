"""What somebody is told whose reply could not be used, or not wholly: briefly, with their words, and what to do."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.actions import send_letter
from notifications.news import topics

MOST_NAMED = 5


def give_back(person, refusal, *, words, answered):
    """The reply to the Email `answered` (None: to one that we don't know) was not used, because of `refusal`."""
    lines = [refusal]
    if answered and answered.subject:
        lines.append(_("It answered our email: %(subject)s") % {"subject": answered.subject})
    found = topics(person, [n.event for n in answered.notifications.select_related("event")]) if answered else []
    _send(
        person,
        title=_("Your reply could not be added"),
        lines=lines,
        words=words,
        url=found[0].lead.url if found else reverse("home"),
        button=found[0].lead.button if found else _("Go to Home"),
        why=_("You get this because you answered one of our emails."),
    )


def tell_of_files(person, files, url):
    """The words of a reply stand at `url` now; its files don't."""
    _send(
        person,
        title=_("Your reply was added, without its files"),
        lines=[
            _("Files can’t come by email: %(names)s.") % {"names": named(files)},
            _("Your words are there. Add the files on the page if they are needed."),
        ],
        url=url,
        button=_("See your reply"),
        why=_("You get this because you answered one of our emails."),
    )


def tell_of_a_stranger(person, *, in_their_name):
    """Somebody knows where this person's replies arrive; `in_their_name`: and says to be them, which is in doubt."""
    if in_their_name:
        title = _("A reply came in your name")
        said = _(
            "Somebody answered one of our emails from %(email)s, but nothing shows that it was you. We did not use it."
        )
        asked = _("Was it you? Then write on the page instead.")
    else:
        title = _("A reply came from another address")
        said = _("Somebody answered one of our emails to you, but not from %(email)s. We did not use it.")
        asked = _("Was it you? Then answer from that address, or write on the page.")
    _send(
        person,
        title=title,
        lines=[
            said % {"email": person.email},
            asked,
            _("Was it not you? Then there is nothing to do. Perhaps you passed an email on."),
        ],
        url=reverse("home"),
        button=_("Go to Home"),
        why=_("You get this because an email to you was answered."),
    )


def named(files) -> str:
    """“plan.docx, photo.jpg and 2 more”"""
    names = [name or _("one without a name") for name in files]
    if len(names) <= MOST_NAMED:
        return ", ".join(names)
    shown = ", ".join(names[:MOST_NAMED])
    return _("%(names)s and %(count)d more") % {"names": shown, "count": len(names) - MOST_NAMED}


def _send(person, *, title, url, words="", **context):
    context |= {"title": title, "url": settings.SITE_URL + url, "words": words}
    send_letter(
        to=person.email,
        subject=title,
        text=render_to_string("notifications/email/reply_refused.txt", context).strip() + "\n",
        html=render_to_string("notifications/email/reply_refused.html", context),
        person=person,
        lasting=True,
    )
