"""Putting other words in the place of some."""

from dataclasses import replace

from portfolios.richtext.leaves import join, tidy
from portfolios.richtext.reader import parse


def replace_words(html, start, end, words):
    """Return rich text in which plain `words` stand where `text(html)[start:end]` stood.

    They look like the first of the words they replace; line breaks in them become spaces, markup in them is shown as
    it was typed. A block that has no words left is gone. Raises ValueError when the range is empty, lies outside of
    the text, or in more than one block or cell.
    """
    leaves, at = parse(html), 0
    words = " ".join(words.split())
    for number, leaf in enumerate(leaves):
        if leaf.text:
            if at <= start < end <= at + len(leaf.text):
                leaves[number] = _reworded(leaf, start - at, end - at, words)
                # Read once more: what nobody can see goes, and the text has its normal form.
                return join(parse(join(leaf for leaf in leaves if leaf.tag in ("hr", "tr") or leaf.text)))
            at += len(leaf.text) + 1
    raise ValueError("The words are not in one block.")


def _reworded(leaf, start, end, words):
    cells, at = list(leaf.cells), 0
    for number, cell in enumerate(cells):
        if at <= start < end <= at + len(cell.text):
            cells[number] = replace(cell, runs=tidy(_runs(cell, start - at, end - at, words)))
            return replace(leaf, cells=tuple(cells))
        at += len(cell.text) + 1
    raise ValueError("The words are not in one cell.")


def _runs(cell, start, end, words):
    runs, at = [], 0
    for run, formats in cell.runs:
        before, after = run[: max(0, start - at)], run[max(0, end - at) :]
        runs.append((before, formats))
        if at <= start < at + len(run):
            runs.append((words, formats))
        runs.append((after, formats))
        at += len(run)
    return [run for run in runs if run[0]]
