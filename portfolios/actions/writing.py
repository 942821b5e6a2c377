"""From the private draft to a shared version."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pairings.models import MoveRefused
from portfolios import notices
from portfolios.actions.pages import give_slug
from portfolios.actions.telling import lock_pair, tell
from portfolios.changes import carry_comments, comparison_of, is_worth_telling
from portfolios.models import Page, PageDraft, PageVersion, Visit
from portfolios.richtext import clean, text, word_count


class StaleDraft(Exception):
    """Somebody saved the draft in between: `draft` is what stands there now, nothing of it was overwritten."""

    def __init__(self, draft):
        super().__init__("the draft was saved elsewhere meanwhile")
        self.draft = draft


@transaction.atomic
def save_draft(page, *, title, body, criteria, saves, by, at=None):
    """Keep the owner's words; tells nobody. Returns the draft with its new save counter.

    `saves` is the counter that the words were based on: StaleDraft when another save came first. Saving the very
    same words again is no conflict, whatever the counter: a repeated request must not frighten anybody.
    """
    draft = PageDraft.objects.select_for_update().get(page=page)
    body = clean(body)
    same = (draft.title, draft.body) == (title, body) and set(draft.criteria.all()) == set(criteria)
    if same:
        return draft
    if draft.saves != saves:
        raise StaleDraft(draft)
    draft.title, draft.body = title, body
    draft.saves += 1
    draft.saved_at = at or timezone.now()
    draft.save(update_fields=["title", "body", "saves", "saved_at"])
    draft.criteria.set(criteria)
    return draft


@transaction.atomic
def share_update(page, *, by, note="", saves=None, at=None):
    """Share the draft as the next version and tell the mentor. Returns None, and tells nobody, when nothing changed.

    `saves` is the draft's counter when its owner looked at it last: StaleDraft when it was saved since, so that
    nothing unseen is shared. Raises MoveRefused when there is nothing to share yet.
    """
    Page.objects.select_for_update(no_key=True).get(pk=page.pk)
    # In a query of its own: what a query that waits for a lock joins to the row is as old as its beginning.
    page = Page.objects.with_owner().select_related("latest").get(pk=page.pk)
    draft = PageDraft.objects.select_for_update().get(page=page)
    at = at or timezone.now()
    if saves not in (None, draft.saves):
        raise StaleDraft(draft)
    if page.archived_at:
        raise MoveRefused(_("You put this page away. Bring it back first, then share it."))
    if not text(draft.body).strip():
        raise MoveRefused(_("Write something first: the page is still empty."))
    last, criteria = page.latest, set(draft.criteria.all())
    if last and (last.title, last.body) == (draft.title, draft.body) and set(last.criteria.all()) == criteria:
        return None
    version = PageVersion.objects.create(
        page=page,
        number=last.number + 1 if last else 1,
        title=draft.title,
        body=draft.body,
        note=note,
        words=word_count(draft.body),
        shared_at=at,
        shared_by=by,
    )
    version.criteria.set(criteria)
    page.latest = version
    page.save(update_fields=["latest"])
    if not last or last.title != version.title:
        give_slug(page, version.title, at=at)
    if last:
        carry_comments(last, version)
    # Another layout of the same words is worth a version, but nobody's attention.
    if not last or is_worth_telling(last, version):
        pairing = lock_pair(page)
        tell(pairing, notices.PAGE_SHARED, about=version, page=page, by=by, at=at)
        if pairing:
            _compare_for(pairing.mentor, version)
    return version


def _compare_for(reader, version):
    """How much changed since the reader looked is known before their Home, which makes no comparisons, says it."""
    visit = Visit.objects.filter(page=version.page_id, reader=reader).select_related("version").first()
    if visit and visit.version:
        comparison_of(visit.version, version)
