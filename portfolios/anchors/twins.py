"""Words that stand twice, and whether what is around them says which ones are meant."""

from bisect import bisect_left
from collections import Counter, defaultdict

from rapidfuzz.distance import LCSseq

GRAM = 3
# So many words of a place say whether it stands elsewhere, too; shorter ones are taken with their neighbours.
CORE = 8
MOST_GRAMS = 16
MOST_TWINS = 20
# The share of the core that must stand there.
TWIN_FROM = 0.3

# Words on either side to look at, beyond those that are the same around the twin.
AROUND = 20
FURTHEST = 200
# How many words more of the surroundings must be the same than at a twin: this share of those on one side, ...
CLEARLY = 0.5
AT_LEAST = 3
# or so many when the twin has a place of its own, where so large a share of its surroundings is the same, too.
SETTLED = 0.75
DISTINCT = 8
# Then the twin may even seem to fit better by so many, when this share is the same, and the twin is far away.
CONFIRMED = 0.4
TOLERATED = 10


class Twins:
    """Judges places in two `Words` of which the links are known, see `links.link`."""

    def __init__(self, old, new, to, origins):
        self.old, self.new, self.to, self.origins = old.letters, new.letters, to, origins
        self.grams_old, self.grams_new = _grams(old.letters), _grams(new.letters)

    def confuse(self, i, i_end, j, j_end):
        """Whether old words i to i_end could as well be others than the new ones j to j_end."""
        more = max(0, CORE - (i_end - i) + 1) // 2
        core = max(0, i - more), min(len(self.old), i_end + more)
        twins_old = _twins(self.old, core, self.grams_old, 0)
        twins_new = _twins(self.old, core, self.grams_new, j - i)
        if not twins_old and not twins_new:
            return False
        repeated = [_repeated(self.old, i, i_end, self.old, i + twin) for twin in twins_old]
        repeated += [_repeated(self.old, i, i_end, self.new, j + twin) for twin in twins_new]
        reach = AROUND + core[1] - core[0] + max(repeated)
        mine, there = _around(self.old, i, i_end, reach), _around(self.new, j, j_end, reach)
        if mine == there:
            return False
        fit = _fit(mine, there)
        is_confirmed = fit - (i_end - i) >= CONFIRMED * 2 * reach
        for twin in twins_old:
            at, at_end = i + twin, i_end + twin
            if not _is_settled(self.to, self.old, self.new, (at, at_end), (j, j_end), reach):
                margin = max(AT_LEAST, min(CLEARLY * reach, abs(twin)))
            elif is_confirmed:
                margin = -TOLERATED if abs(twin) > reach else 0
            else:
                margin = DISTINCT
            if _fit(_around(self.old, at, at_end, reach), there) > fit - margin:
                return True
        # Of two copies that were made since, either is good; but not when the other is the one in its place.
        places = [(j + twin, j_end + twin) for twin in twins_new]
        return any(
            _fit(mine, _around(self.new, *place, reach)) > fit + TOLERATED
            and not _is_settled(self.origins, self.new, self.old, place, (i, i_end), reach)
            for place in places
        )


def _grams(letters):
    places = defaultdict(list)
    for at in range(len(letters) - GRAM + 1):
        places[letters[at : at + GRAM]].append(at)
    return places


def _twins(letters, core, grams, shift):
    """How many words further on (or back) the core stands again in the text of `grams`, at least a good part of it.

    shift: how far from its place in `letters` the words in question stand there, they themselves being no twin.
    """
    votes = Counter()
    starts = range(core[0], core[1] - GRAM + 1)
    starts = starts[:: max(1, len(starts) // MOST_GRAMS)]
    for at in starts:
        places = grams.get(letters[at : at + GRAM], ())
        if len(places) > MOST_TWINS:
            nearest = max(0, bisect_left(places, at + shift) - MOST_TWINS // 2)
            places = places[nearest : nearest + MOST_TWINS]
        votes.update([place - at - shift for place in places])
    return [twin for twin, count in votes.items() if abs(twin) >= GRAM and count >= TWIN_FROM * len(starts)]


def _repeated(letters, start, end, others, at):
    """How many words before or after are the same around a twin at `at` as well."""
    at, at_end = max(0, at), max(0, at + end - start)
    before = letters[max(0, start - FURTHEST) : start][::-1], others[max(0, at - FURTHEST) : at][::-1]
    after = letters[end : end + FURTHEST], others[at_end : at_end + FURTHEST]
    return max(_common(*before), _common(*after))


def _common(a, b):
    return next((size for size, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _around(letters, start, end, reach):
    start, end = max(0, start), max(0, end)
    return letters[max(0, start - reach) : start], letters[start:end], letters[end : end + reach]


def _fit(surroundings, others):
    """How many words of two places and what is around them are the same, side by side."""
    return sum(LCSseq.similarity(a, b) for a, b in zip(surroundings, others, strict=True))


def _is_settled(to, letters, others, twin, place, reach):
    """Whether a twin is found in the other text without doubt, and elsewhere than at `place`."""
    start, end = max(0, twin[0]), min(len(to), twin[1])
    linked = [at for at in range(start, end) if to[at] is not None]
    if 2 * len(linked) < twin[1] - twin[0]:
        return False
    middle = linked[len(linked) // 2]
    there = to[middle] - (middle - twin[0])
    there_end = there + twin[1] - twin[0]
    if there < place[1] and there_end > place[0]:
        return False
    fit = _fit(_around(letters, *twin, reach), _around(others, there, there_end, reach))
    return fit >= SETTLED * (2 * reach + twin[1] - twin[0])
