"""What programme leads and their helpers may do in the admin. Which rows they see is `administered_by`."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

LEADS = "Programme leads"
HELPERS = "Programme helpers"

_KEPT = Q(
    content_type__app_label="programmes",
    content_type__model__in=[
        "programme",
        "sector",
        "region",
        "level",
        "criterion",
        "wording",
        "agreementquestion",
        "agreementoption",
        "completionquestion",
        "enrolment",
        "invitation",
        "application",
    ],
)
_KEPT |= Q(content_type__app_label="pairings", content_type__model__in=["pairing", "mentoroffer"])
_SEEN = _KEPT | Q(content_type__app_label="accounts", content_type__model="user")
_SEEN |= Q(content_type__app_label="notifications", content_type__model="email")
_SEEN |= Q(content_type__app_label="pairings", content_type__model="mentorrequest")
_SEEN |= Q(content_type__app_label="programmes", content_type__model="act")
# What worries somebody is for those who can do something about it.
_LED = Q(content_type__app_label="pairings", content_type__model="concern")
_TOLD = Q(content_type__app_label="pairings", content_type__model="endreason")


def keep_groups(**kwargs):
    """Make the two groups, and give them what the present models call for. Runs after every migrate."""
    leads, _ = Group.objects.get_or_create(name=LEADS)
    helpers, _ = Group.objects.get_or_create(name=HELPERS)
    look = Permission.objects.filter(_SEEN, codename__startswith="view_")
    change = Permission.objects.filter(_KEPT, Q(codename__startswith="add_") | Q(codename__startswith="change_"))
    # A lead looks after programmes that somebody else set up: one of their own making would have no coordinator yet.
    change = change.exclude(codename__in=["add_programme", "add_application"])
    person = Permission.objects.filter(content_type__app_label="accounts", codename__in=["add_user", "change_user"])
    codenames = ["view_concern", "change_concern", "view_endreason"]
    concerns = Permission.objects.filter(_LED | _TOLD, codename__in=codenames)
    again = Permission.objects.filter(content_type__app_label="notifications", codename="change_email")
    lists = Permission.objects.filter(content_type__app_label="programmes", codename__in=["add_import", "add_export"])
    leads.permissions.set([*look, *change, *person, *concerns, *again, *lists])
    helpers.permissions.set(look)
