"""That somebody is worried about something in their pairing, for the programme team."""

import pghistory
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pairings.models.pairing import Pairing
from programmes.models import Enrolment


class ConcernQuerySet(models.QuerySet):
    def administered_by(self, user):
        """Of the programmes that the person coordinates, and for a superuser those that no coordinator may read; but
        nothing of somebody with whom they share, or shared, a pairing."""
        coordinates = Enrolment.objects.current().filter(person=user, role=Enrolment.Role.COORDINATOR)
        theirs = Q(pairing__programme__in=coordinates.values("programme"))
        if user.is_superuser:
            leads = _leads(OuterRef(OuterRef("pairing__programme")), by=OuterRef(OuterRef("by")))
            theirs |= ~Exists(leads)
        return self.filter(theirs, ~Exists(Pairing.objects.visible_to(user).visible_to(OuterRef("by"))))

    def visible_to(self, user):
        """The same, if reading concerns is given to them: helpers coordinate, too, and only look at who works with
        whom."""
        return self.administered_by(user) if user.has_perm("pairings.view_concern") else self.none()


# Its words are not followed, only that somebody looked after it.
@pghistory.track(fields=["handled_at", "handled_by"], model_name="ConcernEvent")
class Concern(models.Model):
    LONGEST = 20_000  # characters

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="concerns", verbose_name=_("pairing"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who is worried")
    )
    reason = models.TextField(_("what worries them"))
    at = models.DateTimeField(_("told us"), default=timezone.now)
    handled_at = models.DateTimeField(_("looked after"), null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by whom"),
    )

    objects = ConcernQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(handled_at=None, handled_by=None) | Q(handled_at__isnull=False, handled_by__isnull=False),
                name="handled_by_somebody",
            )
        ]

    def __str__(self):
        return f"concern {self.pk} about pairing {self.pairing_id}"


def readers_of_concerns(pairing, *, by) -> list:
    """Who may read what worries `by` in this pairing, by name: the programme's coordinators; without any, whoever runs
    the whole house. Nobody with whom `by` shares, or shared, a pairing is among them."""
    leads = _leads(pairing.programme_id, by=by)
    superusers = _staff_apart_from(by).filter(is_superuser=True)
    return _by_name(leads) or _by_name(superusers)


def _leads(programme, *, by):
    """Those who coordinate the programme and may read concerns of the person `by`: keys, or references to them as a
    subquery of this one makes them."""
    given = Permission.objects.filter(content_type__app_label="pairings", codename="view_concern")
    may_read = Q(is_superuser=True) | Q(groups__permissions__in=given) | Q(user_permissions__in=given)
    coordinates = Enrolment.objects.current().filter(
        person=OuterRef("pk"), programme=programme, role=Enrolment.Role.COORDINATOR
    )
    return _staff_apart_from(by).filter(Exists(coordinates)).filter(may_read).distinct()


def _staff_apart_from(person):
    """Also without the person themselves, who is part of each pairing of theirs."""
    together = Pairing.objects.visible_to(person).visible_to(OuterRef("pk"))
    return get_user_model().objects.filter(~Exists(together), is_active=True, is_staff=True)


def _by_name(people):
    return list(people.select_related("profile").order_by("name", "pk"))
