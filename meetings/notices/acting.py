"""The Monday letter of one's own: what somebody said they would do this week, or before."""

from dataclasses import dataclass
from functools import partial
from itertools import groupby

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.models import Action
from meetings.open_actions import due_for
from notifications.models import Event
from notifications.notices import Notice, Section
from pairings.days import today_of

KIND = "meetings.actions_due"


@dataclass(frozen=True)
class ToDo:
    """What is due for a person. `pk` is the week whose letter says so: its Monday, as `date.toordinal` has it."""

    pk: int
    actions: list[Action]


def thread_of_letter(person_pk, week) -> str:
    """Each week's is a thread of its own: its subject says how many there are. `week`: as of `ToDo.pk`."""
    return f"actions-{person_pk}-{week}"


def events_of_letters(person):
    """The letters that were written to the person: each is an event of its week, the occasion is the person's key."""
    return Event.objects.filter(kind=KIND, occasion=str(person.pk))


def letters_since(day) -> set[tuple[int, int]]:
    """(person's key, week) of each letter of a week that began on that day or later."""
    found = Event.objects.filter(kind=KIND, about_id__gte=day.toordinal()).values_list("occasion", "about_id")
    return {(int(occasion), week) for occasion, week in found}


def due_to_tell(person, ids, pairings=None) -> list[ToDo]:
    return due_to_tell_all({person: ids})[person.pk]


def due_to_tell_all(asked) -> dict[int, list[ToDo]]:
    """To everybody what is due for themselves now, in the newest of their letters."""
    due = due_for(asked, timezone.now())
    return {person.pk: [ToDo(max(ids), due[person.pk])] if due[person.pk] else [] for person, ids in asked.items()}


def render_due(person, found):
    return [_section(person, todo) for todo in found]


def _section(person, todo):
    actions = todo.actions
    first, count = actions[0], len(actions)
    headline = ngettext(
        "One thing you said you’d do this week", "%(count)s things you said you’d do this week", count
    ) % {"count": _in_words(count)}
    summary = ngettext("an action is due", "%(count)d actions are due", count) % {"count": count}
    return Section(
        thread=thread_of_letter(person.pk, todo.pk),
        headline=headline,
        discreet=headline,
        summary=summary,
        count=summary,
        url=_url(first.pairing),
        button=_("Tick off or move"),
        by=first.pairing.other_than(person),
        hat="",
        why=_("You get this on Mondays when something that you said you’d do is due."),
        takes_replies=False,
        context=partial(_words, person, actions),
    )


def _words(person, actions):
    """By pairing, in the order of what is due first in each."""
    order = list(dict.fromkeys(action.pairing_id for action in actions))
    by_pair = sorted(actions, key=lambda action: order.index(action.pairing_id))
    lists = [list(found) for _pk, found in groupby(by_pair, key=lambda action: action.pairing_id)]
    return {
        "lists": [
            {
                "name": found[0].pairing.other_than(person).first_name,
                "url": settings.SITE_URL + _url(found[0].pairing),
                "actions": found,
            }
            for found in lists
        ],
        "today": today_of(person, timezone.now()),
    }


def _url(pairing):
    return reverse("meetings:actions", args=[pairing.slug])


def _in_words(count):
    words = {2: _("Two"), 3: _("Three"), 4: _("Four"), 5: _("Five"), 6: _("Six")}
    return words.get(count, count)


ACTIONS_DUE = Notice(
    kind=KIND,
    group="meetings",
    template="meetings/email/actions_due",
    may_tell=due_to_tell,
    may_tell_all=due_to_tell_all,
    render=render_due,
)
