"""The box without JavaScript: a text as it would be typed, and back again.

A blank line parts paragraphs; "- " begins a point, "1. " a numbered one, "## " a heading, "> " a quote, "| a | b |" a
row of a table; two spaces before a point put it inside the one above, two blank lines end a list for good. Words that
begin like one of these signs have a backslash before them.
"""

import re
from collections import defaultdict, deque
from dataclasses import replace

from portfolios.richtext import Cell, Leaf, clean, join, parse, shared_levels, tidy

INDENT = "  "
HEADINGS = {"h2": "##", "h3": "###"}

_SIGN = re.compile(r"(?:[-*•]|\d{1,9}[.)])(?:\s|$)|#{1,6}\s|>|\||\\|-{3,}$")
_POINT = re.compile(r"([-*•]|\d{1,9}[.)])(?:\s+(.*))?$")
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_RULE = re.compile(r"-{3,}$")
_QUOTE = re.compile(r"\s*>\s?")


def to_plain(html):
    """Return rich text as plain text. Links and emphasis leave no trace; `from_plain` finds them again in `html`."""
    parts, numbers, before = [], [], Leaf("p")
    for leaf in parse(html):
        if parts:
            is_near = leaf.tag in ("li", "tr") and leaf.tag == before.tag and leaf.path[:1] == before.path[:1]
            parts.append("\n\n\n" if leaf.fresh else "\n" if is_near else "\n\n")
        numbers = _count_on(numbers, before, leaf)
        quote = "> " if leaf.path[:1] == ("blockquote",) else ""
        parts.append("\n".join(quote + line for line in _typed(leaf, numbers)))
        before = leaf
    return "".join(parts)


def from_plain(text, base_html=""):
    """Return plain text as clean HTML. Blocks that stand in `base_html` with the same words are taken from there.

    from_plain(to_plain(html), html) == html for clean html.
    """
    known = defaultdict(deque)
    for leaf in parse(base_html):
        known[_key(leaf)].append(leaf)
    leaves = []
    for leaf in _Lines().read(text):
        same = known.get(_key(leaf))
        leaves.append((replace(same.popleft(), fresh=leaf.fresh), True) if same else (leaf, False))
    rows = iter([leaf for left in known.values() for leaf in left if leaf.tag == "tr"])
    return clean(join(leaf if is_known or leaf.tag != "tr" else _in_columns(leaf, rows) for leaf, is_known in leaves))


def _count_on(numbers, before, leaf):
    """How many items each open list has, outermost first, with this leaf."""
    if leaf.tag != "li":
        return []
    quoted = leaf.path[0] == "blockquote"
    shared = shared_levels(leaf.path, () if leaf.fresh else before.path)
    numbers = numbers[: max(0, shared - quoted)]
    numbers += [0] * (len(leaf.path) - quoted - len(numbers))
    return [*numbers[:-1], numbers[-1] + 1]


def _typed(leaf, numbers):
    """The lines of one block."""
    if leaf.tag == "hr":
        return ["---"]
    if leaf.tag == "tr":
        cells = (cell.text.replace("\n", " / ").replace("\\", "\\\\").replace("|", "\\|") for cell in leaf.cells)
        return [f"| {' | '.join(cells)} |"]
    if leaf.tag in HEADINGS:
        return [f"{HEADINGS[leaf.tag]} {leaf.text}"]
    lines = leaf.text.split("\n")
    if leaf.tag == "p":
        return [_escape(line) for line in lines]
    indent = INDENT * (len(numbers) - 1)
    sign = "-" if leaf.path[-1] == "ul" else f"{numbers[-1]}."
    return [f"{indent}{sign} {lines[0]}", *(indent + INDENT + _escape(line) for line in lines[1:])]


def _escape(line):
    return "\\" + line if _SIGN.match(line) else line


def _key(leaf):
    """What the plain box shows of a block: equal keys mean that nobody touched it."""
    if leaf.tag == "tr":
        return leaf.tag, ("table",), leaf.text.replace("\n", " / ")
    return leaf.tag, leaf.path, leaf.text


def _in_columns(row, old_rows):
    """A changed row keeps the kind and width of the cells of the one that it took the place of."""
    old = next((old for old in old_rows if len(old.cells) == len(row.cells)), row)
    cells = (replace(cell, start=was.start) for cell, was in zip(row.cells, old.cells, strict=True))
    return replace(row, path=old.path, cells=tuple(cells))


class _Lines:
    """Reads typed lines into leaves."""

    def __init__(self):
        self.leaves = []
        self.tag, self.path, self.fresh, self.lines = "p", (), False, []
        self.blanks = 0

    def read(self, text):
        for line in re.split(r"\r\n|\r|\n", text.expandtabs(4)):
            quoted = ()
            while sign := _QUOTE.match(line):
                quoted, line = ("blockquote",), line[sign.end() :]
            words = line.strip()
            if words:
                self._line(words, len(line) - len(line.lstrip()), quoted)
                self.blanks = 0
            else:
                self._end()
                self.blanks += 1
        self._end()
        return self.leaves

    def _line(self, words, indent, quoted):
        if _RULE.match(words):
            self._end()
            self.leaves.append(Leaf("hr"))
        elif found := _POINT.match(words):
            self._begin("li", self._list_path(found[1], indent, quoted), found[2] or "")
        elif found := _HEADING.match(words):
            self._begin("p" if quoted else "h2" if len(found[1]) < 3 else "h3", quoted, found[2])
            self._end()
        elif words[0] == "|" and not quoted:
            self._row(words)
        elif self.lines and (self.path[:1] == ("blockquote",)) == bool(quoted):
            self.lines.append(words.removeprefix("\\"))
        else:
            self._begin("p", quoted, words.removeprefix("\\"))

    def _list_path(self, sign, indent, quoted):
        self._end()
        before = self.leaves[-1] if self.leaves and self.blanks < 2 else Leaf("p")
        around = before.path[len(quoted) :] if before.tag == "li" and before.path[: len(quoted)] == quoted else ()
        return (*quoted, *around[: indent // len(INDENT)], "ol" if sign[0].isdigit() else "ul")

    def _begin(self, tag, path, words):
        self._end()
        before = self.leaves[-1].path[:1] if self.leaves else ()
        self.fresh = self.blanks > 1 and path != () and before == path[:1]
        self.tag, self.path, self.lines = tag, path, [words]

    def _end(self):
        self._add(tuple(Cell("", runs) for runs in [_runs("\n".join(self.lines))] if runs))
        self.lines = []

    def _row(self, words):
        self._begin("tr", ("table", "tbody"), "")
        # A backslash makes the sign after it an ordinary one.
        cells = words[1:].replace("\\\\", "\0").replace("\\|", "\1").removesuffix("|").split("|")
        cells = (cell.replace("\1", "|").replace("\0", "\\") for cell in cells)
        self._add(tuple(Cell("<td>", _runs(cell)) for cell in cells))
        self.lines = []

    def _add(self, cells):
        if cells:
            self.leaves.append(Leaf(self.tag, self.path, cells, self.fresh))


def _runs(words):
    return tidy([(re.sub(r"[^\S\n]+", " ", words), ())])
