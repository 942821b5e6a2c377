"""A timeline in words: what happened, a line each; much of one kind on one day is one line. One query a kind."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from django.db.models import BigIntegerField, CharField, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Left
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.compiled import Among, Compiled, Given
from accounts.models import User
from meetings.models import Action, Meeting, NoteVersion
from mentoring import sayings
from pairings.addresses import message_url
from pairings.models import HandOver, KindNote, Message
from pairings.notices import first_words
from portfolios.models import Comment, Comparison, PageSlug, PageVersion

OPENING = 200  # characters
OF_MEETINGS = ("booked", "moved", "called-off", "held", "planned", "written", "note-agreed")


@dataclass(frozen=True)
class Line:
    """`quote`: words of whoever did it. `place`: what its address on the page ends with. `note_url`: of the note of a
    meeting, "" for none."""

    at: datetime
    is_new: bool
    text: str
    quote: str = ""
    url: str = ""
    place: str = ""
    note_url: str = ""

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)


@dataclass(frozen=True)
class Month:
    first: date
    lines: list[Line]


def in_words(happenings, pairing, viewer, is_new) -> list[Month]:
    """The lines of these happenings of a pairing by months, the newest first. `is_new(happening)`: whether the viewer
    has not seen it yet."""
    lines = _Teller(pairing, viewer, is_new).tell(happenings)
    return [Month(first, list(found)) for first, found in groupby(lines, key=lambda line: line.day.replace(day=1))]


class Small(NamedTuple):
    """Something that takes few words: those, and of whom they speak."""

    what: str
    which: int
    words: str
    name: str
    known_as: str
    email: str

    first_name = User.first_name


class _Teller:
    def __init__(self, pairing, viewer, is_new):
        self.pairing, self.viewer, self.is_new = pairing, viewer, is_new
        self.other = pairing.other_than(viewer)

    def tell(self, happenings):
        keys = defaultdict(list)
        for happening in happenings:
            keys[happening.what].append(happening.which)
        of_meetings = _by_key(_meetings, self.viewer, {key for what in OF_MEETINGS for key in keys[what]})
        self.things = dict.fromkeys(OF_MEETINGS, of_meetings) | {
            "shared": _by_key(_versions, self.viewer, keys["shared"]),
            "commented": _by_key(_comments, self.viewer, keys["commented"]),
            "message": _by_key(_messages, self.viewer, keys["message"]),
        }
        self.things |= _small_things(self.viewer, keys)
        groups = defaultdict(list)
        for happening in filter(self._is_there, happenings):
            groups[self._together(happening)].append(happening)
        return [self._line(group) for group in groups.values()]

    def _is_there(self, happening):
        """Something may have been taken out of the viewer's sight a moment ago."""
        found = self.things.get(happening.what)
        return found is None or happening.what == "began" or happening.which in found

    def _together(self, happening):
        """What is told in one line: comments of one person, versions of one page, and all messages, within a day."""
        day, what = timezone.localdate(happening.moment), happening.what
        if what == "shared":
            return day, what, self.things[what][happening.which].page_id
        if what in ("planned", "written"):
            return day, what, happening.which, happening.who
        if what in ("commented", "message"):
            return day, what, happening.who if what == "commented" else None
        return what, happening.which, happening.moment

    def _line(self, group):
        tell = {"shared": self._shared, "commented": self._commented, "message": self._written, "note": self._noted}
        tell |= dict.fromkeys(OF_MEETINGS, self._of_meeting) | {"done": self._did}
        facts = tell.get(group[0].what, self._simply)(group)
        return Line(at=group[0].moment, is_new=any(map(self.is_new, group)), **facts)

    def _shared(self, group):
        versions = [self.things["shared"][each.which] for each in group]
        last = versions[0]
        text = sayings.shared(self._actor(group), last.title, changes=last.changes, times=len(versions))
        return {"text": text, "url": _url_of_version(last)}

    def _commented(self, group):
        comments = [self.things["commented"][each.which] for each in group]
        url = _url_of_comment(comments[-1])
        if len(comments) > 1:
            pages = {comment.page_id: comment.title for comment in comments}
            return {
                "text": sayings.commented_often(self._actor(group), len(comments), list(pages.values())),
                "url": url,
            }
        (comment,) = comments
        to_me = comment.replied_to == self.viewer.pk
        text = sayings.commented(self._actor(group), comment, to_me=to_me)
        return {"text": text, "quote": first_words(comment.opening or comment.wording), "url": url}

    def _written(self, group):
        messages = [self.things["message"][each.which] for each in group]
        first = messages[-1]
        url = message_url(self.pairing.slug, first.number, first.last)
        if len(messages) > 1:
            if len({each.who for each in group}) > 1:
                return {"text": sayings.wrote_to_each_other(self.other.first_name, len(messages)), "url": url}
            return {"text": sayings.wrote_often(self._actor(group), len(messages)), "url": url}
        words = first_words(first.opening)
        return {"text": sayings.wrote(self._actor(group), has_words=bool(words)), "quote": words, "url": url}

    def _noted(self, group):
        note = self.things["note"][group[0].which]
        return {"text": sayings.noted(note.name), "quote": note.words, "place": f"note-{note.which}"}

    def _of_meeting(self, group):
        happening = group[0]
        meeting = self.things["held"][happening.which]
        address = [self.pairing.slug, meeting.slug]
        day = date_format(localtime(meeting.starts_at), "j F")
        note_url = reverse("meetings:note", args=address)
        if happening.what == "note-agreed" and happening.who is None:
            return {"text": sayings.aged(day), "url": note_url}
        text = sayings.of_meeting(
            happening.what,
            self._actor(group),
            day,
            minutes=meeting.minutes,
            didnt_happen=meeting.starts_at <= happening.moment,
        )
        if happening.what == "held":
            goal = _("Goal: %(words)s") % {"words": first_words(meeting.goal)} if meeting.goal else ""
            url, note_url = reverse("meetings:meeting", args=address), note_url if meeting.note_pk else ""
            return {"text": text, "quote": goal, "url": url, "note_url": note_url}
        pages = {"planned": "plan", "written": "note", "note-agreed": "note"}
        return {"text": text, "url": reverse(f"meetings:{pages.get(happening.what, 'meeting')}", args=address)}

    def _did(self, group):
        words = self.things["done"][group[0].which].words
        return {
            "text": sayings.did(self._actor(group), words),
            "url": reverse("meetings:actions", args=[self.pairing.slug]),
        }

    def _simply(self, group):
        happening = group[0]
        if happening.what == "began":
            before = self.things["began"].get(happening.which)
            return {"text": sayings.began(self.pairing, self.viewer, before and before.first_name)}
        new = self.things[happening.what][happening.which].first_name if "hand" in happening.what else ""
        text, page = sayings.simply(happening.what, self._actor(group), is_first=happening.which == 1, new=new)
        return {"text": text, "url": reverse(f"pairings:{page}", args=[self.pairing.slug]) if page else ""}

    def _actor(self, group):
        """The first name of who did it; None for the viewer."""
        return None if group[0].who == self.viewer.pk else self.other.first_name


def _make_versions():
    made = Comparison.objects.filter(new=OuterRef("pk"), old__page=OuterRef("page"), old__number=OuterRef("number") - 1)
    found = PageVersion.objects.visible_to(Given("viewer")).annotate(changes=Subquery(made.values("changes")[:1]))
    return _with_address(_asked(found), "page_id", "title", "number", "changes")


def _make_comments():
    found = Comment.objects.visible_to(Given("viewer")).annotate(
        opening=Left("body", OPENING),
        wording=Left("suggestion", OPENING),
        replied_to=F("parent__author_id"),
    )
    fields = ("page_id", "kind", "parent_id", "opening", "wording", "replied_to")
    return _with_address(_asked(found), *fields, title=F("version__title"))


def _with_address(found, *fields, **more):
    """`fields` as rows, with the address of the page as the viewer may know it."""
    known = PageSlug.objects.visible_to(Given("viewer")).filter(page=OuterRef("page")).order_by("-given_at", "-pk")
    address = {"slug": Subquery(known.values("slug")[:1]), "portfolio": F("page__portfolio__slug")}
    return found.values("pk", *fields, **more, **address)


def _make_messages():
    last = Message.objects.filter(pairing=OuterRef("pairing")).order_by("-number").values("number")[:1]
    found = _asked(Message.objects.visible_to(Given("viewer")))
    return found.values("pk", "number", opening=Left("body", OPENING), last=Subquery(last))


def _make_meetings():
    """With what the last version of its note says of the goal."""
    versions = NoteVersion.objects.filter(note__meeting=OuterRef("pk")).order_by("-number")
    goal = versions.annotate(opening=Left("goal", OPENING)).values("opening")
    found = _asked(Meeting.objects.visible_to(Given("viewer")))
    return found.values("pk", "slug", "starts_at", "minutes", note_pk=F("note"), goal=Subquery(goal[:1]))


def _make_small_things():
    """Of what is told in few words, all in one statement: those words, and the person of whom it speaks."""
    began = HandOver.objects.visible_to(Given("viewer")).filter(Among("next", Given("began")))
    return _of_own("done", Action.objects, words=F("words")).union(
        _of_own("handed-over", HandOver.objects, who="mentor__"),
        _of_own("note", KindNote.objects, who="by__", words=F("words")),
        _columns("began", began, which="next_id", who="pairing__mentor__"),
        all=True,
    )


def _of_own(what, manager, **columns):
    mine = manager.visible_to(Given("viewer")).filter(Among("pk", Given(what)))
    return _columns(what, mine, **columns)


def _columns(what, found, *, which="pk", words=None, who=""):
    """The columns of `Small`, under names that no model has."""
    nothing = Value("", output_field=CharField())
    person = {f"their_{name}": F(f"{who}{name}") if who else nothing for name in ("name", "known_as", "email")}
    made = {"what": Value(what, output_field=CharField()), "which": Cast(which, BigIntegerField())}
    made |= {"said": words or nothing} | person
    return found.order_by().annotate(**made).values_list(*made)


def _asked(found):
    return found.filter(Among("pk", Given("keys"))).order_by()


def _small_things(viewer, keys):
    """By what they are, the things among `keys` that take few words, by key. A hand-over stands for both of its kinds,
    and tells who is the new mentor; "began" from whom this one took over."""
    asked = {what: keys[what] for what in ("done", "note", "began")}
    asked["handed-over"] = keys["hand-over"] + keys["handed-over"]
    found = {what: {} for what in asked}
    if any(asked.values()):
        for row in _small(viewer=viewer.pk, **asked):
            found[row.what][row.which] = Small(*row)
    return found | {"hand-over": found["handed-over"]}


def _by_key(rows, viewer, keys):
    return {row.pk: row for row in rows(viewer=viewer.pk, keys=list(keys))} if keys else {}


def _url_of_version(version):
    since = f"?since={version.number - 1}" if version.number > 1 else ""
    return reverse("portfolios:version", args=[version.portfolio, version.slug, version.number]) + since


def _url_of_comment(comment):
    return reverse("portfolios:page", args=[comment.portfolio, comment.slug]) + f"#comment-{comment.pk}"


_versions, _comments, _messages = Compiled(_make_versions), Compiled(_make_comments), Compiled(_make_messages)
_meetings, _small = Compiled(_make_meetings), Compiled(_make_small_things)
