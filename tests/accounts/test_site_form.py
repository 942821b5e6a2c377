"""What a form carries besides its fields, so that nothing that is written in it is lost."""

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from lxml import html

from accounts import drafts
from accounts.rescue import signature
from accounts.site_form import SiteForm
from tests.factories import PersonFactory

KEY = "page-45-reply-77"


class LetterForm(SiteForm, forms.Form):
    draft_fields = ("body",)
    once = True

    subject = forms.CharField(initial="Hello")
    body = forms.CharField(widget=forms.Textarea)


class TaglessForm(LetterForm):
    form_tag = False


@pytest.fixture
def amina(db):
    return PersonFactory()


def shown(form, user=None):
    """The form as a page shows it."""
    page = Template("{% load crispy_forms_tags %}<div>{% crispy form %}</div>")
    return html.fromstring(page.render(Context({"form": form, "user": user, "csrf_token": "token"})))


def hidden(tree):
    return {field.name: field.value for field in tree.xpath(".//input[@type='hidden']")}


def test_a_form_without_a_key_says_nothing_of_drafts(amina):
    tree = shown(LetterForm())

    assert tree.find("form").get("data-keep") is None
    assert set(hidden(tree)) == {"csrfmiddlewaretoken", "once"}
    assert LetterForm().keep_attrs == ""


def test_a_form_with_a_key_says_where_it_is_kept_and_which_field(amina):
    tree = shown(LetterForm(draft_key=KEY))

    assert tree.find("form").get("data-keep") == f"/drafts/{KEY}/"
    assert tree.find("form").get("data-keep-key") == KEY
    assert [field.name for field in tree.xpath("//*[@data-kept]")] == ["body"]
    assert hidden(tree)["draft_saves"] == "0"
    assert len(tree.xpath("//*[@data-line and @hidden]")) == 1


def test_a_template_that_writes_the_tag_itself_gets_the_same_attributes(amina):
    form = TaglessForm(draft_key=KEY, prefix="reply-77")

    assert form.keep_attrs == f' data-keep="/drafts/{KEY}/" data-keep-key="{KEY}"'
    assert [(field.name, field.get("data-kept")) for field in shown(form).xpath("//*[@data-kept]")] == [
        ("reply-77-body", "body")
    ]


def test_a_form_begins_with_the_words_of_its_draft_and_its_counter(amina):
    drafts.keep(amina, KEY, fields={"body": "<Who> did you", "subject": "not a kept field"}, saves=0)
    draft = drafts.drafts_of(amina, [KEY])[KEY]

    tree = shown(LetterForm(draft=draft, draft_key=KEY, initial={"subject": "Mine"}))

    assert tree.xpath("//textarea")[0].text.strip() == "<Who> did you"
    assert tree.xpath("//input[@name='subject']/@value") == ["Mine"]
    assert hidden(tree)["draft_saves"] == "1"
    assert tree.xpath("//*[@class='saved']/@data-state") == ["saved"]


def test_a_form_that_comes_back_for_mending_has_unsaved_words_and_the_counter_that_came(amina):
    data = QueryDict("body=Words&draft_saves=7&once=nonsense")
    form = LetterForm(data, draft_key=KEY)
    tree = shown(form)

    assert not form.is_valid()
    assert "data-unsaved" in tree.find("form").attrib
    assert hidden(tree)["draft_saves"] == "7"
    assert len(hidden(tree)["once"]) == 36
    assert form.cleaned_data == {"body": "Words"}


def test_a_form_says_who_wrote_it_in_a_way_that_nobody_can_make_up(amina):
    tree = shown(LetterForm(), user=amina)

    assert hidden(tree)["written_by"] == signature(amina)
    assert hidden(tree)["written_by"].startswith(f"{amina.pk}:")
