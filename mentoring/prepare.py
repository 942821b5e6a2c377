"""What a mentor looks at before a meeting, on one sheet that prints well: the plan, the last note, what is still open,
and what changed in the portfolio since the two met. Reads several apps, so it lives in the shell."""

from dataclasses import dataclass
from itertools import groupby

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from meetings.models import NoteVersion
from meetings.noting import show as show_note
from meetings.open_actions import open_actions
from meetings.planning import answers_of
from meetings.planning import show as show_plan
from meetings.views.finding import find_meeting, redirects_old_addresses
from portfolios.models import PageVersion

MOST = 12  # pages of the portfolio


@dataclass(frozen=True)
class Changed:
    """A page that was shared since: its newest version, what its owner said of each, and where the changes stand."""

    version: PageVersion
    notes: list[str]
    url: str
    is_new: bool


@require_safe
@redirects_old_addresses
def prepare(request, pairing_slug, meeting_slug):
    meeting = find_meeting(request, pairing_slug, meeting_slug)
    pairing = meeting.pairing
    if request.user.pk != pairing.mentor_id or meeting.starts_at is None:
        raise Http404
    note = _last_note(meeting)
    context = {
        "meeting": meeting,
        "pairing": pairing,
        "other": pairing.mentee,
        "plan": show_plan(answers_of(meeting), read=meeting.plan_read),
        "last": note and show_note(note.note.meeting, note),
        "actions": open_actions(pairing),
        "since": _since(meeting),
        "pages": changed_pages(pairing, since=_since(meeting)),
    }
    return render(request, "mentoring/prepare.html", context)


def changed_pages(pairing, *, since) -> list[Changed]:
    """The mentee's pages that were shared since that moment, as the mentor may read them; the newest first. One
    statement."""
    shared = PageVersion.objects.visible_to(pairing.mentor).filter(
        page__portfolio__enrolment__programme=pairing.programme_id,
        page__portfolio__enrolment__person=pairing.mentee_id,
        page__archived_at=None,
        shared_at__gt=since,
    )
    rows = shared.select_related("page__portfolio").defer("body").order_by("page", "number")
    found = [_changed(list(versions)) for _page, versions in groupby(rows, key=lambda version: version.page_id)]
    return sorted(found, key=lambda each: each.version.shared_at, reverse=True)[:MOST]


def _changed(versions):
    first, last = versions[0], versions[-1]
    address = [last.page.portfolio.slug, last.page.slug]
    is_new = first.number == 1
    url = reverse("portfolios:page", args=address)
    return Changed(
        version=last,
        notes=[each.note for each in versions if each.note],
        url=url if is_new else reverse("portfolios:changes", args=address) + f"?since={first.number - 1}",
        is_new=is_new,
    )


def _since(meeting):
    """When the two met last, or became a pairing."""
    met = meeting.pairing.last_met_at
    return met if met and met < meeting.starts_at else meeting.pairing.created_at


def _last_note(meeting):
    """The newest version of the note of the last meeting that has one."""
    written = NoteVersion.objects.filter(
        note__meeting__pairing=meeting.pairing_id, note__meeting__starts_at__lt=meeting.starts_at
    )
    newest = written.select_related("note__meeting").order_by("-note__meeting__starts_at", "-number").first()
    if newest:
        newest.note.meeting.pairing = meeting.pairing
    return newest
