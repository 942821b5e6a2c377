"""What comes with a message: five files at most, and a file that is refused takes no words with it."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from files import storage
from files.models import StoredFile
from files.types import Refused
from notifications.models import Notification
from pairings.actions import move_pairing, remove_file, send_message
from pairings.models import Message, MoveRefused
from tests.factories import make_picture

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def url(pair):
    return f"/pairings/{pair.pairing.slug}/messages/"


def picture(name="card.jpg"):
    content = BytesIO()
    Image.new("RGB", (640, 480), "teal").save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


def pdf(name="survey.pdf"):
    return SimpleUploadedFile(name, PDF, "application/pdf")


def test_files_stand_below_the_words_with_their_kind_and_size(pair, url, signed_in):
    signed_in(pair.mentor).post(url, {"body": "Look.", "files": [picture(), pdf()]})

    message = Message.objects.get()
    image, document = [each.file for each in message.files.all()]
    page = signed_in(pair.mentee).get(url).content.decode()
    place = f"{url}1/files/"
    assert f'href="{place}{image.uuid}/"' in page
    assert f'src="{place}{image.uuid}/thumbnail/"' in page
    assert f'href="{place}{document.uuid}/"' in page
    assert f"{document.uuid}/thumbnail/" not in page
    assert f"PDF, {document.size_in_words}" in page
    assert image.owner == document.owner == pair.mentor


def test_a_file_needs_no_words(pair, url, signed_in):
    assert signed_in(pair.mentor).post(url, {"body": "", "files": [picture()]}).status_code == 302
    assert Message.objects.get().files.count() == 1


@pytest.mark.parametrize(
    "files",
    [
        [SimpleUploadedFile("virus.exe", b"MZ\x90\x00" * 40)],
        [picture(f"{number}.jpg") for number in range(6)],
        [SimpleUploadedFile("card.jpg", b"\xff\xd8\xff\xe0 no picture at all")],
    ],
    ids=["a program", "six", "damaged"],
)
def test_a_file_that_is_refused_takes_no_words_with_it(pair, url, signed_in, files):
    for file in files:
        file.seek(0)

    response = signed_in(pair.mentor).post(url, {"body": "All my words.", "files": files})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["files"]
    assert "All my words.</textarea>" in response.content.decode()
    assert not Message.objects.exists()
    assert not StoredFile.objects.exists()


def test_over_ones_quota_the_words_are_kept_and_nothing_is_stored(pair, url, signed_in, settings):
    settings.FILE_QUOTA = 1_000

    response = signed_in(pair.mentor).post(url, {"body": "All my words.", "files": [pdf(), picture()]})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["files"]
    assert "All my words.</textarea>" in response.content.decode()
    assert not Message.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_second_click_stores_nothing_twice(pair, url, signed_in):
    browser, token = signed_in(pair.mentor), str(uuid4())

    for _click in range(2):
        browser.post(url, {"body": "Look.", "files": [pdf()], "once": token})

    assert Message.objects.count() == 1
    assert StoredFile.objects.count() == 1


def test_only_a_picture_has_a_small_copy(pair, url, signed_in):
    browser = signed_in(pair.mentor)
    browser.post(url, {"body": "Look.", "files": [pdf()]})
    stored = StoredFile.objects.get()

    assert browser.get(f"{url}1/files/{stored.uuid}/thumbnail/").status_code == 404
    assert browser.get(f"{url}1/files/{uuid4()}/").status_code == 404


def test_a_document_is_kept_by_the_browser_under_its_name(pair, url, signed_in):
    browser = signed_in(pair.mentor)
    browser.post(url, {"body": "Look.", "files": [pdf("Übersicht.pdf")]})

    response = browser.get(f"{url}1/files/{StoredFile.objects.get().uuid}/")

    assert response.getvalue() == PDF
    assert response["Content-Disposition"].startswith("attachment;")


# Removed


@pytest.fixture
def sent(pair, url):
    """A message of the mentor's with a picture: `pair` with `message`, `stored` and `removal`, an address."""
    pair.stored = make_picture(pair.mentor)
    pair.message = send_message(pair.pairing, by=pair.mentor, body="Look.", files=[pair.stored])
    pair.removal = f"{url}1/files/{pair.stored.uuid}/removal/"
    return pair


def test_ones_own_file_is_removed_for_both_and_its_bytes_go(sent, url, signed_in, django_capture_on_commit_callbacks):
    store, names = storage.private(), [sent.stored.file.name, sent.stored.thumbnail.name]
    browser = signed_in(sent.mentor)
    assert f'href="{sent.removal}"' in browser.get(url).content.decode()
    assert "“card.jpg” is deleted for good, for you and for Amina." in browser.get(sent.removal).content.decode()
    assert all(store.exists(name) for name in names)

    with django_capture_on_commit_callbacks(execute=True):
        places = [browser.post(sent.removal)["Location"] for _click in range(2)]

    assert places == [f"{url}#m-1"] * 2
    assert not StoredFile.objects.exists()
    assert not any(store.exists(name) for name in names)
    today = timezone.localdate()
    for person in (sent.mentor, sent.mentee):
        page = signed_in(person).get(url).content.decode()
        assert f"A file was removed on {today.day} {today:%B %Y}." in page
        assert "card.jpg" not in page
        assert sent.removal not in page
    assert signed_in(sent.mentee).get(f"{url}1/files/{sent.stored.uuid}/").status_code == 404
    assert Notification.objects.filter(event__kind="pairings.message").count() == 1


def test_what_was_removed_makes_room(sent, signed_in, settings):
    settings.FILE_QUOTA = sent.stored.size + 10
    with pytest.raises(Refused, match="Remove one that you no longer need"):
        make_picture(sent.mentor)

    signed_in(sent.mentor).post(sent.removal)

    assert make_picture(sent.mentor).size == sent.stored.size


def test_the_other_removes_nothing(sent, url, signed_in):
    browser = signed_in(sent.mentee)

    assert sent.removal not in browser.get(url).content.decode()
    assert [browser.get(sent.removal).status_code, browser.post(sent.removal).status_code] == [404, 404]
    with pytest.raises(MoveRefused):
        remove_file(sent.message.files.get(), by=sent.mentee)
    assert StoredFile.objects.get() == sent.stored


def test_after_the_end_files_stay(sent, url, signed_in):
    move_pairing(sent.pairing, "ended", by=sent.mentor)
    browser = signed_in(sent.mentor)

    assert sent.removal not in browser.get(url).content.decode()
    for answer in (browser.get(sent.removal, follow=True), browser.post(sent.removal, follow=True)):
        assert "so nothing was sent or changed." in answer.content.decode()
    assert StoredFile.objects.get() == sent.stored
