"""What a mentor offers, and whom mentees wish for."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programmes.models import Enrolment, Level


class MentorOfferQuerySet(models.QuerySet):
    def administered_by(self, user):
        return self.filter(enrolment__in=Enrolment.objects.administered_by(user))

    def editable_by(self, user):
        """One's own."""
        return self.filter(enrolment__in=Enrolment.objects.editable_by(user))

    def visible_to(self, user):
        """The registers of the programmes in which the person is a mentee, and the person's own offer. Also of mentors
        who are full; never of somebody who no longer takes part or may no longer sign in."""
        mentee_in = Enrolment.objects.current().filter(person=user, role=Enrolment.Role.MENTEE)
        return self.filter(
            Q(enrolment__programme__in=mentee_in.values("programme")) | Q(enrolment__person=user),
            enrolment__ended_at=None,
            enrolment__person__is_active=True,
        )

    def taking(self, today=None):
        """Those that are not paused on that day, of mentors with a valid training date where their programme asks for
        one."""
        today = today or timezone.localdate()
        return self.filter(
            Q(enrolment__programme__needs_training=False) | Q(trained_until__gte=today),
            Q(is_paused=False) | Q(paused_until__lte=today),
        )

    def with_room(self, today=None):
        return self.taking(today).filter(held__lt=F("capacity"))


@pghistory.track(fields=["capacity", "is_paused", "paused_until", "trained_until"], model_name="MentorOfferEvent")
class MentorOffer(models.Model):
    """What a mentor offers: how many mentees at a time, and how they like to work.

    `held` counts the places that are taken: live pairings, and talks about one (`pairings.places`). It is only changed
    while the row is locked.
    """

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="offer")
    capacity = models.PositiveSmallIntegerField(_("mentees at a time"), default=1)
    held = models.PositiveSmallIntegerField(_("places taken"), default=0, editable=False)
    how_i_work = models.TextField(_("how I work"), max_length=2000, blank=True)
    can_help = models.TextField(_("who I can help"), max_length=2000, blank=True)
    holds = models.ManyToManyField(Level, blank=True, related_name="held_by", verbose_name=_("levels held"))
    trained_until = models.DateField(_("training valid until"), null=True, blank=True)
    is_paused = models.BooleanField(_("takes nobody just now"), default=False)
    paused_until = models.DateField(_("until"), null=True, blank=True)

    objects = MentorOfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(held__lte=F("capacity")), name="never_more_mentees_than_places"),
            models.CheckConstraint(condition=Q(paused_until=None) | Q(is_paused=True), name="only_a_pause_ends"),
        ]

    def __str__(self):
        return str(self.enrolment)

    @property
    def room(self):
        return max(0, self.capacity - self.held)

    def is_taking(self, today):
        """`MentorOfferQuerySet.taking`, of an offer at hand (with its enrolment's programme)."""
        if self.is_paused and not (self.paused_until and self.paused_until <= today):
            return False
        needs = self.enrolment.programme.needs_training
        return not needs or (self.trained_until is not None and self.trained_until >= today)


class WishQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(enrolment__person=user)

    editable_by = visible_to


class Wish(models.Model):
    """A mentor whom a mentee would like, first or second or third, when a whole cohort is matched. Mentors never see
    it."""

    MOST = 5

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="wishes")
    offer = models.ForeignKey(MentorOffer, on_delete=models.CASCADE, related_name="wished_by")
    rank = models.PositiveSmallIntegerField()

    objects = WishQuerySet.as_manager()

    class Meta:
        ordering = ["enrolment", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "offer"], name="wished_for_once"),
            models.UniqueConstraint(
                fields=["enrolment", "rank"], name="one_wish_per_rank", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self):
        return f"wish {self.pk}"
