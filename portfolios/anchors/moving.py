"""Following quoted words from one version of a text to the next."""

from bisect import bisect_left, bisect_right
from collections import Counter

from portfolios.anchors.links import link
from portfolios.anchors.twins import Twins
from portfolios.anchors.words import Words, weigh, words_of
from portfolios.comparison.words import LONGEST, Alphabet
from portfolios.richtext import text

# The share of a quote that must be left for a comment to stay; longer words count for more.
ENOUGH = 0.5
# What another word between those of the quote takes from it: at least a third of a place is its own words.
OTHERS = 0.5
# Fewer words than this must be known by those beside them as well, so many of them that this share is the same.
FEW = 8
SUPPORT = 0.5
# And so few are doubtful where they stand at the edge of a change.
EXCHANGEABLE = 2


def move(old_html, new_html, places, quotes=None):
    """Return where the words at `places` of one text stand in another: (start, end), or None when they are gone.

    places: (start, end) in `richtext.text(old_html)`; those returned are in `richtext.text(new_html)`.
    quotes: for each place the words it was about in the beginning. Half of them must be left, too: else a place moved
    on through many versions might end on words that took the place of its own, one after the other.

    Words are followed through edited, moved, split and joined blocks and to another place in them. None rather than a
    guess: for what is gone, what stands twice and could be either, an empty place, one outside of the text, and all of
    a text that is absurdly long. 20,000 words and 200 places take under a second.
    """
    if not places:
        return []
    if any(len(html) > LONGEST and len(text(html)) > LONGEST for html in (old_html, new_html)):
        return [None] * len(places)
    alphabet = Alphabet()
    follower = _Follower(Words.of(old_html, alphabet), Words.of(new_html, alphabet))
    if quotes is None:
        quotes = [""] * len(places)
    return [follower.follow(*place, quote) for place, quote in zip(places, quotes, strict=True)]


class _Follower:
    def __init__(self, old, new):
        self.old, self.new = old, new
        self.to = link(old, new)
        self.origins = [None] * len(new)
        for at, to in enumerate(self.to):
            if to is not None:
                self.origins[to] = at
        self.twins = Twins(old, new, self.to, self.origins)

    def follow(self, start, end, quote):
        """Return (start, end) in the new text, or None."""
        first = bisect_right(self.old.spans, start, key=lambda span: span[1])
        last = bisect_left(self.old.spans, end, key=lambda span: span[0])
        if start < 0 or start >= end or first >= last:
            return None
        found = self._together(first, last)
        if found is None or not self._is_supported(*found) or self.twins.confuse(*found):
            return None
        j, j_end = self._with_edges(first, last, *found[2:])
        if not _is_left(quote, self.new.keys[j:j_end]):
            return None
        (word, _), (_, word_end) = self.old.spans[first], self.old.spans[last - 1]
        new_start, new_end = self.new.spans[j][0], self.new.spans[j_end - 1][1]
        if self.to[first] == j and self.to[last - 1] == j_end - 1:
            # A place can begin and end within a word.
            new_start, new_end = new_start + max(0, start - word), new_end - max(0, word_end - end)
        return new_start, max(new_start + 1, new_end)

    def _together(self, first, last):
        """Where most of the words stand close together: (i, i_end, j, j_end), old words i to i_end being the new ones
        j to j_end, or None when that is too little."""
        linked = sorted((self.to[at], at) for at in range(first, last) if self.to[at] is not None)
        best, chosen, score, begin, before = 0, (0, 0), 0, 0, None
        for number, (j, i) in enumerate(linked):
            if before is not None:
                score -= OTHERS * self.new.weight(before + 1, j)
            if score <= 0:
                score, begin = 0, number
            score += self.old.weight(i, i + 1)
            if score > best:
                best, chosen = score, (begin, number + 1)
            before = j
        together = linked[slice(*chosen)]
        if sum(self.old.weight(i, i + 1) for _, i in together) <= ENOUGH * self.old.weight(first, last):
            return None
        words = [i for _, i in together]
        return min(words), max(words) + 1, together[0][0], together[-1][0] + 1

    def _is_supported(self, i, i_end, j, j_end):
        wanted = FEW - (i_end - i)
        if wanted <= 0:
            return True
        if i_end - i <= EXCHANGEABLE and self._is_exchangeable(i, i_end, j, j_end):
            return False
        own = self.old.weight(i, i_end)
        near = range(j - 2 * FEW, j_end + 2 * FEW)
        sides = range(max(0, i - wanted), i), range(i_end, min(len(self.old), i_end + wanted))
        found = [sum(self.old.weight(at, at + 1) for at in side if self.to[at] in near) for side in sides]
        there = [self.old.weight(side.start, side.stop) for side in sides]
        shares = [(own + same) / (own + words) for same, words in zip(found, there, strict=True) if words]
        return max(shares, default=1) >= SUPPORT

    def _is_exchangeable(self, i, i_end, j, j_end):
        """Whether the same words stand in a change right beside them, so that it may as well be those that stayed."""
        gaps = []
        if i_end < len(self.old) and self.to[i_end] != j_end:
            gaps += _gap(self.old.keys, self.to, i_end, 1), _gap(self.new.keys, self.origins, j_end, 1)
        if i and self.to[i - 1] != j - 1:
            gaps += _gap(self.old.keys, self.to, i - 1, -1), _gap(self.new.keys, self.origins, j - 1, -1)
        return any(not gap.isdisjoint(self.old.keys[i:i_end]) for gap in gaps)

    def _with_edges(self, first, last, j, j_end):
        """With words that came in the place of the first or last ones of the quote."""
        lost = next(at for at in range(first, last) if self.to[at] is not None) - first
        before = self.to[first - 1] if lost and first else None
        if before is not None and before < j <= before + lost + 2 and self._is_replacement(before + 1, j):
            j = before + 1
        lost = last - 1 - next(at for at in reversed(range(first, last)) if self.to[at] is not None)
        after = self.to[last] if lost and last < len(self.old) else None
        if after is not None and j_end <= after <= j_end + lost + 1 and self._is_replacement(j_end, after):
            j_end = after
        return j, j_end

    def _is_replacement(self, j, j_end):
        """Whether these words are all new, and of one sentence."""
        return all(self.origins[at] is None for at in range(j, j_end)) and not any(self.new.begins[j + 1 : j_end])


def _is_left(quote, words):
    own = Counter(words_of(quote))
    left = own & Counter(words)
    return sum(weigh(word) * left[word] for word in left) >= ENOUGH * sum(weigh(word) * own[word] for word in own)


def _gap(keys, links, at, step):
    """The words from a place on, in one direction, up to the next one that is in the other text too."""
    words = set()
    while 0 <= at < len(links) and links[at] is None:
        words.add(keys[at])
        at += step
    return words
