"""What a text consists of, and how it is written as HTML."""

import re
import unicodedata
from dataclasses import dataclass
from html import escape
from itertools import takewhile

LISTS = ("ul", "ol")
MARKS = ("<del>", "<ins>")

_GAP = re.compile(r" *\n[ \n]*|  +")


@dataclass(frozen=True, slots=True)
class Cell:
    """Running text: `runs` are (text, start tags around it), with "\\n" for a line break. `start` is "" or a <td>."""

    start: str
    runs: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def text(self):
        return "".join(text for text, _ in self.runs)

    @property
    def html(self):
        return self.start + _write(self.runs) + (_end(self.start) if self.start else "")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One block. `path` names its containers, outermost first: ("ul",), ("blockquote",), ("table", "tbody").

    `fresh` says that its outermost container begins here although the leaf before stands in one of the same kind.
    """

    tag: str
    path: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()
    fresh: bool = False

    @property
    def text(self):
        """Plain words; line breaks as newlines, the cells of a row parted by tabs."""
        return "\t".join(cell.text for cell in self.cells)

    @property
    def inner(self):
        """What stands between the tags of the element."""
        return "".join(cell.html for cell in self.cells)

    @property
    def html(self):
        """The element itself, without its containers."""
        return f"<{self.tag}>{self.inner}{_end_of(self)}"


def join(leaves):
    """Write leaves as HTML, with their containers around them."""
    return "".join(f"{opens}<{leaf.tag}>{leaf.inner}{end}{closes}" for opens, leaf, end, closes in frames(leaves))


def frames(leaves):
    """Yield (opens, leaf, end, closes) for anything with `tag`, `path` and `fresh`.

    `opens` is the HTML before the start tag of the leaf; `end` its end tag, "" for a rule and for an item inside of
    which a nested list goes on; `closes` ends the containers that end here, and the items that stood open in them.
    """
    leaves = list(leaves)
    paths = _reachable_paths(leaves)
    opens = _open(paths[0]) if leaves else ""
    for number, leaf in enumerate(leaves):
        path = paths[number]
        following = paths[number + 1] if number + 1 < len(leaves) else ()
        shared = 0 if number + 1 < len(leaves) and leaves[number + 1].fresh else shared_levels(path, following)
        # Then the item at the level that both share stays open: the next leaf is in a list inside of it.
        inside = len(following) > shared > 0 and path[shared - 1] in LISTS
        end = "" if inside and len(path) == shared else _end_of(leaf)
        closes = ""
        for level in range(len(path), shared, -1):
            closes += f"</{path[level - 1]}>"
            if level > 1 and path[level - 2] in LISTS and not (inside and level - 1 == shared):
                closes += "</li>"
        yield opens, leaf, end, closes
        opens = _open(following[shared:])


def tidy(runs, *, breaks=1):
    """Return runs in normal form: single spaces, at most `breaks` line breaks in a row, no space at either end.

    A space carries the formatting that both its neighbours share, so that <strong>a </strong>b and
    <strong>a</strong> b become one. Where marks change it carries none, and spaces with different marks never merge:
    each belongs to another wording.
    """
    if len(runs) == 1:  # most often
        [(run, formats)] = runs
        words = run.strip(" \n")
        return ((_normal(words, breaks), formats),) if words else ()
    pieces = []
    for run, formats in runs:
        words = run.strip(" \n")
        marks = _marks(formats)
        if not words:
            _add_space(pieces, run, marks)
            continue
        start = run.index(words)
        _add_space(pieces, run[:start], marks)
        pieces.append((words, formats))
        _add_space(pieces, run[start + len(words) :], marks)
    while pieces and _is_space(pieces[-1]):
        pieces.pop()
    del pieces[: sum(1 for _ in takewhile(_is_space, pieces))]
    return tuple((_normal(run, breaks), formats) for run, formats in _merged(_spaced(pieces, breaks)))


def shared_levels(path, other):
    """How many containers two paths have in common, from the outermost on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(path, other, strict=False)))


def _add_space(pieces, space, marks):
    if space and pieces and _is_space(pieces[-1]) and pieces[-1][1] == marks:
        pieces[-1] = (pieces[-1][0] + space, marks)
    elif space:
        pieces.append((space, marks))


def _marks(formats):
    return tuple(start for start in formats if start in MARKS)


def _is_space(piece):
    return piece[0][0] in " \n"


def _space(gap, breaks):
    return "\n" * min(gap.count("\n"), breaks) or " "


def _spaced(pieces, breaks):
    after = [()] * len(pieces)
    for number in range(len(pieces) - 2, -1, -1):
        following = pieces[number + 1]
        after[number] = after[number + 1] if _is_space(following) else following[1]
    before = ()
    for (piece, formats), following in zip(pieces, after, strict=True):
        if not _is_space((piece, formats)):
            before = formats
            yield piece, formats
        else:
            if _marks(before) == _marks(following) == formats:
                formats = tuple(start for start in before if start in following)
            yield _space(piece, breaks), formats


def _merged(pieces):
    merged = []
    for piece, formats in pieces:
        if merged and merged[-1][1] == formats:
            merged[-1][0].append(piece)
        else:
            merged.append(([piece], formats))
    return [("".join(parts), formats) for parts, formats in merged]


def _normal(run, breaks):
    return unicodedata.normalize("NFC", _GAP.sub(lambda gap: _space(gap[0], breaks), run))


def _write(runs):
    html, formats = [], ()
    for run, wanted in (*runs, ("", ())):
        shared = shared_levels(formats, wanted)
        html += [_end(start) for start in reversed(formats[shared:])]
        html += wanted[shared:]
        html.append(escape(run, quote=False).replace("\n", "<br>"))
        formats = wanted
    return "".join(html)


def _end(start):
    return f"</{start[1:-1].split(' ', 1)[0]}>"


def _end_of(leaf):
    return "" if leaf.tag == "hr" else f"</{leaf.tag}>"


def _open(containers):
    return "".join(f"<{container}>" for container in containers)


def _reachable_paths(leaves):
    """The path of each leaf without list levels that have no item to stand in (a comparison can tear lists apart)."""
    paths, path = [], ()
    for leaf in leaves:
        shared = 0 if leaf.fresh else shared_levels(path, leaf.path)
        path, has_list = leaf.path[:shared], False
        for container in leaf.path[shared:]:
            if container not in LISTS or not has_list:
                path += (container,)
            has_list |= container in LISTS
        paths.append(path)
    return paths
