"""What is said beside a page."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.actions import mark_seen
from notifications.models import Event
from pairings.models import MoveRefused
from portfolios import notices
from portfolios.actions.reading import mark_read
from portfolios.actions.telling import lock_pair, tell
from portfolios.anchors import context as quote_context
from portfolios.anchors import locate, move
from portfolios.changes import anchor_at
from portfolios.models import Anchor, Comment, CommentWording, Page, PageVersion
from portfolios.richtext import text

# The same words once more within this time are a second click.
SECOND_CLICK = timedelta(minutes=1)


@transaction.atomic
def add_comment(
    page,
    *,
    by,
    body="",
    version=None,
    kind="",
    reply_to=None,
    quote="",
    place=None,
    suggestion="",
    seen_until=None,
    shown=None,
    at=None,
):
    """Comment on a page, on words of it, or reply to a comment.

    The words are those at `place`, (start, end) in `richtext.text` of `version` (default: the latest), or a `quote`
    that stands there once; `suggestion` is other wording for them. Whoever comments has read the page: `seen_until` and
    `shown` as in `mark_read`. The same words on the same place once more within a minute are a second click, and
    no second comment. Raises MoveRefused for a page that is not shared, words that are not there, or somebody who has
    no say on the page any more.
    """
    Page.objects.select_for_update(no_key=True).get(pk=page.pk)
    # In a query of its own: whoever shared the page while this waited for the lock made another version the latest.
    page = Page.objects.with_owner().select_related("latest").get(pk=page.pk)
    at = at or timezone.now()
    pairing = lock_pair(page)
    if by not in (page.owner, pairing and pairing.mentor):
        raise MoveRefused(_("Your time as mentor has ended. What you write here would reach nobody."))
    version = version or _newest_for(pairing, page)
    if version is None:
        raise MoveRefused(_("Share the page first, then you can talk about it."))
    if quote or place:
        place = _trimmed(version, place or locate(text(version.body), quote, "", ""))
    root = (reply_to.parent or reply_to) if reply_to else None
    said = {
        "parent": root,
        "kind": "" if root else kind,
        "body": body,
        "suggestion": suggestion,
        **(_quoted(version, place) if place else {"quote": ""}),
    }
    if twin := Comment.objects.filter(page=page, author=by, created_at__gt=at - SECOND_CLICK, **said).first():
        return twin
    comment = Comment.objects.create(page=page, version=version, author=by, created_at=at, **said)
    if place:
        _anchor(comment, version, place, page.latest)
    if seen_until:
        mark_read(page, by=by, until=seen_until, shown=shown, at=at)
    tell(pairing, notices.COMMENTED, about=comment, page=page, by=by, at=at)
    return comment


@transaction.atomic
def edit_comment(comment, *, by, body, suggestion="", changes=None, at=None):
    """Put one's own comment in other words. How it read before is kept beside it; nobody is told anew.

    `changes`: how often it had been changed when its author looked at it. Raises MoveRefused when it was changed since,
    when others read it and their time has ended, or when its suggestion was decided on.
    """
    comment = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    if (comment.body, comment.suggestion) == (body, suggestion):
        return comment
    if not Comment.objects.editable_by(by).filter(pk=comment.pk).exists():
        raise MoveRefused(_("This comment can no longer be changed. You can still reply to it."))
    if changes not in (None, comment.earlier_wordings.count()):
        raise MoveRefused(
            _("You changed it in another window meanwhile. There it says: “%(words)s” Save again to put yours instead.")
            % {"words": comment.body or comment.suggestion}
        )
    if comment.decision and comment.suggestion != suggestion:
        raise MoveRefused(_("This suggestion was answered meanwhile. You can still reply to it."))
    CommentWording.objects.create(
        comment=comment,
        body=comment.body,
        suggestion=comment.suggestion,
        written_at=comment.edited_at or comment.created_at,
    )
    comment.body, comment.suggestion, comment.edited_at = body, suggestion, at or timezone.now()
    comment.save(update_fields=["body", "suggestion", "edited_at"])
    return comment


@transaction.atomic
def settle_comment(comment, *, by, at=None):
    """Say that a comment is dealt with, and so that it was read. Settling again changes nothing; nobody is emailed."""
    comment = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    thread = Comment.objects.filter(Q(pk=comment.pk) | Q(parent=comment)).values("pk")
    mark_seen(by, Event.objects.filter(kind=notices.COMMENTED.kind, about_id__in=thread))
    if not comment.settled_at:
        comment.settled_at, comment.settled_by = at or timezone.now(), by
        comment.save(update_fields=["settled_at", "settled_by"])
    return comment


@transaction.atomic
def reopen_comment(comment, *, by):
    """Take a settled comment up again; an answer given to its suggestion is taken back with it."""
    comment = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    comment.settled_at = comment.settled_by = None
    comment.decision = ""
    comment.save(update_fields=["settled_at", "settled_by", "decision"])
    return comment


def _newest_for(pairing, page):
    """The newest version that both of the pair can read: what is said about it reaches the other."""
    if pairing:
        readable = PageVersion.objects.visible_to(pairing.mentor).filter(page=page)
        if newest := readable.order_by("-number").first():
            return newest
    return page.latest


def _trimmed(version, place):
    """The place without white space at its ends. Raises MoveRefused when there are no words."""
    if place:
        start, end = place
        quoted = text(version.body)[start:end]
        start += len(quoted) - len(quoted.lstrip())
        end = start + len(quoted.strip())
        if end > start:
            return start, end
    raise MoveRefused(_("Those words are not on the page any more, or stand there twice. Please quote a few more."))


def _quoted(version, place):
    words = text(version.body)
    prefix, suffix = quote_context(words, *place)
    return {"quote": words[slice(*place)], "prefix": prefix, "suffix": suffix}


def _anchor(comment, version, place, latest):
    """Remember where the words stand, and where they went if the page was shared again while somebody wrote."""
    places = {version: place}
    if latest != version:
        places[latest] = move(version.body, latest.body, [place])[0]
    Anchor.objects.bulk_create(
        anchor_at(comment, version, found, text(version.body)) for version, found in places.items() if found
    )
