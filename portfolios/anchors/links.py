"""Which word of an old text became which word of a new one."""

from collections import defaultdict

from portfolios.anchors.words import weigh
from portfolios.comparison.alignment import align
from portfolios.comparison.words import at_sentences, common_runs, without_strays

# What a phrase must weigh to be beyond chance when it stands outside of the block that its own became: anywhere, as a
# whole sentence, or with its neighbours.
SURE_PHRASE = 24
SURE_SENTENCE = 12
SURE_NEIGHBOUR = 6
GRAM = 3
# So many words may have changed in the middle of a phrase.
CHANGED = 4


def link(old, new):
    """Return for each of the `Words` of `old` the number of the one of `new` that it became, None where it is gone."""
    links = _Links(old, new)
    backbone = links.along_blocks()
    links.in_gaps(backbone)
    links.by_phrases()
    return links.to


class _Links:
    def __init__(self, old, new):
        self.old, self.new = old, new
        self.to = [None] * len(old)
        self.taken = [False] * len(new)

    def along_blocks(self):
        """Link word by word in the blocks that are the same, edited or moved. Returns the runs that are in order."""
        backbone = []
        for step in align(self.old.lines, self.new.lines):
            if step.old is not None and step.new is not None:
                (i, i_end), (j, j_end) = self.old.ranges[step.old], self.new.ranges[step.new]
                a, words_a, spaced_a = self.old.part(i, i_end)
                b, words_b, spaced_b = self.new.part(j, j_end)
                runs = without_strays(common_runs(a, b), words_a, words_b)
                for start, to, size in at_sentences(runs, words_a, words_b, spaced_a, spaced_b):
                    self._set(i + start, j + to, size)
                    if not step.moved:
                        backbone.append((i + start, j + to, size))
        return backbone

    def in_gaps(self, backbone):
        """Link what went and came between two links that are in order: paragraphs that were split or joined."""
        i = j = 0
        for next_i, next_j, size in [*backbone, (len(self.old), len(self.new), 0)]:
            left = [at for at in range(i, next_i) if self.to[at] is None]
            right = [at for at in range(j, next_j) if not self.taken[at]]
            if left and right:
                self._in_gap(left, right)
            i, j = next_i + size, next_j + size

    def _in_gap(self, left, right):
        a, words_a, spaced_a = self.old.chosen(left)
        b, words_b, spaced_b = self.new.chosen(right)
        for start, to, size in at_sentences(common_runs(a, b), words_a, words_b, spaced_a, spaced_b):
            beside = (start == 0 and to == 0) or (start + size == len(a) and to + size == len(b))
            if sum(map(weigh, words_a[start : start + size])) >= (SURE_NEIGHBOUR if beside else SURE_PHRASE):
                for at, other in zip(left[start : start + size], right[to : to + size], strict=True):
                    self._set(at, other, 1)

    def by_phrases(self):
        """Link sentences that stand somewhere else now, by sequences of words that only they have."""
        places_old = _grams(self.old.letters, [to is None for to in self.to])
        places_new = _grams(self.new.letters, [not taken for taken in self.taken])
        runs, ends = [], defaultdict(int)
        for gram, here in places_old.items():
            there = places_new.get(gram, ())
            if len(here) == len(there) == 1:
                i, j = here[0], there[0]
                if ends[j - i] <= i:
                    runs.append(self._extended(i, j))
                    ends[j - i] = runs[-1][0] + runs[-1][2]
        phrases = _phrases(sorted(runs))
        for phrase in sorted(phrases, key=self._weight, reverse=True):
            if self._weight(phrase) >= (SURE_SENTENCE if self._is_sentence(phrase) else SURE_PHRASE):
                for i, j, size in phrase:
                    for at in range(size):
                        if self._fits(i + at, j + at):
                            self._set(i + at, j + at, 1)

    def _weight(self, phrase):
        return sum(self.old.weight(i, i + size) for i, _, size in phrase)

    def _is_sentence(self, phrase):
        (i, j, _), (i_last, j_last, size) = phrase[0], phrase[-1]
        return (
            self.old.begins[i]
            and self.new.begins[j]
            and self.old.begins[i_last + size]
            and self.new.begins[j_last + size]
        )

    def _extended(self, i, j):
        """The longest run around one gram."""
        start, end = 0, GRAM
        while i + start and j + start and self._fits(i + start - 1, j + start - 1):
            start -= 1
        while i + end < len(self.old) and j + end < len(self.new) and self._fits(i + end, j + end):
            end += 1
        return i + start, j + start, end - start

    def _fits(self, i, j):
        return self.old.letters[i] == self.new.letters[j] and self.to[i] is None and not self.taken[j]

    def _set(self, i, j, size):
        self.to[i : i + size] = range(j, j + size)
        self.taken[j : j + size] = [True] * size


def _grams(letters, free):
    places = defaultdict(list)
    for at in range(len(letters) - GRAM + 1):
        if free[at] and free[at + 1] and free[at + 2]:
            places[letters[at : at + GRAM]].append(at)
    return places


def _phrases(runs):
    """Runs put together where only a few words changed between them."""
    phrases = []
    for run in runs:
        i, j, size = phrases[-1][-1] if phrases else (0, 0, 0)
        if phrases and 0 <= run[0] - i - size <= CHANGED and 0 <= run[1] - j - size <= CHANGED:
            phrases[-1].append(run)
        else:
            phrases.append([run])
    return phrases
