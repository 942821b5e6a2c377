"""Quotes followed through the versions of a page by `anchors.move`, and held against what the writer knows."""

from collections import Counter
from dataclasses import astuple, dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise

from portfolios.anchors import move
from tests.portfolios.edits import Version

# A quote is expected to stay while so much of it, by its characters, stands close together.
MOSTLY = 0.6
# So many other words may stand between two words that are close together.
CLOSE = 5
SIZES = [1, 1, 2, 3, 4, 6, 8, 12, 20, 30, 60]


@dataclass
class Quote:
    """Words that somebody commented on: where they stand in a version, None when they were lost; `ids` of them all."""

    words: str
    ids: set[int]
    weight: float
    place: tuple[int, int] | None


@dataclass
class Count:
    """What became of quotes, one count for each quote and version.

    stayed, lost: of those whose words mostly survive. foreign: they cover none of their own words. twins: the same,
    but the words and what is around them read as before, so that nobody could tell.
    """

    stayed: int = 0
    lost: int = 0
    gone: int = 0
    twins: int = 0
    foreign: list[str] = field(default_factory=list)

    @property
    def share(self):
        return self.stayed / (self.stayed + self.lost)

    def __add__(self, other):
        return Count(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    def __str__(self):
        return (
            f"{self.share:.2%} of {self.stayed + self.lost} quotes stayed that should;"
            f" {self.gone} others were gone, or in part;"
            f" {len(self.foreign)} covered none of their own words;"
            f" {self.twins} stood on twins that read the same"
        )


def follow(versions, random, quotes=20):
    """Quote words of every version and move them along to the last, all of them Version. Returns a `Count`."""
    count, followed = Count(), []
    for old, new in pairwise(versions):
        followed += [_quote(old, random) for _ in range(quotes)]
        held = [quote for quote in followed if quote.place]
        places = move(old.html, new.html, [quote.place for quote in held], [quote.words for quote in held])
        known = {word.id for *_, word in old.words}
        for quote, place in zip(held, places, strict=True):
            _judge(quote, place, old, new, known, count)
            quote.place = place
        for quote in followed:
            if quote.place is None:
                count.lost += _left(quote, new) >= MOSTLY
                count.gone += _left(quote, new) < MOSTLY
    return count


def _quote(version, random):
    size = min(random.choice(SIZES), len(version.words))
    at = random.randrange(len(version.words) - size + 1)
    chosen = version.words[at : at + size]
    start, end = chosen[0][0], chosen[-1][1]
    words = [word for *_, word in chosen]
    return Quote(version.text[start:end], {word.id for word in words}, _weight(words), (start, end))


def _judge(quote, place, old, new, known, count):
    if place is None:
        return
    covered = new.under(*place)
    before = {word.id for word in old.under(*quote.place)}
    # A copy made since the last version is as good as the first: nobody can say which of them is the first.
    copies = {word.id for word in covered if word.id not in known and _source(word, known) in before}
    own = {word.id for word in covered} & quote.ids
    quote.ids |= copies
    if not own and not copies and _reads_alike(old, quote.place, new, place):
        count.twins += 1
        quote.ids |= {word.id for word in covered}
    elif not own and not copies:
        count.foreign.append(f"{old.text[slice(*quote.place)]!r} -> {new.text[slice(*place)]!r}")
    elif _left(quote, new) >= MOSTLY:
        is_right = 2 * _weight([word for word in covered if word.id in quote.ids]) >= _left(quote, new) * quote.weight
        count.stayed += is_right
        count.lost += not is_right
    else:
        count.gone += 1


def _source(word, known):
    return next((origin for origin in word.origins if origin in known), None)


def _left(quote, version):
    """The share of the quote that stands together in a version."""
    groups, last = Counter(), None
    for at, (_, _, word) in enumerate(version.words):
        if word.id in quote.ids:
            if last is None or at - last > CLOSE + 1:
                group = at
            groups[group] += _weight([word])
            last = at
    return max(groups.values(), default=0) / quote.weight


def _weight(words):
    return sum(len(word.text.strip(".,;:")) or 0.5 for word in words)


def _reads_alike(old, place, new, other):
    (left, words, right), (new_left, new_words, new_right) = _around(old, place), _around(new, other)
    matches = [
        block.size
        for a, b in ((left, new_left), (right, new_right))
        for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    ]
    return " ".join(new_words) in " ".join(words) and 2 * sum(matches) >= len(left) + len(right)


def _around(version: Version, place, size=10):
    words = [(start, end, word.text.lower().strip(".,;:")) for start, end, word in version.words]
    left = [word for _, end, word in words if end <= place[0]][-size:]
    right = [word for start, _, word in words if start >= place[1]][:size]
    return left, [word for start, end, word in words if start < place[1] and end > place[0]], right
