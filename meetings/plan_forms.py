"""A plan as a form: one or more fields for each question, by its kind."""

import re
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import LineField, LinesField
from accounts.site_form import SiteForm
from meetings.actions.planning import what_is_missing
from meetings.models import Question
from meetings.planning import Given

Kind = Question.Kind
LONGEST = 4000  # characters of one answer
RANKS = (gettext_lazy("First"), gettext_lazy("Second"), gettext_lazy("Third"))
MOST = 2**31 - 1
_NAMED = re.compile(r"q([0-9a-f]{32})(?:-.*)?")


@dataclass(frozen=True)
class Asked:
    """A question on the page: its `number` there, what to fill in (`fields`: several for what is ranked or ticked),
    what is `done` of its actions already, and the open questions (`ticks`) that stand beside it."""

    question: Question
    number: int
    fields: list
    done: list[str]
    ticks: list

    @property
    def field(self):
        return self.fields[0]


class PlanForm(SiteForm, forms.Form):
    """questions: as they are asked; given: {key: Given} to begin with; number: of the revision that it is based on, 0
    for none; actions: what the mentee has to do still (`Action`); unsettled: list of `planning.Unsettled`.

    What is half-written holds over what was shared.
    """

    once = True

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST)

    def __init__(self, *args, questions, given, number, actions, unsettled, draft=None, **kwargs):
        self._questions, self._before, self._actions, self._unsettled = questions, given, actions, unsettled
        self._done = {
            question.key: _done_before(given.get(question.key), actions)
            for question in questions
            if question.kind == Kind.ACTIONS
        }
        self._names = {}
        fields = {}
        for question in questions:
            made = self._fields_of(question, Given() if draft else given.get(question.key, Given()))
            self._names[question.key] = list(made)
            fields |= made
        self.draft_fields = tuple(fields)
        self.base_fields = fields | type(self).base_fields
        super().__init__(*args, draft=draft, **kwargs)
        self.initial = {"number": number} | self.initial

    @cached_property
    def asked(self) -> list[Asked]:
        """What the page shows, in order."""
        return [
            Asked(
                question=question,
                number=number,
                fields=[self[name] for name in self._names[question.key] if "-u" not in name],
                done=[words for _key, words, _is_done in self._done.get(question.key, [])],
                ticks=[self[name] for name in self._names[question.key] if "-u" in name],
            )
            for number, question in enumerate(self._questions, 1)
        ]

    @property
    def answers(self) -> dict:
        """{key of the question: Given}, of a valid form."""
        return {question.key: self._given(question) for question in self._questions}

    def look_again(self, number):
        """Its writer shared another revision meanwhile: to share this one is their decision."""
        self.data = self.data.copy()
        self.data["number"] = number

    def clean(self):
        cleaned = super().clean()
        answers = [(question, self._given(question)) for question in self._questions]
        for question, given in answers:
            if question.is_needed and not given and _name(question) not in self.errors:
                self.add_error(self._names[question.key][0], what_is_missing(question))
        if not self.errors and not any(given for _question, given in answers):
            self.add_error(None, _("Write one line before you share it."))
        return cleaned

    def _fields_of(self, question, given):
        name = _name(question)
        if question.kind == Kind.TEXT:
            return {name: _text(question, given)} | self._ticks(question, given)
        if question.kind == Kind.RANKED:
            return {f"{name}-{rank}": _rank(question, given, rank) for rank in range(len(RANKS))}
        if question.kind == Kind.ACTIONS:
            return {
                f"{name}-{action.key.hex}": forms.BooleanField(label=action.words, required=False)
                for action in self._actions
            }
        return {name: _choice(question, given)}

    def _ticks(self, question, given):
        """Open questions of the portfolio stand beside what the two may talk about."""
        first = next((each for each in self._questions if each.is_needed and each.kind == Kind.TEXT), None)
        if question is not first:
            return {}
        return {
            f"{_name(question)}-u{each.key}": forms.BooleanField(
                label=each.words, required=False, initial=each.words in given.chosen
            )
            for each in self._unsettled
        }

    def _given(self, question):
        name, data = _name(question), self.cleaned_data
        if question.kind == Kind.TEXT:
            ticked = [each.words for each in self._unsettled if data.get(f"{name}-u{each.key}")]
            return Given(words=data.get(name, ""), chosen=ticked)
        if question.kind == Kind.RANKED:
            said = [data.get(f"{name}-{rank}", "") for rank in range(len(RANKS))]
            return Given(chosen=list(dict.fromkeys(text for text in said if text)))
        if question.kind == Kind.ACTIONS:
            open_ = [[str(each.key), each.words, data.get(f"{name}-{each.key.hex}", False)] for each in self._actions]
            return Given(chosen=self._as_before(question, [*self._done[question.key], *open_]))
        chosen = data.get(name, "")
        if question.kind in Question.SCALES:
            return Given(scale=int(chosen) if chosen else None)
        return Given(chosen=[chosen] if chosen else [])

    def _as_before(self, question, lines):
        """In the order of the revision before: what only stands elsewhere would look changed. New ones come last."""
        before = self._before.get(question.key, Given()).chosen
        places = {key: place for place, (key, _words, _is_done) in enumerate(before)}
        return sorted(lines, key=lambda line: places.get(line[0], len(places)))


def keys_in(names) -> set[UUID]:
    """The keys of the questions that the fields with these names belong to."""
    return {UUID(found[1]) for name in names if (found := _NAMED.fullmatch(name))}


def _name(question):
    return f"q{question.key.hex}"


def _text(question, given):
    return LinesField(
        label=question.text, help_text=question.hint, rows=2, max_length=LONGEST, required=False, initial=given.words
    )


def _choice(question, given):
    """One of a scale, or of the words that are offered."""
    if question.kind in Question.SCALES:
        choices = [(str(each), str(each)) for each in range(1, Question.SCALES[question.kind] + 1)]
        initial = "" if given.scale is None else str(given.scale)
    else:
        # What was chosen before, and is no longer offered, may stay.
        choices = [(each, each) for each in dict.fromkeys([*question.choices, *given.chosen])]
        initial = given.chosen[0] if given.chosen else ""
    return forms.ChoiceField(
        label=question.text,
        help_text=question.hint,
        choices=choices,
        widget=forms.RadioSelect,
        required=False,
        initial=initial,
    )


def _rank(question, given, rank):
    """From the words that are offered, or in one's own where none are."""
    initial = given.chosen[rank] if rank < len(given.chosen) else ""
    common = {"label": RANKS[rank], "required": False, "initial": initial}
    if not question.choices:
        return LineField(max_length=200, **common)
    offered = dict.fromkeys([*question.choices, *given.chosen])
    return forms.ChoiceField(choices=[("", "–"), *((each, each) for each in offered)], **common)


def _done_before(given, actions):
    """What the revision before said is done, unless it was taken up again since."""
    open_ = {str(action.key) for action in actions}
    return [line for line in (given.chosen if given else []) if line[2] and line[0] not in open_]
