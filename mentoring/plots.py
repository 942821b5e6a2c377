"""Plots, drawn on the server. Pure: from numbers to shapes, which a template writes down as SVG."""

from typing import NamedTuple

SLOT, BAR = 20, 14
UP, DOWN = 96, 32  # the room above and below the line; the same scale for both
LEAST = 3  # what is there can be seen
ROW, START, LENGTH = 24, 112, 160  # how far rows are apart, where they begin, and how long the longest is


class Bar(NamedTuple):
    """A column's place across, and its heights above and below the line."""

    x: int
    up: int
    down: int

    @property
    def top(self):
        return UP - self.up


def columns(pairs) -> list[Bar]:
    """A bar upwards and one downwards for each pair of counts."""
    pairs = list(pairs)
    scale = max([up / UP for up, _ in pairs] + [down / DOWN for _, down in pairs] + [0]) or 1
    return [
        Bar(number * SLOT + (SLOT - BAR) // 2, _height(up, scale), _height(down, scale))
        for number, (up, down) in enumerate(pairs)
    ]


class Row(NamedTuple):
    """A bar that lies: its label and count, where it begins downwards, and its length."""

    label: str
    count: int
    y: int
    length: int

    @property
    def middle(self):
        return self.y + ROW // 2

    @property
    def end(self):
        return START + self.length

    @property
    def bottom(self):
        return self.y + ROW


def rows(pairs) -> list[Row]:
    """One below the other, for each label and count."""
    pairs = list(pairs)
    scale = max([count for _label, count in pairs], default=0) / LENGTH or 1
    return [Row(label, count, number * ROW, _height(count, scale)) for number, (label, count) in enumerate(pairs)]


def _height(count, scale):
    return max(LEAST, round(count / scale)) if count else 0
