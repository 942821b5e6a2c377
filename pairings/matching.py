"""Who is matched with whom: the best for all together, with the proof that nothing better exists. Pure.

As many as possible are matched; of all ways to do that, the one with the highest total is taken. The solver is scipy's
for sparse graphs (Jonker and Volgenant 1987). It sees only a few mentors for each mentee. From its answer follow prices
of the mentors' places, and from prices, whatever they are, a bound on every assignment there is: each mentee gains at
most the best score less its price, each place at most its price (linear programming duality; for assignments:
Bertsekas, Network Optimization, chapter 7). Pairs that would gain more than they do become candidates, too, and the
solver is asked again, until total and bound are one number.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

BARRED = -1  # as a score: never these two
NOBODY = -1  # as a mentor
_FIRST, _MORE, _BAND = 16, 8, 8  # candidates for a mentee: at first (by each of two views), later, and come what may
_CELLS = 2_000_000  # of the scores, looked at together
_EXACT = 2**53  # whole numbers that the solver counts without rounding


@dataclass(frozen=True)
class Assignment:
    """`mentors`: for each mentee the place of their mentor in the scores, NOBODY where there is none. No assignment
    that matches as many has a total over `bound`; none matches more."""

    mentors: np.ndarray
    total: int
    bound: int

    @property
    def pairs(self) -> list[tuple[int, int]]:
        matched = np.flatnonzero(self.mentors != NOBODY)
        return list(zip(matched.tolist(), self.mentors[matched].tolist(), strict=True))


def assign(
    scores: np.ndarray,
    capacities: Iterable[int],
    *,
    pinned: Iterable[tuple[int, int]] = (),
    forbidden: Iterable[tuple[int, int]] = (),
    held: Iterable[int] | None = None,
    crowding: int = 0,
    draw: Random | None = None,
    tell: Callable[[int, int], None] = lambda matched, gap: None,
) -> Assignment:
    """Match mentees with mentors.

    scores: whole numbers from 0, mentees × mentors; BARRED, or any other negative number, for two who never may.
    capacities: free places of each mentor. held: mentees whom each has already.
    pinned, forbidden: (mentee, mentor), together whatever their score, and never.
    crowding: what is taken off the score for each mentee whom the mentor has already, so that the load spreads.
    draw: decides between equals, instead of their order. The same input and state give the same assignment.
    tell: called after each round with how many are matched and the gap that is left; what it raises ends the work.

    Raises ValueError for what cannot be: pins of barred, forbidden or full ones; scores too large to count exactly.
    """
    scores = np.asarray(scores)
    room = np.array(capacities, dtype=np.int64)
    load = np.zeros_like(room) if held is None else np.array(held, dtype=np.int64)
    forbidden = set(forbidden)
    mentors = np.full(len(scores), NOBODY)
    fixed = 0
    for mentee, mentor in pinned:
        if scores[mentee, mentor] < 0 or (mentee, mentor) in forbidden:
            raise ValueError(f"{mentee} and {mentor} are pinned and barred.")
        if room[mentor] < 1 or mentors[mentee] != NOBODY:
            raise ValueError(f"{mentee} and {mentor} are pinned without a place.")
        mentors[mentee] = mentor
        fixed += int(scores[mentee, mentor]) - crowding * int(load[mentor])
        room[mentor] -= 1
        load[mentor] += 1

    draw = draw or Random(0)  # noqa: S311 - lots, not secrets
    rows = _shuffled(np.flatnonzero(mentors == NOBODY), draw)
    columns = _shuffled(np.flatnonzero(room > 0), draw)
    if not len(rows) or not len(columns):
        return Assignment(mentors, fixed, fixed)
    open_scores = scores[np.ix_(rows, columns)]
    row_of, column_of = _places(rows, len(scores)), _places(columns, len(room))
    for mentee, mentor in forbidden:
        if row_of[mentee] >= 0 and column_of[mentor] >= 0:
            open_scores[row_of[mentee], column_of[mentor]] = BARRED
    market = _Market(open_scores, room[columns], load[columns], crowding, draw)
    found, total, bound = market.settle(tell)
    mentors[rows] = np.where(found == NOBODY, NOBODY, columns[found])
    return Assignment(mentors, fixed + total, fixed + bound)


class _Market:
    """Mentees, and mentors with places, a price each. A pair is worth its score and `bonus`, which is so much that one
    pair more is worth more than any better scores."""

    def __init__(self, scores, room, load, crowding, draw):
        self.scores = scores
        self.rows, self.columns = scores.shape
        self.room = np.minimum(room, self.rows)
        self.load, self.crowding = load, crowding
        self.first_place = np.concatenate([[0], np.cumsum(self.room)])
        self.most = self.room.max()
        # What each further place costs, mentors × places.
        self.costs = crowding * (load[:, None] + np.arange(self.most))
        self.best = max(0, int(scores.max()))
        self.bonus = (self.best + int(self.costs.max()) + 1) * (self.rows + 1)
        if self.bonus * (self.rows + 1) >= _EXACT:
            raise ValueError("The scores are too large to count exactly.")
        self.lots = np.array([draw.randrange(self.columns) for _ in range(self.rows)])

    def settle(self, tell):
        """(mentor of each mentee, total, bound)."""
        pairs = self._first_candidates()
        while True:
            mentors = self._solve(pairs)
            matched = mentors != NOBODY
            bonus = self.bonus * int(matched.sum())
            value = self._value(mentors)
            prices = self._prices(pairs, mentors)
            gains = np.where(matched, self._worth(mentors) - prices[mentors], 0)
            bound, more = self._look(prices, _MORE, above=gains)
            bound += int(self._profit(prices).sum())
            tell(int(matched.sum()), bound - value)
            if bound == value:
                return mentors, value - bonus, bound - bonus
            known = len(pairs)
            pairs = np.union1d(pairs, more)
            if len(pairs) == known:
                raise ArithmeticError("The solver's answer is not the best of the pairs it was given.")

    def _first_candidates(self):
        """Pairs, each as row × columns + column, in their order: the best scores, the best beside what others think of
        the mentor, and some of everybody, so that few stay without."""
        few = max(4, int(_FIRST * min(1, 6 / self.room.mean())))
        allowed = self.scores >= 0
        liked = np.where(allowed, self.scores, 0).sum(axis=0, dtype=np.int64) // np.maximum(1, allowed.sum(axis=0))
        _bound, best = self._look(np.zeros(self.columns, np.int64), few)
        _bound, unlike_others = self._look(liked - liked.min(), few)
        row = np.repeat(np.arange(self.rows), _BAND)
        column = (row * self.columns // self.rows + np.tile(np.arange(_BAND), self.rows)) % self.columns
        band = (row * self.columns + column)[allowed[row, column]]
        return np.unique(np.concatenate([best, unlike_others, band]))

    def _look(self, prices, most, above=None):
        """Look at all scores: (the sum of what each mentee could gain at these prices, the `most` best pairs of each
        that gain more than `above`)."""
        total, found = 0, []
        step = max(1, _CELLS // self.columns)
        most = min(most, self.columns)
        for start in range(0, self.rows, step):
            block = self.scores[start : start + step]
            gain = np.where(block >= 0, block + (self.bonus - prices), -1)
            best = gain.max(axis=1)
            total += int(np.maximum(0, best).sum())
            floor = np.zeros(len(block), np.int64) if above is None else above[start : start + step]
            wanting = np.flatnonzero(best > floor)
            # No two keys of a mentee are equal: which are the best is no accident of how the machine sorts.
            lots = (np.arange(self.columns) + self.lots[start + wanting, None]) % self.columns
            keys = gain[wanting] * self.columns + lots
            chosen = np.argpartition(keys, self.columns - most, axis=1)[:, self.columns - most :]
            better = np.take_along_axis(gain[wanting], chosen, axis=1) > floor[wanting, None]
            found.append(((start + wanting)[:, None] * self.columns + chosen)[better])
        return total, np.concatenate(found)

    def _solve(self, pairs):
        """The mentor of each mentee, the best of these pairs. Each place is a column of its own, and each mentee has a
        way out that costs more than any place."""
        row, column = np.divmod(pairs, self.columns)
        times = self.room[column]
        each = np.repeat(np.arange(len(pairs)), times)
        nth = np.arange(len(each)) - np.repeat(np.cumsum(times) - times, times)
        places = self.first_place[-1]
        # The solver takes no costs of nothing.
        cost = self.best - self.scores[row, column].astype(np.int64)[each] + self.costs[column[each], nth] + 1
        ends = np.cumsum(np.bincount(row[each], minlength=self.rows) + 1)
        way_out = ends - 1
        inside = np.ones(ends[-1], bool)
        inside[way_out] = False
        where, data = np.empty(ends[-1], np.int32), np.empty(ends[-1])
        where[inside], data[inside] = self.first_place[column[each]] + nth, cost
        where[way_out], data[way_out] = places + np.arange(self.rows), self.bonus + self.best + 1
        starts = np.concatenate([[0], ends]).astype(np.int32)
        graph = csr_array((data, where, starts), shape=(self.rows, places + self.rows))
        _rows, place = min_weight_full_bipartite_matching(graph)
        return np.where(place < places, np.searchsorted(self.first_place, place, side="right") - 1, NOBODY)

    def _worth(self, mentors):
        return self.scores[np.arange(self.rows), mentors].astype(np.int64) + self.bonus

    def _value(self, mentors):
        matched = mentors != NOBODY
        used = np.bincount(mentors[matched], minlength=self.columns)
        paid = used * self.load + used * (used - 1) // 2
        return int(self._worth(mentors)[matched].sum()) - self.crowding * int(paid.sum())

    def _profit(self, prices):
        """Of all places at these prices, mentors × places."""
        exist = np.arange(self.most) < self.room[:, None]
        return np.where(exist, np.maximum(0, prices[:, None] - self.costs), 0)

    def _prices(self, pairs, mentors):
        """Prices at which nobody would rather have another of these pairs: the mean of the lowest and the highest such
        (Bellman and Ford's shortest paths both ways)."""
        row, column = np.divmod(pairs, self.columns)
        worth = self.scores[row, column].astype(np.int64) + self.bonus
        matched = np.flatnonzero(mentors != NOBODY)
        mine, paid_for = mentors[matched], self._worth(mentors)[matched]
        used = np.bincount(mine, minlength=self.columns)
        next_cost = self.crowding * (self.load + used)
        full = used == self.room

        by_column = np.argsort(column, kind="stable")
        starts = np.flatnonzero(np.diff(column[by_column], prepend=-1))
        wanted, wanting, worth_there = column[by_column][starts], row[by_column], worth[by_column]

        def raised(prices):
            gain = np.zeros(self.rows, np.int64)
            gain[matched] = paid_for - prices[mine]
            prices = prices.copy()
            asked = np.maximum.reduceat(worth_there - gain[wanting], starts)
            prices[wanted] = np.maximum(prices[wanted], asked)
            return prices

        row_starts = np.flatnonzero(np.diff(row, prepend=-1))

        def lowered(prices):
            gain = np.zeros(self.rows, np.int64)
            gain[row[row_starts]] = np.maximum(0, np.maximum.reduceat(worth - prices[column], row_starts))
            prices = prices.copy()
            np.minimum.at(prices, mine, paid_for - gain[matched])
            return prices

        lowest = self._settled(raised, np.where(used > 0, next_cost - self.crowding, next_cost))
        highest = self._settled(lowered, np.where(full, 4 * self.bonus, next_cost))
        return (lowest + highest) // 2

    def _settled(self, change, prices):
        for _ in range(self.columns + 2):
            before, prices = prices, change(prices)
            if np.array_equal(before, prices):
                return prices
        raise ArithmeticError("The solver's answer is not the best of the pairs it was given.")


def _shuffled(places, draw):
    order = places.tolist()
    draw.shuffle(order)
    return np.array(order, dtype=np.int64)


def _places(chosen, size):
    """Where each of `size` stands among the chosen, −1 where it does not."""
    places = np.full(size, -1)
    places[chosen] = np.arange(len(chosen))
    return places
