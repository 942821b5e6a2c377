"""Who decides for a programme."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, Q

from programmes.models import Enrolment


def leads_of(programme, permission) -> list:
    """Those who coordinate the programme and hold the permission (“programmes.change_application”), by name; without
    any, whoever runs the whole house."""
    app, codename = permission.split(".")
    given = Permission.objects.filter(content_type__app_label=app, codename=codename)
    may = Q(is_superuser=True) | Q(groups__permissions__in=given) | Q(user_permissions__in=given)
    coordinates = Enrolment.objects.current().filter(
        person=OuterRef("pk"), programme=programme, role=Enrolment.Role.COORDINATOR
    )
    staff = get_user_model().objects.filter(is_active=True, is_staff=True).select_related("profile")
    leads = staff.filter(Exists(coordinates)).filter(may).distinct()
    return list(leads.order_by("name", "pk") or staff.filter(is_superuser=True).order_by("name", "pk"))
