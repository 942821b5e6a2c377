"""Word by word within a pair of blocks."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from portfolios.richtext import Leaf, tidy

# Beyond this product of words the comparison would take more than 200 MB: the block counts as rewritten.
MOST_CELLS = 1_600_000_000
# Words in common between two changes that are too few to be worth a break in what was struck out.
STRAY_WORDS = 3
FURTHEST_SHIFT = 60

DEL, INS = "<del>", "<ins>"

_PUNCTUATION = r"""!"#$%&()*+,./:;<=>?@\[\\\]^`{|}~«»“”„…–—'’‘\-"""
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
# A word keeps its inner apostrophes and hyphens, a number its commas; punctuation and ideographs stand alone.
_TOKEN = re.compile(
    rf"[^\s{_PUNCTUATION}{_IDEOGRAPHS}]+(?:(?:['’-]|(?<=\d)[.,:/](?=\d))[^\s{_PUNCTUATION}{_IDEOGRAPHS}]+)*|\S"
)
_SENTENCE_ENDS = (".", "!", "?", "…", ":")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark of punctuation with the space before it ("", " " or "\\n") and its own formatting."""

    text: str
    space: str
    runs: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Rewording:
    """The new block with both wordings marked, and how many words stayed, went and came."""

    leaf: Leaf
    kept: int
    removed: int
    added: int


class Alphabet:
    """Writes a text with one character for each word, so that strings can be compared instead of lists of words."""

    def __init__(self):
        self._letters = {}

    def spell(self, tokens):
        letters = self._letters
        return "".join(letters.setdefault(token.text, chr(0x10000 + len(letters))) for token in tokens)

    def encode(self, leaf):
        """The words of all cells of a leaf."""
        return "".join(self.spell(_tokens(cell)) for cell in leaf.cells)


def count_words(text):
    """Count what a reader calls words; punctuation is none."""
    return sum(_is_word(token) for token in _TOKEN.findall(text))


def marked(leaf, mark):
    """Return the leaf with all its words inside <ins> or <del>."""
    return replace(
        leaf,
        cells=tuple(
            replace(cell, runs=tuple((text, (mark, *formats)) for text, formats in cell.runs)) for cell in leaf.cells
        ),
    )


def reword(old, new, alphabet):
    """Return the `Rewording` that leads from one leaf to another, or None when they cannot be set side by side.

    Without what is deleted it reads as the new leaf, without what is inserted as the old one: exactly in its words,
    up to white space that HTML does not show.
    """
    if len(old.cells) != len(new.cells):
        return None
    cells, sums = [], [0, 0, 0]
    breaks = 0 if new.tag in ("h2", "h3") else 1
    for before, after in zip(old.cells, new.cells, strict=True):
        a, b = _tokens(before), _tokens(after)
        if len(a) * len(b) > MOST_CELLS:
            return None
        runs = _matching_runs(a, b, alphabet)
        cells.append(replace(after, runs=tidy(_marked_runs(a, b, runs), breaks=breaks)))
        kept = sum(_is_word(token.text) for _, start, size in runs for token in b[start : start + size])
        sums[0] += kept
        sums[1] += sum(_is_word(token.text) for token in a) - kept
        sums[2] += sum(_is_word(token.text) for token in b) - kept
    return Rewording(replace(new, cells=tuple(cells)), *sums)


def _is_word(token):
    return any(map(str.isalnum, token))


def _tokens(cell):
    runs = iter(cell.runs)
    run, formats, end = "", (), 0
    tokens, last = [], 0
    text = cell.text
    for found in _TOKEN.finditer(text):
        parts, at = [], found.start()
        while at < found.end():
            while end <= at:
                run, formats = next(runs)
                end += len(run)
            stop = min(end, found.end())
            parts.append((text[at:stop], formats))
            at = stop
        tokens.append(Token(found[0], text[last : found.start()], tuple(parts)))
        last = found.end()
    return tokens


def _matching_runs(a, b, alphabet):
    """(start in a, start in b, length) of the words that stayed, as a reader would see them."""
    old, new = alphabet.spell(a), alphabet.spell(b)
    runs = [
        (run.src_start, run.dest_start, run.src_end - run.src_start)
        for run in LCSseq.opcodes(old, new)
        if run.tag == "equal"
    ]
    return _shifted(_without_strays(runs, a, b), a, b)


def _without_strays(runs, a, b):
    """Leave out short matches that are lost between longer changes: “of” in two unlike sentences is no match."""
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


def _lengths(tokens):
    sums = [0]
    for token in tokens:
        sums.append(sums[-1] + len(token.text))
    return sums


def _shifted(runs, a, b):
    """Where a pure insertion or deletion could stand a few words earlier or later, let it be a whole sentence."""
    runs = [list(run) for run in runs]
    for before, after in pairwise(runs):
        gap_a, gap_b = (before[0] + before[2], after[0]), (before[1] + before[2], after[1])
        if gap_a[0] == gap_a[1]:
            tokens, (start, end) = b, gap_b
        elif gap_b[0] == gap_b[1]:
            tokens, (start, end) = a, gap_a
        else:
            continue
        shift = _best_shift(tokens, start, end, -min(before[2] - 1, FURTHEST_SHIFT), min(after[2] - 1, FURTHEST_SHIFT))
        before[2] += shift
        after[0] += shift
        after[1] += shift
        after[2] -= shift
    return [tuple(run) for run in runs]


def _best_shift(tokens, start, end, earliest, latest):
    shifts, shift = [0], 0
    while shift > earliest and tokens[start + shift - 1].text == tokens[end + shift - 1].text:
        shift -= 1
        shifts.append(shift)
    shift = 0
    while shift < latest and tokens[start + shift].text == tokens[end + shift].text:
        shift += 1
        shifts.append(shift)
    return max(shifts, key=lambda shift: (_fits(tokens, start + shift, end + shift), -abs(shift)))


def _fits(tokens, start, end):
    after_sentence = start == 0 or tokens[start - 1].text.endswith(_SENTENCE_ENDS)
    return after_sentence + tokens[end - 1].text.endswith(_SENTENCE_ENDS) + (tokens[start].space != "")


def _marked_runs(a, b, matches):
    runs, i, j = [], 0, 0
    for next_i, next_j, size in [*matches, (len(a), len(b), 0)]:
        at_end = next_i == len(a) and next_j == len(b)
        runs += _change(a[i:next_i], b[j:next_j], _space_at(a, next_i), _space_at(b, next_j), not runs, at_end)
        for at in range(size):
            if at:
                runs += _changed_space(a[next_i + at].space, b[next_j + at].space)
            runs += b[next_j + at].runs
        i, j = next_i + size, next_j + size
    return runs


def _space_at(tokens, at):
    return tokens[at].space if at < len(tokens) else ""


def _changed_space(old, new):
    if old == new or (old and new):
        return [(new, ())]
    return [(old, (DEL,)), (new, (INS,))]


def _change(removed, added, old_space, new_space, at_start, at_end):
    """The runs between two matches. `old_space` and `new_space` stand before the match that follows.

    Spaces that both wordings share stay outside of the marks, as far as each wording still reads with its spaces.
    """
    if not removed and not added:
        return _changed_space(old_space, new_space)
    if removed and added:
        return _replacement(removed, added, old_space, new_space, at_start, at_end)
    words, mark = (removed, DEL) if removed else (added, INS)
    own, other = (old_space, new_space) if removed else (new_space, old_space)
    lead = words[0].space
    spaced_lead = lead == " " and (other == " " or at_end)
    spaced_tail = own == " " and (other == " " or at_start)
    if (spaced_lead or at_start) and (spaced_tail or at_end):
        return [(lead, ()), *_inside(words, mark), (own, ())]
    if lead == other:
        return [(lead, ()), *_inside(words, mark), (own, (mark,))]
    if own == other:
        return [(lead, (mark,)), *_inside(words, mark), (own, ())]
    runs = [(lead, (mark,)), *_inside(words, mark), (own, (mark,))]
    rest = (other, (INS if removed else DEL,))
    return [*runs, rest] if removed else [rest, *runs]


def _replacement(removed, added, old_space, new_space, at_start, at_end):
    lead = removed[0].space if removed[0].space == added[0].space else ""
    tail = old_space if old_space == new_space else ""
    apart = " " if (lead or at_start) and (tail or at_end) else ""
    return [
        (lead, ()),
        ("" if lead else removed[0].space, (DEL,)),
        *_inside(removed, DEL),
        ("" if tail else old_space, (DEL,)),
        (apart, ()),
        ("" if lead else added[0].space, (INS,)),
        *_inside(added, INS),
        ("" if tail else new_space, (INS,)),
        (tail, ()),
    ]


def _inside(tokens, mark):
    runs = []
    for at, token in enumerate(tokens):
        if at and token.space:
            runs.append((token.space, (mark,)))
        runs += [(text, (mark, *formats)) for text, formats in token.runs]
    return runs
