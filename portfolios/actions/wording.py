"""What the owner of a page does with wording that their mentor suggests."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pairings.models import MoveRefused
from portfolios.actions.talk import settle_comment
from portfolios.actions.writing import save_draft
from portfolios.anchors import move
from portfolios.models import Anchor, Comment, PageDraft
from portfolios.richtext import replace_words, text

Decision = Comment.Decision


@transaction.atomic
def take_suggestion(comment, *, by, at=None):
    """Put the suggested words into the private draft, in place of those that the comment is about, and settle it.

    Returns the draft. Doing so twice changes nothing more. Raises MoveRefused when the words were changed in the draft
    meanwhile, or do not stand in one paragraph.
    """
    page = comment.page
    draft = PageDraft.objects.select_for_update().get(page=page)
    comment = Comment.objects.select_for_update(no_key=True, of=("self",)).select_related("version").get(pk=comment.pk)
    if comment.decision == Decision.TAKEN:
        return draft
    body = _with_suggestion(comment, draft.body)
    draft = save_draft(
        page, title=draft.title, body=body, criteria=draft.criteria.all(), saves=draft.saves, by=by, at=at
    )
    _decide(comment, Decision.TAKEN, by, at)
    return draft


@transaction.atomic
def keep_own_words(comment, *, by, at=None):
    """Leave the words as they are, and settle the comment. An answer that was given stands."""
    comment = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    if not comment.decision:
        _decide(comment, Decision.KEPT, by, at)
    return comment


def _with_suggestion(comment, body):
    refused = _("The words it is about read differently in your draft now. Open the editor and put it in by hand.")
    anchor = Anchor.objects.filter(comment=comment).select_related("version").order_by("-version__number").first()
    place = move(anchor.version.body, body, [(anchor.start, anchor.end)])[0]
    if place is None or text(body)[slice(*place)] != comment.quote:
        raise MoveRefused(refused)
    try:
        return replace_words(body, *place, comment.suggestion)
    except ValueError as error:
        raise MoveRefused(refused) from error


def _decide(comment, decision, by, at):
    comment.decision = decision
    comment.save(update_fields=["decision"])
    settle_comment(comment, by=by, at=at or timezone.now())
