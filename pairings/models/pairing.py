"""Two people who work together for a while, and the window through which the mentor may read."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pairings.models.refusal import MoveRefused
from programmes.models import Programme


class PairingQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Q(mentee=user) | Q(mentor=user))

    def administered_by(self, user):
        return self.filter(programme__in=Programme.objects.administered_by(user))

    def live(self):
        return self.filter(state__in=Pairing.LIVE)

    def open_to(self, mentor, *, programme, mentee, at):
        """Pairings through which `mentor` may read what `mentee` shared at the moment `at`.

        `programme`, `mentee` and `at` are values or expressions (an OuterRef of the thing that is read), so that
        every question about a reading window is asked in this one place.
        """
        return self.not_closed_to(mentor, programme=programme, mentee=mentee, at=at).filter(
            Q(reads_from=None) | Q(reads_from__lte=at)
        )

    def not_closed_to(self, mentor, *, programme, mentee, at):
        """Like `open_to`, for things that stay known from before the window opened, such as a page's address."""
        return self.filter(
            Q(reads_until=None) | Q(reads_until__gte=at), mentor=mentor, programme=programme, mentee=mentee
        )

    def with_people(self):
        return self.select_related("mentee__profile", "mentor__profile")


@pghistory.track(
    exclude=[
        "last_activity_at",
        "rhythm_weeks",
        "chasing",
        "first_met_at",
        "last_met_at",
        "quiet_told_at",
        "review_offered_at",
        "completion_asked_at",
        "completion_nudged_at",
    ],
    model_name="PairingEvent",
)
class Pairing(models.Model):
    class State(models.TextChoices):
        AGREEING = "agreeing", _("Agreeing how to work")
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        COMPLETING = "completing", _("Finishing")
        ENDED = "ended", _("Ended")

    class Chasing(models.IntegerChoices):
        NOT = 0, _("No")
        GENTLY = 1, _("Gently, once")
        YES = 2, _("Yes")

    LIVE = (State.AGREEING, State.ACTIVE, State.PAUSED, State.COMPLETING)
    MOVES = {
        State.AGREEING: {State.ACTIVE, State.ENDED},
        State.ACTIVE: {State.PAUSED, State.COMPLETING, State.ENDED},
        State.PAUSED: {State.ACTIVE, State.ENDED},
        State.COMPLETING: {State.ACTIVE, State.ENDED},
        State.ENDED: set(),
    }

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="pairings")
    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="pairings_as_mentee")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="pairings_as_mentor")
    slug = models.SlugField(max_length=140, unique=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.AGREEING)
    created_at = models.DateTimeField(_("began"), default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reads_from = models.DateTimeField(_("mentor reads from"), null=True, blank=True)
    reads_until = models.DateTimeField(_("mentor reads until"), null=True, blank=True)
    last_activity_at = models.DateTimeField(_("last activity"), default=timezone.now)
    paused_until = models.DateField(_("paused until"), null=True, blank=True)
    # As the agreement says: weeks between meetings, None where they did not say; and how the mentee is reminded.
    rhythm_weeks = models.PositiveSmallIntegerField(_("weeks between meetings"), null=True, blank=True)
    chasing = models.PositiveSmallIntegerField(_("reminders"), choices=Chasing.choices, default=Chasing.GENTLY)
    first_met_at = models.DateTimeField(_("first met"), null=True, blank=True)
    last_met_at = models.DateTimeField(_("last met"), null=True, blank=True)
    quiet_told_at = models.DateTimeField(null=True, editable=False)
    review_offered_at = models.DateTimeField(null=True, editable=False)
    completion_asked_at = models.DateTimeField(null=True, editable=False)
    completion_nudged_at = models.DateTimeField(null=True, editable=False)

    objects = PairingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "mentee"],
                condition=~Q(state="ended"),
                name="one_live_pairing_per_mentee",
            ),
            models.CheckConstraint(
                condition=~Q(mentee=F("mentor")),
                name="nobody_mentors_themselves",
                violation_error_message=_("Nobody can be their own mentor."),
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False, reads_until__isnull=False)
                | (~Q(state="ended") & Q(ended_at=None, reads_until=None)),
                name="ended_pairings_stop_reading",
            ),
            models.CheckConstraint(
                condition=Q(paused_until=None) | Q(state="paused"), name="only_a_pause_has_an_end_of_it"
            ),
        ]
        indexes = [
            models.Index(fields=["mentor", "mentee", "programme"], name="pairing_reading_window"),
            models.Index(
                fields=["programme", "last_activity_at"], condition=~Q(state="ended"), name="pairing_by_activity"
            ),
        ]

    def __str__(self):
        return _("%(mentee)s and %(mentor)s") % {
            "mentee": self.mentee.first_name,
            "mentor": self.mentor.first_name,
        }

    @property
    def is_live(self):
        return self.state in self.LIVE

    def is_open_at(self, moment):
        """Whether its mentor may read what its mentee shared then: `PairingQuerySet.open_to`, of a pairing at hand."""
        return (self.reads_from is None or self.reads_from <= moment) and self.is_not_closed_at(moment)

    def is_not_closed_at(self, moment):
        """`PairingQuerySet.not_closed_to`, of a pairing at hand."""
        return self.reads_until is None or self.reads_until >= moment

    @property
    def is_unbounded(self):
        return self.reads_from is None and self.reads_until is None

    @property
    def bundle(self):
        """What notifications about this pair are told together under."""
        return f"pairing-{self.pk}"

    def other_than(self, person):
        """The other of the two."""
        return self.mentor if person.pk == self.mentee_id else self.mentee

    def check_move(self, state):
        """Raises MoveRefused unless `state` may follow the present one."""
        if state not in self.MOVES[self.state]:
            raise MoveRefused(
                _("This pairing is “%(now)s” now, so it can’t become “%(then)s”.")
                % {"now": self.get_state_display(), "then": self.State(state).label}
            )
