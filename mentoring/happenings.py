"""A timeline in words: what happened, a line each; much of one kind on one day is one line. One query a kind."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Left
from django.urls import reverse
from django.utils import timezone

from mentoring import sayings
from pairings.addresses import message_url
from pairings.models import HandOver, KindNote, Message
from pairings.notices import first_words
from portfolios.models import Comment, Comparison, PageSlug, PageVersion

OPENING = 200  # characters


@dataclass(frozen=True)
class Line:
    """`quote`: words of whoever did it. `place`: what its address on the page ends with."""

    at: datetime
    is_new: bool
    text: str
    quote: str = ""
    url: str = ""
    place: str = ""

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


class _Teller:
    def __init__(self, pairing, viewer, is_new):
        self.pairing, self.viewer, self.is_new = pairing, viewer, is_new
        self.other = pairing.other_than(viewer)

    def tell(self, happenings):
        keys = defaultdict(list)
        for happening in happenings:
            keys[happening.what].append(happening.which)
        handed = keys["hand-over"] + keys["handed-over"]
        self.things = {
            "shared": _versions(self.viewer, keys["shared"]),
            "commented": _comments(self.viewer, keys["commented"]),
            "message": _messages(self.viewer, keys["message"]),
            "hand-over": _hand_overs(self.viewer, handed),
            "note": _notes(self.viewer, keys["note"]),
        }
        groups = defaultdict(list)
        for happening in filter(self._is_there, happenings):
            groups[self._together(happening)].append(happening)
        return [self._line(group) for group in groups.values()]

    def _is_there(self, happening):
        """Something may have been taken out of the viewer's sight a moment ago."""
        what = "hand-over" if happening.what == "handed-over" else happening.what
        return what not in self.things or happening.which in self.things[what]

    def _together(self, happening):
        """What is told in one line: comments of one person, versions of one page, and all messages, within a day."""
        day, what = timezone.localdate(happening.moment), happening.what
        if what == "shared":
            return day, what, self.things[what][happening.which].page_id
        if what in ("commented", "message"):
            return day, what, happening.who if what == "commented" else None
        return what, happening.which, happening.moment

    def _line(self, group):
        tell = {"shared": self._shared, "commented": self._commented, "message": self._written, "note": self._noted}
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
        return {"text": sayings.noted(note.by.name), "quote": note.words, "place": f"note-{note.pk}"}

    def _simply(self, group):
        happening = group[0]
        if happening.what == "began":
            return {"text": sayings.began(self.pairing, self.viewer)}
        new = self.things["hand-over"].get(happening.which, "") if "hand" in happening.what else ""
        text, page = sayings.simply(happening.what, self._actor(group), is_first=happening.which == 1, new=new)
        return {"text": text, "url": reverse(f"pairings:{page}", args=[self.pairing.slug]) if page else ""}

    def _actor(self, group):
        """The first name of who did it; None for the viewer."""
        return None if group[0].who == self.viewer.pk else self.other.first_name


def _versions(viewer, keys):
    made = Comparison.objects.filter(new=OuterRef("pk"), old__page=OuterRef("page"), old__number=OuterRef("number") - 1)
    found = PageVersion.objects.visible_to(viewer).annotate(changes=Subquery(made.values("changes")[:1]))
    return _by_key(_with_address(found, viewer, "page_id", "title", "number", "changes"), keys)


def _comments(viewer, keys):
    found = Comment.objects.visible_to(viewer).annotate(
        opening=Left("body", OPENING),
        wording=Left("suggestion", OPENING),
        title=F("version__title"),
        replied_to=F("parent__author_id"),
    )
    fields = ("page_id", "kind", "parent_id", "opening", "wording", "title", "replied_to")
    return _by_key(_with_address(found, viewer, *fields), keys)


def _with_address(found, viewer, *fields):
    """`fields` as rows, with the address of the page as the viewer may know it."""
    known = PageSlug.objects.visible_to(viewer).filter(page=OuterRef("page")).order_by("-given_at", "-pk")
    return found.annotate(slug=Subquery(known.values("slug")[:1]), portfolio=F("page__portfolio__slug")).values_list(
        "pk", *fields, "slug", "portfolio", named=True
    )


def _messages(viewer, keys):
    last = Message.objects.filter(pairing=OuterRef("pairing")).order_by("-number").values("number")[:1]
    found = Message.objects.visible_to(viewer).annotate(opening=Left("body", OPENING), last=Subquery(last))
    return _by_key(found.values_list("pk", "number", "opening", "last", named=True), keys)


def _hand_overs(viewer, keys):
    """The first name of the new mentor, by key."""
    found = HandOver.objects.visible_to(viewer).select_related("mentor")
    return {pk: each.mentor.first_name for pk, each in found.in_bulk(keys).items()} if keys else {}


def _notes(viewer, keys):
    return KindNote.objects.visible_to(viewer).select_related("by").in_bulk(keys) if keys else {}


def _by_key(rows, keys):
    return {row.pk: row for row in rows.filter(pk__in=keys)} if keys else {}


def _url_of_version(version):
    since = f"?since={version.number - 1}" if version.number > 1 else ""
    return reverse("portfolios:version", args=[version.portfolio, version.slug, version.number]) + since


def _url_of_comment(comment):
    return reverse("portfolios:page", args=[comment.portfolio, comment.slug]) + f"#comment-{comment.pk}"
