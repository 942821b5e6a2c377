"""Looking for a mentor, asking one, and answering."""

import re

from django import forms
from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.fields import LinesField
from accounts.site_form import SiteForm
from accounts.slugs import free_slug
from pairings.actions.requests import too_many_words, words_over
from pairings.models import MentorRequest
from pairings.register import Wanted
from programmes.models import Enrolment

BOXES = ("why_you", "hopes", "how_we_work")
_LONGEST = MentorRequest._meta.get_field("hopes").max_length


class WantedForm(forms.Form):
    """The filters of the register, as its address says them. What an address says that is not among the choices counts
    as not said. `lists`: {"sector": [(key, name)], "region": […]}."""

    search = forms.CharField(label=_("Search"), required=False, max_length=200)
    sector = forms.ChoiceField(label=_("Sector"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    by = forms.ChoiceField(label=_("Meets by"), required=False, choices=[("", _("Any")), *Enrolment.MeetsBy.choices])
    space = forms.ChoiceField(required=False, choices=[("only", ""), ("any", "")])

    def __init__(self, data, *, lists, **kwargs):
        super().__init__(data, **kwargs)
        self.keys = {"sector": {}, "region": {}}
        for name, keys in self.keys.items():
            for key, words in lists[name]:
                keys[free_slug(words, taken=keys, fallback=name)] = key
            names = [words for _key, words in lists[name]]
            self.fields[name].choices = [("", _("Any")), *zip(keys, names, strict=True)]
        self.is_valid()

    @property
    def wanted(self):
        said = self.said
        return Wanted(
            sector=self.keys["sector"].get(said["sector"]),
            region=self.keys["region"].get(said["region"]),
            by=said["by"],
            search=said["search"],
            with_space=said["space"] != "any",
        )

    @property
    def page(self):
        number = self.data.get("page", "")
        return int(number) if re.fullmatch("[1-9][0-9]{0,6}", number) else 1

    @property
    def said(self):
        return {name: self.cleaned_data.get(name, "").replace("\x00", "") for name in self.fields}


class AskForm(SiteForm, forms.Form):
    """Three boxes, 300 words in all, to a mentor called `name`."""

    once = True
    draft_fields = BOXES
    messages = {
        "why_you": _("Say in a line why you ask them."),
        "hopes": _("Say in a line what you hope for."),
        "how_we_work": _("Say in a line how you like to work."),
    }

    why_you = LinesField(rows=4, max_length=_LONGEST)
    hopes = LinesField(
        label=_("What do you hope for?"), rows=4, max_length=_LONGEST, help_text=_("One thing is enough to begin with.")
    )
    how_we_work = LinesField(
        label=_("How do you like to work?"),
        rows=4,
        max_length=_LONGEST,
        help_text=_("How often, by video or over coffee, and whether you like to be reminded."),
    )

    def __init__(self, *args, name, **kwargs):
        super().__init__(*args, **kwargs)
        self.submit_label = format_lazy(_("Ask {name}"), name=lazystr(name))
        self.fields["why_you"].label = format_lazy(_("Why {name}?"), name=lazystr(name))
        self.fields["why_you"].help_text = _("What you read of them that made you stop.")

    def clean(self):
        data = super().clean()
        if over := words_over(data.get(name, "") for name in BOXES):
            raise forms.ValidationError(too_many_words(over))
        return data


class RefusalForm(SiteForm, forms.Form):
    """“Not this time”, in kind words that stand there ready; none at all will do."""

    once = True
    draft_fields = ("words",)
    submit_label = _("Send")

    words = LinesField(rows=6, max_length=_LONGEST, required=False)

    def __init__(self, *args, name, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].label = format_lazy(_("Your words to {name}"), name=lazystr(name))
        self.fields["words"].help_text = _("Change them as you like. You need not give a reason.")


class ReadRequestForm(forms.Form):
    """Up to which moment somebody was shown what happened."""

    until = forms.DateTimeField()


class MoveForm(forms.Form):
    """What to do with a wish."""

    move = forms.ChoiceField(choices=[(name, name) for name in ("add", "remove", "up", "down")])
    back = forms.ChoiceField(choices=[("list", ""), ("profile", "")], required=False)
