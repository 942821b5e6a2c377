"""The one look of every form: label, hint, error, field; errors summed up on top; one filled button.

It is also where nothing that a person wrote is lost. What a view does for a long form:

    draft = drafts_of(request.user, [key]).get(key)
    form = CommentForm(words_sent(request), draft=draft, draft_key=key)
    if request.method == "POST" and form.is_valid():
        return redirect(send_once(request.user, form, act))        # for a form that says `once = True`

where `act()` does it, lets go of the draft (`let_go(request.user, key)`), and returns the address to go to.
"""

from uuid import uuid4

from crispy_forms.helper import FormHelper
from django import forms
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.once import token_of

_SINGLE_CHECKBOX = forms.CheckboxInput
_LISTS_OF_CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)


class SiteForm:
    """Left of Django's own class: `class PageForm(SiteForm, forms.ModelForm)`; `{% crispy form %}` shows it.

    A subclass may say `submit_label`; `messages`, field name → what to say when it is left empty, which names
    the fix (“Give the page a title”); `field_classes`, field name → class of its group (`field-short`,
    `field-code`, `choices-cards`); `form_action`; and `form_tag = False` where the template writes `<form>`.

    `draft_fields` names the fields whose words are kept while somebody writes. They are when the form is made with
    a `draft_key` (a slug), and begin with the words of `draft` (an `accounts.models.Draft`, or None). A template that
    writes `<form>` itself says `<form method="post"{{ form.keep_attrs }}>`. `once = True` adds a hidden token, for
    `accounts.once.send_once`. Neither shows in `cleaned_data`.
    """

    submit_label = _("Save")
    messages = {}
    field_classes = {}
    form_action = ""
    form_tag = True
    draft_fields = ()
    once = False

    # The browser's own bubbles would come before our words, and only one at a time.
    use_required_attribute = False

    def __init__(self, *args, draft=None, draft_key="", **kwargs):
        if draft:
            words = {name: draft.fields[name] for name in self.draft_fields if name in draft.fields}
            kwargs["initial"] = {**(kwargs.get("initial") or {}), **words}
        super().__init__(*args, **kwargs)
        self.draft = draft
        self.draft_key = draft_key
        self.label_suffix = ""
        for name, field in self.fields.items():
            field.group_class = self.field_classes.get(name, "")
            field.says_optional = not field.required and not isinstance(field.widget, _SINGLE_CHECKBOX)
            field.error_messages["required"] = self.messages.get(name) or _missing(field)
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field.widget, _LISTS_OF_CHOICES):
                field.widget.attrs["class"] = "form-check-input"
            if name in self.draft_fields:
                field.widget.attrs["data-kept"] = name

    @cached_property
    def helper(self):
        helper = FormHelper()
        helper.include_media = False
        helper.form_tag = self.form_tag
        helper.form_action = self.form_action
        helper.attrs = {"novalidate": True, **self._keep_attrs}
        helper.submit_label = self.submit_label
        helper.draft_key = self.draft_key
        helper.draft_saves = self._draft_saves
        helper.draft_saved_at = self.draft and self.draft.saved_at
        helper.once_token = self._once_token
        return helper

    @property
    def keep_attrs(self):
        """The attributes by which static/js/keep.js knows a form whose words it keeps; "" for any other form."""
        return flatatt(self._keep_attrs)

    @property
    def _keep_attrs(self):
        if not self.draft_key:
            return {}
        url = reverse("draft", args=[self.draft_key])
        # Words that came with this request are on no server yet.
        return {"data-keep": url, "data-keep-key": self.draft_key} | ({"data-unsaved": ""} if self.is_bound else {})

    @property
    def _draft_saves(self):
        """The counter that the words in the form are based on."""
        if self.is_bound:
            return self.data.get("draft_saves", 0)
        return self.draft.saves if self.draft else 0

    @property
    def _once_token(self):
        """A form that comes back for mending is still the same one."""
        if not self.once:
            return ""
        return (token_of(self.data) if self.is_bound else None) or uuid4()


def _missing(field):
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return format_lazy(_("Choose an answer to “{label}”"), label=field.label or "")
    return format_lazy(_("Fill in “{label}”"), label=field.label or "")
