"""What is done with files. The bytes are written before the row, and deleted after it: a row never lacks its bytes."""

import logging

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import Profile
from files import orphans, storage
from files.kinds import PHOTO
from files.models import StoredFile
from files.preparing import Prepared, prepare
from files.sizes import in_words
from files.types import Refused

logger = logging.getLogger(__name__)


def store(upload, *, owner, kind, by=None) -> StoredFile:
    """Keep a file. `upload` is a Django `File` with a name, or what an `UploadField` gave; `kind` one of `files.kinds`;
    `by` who does it, when that is not its owner.

    Raises Refused, with words for whoever chose it: it is too large, of a kind that is not taken, damaged, over its
    owner's quota, or there is no room.
    """
    prepared = upload if isinstance(upload, Prepared) else prepare(upload, kind=kind)
    if prepared.kind != kind:
        raise ValueError(f"prepared to be a file of the kind {prepared.kind!r}, not {kind!r}")
    with transaction.atomic():
        _check_quota(owner, prepared.size)
        stored = _write(prepared, owner)
    logger.info("File %s of person %s kept by person %s", stored.pk, owner.pk, (by or owner).pk)
    return stored


@transaction.atomic
def remove(stored, *, by) -> None:
    """Delete a file; its bytes go when this is committed. The caller has looked it up as something that `by` may
    change."""
    names = [name for name in (stored.file.name, stored.thumbnail.name) if name]
    logger.info("File %s of person %s removed by person %s", stored.pk, stored.owner_id, by.pk)
    StoredFile.objects.filter(pk=stored.pk).delete()
    transaction.on_commit(lambda: storage.delete(names), robust=True)


@transaction.atomic
def set_photo(person, upload) -> StoredFile:
    """Show this picture beside the person's name, in the place of the one before. Raises Refused like `store`."""
    profile = Profile.objects.select_for_update().get(user=person)
    stored = store(upload, owner=person, kind=PHOTO)
    _replace_photo(profile, person, stored.uuid)
    return stored


@transaction.atomic
def remove_photo(person) -> None:
    """Show the person's initials again."""
    _replace_photo(Profile.objects.select_for_update().get(user=person), person, None)


def _replace_photo(profile, person, uuid):
    old = StoredFile.objects.filter(owner=person, kind=PHOTO, uuid=profile.photo).first()
    profile.photo = uuid
    profile.save(update_fields=["photo"])
    if old:
        remove(old, by=person)


def _check_quota(owner, size):
    """Until this transaction ends nobody else passes here for the same owner: no two files take the same room."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"files of person {owner.pk}"])
    taken = StoredFile.objects.filter(owner=owner).aggregate(taken=Sum("size"))["taken"] or 0
    if taken + size > settings.FILE_QUOTA:
        words = {"size": in_words(size), "taken": in_words(taken), "quota": in_words(settings.FILE_QUOTA)}
        raise Refused(
            _(
                "That file is %(size)s, and your files already take %(taken)s of your %(quota)s. "
                "Remove one that you no longer need, or link to it."
            )
            % words
        )


def _write(prepared, owner):
    name = storage.new_name()
    contents = {name: prepared.content}
    if prepared.small:
        contents[name + storage.SMALL] = ContentFile(prepared.small)
    orphans.watch(name)
    storage.write(contents)
    return StoredFile.objects.create(
        owner=owner,
        kind=prepared.kind,
        name=prepared.name,
        content_type=prepared.type.content_type,
        size=prepared.size,
        sha256=prepared.sha256,
        file=name,
        thumbnail=name + storage.SMALL if prepared.small else "",
        width=prepared.width,
        height=prepared.height,
    )
