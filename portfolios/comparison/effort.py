"""How long a comparison will take, told without making it."""

import re

from portfolios.comparison.words import WORD

# Seconds, measured on one core of 2024 and doubled for what runs beside it.
LONG = 0.5
PER_CHARACTER = 6e-7
PER_TAG = 3.2e-5
PER_WORD = 9e-6
PER_PAIR_OF_WORDS = 6e-10

# Texts so short are quick whatever stands in them.
SURELY_SHORT = 40_000

_TAG = re.compile(r"<[^>]*>")


def is_long(old_html, new_html):
    """Whether comparing these texts may take more than half a second, so that it is better done in the background.

    Looks at how much of them differs: takes about 1 ms for 2,000 changed words.
    """
    if len(old_html) + len(new_html) < SURELY_SHORT:
        return False
    old, new = old_html.split("</"), new_html.split("</")
    gone, come = _words_elsewhere(old, new), _words_elsewhere(new, old)
    seconds = (
        PER_CHARACTER * (len(old_html) + len(new_html))
        + PER_TAG * (len(old) + len(new))
        + PER_WORD * (gone + come)
        + PER_PAIR_OF_WORDS * gone * come
    )
    return seconds > LONG


def _words_elsewhere(pieces, others):
    others = set(others)
    return sum(len(WORD.findall(_TAG.sub(" ", piece))) for piece in pieces if piece not in others)
