from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

register = template.Library()


@register.filter
def labelled(cells, headers) -> list:
    """The cells of a row of one of Django's lists, each with the name of its column, which a phone shows beside it."""
    return [
        format_html(
            "{}{}{}",
            mark_safe(cell[:3]),  # noqa: S308 - “<td” or “<th”, as Django's own tag wrote it
            format_html(' data-label="{}"', capfirst(header["text"]))
            if "action-checkbox" not in header.get("class_attrib", "")
            else "",
            mark_safe(cell[3:]),  # noqa: S308 - the rest of what Django's own tag escaped
        )
        for cell, header in zip(cells, headers, strict=True)
    ]
