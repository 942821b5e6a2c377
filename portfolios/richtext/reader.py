"""Reading any HTML: what was typed, pasted from Word or Google Docs, or posted with bad intent.

libxml2's tokenizer stays linear on hostile input. An HTML5 tree builder does not: 200,000 nested <div> keep one busy
for two minutes.
"""

import re
from dataclasses import dataclass

from lxml import etree

from portfolios.richtext.leaves import LISTS, Cell, Leaf, tidy

RANK = {"del": 0, "ins": 1, "a": 2, "strong": 3, "em": 4, "mark": 5}
MARKS = frozenset({"ins", "del", "mark"})
MEANS = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "ins": "ins", "del": "del", "mark": "mark"}
INLINE = frozenset([*MEANS, "a", "span"])
HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}
SECTIONS = ("thead", "tbody", "tfoot")
PARAGRAPHS = frozenset({
    "p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "address", "pre", "dl", "dt", "dd",
    "figure", "figcaption", "center", "form", "fieldset", "legend", "details", "summary", "caption", "hgroup", "menu",
    "dir", "option", "body", "html", "hr", "li", "ul", "ol", "blockquote", "table", "tr", "td", "th",
})  # fmt: skip
SKIPPED = frozenset({
    "script", "style", "title", "xml", "template", "iframe", "noscript", "noembed", "noframes", "object",
})  # fmt: skip
DEEPEST_LIST = 6
WIDEST_CELL = 50
LONGEST_LINK = 2000

# What nobody sees: controls, soft hyphens, zero-width spaces, direction overrides, halves of pairs, non-characters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u202a-\u202e\u2060\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_SPACE = re.compile(r"\s+")
_LINK = re.compile(r"(?:https?://[^/\\?#]|mailto:.|/(?![/\\]))", re.IGNORECASE)
_LINK_ESCAPES = str.maketrans({" ": "%20", '"': "%22", "'": "%27", "<": "%3C", ">": "%3E", "`": "%60", "\\": "%5C"})
_WEIGHT = re.compile(r"(?:^|;)\s*font-weight:\s*(?:(bold|[6-9]00)|normal|[1-5]00)")
_SLANT = re.compile(r"(?:^|;)\s*font-style:\s*(?:(italic|oblique)|normal)")


def parse(html, *, marks=False):
    """Read any HTML into a list of `Leaf`; with `marks`, <ins>, <del> and <mark> are read as formatting."""
    reader = _Reader(marks)
    html = _UNSEEN.sub("", html)
    if html.strip():
        parser = etree.HTMLParser(target=reader, huge_tree=True, remove_comments=True, remove_pis=True)
        parser.feed(html)
        parser.close()
    return reader.leaves


@dataclass
class _List:
    tag: str
    items: int = 0


class _Reader:
    """Receives libxml2's events and collects leaves.

    Inside a list item or a cell every block but a nested list is a line of it: those hold running text only.
    """

    def __init__(self, marks):
        self.leaves = []
        self.marks = marks
        self.skipping = 0
        self.runs = []
        self.inline = [{}]
        self.formats = ()
        self.heading = None
        self.quotes = 0
        self.lists = []
        self.list_levels = []
        self.tables = []
        self.section = "tbody"
        self.row = []
        self.cell = None
        self.at_new_root = False

    def data(self, data):
        if not self.skipping:
            self.runs.append((_SPACE.sub(" ", _UNSEEN.sub("", data)), self.formats))

    def start(self, tag, attributes):
        self.skipping += tag in SKIPPED
        if self.skipping:
            return
        if tag in INLINE:
            self.inline.append(self.inline[-1] | self._starts(tag, attributes))
            self._set_formats()
        elif tag == "br":
            self.runs.append(("\n", self.formats))
        elif tag in LISTS and self.cell is None:
            self._begin_list(tag)
        elif tag == "li" and self.cell is None:
            self._flush()
        elif tag == "blockquote" and not self._in_line():
            self._flush()
            self.at_new_root |= not self.quotes
            self.quotes += 1
        elif tag == "table":
            self._begin_table()
        elif tag in ("td", "th") and self._in_table():
            self._begin_cell(tag, attributes)
        elif tag in ("tr", *SECTIONS) and self._in_table():
            self._end_row()
            self._set_section(tag)
        elif tag in HEADINGS:
            self._break()
            self.heading = HEADINGS[tag]
        elif tag in PARAGRAPHS:
            self._break()
            if tag == "hr" and not self._in_line():
                self.leaves.append(Leaf("hr"))

    def end(self, tag):
        if tag in SKIPPED:
            self.skipping -= 1
        if self.skipping:
            return
        if tag in INLINE:
            self.inline.pop()
            self._set_formats()
        elif tag in LISTS and self.cell is None:
            self._flush()
            if self.list_levels.pop():
                self.lists.pop()
        elif tag == "li" and self.cell is None:
            self._flush()
        elif tag == "blockquote" and not self._in_line():
            self._flush()
            self.quotes -= 1
        elif tag == "table":
            self._end_table()
        elif tag in ("td", "th") and self._in_table():
            self._end_cell()
        elif tag in ("tr", *SECTIONS) and self._in_table():
            self._end_row()
            self._set_section("tbody" if tag in SECTIONS else tag)
        elif tag in HEADINGS:
            self._break()
            self.heading = None
        elif tag in PARAGRAPHS:
            self._break()

    def close(self):
        self._flush()

    def _in_line(self):
        return bool(self.lists) or self.cell is not None

    def _in_table(self):
        return bool(self.tables) and self.tables[-1]

    def _break(self):
        if self._in_line():
            self.runs.append(("\n", self.formats))
        else:
            self._flush()

    def _flush(self):
        if not self.runs:
            return
        runs, self.runs = self.runs, []
        tag = "li" if self.lists else self.heading if self.heading and not self.quotes else "p"
        path = ("blockquote",) * bool(self.quotes)
        path += tuple(each.tag for each in self.lists)
        # Two line breaks in a row are what some programs make of a new paragraph; a comparison holds none.
        breaks = {"p": 1 if self.marks else 2, "li": 1}.get(tag, 0)
        for paragraph in _paragraphs(tidy(runs, breaks=breaks)):
            self._add(tag, path, (Cell("", paragraph),))

    def _add(self, tag, path, cells):
        before = self.leaves[-1].path[:1] if self.leaves else ()
        self.leaves.append(Leaf(tag, path, cells, fresh=self.at_new_root and path != () and before == path[:1]))
        self.at_new_root &= path == ()
        if tag == "li":
            self.lists[-1].items += 1

    def _begin_list(self, tag):
        self._flush()
        # A list directly in a list that has no item yet, or too deep to be meant, is no level of its own.
        is_level = not self.lists or (self.lists[-1].items > 0 and len(self.lists) < DEEPEST_LIST)
        self.list_levels.append(is_level)
        if is_level:
            self.at_new_root |= not self.lists and not self.quotes
            self.lists.append(_List(tag))

    def _begin_table(self):
        self._break()
        is_real = not self._in_line() and not self.tables
        self.tables.append(is_real)
        if is_real:
            self.at_new_root, self.section = True, "tbody"

    def _set_section(self, tag):
        rows_of_body = self.leaves and self.leaves[-1].path == ("table", "tbody") and not self.at_new_root
        if tag in SECTIONS:
            self.section = "thead" if tag == "thead" and not rows_of_body else "tbody"

    def _begin_cell(self, tag, attributes):
        self._end_cell()
        self._flush()
        spans = ""
        for name in ("colspan", "rowspan"):
            span = attributes.get(name, "").strip()
            if span.isascii() and span.isdigit() and len(span) < 4 and 1 < int(span) <= WIDEST_CELL:
                spans += f' {name}="{int(span)}"'
        self.cell = f"<{tag}{spans}>"

    def _end_cell(self):
        if self.cell is not None:
            self.row.append(Cell(self.cell, tidy(self.runs)))
            self.cell, self.runs = None, []

    def _end_row(self):
        self._end_cell()
        self._flush()
        if self.row:
            self._add("tr", ("table", self.section), tuple(self.row))
            self.row = []

    def _end_table(self):
        if self._in_table():
            self._end_row()
        self._break()
        self.tables.pop()

    def _set_formats(self):
        self.formats = tuple(self.inline[-1][name] for name in sorted(self.inline[-1], key=RANK.get))

    def _starts(self, tag, attributes):
        """What an inline element means, as {name: start tag}; Google Docs says bold by a style, and <b> for nothing."""
        if tag in MARKS and not self.marks:
            return {}
        if tag == "a":
            href = _link(attributes.get("href", ""))
            return {"a": f'<a href="{href}" rel="noopener noreferrer nofollow">'} if href else {}
        names = {MEANS[tag]} if tag in MEANS else set()
        style = attributes.get("style", "").lower()
        for name, pattern in (("strong", _WEIGHT), ("em", _SLANT)):
            if found := pattern.search(style):
                names = names | {name} if found[1] else names - {name}
        return {name: f"<{name}>" for name in names}


def _paragraphs(runs):
    paragraph = []
    for run, formats in runs:
        first, *others = run.split("\n\n")
        paragraph.append((first, formats))
        for other in others:
            yield tuple(each for each in paragraph if each[0])
            paragraph = [(other, formats)]
    if paragraph:
        yield tuple(each for each in paragraph if each[0])


def _link(href):
    """Return an address that is safe to follow, escaped for HTML, or ""."""
    href = re.sub(r"[\t\n\r\x0b\x0c\x1c-\x1f]", "", _UNSEEN.sub("", href)).strip()
    if not _LINK.match(href) or len(href) > LONGEST_LINK:
        return ""
    return href.translate(_LINK_ESCAPES).replace("&", "&amp;")
