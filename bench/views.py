"""Views of the app beside the bare view: how many statements they make, and how many bare views they cost."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from bench.house import House, Unmeasurable
from bench.table import Row

ROUNDS = 5
SECONDS = 2.0  # for either, in each round


@dataclass(frozen=True)
class View:
    """A page as one person sees it, None for somebody who is not signed in. `shows` are words that only it shows.
    `most`, when there is a bound: how many bare views, and how many statements, it may cost."""

    name: str
    person: User | None
    path: str
    shows: str
    most: tuple[int, int] | None = None


def measure(house: House, views: Iterable[View], among: str = "") -> Iterator[Row]:
    """A row for each: bare view and view in turns, the median of five. `among` says what else is in the database."""
    for view in views:
        cookie, statements = _visit(view)
        house.rate(view.path, cookie, seconds=1)
        rounds = [
            (house.bare_rate(seconds=SECONDS), house.rate(view.path, cookie, seconds=SECONDS)) for _ in range(ROUNDS)
        ]
        bare, rate = (median(rates) for rates in zip(*rounds, strict=True))
        # Of each round by itself: when the machine is busy with other things, both are slower.
        costs = median(bare / rate if rate else float("inf") for bare, rate in rounds)
        yield Row(
            name=f"{view.name}{among}",
            statements=statements,
            bare=f"{bare:.0f}/s",
            measured=f"{rate:.1f}/s",
            costs=costs,
            bound="{} views, {} statements".format(*view.most) if view.most else "",
            kept=costs <= view.most[0] and statements <= view.most[1] if view.most else None,
        )


def _visit(view):
    """Sign in, if anybody does, and look once. Returns the cookie, and how many statements a second look makes."""
    client = Client(SERVER_NAME="127.0.0.1")
    if view.person:
        client.force_login(view.person, backend="accounts.backends.EmailBackend")
    first = client.get(view.path)
    if first.status_code != 200 or view.shows not in first.content.decode():
        raise Unmeasurable(f"{view.path} answered {first.status_code} and does not show “{view.shows}”.")
    with CaptureQueriesContext(connection) as statements:
        client.get(view.path)
    cookie = f"sessionid={client.cookies['sessionid'].value}" if view.person else ""
    return cookie, len(statements)
