"""Half-written words: every long form is kept while somebody writes in it, for them alone.

A form has a key, such as `page-45-comment`; views fetch the drafts of a page at once and hand them to its forms:

    drafts = drafts_of(request.user, [key])
    form = CommentForm(words_sent(request), draft=drafts.get(key), draft_key=key)

static/js/keep.js then saves by itself to `POST /drafts/<key>/`; once the form is sent, the view says `let_go`.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Draft

LONGEST = 200_000  # bytes of one draft
MOST = 300  # drafts of one person
# A form that was open before its words were sent may still come back with its old counter.
REMEMBERED = timedelta(days=30)


class Stale(Exception):
    """Another window saved other words in between: `draft` is what stands there, nothing of it was overwritten."""

    def __init__(self, draft):
        super().__init__("the draft was saved elsewhere meanwhile")
        self.draft = draft


class TooMuch(Exception):
    """More than we keep; the message says so to the writer."""


def drafts_of(person, keys) -> dict[str, Draft]:
    """The person's drafts that hold words, by key: one query for all `keys`."""
    return {draft.key: draft for draft in Draft.objects.editable_by(person).filter(key__in=keys).exclude(fields={})}


@transaction.atomic
def keep(person, key, *, fields, saves, at=None) -> Draft:
    """Keep the words `fields` ({field name: text}) under `key`; returns the draft with its new counter.

    `saves` is the counter that they were based on: Stale when other words were saved since. The very same words once
    more are no conflict, nor is anything where nothing stands. Raises TooMuch beyond `LONGEST` and `MOST`.
    """
    fields = _without_empty(fields)
    if sum(len(name) + len(text.encode()) for name, text in fields.items()) > LONGEST:
        raise TooMuch(_("This is too long to be kept. Take some of it out, or send it in two parts."))
    if not fields and not Draft.objects.editable_by(person).filter(key=key).exists():
        return Draft(person=person, key=key)
    draft, _is_new = Draft.objects.select_for_update().get_or_create(person=person, key=key)
    if draft.fields == fields:
        return draft
    if not draft.fields and Draft.objects.editable_by(person).exclude(fields={}).count() >= MOST:
        raise TooMuch(_("So many of your texts are unfinished that we can’t keep another. Send one of them first."))
    if draft.fields and draft.saves != saves:
        raise Stale(draft)
    draft.fields = fields
    draft.saves += 1
    draft.saved_at = at or timezone.now()
    draft.save(update_fields=["fields", "saves", "saved_at"])
    return draft


@transaction.atomic
def let_go(person, key) -> None:
    """The words were sent: nothing is left to keep. The counter goes on, so that an old window is still noticed."""
    draft = Draft.objects.editable_by(person).select_for_update().filter(key=key).first()
    if draft:
        draft.fields = {}
        draft.saves += 1
        draft.saved_at = timezone.now()
        draft.save(update_fields=["fields", "saves", "saved_at"])


def sweep(now) -> None:
    """Forget the counters of forms that were sent long ago."""
    Draft.objects.filter(fields={}, saved_at__lt=now - REMEMBERED).delete()


def _without_empty(fields):
    """Line ends as the database has them, whichever way the words came; no character that it refuses."""
    texts = {name.replace("\0", ""): text.replace("\r\n", "\n").replace("\0", "") for name, text in fields.items()}
    return {name: text for name, text in texts.items() if text.strip()}
