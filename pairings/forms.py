from django import forms
from django.utils.functional import cached_property, lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.site_form import SiteForm
from files.fields import UploadField
from files.kinds import ATTACHMENT
from pairings.models import Concern, Message, MessageFile

# Beyond this a database column ends.
MOST = 2**31 - 1


class _LinesField(forms.CharField):
    """Several lines. A browser's own line ends would count twice, and its own limit would cut off without a word what
    somebody pastes."""

    def __init__(self, *, rows, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)
        self.error_messages["max_length"] = _(
            "This has %(show_value)d characters; the limit is %(limit_value)d. Make two of it."
        )

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")

    def widget_attrs(self, widget):
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class _NumberField(forms.IntegerField):
    """The number of a message, unseen."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(min_value=1, max_value=MOST, **kwargs)


class ReadForm(forms.Form):
    """From which message to which somebody was shown."""

    since = _NumberField()
    until = _NumberField()


class BeforeForm(forms.Form):
    """Before which message an earlier page ends."""

    before = _NumberField()


class MessageForm(SiteForm, forms.Form):
    """A message to the other of a pairing, called `name`."""

    once = True
    draft_fields = ("body",)
    submit_label = _("Send")
    messages = {"body": _("Write your message first.")}

    body = _LinesField(rows=4, max_length=Message.LONGEST, required=False)
    files = UploadField(kind=ATTACHMENT, multiple=True, most=MessageFile.MOST, required=False, label=_("Add files"))
    since = _NumberField(required=False)
    until = _NumberField(required=False)

    def __init__(self, *args, name, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].label = format_lazy(_("Write to {name}"), name=lazystr(name))
        self.fields["body"].says_optional = False

    @cached_property
    def helper(self):
        helper = super().helper
        helper.attrs["data-upload"] = ""
        return helper

    def clean(self):
        data = super().clean()
        if not (data.get("body") or data.get("files") or self.errors):
            self.add_error("body", self.messages["body"])
        return data

    @property
    def read(self):
        """The first and the last message that its writer was shown, None when that is not known."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        return (since, until) if since and until else None


class WordingForm(SiteForm, forms.Form):
    """One's own message, put in other words."""

    once = True
    draft_fields = ("body",)
    submit_label = _("Save")
    messages = {"body": _("Write your message first.")}

    body = _LinesField(label=_("Your message"), rows=6, max_length=Message.LONGEST)
    changes = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=MOST)

    def __init__(self, *args, message, **kwargs):
        super().__init__(*args, **kwargs)
        self.message = message
        if message.files.exists():
            self.fields["body"].required = False
        self.initial = {"body": message.body, "changes": message.earlier_wordings.count()} | self.initial

    def look_again(self):
        """Its writer is shown how the message reads now: to save once more is their decision."""
        self.data = self.data.copy()
        self.data["changes"] = self.message.earlier_wordings.count()


class ConcernForm(SiteForm, forms.Form):
    once = True
    draft_fields = ("reason",)
    submit_label = _("Send")
    messages = {"reason": _("Write what worries you.")}

    reason = _LinesField(
        label=_("What worries you?"),
        rows=7,
        max_length=Concern.LONGEST,
        help_text=_("As much or as little as you like. One line is enough."),
    )
