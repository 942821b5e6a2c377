"""Marking the words that a comment is about, in a block that may hold insertions and deletions."""

import re
from bisect import bisect_right

_TOKEN = re.compile(r"(<[^>]*>)|([ \n]+)|&(?:amp|lt|gt);|[^<& \n]+|&")
_CELL = ("<td", "<th")


def highlight(html, ranges):
    """Return one block, or what stands in one, with <mark> around the characters of `ranges`.

    html: in normal form, as `Leaf.html`, `Leaf.inner` and the blocks of a comparison are.
    ranges: (start, end) in the new wording: `Leaf.text` of the block without what stands in <del>. White space that
    only parts an old word from a new one counts no more than in a browser. They may overlap and go beyond the end.
    """
    marker = _Marker(ranges)
    for token in _TOKEN.finditer(html):
        if token[1]:
            marker.tag(token[1])
        elif token[2]:
            marker.space(token[2])
        else:
            marker.word(token[0])
    marker.close()
    return "".join(marker.html)


class _Marker:
    """Counts the characters of the new wording on the way through its HTML."""

    def __init__(self, ranges):
        self.edges = _merged(ranges)
        self.html = []
        self.at = 0
        self.cells = 0
        self.is_marked = self.is_deleted = False
        # White space counts once, and only between two words.
        self.has_words = self.has_space = False

    def tag(self, tag):
        self.close()
        self.html.append(tag)
        if tag in ("<del>", "</del>"):
            self.is_deleted = tag == "<del>"
        elif tag == "<br>":
            self.has_space |= not self.is_deleted
        elif tag.startswith(_CELL) and tag[3:4] in (">", " "):
            self.at += bool(self.cells)
            self.cells += 1
            self.has_words = self.has_space = False

    def space(self, space):
        if not self.is_deleted:
            self.has_space = True
            self._mark(self.has_words and self._edge(self.at) % 2)
        self.html.append(space)

    def word(self, word):
        if self.is_deleted:
            self.html.append(word)
            return
        self.at += self.has_words and self.has_space
        self.has_words, self.has_space = True, False
        if word[0] == "&" and len(word) > 1:
            self._mark(self._edge(self.at) % 2)
            self.html.append(word)
            self.at += 1
            return
        done = 0
        while done < len(word):
            edge = self._edge(self.at)
            self._mark(edge % 2)
            size = len(word) - done
            if edge < len(self.edges):
                size = min(size, self.edges[edge] - self.at)
            self.html.append(word[done : done + size])
            done += size
            self.at += size

    def close(self):
        self._mark(False)

    def _edge(self, at):
        """The number of the first edge after `at`: odd inside of a range."""
        return bisect_right(self.edges, at)

    def _mark(self, wanted):
        if wanted != self.is_marked:
            self.html.append("<mark>" if wanted else "</mark>")
            self.is_marked = bool(wanted)


def _merged(ranges):
    """The edges of the ranges, rising: start, end, start, end."""
    edges = []
    for start, end in sorted(each for each in ranges if each[0] < each[1]):
        if edges and start <= edges[-1]:
            edges[-1] = max(edges[-1], end)
        else:
            edges += [start, end]
    return edges
