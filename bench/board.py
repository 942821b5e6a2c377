"""The board and the health of a programme, among 100,000 people."""

from collections.abc import Iterator

from django.urls import reverse

from bench.crowd import crowd, row
from bench.table import Row
from mentoring.board import LISTS


def measure(house, world) -> Iterator[Row]:
    made = crowd()
    url = f"{reverse('admin:board')}?programme={made.programme.slug}"
    lists = [f"{url}&list={name}" for name in LISTS]
    yield row(house, "board", made.lead, [*lists, f"{lists[0]}&page=9"], "board-rows")
    health = f"{reverse('admin:programme_health')}?programme={made.programme.slug}"
    yield row(house, "health", made.lead, [health], "See as a table")
