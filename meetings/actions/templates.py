"""Which questions a mentee is asked before a meeting."""

from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.actions.locking import lock_own
from meetings.models import PlanTemplate, Question
from meetings.starters import starters, template_of, template_of_programme
from pairings.models import MoveRefused, Pairing
from programmes.models import Programme

MOST = 12
_SAID = ("key", "text", "hint", "kind", "choices", "low", "high", "is_needed")


class QuestionsChanged(MoveRefused):
    """Somebody kept others meanwhile: nothing of them was overwritten. `number` is that of the latest version."""

    def __init__(self, number):
        super().__init__(_("These questions were changed a moment ago. Look at them, then save again to put yours."))
        self.number = number


@transaction.atomic
def keep_questions(scope, *, by, questions, expected_number, at=None) -> PlanTemplate:
    """The next version of what a programme asks, or of what a mentor asks in one pairing; `scope` is either. Plans that
    were written keep their questions. The very same questions are no new version.

    questions: `Question`s in their order, not saved. One whose answers are of another kind now is another question: it
    gets a key of its own. expected_number: of the version they are based on, 0 for none (in a pairing: for the
    programme's). Raises QuestionsChanged when another stands there by now, and MoveRefused for none or too many, after
    the end, and for anybody but the mentor or the programme's own team.
    """
    programme, pairing, now = _lock(scope, by)
    number = now.number if now.is_own or not pairing else 0
    if expected_number != number:
        raise QuestionsChanged(number)
    if not questions:
        raise MoveRefused(_("Keep at least one question."))
    if len(questions) > MOST:
        raise MoveRefused(_("Ask at most %(most)d questions: leave some out.") % {"most": MOST})
    kinds = {question.key: question.kind for question in now.questions}
    for question in questions:
        if kinds.get(question.key, question.kind) != question.kind:
            question.key = uuid4()
    if now.pk and _said(now.questions) == _said(questions):
        return PlanTemplate.objects.get(pk=now.pk)
    template = PlanTemplate.objects.create(
        programme=programme, pairing=pairing, number=number + 1, by=by, at=at or timezone.now()
    )
    return _with(template, questions)


@transaction.atomic
def keep_starters(programme, *, at) -> PlanTemplate:
    """The usual questions, as version 0 of a programme that never kept any: plans can point to them."""
    template, is_new = PlanTemplate.objects.get_or_create(
        programme=programme, pairing=None, number=0, defaults={"by": None, "at": at}
    )
    return _with(template, starters()) if is_new else template


def _lock(scope, by):
    """(programme, pairing or None, what is asked now); nobody else changes that until the end of the transaction."""
    if isinstance(scope, Pairing):
        pairing = lock_own(scope, by=by)
        if by.pk != pairing.mentor_id:
            raise MoveRefused(_("Your mentor chooses the questions. Ask them for the ones you’d like."))
        return pairing.programme, pairing, template_of(pairing)
    programme = Programme.objects.administered_by(by).filter(pk=scope.pk).first()
    if programme is None:
        raise MoveRefused(_("Only the programme’s own team can change its questions."))
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    return programme, None, template_of_programme(programme)


def _said(questions):
    return [tuple(getattr(question, name) for name in _SAID) for question in questions]


def _with(template, questions):
    for position, question in enumerate(questions, 1):
        question.pk = None
        question._state.adding = True
        question.template, question.position = template, position
    Question.objects.bulk_create(questions)
    return template
