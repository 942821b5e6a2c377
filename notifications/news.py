"""What is new for a person, in words: the same sections make Home and the emails."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.compiled import Compiled, Given
from notifications.models import Notification
from notifications.notices import NOTICES, Notice, Section


@dataclass(frozen=True)
class Topic:
    """All that is new about one subject matter since `at`: the lead says what to do, the rest is added to it.

    `said`: each section with the notice that says it.
    """

    thread: str
    at: datetime
    said: list[tuple[Notice, Section]]

    @property
    def sections(self):
        return [section for _notice, section in self.said]

    @property
    def lead(self):
        return self.said[0][1]

    @property
    def summary(self):
        """“3 changes and a reply · 4 minutes”"""
        if len(self.sections) == 2:
            first, second = self.sections
            what = _("%(first)s and %(second)s") % {"first": first.count, "second": second.count}
        else:
            what = " · ".join(section.summary for section in self.sections)
        minutes = sum(section.minutes for section in self.sections)
        if not minutes:
            return what
        time = ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
        return _("%(what)s · %(time)s") % {"what": what, "time": time}


def unseen(person, asked=None) -> dict[str, list]:
    """What the person has not seen, the oldest subject matter first: its thread → its events, each with `kind`,
    `about_id`, `thread`, `at` and `bundle`; or with more, as `asked` by `unseen_with`. One query. Whether they may
    still be told of it is asked by `topics`."""
    threads = defaultdict(list)
    for event in (asked or _unseen)(person=person.pk):
        threads[event.thread].append(event)
    return dict(threads)


def unseen_with(make) -> Compiled:
    """For `unseen`: `make` returns what else each event has, by name, as expressions in a query of Notifications."""
    return Compiled(lambda: _make_unseen().annotate(**make()))


def topics(person, events, pairings=None, things=None) -> list[Topic]:
    """What `events` say to `person` now, the oldest subject matter first; `pairings` as for `Notice.may_tell`.

    What the person may no longer read is left out. One query per kind of notice, but for those kinds whose `things`
    ({kind: what may be told}) were looked up before.
    """
    ids, since = ids_by_kind(events), {}
    for event in events:
        since[event.thread] = min(event.at, since.get(event.thread, event.at))
    found = defaultdict(list)
    # In the order in which the apps declared their notices: a shared page leads, comments on it follow.
    for kind, notice in NOTICES.items():
        if kind not in ids:
            continue
        known = things is not None and kind in things
        if told := things[kind] if known else notice.may_tell(person, ids[kind], pairings):
            for section in notice.render(person, told):
                found[section.thread].append((notice, section))
    result = [Topic(thread, since[thread], said) for thread, said in found.items()]
    return sorted(result, key=lambda topic: topic.at)


def ids_by_kind(events) -> dict[str, list[int]]:
    """What the events are about: kind → keys."""
    ids = defaultdict(list)
    for event in events:
        ids[event.kind].append(event.about_id)
    return ids


def _make_unseen():
    return (
        Notification.objects.unseen()
        .filter(person=Given("person"))
        .order_by("event__at", "event__pk")
        .values(
            kind=F("event__kind"),
            about_id=F("event__about_id"),
            thread=F("event__thread"),
            at=F("event__at"),
            bundle=F("event__bundle"),
        )
    )


_unseen = Compiled(_make_unseen)
