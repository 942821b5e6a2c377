"""What is new for a person, in words: the same sections make Home and the emails."""

from collections import defaultdict
from dataclasses import dataclass

from notifications.notices import NOTICES, Section


@dataclass(frozen=True)
class Topic:
    """All that is new about one subject matter: the lead says what to do, the rest is added to it."""

    thread: str
    sections: list[Section]

    @property
    def lead(self):
        return self.sections[0]

    @property
    def summary(self):
        return " · ".join(section.summary for section in self.sections if section.summary)


def topics(person, notifications) -> list[Topic]:
    """What `notifications` (with their events loaded) say to `person` now, oldest subject matter first.

    What the person may no longer read is left out. A constant number of queries per kind of notice.
    """
    ids = defaultdict(list)
    for notification in notifications:
        ids[notification.event.kind].append(notification.event.about_id)
    found = defaultdict(list)
    # In the order in which the apps declared their notices: a shared page leads, comments on it follow.
    for kind, notice in NOTICES.items():
        if kind in ids and (allowed := notice.may_tell(person, ids[kind])):
            for section in notice.render(person, list(allowed.values())):
                found[section.thread].append(section)
    result = [Topic(thread, sections) for thread, sections in found.items()]
    return sorted(result, key=lambda topic: min(section.at for section in topic.sections))
