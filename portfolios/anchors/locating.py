"""Finding quoted words again: an exact quote with a little text on either side (W3C TextQuoteSelector)."""

# Characters of the quote and of matching context together that make a place sure; shorter quotes need context.
SURE = 16


def locate(text, quote, prefix, suffix):
    """Return (start, end) of the quoted words in `text`, or None when they are gone or could be meant twice.

    Of several places the one wins whose surroundings fit `prefix` and `suffix` best; equally good ones are all
    refused, so that a comment never settles silently on other words.
    """
    if not quote:
        return None
    enough = min(SURE, len(quote) + len(prefix) + len(suffix))
    best, places = -1, []
    start = text.find(quote)
    while start >= 0:
        end = start + len(quote)
        fit = _fit(text, start, end, prefix, suffix)
        if fit > best:
            best, places = fit, []
        if fit == best:
            places.append((start, end))
        start = text.find(quote, start + 1)
    return places[0] if len(places) == 1 and len(quote) + best >= enough else None


def context(text, start, end, size=32):
    """Return (prefix, suffix): up to `size` characters before and after text[start:end]."""
    return text[max(0, start - size) : start], text[end : end + size]


def _fit(text, start, end, prefix, suffix):
    """How many characters of the context stand there; the edge of the text counts like one where it was the context."""
    before, after = context(text, start, end, max(len(prefix), len(suffix)) + 1)
    fit = _common(before[::-1], prefix[::-1]) + _common(after, suffix)
    at_edge = (suffix and not prefix and start == 0) or (prefix and not suffix and end == len(text))
    return fit + bool(at_edge)


def _common(text, other):
    pairs = zip(text, other, strict=False)
    return next((size for size, (a, b) in enumerate(pairs) if a != b), min(len(text), len(other)))
