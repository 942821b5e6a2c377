from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin import HouseAdmin, LookOnlyAdmin
from accounts.models import Profile, User
from notifications.figures import families
from notifications.models import Email
from notifications.reasons import family_of
from notifications.retrying import try_again
from programmes.models import Criterion, Enrolment, Level, Programme, people_administered_by


@admin.register(Programme)
class ProgrammeAdmin(HouseAdmin):
    list_display = ["name", "body"]
    fields = ["name", "slug", "body"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Level)
class LevelAdmin(HouseAdmin):
    list_display = ["name", "programme", "position"]
    list_select_related = ["programme"]
    fields = ["programme", "name", "position", "summary"]


@admin.register(Criterion)
class CriterionAdmin(HouseAdmin):
    list_display = ["__str__", "level", "programme"]
    list_select_related = ["level__programme"]
    fields = ["level", "number", "name", "plain", "official"]

    @admin.display(ordering="level__programme__name")
    def programme(self, criterion):
        return criterion.level.programme


class EnrolmentForm(forms.ModelForm):
    def clean(self):
        data = super().clean()
        programme = data.get("programme") or getattr(self.instance, "programme", None)
        if data.get("level") and programme and data["level"].programme_id != programme.pk:
            self.add_error("level", _("Choose a level of %(programme)s.") % {"programme": programme})
        return data


@admin.register(Enrolment)
class EnrolmentAdmin(HouseAdmin):
    list_display = ["person", "role", "level", "programme", "created_at", "ended_at"]
    list_select_related = ["person", "level", "programme"]
    list_filter = ["role"]
    search_fields = ["person__name", "person__email"]
    form = EnrolmentForm
    fields = ["programme", "person", "role", "level", "ended_at"]
    autocomplete_fields = ["person"]

    def get_readonly_fields(self, request, obj=None):
        """A portfolio belongs to its enrolment: whose it is can never be changed."""
        return ["programme", "person", "role"] if obj else []

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "person":
            kwargs["queryset"] = people_administered_by(User.objects.all(), request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


# People and emails live on lower floors, but whose they are to look after is only known here.


@admin.register(User)
class PersonAdmin(HouseAdmin):
    list_display = ["name", "email", "is_active", "is_staff", "date_joined"]
    search_fields = ["name", "email"]
    ordering = ["name"]

    def administered_by(self, rows, user):
        return people_administered_by(rows, user)

    def get_fields(self, request, obj=None):
        fields = ["name", "known_as", "email", "is_active"]
        return [*fields, "is_staff", "is_superuser", "groups"] if request.user.is_superuser else fields

    def get_readonly_fields(self, request, obj=None):
        """The address signs in: changing somebody's would be a way into their private words."""
        return ["email"] if obj and not request.user.is_superuser else []

    def has_change_permission(self, request, obj=None):
        """Only a superuser changes those who may open the admin, or who take part in programmes of others, too."""
        if obj and not request.user.is_superuser:
            elsewhere = Enrolment.objects.filter(person=obj).exclude(
                pk__in=Enrolment.objects.administered_by(request.user)
            )
            if obj.is_staff or obj.is_superuser or elsewhere.exists():
                return False
        return super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        obj.email = obj.email.lower()
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change:
            Profile.objects.create(user=obj)
        if "email" in form.changed_data:
            # The first code that is sent to the new address confirms it; the one before opens no way in any more.
            EmailAddress.objects.filter(user=obj).delete()
            EmailAddress.objects.create(user=obj, email=obj.email, primary=True)


class ReasonFilter(admin.SimpleListFilter):
    """What the reasons of failed and waiting emails have in common."""

    title = _("reason")
    parameter_name = "reason"

    def lookups(self, request, model_admin):
        return [(family, family) for family in families(model_admin.get_queryset(request), timezone.now())]

    def queryset(self, request, emails):
        if self.value() is None:
            return emails
        return emails.annotate(family=family_of()).filter(family=self.value().replace("\x00", ""))


@admin.register(Email)
class EmailAdmin(LookOnlyAdmin):
    """Whether emails went out, and why not. Never what they say."""

    list_display = ["__str__", "person", "state", "reason", "attempts", "created_at", "due_at", "sent_at"]
    list_select_related = ["person"]
    list_filter = ["state", ReasonFilter]
    search_fields = ["person__name", "person__email", "message_id"]
    fields = ["person", "state", "reason", "attempts", "created_at", "due_at", "sent_at", "message_id"]
    # The order of their keys is almost that of their making, and a million of them need no sorting.
    ordering = ["-pk"]
    show_full_result_count = False
    actions = ["try_again"]

    def administered_by(self, rows, user):
        people = people_administered_by(User.objects.all(), user)
        return rows if user.is_superuser else rows.administered_by(people)

    def has_retry_permission(self, request):
        """To change an email is to have it tried again: its row is nobody's to edit."""
        return request.user.has_perm("notifications.change_email")

    @admin.action(description=_("Try again"), permissions=["retry"])
    def try_again(self, request, emails):
        tried = try_again(emails, by=request.user)
        for count, words, level in _what_came_of_it(tried):
            if count:
                self.message_user(request, words % {"count": count}, level)


def _what_came_of_it(tried):
    """(how many, what to say of them, how) of another try."""
    return (
        (
            tried.again,
            ngettext("%(count)d email is being tried again.", "%(count)d emails are being tried again.", tried.again),
            messages.SUCCESS,
        ),
        (
            tried.stopped,
            ngettext(
                "%(count)d goes to an address that takes no email. Its owner can say so when it works again.",
                "%(count)d go to addresses that take no email. Their owners can say so when they work again.",
                tried.stopped,
            ),
            messages.WARNING,
        ),
        (
            tried.without_words,
            ngettext(
                "%(count)d was about signing in, and its words are gone. A new one can be asked for.",
                "%(count)d were about signing in, and their words are gone. New ones can be asked for.",
                tried.without_words,
            ),
            messages.WARNING,
        ),
        (
            tried.needless,
            ngettext(
                "%(count)d needs no other try: it went out, is being sent, or was not needed.",
                "%(count)d need no other try: they went out, are being sent, or were not needed.",
                tried.needless,
            ),
            messages.INFO,
        ),
    )
