from email.utils import parseaddr

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from programmes.models import Invitation

LONGEST_NAME = Invitation._meta.get_field("name").max_length
LONGEST_EMAIL = Invitation._meta.get_field("email").max_length


class PeopleField(forms.CharField):
    """People, one to a line: an address, or “Nora New <nora@example.org>”. Its value is a list of (line, (name,
    address)), lines counted from 1."""

    MOST = 200

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("Email addresses"))
        kwargs.setdefault("help_text", escape(_("One to a line: nora@example.org, or Nora New <nora@example.org>.")))
        super().__init__(widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}), **kwargs)
        self.error_messages["required"] = _("Give at least one email address.")

    def clean(self, value):
        lines = enumerate(super().clean(value).splitlines(), start=1)
        written = [(number, line.strip()) for number, line in lines if line.strip()]
        if len(written) > self.MOST:
            raise ValidationError(_("Give at most %(most)d at a time.") % {"most": self.MOST})
        people = [(number, _person(line)) for number, line in written]
        amiss = [
            _("Line %(line)d: give an email address in full, like name@example.org.") % {"line": number}
            for number, person in people
            if person is None
        ]
        if amiss:
            raise ValidationError(amiss)
        return people


def _person(line):
    name, address = parseaddr(line)
    try:
        validate_email(address)
    except ValidationError:
        return None
    is_whole = len(address) <= LONGEST_EMAIL and len(name) <= LONGEST_NAME and address in line
    return (name, address.lower()) if is_whole else None
