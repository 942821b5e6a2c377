"""Word by word within a pair of blocks."""

from dataclasses import dataclass, replace

from portfolios.comparison.words import MOST_CELLS, WORD, at_sentences, common_runs, is_word, without_strays
from portfolios.richtext import Leaf, tidy

DEL, INS = "<del>", "<ins>"


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
        if _is_too_long(before.text, after.text):
            return None
        a, b = _tokens(before), _tokens(after)
        runs = _matching_runs(a, b, alphabet)
        cells.append(replace(after, runs=tidy(_marked_runs(a, b, runs), breaks=breaks)))
        kept = sum(is_word(token.text) for _, start, size in runs for token in b[start : start + size])
        sums[0] += kept
        sums[1] += sum(is_word(token.text) for token in a) - kept
        sums[2] += sum(is_word(token.text) for token in b) - kept
    return Rewording(replace(new, cells=tuple(cells)), *sums)


def _is_too_long(old, new):
    if len(old) * len(new) <= MOST_CELLS:
        return False
    return len(WORD.findall(old)) * len(WORD.findall(new)) > MOST_CELLS


def _tokens(cell):
    runs = iter(cell.runs)
    run, formats, end = "", (), 0
    tokens, last = [], 0
    text = cell.text
    for found in WORD.finditer(text):
        at, stop = found.span()
        space, last = text[last:at], stop
        parts = []
        while end < stop:
            if at < end:
                parts.append((text[at:end], formats))
                at = end
            run, formats = next(runs)
            end += len(run)
        parts.append((text[at:stop], formats))
        tokens.append(Token(found[0], space, tuple(parts)))
    return tokens


def _matching_runs(a, b, alphabet):
    """(start in a, start in b, length) of the words that stayed, as a reader would see them."""
    old, new = ([token.text for token in tokens] for tokens in (a, b))
    runs = common_runs(alphabet.spell(old), alphabet.spell(new))
    runs = without_strays(runs, old, new)
    spaces = ([token.space != "" for token in tokens] for tokens in (a, b))
    return at_sentences(runs, old, new, *spaces)


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
