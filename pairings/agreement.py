"""What a programme asks of its pairs, what they answer, and what changed. Pure, but for `questions_of`."""

import calendar
import re
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum

from programmes.models import AgreementQuestion

Kind, Drives = AgreementQuestion.Kind, AgreementQuestion.Drives
# Words, marks and the spaces between them.
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_ALIKE = 0.6  # of the pieces; below, marking word by word is harder to read than both answers are


@dataclass(frozen=True)
class Question:
    """A question as it is asked now. `options`: (label, value) of a choice; `suggestion`: the answer to begin with, a
    list of texts as in `Agreement.answers`."""

    key: int
    text: str
    hint: str
    kind: str
    drives: str
    options: tuple[tuple[str, int | None], ...]
    suggestion: tuple[str, ...]

    @property
    def labels(self):
        return [label for label, _value in self.options]


class Piece(StrEnum):
    SAME = "same"
    GONE = "gone"
    ADDED = "added"


@dataclass(frozen=True)
class Line:
    """A question with its answer `now` and `before`, each a text ("" where there is none)."""

    text: str
    before: str
    now: str

    @property
    def is_changed(self):
        return self.before != self.now

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """The two answers as one text: (Piece, words). Where few words stayed, the old answer and then the new one."""
        old, new = _WORDS.findall(self.before), _WORDS.findall(self.now)
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        if matcher.ratio() < _ALIKE:
            return [piece for piece in ((Piece.GONE, self.before), (Piece.ADDED, self.now)) if piece[1]]
        found = []
        for what, i, j, k, end in matcher.get_opcodes():
            if what == "equal":
                found.append((Piece.SAME, "".join(new[k:end])))
            else:
                found += [(Piece.GONE, "".join(old[i:j])), (Piece.ADDED, "".join(new[k:end]))]
        return [piece for piece in found if piece[1]]


def questions_of(programme) -> list[Question]:
    """What the programme asks now, in its order. Two statements."""
    asked = programme.agreement_questions.filter(retired_at=None).prefetch_related("options")
    return [_question(row) for row in asked]


def answers_of(questions, given) -> list[dict]:
    """`Agreement.answers` from what a form gave: {key: a text, or a list of texts}."""
    return [
        {"question": question.key, "text": question.text, "answer": _as_list(given.get(question.key))}
        for question in questions
    ]


def given_in(answers) -> dict[int, list[str]]:
    """{key of the question: texts} of `Agreement.answers`."""
    return {each["question"]: each["answer"] for each in answers}


def suggested(questions) -> dict[int, list[str]]:
    """The answers to begin with."""
    return {question.key: list(question.suggestion) for question in questions}


def drives_of(questions, answers) -> dict:
    """What the answers decide: {"rhythm": weeks, "chasing": 0–2}; None for what they leave open."""
    given, decided = given_in(answers), {Drives.RHYTHM.value: None, Drives.CHASING.value: None}
    for question in questions:
        if question.drives in decided:
            values = dict(question.options)
            decided[question.drives] = next(
                (values[text] for text in given.get(question.key, ()) if text in values), None
            )
    return decided


def lines(answers, before=()) -> list[Line]:
    """Each question with its answer now and in the answers `before`, in the order of now; what is no longer asked comes
    last."""
    old = {each["question"]: each for each in before}
    found = [Line(each["text"], in_words(old.pop(each["question"], None)), in_words(each)) for each in answers]
    return found + [Line(each["text"], in_words(each), "") for each in old.values()]


def looked_at_before(revisions, person, *, is_mentor):
    """The newest revision but the last (an `Agreement`) that the person, by key, wrote or ticked; None without one."""
    ticked = "mentor_agreed_at" if is_mentor else "mentee_agreed_at"
    known = [each for each in revisions[:-1] if each.by_id == person or getattr(each, ticked)]
    return known[-1] if known else None


def in_words(answer) -> str:
    """An entry of `Agreement.answers` as one text; "" for None."""
    return ", ".join(answer["answer"]) if answer else ""


def months_before(moment: datetime, months: int) -> datetime:
    """The same day so many months before; the last day of a shorter month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def _question(row):
    options = tuple((option.label, option.value) for option in row.options.all())
    labels = {label for label, _value in options}
    lines = [line.strip() for line in row.suggestion.splitlines() if line.strip()]
    if row.kind == Kind.TEXT:
        suggestion = [row.suggestion.strip()] if lines else []
    else:
        suggestion = [line for line in lines if line in labels]
    if row.kind == Kind.ONE:
        suggestion = suggestion[:1]
    return Question(row.pk, row.text, row.hint, row.kind, row.drives, options, tuple(suggestion))


def _as_list(given):
    texts = [given] if isinstance(given, str) else given or []
    return [text for text in texts if text]
