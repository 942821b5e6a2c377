"""What one reader sees of a page: the version they may read, what changed for them, and the talk beside it."""

from dataclasses import dataclass, field
from datetime import datetime, time

from django.http import Http404
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.compiled import Compiled, Given
from portfolios.changes import comparison_of, result_of
from portfolios.comparison import Comparison as Result
from portfolios.comparison import Piece, unchanged
from portfolios.models import Comparison, Page, PageVersion, Visit
from portfolios.printing import Printer
from portfolios.threads import Thread, threads_of

# Texts of so many words may be compared in the background.
SOME_TIME = 2_000


@dataclass
class Passage:
    """An outermost block of the text (a paragraph, a whole list or table), with the open threads about its words.

    `html`: its words; `writes`: the form for a comment on words of it belongs here; `table_link`: where the whole of a
    table is commented on.
    """

    pieces: list[Piece]
    threads: list[Thread] = field(default_factory=list)
    writes: bool = False
    html: SafeString = ""
    table_link: SafeString = ""

    @property
    def start(self):
        return next((piece.start for piece in self.pieces if piece.start is not None), None)

    @property
    def end(self):
        return next((piece.end for piece in reversed(self.pieces) if piece.end is not None), None)

    @property
    def is_table(self):
        return self.pieces[0].tag == "tr"

    @property
    def new(self):
        return any(thread.new for thread in self.threads)

    @property
    def counted(self):
        count = len(self.threads)
        return ngettext("%(count)d comment", "%(count)d comments", count) % {"count": count}


@dataclass
class Reading:
    """Everything the page view shows.

    `since` is the version that the text is compared with, None for no comparison; `comparison` its row, `changes`
    what it says (None while it is still being made); `until` the moment of the newest thing shown; `unfinished` how
    many things the reader said that no email told of yet, so that *Finish review* would; `begun` the addresses' queries
    of comments that they began and did not send.
    """

    page: Page
    version: PageVersion
    until: datetime
    visit: Visit | None
    since: PageVersion | None
    comparison: Comparison | None
    changes: Result | None
    open_threads: list[Thread]
    settled_threads: list[Thread]
    passages: list[Passage]
    unfinished: int
    begun: list[str]

    @property
    def is_newest(self):
        return self.version.number == self.page.newest.number

    @property
    def looked_at(self):
        """When the reader saw the version that the text is compared with; None when that is not how they saw it."""
        if self.visit and self.since:
            marks = {
                self.visit.version_id: self.visit.marked_at,
                self.visit.previous_version_id: self.visit.previous_at,
            }
            return marks.get(self.since.pk)
        return None

    @property
    def loose_threads(self):
        """Open threads about the whole page, or about words that are gone."""
        return [thread for thread in self.open_threads if thread.place is None]

    @property
    def counted(self):
        """How many comments there are."""
        counts = {"open": len(self.open_threads), "settled": len(self.settled_threads)}
        return _("%(open)d open, %(settled)d settled") % counts

    @property
    def counted_settled(self):
        count = len(self.settled_threads)
        return ngettext("%(count)d settled comment", "%(count)d settled comments", count) % {"count": count}

    @property
    def goes_out(self):
        """What *Finish review* would do."""
        count = self.unfinished
        return ngettext(
            "You said one thing. When you finish, it is on its way.",
            "You said %(count)d things. When you finish, they are on their way together.",
            count,
        ) % {"count": count}

    @property
    def something_new(self):
        return any(thread.new for thread in [*self.open_threads, *self.settled_threads])


def read(page, *, url, since="", number=None, writing_at=None) -> Reading:
    """What its reader sees now of `page`, found by `access.find`. Raises Http404 when that version is not theirs.

    url: of the page. since: "" for what is new since their last visit, "none" for no comparison, "first" for the first
    version they may read, the number of a version, or a date (2026-11-12: as it stood when that day began, in their
    zone). number: which version to show, the newest by default; nothing is compared then, unless `since` says with
    what. writing_at: (start, end) of the words that a comment is being written about.
    """
    version = page.newest
    if number is not None and version and number != version.number:
        version = page.access.versions().with_criteria_names().filter(number=number).first()
    if version is None:
        raise Http404
    visit = _visit(page)
    old = _baseline(page, visit, since, by_itself=number is None and not page.access.own)
    if old is not None and old.number >= version.number:
        old = None
    comparison = comparison_of(old, version) if old else None
    changes = result_of(comparison) if comparison else None
    threads = threads_of(page, version, visit, url=url, until=number)
    _look_for_lost_words(threads, version)
    open_threads = [thread for thread in threads if not thread.is_settled]
    said = [said for thread in threads for said in thread.said]
    comment = f"{url}comments/?{f'since={old.number}&amp;' if old else ''}version={version.number}&amp;" + PLACE
    return Reading(
        page=page,
        version=version,
        until=max([version.shared_at, *(each.at for each in said)]),
        visit=visit,
        since=old,
        comparison=comparison,
        changes=changes,
        open_threads=open_threads,
        settled_threads=[thread for thread in threads if thread.is_settled],
        passages=_passages(
            changes or unchanged(version.body), open_threads, writing_at, comment if page.may_comment else ""
        ),
        unfinished=_unfinished(page, said, visit),
        begun=_begun(page, threads),
    )


PLACE = "start={start}&amp;end={end}#writing"


def _visit(page):
    row = next(iter(_visits(page=page.pk, person=page.access.person.pk)), None)
    if row is None:
        return None
    visit = Visit(**{name: getattr(row, name) for name in _OF_VISIT})
    visit.previous_number = row.previous_version__number
    if row.version_id:
        names = ("id", "page_id", "number", "shared_at")
        values = (row.version_id, page.pk, row.version__number, row.version__shared_at)
        visit.version = PageVersion.from_db("default", names, values)
    return visit


def _baseline(page, visit, since, *, by_itself):
    """The version to compare with. `by_itself`: unasked, with what the reader saw last; the owner, who wrote the
    changes, need not be told of them."""
    if not since or since == "last-visit":
        return visit.version if visit and (by_itself or since) else None
    if since == "none":
        return None
    versions = page.access.versions().defer("body").order_by("number")
    if since == "first":
        return versions.first()
    if since.isascii() and since.isdigit() and len(since) < 9:
        return versions.filter(number=int(since)).first()
    moment = page.access.last_met_at if since == "last-meeting" else _beginning(since)
    if moment:
        return versions.filter(shared_at__lt=moment).last() or versions.first()
    return None


def _beginning(text) -> datetime | None:
    """Of the day that the text names, where the reader is."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day and datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def _passages(changes, threads, writing_at, comment):
    """The text by outermost blocks; the words that open threads are about are marked in it."""
    placed = [thread for thread in threads if thread.place]
    ranges = [thread.place for thread in placed]
    if writing_at:
        ranges.append(writing_at)
    passages = []
    for piece in changes.pieces:
        if piece.top or not passages:
            passages.append(Passage([]))
        passages[-1].pieces.append(piece.with_marks(ranges) if ranges else piece)
    printer = Printer(changes.changes, comment)
    for passage in passages:
        passage.html = printer.print(passage.pieces)
        if comment and passage.is_table and passage.start is not None:
            passage.table_link = mark_safe(comment.format(start=passage.start, end=passage.end))  # noqa: S308 - ours
    starts = [(passage.start, passage) for passage in passages if passage.start is not None]
    for thread in placed:
        _passage_at(starts, thread.place[0]).threads.append(thread)
    if writing_at and starts:
        # Beside the last of the words: the form comes after what was chosen.
        _passage_at(starts, writing_at[1] - 1).writes = True
    return passages


def _passage_at(starts, at):
    return [passage for start, passage in starts if start <= at][-1]


def _look_for_lost_words(threads, version):
    """The comments of a long text follow it when it is compared: until then their words are not gone."""
    lost = [thread for thread in threads if thread.is_lost] if version.words > SOME_TIME else []
    if lost and Comparison.objects.filter(new=version, result__isnull=True).exists():
        for thread in lost:
            thread.is_lost, thread.is_sought = False, True


def _begun(page, threads):
    """Comments that were begun, by the keys of their drafts; a reply that was begun is noted at its thread."""
    begun, prefix = [], f"page-{page.pk}-"
    for key in page.begun:
        kind, *numbers = key.removeprefix(prefix).split("-")
        if kind == "comment":
            begun.append("")
        elif kind == "on" and len(numbers) == 3:
            begun.append("?version={}&start={}&end={}".format(*numbers))
        elif kind == "reply":
            for thread in threads:
                thread.reply_begun |= [str(thread.root.pk)] == numbers
    return begun


def _unfinished(page, said, visit):
    since = visit and visit.finished_at
    mine = (each for each in said if each.author.pk == page.access.person.pk)
    return sum(each.waits and (since is None or each.at > since) for each in mine)


_OF_VISIT = (
    *("id", "page_id", "reader_id", "version_id", "seen_until", "marked_at"),
    *("previous_version_id", "previous_at", "finished_at"),
)
_visits = Compiled(
    lambda: Visit.objects.filter(page=Given("page"), reader=Given("person")).values(
        *_OF_VISIT, "version__number", "version__shared_at", "previous_version__number"
    )
)
