"""Readable addresses. A slug is given once: it is never handed to another thing, and an old one redirects."""

from collections.abc import Container, Iterable

from django.utils.text import slugify
from anyascii import anyascii

MAX_LENGTH = 60


def free_slug(name: str, *, taken: Iterable[str], reserved: Container[str] = (), fallback: str = "page") -> str:
    """A slug for `name` that is not among `taken`; `-2`, `-3`, … on a clash, `-page` after a reserved word.

    Letters of other scripts are written in Latin ones, so that an address can be read out over the phone.
    """
    base = slugify(anyascii(name))[:MAX_LENGTH].strip("-") or fallback
    if base in reserved:
        base = f"{base}-page"
    taken = set(taken)
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
