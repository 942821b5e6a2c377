"""What programme leads and their helpers may do in the admin. Which rows they see is `administered_by`."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

LEADS = "Programme leads"
HELPERS = "Programme helpers"

_KEPT = Q(
    content_type__app_label="programmes",
    content_type__model__in=["programme", "level", "criterion", "enrolment"],
)
_KEPT |= Q(content_type__app_label="pairings", content_type__model__in=["pairing", "mentoroffer"])
_SEEN = _KEPT | Q(content_type__app_label="accounts", content_type__model="user")
_SEEN |= Q(content_type__app_label="notifications", content_type__model="email")
# What worries somebody is for those who can do something about it.
_LED = Q(content_type__app_label="pairings", content_type__model="concern")


def keep_groups(**kwargs):
    """Make the two groups, and give them what the present models call for. Runs after every migrate."""
    leads, _ = Group.objects.get_or_create(name=LEADS)
    helpers, _ = Group.objects.get_or_create(name=HELPERS)
    look = Permission.objects.filter(_SEEN, codename__startswith="view_")
    change = Permission.objects.filter(_KEPT, Q(codename__startswith="add_") | Q(codename__startswith="change_"))
    # A lead looks after programmes that somebody else set up: one of their own making would have no coordinator yet.
    change = change.exclude(codename="add_programme")
    person = Permission.objects.filter(content_type__app_label="accounts", codename__in=["add_user", "change_user"])
    concerns = Permission.objects.filter(_LED, codename__in=["view_concern", "change_concern"])
    again = Permission.objects.filter(content_type__app_label="notifications", codename="change_email")
    leads.permissions.set([*look, *change, *person, *concerns, *again])
    helpers.permissions.set(look)
