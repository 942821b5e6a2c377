from django import template
from django.utils.safestring import mark_safe

from portfolios.printing import Printer
from portfolios.richtext import clean, clean_comparison, is_clean

register = template.Library()


@register.filter
def rich(html):
    """Rich text for a page. Checked again as it is shown: whatever stands in the database, nothing of it runs."""
    return mark_safe(html if is_clean(html) else clean(html))  # noqa: S308 - the sanitiser's own output


@register.filter
def compared(html):
    """A few words of a comparison: rich text that may hold ins and del."""
    return mark_safe(clean_comparison(html))  # noqa: S308 - the sanitiser's own output


@register.filter
def printed(comparison):
    """A whole comparison: the text as it is now, with what went and what came."""
    return Printer(comparison.changes).print(comparison.pieces)
