"""What the programme team chooses: a file, and the programme that it is for."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from files.sizes import MB, in_words
from mentoring.imports.reading import is_short, read
from mentoring.imports.refusal import Unreadable
from programmes.models import Programme

LARGEST = 5 * MB


class ListField(forms.FileField):
    """`cleaned_data` holds what `reading.read` made of the file, or the bytes of one that takes long; and its name."""

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        if upload.size > LARGEST or getattr(upload, "problem", None):
            words = {"size": in_words(upload.size), "most": in_words(LARGEST)}
            raise forms.ValidationError(
                _("That file is %(size)s; %(most)s is the most. Save the list alone, as CSV.") % words
            )
        try:
            content = upload.read()
            return read(content) if is_short(content) else content, upload.name
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from error


class ListForm(forms.Form):
    programme = forms.ModelChoiceField(
        label=gettext_lazy("Programme"),
        queryset=None,
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Choose the programme that the list is for."),
            "invalid_choice": gettext_lazy("Choose the programme that the list is for."),
        },
    )
    file = ListField(
        label=gettext_lazy("List of members"),
        help_text=gettext_lazy("CSV or Excel (.xlsx), up to 5 MB and 10,000 rows. The first row names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx", "aria-describedby": "id_file_help"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("That file is empty. Choose another one."),
        },
        allow_empty_file=True,
    )

    use_required_attribute = False

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["programme"].queryset = Programme.objects.administered_by(by)
