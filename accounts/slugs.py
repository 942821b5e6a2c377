"""Readable addresses. A slug is given once: it is never handed to another thing, and an old one redirects."""

from collections.abc import Container, Iterable

from anyascii import anyascii
from django.db import connection
from django.utils.text import slugify

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


def one_at_a_time(kind: str) -> None:
    """Until this transaction ends no other one passes here for the same kind of slug: none is given away twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"slugs of a {kind}"])
