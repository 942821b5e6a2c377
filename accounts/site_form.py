"""The one look of every form: label, hint, error, field; errors summed up on top; one filled button."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

_SINGLE_CHECKBOX = forms.CheckboxInput
_LISTS_OF_CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)


class SiteForm:
    """Left of Django's own class: `class PageForm(SiteForm, forms.ModelForm)`; `{% crispy form %}` shows it.

    A subclass may say `submit_label`; `messages`, field name → what to say when it is left empty, which names
    the fix (“Give the page a title”); `field_classes`, field name → class of its group (`field-short`,
    `field-code`, `choices-cards`); `form_action`; and `form_tag = False` where the template writes `<form>`.
    """

    submit_label = _("Save")
    messages = {}
    field_classes = {}
    form_action = ""
    form_tag = True

    # The browser's own bubbles would come before our words, and only one at a time.
    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name, field in self.fields.items():
            field.group_class = self.field_classes.get(name, "")
            field.says_optional = not field.required and not isinstance(field.widget, _SINGLE_CHECKBOX)
            field.error_messages["required"] = self.messages.get(name) or _missing(field)
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field.widget, _LISTS_OF_CHOICES):
                field.widget.attrs["class"] = "form-check-input"

    @cached_property
    def helper(self):
        helper = FormHelper()
        helper.include_media = False
        helper.form_tag = self.form_tag
        helper.form_action = self.form_action
        helper.attrs = {"novalidate": True}
        helper.submit_label = self.submit_label
        return helper


def _missing(field):
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return format_lazy(_("Choose an answer to “{label}”"), label=field.label or "")
    return format_lazy(_("Fill in “{label}”"), label=field.label or "")
