"""What mentors offer, for those who look after the programme."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.admin import HouseAdmin
from pairings.actions import make_offer, open_offer, pause_offer, set_offer
from pairings.models import MentorOffer, MoveRefused
from programmes.models import Enrolment, Level

_SAID = ("capacity", "can_help", "how_i_work", "holds", "trained_until")
_PAUSE = ("is_paused", "paused_until")


class OfferAdminForm(forms.ModelForm):
    """Offers by the actions that a mentor's own page calls; what they refuse is said beside the field."""

    by = None

    class Meta:
        model = MentorOffer
        fields = ["enrolment", *_SAID, *_PAUSE]
        help_texts = {
            "holds": _("Of the mentor’s own programme."),
            "paused_until": _("Empty: until they say so themselves."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "holds" in self.fields:
            own = Level.objects.administered_by(self.by)
            if self.instance.pk:
                own = own.filter(programme=self.instance.enrolment.programme_id)
            self.fields["holds"].queryset = own.select_related("programme")

    def clean(self):
        data = super().clean()
        if data.get("paused_until") and not data.get("is_paused"):
            self.add_error("paused_until", _("Tick “takes nobody just now”, too, or leave this empty."))
        if not self.errors:
            # Done while the form is checked, since only trying tells whether a place is taken meanwhile.
            self._try("capacity", self._offer, data)
        if not self.errors and set(_PAUSE) & set(self.changed_data):
            self._try("paused_until", self._pause, data)
        return data

    def _offer(self, data):
        said = {name: data[name] for name in _SAID if name in data}
        if self.instance.pk:
            self.instance = set_offer(self.instance, by=self.by, **said)
        else:
            self.instance = make_offer(data["enrolment"], by=self.by, **said)

    def _pause(self, data):
        if data["is_paused"]:
            self.instance = pause_offer(self.instance, by=self.by, until=data["paused_until"])
        else:
            self.instance = open_offer(self.instance, by=self.by)

    def _try(self, field, act, data):
        try:
            act(data)
        except MoveRefused as refused:
            self.add_error(field, str(refused))


class MentorOfferAdmin(HouseAdmin):
    form = OfferAdminForm
    list_display = ["enrolment", "capacity", "held", "is_paused", "trained_until"]
    list_select_related = ["enrolment__person", "enrolment__programme"]
    list_filter = ["is_paused"]
    search_fields = ["enrolment__person__name"]

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.by = request.user
        return form

    def get_fields(self, request, obj=None):
        return ["enrolment", *_SAID[:1], *(["held"] if obj else []), *_SAID[1:], *_PAUSE]

    def get_readonly_fields(self, request, obj=None):
        """An offer stays its mentor's; what is taken is counted."""
        return ["enrolment", "held"] if obj else []

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        mentors = Enrolment.objects.administered_by(request.user).current().filter(role=Enrolment.Role.MENTOR)
        kwargs["queryset"] = mentors.select_related("person", "programme").filter(offer=None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        """Nothing to save: the form did it."""
