"""Files are kept whole or not at all, within limits and a quota, and their bytes go when they do."""

import errno
import hashlib
import os
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from PIL import Image

from files import orphans, tasks
from files.actions import remove, remove_photo, set_photo, store
from files.middleware import FilesMiddleware
from files.models import StoredFile
from files.places import place_for
from files.preparing import prepare
from files.sizes import MB
from files.types import Refused
from tests.at_once import all_at_once
from tests.factories import PersonFactory
from tests.files.making import make_photo, office, picture, upload

pytestmark = pytest.mark.django_db

NO_ROOM = "There is no room for files just now, and it isn’t your fault. Please tell the programme team."


@pytest.fixture
def amina(db):
    return PersonFactory(name="Amina Okafor")


def keep(owner, content=b"Notes.", name="notes.txt", kind="attachment"):
    return store(upload(content, name), owner=owner, kind=kind)


def test_a_file_is_kept_under_a_name_that_says_nothing(amina, place, kept):
    stored = keep(amina, office(), "../Induction survey.doc")

    assert (stored.owner, stored.kind, stored.name) == (amina, "attachment", "Induction survey.docx")
    assert stored.content_type == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert (stored.size, stored.sha256) == (len(office()), hashlib.sha256(office()).hexdigest())
    assert (stored.width, stored.height, stored.is_image) == (None, None, False)
    assert kept() == [stored.file.name]
    assert (place / stored.file.name).read_bytes() == office()
    assert "urvey" not in stored.file.name
    assert (stored.kind_in_words, stored.size_in_words) == ("Word document", f"{len(office())} bytes")
    assert str(stored) == f"file {stored.pk} of person {amina.pk}"


def test_a_picture_is_kept_anew_with_a_small_copy(amina, place, kept):
    stored = keep(amina, picture(5000, 1000), "IMG_0001.JPG")

    assert (stored.name, stored.content_type, stored.kind_in_words) == ("IMG_0001.JPG", "image/jpeg", "Picture")
    assert (stored.width, stored.height, stored.is_image) == (2560, 512, True)
    assert kept() == [stored.file.name, stored.thumbnail.name]
    with Image.open(place / stored.thumbnail.name) as small:
        assert small.size == (320, 64)
    assert stored.size == (place / stored.file.name).stat().st_size


def test_nobody_else_on_the_machine_reads_what_is_kept(amina, place):
    stored = keep(amina)

    file = place / stored.file.name
    assert [oct(path.stat().st_mode & 0o777) for path in (file, file.parent, place)] == ["0o600", "0o700", "0o700"]


@pytest.mark.parametrize(
    ("kind", "size", "words"),
    [
        ("attachment", 31 * MB, "That file is 31 MB; the limit is 20 MB. Try a PDF, or link to it."),
        ("attachment", 20 * MB + 1, "That file is 20.1 MB; the limit is 20 MB. Try a PDF, or link to it."),
        ("photo", 14 * MB, "That picture is 14 MB; the limit is 10 MB. Save it smaller, or try another."),
    ],
)
def test_the_limit_is_said_in_words(amina, kept, kind, size, words):
    with pytest.raises(Refused) as refused:
        keep(amina, b"x" * size, kind=kind)

    assert str(refused.value) == words
    assert (kept(), StoredFile.objects.count()) == ([], 0)


def test_a_photo_is_a_picture(amina):
    with pytest.raises(Refused) as refused:
        keep(amina, office(), "me.jpg", kind="photo")

    assert str(refused.value) == "Choose a picture: a JPEG, PNG, WebP or GIF file."


def test_what_was_prepared_for_one_use_is_not_kept_for_another(amina):
    with pytest.raises(ValueError, match="prepared to be a file of the kind 'attachment', not 'photo'"):
        store(prepare(upload(picture()), kind="attachment"), owner=amina, kind="photo")


# How much one person may keep


def test_the_quota_is_said_in_words(amina, settings, kept):
    settings.FILE_QUOTA = 2 * MB
    keep(amina, b"x" * MB)

    with pytest.raises(Refused) as refused:
        keep(amina, b"x" * (MB + 1))

    assert str(refused.value) == (
        "That file is 1.1 MB, and your files already take 1 MB of your 2 MB. "
        "Remove one that you no longer need, or link to it."
    )
    assert len(kept()) == StoredFile.objects.count() == 1


def test_the_files_of_others_do_not_count(amina, settings):
    settings.FILE_QUOTA = 10
    keep(PersonFactory(), b"123456")

    keep(amina, b"123456")

    assert StoredFile.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_files_that_arrive_at_once_do_not_pass_the_quota_together(amina, settings, kept):
    settings.FILE_QUOTA = 25

    came = all_at_once([lambda: keep(amina, b"ten bytes.") for _ in range(6)])

    assert came == {"Refused": 4, "done": 2}
    assert len(kept()) == StoredFile.objects.count() == 2


# Whole or not at all


class FullDisk(FileSystemStorage):
    """Has room for the beginning of a file."""

    def _save(self, name, content):
        super()._save(name, upload(content.read(3)))
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Unreachable(FileSystemStorage):
    def _save(self, name, content):
        raise ConnectionError("no route")


def use(settings, backend):
    options = settings.STORAGES["files"]["OPTIONS"]
    settings.STORAGES = {**settings.STORAGES, "files": {"BACKEND": f"{__name__}.{backend}", "OPTIONS": options}}


@pytest.mark.parametrize(
    ("backend", "words"),
    [
        ("FullDisk", NO_ROOM),
        ("Unreachable", "The file could not be kept just now. Please try again in a few minutes."),
    ],
)
def test_a_full_disk_is_said_in_words_and_nothing_is_half_kept(amina, settings, kept, backend, words):
    whole = settings.STORAGES
    use(settings, backend)

    with pytest.raises(Refused) as refused:
        keep(amina)

    assert str(refused.value) == words
    assert (kept(), StoredFile.objects.count()) == ([], 0)

    settings.STORAGES = whole
    stored = keep(amina)
    assert kept() == [stored.file.name]


@pytest.mark.django_db(transaction=True)
def test_a_request_that_is_rolled_back_leaves_no_bytes(amina, kept):
    keep(amina)
    before = kept()

    def view(request):
        with transaction.atomic():
            keep(amina, picture())
            assert len(kept()) == 3
            transaction.set_rollback(True)
        return HttpResponse()

    FilesMiddleware(view)(RequestFactory().post("/"))

    assert kept() == before


@pytest.mark.django_db(transaction=True)
def test_a_request_that_ends_well_keeps_what_it_wrote(amina, kept):
    def view(request):
        keep(amina, picture())
        return HttpResponse()

    FilesMiddleware(view)(RequestFactory().post("/"))

    assert len(kept()) == 2


def grow_old(place):
    for path in place.rglob("*"):
        os.utime(path, (0, 0))


def test_bytes_without_a_row_are_swept_after_a_day(amina, place, kept):
    stored, lost = keep(amina, picture()), keep(amina, picture())
    grow_old(place)
    recent = keep(amina)
    StoredFile.objects.filter(pk__in=[lost.pk, recent.pk]).delete()
    (place / "notes.txt").write_text("Somebody put this here.")
    (place / "aa").mkdir(exist_ok=True)
    (place / "aa" / "other.txt").write_text("And this.")
    grow_old(place / "aa")

    tasks.forget_orphans()

    assert kept() == sorted([stored.file.name, stored.thumbnail.name, recent.file.name, "aa/other.txt", "notes.txt"])


def test_a_database_without_files_sweeps_nothing(amina, place, kept):
    keep(amina)
    StoredFile.objects.all().delete()
    grow_old(place)

    orphans.sweep(timezone.now() + timedelta(days=9))

    assert len(kept()) == 1


@pytest.mark.django_db(transaction=True)
def test_removing_a_file_deletes_its_bytes_once_that_is_certain(amina, kept):
    stored = keep(amina, picture())

    with transaction.atomic():
        remove(stored, by=amina)
        transaction.set_rollback(True)
    assert (len(kept()), StoredFile.objects.count()) == (2, 1)

    remove(stored, by=amina)
    assert (kept(), StoredFile.objects.count()) == ([], 0)


# Photos


@pytest.mark.django_db(transaction=True)
def test_a_new_photo_takes_the_place_of_the_old_one(amina, kept):
    make_photo(amina, "teal")

    new = make_photo(amina, "plum")

    amina.profile.refresh_from_db()
    assert amina.profile.photo == new.uuid
    assert kept() == [new.file.name, new.thumbnail.name]
    assert list(StoredFile.objects.photos()) == [new]


@pytest.mark.django_db(transaction=True)
def test_a_photo_that_is_refused_leaves_the_old_one(amina, kept):
    old = make_photo(amina)

    with pytest.raises(Refused):
        set_photo(amina, upload(b"words", "me.jpg"))

    amina.profile.refresh_from_db()
    assert amina.profile.photo == old.uuid
    assert kept() == [old.file.name, old.thumbnail.name]


@pytest.mark.django_db(transaction=True)
def test_a_photo_is_removed_once_and_again(amina, kept):
    make_photo(amina)

    remove_photo(amina)
    remove_photo(amina)

    amina.profile.refresh_from_db()
    assert (amina.profile.photo, kept(), StoredFile.objects.count()) == (None, [], 0)


@pytest.mark.django_db(transaction=True)
def test_photos_set_at_once_leave_one(amina, kept):
    came = all_at_once([lambda: make_photo(amina) for _ in range(4)])

    assert came == {"done": 4}
    assert (len(kept()), StoredFile.objects.count()) == (2, 1)


# Where files are kept


def test_a_bucket_is_named_by_its_address(tmp_path):
    place = place_for("s3://files-of-ours?region=eu-west-2&endpoint=https://store.example.org:9000", "s3", tmp_path)

    options = place.storage["OPTIONS"]
    assert (options["bucket_name"], options["region_name"]) == ("files-of-ours", "eu-west-2")
    assert options["endpoint_url"] == "https://store.example.org:9000"
    assert place.picture_sources == ["https://store.example.org:9000"]


def test_pictures_come_from_this_host_unless_a_bucket_serves_them(tmp_path):
    assert place_for("", "", tmp_path).picture_sources == []
    assert place_for("s3://ours?region=eu-west-2", "", tmp_path).picture_sources == []
    assert place_for("s3://ours?region=eu-west-2", "s3", tmp_path).picture_sources == [
        "https://ours.s3.eu-west-2.amazonaws.com"
    ]


@pytest.mark.parametrize(
    ("url", "served_by"),
    [
        ("", "apache"),
        ("", "s3"),
        ("s3://ours?region=eu-west-2", "nginx"),
        ("s3://ours", "django"),
        ("s3://?region=eu-west-2", "django"),
        ("s3://ours?region=eu-west-2&acl=public-read", "django"),
        ("/var/files", "django"),
    ],
)
def test_settings_that_do_not_go_together_stop_the_start(tmp_path, url, served_by):
    with pytest.raises(ImproperlyConfigured):
        place_for(url, served_by, tmp_path)
