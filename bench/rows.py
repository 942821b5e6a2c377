"""Every row of the table, by the name that the command line calls it. What is to be measured next is a line here."""

from django.urls import reverse

from bench import board, comparisons, delivery, matching, meetings, register, share
from bench.views import View
from pairings.addresses import pairing_url


def page(world):
    return [View("page, as its mentor", world.mentor, world.page.get_absolute_url(), 'id="change-1"', most=(10, 8))]


def home(world):
    path = reverse("home")
    return [
        View("Home of a mentor", world.mentor, path, "Your mentees", most=(8, 8)),
        View("Home of a mentee", world.mentee, path, "Your mentor", most=(8, 8)),
    ]


def portfolio(world):
    path = world.page.portfolio.get_absolute_url()
    return [
        View("portfolio, as its mentor", world.mentor, path, world.page.latest.title),
        View("portfolio, as its owner", world.mentee, path, world.page.latest.title),
    ]


def talks(world):
    """The two of three years look at what they did; a calendar program fetches 500 meetings."""
    made = meetings.made()
    mentor = made.pairing.mentor
    return [
        View("meetings, a list of three years", mentor, reverse("meetings:meetings"), "meetings-past", most=(15, 12)),
        View("timeline of three years", mentor, pairing_url(made.pairing.slug), "pairing-timeline", most=(15, 12)),
        View("calendar of 500 meetings", None, made.feed, "BEGIN:VEVENT", most=(15, 12)),
    ]


VIEWS = {
    "page": page,
    "home": home,
    "portfolio": portfolio,
    "meetings": talks,
}  # measured once more among 1,000,000 versions
OTHERS = {
    "share": share.measure,
    "delivery": delivery.measure,
    "comparisons": comparisons.measure,
    "matching": matching.measure,
    "register": register.measure,
    "board": board.measure,
}
