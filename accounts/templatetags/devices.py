"""What a browser says of itself, in words: enough to recognise one's own device in a list."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()

# The first that fits wins: Edge and Opera also say Chrome, Chrome also says Safari, Android also says Linux.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


@register.filter
def device(user_agent: str) -> str:
    """“Firefox on Windows” for a User-Agent header; “A browser on …” when it is none of the usual ones."""
    browser = _first(_BROWSERS, user_agent) or _("A browser")
    system = _first(_SYSTEMS, user_agent) or _("a device we don’t know")
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}


def _first(names, user_agent):
    return next((name for sign, name in names if sign in user_agent), None)
