"""What a comparison consists of, and its form in JSON."""

from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.safestring import SafeString, mark_safe

from portfolios.richtext import Leaf, frames, highlight, is_clean, parse

CONTAINERS = frozenset({"ul", "ol", "blockquote", "table", "thead", "tbody"})


class Kind(StrEnum):
    """What happened to a block. All but `SAME` and `FORMATTED` count as a change."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    EDITED = "edited"
    REWRITTEN = "rewritten"
    MOVED = "moved"
    FORMATTED = "formatted"

    @property
    def is_change(self):
        return self not in (Kind.SAME, Kind.FORMATTED)


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item, table row or rule.

    html: the element itself, clean; <ins> and <del> around what was added and removed (`added` and `removed` wholly;
    `moved` when words were changed as well; `rewritten` holds the new wording unmarked).
    before: the old wording as an element, for `rewritten` only.
    wrap: the containers that it stands in, outermost first: "", "ul", "ol ul", "blockquote", "table tbody".
    fresh: its outermost container begins here, although the block before stands in one of the same kind.
    start, end: the range of its words in `richtext.text` of the new text; None for one that has none there.
    """

    kind: Kind
    html: str
    before: str = ""
    wrap: str = ""
    fresh: bool = False
    start: int | None = None
    end: int | None = None

    @classmethod
    def of(cls, kind, leaf: Leaf, *, before: Leaf | None = None, place=(None, None)):
        return cls(kind, leaf.html, before.html if before else "", " ".join(leaf.path), leaf.fresh, *place)

    @property
    def tag(self):
        return self.html[1 : self.html.index(">")]

    @property
    def path(self):
        return tuple(self.wrap.split())

    @property
    def inner(self):
        """What stands between the tags of `html`."""
        return _inner(self.html)

    @property
    def inner_before(self):
        """What stands between the tags of `before`."""
        return _inner(self.before)


@dataclass(frozen=True, slots=True)
class Piece:
    """A block as a template prints it: {{ opens }}<{{ tag }} …>{{ inner }}{{ end_tag }}{{ closes }}, all of it safe.

    number: 1 for the first change and so on, 0 for a block that is none.
    end_tag: "" for a rule, and for an item inside of which a nested list follows.
    top: it begins a new outermost element: it stands in no list, quote or table that began with a block before.
    """

    block: Block
    number: int
    opens: SafeString
    end_tag: SafeString
    closes: SafeString
    top: bool

    @property
    def kind(self):
        return self.block.kind

    @property
    def tag(self):
        return self.block.tag

    @property
    def start(self):
        """Where its words begin in `richtext.text` of the new text; None for one that has none there."""
        return self.block.start

    @property
    def end(self):
        """Where its words end in `richtext.text` of the new text; None for one that has none there."""
        return self.block.end

    @property
    def inner(self):
        return mark_safe(self.block.inner)  # noqa: S308 - written by portfolios.richtext

    @property
    def before(self):
        """The old wording of a rewritten block, without its element."""
        return mark_safe(self.block.inner_before)  # noqa: S308 - written by portfolios.richtext

    def with_marks(self, ranges):
        """Return the piece with <mark> around those of its words that lie in `ranges`, (start, end) in the new text.

        They may overlap and go beyond the piece; old words in <del> are never marked.
        """
        if self.start is None:
            return self
        own = [
            (max(start, self.start) - self.start, min(end, self.end) - self.start)
            for start, end in ranges
            if start < self.end and end > self.start
        ]
        return replace(self, block=replace(self.block, html=highlight(self.block.html, own))) if own else self


@dataclass(frozen=True, slots=True)
class Comparison:
    """The blocks of both texts in reading order, removed ones before what took their place.

    words_changed: words added and words removed together; the words of a moved block count only when they changed.
    """

    blocks: list[Block]
    words_changed: int = 0

    @property
    def changes(self):
        """How many blocks changed."""
        return sum(block.kind.is_change for block in self.blocks)

    @property
    def pieces(self):
        """The blocks ready to print, with lists, quotes and tables put together again."""
        pieces, number, wrap = [], 0, ""
        for opens, block, *ends in frames(self.blocks):
            number += block.kind.is_change
            html = map(mark_safe, (opens, *ends))
            top = not block.wrap or block.fresh or block.path[:1] != tuple(wrap.split()[:1])
            pieces.append(Piece(block, number if block.kind.is_change else 0, *html, top))
            wrap = block.wrap
        return pieces

    def as_json(self):
        """Return plain data for a JSON column."""
        rows = [
            [block.kind.value, block.html, block.before, block.wrap, block.fresh, block.start, block.end]
            for block in self.blocks
        ]
        return {"blocks": rows, "words_changed": self.words_changed}

    @classmethod
    def from_json(cls, data):
        """Make the comparison from what `as_json` returned; HTML in it that is not clean is cleaned."""
        blocks = [Block(Kind(kind), *rest) for kind, *rest in data["blocks"]]
        printed = "".join(
            f"{opens}<{block.tag}>{block.inner}{end}{closes}" for opens, block, end, closes in frames(blocks)
        )
        if not is_clean(printed + "".join(map(_earlier, blocks)), marks=True):
            blocks = [cleaned for block in blocks for cleaned in _cleaned(block)]
        return cls(blocks, data["words_changed"])


def _inner(html):
    return html[html.index(">") + 1 : html.rindex("<")] if html.count("<") > 1 else ""


def _earlier(block):
    return f"<table><tbody>{block.before}</tbody></table>" if block.before.startswith("<tr") else block.before


def _cleaned(block):
    before = parse(_earlier(block))
    around = {"li": "ul", "tr": "table"}.get(block.tag, "div")
    path = tuple(container for container in block.path if container in CONTAINERS)
    for leaf in parse(f"<{around}>{block.html}</{around}>", marks=True):
        leaf = replace(leaf, path=path, fresh=block.fresh)
        yield Block.of(block.kind, leaf, before=before[0] if before else None, place=(block.start, block.end))
