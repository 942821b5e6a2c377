"""The words of a text, and which of them two wordings share."""

import re
from itertools import accumulate, pairwise

from rapidfuzz.distance import LCSseq

# Texts of more characters, twenty for each word that a page may have, are not compared word by word.
LONGEST = 500_000
# Beyond this product of lengths the longest common subsequence would take more than 200 MB.
MOST_CELLS = 1_600_000_000
# Words in common between two changes that are too few to be worth a break in what was struck out.
STRAY_WORDS = 3
FURTHEST_SHIFT = 60
SENTENCE_ENDS = (".", "!", "?", "…", ":")

_PUNCTUATION = r"""!"#$%&()*+,./:;<=>?@\[\\\]^`{|}~«»“”„…–—'’‘\-"""
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
# A word keeps its inner apostrophes and hyphens, a number its commas; punctuation and ideographs stand alone.
WORD = re.compile(
    rf"[^\s{_PUNCTUATION}{_IDEOGRAPHS}]+(?:(?:['’-]|(?<=\d)[.,:/](?=\d))[^\s{_PUNCTUATION}{_IDEOGRAPHS}]+)*|\S"
)


class Alphabet:
    """Writes a text with one character for each word, so that strings can be compared instead of lists of words."""

    def __init__(self):
        self._letters = {}

    def spell(self, words):
        letters = self._letters
        return "".join([letters.setdefault(word, chr(0x10000 + len(letters))) for word in words])

    def encode(self, text):
        return self.spell(WORD.findall(text))


def is_word(token):
    """Whether a reader would call it a word; punctuation is none."""
    return any(map(str.isalnum, token))


def count_words(text):
    """Count what a reader calls words."""
    return sum(map(is_word, WORD.findall(text)))


def common_runs(a, b):
    """Return (start in a, start in b, length) of what two strings share in their order, as much as can be.

    Takes time with the product of their lengths, 0.1 seconds for 20,000 by 20,000. Of monstrous ones only the
    beginning is told.
    """
    if len(a) * len(b) > MOST_CELLS:
        size = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
        return [(0, 0, size)] if size else []
    return [
        (run.src_start, run.dest_start, run.src_end - run.src_start)
        for run in LCSseq.opcodes(a, b)
        if run.tag == "equal"
    ]


def without_strays(runs, a, b):
    """Leave out short runs that are lost between longer changes: “of” in two unlike sentences is no match.

    runs: as from `common_runs`. a, b: the words of both wordings.
    """
    lengths_a, lengths_b = _lengths(a), _lengths(b)
    ends = (len(a), len(b), 0)
    kept = []
    for run in [*runs, ends]:
        while kept and kept[-1][2] <= STRAY_WORDS:
            i, j, size = kept[-1]
            before = kept[-2] if len(kept) > 1 else (0, 0, 0)
            left = max(
                lengths_a[i] - lengths_a[before[0] + before[2]],
                lengths_b[j] - lengths_b[before[1] + before[2]],
            )
            right = max(lengths_a[run[0]] - lengths_a[i + size], lengths_b[run[1]] - lengths_b[j + size])
            if lengths_a[i + size] - lengths_a[i] >= min(left, right):
                break
            kept.pop()
        kept.append(run)
    return kept[:-1]


def at_sentences(runs, a, b, spaced_a, spaced_b):
    """Where a pure insertion or deletion could stand a few words earlier or later, let it be a whole sentence.

    spaced_a, spaced_b: for each word whether there is white space before it.
    """
    runs = [list(run) for run in runs]
    for before, after in pairwise(runs):
        gap_a, gap_b = (before[0] + before[2], after[0]), (before[1] + before[2], after[1])
        if gap_a[0] == gap_a[1]:
            words, spaced, (start, end) = b, spaced_b, gap_b
        elif gap_b[0] == gap_b[1]:
            words, spaced, (start, end) = a, spaced_a, gap_a
        else:
            continue
        earliest, latest = -min(before[2], FURTHEST_SHIFT), min(after[2], FURTHEST_SHIFT)
        shift = _best_shift(words, spaced, start, end, earliest, latest)
        before[2] += shift
        after[0] += shift
        after[1] += shift
        after[2] -= shift
    return [tuple(run) for run in runs if run[2]]


def _lengths(words):
    """How many characters stand before each word, and before the end."""
    return [0, *accumulate(map(len, words))]


def _best_shift(words, spaced, start, end, earliest, latest):
    shifts, shift = [0], 0
    while shift > earliest and words[start + shift - 1] == words[end + shift - 1]:
        shift -= 1
        shifts.append(shift)
    shift = 0
    while shift < latest and words[start + shift] == words[end + shift]:
        shift += 1
        shifts.append(shift)
    return max(shifts, key=lambda shift: (_fits(words, spaced, start + shift, end + shift), -abs(shift)))


def _fits(words, spaced, start, end):
    after_sentence = start == 0 or words[start - 1].endswith(SENTENCE_ENDS)
    return after_sentence + words[end - 1].endswith(SENTENCE_ENDS) + spaced[start]
