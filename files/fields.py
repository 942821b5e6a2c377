"""The field for choosing files, as every form has it.

    files = UploadField(kind="attachment", multiple=True, required=False, label=_("Add files"))

`cleaned_data` holds what `files.actions.store` takes; None, or [] where several may be chosen, when there is none. A
form with it says `data-upload`, and its page loads static/js/upload.js: then it shows how far the sending is. `store`
may still refuse (the quota, the disk): `form.add_error("files", str(refused))`.
"""

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy, ngettext

from files.kinds import KINDS
from files.preparing import prepare
from files.sizes import in_words
from files.types import Refused

_lazily_in_words = lazy(in_words, str)


class UploadInput(forms.FileInput):
    template_name = "components/upload.html"

    def __init__(self, multiple=False, attrs=None):
        self.allow_multiple_selected = multiple
        super().__init__({**({"multiple": True} if multiple else {}), **(attrs or {})})

    def value_from_datadict(self, data, files, name):
        """A list of what was chosen."""
        return files.getlist(name) if hasattr(files, "getlist") else [file for file in [files.get(name)] if file]


class UploadField(forms.Field):
    """Refuses beside the field, in words, what `files.preparing` refuses. `kind`: one of `files.kinds`; `most`: how
    many files at a time, where `multiple`."""

    def __init__(self, *, kind, multiple=False, most=5, **kwargs):
        self.kind, self.multiple, self.most = kind, multiple, most if multiple else 1
        kwargs.setdefault("widget", UploadInput(multiple, attrs={"accept": _accepted(kind)}))
        kwargs.setdefault("help_text", _hint(kind, self.most))
        super().__init__(**kwargs)

    def clean(self, value):
        """Prepared files: one, or a list of them where several may be chosen."""
        if not value:
            self.validate(None)
            return [] if self.multiple else None
        if len(value) > self.most:
            words = ngettext("Choose one file.", "Choose at most %(count)d files at a time.", self.most)
            raise forms.ValidationError(words % {"count": self.most})
        prepared, refused = [], []
        for upload in value:
            try:
                prepared.append(prepare(upload, kind=self.kind))
            except Refused as error:
                # With several files the words must say which.
                refused.append(f"{upload.name}: {error}" if len(value) > 1 else str(error))
        if refused:
            raise forms.ValidationError(refused)
        return prepared if self.multiple else prepared[0]

    def has_changed(self, initial, data):
        return bool(data)


def _accepted(kind):
    """For the browser's own dialogue. A telephone makes a JPEG of what is in no format that is named."""
    types = KINDS[kind].types
    return ",".join(extension for type in types for extension in type.extensions)


def _hint(kind, most):
    limit = _lazily_in_words(settings.FILE_LIMITS[kind])
    if KINDS[kind].pictures_only:
        return format_lazy(gettext_lazy("JPEG, PNG, WebP or GIF, up to {limit}."), limit=limit)
    if most == 1:
        return format_lazy(gettext_lazy("A PDF, a document, a picture or text, up to {limit}."), limit=limit)
    words = gettext_lazy("Up to {most} at a time: PDFs, documents, pictures or text, up to {limit} each.")
    return format_lazy(words, most=most, limit=limit)
