"""What changed between two versions of a text: block by block, then word by word.

Blocks with the same words are paired first, then similar ones in their order, so that a paragraph slipped in before an
edited one hides nothing. Words are compared by their longest common subsequence (rapidfuzz, bit-parallel), because
difflib needs minutes where every word of a long page was changed.
"""

from portfolios.comparison.alignment import Line, Step, align
from portfolios.comparison.blocks import Block, Comparison, Kind, Piece
from portfolios.comparison.effort import is_long
from portfolios.comparison.excerpts import Excerpt, excerpts
from portfolios.comparison.wording import marked, reword
from portfolios.comparison.words import LONGEST, Alphabet, count_words
from portfolios.richtext import parse

__all__ = ["Block", "Comparison", "Excerpt", "Kind", "Piece", "compare", "excerpts", "is_long", "unchanged"]

# More than this share of the words differs: a reader is better served with the new text and the old one apart.
REWRITTEN_OVER = 0.55
# Unless nearly all of one wording stands in the other: then it was extended or cut, and marks read well.
NEARLY_ALL = 0.8
# What is told of the progress: how often, and the share of the work when the blocks are aligned.
CALLS = 49
ALIGNED = 0.4


def compare(old_html, new_html, progress=None):
    """Return the `Comparison` of two texts, both of them any HTML; what comes out is clean.

    progress: called at most 50 times with the share of the work that is done, rising to 1.
    20,000 words, every one of them changed, take under half a second; memory grows with the product of the words of
    two paired paragraphs (60 MB for 20,000 by 20,000).
    """
    old, new = parse(old_html), parse(new_html)
    alphabet = Alphabet()
    steps = _steps(old, new, alphabet)
    places = _places(new)
    if progress and steps:
        progress(ALIGNED)
    blocks, words = [], 0
    for done, step in enumerate(steps, 1):
        before = None if step.old is None else old[step.old]
        after, place = (None, None) if step.new is None else (new[step.new], places[step.new])
        block, count = _block(before, after, place, step.moved, alphabet)
        words += count
        if block:
            blocks.append(block)
        if progress and done * CALLS // len(steps) > (done - 1) * CALLS // len(steps):
            progress(ALIGNED + (1 - ALIGNED) * done / len(steps))
    return Comparison(blocks, words_changed=words)


def unchanged(html):
    """Return a text as a `Comparison` in which every block is the same, so that one template prints both."""
    leaves = parse(html)
    return Comparison(
        [Block.of(Kind.SAME, leaf, place=place) for leaf, place in zip(leaves, _places(leaves), strict=True)]
    )


def _steps(old, new, alphabet):
    """As from `align`; texts that are too long to be compared stand one after the other."""
    if any(sum(len(leaf.text) for leaf in leaves) > LONGEST for leaves in (old, new)):
        return [Step(at, None) for at in range(len(old))] + [Step(None, at) for at in range(len(new))]
    return align([_line(leaf, alphabet) for leaf in old], [_line(leaf, alphabet) for leaf in new])


def _line(leaf, alphabet):
    return Line(leaf.text.replace("\n", " "), alphabet.encode(leaf.text))


def _places(leaves):
    """Where the words of each leaf stand in `richtext.text`: (start, end), or (None, None) where there are none."""
    places, at = [], 0
    for leaf in leaves:
        words = leaf.text
        places.append((at, at + len(words)) if words.strip() else (None, None))
        at += len(words) + bool(words)
    return places


def _block(old, new, place, moved, alphabet):
    """The block that a pair of leaves makes (None for a rule that went), and how many of its words changed."""
    if new is None:
        words = count_words(old.text)
        return (Block.of(Kind.REMOVED, marked(old, "<del>")) if old.text.strip() else None), words
    if not new.text.strip():
        return Block.of(Kind.SAME if old == new else Kind.FORMATTED, new), 0
    if old is None:
        return Block.of(Kind.ADDED, marked(new, "<ins>"), place=place), count_words(new.text)
    if old.text.replace("\n", " ") == new.text.replace("\n", " "):
        is_same = old.html == new.html and old.path == new.path
        return Block.of(Kind.MOVED if moved else Kind.SAME if is_same else Kind.FORMATTED, new, place=place), 0
    change = reword(old, new, alphabet)
    if change is None or (not moved and _is_rewritten(change)):
        words = count_words(old.text) + count_words(new.text)
        return Block.of(Kind.REWRITTEN, new, before=old, place=place), words
    return Block.of(Kind.MOVED if moved else Kind.EDITED, change.leaf, place=place), change.removed + change.added


def _is_rewritten(change):
    old, new = change.kept + change.removed, change.kept + change.added
    if change.kept >= NEARLY_ALL * min(old, new):
        return False
    return 1 - 2 * change.kept / (old + new) > REWRITTEN_OVER
