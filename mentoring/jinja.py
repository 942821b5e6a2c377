"""The environment of *.jinja templates: autoescaped, translated, and strict about names that do not exist."""

import jinja2
from django.urls import reverse
from django.utils import translation


def environment(**options) -> jinja2.Environment:
    """See `TEMPLATES` in the settings."""
    strict = {"autoescape": True, "undefined": jinja2.StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    env = jinja2.Environment(**options | strict)  # noqa: S701 - it is on
    env.globals["url"] = reverse
    env.globals["_"] = lambda words: translation.gettext(words)
    return env
