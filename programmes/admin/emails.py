"""Emails live on a lower floor, but whose they are to look after is only known here."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin import LookOnlyAdmin
from accounts.models import User
from notifications.figures import families
from notifications.models import Email
from notifications.reasons import family_of
from notifications.retrying import try_again
from programmes.models import people_administered_by


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
