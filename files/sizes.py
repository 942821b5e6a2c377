"""Sizes in words."""

from math import ceil

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

KB = 1024
MB = 1024 * KB


def in_words(size: int) -> str:
    """“812 bytes”, “240 KB”, “4.2 MB”, “31 MB”. Rounded up: what is over a limit never reads as if it were not."""
    if size < KB:
        return ngettext("%(count)d byte", "%(count)d bytes", size) % {"count": size}
    if size <= KB * 999:
        return _("%(number)s KB") % {"number": number_format(ceil(size / KB))}
    number = ceil(size * 10 / MB) / 10
    return _("%(number)s MB") % {"number": number_format(number, 0 if number == int(number) else 1)}
