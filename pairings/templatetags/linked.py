"""Addresses in people's plain words become links."""

import re

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_ADDRESS = re.compile(r"""https?://[^\W_][^\s<>"“”«»]*""", re.IGNORECASE)
# What stands right behind an address is rarely part of it.
_AFTER = ".,;:!?…'’)]}*_"


@register.filter
def linked(text: str) -> SafeString:
    """The words, escaped, with each http(s) address as a link that tells its host nothing of where it stood. Line
    breaks stay as they are: `{{ body|linked|linebreaks }}`."""
    parts, done = [], 0
    for found in _ADDRESS.finditer(text):
        address = _without_what_follows(found[0])
        parts.append(escape(text[done : found.start()]))
        parts.append(format_html('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>', address))
        done = found.start() + len(address)
    parts.append(escape(text[done:]))
    return mark_safe("".join(parts))  # noqa: S308 - each part is escaped


def _without_what_follows(address):
    """A closing bracket belongs to the address when it was opened there."""
    end, extra = len(address), address.count(")") - address.count("(")
    while address[end - 1] in _AFTER:
        if address[end - 1] == ")":
            if extra <= 0:
                break
            extra -= 1
        end -= 1
    return address[:end]
