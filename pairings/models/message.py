"""What the two of a pairing write to each other."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from files.models import StoredFile
from pairings.models.pairing import Pairing


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the two who wrote and read it, also after their pairing has ended; nobody else's, whatever they
        coordinate."""
        return self.filter(Q(pairing__mentee=user) | Q(pairing__mentor=user))

    def with_all_that_shows(self):
        return self.select_related("author__profile").prefetch_related("files__file")


class Message(models.Model):
    """`number` counts those of a pairing, from 1: pages of a thread, and addresses in it, go by that."""

    LONGEST = 20_000  # characters

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="messages", db_index=False)
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages")
    body = models.TextField(_("message"), blank=True)
    sent_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["pairing", "number"]
        constraints = [models.UniqueConstraint(fields=["pairing", "number"], name="messages_of_a_pairing")]

    def __str__(self):
        return f"message {self.pk} in pairing {self.pairing_id}"

    def get_absolute_url(self):
        """The thread, at this message."""
        return reverse("pairings:messages", args=[self.pairing.slug]) + f"#m-{self.number}"

    def is_editable_by(self, person):
        """One's own, for as long as the pairing lives. What one was left with when it ended stays as it was read."""
        return self.author_id == person.pk and self.pairing.is_live


class MessageWordingQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(message__in=Message.objects.visible_to(user))


class MessageWording(models.Model):
    """How a message read before its author put it in other words."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="earlier_wordings")
    body = models.TextField(blank=True)
    written_at = models.DateTimeField()

    objects = MessageWordingQuerySet.as_manager()

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self):
        return f"earlier wording of message {self.message_id}"


class MessageFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(message__in=Message.objects.visible_to(user))


class MessageFile(models.Model):
    """A file that came with a message. Of one that its owner removed stays when that was."""

    MOST = 5  # with one message

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = MessageFileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["message", "file"], name="once_with_a_message"),
            models.CheckConstraint(
                condition=Q(file=None, removed_at__isnull=False) | Q(file__isnull=False, removed_at=None),
                name="a_file_or_when_it_was_removed",
            ),
        ]

    def __str__(self):
        return f"file {self.file_id} of message {self.message_id}"
