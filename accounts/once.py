"""A form has its effect once, however often it arrives: a double click, a re-sent page, the Back button."""

import hashlib
import json
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from accounts.models import SentForm

# As long as a page that was opened before can still be sent: no session lives longer.
REMEMBERED = timedelta(days=30)
# What goes with a form, beside its words.
BESIDE = {"csrfmiddlewaretoken", "draft_saves", "once", "written_by"}


@transaction.atomic
def send_once(person, form, act) -> str:
    """Run `act()`, which returns an address; returns that address, also when the form was sent before.

    `form` is a valid SiteForm with `once = True`, built from what was posted. The same token with the same words (and
    the same button) does nothing again. With other words it acts: whoever went back wrote something new. All is one
    transaction, so that of forms that arrive at the same moment one acts and the others wait for its address.
    """
    token = token_of(form.data)
    if token is None:
        return act()
    sent, is_first = SentForm.objects.get_or_create(person=person, token=token, digest=_digest(form))
    if is_first:
        sent.url = act()
        sent.save(update_fields=["url"])
    return sent.url


def token_of(data) -> UUID | None:
    """The token that a form brought; None when it has none, or nonsense: words are never refused for that."""
    try:
        return UUID(data.get("once", ""))
    except ValueError:
        return None


def sweep(now) -> None:
    """Forget forms that nobody can send again."""
    SentForm.objects.filter(at__lt=now - REMEMBERED).delete()


def _digest(form):
    beside = BESIDE | {field.html_name for field in form.hidden_fields()}
    words = {
        name: [text.replace("\r\n", "\n") for text in form.data.getlist(name)]
        for name in form.data
        if name not in beside
    }
    files = {name: [_of_file(file) for file in _files(form, name)] for name in form.files}
    return hashlib.sha256(json.dumps([words, files], sort_keys=True).encode()).hexdigest()


def _files(form, name):
    return form.files.getlist(name) if hasattr(form.files, "getlist") else [form.files[name]]


def _of_file(file):
    content = hashlib.sha256()
    for chunk in file.chunks():
        content.update(chunk)
    file.seek(0)
    return content.hexdigest()
