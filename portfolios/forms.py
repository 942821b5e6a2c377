import re
from datetime import UTC, datetime

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import ProseEditorWidget

from accounts.site_form import SiteForm
from portfolios.models import Comment, PageDraft
from portfolios.plaintext import from_plain, to_plain
from portfolios.richtext import clean, text, word_count
from programmes.models import Criterion

# Beyond these a database column or a reader's patience ends.
MOST = 2**31 - 1
LONGEST_PAGE = 25_000  # words
LONGEST_TEXT = 250_000  # characters, for what is not made of words

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "HardBreak": True,
    "HorizontalRule": True,
    "History": True,
    "NoSpellCheck": False,
}


class PageForm(SiteForm, forms.ModelForm):
    """The page editor. With JavaScript the words come as `body` (HTML), without it as `plain`.

    Its draft is the page's own (`PageDraft`), and so is the address that saves it.
    """

    form_tag = False
    draft_fields = ("title", "body", "criteria")
    submit_label = ""
    messages = {"title": _("Give the page a title.")}
    field_classes = {"body": "field-wide js-only", "plain": "field-wide no-js-only", "title": "field-wide"}

    body = ProseEditorFormField(
        label=_("Your words"),
        required=False,
        config={"extensions": EXTENSIONS},
        preset="configurable",
        sanitize=clean,
        widget=ProseEditorWidget(attrs={"rows": 18, "data-rich": ""}),
    )
    plain = forms.CharField(
        label=_("Your words"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_(
            "A blank line begins a new paragraph. A line that begins with “- ” is a point of a list, "
            "one that begins with “## ” a heading."
        ),
    )
    saves = forms.IntegerField(
        widget=forms.HiddenInput(attrs={"data-counter": "saves", "autocomplete": "off"}), min_value=0, max_value=MOST
    )
    criteria = forms.ModelMultipleChoiceField(
        label=_("Criteria it speaks to"),
        queryset=Criterion.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = PageDraft
        fields = ["title", "body", "plain", "criteria", "saves"]

    def __init__(self, *args, autosaves=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.autosaves = autosaves
        self.fields["title"].required = False
        self.fields["title"].says_optional = False
        # A draft may be empty; saying “optional” beside the heart of the page would be odd.
        self.fields["body"].says_optional = self.fields["plain"].says_optional = False
        self.fields["criteria"].queryset = Criterion.objects.filter(
            level=self.instance.page.portfolio.enrolment.level_id
        )
        self.initial["plain"] = to_plain(self.instance.body)

    def clean_title(self):
        """A title that is being written anew is no reason not to keep the words below it."""
        return self.cleaned_data["title"] or (self.instance.title if self.autosaves else "")

    def clean(self):
        data = super().clean()
        if "title" in data and not data["title"]:
            self.add_error("title", self.messages["title"])
        plain = data.get("plain", "").replace("\r\n", "\n")
        if "plain" in self.data and plain != self.initial["plain"]:
            # The box without JavaScript. Paragraphs that were left as they are keep their formatting.
            data["body"] = from_plain(plain, self.instance.body)
        self._check_length(data.get("body") or "")
        return data

    def _check_length(self, body):
        if len(text(body)) > LONGEST_TEXT:
            self.add_error("body", _("This page is too long to be kept. Make two pages of it."))
        elif (words := word_count(body)) > LONGEST_PAGE:
            too_long = _("This page has %(words)d words; the limit is %(limit)d. Make two pages of it.")
            self.add_error("body", too_long % {"words": words, "limit": LONGEST_PAGE})


class ShareForm(SiteForm, forms.Form):
    submit_label = _("Share update")

    saves = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=MOST)
    note = forms.CharField(
        label=_("What did you change?"),
        required=False,
        max_length=300,
        help_text=_("One line for whoever reads it."),
    )


class NewPageForm(SiteForm, forms.Form):
    """A page of any title. `criterion` is the number of one that it is to speak to."""

    once = True
    submit_label = _("Start writing")
    messages = {"title": _("Give the page a title.")}

    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("A few words, like “Leading the induction review”. You can change it later."),
    )
    criterion = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=MOST)


class RenameForm(SiteForm, forms.Form):
    messages = {"title": _("Give the page a title.")}

    title = forms.CharField(label=_("Title"), max_length=200)


class MoveForm(forms.Form):
    """Where a page is to go, from 1; beyond the ends means to the end."""

    place = forms.IntegerField(min_value=0, max_value=MOST)


class _KeysField(forms.Field):
    """The keys of several things; what is none is left out."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value):
        return [int(key) for key in value or [] if re.fullmatch(r"[0-9]{1,18}", key)]


class OrderForm(forms.Form):
    order = _KeysField()


class _WhenShown(forms.DateTimeField):
    """When a page was shown to its reader. The years in which a database cannot count are refused."""

    widget = forms.HiddenInput
    default_validators = [MinValueValidator(datetime(2000, 1, 1, tzinfo=UTC))]


class PlaceForm(forms.Form):
    """Which words of which version somebody chose, by the numbers in an address."""

    version = forms.IntegerField(min_value=1, max_value=MOST)
    start = forms.IntegerField(min_value=0, max_value=MOST)
    end = forms.IntegerField(min_value=1, max_value=MOST)


class ReplyForm(SiteForm, forms.Form):
    """A reply in a thread. `seen_until` and `shown` say how far its writer has read."""

    form_tag = False
    once = True
    draft_fields = ("body",)
    submit_label = _("Send reply")
    messages = {"body": _("Write your reply first.")}

    body = forms.CharField(label=_("Your reply"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 3}))
    seen_until = _WhenShown(required=False)
    shown = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=MOST)


class CommentForm(ReplyForm):
    """A comment on the page or on words of it. `quote`: the words that other wording may be suggested for, if any."""

    draft_fields = ("kind", "body", "suggestion")
    submit_label = _("Send comment")
    messages = {"body": _("Write your comment first.")}
    field_order = ["kind", "body", "suggestion"]

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=Comment.Kind.choices,
        initial=Comment.Kind.QUESTION,
        widget=forms.RadioSelect,
    )
    body = forms.CharField(label=_("Your comment"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 4}))
    suggestion = forms.CharField(
        label=_("Suggest other wording"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Change the words as you would put them. Leave them as they are if you have no suggestion."),
    )

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    start = forms.IntegerField(widget=forms.HiddenInput, required=False)
    end = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, quote="", **kwargs):
        super().__init__(*args, **kwargs)
        self.quote = quote
        if quote:
            self.initial.setdefault("suggestion", quote)
            self.fields["body"].required = False
            self.fields["body"].says_optional = False
        else:
            del self.fields["suggestion"]

    def clean_suggestion(self):
        """One line, since it takes the place of words within a paragraph; the quoted words again are no suggestion."""
        suggested = " ".join(self.cleaned_data["suggestion"].split())
        return "" if suggested == " ".join(self.quote.split()) else suggested

    def clean(self):
        data = super().clean()
        if "body" in data and not data["body"]:
            if not data.get("suggestion"):
                self.add_error("body", self.messages["body"])
            # Other wording alone asks nothing.
            data["kind"] = Comment.Kind.IDEA
        return data


class WordingForm(SiteForm, forms.Form):
    """One's own comment, put in other words."""

    form_tag = False
    once = True
    draft_fields = ("body", "suggestion")
    submit_label = _("Save")
    messages = {"body": _("Write your comment first."), "suggestion": _("Write the words that you suggest.")}

    body = forms.CharField(label=_("Your comment"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 4}))
    suggestion = forms.CharField(
        label=_("Suggested wording"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    changes = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=MOST)

    def __init__(self, *args, comment, **kwargs):
        super().__init__(*args, **kwargs)
        self.comment = comment
        now = {"body": comment.body, "suggestion": comment.suggestion, "changes": comment.earlier_wordings.count()}
        self.initial = now | self.initial
        if comment.suggestion:
            self.fields["body"].required = False
        else:
            del self.fields["suggestion"]

    def clean_suggestion(self):
        return " ".join(self.cleaned_data["suggestion"].split())

    def look_again(self):
        """Its writer is shown how the comment reads now: to save once more is their decision."""
        self.data = self.data.copy()
        self.data["changes"] = self.comment.earlier_wordings.count()


class ReadingForm(forms.Form):
    seen_until = _WhenShown()
    shown = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=MOST)


class BeforeForm(forms.Form):
    """From which number on a list of versions goes back."""

    before = forms.IntegerField(required=False, min_value=1, max_value=MOST)
