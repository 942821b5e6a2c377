"""Every row of the table, by the name that the command line calls it. What is to be measured next is a line here."""

from django.urls import reverse

from bench import board, comparisons, delivery, matching, register, share
from bench.views import View


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


VIEWS = {"page": page, "home": home, "portfolio": portfolio}  # measured once more among 1,000,000 versions
OTHERS = {
    "share": share.measure,
    "delivery": delivery.measure,
    "comparisons": comparisons.measure,
    "matching": matching.measure,
    "register": register.measure,
    "board": board.measure,
}
