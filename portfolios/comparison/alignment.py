"""Which block of the old text became which block of the new one."""

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from heapq import nlargest

from rapidfuzz.distance import LCSseq

from portfolios.comparison.words import MOST_CELLS, common_runs

# In a gap with more pairs than this, or longer ones, only blocks that share rare sequences of words are compared.
MOST_PAIRS = 20_000
MOST_POSTINGS = 20
MOST_GRAMS = 10_000
BEST_OF = 4

# How alike two blocks must be, by twice the words they share over the words of both, to be the same block edited.
EDITED_FROM = 0.45
# A block found elsewhere with some words changed must be beyond doubt, and long enough to be recognised.
CARRIED_FROM = 0.6
CARRIED_WORDS = 6
# What little two blocks at the same place must share to be the old and the new wording of one.
REWRITTEN_FROM = 0.2


@dataclass(frozen=True, slots=True)
class Line:
    """A block to align. `words` holds one character for each word, "" for a block without words such as a rule."""

    text: str
    words: str


@dataclass(frozen=True, slots=True)
class Step:
    """Block numbers in the old and new text, None where there is none; `moved` when it stood somewhere else."""

    old: int | None
    new: int | None
    moved: bool = False


def align(old, new):
    """Return the steps that read both lists of `Line` in the order of the new one, removed blocks first in each place.

    Every block is in exactly one step. Pairs that are not `moved` rise in both lists.
    """
    shared = _SharedWords(old, new)
    kept = _same(old, new)
    moved = _moved(old, new, kept)
    kept += _similar(shared, kept, moved, _likeness, EDITED_FROM)
    moved += _carried(shared, kept, moved)
    kept += _similar(shared, kept, moved, _resemblance, REWRITTEN_FROM)
    kept += _replaced(old, new, kept, moved)
    return _steps(sorted(kept), moved, len(old), len(new))


class _SharedWords(dict):
    """How many words the blocks of a pair (old, new) share in their order, counted when first asked for."""

    def __init__(self, old, new):
        super().__init__()
        self.old, self.new = old, new

    def __missing__(self, pair):
        a, b = self.old[pair[0]].words, self.new[pair[1]].words
        is_small = len(a) * len(b) <= MOST_CELLS
        self[pair] = LCSseq.similarity(a, b) if is_small else (Counter(a) & Counter(b)).total()
        return self[pair]


def _same(old, new):
    """Rising pairs of blocks with the same text: the most words of unique ones first, then the repeated in between."""
    unique_old, unique_new = _unique(old), _unique(new)
    anchors = [(at, unique_new[text], len(old[at].words) + 1) for text, at in unique_old.items() if text in unique_new]
    letters = {}
    spelt_old, spelt_new = (
        "".join(letters.setdefault(line.text, chr(0x10000 + len(letters))) for line in lines) for lines in (old, new)
    )
    kept, i, j = [], 0, 0
    for next_i, next_j in [*_heaviest_chain(anchors), (len(old), len(new))]:
        for at, to, size in common_runs(spelt_old[i:next_i], spelt_new[j:next_j]):
            kept += [(i + at + each, j + to + each) for each in range(size)]
        if next_i < len(old):
            kept.append((next_i, next_j))
        i, j = next_i + 1, next_j + 1
    return kept


def _unique(lines):
    count = Counter(line.text for line in lines)
    return {line.text: at for at, line in enumerate(lines) if line.words and count[line.text] == 1}


def _moved(old, new, kept):
    """Pairs of the same text that stand in another place."""
    places = defaultdict(list)
    for at in reversed(_free(old, kept, [], 0)):
        places[old[at].text].append(at)
    return [
        (places[new[at].text].pop(), at) for at in _free(new, kept, [], 1) if new[at].words and places.get(new[at].text)
    ]


def _similar(shared, kept, moved, score, wanted):
    return [
        pair
        for left, right in _gaps(shared.old, shared.new, kept, moved)
        for pair in _heaviest_chain(_candidates(shared, left, right, score, wanted))
    ]


def _carried(shared, kept, moved):
    """Pairs that stand in another place and were edited a little, the most alike first."""
    old, new = shared.old, shared.new
    left = [at for at in _free(old, kept, moved, 0) if len(old[at].words) >= CARRIED_WORDS]
    right = [at for at in _free(new, kept, moved, 1) if len(new[at].words) >= CARRIED_WORDS]
    candidates = _candidates(shared, left, right, _likeness, CARRIED_FROM)
    pairs, seen_old, seen_new = [], set(), set()
    for i, j, _ in sorted(candidates, key=lambda candidate: -candidate[2]):
        if i not in seen_old and j not in seen_new:
            pairs.append((i, j))
            seen_old.add(i)
            seen_new.add(j)
    return pairs


def _replaced(old, new, kept, moved):
    """Where as many blocks went as came, each is the new wording of the one at its place."""
    for left, right in _gaps(old, new, kept, moved):
        left = [at for at in left if old[at].words]
        right = [at for at in right if new[at].words]
        if len(left) == len(right):
            yield from zip(left, right, strict=True)


def _free(lines, kept, moved, side):
    taken = {pair[side] for pair in kept} | {pair[side] for pair in moved}
    return [at for at in range(len(lines)) if at not in taken]


def _gaps(old, new, kept, moved):
    """The unpaired block numbers (old, new) between each two kept pairs, where there are any on both sides."""
    lefts, rights = _free(old, kept, moved, 0), _free(new, kept, moved, 1)
    start_old = start_new = 0
    for i, j in [*sorted(kept), (len(old), len(new))]:
        end_old, end_new = bisect_left(lefts, i), bisect_left(rights, j)
        if end_old > start_old and end_new > start_new:
            yield lefts[start_old:end_old], rights[start_new:end_new]
        start_old, start_new = end_old, end_new


def _candidates(shared, left, right, score, wanted):
    """(old, new, weight) of the pairs that reach the wanted score; the weight grows with likeness and length."""
    left = [(i, len(shared.old[i].words)) for i in left if shared.old[i].words]
    right = [(j, len(shared.new[j].words)) for j in right if shared.new[j].words]
    found = []
    for i, size, j, other in _pairs(shared, left, right):
        # What two blocks of such lengths can share at most.
        if score(min(size, other), size, other) >= wanted:
            words = shared[i, j]
            reached = score(words, size, other)
            if reached >= wanted:
                found.append((i, j, reached * words))
    return found


def _pairs(shared, left, right):
    cells = sum(size for _, size in left) * sum(size for _, size in right)
    if len(left) * len(right) <= MOST_PAIRS and cells <= MOST_CELLS:
        return ((i, size, j, other) for i, size in left for j, other in right)
    return _pairs_with_rare_words(shared, left, right)


def _likeness(shared, size, other):
    return 2 * shared / (size + other)


def _resemblance(shared, size, other):
    # A sentence that was kept in a paragraph five times as long shares few of its words, but all of its own.
    return max(_likeness(shared, size, other), shared / min(size, other) / 2 if min(size, other) >= 3 else 0)


def _pairs_with_rare_words(shared, left, right):
    postings = defaultdict(list)
    for i, size in left:
        for gram in _grams(shared.old[i].words):
            postings[gram].append((i, size))
    for j, other in right:
        hits = Counter()
        for gram in _grams(shared.new[j].words):
            if len(postings.get(gram, ())) <= MOST_POSTINGS:
                hits.update(postings.get(gram, ()))
        for i, size in nlargest(BEST_OF, hits, key=hits.get):
            yield i, size, j, other


def _grams(words):
    # In their order: that of a set differs from process to process.
    return dict.fromkeys(
        words[at : at + size] for size in (1, 3) for at in range(min(len(words) - size + 1, MOST_GRAMS))
    )


def _heaviest_chain(candidates):
    """Choose from (i, j, weight) the pairs that rise in both i and j and weigh most together."""
    # Fenwick tree of the best chain that ends at or before a j; equal i are entered from high j to low.
    size = max((j for _, j, _ in candidates), default=-1) + 1
    best = [(0.0, None)] * (size + 1)
    for i, j, weight in sorted(candidates, key=lambda candidate: (candidate[0], -candidate[1])):
        total, chain, at = 0.0, None, j
        while at:
            if best[at][0] > total:
                total, chain = best[at]
            at &= at - 1
        link, at = (total + weight, (i, j, chain)), j + 1
        while at <= size:
            if link[0] > best[at][0]:
                best[at] = link
            at += at & -at
    chain, pairs = max(best, key=lambda each: each[0])[1], []
    while chain:
        i, j, chain = chain
        pairs.append((i, j))
    return pairs[::-1]


def _steps(kept, moved, old_size, new_size):
    origins = {new: old for old, new in moved}
    gone = {old for old, _ in moved}
    steps, i, j = [], 0, 0
    for next_i, next_j in [*kept, (old_size, new_size)]:
        steps += [Step(at, None) for at in range(i, next_i) if at not in gone]
        steps += [Step(origins.get(at), at, at in origins) for at in range(j, next_j)]
        if next_i < old_size:
            steps.append(Step(next_i, next_j))
        i, j = next_i + 1, next_j + 1
    return steps
