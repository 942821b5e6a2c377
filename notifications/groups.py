"""What people can choose about their emails, in words."""

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.models import Preference

Choice = Preference.Choice


class Group(NamedTuple):
    """One of `Preference.GROUPS`: its title, what it is about, how a sentence names it, and what each choice means."""

    title: str
    hint: str
    named: str
    means: dict[str, str]


GROUPS = {
    "portfolio": Group(
        title=gettext_lazy("Portfolio and comments"),
        hint=gettext_lazy("Pages that are shared, and what is said about them."),
        named=gettext_lazy("portfolios and comments"),
        means={
            Choice.NOW: gettext_lazy("At once; what follows is gathered for half an hour."),
            Choice.BUNDLED: gettext_lazy("What comes in one sitting is one email."),
            Choice.WEEKLY: gettext_lazy("One email on Monday morning."),
            Choice.OFF: gettext_lazy("No emails. It waits in New for you."),
        },
    ),
    "messages": Group(
        title=gettext_lazy("Messages"),
        hint=gettext_lazy("What the two of you write to each other, and how you work together."),
        named=gettext_lazy("messages"),
        means={
            Choice.NOW: gettext_lazy("After five minutes, unless you have read it."),
            Choice.BUNDLED: gettext_lazy("What comes in one sitting is one email."),
            Choice.WEEKLY: gettext_lazy("One email on Monday morning."),
            Choice.OFF: gettext_lazy("No emails. It waits in New for you."),
        },
    ),
    "meetings": Group(
        title=gettext_lazy("Meetings"),
        hint=gettext_lazy("Plans, notes and reminders. Times that are offered, booked or moved always come."),
        named=gettext_lazy("plans and notes of meetings"),
        means={
            Choice.NOW: gettext_lazy("At once; what follows is gathered for half an hour."),
            Choice.BUNDLED: gettext_lazy("What comes in one sitting is one email; reminders come on their day."),
            Choice.WEEKLY: gettext_lazy("One email on Monday morning; reminders still come on their day."),
            Choice.OFF: gettext_lazy("No emails, and no reminders. It waits in New for you."),
        },
    ),
}


def named(groups) -> str:
    """“portfolios and comments, and messages”, to stand in a sentence."""
    names = [str(GROUPS[group].named) for group in groups]
    if len(names) == 1:
        return names[0]
    return _("%(several)s, and %(last)s") % {"several": ", ".join(names[:-1]), "last": names[-1]}
