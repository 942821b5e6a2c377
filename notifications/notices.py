"""How an app says what people may be told of: it declares a `Notice` and registers it in its AppConfig.

This is the one dispatch by declaration in the house; everything else can be followed by grep.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Section:
    """What one notice has to say of one subject matter to one reader, on Home and in an email.

    `summary` says it in a few words where it stands alone, `count` where something else is said beside it (“a reply”);
    `minutes` is how long it takes to read, 0 when that is not worth saying. `hat` is the part in which the reader hears
    of it, “mentee” or “mentor”; `why` says so in the email's footer.
    `template` is a path without its ending: `.html` and `.txt` render the email's part with what `context()` returns.
    Only an email calls it: it may fetch long texts, and take its time.
    """

    thread: str
    headline: str
    summary: str
    count: str
    url: str
    button: str
    by: Any
    hat: str
    why: str
    template: str
    context: Callable[[], dict]
    minutes: int = 0


@dataclass(frozen=True)
class Notice:
    """A kind of event.

    group: which of a person's choices rules it (a field of `Preference`).
    may_tell(person, ids, pairings) -> list: those things that this person may still be told of, now. `pairings` are
    the person's own, to answer it by; None when the app is to look them up.
    render(person, things) -> list[Section]: what to say of them, newest state, one section per subject matter.
    Both are asked at each attempt to send: nothing about permission or words is kept.
    """

    kind: str
    group: str
    may_tell: Callable[[Any, list[int], list | None], list]
    render: Callable[[Any, list], list[Section]]


NOTICES: dict[str, Notice] = {}


def register(*notices: Notice) -> None:
    """Make notices known; called once by each app's AppConfig.ready."""
    for notice in notices:
        NOTICES[notice.kind] = notice
