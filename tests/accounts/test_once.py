"""A form has its effect once, however often it arrives; other words are another form."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils import timezone

from accounts.models import SentForm
from accounts.once import send_once
from accounts.site_form import SiteForm
from accounts.tasks import let_go_of_kept_words
from tests.at_once import all_at_once
from tests.factories import PersonFactory


class LetterForm(SiteForm, forms.Form):
    once = True

    words = forms.CharField(widget=forms.Textarea)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    file = forms.FileField(required=False)


class Post:
    """Counts its letters and gives each an address."""

    def __init__(self):
        self.sent = []

    def send(self, person, words, token, file=None, **more):
        form = LetterForm(query(words=words, once=token, **more), {"file": file} if file else {})
        assert form.is_valid()

        def act():
            self.sent.append(form.cleaned_data["words"])
            return f"/letters/{len(self.sent)}/"

        return send_once(person, form, act)


def query(**fields):
    data = QueryDict(mutable=True)
    data.update(fields)
    return data


@pytest.fixture
def post():
    return Post()


@pytest.fixture
def amina(db):
    return PersonFactory()


def test_the_same_form_again_does_nothing_and_leads_to_the_same_place(amina, post):
    token = str(uuid4())

    addresses = [post.send(amina, "Dear Ruth", token) for _ in range(3)]

    assert addresses == ["/letters/1/"] * 3
    assert post.sent == ["Dear Ruth"]


def test_other_words_with_the_same_token_are_not_lost(amina, post):
    token = str(uuid4())

    assert post.send(amina, "Dear Ruth", token) == "/letters/1/"
    assert post.send(amina, "Dear Ruth, one more thing", token) == "/letters/2/"
    assert post.send(amina, "Dear Ruth", token) == "/letters/1/"


def test_what_goes_with_the_words_does_not_make_another_form_but_a_button_does(amina, post):
    token = str(uuid4())

    post.send(amina, "Dear Ruth\r\n", token, seen="1", csrfmiddlewaretoken="a", written_by="b", draft_saves="1")
    post.send(amina, "Dear Ruth\n", token, seen="2", csrfmiddlewaretoken="c", written_by="d", draft_saves="2")
    assert len(post.sent) == 1

    post.send(amina, "Dear Ruth", token, finish="1")
    assert len(post.sent) == 2


def test_another_file_of_the_same_name_is_another_form(amina, post):
    token = str(uuid4())

    for content in (b"one", b"one", b"two"):
        post.send(amina, "See the file", token, file=SimpleUploadedFile("plan.pdf", content))

    assert len(post.sent) == 2


def test_the_token_of_somebody_else_means_nothing(amina, post):
    token = str(uuid4())

    post.send(amina, "Dear Ruth", token)
    post.send(PersonFactory(), "Dear Ruth", token)

    assert len(post.sent) == 2


@pytest.mark.parametrize("token", ["", "nonsense", "\0", "0" * 5000])
def test_a_form_without_a_proper_token_is_taken_as_often_as_it_comes(amina, post, token):
    for _ in range(2):
        post.send(amina, "Dear Ruth", token)

    assert len(post.sent) == 2


def test_what_was_refused_may_be_sent_again(amina, post):
    form = LetterForm(query(words="Dear Ruth", once=str(uuid4())))
    assert form.is_valid()

    def refuse():
        raise RuntimeError("not now")

    with pytest.raises(RuntimeError):
        send_once(amina, form, refuse)

    assert send_once(amina, form, lambda: "/letters/1/") == "/letters/1/"


@pytest.mark.django_db(transaction=True)
def test_twenty_at_the_same_moment_have_one_effect_and_one_address(transactional_db, post):
    person, token, addresses = PersonFactory(), str(uuid4()), []

    results = all_at_once([lambda: addresses.append(post.send(person, "Dear Ruth", token))] * 20)

    assert results == {"done": 20}
    assert post.sent == ["Dear Ruth"]
    assert addresses == ["/letters/1/"] * 20


def test_forms_are_remembered_for_a_month(amina, post):
    post.send(amina, "Dear Ruth", str(uuid4()))

    with time_machine.travel(timezone.now() + timedelta(days=29)):
        let_go_of_kept_words()
        assert SentForm.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        let_go_of_kept_words()
        assert SentForm.objects.count() == 0


def test_each_form_has_a_token_of_its_own_and_keeps_it_while_it_is_mended():
    first, second = LetterForm(), LetterForm()
    mended = LetterForm(query(words="", once=str(first.helper.once_token)))

    assert first.helper.once_token != second.helper.once_token
    assert mended.helper.once_token == first.helper.once_token
    assert not mended.is_valid()
    assert "once" not in mended.cleaned_data
