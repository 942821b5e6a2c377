"""Files that people entrust to us. Who may read one is for the app to say that it belongs to: there is no rule here."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from files.kinds import PHOTO
from files.names import LONGEST
from files.sizes import in_words
from files.storage import SMALL, private
from files.types import BY_CONTENT_TYPE


class StoredFileQuerySet(models.QuerySet):
    def photos(self):
        """Pictures that people show of themselves now."""
        return self.filter(kind=PHOTO, owner__profile__photo=F("uuid"))


class StoredFile(models.Model):
    """`kind` is what it is kept for (`files.kinds`), `content_type` what it is by its content, `name` what its owner
    called it. `file` is an opaque name in the private storage; a picture has a small copy beside it."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stored_files")
    kind = models.CharField(_("kept for"), max_length=20)
    name = models.CharField(_("name"), max_length=LONGEST)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    file = models.FileField(storage=private, unique=True)
    thumbnail = models.FileField(storage=private, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    stored_at = models.DateTimeField(_("stored"), default=timezone.now)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            models.CheckConstraint(
                condition=Q(thumbnail="") | Q(thumbnail=Concat("file", Value(SMALL))),
                name="a_small_copy_lies_beside_its_file",
            )
        ]

    def __str__(self):
        return f"file {self.pk} of person {self.owner_id}"

    @property
    def is_image(self):
        """Whether it is a picture that we made anew: nothing else is ever shown within a page."""
        return bool(self.thumbnail)

    @property
    def size_in_words(self):
        return in_words(self.size)

    @property
    def kind_in_words(self):
        """“PDF”, “Picture”, “Word document”"""
        type = BY_CONTENT_TYPE.get(self.content_type)
        return str(type.words) if type else str(_("File"))
