"""The main navigation, at the top of each page and, in a narrow window, at its bottom."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# By section: words, name of the address, icon.
SECTIONS = {
    "home": (_("Home"), "home", "home"),
    "portfolio": (_("Portfolio"), "portfolios:mine", "book"),
    "mentees": (_("Mentees"), "mentees", "people"),
    "meetings": (_("Meetings"), "meetings:meetings", "calendar"),
    "messages": (_("Messages"), "pairings:threads", "message"),
    "mentors": (_("Find a mentor"), "pairings:mentors", "people"),
    "admin": (_("Programme admin"), "admin:index", "calendar"),
}


@dataclass(frozen=True)
class Navigation:
    """Which of the `SECTIONS` somebody has, and which of them they look at (None: another page).

    `key` stands for all of it, so that templates can keep what they made of the `entries`.
    """

    sections: tuple[str, ...]
    current: str | None

    @property
    def key(self):
        return f"{' '.join(self.sections)}, {self.current}"

    @property
    def entries(self):
        for section in self.sections:
            label, name, icon = SECTIONS[section]
            yield {"label": label, "url": reverse(name), "icon": icon, "current": section == self.current}


def navigation(request, facts):
    """`facts`: of `mentoring.context`. Pages of a portfolio or of messages say by `request.section` whose they are."""
    has = {
        "home": True,
        "portfolio": facts.has_portfolio,
        "mentees": facts.has_mentees,
        "meetings": facts.has_messages,
        "messages": facts.has_messages,
        "mentors": facts.looks_for_mentor,
        "admin": request.user.is_staff,
    }
    return Navigation(tuple(section for section in SECTIONS if has[section]), _current(request))


def _current(request):
    match = request.resolver_match
    names = {name: section for section, (_label, name, _icon) in SECTIONS.items()}
    return getattr(request, "section", None) or (match and names.get(match.view_name))
