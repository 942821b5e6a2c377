"""Plots, drawn on the server. Pure: from numbers to shapes, which a template writes down as SVG."""

from typing import NamedTuple

SLOT, BAR = 20, 14
UP, DOWN = 96, 32  # the room above and below the line; the same scale for both
LEAST = 3  # what is there can be seen
ROW, START, LENGTH = 24, 112, 160  # how far rows are apart, where they begin, and how long the longest is
LEFT, RIGHT, TOP, BOTTOM = 32, 348, 14, 134  # between which points of lines stand, from the first to the last
MOST_STEPS = 5  # of a scale that are named, one by one


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


class Dot(NamedTuple):
    """A point of a line: its place, and the value it stands for."""

    x: int
    y: int
    value: int


class Lines(NamedTuple):
    """`steps`: (value, y) of the scale, to rule and to name; `lines`: the dots of each line, in order."""

    steps: list[tuple[int, int]]
    lines: list[list[Dot]]

    @property
    def paths(self):
        """Each line as the points of a polyline."""
        return [" ".join(f"{dot.x},{dot.y}" for dot in line) for line in self.lines]


def lines(series, top) -> Lines:
    """`series`: of each line its points (moment, value); moments are numbers, values from 1 to `top`."""
    series = [list(points) for points in series]
    moments = [moment for points in series for moment, _value in points]
    first, span = min(moments, default=0), (max(moments, default=0) - min(moments, default=0)) or 1
    found = [
        [
            Dot(round(LEFT + (moment - first) / span * (RIGHT - LEFT)), _on_scale(value, top), value)
            for moment, value in points
        ]
        for points in series
    ]
    each = 1 if top <= MOST_STEPS else 3
    return Lines([(value, _on_scale(value, top)) for value in range(1, top + 1, each)], found)


def _on_scale(value, top):
    return round(BOTTOM - (value - 1) / (top - 1) * (BOTTOM - TOP))


def _height(count, scale):
    return max(LEAST, round(count / scale)) if count else 0
