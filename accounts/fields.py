"""Words in a form, as they are typed: what is too long is said, never cut off."""

from django import forms
from django.utils.translation import gettext_lazy as _

_TOO_LONG = _("This has %(show_value)d characters; the limit is %(limit_value)d. Take a little out.")


class LineField(forms.CharField):
    """One line. A browser's own limit would cut off without a word what somebody pastes."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.error_messages["max_length"] = _TOO_LONG

    def widget_attrs(self, widget):
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class LinesField(LineField):
    """Several lines, of which a browser's line end counts once."""

    def __init__(self, *, rows=4, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")
