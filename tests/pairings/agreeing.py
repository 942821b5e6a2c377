"""A programme's usual questions, and answers to them."""

from pairings.agreement import (
    answers_of,
    questions_of,
    suggested,
)
from programmes.models import AgreementOption, AgreementQuestion


def question(programme, text, kind="text", drives="", options=(), **fields):
    asked = AgreementQuestion.objects.create(programme=programme, text=text, kind=kind, drives=drives, **fields)
    for position, (label, value) in enumerate(options):
        AgreementOption.objects.create(question=asked, label=label, value=value, position=position)
    return asked


def ask_the_usual(programme):
    rhythm = [("monthly", 5), ("every 6–8 weeks", 8), ("when needed", None)]
    question(programme, "How often?", "one", "rhythm", rhythm, suggestion="every 6–8 weeks", position=1)
    question(
        programme,
        "Between meetings?",
        "several",
        options=[("email", None), ("comments here", None), ("phone", None)],
        suggestion="email\ncomments here",
        position=2,
    )
    chasing = [("yes", 2), ("gently, once", 1), ("no", 0)]
    question(programme, "Does your mentor chase you?", "one", "chasing", chasing, suggestion="no", position=3)
    question(programme, "What stays private?", suggestion="Everything, unless someone is at risk", position=4)


def answers(pair, **said):
    """What the form would give: the programme's suggestions, but for what is `said`, by the first word of the
    question."""
    questions = questions_of(pair.pairing.programme)
    given = suggested(questions) | {
        each.key: said[each.text.split()[0].lower()] for each in questions if each.text.split()[0].lower() in said
    }
    return answers_of(questions, given)
