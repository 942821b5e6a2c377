"""A few words around each change, for emails."""

from dataclasses import dataclass
from html import escape
from itertools import groupby

from django.utils.translation import gettext as _

from portfolios.comparison.blocks import Kind
from portfolios.richtext import parse

WORDS_BEFORE = 8
CUT = "…"

DEL, INS, PLAIN = "del", "ins", ""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The words around one change: `html` with <ins> and <del> and no other tags, `was` and `now` as plain words.

    was: "" for what was added; now: "" for what was removed; both for all other kinds.
    """

    kind: Kind
    html: str
    was: str
    now: str

    @property
    def text(self):
        """One plain line in the active language."""
        if self.kind == Kind.ADDED:
            return _("new: %(words)s") % {"words": self.now}
        if self.kind == Kind.REMOVED:
            return _("removed: %(words)s") % {"words": self.was}
        if self.was == self.now:
            return _("moved: %(words)s") % {"words": self.now}
        return _("was: %(was)s now: %(now)s") % {"was": self.was, "now": self.now}


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    mark: str = PLAIN
    # Which wording the white space before it belongs to; None where there is none, as a word can be marked in part.
    space: str | None = PLAIN


def excerpts(comparison, limit=3, words=40):
    """Return an `Excerpt` for each of the first `limit` changed blocks, each with at most `words` words."""
    changed = [block for block in comparison.blocks if block.kind.is_change]
    return [_excerpt(block, words) for block in changed[:limit]]


def _excerpt(block, words):
    if block.kind == Kind.REWRITTEN:
        shown = _both(_words(block.before, DEL), _words(block.html, INS), words)
    else:
        shown = _window(_words(block.html), words)
    return Excerpt(block.kind, _html(shown), _plain(shown, INS), _plain(shown, DEL))


def _words(html, mark=None):
    """The words of one block; `mark` overrides the marks that stand in it."""
    words = []
    for cell in (cell for leaf in parse(html, marks=True) for cell in leaf.cells):
        space = PLAIN
        for run, formats in cell.runs:
            own = mark or (DEL if "<del>" in formats else INS if "<ins>" in formats else PLAIN)
            for number, part in enumerate(run.replace("\n", " ").split(" ")):
                if number and space != PLAIN:
                    space = own
                if part:
                    words.append(_Word(part, own, space))
                    space = None
    return words


def _both(old, new, most):
    """The beginnings of two wordings; what one does not need is left to the other."""
    for_old = max(most // 2, most - len(new))
    old = _beginning(old, for_old, DEL)
    return old + _beginning(new, most - min(len(old), for_old), INS)


def _beginning(words, most, mark):
    return words if len(words) <= most else [*words[:most], _Word(CUT, mark)]


def _window(words, most):
    first = next((number for number, word in enumerate(words) if word.mark), 0)
    begin = max(0, first - WORDS_BEFORE)
    shown = [_Word(CUT)] if begin else []
    room = most
    # Long runs share what is left, so that a deletion never hides what came in its place.
    runs = [list(run) for _, run in groupby(words[begin:], key=lambda word: word.mark)]
    for number, run in enumerate(runs):
        is_replaced = run[0].mark == DEL and number + 1 < len(runs) and runs[number + 1][0].mark == INS
        fits = max(1, room // 2) if is_replaced else room
        shown += run[:fits]
        if len(run) > fits:
            shown.append(_Word(CUT, run[0].mark))
        room -= min(len(run), fits)
        if not room:
            if len(run) <= fits and number + 1 < len(runs):
                shown.append(_Word(CUT))
            break
    return shown


def _html(words):
    parts, mark, before = [], PLAIN, None
    for word in words:
        # Old and new words may touch where only a part of a word changed hands; a reader needs a space.
        spaced = before is not None and (word.space is not None or (before.mark == DEL and word.mark == INS))
        if word.mark != mark:
            parts += [
                f"</{mark}>" if mark else "",
                " " if spaced else "",
                f"<{word.mark}>" if word.mark else "",
            ]
        elif spaced:
            parts.append(" ")
        parts.append(escape(word.text, quote=False))
        mark, before = word.mark, word
    return "".join(parts) + (f"</{mark}>" if mark else "")


def _plain(words, without):
    """The words without those of one mark. Shared white space before a word left out still parts its neighbours."""
    kept, spaced = [], False
    for word in words:
        spaced |= word.space not in (None, without)
        if word.mark != without:
            kept.append((" " if spaced and kept else "") + word.text)
            spaced = False
    return "".join(kept)
