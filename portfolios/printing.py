"""Writes the blocks of a comparison as the HTML of a page: what went and what came, and the way to comment on each.

Plain Python and not a template, since it is the text itself: it is printed by the hundred blocks, and a space too many
inside of a block would move the places of comments.
"""

from dataclasses import dataclass, field

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _


@dataclass
class Printer:
    """Prints pieces of one comparison. `changes`: how many there are in all, for the way to the next one; `comment`:
    where words are commented on, with {start} and {end} in it, "" when nobody may."""

    changes: int = 0
    comment: str = ""
    words: dict = field(default_factory=dict)

    def print(self, pieces) -> SafeString:
        return mark_safe("".join(map(self._piece, pieces)))  # noqa: S308 - of clean pieces and our own words

    def _piece(self, piece):
        if piece.tag == "hr":
            return f"{piece.opens}<hr>{piece.closes}"
        start, changed = piece.start, ""
        if piece.number:
            changed = f' class="changed" id="change-{piece.number}"' + ("" if piece.tag == "tr" else ' tabindex="-1"')
        place = f' dir="auto" data-start="{start}"' if self.comment and start is not None else ' dir="auto"'
        inner = self._inner(piece)
        if piece.tag == "tr":
            earlier = f'<tr class="earlier">{piece.before}</tr>' if piece.kind == "rewritten" else ""
            return f"{piece.opens}{earlier}<tr{changed}{place}>{inner}</tr>{piece.closes}"
        tools = self._comment_link(piece) + self._next_change(piece)
        html = f"{piece.opens}<{piece.tag}{changed}{place}>{self._tag(piece)}{inner}{tools}{piece.end_tag}"
        return f"{html}{self._earlier(piece)}{piece.closes}\n"

    def _inner(self, piece):
        inner = str(piece.inner)
        if "<ins>" in inner or "<del>" in inner:
            inner = inner.replace("<del>", f"<del>{self._aside('removed')}")
            inner = inner.replace("<ins>", f"<ins>{self._aside('added')}")
        return inner

    def _aside(self, name):
        """What only a screen reader says."""
        return f'<span class="visually-hidden" data-apart>{self._word(name)} </span>'

    def _tag(self, piece):
        if piece.kind in ("rewritten", "moved"):
            return f'<span data-apart><span class="tag tag-new">{self._word(piece.kind)}</span> </span>'
        return ""

    def _comment_link(self, piece):
        if not self.comment or piece.start is None:
            return ""
        href = self.comment.format(start=piece.start, end=piece.end)
        return (
            f'<span class="tools" data-apart> <a class="comment-link" href="{href}">{self._word("comment")}</a></span>'
        )

    def _next_change(self, piece):
        if not 0 < piece.number < self.changes:
            return ""
        href = f"#change-{piece.number + 1}"
        return f' <a class="next-change" href="{href}" data-apart>{self._word("next")}</a>'

    def _earlier(self, piece):
        if piece.kind != "rewritten" or piece.tag == "li":
            return ""
        summary = f"<summary>{self._word('earlier')}</summary>"
        return f'<details class="earlier">{summary}<p>{piece.before}</p></details>'

    def _word(self, name):
        if not self.words:
            self.words = {
                "rewritten": format_html("{}", _("Rewritten")),
                "moved": format_html("{}", _("Moved")),
                "comment": format_html("{}", _("Comment")),
                "next": format_html("{}", _("Next change")),
                "earlier": format_html("{}", _("See earlier wording")),
                "added": format_html("{}", _("added:")),
                "removed": format_html("{}", _("removed:")),
            }
        return self.words[name]
