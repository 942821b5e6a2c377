"""Files in forms: refused beside their field, and never held beyond what could be kept."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils.datastructures import MultiValueDict

import mentoring.urls
from files import uploads
from files.fields import UploadField
from files.sizes import MB
from tests.files.making import picture


class OneForm(forms.Form):
    file = UploadField(kind="attachment")


class ManyForm(forms.Form):
    files = UploadField(kind="attachment", multiple=True, most=2, required=False)


def form_with(form_class, *contents):
    (name,) = form_class.base_fields
    files = [SimpleUploadedFile(f"{number}.txt", content) for number, content in enumerate(contents)]
    return form_class({}, MultiValueDict({name: files}))


def test_one_file_is_prepared():
    form = form_with(OneForm, b"Notes.")

    assert form.is_valid()
    assert (form.cleaned_data["file"].name, form.cleaned_data["file"].size) == ("0.txt", 6)


def test_a_file_that_must_be_there_is_asked_for():
    assert form_with(OneForm).errors == {"file": ["This field is required."]}


def test_several_files_are_prepared():
    form = form_with(ManyForm, b"Notes.", picture())

    assert form.is_valid()
    assert [file.name for file in form.cleaned_data["files"]] == ["0.txt", "1.jpg"]


def test_no_file_is_an_empty_list():
    form = form_with(ManyForm)

    assert form.is_valid()
    assert form.cleaned_data["files"] == []


def test_too_many_files_are_refused():
    assert form_with(ManyForm, b"1", b"2", b"3").errors == {"files": ["Choose at most 2 files at a time."]}


def test_a_second_file_for_one_place_is_refused():
    assert form_with(OneForm, b"1", b"2").errors == {"file": ["Choose one file."]}


def test_what_is_refused_is_said_beside_the_field():
    assert form_with(OneForm, b"").errors == {"file": ["That file is empty. Choose another one."]}


def test_of_several_files_the_refused_one_is_named():
    words = "1.txt: Web pages and drawings in code (HTML, SVG) can’t be added. Save it as a PDF or a picture."

    assert form_with(ManyForm, b"Notes.", b"<svg>").errors == {"files": [words]}


def test_the_browser_is_told_what_may_be_chosen():
    html = str(OneForm()["file"])

    assert 'accept=".jpg,.jpeg,.jpe,.jfif,.png,.webp,.gif,.pdf,.docx' in html
    assert "heic" not in html
    assert "multiple" not in html
    assert " multiple" in str(ManyForm()["files"])


def test_the_limit_stands_in_the_hint():
    assert str(OneForm()["file"].help_text) == "A PDF, a document, a picture or text, up to 20 MB."
    assert str(ManyForm()["files"].help_text) == (
        "Up to 2 at a time: PDFs, documents, pictures or text, up to 20 MB each."
    )


# What arrives at a real address


def receive(request):
    form = ManyForm(request.POST, request.FILES)
    held = [upload.file.seek(0, 2) for upload in request.FILES.getlist("files")]
    return HttpResponse(f"{held} {form.errors.get('files', ['fine'])[0]} {request.POST.get('words')}")


receive.login_required = False
urlpatterns = [*mentoring.urls.urlpatterns, path("receive/", receive)]


@pytest.fixture
def send(db):
    def post(*contents):
        files = [SimpleUploadedFile(f"{number}.txt", content) for number, content in enumerate(contents)]
        with override_settings(ROOT_URLCONF=__name__):
            return Client().post("/receive/", {"files": files, "words": "Dear Ruth"}).content.decode()

    return post


def test_a_file_arrives_whole(send):
    assert send(b"x" * 3 * MB, b"y") == f"[{3 * MB}, 1] fine Dear Ruth"


def test_of_a_file_beyond_every_limit_nothing_is_held_and_its_size_is_said(send):
    words = "That file is 31 MB; the limit is 20 MB. Try a PDF, or link to it."

    assert send(b"x" * 31 * MB) == f"[0] {words} Dear Ruth"


def test_too_much_at_once_is_not_held(send, settings):
    settings.FILE_LIMITS = {"attachment": 10, "photo": 10}

    assert uploads.MOST_AT_ONCE == 5
    assert send(*[b"ten bytes."] * 6) == "[10, 10, 10, 10, 10, 0] Choose at most 2 files at a time. Dear Ruth"


@pytest.mark.parametrize("size", [3 * MB, 2 * MB])
def test_a_disk_that_is_full_while_a_file_arrives_is_said_in_words(send, settings, size):
    settings.FILE_UPLOAD_TEMP_DIR = "/nowhere/at/all"

    answer = send(b"x" * size)

    no_room = "There is no room for files just now, and it isn’t your fault. Please tell the programme team."
    assert answer == (f"[0] {no_room} Dear Ruth" if size > 2.5 * MB else f"[{size}] fine Dear Ruth")
