"""The text of an email in HTML, in the lines that its reader sees; what it quotes is marked “> ”. No Django."""

import re

from lxml import etree, html

_BLOCKS = (
    *("address", "article", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr"),
    "ul",
)
_APART = ("blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul")
_UNSEEN = ("head", "script", "style", "template", "title")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")


def text_of(markup: str) -> str:
    """The words of a page of HTML. Blocks begin lines, paragraphs stand apart, a link brings its address along."""
    markup = _DECLARATION.sub("", markup.replace("\x00", ""))
    if not markup.strip():
        return ""
    try:
        tree = html.document_fromstring(markup)
    except (etree.ParserError, ValueError):
        return ""
    lines = _Lines()
    unseen = 0
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            lines.add(element.tail if not unseen else None)
        elif event == "start":
            unseen += element.tag in _UNSEEN
            if not unseen:
                _begin(lines, element)
                lines.add(element.text)
        else:
            if not unseen:
                _end(lines, element)
            unseen -= element.tag in _UNSEEN
            if not unseen:
                lines.add(element.tail)
    return lines.text()


def _begin(lines, element):
    if element.tag == "br":
        lines.end(even_empty=True)
    elif element.tag in _BLOCKS:
        lines.end(apart=_stands_apart(element))
    lines.depth += _is_quoted(element)
    lines.exact += element.tag == "pre"
    if element.tag == "li":
        lines.add("- ")


def _end(lines, element):
    url = element.get("href", "") if element.tag == "a" else ""
    if url.startswith(("http://", "https://")) and url.rstrip("/") not in "".join(element.itertext()):
        lines.add(f" ({url})")
    if element.tag in _BLOCKS:
        lines.end(apart=_stands_apart(element))
    lines.depth -= _is_quoted(element)
    lines.exact -= element.tag == "pre"


def _stands_apart(element):
    # Outlook's paragraphs are lines: it puts an empty one where somebody wants space.
    return element.tag in _APART and "MsoNormal" not in element.get("class", "")


def _is_quoted(element):
    return element.tag == "blockquote" or "yahoo_quoted" in element.get("class", "")


class _Lines:
    def __init__(self):
        self.depth = self.exact = 0
        self._lines, self._line = [], []

    def add(self, text):
        if not text:
            return
        if self.exact:
            first, *rest = text.split("\n")
            self._line.append(first)
            for line in rest:
                self.end(even_empty=True)
                self._line.append(line)
        else:
            self._line.append(_SPACE.sub(" ", text))

    def end(self, *, even_empty=False, apart=False):
        """End the line that was begun, if any; `apart` leaves an empty one."""
        words = "".join(self._line)
        words = words.rstrip() if self.exact else _SPACE.sub(" ", words).strip(" ")
        if words == "-" and not even_empty:
            return  # the point of a list whose words stand in a block of their own
        self._line = []
        if words or even_empty:
            self._lines.append("> " * self.depth + words)
        if apart and self._lines and self._lines[-1].strip("> "):
            self._lines.append("> " * self.depth)

    def text(self):
        self.end()
        return "\n".join(line.rstrip() for line in self._lines).strip("\n")
