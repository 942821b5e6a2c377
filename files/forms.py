from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.site_form import SiteForm
from files.fields import UploadField
from files.kinds import PHOTO


class PhotoForm(SiteForm, forms.Form):
    submit_label = _("Use this photo")
    messages = {"picture": _("Choose a picture first")}

    picture = UploadField(kind=PHOTO, label=_("A picture of you"))

    @cached_property
    def helper(self):
        helper = super().helper
        helper.attrs["data-upload"] = ""
        return helper
