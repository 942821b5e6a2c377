"""People live on a lower floor, but whose they are to look after is only known here."""

from allauth.account.models import EmailAddress
from django.contrib import admin

from accounts.admin import HouseAdmin
from accounts.models import Profile, User
from programmes.models import Enrolment, people_administered_by


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
