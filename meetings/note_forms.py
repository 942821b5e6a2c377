"""The note of a meeting as a form: the four parts or a few lines, who will do what, and a jotter of one's own."""

from django import forms
from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import LinesField
from accounts.site_form import SiteForm
from meetings.models import Action, NoteVersion
from meetings.note_words import LINE, OPTION, TEXTS, as_fields, from_fields, last_row
from pairings.notices import first_words

LONGEST = 10_000  # characters of one part
LONGEST_LINE = Action._meta.get_field("words").max_length
MOST = 2**31 - 1
# So many rows stand there at first, and so many more can be opened.
FIRST, MORE = 3, 5
_A_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
_GROW, _LINES = NoteVersion.Form.GROW, NoteVersion.Form.LINES


class RowField(LinesField):
    """One line that may be long: it is broken where it is written, and put together again."""

    def __init__(self, **kwargs):
        super().__init__(rows=1, max_length=LONGEST_LINE, required=False, **kwargs)

    def to_python(self, value):
        return " ".join(super().to_python(value).split())


class Row:
    """One option, or one Will line: its fields by name, `number` from 1, and whether anything stands in it."""

    def __init__(self, form, prefix, number, names):
        self.number = number
        for name in names:
            setattr(self, _attribute(name), form[f"{prefix}-{number}-{name}"])
        fields = [form[f"{prefix}-{number}-{name}"] for name in names if name not in ("key", "person")]
        self.is_filled = any(field.value() for field in fields)


class NoteForm(SiteForm, forms.Form):
    """`words`: of the version that it is based on (`note_words`), and its `number`, 0 for none; `people`: both;
    `scale`: `noting.Scale`, None where nobody is asked how confident they are; `day`: of the meeting, None while it has
    none."""

    once = True

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST)
    kind = forms.ChoiceField(
        choices=[
            (_GROW, gettext_lazy("Goal, Reality, Options, Will")),
            (_LINES, gettext_lazy("Just a few lines instead")),
        ],
        widget=forms.RadioSelect,
        label=gettext_lazy("How do you want to write it?"),
    )
    lines = LinesField(label=gettext_lazy("A few lines"), rows=6, max_length=LONGEST, required=False)
    goal = LinesField(label=gettext_lazy("Goal"), rows=5, max_length=LONGEST, required=False)
    reality = LinesField(label=gettext_lazy("Reality"), rows=5, max_length=LONGEST, required=False)
    will = LinesField(
        label=gettext_lazy("What could get in the way, and who can help?"),
        rows=2,
        max_length=LONGEST,
        required=False,
    )

    def __init__(self, data, *, words, number, people, scale, day, draft=None, **kwargs):
        # A draft is all that stood in the form: what its writer took out stays out.
        stands = draft.fields if draft else as_fields(words)
        self._day, self._people = day, people
        source = stands if data is None else data
        self.rows = {prefix: max(last_row(source, prefix), FIRST) + MORE for prefix in ("option", "will")}
        self.base_fields = self._asked(people, scale)
        self.draft_fields = tuple(self.base_fields)
        initial = {"kind": _GROW, "number": number} | ({} if draft else stands)
        super().__init__(data, draft=draft, initial=initial, **kwargs)
        for field in self.fields.values():
            field.says_optional = False

    @property
    def options(self):
        return self._rows("option", OPTION)

    @property
    def will_lines(self):
        return self._rows("will", LINE)

    @property
    def based_on(self):
        """The number of the version that the words in it are based on."""
        try:
            return int((self.data if self.is_bound else self.initial).get("number", 0))
        except (TypeError, ValueError):
            return 0

    @property
    def as_typed(self):
        """What stands in it now (`note_words`)."""
        return from_fields(self.data if self.is_bound else self.initial)

    @property
    def words(self):
        """What is to be saved, as `save_note` takes it."""
        said = self.cleaned_data
        return {
            "form": said["kind"],
            **{name: said[name] for name in TEXTS},
            "options": self._options,
            "will_do": self._lines,
            "confidence": said.get("confidence"),
        }

    def look_again(self, number):
        """Its writer is shown what the other sent meanwhile: to send once more is their decision."""
        if self.is_bound:
            self.data = self.data.copy()
            self.data["number"] = number
        else:
            self.initial["number"] = number

    def clean(self):
        said = super().clean()
        self._options = [row for n in self._numbers("option") if (row := self._option(n))]
        self._lines = [line for n in self._numbers("will") if (line := self._line(n))]
        four = any(said.get(name) for name in ("goal", "reality", "will")) or self._options
        is_short = said.get("kind") == _LINES
        if is_short and four:
            self.add_error("kind", _("You wrote in the four parts, too. Move that here, or choose the four parts."))
        elif not is_short and said.get("lines"):
            self.add_error("kind", _("You wrote a few lines, too. Move them, or choose “Just a few lines instead”."))
        elif not (four or said.get("lines") or self._lines or self.errors):
            self.add_error("lines" if is_short else "goal", _("Write a line about what you talked about"))
        return said

    def _asked(self, people, scale):
        """All fields in the order of the page: how many rows there are depends on what stands in them."""
        always = dict(type(self).base_fields)
        last = {"will": always.pop("will")}
        if scale:
            last["confidence"] = _confidence(scale)
        options = {
            f"option-{n}-{name}": RowField(label=label)
            for n in self._numbers("option")
            for name, label in _OPTION_LABELS.items()
        }
        lines = {
            f"will-{n}-{name}": field for n in self._numbers("will") for name, field in _line_fields(people).items()
        }
        return always | options | lines | last

    def _rows(self, prefix, names):
        return [Row(self, prefix, n, names) for n in self._numbers(prefix)]

    def _numbers(self, prefix):
        return range(1, self.rows[prefix] + 1)

    def _option(self, n):
        option = {name: self.cleaned_data.get(f"option-{n}-{name}", "") for name in OPTION}
        if not any(option.values()):
            return None
        if not option["what"] and f"option-{n}-what" not in self.errors:
            self.add_error(f"option-{n}-what", _("Name the option that this is for or against"))
        return option

    def _line(self, n):
        line = {name: self.cleaned_data.get(f"will-{n}-{name}") for name in LINE}
        is_taken_out = line["key"] and not line["what"]
        if is_taken_out or not any(line[name] for name in ("what", "by", "likely")):
            return None
        if not line["what"] and f"will-{n}-what" not in self.errors:
            self.add_error(f"will-{n}-what", _("Write what will be done, or leave the line empty"))
        elif not line["person"] and f"will-{n}-person" not in self.errors:
            self.add_error(f"will-{n}-person", _("Say who will do “%(what)s”.") % {"what": first_words(line["what"])})
        if line["by"] and self._day and line["by"] < self._day:
            words = {"what": first_words(line["what"] or "")}
            self.add_error(f"will-{n}-by", _("Choose a day after the meeting for “%(what)s”.") % words)
        return line | {
            "key": str(line["key"]) if line["key"] else None,
            "by": line["by"].isoformat() if line["by"] else None,
        }


class JotterForm(SiteForm, forms.Form):
    """`words`: what is kept there now, which the new ones are based on."""

    once = True
    draft_fields = ("words", "based_on")

    words = LinesField(label=gettext_lazy("Your jotter"), rows=5, max_length=LONGEST, required=False)
    based_on = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def __init__(self, data, *, words, draft=None, **kwargs):
        initial = {} if draft else {"words": words, "based_on": words}
        super().__init__(data, draft=draft, initial=initial, **kwargs)

    def clean_based_on(self):
        return self.cleaned_data["based_on"].replace("\r\n", "\n")

    def look_again(self, words):
        """As in a note, when other words stand there by now."""
        self.data = self.data.copy()
        self.data["based_on"] = words


class NumberForm(forms.Form):
    """Which version somebody was shown when they pressed a button, or asks for."""

    number = forms.IntegerField(min_value=1, max_value=MOST)


_OPTION_LABELS = {
    "what": gettext_lazy("What you could do"),
    "for": gettext_lazy("For it"),
    "against": gettext_lazy("Against it"),
}


def _line_fields(people):
    return {
        "key": forms.UUIDField(widget=forms.HiddenInput, required=False),
        "what": RowField(label=gettext_lazy("What")),
        "person": forms.TypedChoiceField(
            choices=[(person.pk, person.first_name) for person in people],
            widget=forms.RadioSelect,
            coerce=int,
            empty_value=None,
            required=False,
            label=gettext_lazy("Who"),
        ),
        "by": forms.DateField(
            widget=_A_DAY,
            required=False,
            label=gettext_lazy("By when"),
            error_messages={"invalid": gettext_lazy("Choose a day, like 31/01/2027")},
        ),
        "likely": forms.IntegerField(
            min_value=1,
            max_value=10,
            required=False,
            label=gettext_lazy("How likely, 1–10"),
            error_messages=dict.fromkeys(
                ("invalid", "min_value", "max_value"), gettext_lazy("Write how likely it is as a number from 1 to 10")
            ),
        ),
    }


def _confidence(scale):
    return forms.TypedChoiceField(
        choices=[("", gettext_lazy("No answer")), *((n, n) for n in range(1, scale.top + 1))],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        label=gettext_lazy("After the meeting"),
        help_text=format_lazy("{low} … {high}", low=lazystr(scale.low), high=lazystr(scale.high)),
    )


def _attribute(name):
    """What a template calls a field: “for” is a word of Python's."""
    return {"for": "pro", "against": "contra"}.get(name, name)
