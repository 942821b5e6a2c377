"""When and where two people meet."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pairings.models import MoveRefused, Pairing


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The two of a pairing, and nobody else."""
        return self.filter(pairing__in=Pairing.objects.visible_to(user))

    def administered_by(self, user):
        """For counts alone: what is said in a meeting is the pair's."""
        return self.filter(pairing__in=Pairing.objects.administered_by(user))

    def upcoming(self, now):
        return self.filter(state=Meeting.State.BOOKED, ends_at__gt=now).order_by("starts_at")

    def held(self):
        return self.filter(state=Meeting.State.HELD)

    def over(self, now):
        """Held, also before a beat has noted it."""
        return self.filter(Q(state=Meeting.State.HELD) | Q(state=Meeting.State.BOOKED, ends_at__lte=now))

    def with_people(self):
        return self.select_related("pairing__mentee__profile", "pairing__mentor__profile")


class Meeting(models.Model):
    """One meeting of a pairing, from the first times that were offered until it was held.

    `starts_at`, `ends_at`: UTC, None while times are only offered. `uid` and `sequence` are those of its invitation in
    people's calendars: one for good, the other higher with each change. `zone`: IANA name of the zone in which it was
    booked. `round`: of the times that stand offered now; `offered_by`: by whom.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Times offered")
        BOOKED = "booked", _("Booked")
        HELD = "held", _("Held")
        CALLED_OFF = "called_off", _("Called off")

    class How(models.TextChoices):
        VIDEO = "video", _("Video")
        IN_PERSON = "in_person", _("In person")
        PHONE = "phone", _("Phone")

    MOVES = {
        State.PROPOSED: {State.BOOKED, State.CALLED_OFF},
        State.BOOKED: {State.HELD, State.CALLED_OFF},
        # Who thought that they had met.
        State.HELD: {State.CALLED_OFF},
        State.CALLED_OFF: set(),
    }

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="meetings")
    slug = models.SlugField(max_length=60)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    how = models.CharField(max_length=10, choices=How.choices, default=How.VIDEO)
    where = models.CharField(max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(default=60)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=60, blank=True)
    round = models.PositiveSmallIntegerField(default=0)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    booked_at = models.DateTimeField(null=True)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    called_off_at = models.DateTimeField(null=True)
    called_off_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=300, blank=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    # The revision of the plan that the mentor read last.
    plan_read = models.PositiveIntegerField(default=0)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["pairing", "slug"], name="meetings_of_a_pairing"),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "called_off"])
                | Q(starts_at__isnull=False, ends_at__isnull=False, booked_at__isnull=False),
                name="what_is_booked_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None) | Q(ends_at__gt=F("starts_at")), name="meetings_end_later"
            ),
            models.UniqueConstraint(
                fields=["pairing"], condition=Q(state="proposed"), name="times_of_one_meeting_are_open"
            ),
        ]
        indexes = [
            models.Index(fields=["pairing", "-starts_at"], name="meetings_in_order"),
            models.Index(fields=["ends_at"], condition=Q(state="booked"), name="meetings_to_come"),
            # For the health of a programme.
            models.Index(fields=["starts_at"], condition=Q(state="held"), name="meetings_held"),
        ]

    def __str__(self):
        return f"meeting {self.pk} of pairing {self.pairing_id}"

    @property
    def bundle(self):
        return self.pairing.bundle

    def other_than(self, person):
        return self.pairing.other_than(person)

    def check_move(self, state):
        """Raises MoveRefused unless `state` may follow the present one."""
        if state not in self.MOVES[self.state]:
            raise MoveRefused(_REFUSED[self.state])

    def check_is(self, state):
        """Raises MoveRefused, in words of the present one, unless that is `state`."""
        if self.state != state:
            raise MoveRefused(_REFUSED[self.state])


_REFUSED = {
    Meeting.State.PROPOSED: _("No time is chosen for this meeting yet."),
    Meeting.State.BOOKED: _("This meeting is booked by now."),
    Meeting.State.HELD: _("This meeting is over."),
    Meeting.State.CALLED_OFF: _("This meeting was called off."),
}


class MeetingSlug(models.Model):
    """Every address that a meeting ever had: none is given to another one of the same pairing."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="slugs")
    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pairing", "slug"], name="addresses_of_meetings")]

    def __str__(self):
        return self.slug


class OfferedTime(models.Model):
    """One of up to five times to choose from. Those of an earlier round were answered by other times."""

    MOST = 5

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="offered_times")
    round = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["meeting", "round", "starts_at"]
        constraints = [models.UniqueConstraint(fields=["meeting", "round", "starts_at"], name="times_are_offered_once")]

    def __str__(self):
        return f"time {self.pk} of meeting {self.meeting_id}"


class Seat(models.Model):
    """One of the two at a meeting that is booked or was held: nobody can be in two places at a time.

    `answer`: what their calendar sent back.
    """

    class CalendarAnswer(models.TextChoices):
        NONE = "", _("no answer")
        ACCEPTED = "accepted", _("accepted")
        TENTATIVE = "tentative", _("perhaps")
        DECLINED = "declined", _("can’t come")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    during = DateTimeRangeField()
    answer = models.CharField(max_length=10, choices=CalendarAnswer.choices, blank=True)
    # Of the meeting when the answer came: one to an earlier time says nothing of a later one.
    answered_sequence = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="one_seat_for_each"),
            ExclusionConstraint(
                name="nobody_in_two_meetings",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self):
        return f"seat {self.pk} of meeting {self.meeting_id}"


class TimeMove(models.Model):
    """That a booked meeting was moved."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="time_moves")
    was = models.DateTimeField()
    now = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["meeting", "at"]

    def __str__(self):
        return f"move {self.pk} of meeting {self.meeting_id}"
