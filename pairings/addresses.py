"""Where a pairing has its page; and a message: the page of its thread, and its place there."""

from django.urls import reverse

A_PAGE = 20


def pairing_url(slug) -> str:
    """The page of the two, with everything they did; the shell has it."""
    return reverse("pairing", args=[slug])


def message_url(slug, number, last) -> str:
    """The address of the message `number` in the thread of the pairing `slug`, which goes up to the number `last`."""
    query = "" if last - number < A_PAGE else f"?before={number + A_PAGE // 2}"
    return reverse("pairings:messages", args=[slug]) + f"{query}#m-{number}"
