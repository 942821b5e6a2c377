"""What mentees are asked before a meeting: the usual questions, until a programme or a mentor keeps others."""

from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Q, Subquery
from django.utils.translation import gettext as _

from meetings.models import PlanTemplate, Question

Kind = Question.Kind
# One question has one key wherever it is asked, so that its answers are one line over time.
TALK = UUID("7d6f0d2e-51a5-4c3b-9b7e-2f4f6f5a0003")
CONFIDENCE = UUID("7d6f0d2e-51a5-4c3b-9b7e-2f4f6f5a0005")
_KEY = "7d6f0d2e-51a5-4c3b-9b7e-2f4f6f5a00"


class Template(NamedTuple):
    """What is asked now. `number`: of the version, 0 for the usual questions; `is_own`: adapted for this one pairing;
    `pk`: of the PlanTemplate, None while it is not in the database."""

    pk: int | None
    number: int
    is_own: bool
    questions: list[Question]


def starters() -> list[Question]:
    """The usual questions, not saved."""
    asked = [
        _question("01", _("What’s gone well since we met?")),
        _question("02", _("What’s been hard?"), _("And where does it stand now?")),
        _question("03", _("What would you like to talk about?"), _("One line is enough."), is_needed=True),
        _question("04", _("What would make it a good hour?")),
        _question(
            "05",
            _("How confident do you feel?"),
            kind=Kind.SCALE_5,
            low=_("not yet"),
            high=_("very"),
        ),
        _question("06", _("From last time"), _("Tick what is done."), kind=Kind.ACTIONS),
    ]
    return _in_order(asked)


def more_questions() -> list[Question]:
    """Others that many pairs like, to add; not saved."""
    asked = [
        _question("11", _("What is the most significant thing since we met?")),
        _question("12", _("What is the hardest challenge, and where does it stand?")),
        _question("13", _("What do you want to focus on this time?"), _("Up to three, the first first."), Kind.RANKED),
        _question("14", _("What do you want from me?")),
        _question("15", _("Is there anything in your portfolio I should look at beforehand?")),
        _question("16", _("How is our partnership working?"), kind=Kind.SCALE_10, low=_("poorly"), high=_("very well")),
    ]
    return _in_order(asked)


def template_of(pairing) -> Template:
    """The pairing's own questions, else the programme's, else the usual ones. One statement."""
    kept = PlanTemplate.objects.filter(Q(pairing=pairing.pk) | Q(pairing=None), programme=pairing.programme_id)
    return _template(kept.order_by(F("pairing").asc(nulls_last=True), "-number")) or Template(
        None, 0, False, starters()
    )


def template_of_programme(programme) -> Template:
    """The programme's questions, else the usual ones. One statement."""
    kept = PlanTemplate.objects.filter(programme=programme.pk, pairing=None).order_by("-number")
    return _template(kept) or Template(None, 0, False, starters())


def also_asked(pairing, template, keys) -> list[Question]:
    """Of questions with these keys that are asked no more, the newest wording: what was written to them stays. One
    statement, none where all of them still are."""
    gone = set(keys) - {question.key for question in template.questions}
    if not gone:
        return []
    of_both = Q(template__pairing=pairing.pk) | Q(template__pairing=None)
    found = Question.objects.filter(of_both, template__programme=pairing.programme_id, key__in=gone)
    return list(found.order_by("key", "-template__at", "-pk").distinct("key"))


def _template(kept):
    asked = Question.objects.filter(template=Subquery(kept.values("pk")[:1])).select_related("template")
    questions = list(asked.order_by("position"))
    if not questions:
        return None
    template = questions[0].template
    return Template(template.pk, template.number, template.pairing_id is not None, questions)


def _question(number, text, hint="", kind=Kind.TEXT, **fields):
    return Question(key=UUID(f"{_KEY}{number}"), text=text, hint=hint, kind=kind, **fields)


def _in_order(questions):
    for position, question in enumerate(questions, 1):
        question.position = position
    return questions
