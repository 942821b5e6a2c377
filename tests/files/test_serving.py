"""Whatever a file is, and whoever serves it: it is an attachment that no browser guesses about or runs."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import RequestFactory

from files.actions import store
from files.places import place_for
from files.serving import serve
from files.types import TYPES
from tests.factories import PersonFactory
from tests.files.making import compound, make_photo, office, open_document, picture, upload

pytestmark = pytest.mark.django_db

OOXML = "application/vnd.openxmlformats-officedocument"
SANDBOX = "sandbox; default-src 'none'"
FILES = {
    "notes.txt": b"Notes. " * 2_000 + b"<script>alert(1)</script>",
    "run.bat": b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
    "people.csv": b"=cmd|' /C calc'!A0",
    "cv.pdf": b"%PDF-1.7",
    "cv.docx": office(),
    "sheet.xlsx": office(f"{OOXML}.spreadsheetml.sheet.main+xml"),
    "slides.pptx": office(f"{OOXML}.presentationml.presentation.main+xml"),
    "cv.doc": compound(["WordDocument"]),
    "sheet.xls": compound(["Workbook"]),
    "slides.ppt": compound(["PowerPoint Document"]),
    "cv.odt": open_document("text"),
    "sheet.ods": open_document("spreadsheet"),
    "slides.odp": open_document("presentation"),
    "photo.jpg": picture(),
    "photo.png": picture(format="PNG"),
    "photo.webp": picture(format="WEBP"),
    "photo.gif": picture(format="GIF"),
}
WAYS = ["django", "nginx", "s3"]


@pytest.fixture
def keep(db, place):
    owner = PersonFactory()
    return lambda name, content=None: store(upload(content or FILES[name], name), owner=owner, kind="attachment")


@pytest.fixture
def served_by(settings, monkeypatch, tmp_path):
    """`served_by("s3")` makes that the way, once the files are kept."""

    def use(way):
        settings.FILES_SERVED_BY = way
        if way == "s3":
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a-key")
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret")
            bucket = place_for("s3://ours?region=eu-west-2&endpoint=https://store.example.org", "s3", tmp_path)
            settings.STORAGES = {**settings.STORAGES, "files": bucket.storage}

    return use


def told(response, name):
    """What the browser hears under this name, be it from us or from the bucket that it is sent to."""
    if response.status_code == 302:
        asked = parse_qs(urlsplit(response["Location"]).query)
        return asked[f"response-{name.lower()}"][0]
    return response[name]


def test_every_type_that_is_taken_is_tried_here(keep):
    pictures_too = {type.content_type for type in TYPES} - {"image/gif"}  # a GIF is kept as a PNG

    assert {keep(name).content_type for name in FILES} == pictures_too


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("inline", [False, True])
def test_what_is_no_picture_of_ours_is_always_an_attachment(keep, served_by, way, inline):
    names = [name for name in FILES if not name.startswith("photo")]
    kept = [keep(name) for name in names]
    served_by(way)

    for stored in kept:
        response = serve(stored, inline=inline)
        response.close()

        assert told(response, "Content-Disposition") == f'attachment; filename="{stored.name}"'
        assert told(response, "Content-Type") == stored.content_type
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == SANDBOX
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["photo.jpg", "photo.png", "photo.webp", "photo.gif"])
@pytest.mark.parametrize("thumbnail", [False, True])
def test_a_picture_made_anew_may_stand_in_a_page(keep, served_by, way, name, thumbnail):
    stored = keep(name)
    served_by(way)

    response = serve(stored, thumbnail=thumbnail, inline=True)
    response.close()

    assert told(response, "Content-Disposition") == "inline"
    assert told(response, "Content-Type") == ("image/jpeg" if thumbnail else stored.content_type)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == SANDBOX
    assert response["Cache-Control"] == "private, no-store"


def test_a_picture_is_an_attachment_unless_asked_for_otherwise(keep):
    response = serve(keep("photo.png"))
    response.close()

    assert response["Content-Disposition"] == 'attachment; filename="photo.png"'


def test_a_name_of_any_letters_travels_in_a_header(keep):
    stored = keep('Łukasz\r\nSet-Cookie: a=b"; filename=x.html', b"Notes.")

    response = serve(stored)
    response.close()

    disposition = response["Content-Disposition"]
    assert disposition == "attachment; filename*=utf-8''%C5%81ukaszSet-Cookie-%20a%3Db-%3B%20filename%3Dx.html.txt"
    assert "Set-Cookie" not in response


def test_by_django_the_bytes_are_the_very_same(keep):
    stored = keep("cv.docx")

    response = serve(stored)

    assert b"".join(response.streaming_content) == FILES["cv.docx"]
    assert response["Content-Length"] == str(stored.size)
    response.close()


def test_by_nginx_only_the_place_is_told(keep, served_by):
    stored = keep("photo.jpg")
    served_by("nginx")

    assert serve(stored)["X-Accel-Redirect"] == f"/internal/files/{stored.file.name}"
    assert serve(stored, thumbnail=True)["X-Accel-Redirect"] == f"/internal/files/{stored.thumbnail.name}"
    assert serve(stored).content == b""


def test_by_a_bucket_the_address_is_signed_and_short_lived(keep, served_by):
    stored = keep("cv.pdf")
    served_by("s3")

    address = urlsplit(serve(stored)["Location"])

    assert (address.scheme, address.netloc, address.path) == ("https", "store.example.org", f"/ours/{stored.file.name}")
    assert parse_qs(address.query)["X-Amz-Expires"] == ["60"]
    assert "X-Amz-Signature" in parse_qs(address.query)


def test_at_amazon_the_address_is_of_the_host_that_the_policy_names(keep, settings, monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a-key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret")
    stored = keep("photo.jpg")
    place = place_for("s3://ours?region=eu-west-2", "s3", tmp_path)
    settings.FILES_SERVED_BY, settings.STORAGES = "s3", {**settings.STORAGES, "files": place.storage}

    address = serve(stored, inline=True)["Location"]

    assert [address.startswith(f"{source}/") for source in place.picture_sources] == [True]


@pytest.mark.parametrize("way", WAYS)
def test_only_peoples_photos_are_kept_by_browsers(place, served_by, way):
    photo = make_photo(PersonFactory())
    served_by(way)

    response = serve(photo, inline=True)
    response.close()

    assert response["Cache-Control"] == ("private, max-age=30" if way == "s3" else "private, max-age=3600")
    assert ("ETag" in response) is (way != "s3")


def test_a_browser_that_has_a_photo_is_told_so(place):
    stored = make_photo(PersonFactory())
    response = serve(stored, inline=True, request=RequestFactory().get("/"))
    response.close()

    again = RequestFactory().get("/", headers={"If-None-Match": response["ETag"]})

    fresh = serve(stored, inline=True, request=again)
    assert (fresh.status_code, fresh.content, fresh["Cache-Control"]) == (304, b"", "private, max-age=3600")
    small = serve(stored, thumbnail=True, inline=True, request=again)
    small.close()
    assert small.status_code == 200
