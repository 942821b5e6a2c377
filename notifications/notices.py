"""How an app says what people may be told of: it declares a `Notice` and registers it in its AppConfig.

This is the one dispatch by declaration in the house; everything else can be followed by grep. To add an event: declare
its Notice, write its `.html` and `.txt`, and call `notifications.actions.notify` in the verb that makes it happen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True)
class Invitation:
    """A calendar file that goes with an email, as mail programs understand it (RFC 6047).

    `write(address)`: the file, with its METHOD; `address` is where the answers of the reader's calendar arrive, ""
    when the site receives no email. `thread`: in which they are `CalendarAnswer`s, the same for all files of one
    event: who invites must not change.
    """

    thread: str
    write: Callable[[str], bytes]


@dataclass(frozen=True)
class Section:
    """What one notice has to say of one subject matter to one reader, on Home and in an email.

    `headline` leads; `discreet` is the same without anybody's words, for people who want none in their emails.
    `summary` says it in a few words where it stands alone, `count` where something else is said beside it (“a reply”);
    `minutes` is how long it takes to read, 0 when that is not worth saying. `hat` is the part in which the reader hears
    of it, “mentee” or “mentor”, or "" for neither; `why` says so in the email's footer.
    `takes_replies`: whether a reply to its email would be taken. `invitation`: for an email of this section alone.
    `context()` is what the notice's templates are rendered with. Only an email calls it: it may fetch long texts, and
    take its time.
    """

    thread: str
    headline: str
    discreet: str
    summary: str
    count: str
    url: str
    button: str
    by: Any
    hat: str
    why: str
    context: Callable[[], dict]
    minutes: int = 0
    takes_replies: bool = True
    invitation: Invitation | None = None


@dataclass(frozen=True)
class Notice:
    """A kind of event.

    group: which of a person's choices rules it, one of `Preference.GROUPS`. "" for what nobody can switch off: it is
    told at once, whatever the hour, in an email of its own.
    template: the path, without its ending, of the `.html` and the `.txt` that are its part of an email.
    may_tell(person, ids, pairings) -> list: those things that this person may still be told of, now. `pairings` are
    the person's own, to answer it by; None when the app is to look them up.
    render(person, things) -> list[Section]: what to say of them, newest state, one section per subject matter.
    Both are asked at each attempt to send: nothing about permission or words is kept.
    may_tell_all({person: ids}) -> {person's key: list}: `may_tell` for the people of many emails at once, in a number
    of statements that does not grow with them; None where `may_tell` will do for each.
    delay: how long “soon” waits, in case the thing is seen meanwhile.
    waits: whether it waits while its bundle is held (`models.Hold`), as all does but word of the hold itself.
    """

    kind: str
    group: str
    template: str
    may_tell: Callable[[Any, list[int], list | None], list]
    render: Callable[[Any, list], list[Section]]
    may_tell_all: Callable[[dict[Any, list[int]]], dict[int, list]] | None = None
    delay: timedelta = timedelta(0)
    waits: bool = True


class NotTaken(Exception):
    """A reply cannot become what it answers; the message says why, in words for its writer."""


@dataclass(frozen=True)
class Reply:
    """What a person wrote in answer to an email: `thread` is what the email was about, `about` the (kind, about_id) of
    the events that it told of ([] when that is not known), `text` their own words alone."""

    person: Any
    thread: str
    about: list[tuple[str, int]]
    text: str
    at: datetime


@dataclass(frozen=True)
class CalendarAnswer:
    """What a person's calendar sent back to an `Invitation` in `thread` (RFC 5546, sections 3.2.3 and 3.2.7).

    `answer`: “accepted”, “declined”, “tentative”, or `COUNTER` when it asks for another time. `uid` and `sequence` are
    those of the file that it answers; `text` is what the person wrote beside it, "" for nothing.
    """

    COUNTER = "counter"

    person: Any
    thread: str
    uid: str
    sequence: int
    answer: str
    text: str
    at: datetime


NOTICES: dict[str, Notice] = {}
# By what a thread's name begins with (“page” of “page-45”): what takes a Reply in it. Returns the address where the
# words stand now; raises NotTaken.
REPLIES: dict[str, Callable[[Reply], str]] = {}
# By the same: what takes a CalendarAnswer. Returns whether that said anything new; raises NotTaken.
CALENDAR_ANSWERS: dict[str, Callable[[CalendarAnswer], bool]] = {}


def register(
    *notices: Notice,
    replies: dict[str, Callable[[Reply], str]] | None = None,
    calendar_answers: dict[str, Callable[[CalendarAnswer], bool]] | None = None,
) -> None:
    """Make notices known, and what takes the replies to them; called once by each app's AppConfig.ready."""
    for notice in notices:
        NOTICES[notice.kind] = notice
    REPLIES.update(replies or {})
    CALENDAR_ANSWERS.update(calendar_answers or {})
