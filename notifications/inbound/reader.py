"""Reads one email from its standard input, in a process of its own: `python -m notifications.inbound.reader`.

An email can be made so that reading it takes hours, or all memory. Here that ends with the process. Prints two lines
of JSON: what is in it (`mime.read`), then the own words of its writer. Who waits in vain for those has the rest. No
Django.
"""

import json
import resource
import sys
from contextlib import suppress

from notifications.inbound import mime, stripping

SECONDS = 2  # of the processor's time
MEMORY = 1024**3  # bytes


def main():
    for kind, most in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        _limit(kind, most)
    found = mime.read(sys.stdin.buffer.read())
    found |= {kind: found[kind][: 10 * stripping.LONGEST] for kind in ("text", "html")}
    found["calendar"] = _answer_in(found["calendar"]) if found["calendar"] else None
    _say(found)
    _say(own_words(found["text"], found["html"]))


def own_words(text: str, html: str) -> str:
    """The writer's own words, by the plain text. Where the same stand in the other form, too, they are in its lines:
    many programs break those of the plain text in the middle of a sentence."""
    words = stripping.own_words(text)
    if not html:
        return words
    in_html = stripping.own_words(html)
    return in_html if not text.strip() or in_html.split() == words.split() else words


def _answer_in(file):
    # It takes longer to load than all the rest, and few emails bring a calendar.
    from notifications.inbound import calendars

    return calendars.answer_in(file)


def _say(what):
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _limit(kind, most):
    _soft, hard = resource.getrlimit(kind)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(ValueError, OSError):  # macOS limits no memory
        resource.setrlimit(kind, (most, hard))


if __name__ == "__main__":
    main()
