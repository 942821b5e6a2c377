"""What changed between two versions of a text: block by block, then word by word.

Blocks with the same words are paired first, then similar ones in their order, so that a paragraph slipped in before an
edited one hides nothing. Words are compared by their longest common subsequence (rapidfuzz, bit-parallel), because
difflib needs minutes where every word of a long page was changed.
"""

from portfolios.comparison.alignment import Line, align
from portfolios.comparison.blocks import Block, Comparison, Kind, Piece
from portfolios.comparison.excerpts import Excerpt, excerpts
from portfolios.comparison.wording import Alphabet, count_words, marked, reword
from portfolios.richtext import parse

__all__ = ["Block", "Comparison", "Excerpt", "Kind", "Piece", "compare", "excerpts"]

# More than this share of the words differs: a reader is better served with the new text and the old one apart.
REWRITTEN_OVER = 0.55
# Unless nearly all of one wording stands in the other: then it was extended or cut, and marks read well.
NEARLY_ALL = 0.8


def compare(old_html, new_html):
    """Return the `Comparison` of two texts, both of them any HTML; what comes out is clean.

    20,000 words, every one of them changed, take under half a second; memory grows with the product of the words of
    two paired paragraphs (50 MB for 20,000 by 20,000).
    """
    old, new = parse(old_html), parse(new_html)
    alphabet = Alphabet()
    steps = align([_line(leaf, alphabet) for leaf in old], [_line(leaf, alphabet) for leaf in new])
    blocks, words = [], 0
    for step in steps:
        before = None if step.old is None else old[step.old]
        after = None if step.new is None else new[step.new]
        block, count = _block(before, after, step.moved, alphabet)
        words += count
        if block:
            blocks.append(block)
    return Comparison(blocks, words_changed=words)


def _line(leaf, alphabet):
    return Line(leaf.text.replace("\n", " "), alphabet.encode(leaf))


def _block(old, new, moved, alphabet):
    """The block that a pair of leaves makes (None for a rule that went), and how many of its words changed."""
    if new is None:
        words = count_words(old.text)
        return (Block.of(Kind.REMOVED, marked(old, "<del>")) if old.text.strip() else None), words
    if not new.text.strip():
        return Block.of(Kind.SAME if old == new else Kind.FORMATTED, new), 0
    if old is None:
        return Block.of(Kind.ADDED, marked(new, "<ins>")), count_words(new.text)
    if old.text.replace("\n", " ") == new.text.replace("\n", " "):
        is_same = old.html == new.html and old.path == new.path
        return Block.of(Kind.MOVED if moved else Kind.SAME if is_same else Kind.FORMATTED, new), 0
    change = reword(old, new, alphabet)
    if change is None or (not moved and _is_rewritten(change)):
        words = count_words(old.text) + count_words(new.text)
        return Block.of(Kind.REWRITTEN, new, before=old), words
    return Block.of(Kind.MOVED if moved else Kind.EDITED, change.leaf), change.removed + change.added


def _is_rewritten(change):
    old, new = change.kept + change.removed, change.kept + change.added
    if change.kept >= NEARLY_ALL * min(old, new):
        return False
    return 1 - 2 * change.kept / (old + new) > REWRITTEN_OVER
